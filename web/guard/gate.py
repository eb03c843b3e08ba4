"""Every request goes through the guards in turn; the first that refuses answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from casereviews.web.guard.refusals import Guard, Refusal


class Gate:
    """`guards` look in their order; `answer` makes a page of a refusal."""

    def __init__(
        self,
        app: ASGIApp,
        guards: Sequence[Guard],
        answer: Callable[[Request, Refusal], Response],
    ) -> None:
        self._app = app
        self._guards = guards
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope)
            for guard in self._guards:
                refusal = guard.refusal(request)
                if refusal is not None:
                    await self._answer(request, refusal)(scope, receive, send)
                    return
        await self._app(scope, receive, send)
