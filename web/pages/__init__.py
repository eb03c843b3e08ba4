"""The pages: a module a page, each with its `ROUTES`; found by themselves.

A page is a function of a request and the collection, run in a thread that has the collection's files open (`web.readers`):

    def page(request: Request, collection: Collection) -> Response:
        return shown(request, "review.html", review=collection.review(request.path_params["review_id"]))

    ROUTES = (Route("/review/{review_id}", reading(page)),)
"""

from __future__ import annotations

import importlib
import pkgutil

from starlette.routing import BaseRoute


def all_routes(*, changes: bool) -> list[BaseRoute]:
    """The routes of every module of this folder, in the order of their names; of those that say `CHANGES` only where `changes` are allowed."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    return [
        route
        for module in modules
        if changes or not getattr(module, "CHANGES", False)
        for route in module.ROUTES
    ]
