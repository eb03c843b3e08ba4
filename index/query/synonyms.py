"""Terms of the field that are searched for one another: abbreviations both ways, and equivalents.

The tables are those of `casereviews.repository.vocabulary`. A short form that is a word or a name as well is only recognised in
capitals, in the query and in the texts: ED is a department, Ed is a name. Others (`lac`, `cse`) are in any case.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations

from casereviews.index.analysis import cased, fold, kin, words
from casereviews.repository.vocabulary import PACKAGED, Vocabulary

_BRACKETS = re.compile(r"\s*\([^)]*\)")
_SECTION = re.compile(r"section (\d+)\b")
LONGEST_TERM = 8
# Two letters that stand for many things, and short forms that are also words, names, months or pages.
_IN_CAPITALS = re.compile(
    "CP|CO|SN|MW|LR|DA|ED|PP|RR|WT|ACE|APR|COG|DASH|DNA|MACE|MASH|PRU|RIP|SEND|SIN|TOR"
)


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


@lru_cache(maxsize=2)
def links(vocabulary: Vocabulary) -> dict[tuple[str, ...], tuple[Link, ...]]:
    """All links by the family of the term they start from."""
    found: dict[tuple[str, ...], list[Link]] = {}

    def join(term: Term, other: Term, nations: tuple[str, ...] = ()) -> None:
        if term.family != other.family or term.capitals != other.capitals:
            found.setdefault(term.family, []).append(Link(term, other, nations))

    for row in vocabulary.abbreviations:
        short = _term(row.short)
        nations = () if "UK" in row.nations else row.nations
        # A short form that the texts' capitals do not tell from a word leads to its term, but not back.
        only_there = "match only near" in row.note or (short.capitals and not short.cased)
        readings = [_term(text) for text in _readings(row.expansion)]
        for long in readings:
            join(short, long, nations)
            if not only_there:
                join(long, short, nations)
        if _SECTION.match(row.expansion):
            for long, other in permutations(readings, 2):
                join(long, other, nations)
    for line in vocabulary.equivalences:
        terms = [_term(text) for text in line.terms]
        for term in terms:
            for other in terms:
                if term is not other and (
                    line.relation == "same" or (line.relation == "broader" and term is terms[0])
                ):
                    join(term, other)
    return {family: tuple(each) for family, each in found.items()}


def _term(text: str) -> Term:
    return Term(text, tuple(words(text)), _IN_CAPITALS.fullmatch(text.upper()) is not None)


def _readings(expansion: str) -> list[str]:
    """An expansion without remarks in brackets; `A Review or B Review` is two; section 47 is also s.47, with or without its Act."""
    plain = _BRACKETS.sub("", expansion).strip()
    section = _SECTION.match(plain)
    if section:
        return [section[0], f"s.{section[1]}"]
    parts = plain.split(" or ")
    return parts if all(len(part.split()) > 1 for part in parts) else [plain]


def also(
    typed: Sequence[str],
    folded: Sequence[str],
    nation: str | None = None,
    vocabulary: Vocabulary = PACKAGED,
) -> tuple[Term, ...]:
    """What these words, together, are also searched as: links, and the equivalents of what they lead to.

    `typed` are the words as written: a short form that needs capitals is only meant when they have them.
    """
    family = tuple(kin(word) for word in folded)
    found: dict[tuple[tuple[str, ...], bool], Term] = {}
    known = links(vocabulary)
    for link in known.get(family, ()):
        if _meant(link, typed, nation):
            found.setdefault((link.other.words, link.other.capitals), link.other)
            for onward in known.get(link.other.family, ()):
                same = onward.term.capitals == link.other.capitals
                if same and not onward.nations and onward.other.family != family:
                    found.setdefault((onward.other.words, onward.other.capitals), onward.other)
    return tuple(found.values())


def _meant(link: Link, typed: Sequence[str], nation: str | None) -> bool:
    if link.nations and nation is not None and nation not in link.nations:
        return False
    if not link.term.capitals or list(typed) == [link.term.shown]:
        return True
    return all(word.removesuffix("s").isupper() for word in typed)


def needs_capitals(typed: str, vocabulary: Vocabulary = PACKAGED) -> str | None:
    """The capitals-only term for an abbreviation typed in capitals (`ED` -> `^ED`), None for other words."""
    if cased(typed):
        for link in links(vocabulary).get((kin(fold(typed)),), ()):
            if link.term.capitals:
                return link.term.cased
    return None
