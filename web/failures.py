"""What went wrong, as a page that says what to do next, and as a line for whoever runs the server that repeats nothing of what was typed."""

from __future__ import annotations

import sys
import traceback

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casereviews import UnknownId
from casereviews.collection.errors import FileBusy
from casereviews.repository.errors import HomeLocked
from casereviews.web.guard.origins import READING
from casereviews.web.guard.refusals import Refusal
from casereviews.web.rendering import shown

_BUSY = "Nothing that you sent was done. Go back and send it again in a minute; what you typed stands there still."
_LOOK_FIRST = "Look whether what you sent was done before you send it again"
_HEADINGS = {
    400: "This cannot be shown as it was asked",
    404: "Page not found",
    405: "This cannot be done here",
    408: "It took too long to arrive",
    413: "This is too long",
}


def refused(request: Request, refusal: Refusal) -> Response:
    """The page of a refusal."""
    return shown(request, "refused.html", refusal.status, refusal=refusal, inside=False)


def not_answered(request: Request, error: HTTPException) -> Response:
    """The page of what no page answers."""
    text = error.detail if error.status_code in (400, 408, 413) else ""
    if error.status_code == 404:
        text = text or "Look whether the address was typed or copied in full."
    refusal = Refusal(error.status_code, _HEADINGS.get(error.status_code, error.detail), text)
    response = shown(request, "refused.html", error.status_code, refusal=refusal, inside=True)
    response.headers.update(error.headers or {})
    return response


def failed(request: Request, error: Exception) -> Response:
    """The page of an error: what was asked wrongly says so; what cannot run says what to do; a defect says only that it is one."""
    exit_code = getattr(error, "exit_code", None)
    if isinstance(error, UnknownId):
        return _page(request, 404, "There is no such review or document", str(error))
    if exit_code == 2:
        return _page(request, 400, _HEADINGS[400], str(error))
    if isinstance(error, (HomeLocked, FileBusy)):
        sys.stderr.write(f"Error: {error}\n")
        response = _page(request, 503, "Somebody else is changing the collection", _BUSY)
        response.headers["retry-after"] = "60"
        return response
    if isinstance(exit_code, int):
        sys.stderr.write(f"Error: {error}\n")
        return _page(request, 503, "The collection cannot be read just now", str(error))
    sys.stderr.write(where(error) + "\n")
    done = "Nothing was changed: try again" if request.method in READING else _LOOK_FIRST
    return _page(
        request,
        500,
        "Something went wrong here",
        f"It was not your fault. {done}; if it stays so, tell whoever runs this page when it happened.",
    )


class CaughtFailures:
    """Makes a page of every error that no page made one of; what was begun to be sent is broken off."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            await failed(Request(scope), error)(scope, receive, send)


def where(error: BaseException) -> str:
    """Where an error came from, without its message and without any value: they may hold what was typed."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    return "\n".join((f"Error: a defect ({type(error).__name__}), from:", *lines))


def _page(request: Request, status: int, heading: str, text: str) -> Response:
    return shown(
        request, "refused.html", status, refusal=Refusal(status, heading, text), inside=True
    )
