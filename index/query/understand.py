"""From the tree of a query to a plan: forms of words, synonyms and codes are looked up, and said in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Protocol

from casereviews.index.analysis import BEGINNING, BEGINNING_LENGTH, kin, raw_words, words
from casereviews.index.errors import QueryError
from casereviews.index.fields import ALL, BY_NAME, UNKNOWN
from casereviews.index.query import grammar, plan, synonyms
from casereviews.index.query.filters import filter_nodes
from casereviews.index.query.plain import Said, parts_of, plain_items, said_in
from casereviews.index.query.plan import Anything, Plan
from casereviews.index.query.values import BadValue, matching, named
from casereviews.index.storage.columns import Column
from casereviews.repository.fields import MARK
from casereviews.repository.vocabulary import PACKAGED, Vocabulary

# What the words of a phrase count for beside the phrase, and the field's words beside what was typed (benchmarks/relevance.py).
APART, LAY = 0.5, 0.8
HIDDEN_SCOPES = ("adult", "not_a_review")
UK_WIDE = "UK-wide"
FACETS = frozenset(
    field.query for field in BY_NAME.values() if field.kind == "text" and field.facet
)


class Lexicon(Protocol):
    """What the index knows of its words and columns."""

    def forms(self, family: str) -> Sequence[str]: ...

    def beginning(self, prefix: str) -> Sequence[str]: ...

    def like(self, word: str, distance: int) -> Sequence[str]: ...

    def column(self, name: str) -> Column: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that was said plainly: as typed, the plan of what has it, and what makes its score.

    `known` says that it is a phrase of the vocabulary or what people say for words of the field, which `field` has.
    """

    typed: str
    found: plan.Plan
    leaves: tuple[tuple[plan.Plan, float], ...]
    field: tuple[str, ...] = ()
    known: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """A plan, the words that say it, and the words of which the index has no form.

    Of words typed plainly `asked` has each thing that was said, and `within` what limits them (filters, scope).
    """

    plan: plan.Plan
    text: str
    missing: tuple[str, ...]
    asked: tuple[Asked, ...] = ()
    within: Plan = field(default_factory=Anything)


def understand(
    query: str,
    lexicon: Lexicon,
    *,
    filters: Mapping[str, Sequence[str]],
    exact: bool = False,
    all_words: bool = False,
    vocabulary: Vocabulary = PACKAGED,
) -> Understood:
    """Looks up everything a query and its filters name. Raises QueryError.

    Values of one filter are alternatives, different filters must all hold. Adult reviews are left out unless the
    query or a filter names `scope`; where it names `mark`, those that somebody marked are not.
    Words typed plainly are read as `casereviews.index.query.plain` says, unless they are to be taken one by one, `exact` or `all_words`.
    """
    tree = grammar.parse(query)
    asked = filter_nodes(filters)
    nation = _nation([tree, *asked], vocabulary)
    reader = _Reader(query, lexicon, exact, nation, vocabulary)
    plainly = () if exact or all_words else plain_items(query, tree)
    said: tuple[Asked, ...] = ()
    read: list[tuple[plan.Plan, str]] = []
    left_out = ""
    if plainly:
        said, worded, left_out = reader.plainly(plainly)
        every = tuple(one.found for one in said)
        read.append((every[0] if len(every) == 1 else plan.Every(every), worded))
    nodes = [node for node in (tree, *asked) if not isinstance(node, grammar.Everything)]
    read.extend((reader.read(node), reader.said(node)) for node in nodes[bool(plainly) :])
    text = " AND ".join(one for _, one in read) or "everything"
    plans = [each for each, _ in read]
    if not reader.scoped:
        hidden = lexicon.column("scope")
        shown: plan.Plan = plan.Having(
            "scope",
            frozenset(
                at for at, each in enumerate(hidden.values) if not set(each) & set(HIDDEN_SCOPES)
            ),
        )
        but = ""
        if reader.marked:
            shown = plan.Either((shown, reader.marked))
            but = " unless marked"
        plans.append(shown)
        text += f"; adult reviews hidden{but} (scope:all shows them)"
    if left_out:
        text += f"; not looked for: {left_out}"
    within = plan.Every(tuple(plans[1:])) if plainly else plan.Anything()
    whole = plans[0] if len(plans) == 1 else plan.Every(tuple(plans))
    return Understood(whole, text, tuple(dict.fromkeys(reader.missing)), said, within)


def _nation(nodes: Sequence[grammar.Node], vocabulary: Vocabulary) -> str | None:
    """The nation the whole search is limited to, which chooses between readings of an abbreviation."""
    for node in nodes:
        if isinstance(node, grammar.Value) and node.field == "nation":
            nation = named(BY_NAME["nation"], node.text, vocabulary)
            return None if nation == UK_WIDE else nation
        if isinstance(node, grammar.All) and (found := _nation(node.items, vocabulary)):
            return found
    return None


class _Reader:
    """Reads nodes into plans; remembers whether scope was named and which words have no form in the index."""

    def __init__(
        self,
        query: str,
        lexicon: Lexicon,
        exact: bool,
        nation: str | None,
        vocabulary: Vocabulary,
    ) -> None:
        self.query = query
        self.lexicon = lexicon
        self.exact = exact
        self.nation = nation
        self.vocabulary = vocabulary
        self.scoped = False
        self.marked: plan.Having | None = None
        self._marks: list[tuple[str, ...]] | None = None
        self.missing: list[str] = []
        self.zone: str | None = None
        self._said: dict[int, str] = {}

    def said(self, node: grammar.Node) -> str:
        return self._said[id(node)]

    def read(self, node: grammar.Node) -> plan.Plan:
        """The plan of a node; what it means in words is kept for `said`."""
        found, text = self._read(node)
        self._said[id(node)] = text
        return found

    def _read(self, node: grammar.Node) -> tuple[plan.Plan, str]:
        match node:
            case grammar.Word() | grammar.Joined():
                return self._run((node,))
            case grammar.Run(items=items):
                return self._run(items)
            case grammar.Phrase(parts=parts):
                return self._phrase(parts)
            case grammar.Prefix(text=text):
                return self._beginning(text), f"{text}*"
            case grammar.Fuzzy(text=text, distance=distance):
                forms = tuple(self.lexicon.like(text, distance))
                near = ", ".join(form for form in forms if form != text)
                return plan.Terms(forms), f"{text}~{distance}" + (f" ({near})" if near else "")
            case grammar.Value():
                return self._value(node)
            case grammar.Inside():
                return self._inside(node)
            case grammar.Near(items=items, distance=distance):
                near_plan = plan.NearBy(tuple(self.read(item) for item in items), distance)
                return near_plan, f" NEAR/{distance} ".join(self.said(item) for item in items)
            case grammar.Not(item=item):
                without = plan.Without(self.read(item))
                return without, f"NOT {_bracketed(self.said(item))}"
            case grammar.All(items=items):
                plans = tuple(self.read(item) for item in items)
                return plan.Every(plans), self._joined(items, " AND ")
            case grammar.Any(items=items):
                plans = tuple(self.read(item) for item in items)
                if len(plans) == 1:
                    return plans[0], self.said(items[0])
                return plan.Either(plans), "(" + self._joined(items, " OR ") + ")"
            case grammar.Everything():
                return plan.Anything(), "*"
        raise AssertionError(node)

    def _joined(self, items: Sequence[grammar.Node], word: str) -> str:
        return word.join(self.said(item) for item in items)

    # ---------------------------------------------------------- words

    def _beginning(self, text: str) -> plan.Terms:
        """All words that begin so; for short beginnings with the terms that sum them up."""
        forms = tuple(self.lexicon.beginning(text))
        if len(text) > BEGINNING_LENGTH:
            return plan.Terms(forms)
        long = {
            BEGINNING + form[:BEGINNING_LENGTH] for form in forms if len(form) >= BEGINNING_LENGTH
        }
        short = {form for form in forms if len(form) < BEGINNING_LENGTH}
        return plan.Terms(forms, tuple(sorted(long | short)))

    def _exactly(self, word: str) -> plan.Terms:
        if word not in self.lexicon.forms(kin(word)):
            self.missing.append(word)
        return plan.Terms((word,))

    def _spelt(self, word: str) -> plan.Plan:
        """A word in its forms; `A&E` is also `A & E`."""
        parts = word.split("&")
        if len(parts) == 1:
            return self._family(word)
        apart = plan.Sequence(tuple(plan.Terms((part,)) for part in parts))
        return plan.Either((self._family(word), apart), equivalents=True)

    def _family(self, word: str) -> plan.Terms:
        return plan.Terms(tuple(self.lexicon.forms(kin(word))))

    def _single(self, node: grammar.Word | grammar.Joined) -> plan.Plan:
        """A bare word in all its forms, or the parts of a hyphenated one side by side (or as one word)."""
        if isinstance(node, grammar.Joined):
            if self.exact:
                return plan.Sequence(tuple(self._exactly(part) for part in node.parts))
            together = self._family("".join(node.parts))
            apart = plan.Sequence(tuple(self._family(part) for part in node.parts))
            if together.terms:
                return plan.Either((apart, together), equivalents=True)
            self.missing.extend(
                part
                for part, family in zip(node.parts, apart.parts, strict=True)
                if not family.terms
            )
            return apart
        if "&" in node.text:
            return self._spelt(node.text)
        if self.exact:
            return self._exactly(node.text)
        capitals = synonyms.needs_capitals(node.typed, self.vocabulary)
        found = plan.Terms((capitals,)) if capitals else self._family(node.text)
        if not found.terms:
            self.missing.append(node.text)
        return found

    def _run(self, items: Sequence[grammar.Word | grammar.Joined]) -> tuple[plan.Plan, str]:
        """Bare words: all of them; a stretch that is a term of the field may also be one of its equivalents."""
        plans: list[plan.Plan] = []
        texts = []
        at = 0
        while at < len(items):
            length, others = self._longest(items[at:])
            stretch = items[at : at + length]
            known = len(self.missing)
            singles = tuple(self._single(item) for item in stretch)
            typed = " ".join(item.typed for item in stretch)
            own: plan.Plan = singles[0] if length == 1 else plan.Every(singles)
            if others:
                del self.missing[known:]  # a term of the field is no slip
                terms = tuple(self._term(other) for other in others)
                plans.append(plan.Either((own, *terms), equivalents=True))
                shown = " OR ".join(
                    f'"{other.shown}"' if len(other.words) > 1 else other.shown for other in others
                )
                texts.append(f"({typed} OR {shown})")
            else:
                plans.append(own)
                texts.append(typed)
            at += length
        return plans[0] if len(plans) == 1 else plan.Every(tuple(plans)), " AND ".join(texts)

    def plainly(
        self, items: Sequence[grammar.Word | grammar.Joined]
    ) -> tuple[tuple[Asked, ...], str, str]:
        """What was said plainly, that in words which find the same when typed, and the words that only ask."""
        said, left_out = said_in(self.query, items, self.vocabulary)
        asked: list[Asked] = []
        texts = []
        at = 0
        while at < len(said):
            run = _unbroken(said[at:]) or said[at : at + 1]
            if len(run) == 1 and (run[0].phrase or run[0].field):
                one, text = self._one_said(run[0])
                asked.append(one)
                texts.append(text)
            else:
                for stretch in self._stretches([item for one in run for item in one.items]):
                    found, text = self._run(stretch)
                    typed = " ".join(item.typed for item in stretch)
                    asked.append(Asked(typed, found, tuple(_scoring(found))))
                    texts.append(text)
            at += len(run)
        typed = " ".join(item.typed for item in left_out)
        return tuple(asked), " AND ".join(texts), typed

    def _stretches(
        self, items: Sequence[grammar.Word | grammar.Joined]
    ) -> Iterator[Sequence[grammar.Word | grammar.Joined]]:
        """Words cut where `_run` cuts them: terms of the field, and single words."""
        at = 0
        while at < len(items):
            length, _ = self._longest(items[at:])
            yield items[at : at + length]
            at += length

    def _one_said(self, said: Said) -> tuple[Asked, str]:
        """A known phrase, or what people say for words of the field. A phrase whose words are all looked for may stand apart; one
        that is held together by words like "was" and "not" may not."""
        typed = " ".join(item.typed for item in said.items)
        parts = [part for item in said.items for part in parts_of(item)]
        own: plan.Plan
        side_by_side: plan.Plan = plan.Sequence(tuple(self._family(part) for part in parts))
        missing = len(self.missing)
        length, terms = self._longest(said.items)
        if said.asks and terms and length == len(said.items):
            side_by_side = plan.Sequence(tuple(self._exactly(part) for part in parts))
            others = tuple(self._term(term) for term in terms)
            own = plan.Either((side_by_side, *others), equivalents=True)
            text = f"({' OR '.join([_quoted(' '.join(parts)), *(_quoted(term.shown) for term in terms)])})"
        elif len(parts) == 1 or (terms and length == len(said.items)):
            own, text = self._run(said.items)
            side_by_side = own if len(parts) == 1 else side_by_side
        elif said.asks:
            own = side_by_side = plan.Sequence(tuple(self._exactly(part) for part in parts))
            text = f'"{" ".join(parts)}"'
        else:
            own, text = self._run(said.items)
        field = [self._in_fields_words(other) for other in said.field]
        leaves: list[tuple[plan.Plan, float]] = [(side_by_side, 1.0)]
        if own is not side_by_side:
            leaves += [(leaf, APART * boost) for leaf, boost in _scoring(own)]
        if field:
            del self.missing[missing:]
            text = f"({_bracketed(text)} OR {' OR '.join(map(_quoted, said.field))})"
            own = plan.Either((own, *field), equivalents=True)
            leaves += [(other, LAY) for other in field]
        return Asked(typed, own, tuple(leaves), said.field, known=True), text

    def _in_fields_words(self, term: str) -> plan.Plan:
        """A word of the field in its forms; several words as they stand, side by side."""
        parts = words(term)
        if len(parts) == 1:
            return self._family(parts[0])
        return plan.Sequence(tuple(plan.Terms((part,)) for part in parts))

    def _longest(
        self, items: Sequence[grammar.Word | grammar.Joined]
    ) -> tuple[int, tuple[synonyms.Term, ...]]:
        """How many of the first items make a term of the field, and its equivalents; (1, ()) when none do."""
        if self.exact or self.zone in ("title", "subject", "publisher", "area"):
            return 1, ()
        for length in range(min(len(items), synonyms.LONGEST_TERM), 0, -1):
            stretch = items[:length]
            typed = [word for item in stretch for word in raw_words(item.typed)]
            folded = [part for item in stretch for part in parts_of(item)]
            others = synonyms.also(typed, folded, self.nation, self.vocabulary)
            if others:
                return length, others
        return 1, ()

    def _term(self, term: synonyms.Term) -> plan.Plan:
        if term.cased:
            return plan.Terms((term.cased,))
        if len(term.words) == 1:
            return self._spelt(term.words[0])
        return plan.Sequence(tuple(self._family(word) for word in term.words))

    def _phrase(self, parts: Sequence[str | grammar.Prefix]) -> tuple[plan.Plan, str]:
        terms = tuple(
            self._beginning(part.text) if isinstance(part, grammar.Prefix) else self._exactly(part)
            for part in parts
        )
        shown = " ".join(
            f"{part.text}*" if isinstance(part, grammar.Prefix) else part for part in parts
        )
        return terms[0] if len(terms) == 1 else plan.Sequence(terms), f'"{shown}"'

    # ---------------------------------------------------------- fields

    def _present(self, name: str) -> list[tuple[str, ...]]:
        """The combinations of values that a field has; marks, which people change, are read once a query."""
        if name != MARK.query:
            return self.lexicon.column(name).values
        if self._marks is None:
            self._marks = self.lexicon.column(name).values
            self.marked = plan.Having(name, frozenset(range(1, len(self._marks))))
        return self._marks

    def _inside(self, node: grammar.Inside) -> tuple[plan.Plan, str]:
        zone, item = node.zone, node.item
        if self.zone is not None:
            raise QueryError(
                "One field or part at a time: this stands inside another", self.query, node.at
            )
        if isinstance(item, grammar.Word) and item.text == UNKNOWN and zone in FACETS:
            values = self.lexicon.column(zone).values
            unknown = frozenset(at for at, each in enumerate(values) if not each)
            return plan.Having(zone, unknown), f"{zone}:{UNKNOWN}"
        self.zone = zone
        inner = self.read(item)
        self.zone = None
        said = _bracketed(self.said(item))
        return plan.Within(
            zone, inner
        ), f"{zone}:{said}" if zone in BY_NAME else f"in:{zone} {said}"

    def _value(self, node: grammar.Value) -> tuple[plan.Plan, str]:
        field = BY_NAME[node.field]
        if field.query == "scope":
            self.scoped = True
            if node.text.lower() == ALL:
                return plan.Anything(), "scope:all"
        present = self._present(field.query)
        try:
            codes, shown = matching(field, node.text, present, self.vocabulary)
        except BadValue as wrong:
            query, at = (
                (self.query, node.at)
                if node.at >= 0
                else (f"{field.query}:{node.text}", len(field.query) + 1)
            )
            raise QueryError(str(wrong), query, at) from None
        return plan.Having(field.query, codes), shown


def _unbroken(said: Sequence[Said]) -> list[Said]:
    """The single words that stand first."""
    return list(takewhile(lambda one: not (one.phrase or one.field), said))


def _scoring(found: plan.Plan) -> Iterator[tuple[plan.Plan, float]]:
    from casereviews.index.query.engine import leaves_of

    return leaves_of(found)


def _quoted(term: str) -> str:
    """A term as it is typed: in quotes where it is of several words."""
    return f'"{term}"' if " " in term else term


def _bracketed(said: str) -> str:
    """What was said, in brackets where NOT or a field before it would else take a part of it only."""
    depth = 0
    outside = ""
    for char in said:
        depth += (char == "(") - (char == ")")
        outside += char if depth == 0 else ""
    loose = " AND " in outside or " NEAR/" in outside or outside.startswith("NOT ")
    return f"({said})" if loose else said
