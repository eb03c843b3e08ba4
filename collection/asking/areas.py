"""Reviews by council area: which authorities the collected reviews are of, by GSS code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casereviews.collection.asking.counts import UNKNOWN
from casereviews.collection.clock import today
from casereviews.index.storage.columns import values_of
from casereviews.repository.vocabulary.authorities import area_named, authorities

if TYPE_CHECKING:
    from casereviews.index.results import Results

AREAS_CAUTION = (
    "Counts are of what was collected: an area without any may have published reviews that no site kept or this collection does not"
    " ask for. An area is that of the board, not where a family lived; a review of several areas counts in each, one of a former"
    " council in those that came after it, one of a district in its county. Anonymous reviews have no area. Numbers say nothing of"
    " how safe children are there."
)


@dataclass(frozen=True, slots=True)
class AreaOfReviews:
    """An authority (`gss`, `area`), or, with an empty `gss`, a wider area that is no authority's, or "unknown"; and its reviews."""

    area: str
    gss: str
    region: str
    nation: str
    reviews: int


@dataclass(frozen=True, slots=True)
class AreaCounts:
    """Areas of which a review was collected, the most first, those without a GSS code last; `regions` counts reviews, each once a
    region. `reviews` and so on as `Counts` has them."""

    areas: tuple[AreaOfReviews, ...]
    regions: tuple[tuple[str, int], ...]
    reviews: int
    understood: str
    collected: str = ""
    counted_on: str = ""


def areas_of(found: Results) -> AreaCounts:
    """The hits of a search by the authorities that answer for children in their areas."""
    known = authorities()
    placed: Counter[str] = Counter()
    unplaced: Counter[str] = Counter()
    regions: Counter[str] = Counter()
    for hit in found.hits:
        names = values_of(hit.fields.get("areas"))
        codes = {name: set(_today(name)) for name in names}
        own = {code for several in codes.values() for code in several}
        placed.update(own)
        regions.update({known[code].region for code in own})
        unplaced.update({name for name in names if not codes[name]} or ([] if own else [UNKNOWN]))
    areas = [
        AreaOfReviews(one.name, one.gss, one.region, one.nation, placed[one.gss])
        for one in sorted(
            (known[code] for code in placed), key=lambda one: (-placed[one.gss], one.name)
        )
    ]
    wider = sorted(unplaced.items(), key=lambda pair: (pair[0] == UNKNOWN, -pair[1], pair[0]))
    for name, reviews in wider:
        area = area_named(name)
        areas.append(AreaOfReviews(name, "", "", area.nation if area else "", reviews))
    return AreaCounts(
        tuple(areas),
        tuple(sorted(regions.items())),
        found.total,
        found.understood,
        found.index.built[:10],
        today(),
    )


def _today(name: str) -> Iterator[str]:
    """The codes of the authorities of today that answer for children in an area."""
    area = area_named(name)
    waiting = list(area.gss) if area else []
    seen: set[str] = set()
    while waiting:
        code = waiting.pop()
        authority = authorities().get(code)
        if authority is None or code in seen:
            continue
        seen.add(code)
        if authority.answers_for_children:
            yield code
        elif authority.replaced_by:
            waiting += authority.replaced_by
        elif authority.county:
            waiting.append(authority.county)
