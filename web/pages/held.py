"""Held: what is hidden until a person decides, why, and the decision to show it again; only where the operator allows changes."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from casereviews.collection.collection import Collection
from casereviews.collection.errors import RequestError
from casereviews.web.changes import a_word, changed_once, changing
from casereviews.web.dates import date_in_words
from casereviews.web.marking import said_of
from casereviews.web.reading import Fields, reading
from casereviews.web.rendering import shown

CHANGES = True


def held(request: Request, collection: Collection) -> Response:
    """All of it: `casereviews held`."""
    found = collection.held()
    return shown(
        request,
        "held.html",
        held=found,
        returned=sum(one.listed_again is not None for one in found),
        unchecked=[str(one) for one in collection.unchecked()],
        word=a_word(),
        date_in_words=date_in_words,
    )


def release(request: Request, collection: Collection, fields: Fields) -> Response:
    """Show a document again, or let a replaced version rest as history: `casereviews held release ID`."""
    document, version = said_of(fields, "document"), said_of(fields, "version")
    if not document or (version and not (version.isascii() and version.isdigit())):
        raise RequestError("say what is released: press one of the buttons")
    changed_once(
        request,
        fields,
        lambda: collection.release(document, version=int(version) if version else None),
    )
    return RedirectResponse("/held", 303)


def release_returned(request: Request, collection: Collection, fields: Fields) -> Response:
    """Show all that its list names again: `casereviews held release --all`."""
    changed_once(request, fields, collection.release_returned)
    return RedirectResponse("/held", 303)


ROUTES = (
    Route("/held", reading(held)),
    Route("/held/release", changing(release), methods=["POST"]),
    Route("/held/returned", changing(release_returned), methods=["POST"]),
)
