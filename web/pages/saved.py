"""Saved searches: what is kept, each with its feed, and what a search finds that nobody was shown yet."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casereviews import SavedSearch, Vocabulary
from casereviews.collection.collection import Collection
from casereviews.collection.output.addresses import address
from casereviews.collection.output.hostile import flat, for_line
from casereviews.collection.output.withholding import without_name
from casereviews.web.dates import date_in_words
from casereviews.web.pages.search import FIELDS
from casereviews.web.reading import Fields, posted, reading
from casereviews.web.rendering import shown


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved search with its filters in words, the address that searches for it now, when a refresh last ran it, and whether it has a feed."""

    search: SavedSearch
    filters: tuple[str, ...]
    href: str
    refreshed: str
    feed: bool


def kept_searches(request: Request, collection: Collection) -> Response:
    """All of them: `casereviews saved list`."""
    saved = collection.saved
    folder = collection.home.feeds / "saved"
    searches = [
        Kept(
            search,
            tuple(_filters(search, collection.vocabulary)),
            address_of(search),
            date_in_words(saved.refreshed_at(search.name)),
            (folder / f"{search.name}.atom").exists(),
        )
        for search in saved.all().values()
    ]
    return shown(request, "saved.html", searches=searches)


def _filters(search: SavedSearch, vocabulary: Vocabulary) -> list[str]:
    return [
        f"{FIELDS[name].label}: {for_line(flat(vocabulary.worded(FIELDS[name], value)))}"
        if name in FIELDS
        else f"{name}: {value}"
        for name, values in search.filters.items()
        for value in values
    ]


def address_of(search: SavedSearch) -> str:
    """The search page with what a saved search asks for, newest first as it runs."""
    exact = "1" if search.exact else ""
    return address("/", q=search.query, **search.filters, exact=exact, sort="date")


def new(request: Request, collection: Collection, _: Fields) -> Response:
    """What neither the last such look nor the last refresh found: `casereviews saved run NAME --new`.

    It is remembered as shown, so that it is asked for by POST.
    """
    ran = collection.saved.run(request.path_params["name"], only_new=True)
    return shown(
        request,
        "saved_new.html",
        search=ran.search,
        found=len(ran.results.hits),
        hits_found=[without_name(hit) for hit in ran.new],
        trouble=ran.trouble,
        href=address_of(ran.search),
        vocabulary=collection.vocabulary,
    )


ROUTES = (
    Route("/saved", reading(kept_searches)),
    Route("/saved/{name}/new", posted(new), methods=["POST"]),
)
