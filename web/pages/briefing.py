"""Briefing: what the reviews that a search finds say of its matter, in their own sentences; to be read here, or taken as a Word file or Markdown."""

from __future__ import annotations

from importlib.util import find_spec

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casereviews import QueryError
from casereviews.collection.briefing.layout import Heading, Paragraph, Quote, Table, blocks
from casereviews.collection.briefing.markdown import markdown
from casereviews.collection.briefing.records import Briefing
from casereviews.collection.briefing.word import docx
from casereviews.collection.collection import Collection
from casereviews.collection.errors import RequestError
from casereviews.collection.output.addresses import sentence_address
from casereviews.web.pages.search import Asked, asked_of
from casereviews.web.reading import reading
from casereviews.web.rendering import shown

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = {Heading: "heading", Paragraph: "paragraph", Table: "table", Quote: "quote"}


def page(request: Request, collection: Collection) -> Response:
    """The briefing of what the search page finds for the same address; without a query and filters the form alone."""
    asked = asked_of(request.query_params)
    briefing: Briefing | None = None
    wrong = ""
    if asked.anything:
        try:
            briefing = drafted(collection, asked)
        except QueryError as error:
            wrong = error.reason
    parts = list(blocks(briefing)) if briefing and briefing.reviews else []
    return shown(
        request,
        "briefing.html",
        400 if wrong else 200,
        asked=asked,
        wrong=wrong,
        briefing=briefing,
        parts=[(KINDS[type(one)], one) for one in parts],
        kept={
            name: values for name, values in asked.filters.items() if name not in ("theme", "scope")
        },
        themes=sorted(collection.vocabulary.labels("theme").items(), key=lambda pair: pair[1]),
        word=find_spec("docx") is not None,
        index=collection.searcher.built,
        sources=collection.source_standing(),
        sentence_address=sentence_address,
    )


def drafted(collection: Collection, asked: Asked) -> Briefing:
    """The briefing that is asked for. Raises QueryError, and RequestError where nothing is asked for."""
    return collection.briefing(asked.query, filters=asked.filters, exact=asked.exact)


def file(request: Request, collection: Collection) -> Response:
    """The same as a file, without real persons' names as all that is taken away: `casereviews briefing --to`."""
    ending = request.path_params["ending"]
    if ending not in ("docx", "md"):
        raise HTTPException(404)
    briefing = drafted(collection, asked_of(request.query_params))
    if not briefing.reviews:
        raise RequestError("no review was found for it: ask for less")
    content = docx(briefing) if ending == "docx" else markdown(briefing)
    return Response(
        content,
        media_type=WORD if ending == "docx" else "text/markdown; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="briefing.{ending}"'},
    )


ROUTES = (
    Route("/briefing", reading(page)),
    Route("/briefing.{ending}", reading(file)),
)
