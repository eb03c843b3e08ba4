"""All that was seen of a theme or a fact, counted or not: what a description rests on, and what it left aside and why.

A description keeps one sentence for each fact. What else was seen is told by the finders themselves while they decide, to a list that
only who asks hands in (`describe_with_evidence`): there is no second rule path that could say otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CARRIES, SUPPORTS, NOT_COUNTED = "carries", "supports", "not_counted"
"""How a piece counts: it may tell its fact alone, it makes one stronger that another piece carries, or it counts for nothing."""
MENTIONED = "mentioned_theme"
"""The field of what is seen of a theme that is no fact of the document: a name of `show --why` only."""
_ORDER = {CARRIES: 0, SUPPORTS: 1, NOT_COUNTED: 2}


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence that speaks of a value of a field: `raw` are its words that do, `page` the file page (None: a title or listing).

    `place` is the part of the document ("title", "keywords", "abstract", "heading", "opening", "body" or a kind of `Section`),
    `standing` a code of `standing.STANDINGS`, `counts` CARRIES, SUPPORTS or NOT_COUNTED; `weight` is how much its place says.
    """

    field: str
    value: str
    raw: str
    sentence: str
    page: int | None
    place: str
    standing: str
    counts: str
    weight: float = 1.0


def by_value(pieces: Iterable[Evidence]) -> Mapping[tuple[str, str], tuple[Evidence, ...]]:
    """The pieces by field and value, each sentence once a value and the most telling first."""
    found: dict[tuple[str, str], dict[tuple[int | None, str], Evidence]] = {}
    for piece in pieces:
        of_value = found.setdefault((piece.field, piece.value), {})
        key = (piece.page, piece.sentence)
        if key not in of_value or _rank(piece) < _rank(of_value[key]):
            of_value[key] = piece
    return {key: tuple(sorted(one.values(), key=_rank)) for key, one in found.items()}


def _rank(piece: Evidence) -> tuple[int, float, int]:
    return _ORDER[piece.counts], -piece.weight, piece.page or 0
