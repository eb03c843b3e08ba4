"""Coverage and status: who covers each council area, and how every publisher's list is doing."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casereviews.collection.asking.areas import AREAS_CAUTION
from casereviews.collection.collection import Collection
from casereviews.collection.output.addresses import address
from casereviews.web.dates import date_in_words
from casereviews.web.reading import reading
from casereviews.web.rendering import shown

if TYPE_CHECKING:
    from casereviews import SourceStatus

RESULTS = {
    "ok": "Read in full",
    "unchanged": "Read in full, nothing changed",
    "empty": "Its list is empty",
    "partial": "Not read in full",
    "never_yielded": "Nothing was ever found",
    "needs_javascript": "Its list needs JavaScript",
    "blocked": "It asks not to be read",
    "moved": "Its list has moved",
    "broken": "Something was there and is not",
}
"""How the last visit to a source ended (`SourceStatus.result`), in words."""
NATIONS = ("England", "Wales", "Scotland", "Northern Ireland")


def coverage(request: Request, collection: Collection) -> Response:
    """Every upper-tier or unitary authority with who covers it: `casereviews sources list --coverage`."""
    said = request.query_params.get("nation", "")
    nation = said if said in NATIONS else ""
    found = collection.registry.coverage(nation or None)
    words = {row.level: row.told for row in found.rows}
    results = {one.source: one for one in collection.status().sources}
    rows = [
        (row, [(source, _result(results.get(source.id))) for source in row.sources])
        for row in found.rows
    ]
    filters = {"nation": [nation]} if nation else None
    reviews = collection.areas(filters=filters)
    of_area = {one.gss: one.reviews for one in reviews.areas if one.gss}
    return shown(
        request,
        "coverage.html",
        nation=nation,
        NATIONS=NATIONS,
        rows=rows,
        counts=[(words[level], count) for level, count in found.counts.items() if count],
        gaps=found.gaps,
        reviews=reviews,
        of_area=of_area,
        picture=address("/counts/picture.svg", by="map", nation=nation)
        if find_spec("matplotlib")
        else "",
        AREAS_CAUTION=AREAS_CAUTION,
    )


def _result(status: SourceStatus | None) -> str:
    return "Not visited yet" if status is None else RESULTS.get(status.result, status.result)


def status(request: Request, collection: Collection) -> Response:
    """How every source ended its last run, and what the collection holds: `casereviews status`."""
    failing = request.query_params.get("failing") == "1"
    found = collection.status(failing=failing)
    return shown(
        request,
        "status.html",
        failing=failing,
        sources=[(one, _result(one), one.advice) for one in found.sources],
        totals=[
            (name.replace("_", " ").capitalize(), _told(name, count))
            for name, count in found.totals.items()
        ],
        run_goes_on=found.run_goes_on,
        standing=collection.source_standing(),
        of_source=of_source,
        date_in_words=date_in_words,
    )


def _told(name: str, count: int | str) -> str:
    """A total as people read it."""
    if isinstance(count, int):
        return f"{count:,}"
    return date_in_words(count) if name == "index_built" else count


def of_source(source: str) -> str:
    """The search page with all reviews of a source."""
    return address("/", q="*", source=source, scope="all", sort="date")


ROUTES = (
    Route("/coverage", reading(coverage)),
    Route("/status", reading(status)),
)
