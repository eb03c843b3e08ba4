"""The query language: text to a tree, without knowing the index (docs/QUERY-LANGUAGE.md is the contract).

query  = any ; any = all {"OR" all} ; all = item {["AND"] item} ; item = {"NOT" | "-"} near
near   = one {"NEAR/n" one} ; one = "(" any ")" | name ":" one | word | "phrase" | prefix* | fuzzy~

`casereviews.index.query.tokens` cuts the text, `casereviews.index.query.tree` has the nodes.
"""

from __future__ import annotations

import re

from casereviews.index.analysis import fold, raw_words
from casereviews.index.errors import QueryError
from casereviews.index.fields import BY_NAME, SECTIONS, nearest
from casereviews.index.query.tokens import Token, tokens
from casereviews.index.query.tree import (
    All,
    Any,
    Everything,
    Fuzzy,
    Inside,
    Joined,
    Near,
    Node,
    Not,
    Phrase,
    Prefix,
    Run,
    Value,
    Word,
)

__all__ = [
    "All",
    "Any",
    "Everything",
    "Fuzzy",
    "Inside",
    "Joined",
    "Near",
    "Node",
    "Not",
    "Phrase",
    "Prefix",
    "Run",
    "Value",
    "Word",
    "parse",
]

PREFIX_AT_LEAST = 2
DEEPEST = 40
LONGEST = 10_000
_OPERATOR = re.compile(r"(.*?)(\*|~[0-9]*)")  # a word, then what stands at its end


def parse(query: str) -> Node:
    """The tree of a query. Raises QueryError with the position and what was probably meant."""
    if len(query) > LONGEST:
        raise QueryError(f"A query has at most {LONGEST:,} characters", query, LONGEST)
    found = tokens(query)
    if not found and query.strip():
        at = len(query) - len(query.lstrip())
        raise QueryError("There is no word in this query", query, at)
    return _Parser(query, found).whole()


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
        if self.peek() not in ("NOT", "minus"):
            return self.near(field)
        token = self.take()
        if self.peek() in ("end", "OR", "AND", ")", "NEAR"):
            raise self.fail("What should be left out is missing after this", token.at)
        self.deeper(token)
        node = Not(self.item(field))
        self.depth -= 1
        return node

    def deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.fail(f"Brackets, NOT and fields go at most {DEEPEST} deep", token.at)

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
        self.deeper(token)
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
            return self.inside(known.query, token)
        if self.peek() in ("NOT", "minus"):
            raise self.fail(f"NOT goes before the field: NOT {known.query}:…", token.at)
        return self.one(known.query)

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
        return self.inside(said, token)

    def inside(self, zone: str, token: Token) -> Node:
        self.deeper(token)
        node = Inside(zone, self.one(None), token.at)
        self.depth -= 1
        return node

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
        operator = _OPERATOR.fullmatch(text)
        plain = operator[1] if operator else text
        found = raw_words(plain)
        if "*" in plain or "~" in plain or (operator and not found):
            raise self.fail("* and ~ stand at the end of a word", at)
        if not found:
            raise self.fail("There is no word here", at)
        if operator is None:
            folded = tuple(fold(word) for word in found)
            return Word(folded[0], found[0], at) if len(folded) == 1 else Joined(folded, text, at)
        if len(found) > 1:
            raise self.fail("* and ~ belong to a single word: split what is joined", at)
        if operator[2] == "*":
            return self._prefix(fold(found[0]), at)
        distance = operator[2][1:] or "1"
        if distance not in ("1", "2"):
            raise self.fail("~ goes as far as ~2", at)
        return Fuzzy(fold(found[0]), int(distance), at)

    def _prefix(self, text: str, at: int) -> Prefix:
        if len(text) < PREFIX_AT_LEAST:
            raise self.fail(f"At least {PREFIX_AT_LEAST} letters stand before *", at)
        return Prefix(text, at)


def _has_place(node: Node) -> bool:
    """True for what has positions in a text, so that it can be near something."""
    if isinstance(node, Any):
        return all(_has_place(item) for item in node.items)
    return isinstance(node, Word | Joined | Prefix | Fuzzy | Phrase)
