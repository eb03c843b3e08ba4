"""A page's function run in a reader's thread, and its errors made pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from casereviews.collection.collection import Collection
from casereviews.web.failures import failed
from casereviews.web.guard.limits import form_of
from casereviews.web.readers import Readers

Page = Callable[[Request, Collection], Response]
Fields = dict[str, list[str]]
Form = Callable[[Request, Collection, Fields], Response]
Endpoint = Callable[[Request], Awaitable[Response]]


def reading(page: Page) -> Endpoint:
    """The endpoint of a page that is asked for by its address."""

    async def endpoint(request: Request) -> Response:
        def question(collection: Collection) -> Response:
            return page(request, collection)

        return await _answered(request, question)

    return endpoint


def posted(page: Form) -> Endpoint:
    """The endpoint of a page that is sent a form: what is typed is in no address. HTTPException for what is no form, or too long."""

    async def endpoint(request: Request) -> Response:
        fields = await form_of(request)

        def question(collection: Collection) -> Response:
            return page(request, collection, fields)

        return await _answered(request, question)

    return endpoint


async def _answered(request: Request, question: Callable[[Collection], Response]) -> Response:
    readers: Readers = request.app.state.readers
    try:
        return await readers.ask(question)
    except HTTPException:
        raise
    except Exception as error:  # noqa: BLE001 - the edge: every error becomes a page
        return failed(request, error)
