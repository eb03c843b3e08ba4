"""What a query means once forms, synonyms and codes are looked up: the tree that `casereviews.index.query.engine` carries out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """Any of these index terms, as one word. `summary` are fewer terms that say the same of documents, without places."""

    terms: tuple[str, ...]
    summary: tuple[str, ...] = ()

    @property
    def of_documents(self) -> tuple[str, ...]:
        """The terms to look for where places do not matter."""
        return self.summary or self.terms


@dataclass(frozen=True, slots=True)
class Sequence:
    """These words side by side."""

    parts: tuple[Terms, ...]


@dataclass(frozen=True, slots=True)
class NearBy:
    """Each item at most `distance` words from the one before, in either order."""

    items: tuple[Plan, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class Every:
    items: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of them at least; `equivalents`: the others stand for the first and count a little less."""

    items: tuple[Plan, ...]
    equivalents: bool = False


@dataclass(frozen=True, slots=True)
class Without:
    item: Plan


@dataclass(frozen=True, slots=True)
class Within:
    """The item, in one field or section only."""

    zone: str
    item: Plan


@dataclass(frozen=True, slots=True)
class Having:
    """Documents whose column has one of these combinations of values."""

    column: str
    codes: frozenset[int]


@dataclass(frozen=True, slots=True)
class Anything:
    """All documents."""


Plan = Terms | Sequence | NearBy | Every | Either | Without | Within | Having | Anything
