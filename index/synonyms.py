"""Terms of the field that are searched for one another: abbreviations both ways, and equivalents.

The tables are those of `repository.vocabulary`. A short form that must be in capitals is only recognised in
capitals, in the query and in the texts: ED is a department, Ed is a name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from index.analysis import cased, kin, words
from repository.vocabulary import load_abbreviations, load_equivalences

_BRACKETS = re.compile(r"\s*\([^)]*\)")
LONGEST_TERM = 8


@dataclass(frozen=True, slots=True)
class Term:
    """A term as it is shown, its words, and whether it must be in capitals."""

    shown: str
    words: tuple[str, ...]
    capitals: bool = False

    @property
    def family(self) -> tuple[str, ...]:
        """What forms of the term have in common."""
        return tuple(kin(word) for word in self.words)

    @property
    def cased(self) -> str | None:
        """The capitals-only term to look for, when the term must be in capitals."""
        return cased(self.shown) if self.capitals else None


@dataclass(frozen=True, slots=True)
class Link:
    """From one term to one that it is also searched as, and in which nations (empty: all)."""

    term: Term
    other: Term
    nations: tuple[str, ...] = ()


@cache
def links() -> dict[tuple[str, ...], tuple[Link, ...]]:
    """All links by the family of the term they start from."""
    found: dict[tuple[str, ...], list[Link]] = {}

    def join(term: Term, other: Term, nations: tuple[str, ...] = ()) -> None:
        if term.family != other.family or term.capitals != other.capitals:
            found.setdefault(term.family, []).append(Link(term, other, nations))

    shorts = set()
    for row in load_abbreviations():
        short = Term(row.short, tuple(words(row.short)), row.in_capitals_only)
        shorts.add(row.short)
        nations = () if "UK" in row.nations else row.nations
        for expansion in _readings(row.expansion):
            long = Term(expansion, tuple(words(expansion)))
            join(short, long, nations)
            join(long, short, nations)
    for line in load_equivalences():
        terms = [
            Term(text, tuple(words(text)), text in shorts or text.isupper()) for text in line.terms
        ]
        for term in terms:
            for other in terms:
                if term is not other and (
                    line.relation == "same" or (line.relation == "broader" and term is terms[0])
                ):
                    join(term, other)
    return {family: tuple(each) for family, each in found.items()}


def _readings(expansion: str) -> list[str]:
    """An expansion without remarks in brackets; `A Review or B Review` is two."""
    plain = _BRACKETS.sub("", expansion).strip()
    parts = plain.split(" or ")
    return parts if all(len(part.split()) > 1 for part in parts) else [plain]


def also(
    typed: Sequence[str], folded: Sequence[str], nation: str | None = None
) -> tuple[Term, ...]:
    """What these words, together, are also searched as: links, and the equivalents of what they lead to.

    `typed` are the words as written: a short form that needs capitals is only meant when they have them.
    """
    family = tuple(kin(word) for word in folded)
    found: dict[tuple[tuple[str, ...], bool], Term] = {}
    for link in links().get(family, ()):
        if _meant(link, typed, nation):
            found.setdefault((link.other.words, link.other.capitals), link.other)
            for onward in links().get(link.other.family, ()):
                same = onward.term.capitals == link.other.capitals
                if same and not onward.nations and onward.other.family != family:
                    found.setdefault((onward.other.words, onward.other.capitals), onward.other)
    return tuple(found.values())


def _meant(link: Link, typed: Sequence[str], nation: str | None) -> bool:
    if link.nations and nation is not None and nation not in link.nations:
        return False
    return not link.term.capitals or all(word.isupper() for word in typed)


def needs_capitals(typed: str) -> str | None:
    """The capitals-only term for an abbreviation typed in capitals (`ED` -> `^ED`), None for other words."""
    capitals = cased(typed) if typed.isupper() else None
    if capitals and any(link.term.capitals for link in links().get((kin(typed.lower()),), ())):
        return capitals
    return None
