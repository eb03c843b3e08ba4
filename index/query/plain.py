"""Words typed plainly, as people type them: what was said, without what only asks, known phrases as one, lay words as the field's.

`rules/questions.toml` knows the words of a question that say nothing of what is looked for, `rules/lay_words.toml` what people say
for a word of the field; the phrases are those of the vocabulary's themes, plain words, equivalences and abbreviations.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from casereviews.index.analysis import BEGINNING_LENGTH, COMMON, kin, words
from casereviews.index.errors import QueryError
from casereviews.index.query import grammar
from casereviews.repository.vocabulary import Vocabulary
from casereviews.repository.vocabulary.rules import load_rules

Item = grammar.Word | grammar.Joined
LONGEST_PHRASE = 6
_NO_BRACKETS = str.maketrans("()", "  ")  # the places of words stay


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said: the words typed for it, whether they are a known phrase, and what the field calls it.

    `asks` are the places in `items` of words that only join the others ("was" and "not" of "was not brought").
    """

    items: tuple[Item, ...]
    phrase: bool = False
    field: tuple[str, ...] = ()
    asks: frozenset[int] = frozenset()


def plain_items(query: str, tree: grammar.Node) -> tuple[Item, ...]:
    """The words of a query that has nothing but words; () for one with operators, quotes, fields, * or ~, or that begins with a bracket.

    Brackets within prose ("Two sisters (11 and 12)") group nothing.
    """
    if query.lstrip().startswith("("):
        return ()
    if "(" in query:
        try:
            tree = grammar.parse(query.translate(_NO_BRACKETS))
        except QueryError:
            return ()
    if isinstance(tree, grammar.Word | grammar.Joined):
        return (tree,)
    return tree.items if isinstance(tree, grammar.Run) else ()


def said_in(
    query: str, items: Sequence[Item], vocabulary: Vocabulary
) -> tuple[list[Said], list[Item]]:
    """What was said, in order, and the words that only ask. Where nothing but asking is typed, it is what was said."""
    asking = _asking(query, items) if len(items) > 1 else frozenset()
    if len(asking) == len(items):
        asking = frozenset()
    folded = [tuple(kin(part) for part in parts_of(item)) for item in items]
    lay = lay_words()
    phrases = known_phrases(folded, vocabulary) if len(items) > 1 else frozenset()
    said: list[Said] = []
    left_out: list[Item] = []
    at = 0
    while at < len(items):
        one = _longest(items, folded, at, asking, lay, phrases)
        if one is not None:
            said.append(one)
            at += len(one.items)
            continue
        if at in asking:
            left_out.append(items[at])
        else:
            said.append(Said((items[at],)))
        at += 1
    return said, left_out


def _longest(
    items: Sequence[Item],
    folded: Sequence[tuple[str, ...]],
    at: int,
    asking: frozenset[int],
    lay: Mapping[tuple[str, ...], tuple[str, ...]],
    phrases: frozenset[tuple[str, ...]],
) -> Said | None:
    """The longest lay word or known phrase that begins here, None when there is none."""
    for length in range(min(len(items) - at, LONGEST_PHRASE), 0, -1):
        stretch = items[at : at + length]
        key = tuple(part for parts in folded[at : at + length] for part in parts)
        typed = tuple(part for item in stretch for part in parts_of(item))
        field, phrase = lay.get(typed, ()), len(key) > 1 and key in phrases
        inside = frozenset(n for n in range(length) if at + n in asking)
        if (field or (phrase and length > 1)) and len(inside) < length:
            return Said(tuple(stretch), length > 1, field, inside)
    return None


def _asking(query: str, items: Sequence[Item]) -> frozenset[int]:
    """The places of the words that only ask or join."""
    spans = [hit.match.span() for hit in load_rules("questions").hits(query)]
    return frozenset(
        at
        for at, item in enumerate(items)
        if any(start <= item.at and _ends_by(item, end) for start, end in spans)
    )


def _ends_by(item: Item, end: int) -> bool:
    """Whether a word ends there, or goes on with no more than 's, 've..."""
    return item.at + len(item.typed) <= end or item.typed[max(end - item.at, 0)] in "'’"


@cache
def lay_words() -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """The field's words by what people say for them, word by word."""
    return {
        tuple(words(phrase)): tuple(rule.more["field"])
        for rule in reversed(load_rules("lay_words").rules)
        for phrase in rule.phrases
    }


def known_phrases(
    folded: Sequence[tuple[str, ...]], vocabulary: Vocabulary
) -> frozenset[tuple[str, ...]]:
    """Families of the words of the vocabulary's phrases that could stand in these words; none that begins or ends in a joining word."""
    begun = {parts[0][:BEGINNING_LENGTH] for parts in folded}
    by_beginning = _phrases_by_beginning(vocabulary)
    likely = (one for beginning in begun for one in by_beginning.get(beginning, ()))
    return frozenset(tuple(_families(phrase)) for phrase in likely)


@lru_cache(maxsize=2)
def _phrases_by_beginning(vocabulary: Vocabulary) -> Mapping[str, Sequence[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for phrase in _phrases(vocabulary):
        first, _, rest = phrase.partition(" ")
        if rest and first not in COMMON - {"was", "not"} and rest.rpartition(" ")[2] not in COMMON:
            found[first[:BEGINNING_LENGTH].lower()].append(phrase)
    return found


def _phrases(vocabulary: Vocabulary) -> Iterator[str]:
    for theme in vocabulary.themes:
        yield from (one for one in theme.strong if "&" not in one and "{" not in one)
    for concept in vocabulary.plain_words:
        yield from concept.phrases
    for line in vocabulary.equivalences:
        yield from line.terms
    for row in vocabulary.abbreviations:
        yield row.expansion


def _families(phrase: str) -> Iterator[str]:
    return (kin(word) for word in words(phrase.replace("-", " ")))


def parts_of(item: Item) -> tuple[str, ...]:
    """The folded words of an item."""
    return (item.text,) if isinstance(item, grammar.Word) else item.parts
