"""The tree of a query, as `casereviews.index.query.grammar` reads it and `casereviews.index.query.understand` looks it up.

`at` is the character of the query (from 0) where a node begins.
"""

from __future__ import annotations

from dataclasses import dataclass


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
