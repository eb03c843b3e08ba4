"""What is new: what happened to documents since the last run or a day, and the feed that every refresh writes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casereviews.collection.asking.news import KINDS, WORDS
from casereviews.collection.collection import Collection
from casereviews.collection.errors import RequestError
from casereviews.collection.keeping.saved_searches import checked_name
from casereviews.collection.output.addresses import address
from casereviews.web.dates import date_in_words
from casereviews.web.pages.search import LAST_PAGE
from casereviews.web.reading import reading
from casereviews.web.rendering import shown

A_PAGE = 100
FEEDS = {"atom": "application/atom+xml", "md": "text/markdown"}
"""Endings of the feeds that a refresh writes, with what they are."""


@dataclass(frozen=True, slots=True)
class AskedNews:
    """What was asked for: from which day on ("" for the last run), only what happened so ("" for all), and which page of it."""

    since: str
    kind: str
    page: int = 1

    def address(self) -> str:
        """Its own address."""
        page = self.page if self.page > 1 else ""
        return address("/new", since=self.since, kind=self.kind, page=page)

    def on_page(self, number: int) -> AskedNews:
        """The same on another page."""
        return replace(self, page=number)


def news(request: Request, collection: Collection) -> Response:
    """What happened, the latest first, so many a page: `casereviews new`. A day that is none is shown with what is wrong."""
    said = request.query_params
    number = said.get("page", "")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    kind = said.get("kind", "") if said.get("kind", "") in KINDS else ""
    asked = AskedNews(said.get("since", "").strip(), kind, min(max(page, 1), LAST_PAGE))
    happened, wrong = [], False
    try:
        kinds = (asked.kind,) if asked.kind else ()
        happened = list(collection.news(asked.since or None, kinds=kinds))
    except RequestError:  # of what is asked here only the day can be wrong
        wrong = True
    happened.reverse()
    start = (asked.page - 1) * A_PAGE
    return shown(
        request,
        "news.html",
        400 if wrong else 200,
        asked=asked,
        wrong=wrong,
        total=len(happened),
        news=happened[start : start + A_PAGE],
        last=-(-len(happened) // A_PAGE),
        KINDS={one: WORDS.get(one, one) for one in KINDS},
        feed=(collection.home.feeds / "new.atom").exists(),
        date_in_words=date_in_words,
    )


def feed(request: Request, collection: Collection) -> Response:
    """A feed as the last refresh wrote it. No path is made of what was asked but of a saved search's checked name."""
    form = request.path_params["form"]
    name = request.path_params.get("name")
    if form not in FEEDS:
        raise HTTPException(404)
    _ = (
        collection.searcher
    )  # it refuses while a withdrawal is unfinished, of which a feed may still tell
    try:
        file = f"saved/{checked_name(name)}" if name is not None else "new"
        text = (collection.home.feeds / f"{file}.{form}").read_bytes()
    except (RequestError, FileNotFoundError):
        raise HTTPException(404, "No refresh wrote such a feed yet.") from None
    return Response(text, media_type=FEEDS[form])


ROUTES = (
    Route("/new", reading(news)),
    Route("/feeds/new.{form}", reading(feed)),
    Route("/feeds/saved/{name}.{form}", reading(feed)),
)
