"""Marks: include, maybe, exclude a review with the reason; what stands, how far a search is marked, the flow, and what was included taken away.

What a form sends is done by POST and answered by the address of a page, so that to load it again does nothing. Two alike are one mark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casereviews import Decision, Mark, QueryError, SavedSearch
from casereviews.collection.asking.search_record import logged_searches
from casereviews.collection.clock import today
from casereviews.collection.collection import Collection
from casereviews.collection.errors import RequestError
from casereviews.collection.keeping.marks import (
    CONFLICT,
    DECISIONS,
    FIELDS,
    FULL,
    TITLE,
)
from casereviews.collection.keeping.saved_searches import PLAIN_SINCE
from casereviews.collection.output import FORMS, RECORDS, Answer, Column
from casereviews.collection.output.addresses import address
from casereviews.collection.output.exporting import answer_of
from casereviews.collection.output.flow_diagram import WORDS, FlowBox, flow_svg
from casereviews.collection.output.hostile import for_line
from casereviews.web.dates import date_in_words
from casereviews.web.marking import (
    DECIDED,
    MOST_LETTERS,
    MarkedAs,
    Marking,
    as_said,
    gone_back,
    said_of,
    told,
)
from casereviews.web.marking import STAGES as STAGE_WORDS
from casereviews.web.marking import put as put_mark
from casereviews.web.pages.saved import address_of
from casereviews.web.pages.search import LAST_PAGE
from casereviews.web.reading import Fields, posted, reading
from casereviews.web.rendering import shown

A_PAGE = 50
SHOWN = (*DECISIONS, CONFLICT)
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xml": "application/xml",
    "ris": "application/x-research-info-systems",
    "bib": "application/x-bibtex",
}
"""Of the files that are taken away, by their endings; any other is text."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is marked: of `total` reviews so many were decided by the person who looks, and so many by whoever, by decision."""

    name: str
    total: int
    mine: int
    rows: tuple[tuple[str, int, int], ...]
    every: str
    unmarked: str


@dataclass(frozen=True, slots=True)
class AskedMarks:
    """What was asked for: which decisions ("" for all), a saved search or a query whose progress is wanted, and which page of the list."""

    show: str
    saved: str
    query: str
    page: int = 1

    def address(self) -> str:
        """Its own address."""
        page = self.page if self.page > 1 else ""
        return address("/marks", show=self.show, saved=self.saved, q=self.query, page=page)

    def on_page(self, number: int) -> AskedMarks:
        """The same on another page."""
        return replace(self, page=number)

    def showing(self, show: str) -> AskedMarks:
        """The same with other decisions, from the first page."""
        return replace(self, show=show, page=1)


def marks(request: Request, collection: Collection) -> Response:
    """The marks that stand, and how far a search is marked: `casereviews mark`."""
    said = request.query_params
    number = said.get("page", "")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    show = said.get("show", "") if said.get("show", "") in SHOWN else ""
    asked = AskedMarks(
        show, said.get("saved", ""), said.get("q", "").strip(), min(max(page, 1), LAST_PAGE)
    )
    decisions = collection.marks.decisions()
    listed = [one for one in decisions if show in ("", one.decision)]
    listed.sort(key=lambda one: (one.decision != CONFLICT, one.review_id))
    start = (asked.page - 1) * A_PAGE
    listed_now = listed[start : start + A_PAGE]
    marking: Marking = request.app.state.marking
    how = marking.marked_as(request)
    progress, wrong = None, ""
    saved = collection.saved.all()
    try:
        progress = _progress(collection, asked, saved, how, decisions)
    except QueryError as error:
        wrong = error.reason
    return shown(
        request,
        "marks.html",
        400 if wrong else 200,
        asked=asked,
        how=how,
        counts=Counter(one.decision for one in decisions),
        total=len(listed),
        rows=[(one, title) for one, title in _titled(collection, listed_now)],
        last=-(-len(listed) // A_PAGE),
        saved=sorted(saved),
        progress=progress,
        wrong=wrong,
        included=any(one.decision == "include" for one in decisions),
        forms=[(name, FORMS[name].help) for name in RECORDS],
        SHOWN=SHOWN,
        DECIDED=DECIDED,
        STAGES=STAGE_WORDS,
        MOST_LETTERS=MOST_LETTERS,
        told=told,
    )


def _titled(collection: Collection, decisions: list[Decision]) -> list[tuple[Decision, str | None]]:
    """Each with the review's title; None where it is not shown."""
    ids = {one.review_id for one in decisions}
    titles = (
        {one.review_id: one.title or "Untitled" for one in collection.reviews(ids)} if ids else {}
    )
    return [(one, titles.get(one.review_id)) for one in decisions]


def _progress(
    collection: Collection,
    asked: AskedMarks,
    saved: Mapping[str, SavedSearch],
    how: MarkedAs,
    decisions: tuple[Decision, ...],
) -> Progress | None:
    """Of a saved search, or of a query; None where neither is asked for. Raises QueryError."""
    search = saved.get(asked.saved)
    name = asked.saved
    if search is None:
        if not asked.query:
            return None
        search, name = SavedSearch("", asked.query), asked.query
    found = collection.search(
        search.query,
        filters=search.filters,
        exact=search.exact,
        all_words=search.grammar < PLAIN_SINCE,
        limit=None,
        facets=False,
        pages=False,
    )
    ids = {hit.review_id for hit in found.hits}
    stage = how.stage or FULL
    at_stage = [one for one in decisions if one.stage == stage and one.review_id in ids]
    together = Counter(one.decision for one in at_stage)
    mine = Counter(
        mark.decision for one in at_stage for mark in one.marks if mark.reader == how.reader
    )
    rows = [(DECIDED[one], mine[one], together[one]) for one in DECISIONS]
    rows.append((DECIDED[CONFLICT], 0, together[CONFLICT]))
    rows.append(
        ("Not marked there yet", found.total - mine.total(), found.total - together.total())
    )
    where = address_of(search)
    filters = {**search.filters, "mark": ("unknown",)}
    unmarked = address_of(replace(search, filters=filters))
    return Progress(name, found.total, mine.total(), tuple(rows), where, unmarked)


def mark_as(request: Request, collection: Collection, fields: Fields) -> Response:
    """As whom and at which stage this person marks from now on."""
    marking: Marking = request.app.state.marking
    marking.mark_as(request, as_said(fields))
    return gone_back(fields, "/marks")


def one_review(request: Request, collection: Collection) -> Response:
    """The marks of a review with their history: `casereviews mark ID --history`."""
    return _of_review(request, collection)


def _of_review(
    request: Request, collection: Collection, *, fields: Fields | None = None, wrong: str = ""
) -> Response:
    review = collection.review(request.path_params["review"])
    marking: Marking = request.app.state.marking
    every = collection.marks
    standing = set(marking.standing(collection).get(review.review_id, ()))
    how = marking.marked_as(request)
    if fields is not None and said_of(fields, "stage") in STAGE_WORDS:
        how = MarkedAs(said_of(fields, "stage"), said_of(fields, "reader")[:MOST_LETTERS])
    mine = next((one for one in standing if one.place == how.place(review.review_id)), None)
    history = [
        (one, one in standing, _then(every.before(one)) if one in standing else "")
        for one in reversed(every.history(review.review_id))
    ]
    kept = fields or {}
    return shown(
        request,
        "mark.html",
        400 if wrong else 200,
        review=review,
        how=how,
        reason=said_of(kept, "reason") if fields else (mine.reason if mine else ""),
        note=said_of(kept, "note") if fields else (mine.note if mine else ""),
        back=kept.get("back", [""])[0],
        decided=mine.decision if mine else "",
        history=history,
        wrong=wrong,
        DECIDED=DECIDED,
        STAGES=STAGE_WORDS,
        MOST_LETTERS=MOST_LETTERS,
        TITLE=TITLE,
        told=told,
        date_in_words=date_in_words,
    )


def _then(before: Mark | None) -> str:
    return "no mark stands then" if before is None else f"then stands: {told(before)}"


def put(request: Request, collection: Collection, fields: Fields) -> Response:
    """Mark a review as the form says, or take its mark away; what is wrong is told beside the field, with all that was typed."""
    review_id = request.path_params["review"]
    decision = said_of(fields, "decision")
    wrong = put_mark(collection, review_id, decision, as_said(fields), fields, "reason")
    if wrong:
        return _of_review(request, collection, fields=fields, wrong=wrong)
    return gone_back(fields, address("/mark", review_id))


def undo(request: Request, collection: Collection, fields: Fields) -> Response:
    """Take a standing mark back; one that stands no longer was taken back before, and nothing is done."""
    review_id = request.path_params["review"]
    meant = tuple(said_of(fields, name) for name in ("decision", "at", "stage", "reader"))
    every = collection.marks
    known = collection.review(review_id).review_id
    for one in every.standing():
        said = tuple(
            " ".join(part.split()) for part in (one.decision, one.at, one.stage, one.reader)
        )
        if one.review_id == known and said == meant:
            try:
                every.undo(one)
            except RequestError:
                break  # another was quicker: the page shows what stands
    return gone_back(fields, address("/mark", review_id))


def flow(request: Request, collection: Collection) -> Response:
    """The boxes of the PRISMA 2020 flow as a diagram and as a table: `casereviews mark --flow`."""
    return _flow(request, collection.marks.flow())


def flow_with_log(request: Request, collection: Collection, fields: Fields) -> Response:
    """The same with the boxes of identification, by a log of searches that is pasted and not kept: `casereviews mark --flow --log FILE`."""
    log = fields.get("log", [""])[0]
    try:
        searches = logged_searches(log.splitlines(), "the log")
        wrong = "" if searches else "there is no search in it: paste the lines of the file"
    except RequestError as error:
        searches, wrong = (), str(error)
    boxes = collection.marks.flow([one.identified() for one in searches])
    return _flow(request, boxes, log=log, wrong=wrong, searches=len(searches))


def _flow(
    request: Request,
    boxes: Sequence[FlowBox],
    *,
    log: str = "",
    wrong: str = "",
    searches: int = 0,
) -> Response:
    said = f"Decisions up to {today()}"
    if searches:
        said += f", {searches} logged search" + ("" if searches == 1 else "es")
    return shown(
        request,
        "flow.html",
        400 if wrong else 200,
        rows=[(WORDS[one.box], for_line(one.reason), one.count) for one in boxes],
        stamp="-".join(str(one.count) for one in boxes),
        drawn=Markup(flow_svg(boxes, said=said)) if searches else "",
        searches=searches,
        log=log if wrong else "",
        wrong=wrong,
    )


def flow_picture(request: Request, collection: Collection) -> Response:
    """The diagram of it as SVG."""
    drawn = flow_svg(collection.marks.flow(), said=f"Decisions up to {today()}")
    return Response(drawn, media_type="image/svg+xml")


def included(request: Request, collection: Collection) -> Response:
    """The reviews that were included, as a file: `casereviews export mark:include`, without real persons' names."""
    form = FORMS.get(request.path_params["form"])
    if form is None or form.name not in RECORDS:
        raise HTTPException(404)
    found = collection.search(filters={"mark": ["include"]}, limit=None, facets=False, pages=False)
    answer = replace(answer_of(list(collection.exported(found))), vocabulary=collection.vocabulary)
    if form.abstracts:
        answer = replace(answer, records=collection.with_abstracts(answer.records))
    return _file(form.text(answer), f"included.{form.extension}", form.extension)


def as_table(request: Request, collection: Collection) -> Response:
    """The marks that stand as CSV, to be shared: `casereviews mark --csv`."""
    rows = [one.to_json() for one in collection.marks.standing()]
    answer = Answer(payload=rows, columns=tuple(Column(key, key) for key in FIELDS), rows=rows)
    return _file(FORMS["csv"].text(answer), "marks.csv", "csv")


def _file(text: str, name: str, ending: str) -> Response:
    return Response(
        text,
        media_type=TYPES.get(ending, "text/plain; charset=utf-8"),
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


ROUTES = (
    Route("/marks", reading(marks)),
    Route("/marks/as", posted(mark_as), methods=["POST"]),
    Route("/marks/flow", reading(flow), methods=["GET"]),
    Route("/marks/flow", posted(flow_with_log), methods=["POST"]),
    Route("/marks/flow.svg", reading(flow_picture)),
    Route("/marks/marks.csv", reading(as_table)),
    Route("/marks/included/{form}", reading(included)),
    Route("/mark/{review}", reading(one_review), methods=["GET"]),
    Route("/mark/{review}", posted(put), methods=["POST"]),
    Route("/mark/{review}/undo", posted(undo), methods=["POST"]),
)
