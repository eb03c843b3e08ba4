"""Reviews over time: how many were published in each year, and in how many what they tell of began in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casereviews.collection.asking.counts import CAUTION, UNKNOWN, without_holes
from casereviews.collection.clock import today

if TYPE_CHECKING:
    from casereviews.index.results import Hit, Results

TIMELINE_CAUTION = (
    f"{CAUTION} A year of what happened is that of the incident, where its period begins, or of the death, as the report or its"
    " list prints it; most do not print it, and the latest years lack what is not yet published."
)


@dataclass(frozen=True, slots=True)
class YearOfReviews:
    """A year, or "unknown": how many reviews were `published` in it, and of how many it is the year in which it `happened`."""

    year: str
    published: int
    happened: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The years from the first to the last, none left out, the unknown last; `reviews` and so on as `Counts` has them."""

    years: tuple[YearOfReviews, ...]
    reviews: int
    understood: str
    collected: str = ""
    counted_on: str = ""


def timeline_of(found: Results) -> Timeline:
    """The hits of a search by the years in which they were published and in which it happened; each review counts once in both."""
    published = Counter(_year(hit.fields.get("published")) for hit in found.hits)
    happened = Counter(_happened(hit) for hit in found.hits)
    known = sorted((published.keys() | happened.keys()) - {UNKNOWN})
    named = without_holes("year", known) + [UNKNOWN] * (UNKNOWN in published or UNKNOWN in happened)
    years = tuple(YearOfReviews(year, published[year], happened[year]) for year in named)
    return Timeline(years, found.total, found.understood, found.index.built[:10], today())


def _happened(hit: Hit) -> str:
    return _year(hit.fields.get("incident_from") or hit.fields.get("death_date"))


def _year(day: object) -> str:
    year = str(day or "")[:4]
    return year if len(year) == 4 and year.isdigit() else UNKNOWN
