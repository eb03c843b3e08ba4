"""A query cut into words, phrases, names of fields, brackets and operators."""

from __future__ import annotations

import re
from dataclasses import dataclass

from casereviews.index.analysis import raw_words
from casereviews.index.errors import QueryError
from casereviews.index.fields import BY_NAME, nearest
from casereviews.index.positions import NEAR_LIMIT

NEAR_DEFAULT = 10


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is word, phrase, name (of a field, before a colon), minus, ( , ), AND, OR, NOT, NEAR."""

    kind: str
    text: str
    at: int
    number: int = 0


_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″＂", '"'))
_NAME = re.compile(r"([^\W\d_][\w-]*):(?=\S)|([^\W\d_][\w-]*):")
_AMPERSAND = re.compile(r'([^\W_]) & ([^\W_])(?![^\s()"])')  # A & E is one word, as A&E is
_CHUNK = re.compile(r'[^\s()"]+')
_NEAR = re.compile(r"NEAR(?:/(.*))?")


def tokens(query: str) -> list[Token]:
    """The tokens of a query, in order. Raises QueryError.

    What is only punctuation says nothing and is left out, but never in the place of a field's value.
    """
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
            at = _phrase(text, at, found, query)
        elif char in "-−" and _starts_item(text, at):
            found.append(Token("minus", char, at))
            at += 1
        else:
            at = _chunk(text, at, found, query)
    return found


def _phrase(text: str, at: int, found: list[Token], query: str) -> int:
    """Reads a phrase; returns where to go on."""
    end = text.find('"', at + 1)
    if end < 0:
        raise QueryError("This quotation mark is not closed", query, at)
    found.append(Token("phrase", text[at + 1 : end], at))
    if text[end + 1 : end + 2] == "~":
        raise QueryError("For words near each other write: a NEAR/5 b", query, end + 1)
    return end + 1


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
    joined = _AMPERSAND.match(text, at)
    if joined:
        found.append(Token("word", f"{joined[1]}&{joined[2]}", at))
        return joined.end()
    matched = _CHUNK.match(text, at)
    assert matched
    chunk = matched[0]
    near = _NEAR.fullmatch(chunk)
    if chunk in ("AND", "OR", "NOT"):
        found.append(Token(chunk, chunk, at))
    elif near:
        found.append(Token("NEAR", chunk, at, _distance(near[1], query, at)))
    elif chunk == "*" or raw_words(chunk) or (found and found[-1].kind == "name"):
        found.append(Token("word", chunk, at))
    return matched.end()


def _distance(said: str | None, query: str, at: int) -> int:
    """How far a NEAR reaches. Raises QueryError for what is no number from 1 to the limit."""
    if said is None:
        return NEAR_DEFAULT
    if not re.fullmatch(r"[0-9]+", said):
        raise QueryError("NEAR takes a number of words: a NEAR/5 b", query, at)
    distance = int(said[:9])
    if not 1 <= distance <= NEAR_LIMIT:
        raise QueryError(f"NEAR reaches from 1 to {NEAR_LIMIT} words", query, at)
    return distance


def _is_name(name: re.Match[str], query: str, at: int) -> bool:
    """True for a field before a colon; a word before a colon and a space is a word unless it names a field."""
    said = (name[1] or name[2]).lower()
    if said in BY_NAME or said == "in":
        return True
    if name[1] is None:
        return False
    meant = nearest(said, [*BY_NAME, "in"])
    hint = (
        f"did you mean {BY_NAME[meant].query if meant in BY_NAME else meant}?"
        if meant
        else (
            "the fields are: " + ", ".join(dict.fromkeys(field.query for field in BY_NAME.values()))
        )
    )
    raise QueryError(f"There is no field “{said}”: {hint}", query, at)
