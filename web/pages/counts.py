"""Counts: the reviews that a search finds (or all) by year, theme, area and more, as a picture beside its table: `casereviews stats`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casereviews import AreaCounts, Counts, CrossTable, QueryError, Timeline, Vocabulary
from casereviews.collection.asking.areas import AREAS_CAUTION
from casereviews.collection.asking.counts import CAUTION, COUNTED, UNKNOWN, labelled
from casereviews.collection.asking.timeline import TIMELINE_CAUTION
from casereviews.collection.collection import Collection
from casereviews.collection.output.addresses import address
from casereviews.collection.output.hostile import for_line
from casereviews.web.pages.search import Asked, asked_of
from casereviews.web.reading import reading
from casereviews.web.rendering import shown

OVER_TIME, MAP = "timeline", "map"
KINDS: Mapping[str, str] = {
    **{name: field.label for name, field in COUNTED.items()},
    OVER_TIME: "Years: published, and what they tell of",
    MAP: "Council areas, as a map",
}
"""What reviews are counted by."""
FIRST = "year"
PICTURES = {"svg": "image/svg+xml", "png": "image/png"}
# A picture that is opened by itself styles itself, and loads and runs nothing.
_PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
Counted = Counts | CrossTable | Timeline | AreaCounts


@dataclass(frozen=True, slots=True)
class Tabled:
    """Counts as a table: what it is of, its headings, and its rows: a value, its address on the search page ("" without), its cells; the last
    `numbers` columns are numbers."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[str, ...]], ...]
    numbers: int
    caution: str
    left_out: int = 0


def page(request: Request, collection: Collection) -> Response:
    """The counts that are asked for, of what the search page finds for the same address."""
    asked, by, across = _asked(request)
    counted: Counted | None = None
    wrong = ""
    try:
        counted = _counted(collection, asked, by, across)
    except QueryError as error:
        wrong = error.reason
    return shown(
        request,
        "counts.html",
        400 if wrong else 200,
        asked=asked,
        by=by,
        across=across,
        wrong=wrong,
        counted_of=counted,
        table=tabled(counted, asked, collection.vocabulary) if counted else None,
        picture=_picture_address(asked, by, across) if find_spec("matplotlib") else "",
        kept=asked.filters,
        KINDS=KINDS,
        COUNTED=COUNTED,
    )


def _asked(request: Request) -> tuple[Asked, str, str]:
    """The search, and one or two of KINDS."""
    said = request.query_params
    by = said.get("by", "") if said.get("by", "") in KINDS else FIRST
    across = said.get("and", "")
    if by not in COUNTED or across not in COUNTED or across == by:
        across = ""
    return replace(asked_of(said), page=1), by, across


def _counted(collection: Collection, asked: Asked, by: str, across: str) -> Counted:
    """The counts of a search. Raises QueryError."""
    if by == OVER_TIME:
        return collection.timeline(within=asked.query, filters=asked.filters, exact=asked.exact)
    if by == MAP:
        return collection.areas(within=asked.query, filters=asked.filters, exact=asked.exact)
    if across:
        return collection.cross_table(
            (by, across), within=asked.query, filters=asked.filters, exact=asked.exact
        )
    return collection.counts(by, within=asked.query, filters=asked.filters, exact=asked.exact)


def _picture_address(asked: Asked, by: str, across: str) -> str:
    return asked.elsewhere("/counts/picture.svg", by=by, **{"and": across})


def tabled(of: Counted, asked: Asked, vocabulary: Vocabulary) -> Tabled:
    """Counts as a table; each value of one field leads to its reviews."""
    if isinstance(of, Timeline):
        years = tuple(
            (one.year, "", (f"{one.published:,}", f"{one.happened:,}")) for one in of.years
        )
        return Tabled(
            KINDS[OVER_TIME], ("Year", "Published", "Happened"), years, 2, TIMELINE_CAUTION
        )
    if isinstance(of, AreaCounts):
        areas = tuple(
            (
                for_line(one.area),
                _of_value(asked, "area", one.area) if one.gss else "",
                (one.gss, one.region, one.nation, f"{one.reviews:,}"),
            )
            for one in of.areas
        )
        columns = ("Area", "GSS code", "Region", "Nation", "Reviews")
        return Tabled("Reviews by council area", columns, areas, 1, AREAS_CAUTION)
    if isinstance(of, CrossTable):
        down, across = of.by
        heads = tuple(for_line(labelled(across, code, vocabulary)) for code in of.heads)
        lines = tuple(
            (
                for_line(labelled(down, code, vocabulary)),
                _of_value(asked, down, code),
                tuple(f"{one:,}" for one in numbers),
            )
            for code, numbers in zip(of.lines, of.numbers, strict=True)
        )
        caption = f"Reviews by {KINDS[down].lower()} and {KINDS[across].lower()}"
        return Tabled(caption, (KINDS[down], *heads), lines, len(heads), CAUTION, of.left_out)
    values = tuple(
        (
            for_line(labelled(of.by, code, vocabulary)),
            _of_value(asked, of.by, code) if count else "",
            (f"{count:,}",),
        )
        for code, count in of.values
    )
    caption = f"Reviews by {KINDS[of.by].lower()}"
    return Tabled(caption, (KINDS[of.by], "Reviews"), values, 1, CAUTION, of.left_out)


def _of_value(asked: Asked, name: str, value: str) -> str:
    """The search page with the same search and this value alone; "" where it has a value of this field already, or none is known."""
    if value == UNKNOWN or name in asked.filters:
        return ""
    filters = {**asked.filters, name: [value]}
    return address("/", q=asked.query, **filters, exact="1" if asked.exact else "")


def picture(request: Request, collection: Collection) -> Response:
    """The same as a picture: `casereviews stats --picture`."""
    ending = request.path_params["ending"]
    if ending not in PICTURES:
        raise HTTPException(404)
    drawn = collection.picture(_counted(collection, *_asked(request)))
    return Response(
        drawn.svg() if ending == "svg" else drawn.png(),
        media_type=PICTURES[ending],
        headers={"content-security-policy": _PICTURE_POLICY},
    )


ROUTES = (
    Route("/counts", reading(page)),
    Route("/counts/picture.{ending}", reading(picture)),
)
