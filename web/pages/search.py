"""Search."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casereviews.collection.collection import Collection
from casereviews.web.reading import reading
from casereviews.web.rendering import shown


def search(request: Request, collection: Collection) -> Response:
    """The hits of a query and filters."""
    query = request.query_params.get("q", "")
    results = collection.search(query) if query else None
    return shown(request, "search.html", query=query, results=results)


ROUTES = (Route("/", reading(search)),)
