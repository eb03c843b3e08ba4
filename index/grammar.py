"""The query language: text to a tree, without knowing the index (docs/QUERY-LANGUAGE.md is the contract).

query  = any ; any = all {"OR" all} ; all = item {["AND"] item} ; item = {"NOT" | "-"} near
near   = one {"NEAR/n" one} ; one = "(" any ")" | name ":" one | word | "phrase" | prefix* | fuzzy~
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.analysis import fold, raw_words
from index.errors import QueryError
from index.fields import BY_NAME, SECTIONS, nearest
from index.positions import NEAR_LIMIT

PREFIX_AT_LEAST = 2
NEAR_DEFAULT = 10
DEEPEST = 40
LONGEST = 10_000

HELP = """\
neglect infant           both words, in any form (neglected, infants); best matches first
"child q"                these exact words, side by side; no other forms, no synonyms
neglect OR abuse         either;  OR binds less than AND, which is the same as a space
neglect NOT police       without;  also -police
(a OR b) c               brackets group
non-accidental           words joined by a hyphen stand side by side (or as one word)
safeguard*               words that begin so;  also inside a phrase: "child protect*"
haematoma~               within one letter of it;  ~2 for two
"bed sharing" NEAR/5 alcohol    at most 5 words apart, in either order
title:neglect            in one field; also subject, publisher, area
nation:wales             a code, in any case; also region, type, role, theme, age, outcome, harm,
                         agency, language, scope, source, availability, sex, plan
type:(scr OR cpr)        several values; nation:unknown where it is not known
year:2015..2020          a range; also published:2019-04..2020, year:..2012, year:2021
in:recommendations (training OR supervision)
                         in one part of a report: summary, facts, analysis, findings, good_practice,
                         recommendations, terms_of_reference, glossary, appendix
AND, OR, NOT and NEAR are operators in capitals only. Abbreviations and equivalents of the field
(LAC, looked after child) are searched for one another, and shown; quotes or --exact switch that off.
Adult reviews are hidden unless the query or a filter names scope; scope:all shows everything.
"""


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word; `typed` is as the user wrote it (capitals tell abbreviations)."""

    text: str
    typed: str
    at: int


@dataclass(frozen=True, slots=True)
class Joined:
    """Words written together (`non-accidental`, `7/2020`): side by side, or as one word."""

    parts: tuple[str, ...]
    typed: str
    at: int


@dataclass(frozen=True, slots=True)
class Prefix:
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Fuzzy:
    text: str
    distance: int
    at: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """Exact words side by side; a part may be a prefix."""

    parts: tuple[str | Prefix, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Value:
    """`field:value` of a code, number or date field, as typed."""

    field: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Inside:
    """A query on one text field or one section (`zone`)."""

    zone: str
    item: Node
    at: int


@dataclass(frozen=True, slots=True)
class Near:
    """Each item at most `distance` words from the one before it, in either order."""

    items: tuple[Node, ...]
    distance: int
    at: int


@dataclass(frozen=True, slots=True)
class Run:
    """Two or more bare words written one after another: all of them, and perhaps a term of the field."""

    items: tuple[Word | Joined, ...]


@dataclass(frozen=True, slots=True)
class All:
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any:
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    item: Node


@dataclass(frozen=True, slots=True)
class Everything:
    """No condition."""


Node = (
    Word
    | Joined
    | Prefix
    | Fuzzy
    | Phrase
    | Value
    | Inside
    | Near
    | Run
    | All
    | Any
    | Not
    | Everything
)


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is word, phrase, name (of a field, before a colon), minus, ( , ), AND, OR, NOT, NEAR."""

    kind: str
    text: str
    at: int
    number: int = 0


_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_NAME = re.compile(r"([^\W\d_][\w-]*):(?=\S)|([^\W\d_][\w-]*):")
_CHUNK = re.compile(r'[^\s()"]+')
_NEAR = re.compile(r"NEAR(?:/(\d+))?")
_FUZZY = re.compile(r"(.+)~(\d?)")


def parse(query: str) -> Node:
    """The tree of a query. Raises QueryError with the position and what was probably meant."""
    if len(query) > LONGEST:
        raise QueryError(f"A query has at most {LONGEST:,} characters", query[:80], 79)
    return _Parser(query, tokens(query)).whole()


def tokens(query: str) -> list[Token]:
    """The query cut into words, phrases, names, brackets and operators."""
    text = query.translate(_QUOTES)
    found: list[Token] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
        elif char in "()":
            found.append(Token(char, char, at))
            at += 1
        elif char == '"':
            end = text.find('"', at + 1)
            if end < 0:
                raise QueryError("This quotation mark is not closed", query, at)
            found.append(Token("phrase", text[at + 1 : end], at))
            at = end + 1
            if text[at : at + 1] == "~":
                raise QueryError("For words near each other write: a NEAR/5 b", query, at)
        elif char in "-−" and _starts_item(text, at):
            found.append(Token("minus", char, at))
            at += 1
        else:
            at = _chunk(text, at, found, query)
    return found


def _starts_item(text: str, at: int) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return (
        (not before or before.isspace() or before in "(:")
        and bool(after)
        and not after.isspace()
        and after not in "-−"  # a dash of two hyphens says nothing
    )


def _chunk(text: str, at: int, found: list[Token], query: str) -> int:
    """Reads a name with its colon, an operator or a word; returns where to go on."""
    name = _NAME.match(text, at)
    if name and _is_name(name, query, at):
        found.append(Token("name", (name[1] or name[2]).lower(), at))
        return name.end()
    matched = _CHUNK.match(text, at)
    assert matched
    chunk = matched[0]
    near = _NEAR.fullmatch(chunk)
    if chunk in ("AND", "OR", "NOT"):
        found.append(Token(chunk, chunk, at))
    elif near:
        distance = int(near[1]) if near[1] else NEAR_DEFAULT
        if not 1 <= distance <= NEAR_LIMIT:
            raise QueryError(f"NEAR reaches from 1 to {NEAR_LIMIT} words", query, at)
        found.append(Token("NEAR", chunk, at, distance))
    elif chunk == "*" or raw_words(chunk):
        found.append(Token("word", chunk, at))  # what is only punctuation says nothing
    return matched.end()


def _is_name(name: re.Match[str], query: str, at: int) -> bool:
    """True for a field before a colon; a word before a colon and a space is a word unless it names a field."""
    said = (name[1] or name[2]).lower()
    if said in BY_NAME or said == "in":
        return True
    if name[1] is None:
        return False
    meant = nearest(said, [*BY_NAME, "in"])
    hint = (
        f"did you mean {BY_NAME[meant].name if meant in BY_NAME else meant}?"
        if meant
        else (
            "the fields are: " + ", ".join(dict.fromkeys(field.name for field in BY_NAME.values()))
        )
    )
    raise QueryError(f"There is no field “{said}”: {hint}", query, at)


class _Parser:
    """Recursive descent over the tokens. `field` is the code field whose values are being read, or None."""

    def __init__(self, query: str, found: list[Token]) -> None:
        self.query = query
        self.tokens = found
        self.next = 0
        self.depth = 0

    def fail(self, reason: str, at: int) -> QueryError:
        return QueryError(reason, self.query, at)

    def peek(self) -> str:
        return self.tokens[self.next].kind if self.next < len(self.tokens) else "end"

    def take(self) -> Token:
        self.next += 1
        return self.tokens[self.next - 1]

    def whole(self) -> Node:
        if not self.tokens:
            return Everything()
        node = self.any(None)
        if self.peek() != "end":
            raise self.fail("This bracket closes nothing", self.take().at)
        return node

    def any(self, field: str | None) -> Node:
        items = [self.all(field)]
        while self.peek() == "OR":
            self.take()
            items.append(self.all(field))
        return items[0] if len(items) == 1 else Any(tuple(items))

    def all(self, field: str | None) -> Node:
        items: list[Node] = []
        run: list[Word | Joined] = []
        while True:
            node = self.item(field)
            if isinstance(node, Word | Joined):
                run.append(node)
            else:
                self._end_run(run, items)
                items.append(node)
            if self.peek() == "AND":
                self._end_run(run, items)
                self.take()
            elif self.peek() in ("end", "OR", ")"):
                break
        self._end_run(run, items)
        return items[0] if len(items) == 1 else All(tuple(items))

    @staticmethod
    def _end_run(run: list[Word | Joined], items: list[Node]) -> None:
        if run:
            items.append(run[0] if len(run) == 1 else Run(tuple(run)))
            run.clear()

    def item(self, field: str | None) -> Node:
        if self.peek() in ("NOT", "minus"):
            token = self.take()
            if self.peek() in ("end", "OR", "AND", ")", "NEAR"):
                raise self.fail("What should be left out is missing after this", token.at)
            return Not(self.item(field))
        return self.near(field)

    def near(self, field: str | None) -> Node:
        at = self.tokens[self.next].at if self.next < len(self.tokens) else len(self.query)
        items = [self.one(field)]
        distance = 0
        while self.peek() == "NEAR":
            token = self.take()
            if distance and token.number != distance:
                raise self.fail("A chain of NEAR has one distance: use brackets and AND", token.at)
            distance = token.number
            items.append(self.one(field))
        if len(items) == 1:
            return items[0]
        for item in items:
            if not _has_place(item):
                raise self.fail(
                    "NEAR stands between words, phrases, prefixes or bracketed ORs of them", at
                )
        return Near(tuple(items), distance, at)

    def one(self, field: str | None) -> Node:
        if self.peek() in ("end", "AND", "OR", "NEAR", ")"):
            at = self.tokens[self.next].at if self.next < len(self.tokens) else len(self.query)
            raise self.fail("A word, a phrase or a field is missing here", at)
        token = self.take()
        if token.kind == "(":
            return self.bracket(field, token)
        if token.kind == "name":
            return self.named(field, token)
        if token.kind in ("NOT", "minus"):
            raise self.fail("NOT cannot stand here: bracket what it belongs to", token.at)
        if field is not None:
            return Value(field, token.text, token.at)
        return self.phrase(token) if token.kind == "phrase" else self.word(token)

    def bracket(self, field: str | None, token: Token) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fail(f"Brackets go at most {DEEPEST} deep", token.at)
        if self.peek() == ")":
            raise self.fail("There is nothing between these brackets", token.at)
        node = self.any(field)
        if self.peek() != ")":
            raise self.fail("This bracket is not closed", token.at)
        self.take()
        self.depth -= 1
        return Any((node,)) if isinstance(node, Word | Joined) else node

    def named(self, field: str | None, token: Token) -> Node:
        if field is not None:
            raise self.fail(f"A value of {field} is missing here", token.at)
        if self.peek() in ("end", "AND", "OR", "NEAR", ")"):
            raise self.fail(f"A value is missing after {token.text}:", token.at)
        if token.text == "in":
            return self.section(token)
        known = BY_NAME[token.text]
        if known.kind == "text":
            return Inside(known.name, self.one(None), token.at)
        if self.peek() in ("NOT", "minus"):
            raise self.fail(f"NOT goes before the field: NOT {known.name}:…", token.at)
        return self.one(known.name)

    def section(self, token: Token) -> Node:
        named = self.take()
        if named.kind not in ("word", "phrase"):
            raise self.fail(f"in: takes a part of a report: {', '.join(SECTIONS)}", named.at)
        said = named.text.lower().replace("-", "_").replace(" ", "_")
        if said not in SECTIONS:
            meant = nearest(said, SECTIONS)
            hint = f"did you mean {meant}?" if meant else f"there are: {', '.join(SECTIONS)}"
            raise self.fail(f"Reports have no part “{named.text}”: {hint}", named.at)
        if self.peek() in ("end", "AND", "OR", "NEAR", ")"):
            raise self.fail(f"What to look for is missing after in:{said}", token.at)
        return Inside(said, self.one(None), token.at)

    def phrase(self, token: Token) -> Node:
        parts: list[str | Prefix] = []
        for piece in token.text.split():
            found = raw_words(piece)
            parts.extend(fold(word) for word in found)
            if found and piece.rstrip(".,;:!?").endswith("*"):
                parts[-1] = self._prefix(str(parts[-1]), token.at)
        if not parts:
            raise self.fail("There are no words between these quotation marks", token.at)
        return Phrase(tuple(parts), token.at)

    def word(self, token: Token) -> Node:
        text, at = token.text, token.at
        if text == "*":
            return Everything()
        fuzzy = _FUZZY.fullmatch(text)
        found = raw_words(text)
        body = text.rstrip("*~0123456789")
        if "*" in body or "~" in body:
            raise self.fail("* and ~ stand at the end of a word", at)
        if text.endswith("*") or fuzzy:
            if len(found) > 1 + bool(fuzzy and fuzzy[2]):
                raise self.fail("* and ~ belong to a single word: split what is joined", at)
            if text.endswith("*"):
                return self._prefix(fold(found[0]), at)
            assert fuzzy
            distance = int(fuzzy[2] or 1)
            if distance not in (1, 2):
                raise self.fail("~ goes as far as ~2", at)
            return Fuzzy(fold(found[0]), distance, at)
        folded = tuple(fold(word) for word in found)
        return Word(folded[0], found[0], at) if len(folded) == 1 else Joined(folded, text, at)

    def _prefix(self, text: str, at: int) -> Prefix:
        if len(text) < PREFIX_AT_LEAST:
            raise self.fail(f"At least {PREFIX_AT_LEAST} letters stand before *", at)
        return Prefix(text, at)


def _has_place(node: Node) -> bool:
    """True for what has positions in a text, so that it can be near something."""
    if isinstance(node, Any):
        return all(_has_place(item) for item in node.items)
    return isinstance(node, Word | Joined | Prefix | Fuzzy | Phrase)
