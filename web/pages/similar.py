"""Similar: reviews like a case that is described in plain words. The description is sent in a form, and nothing of it is kept.

It stands in no address, so in no history, no log and no referrer: the answer comes to the POST itself, is stored by nobody (`no-store`),
and none of its links carries a word of it.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casereviews import Similar
from casereviews.collection.collection import Collection
from casereviews.collection.errors import RequestError
from casereviews.collection.output.worded_facts import same_facts
from casereviews.web.marking import Marking, put_of_list, undecided
from casereviews.web.pages.search import SCOPES
from casereviews.web.reading import Fields, posted, reading
from casereviews.web.rendering import shown

MOST = 10


def form(request: Request, collection: Collection) -> Response:
    """The field for the description."""
    _ = collection.searcher  # where nothing can be compared, nobody is asked to type
    return _page(request, collection, "", "")


def found(request: Request, collection: Collection, fields: Fields) -> Response:
    """The reviews that read like the description that was sent, with the reasons: `casereviews similar`."""
    not_marked = put_of_list(collection, fields)
    text = fields.get("text", [""])[0].replace("\r\n", "\n")
    scope = fields.get("scope", [""])[0]
    scope = scope if scope in SCOPES else ""
    try:
        similar = collection.similar(
            text, filters={"scope": [scope]} if scope else None, limit=MOST
        )
    except RequestError as error:
        return _page(request, collection, text, scope, wrong=str(error))
    return _page(request, collection, text, scope, similar=similar, not_marked=not_marked)


def _page(
    request: Request,
    collection: Collection,
    text: str,
    scope: str,
    *,
    similar: Similar | None = None,
    wrong: str = "",
    not_marked: tuple[str, str] = ("", ""),
) -> Response:
    marking: Marking = request.app.state.marking
    markables = marking.markables(
        request, collection, [hit.review_id for hit in similar.results.hits] if similar else ()
    )
    return shown(
        request,
        "similar.html",
        400 if wrong or not_marked[1] else 200,
        text=text,
        scope=scope,
        found=similar,
        wrong=wrong,
        not_marked=not_marked,
        markables=markables,
        how=marking.marked_as(request),
        next=undecided(markables),
        SCOPES=SCOPES,
        same_facts=same_facts,
        vocabulary=collection.vocabulary,
    )


ROUTES = (
    Route("/similar", reading(form), methods=["GET"]),
    Route("/similar", posted(found), methods=["POST"]),
)
