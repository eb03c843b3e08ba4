"""Connections that are too slow are ended: uvicorn itself waits as long as it takes for a request to arrive, and for its answer to be read."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
"""For a request's line and headers to arrive: before it, and between two on a kept connection."""
ANSWER_SECONDS = 90.0
"""For the rest of the request, its answer, and the reading of that."""


class TimedConnection(H11Protocol):
    """An HTTP connection with one clock: HEAD_SECONDS until a request has come, then ANSWER_SECONDS until it is answered."""

    _clock: asyncio.TimerHandle | None = None
    _answering = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wind(HEAD_SECONDS)

    def handle_events(self) -> None:
        super().handle_events()
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering and not self._answering:
            self._wind(ANSWER_SECONDS)
        self._answering = answering

    def on_response_complete(self) -> None:
        self._answering = False
        self._wind(HEAD_SECONDS)
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._clock is not None:
            self._clock.cancel()
        super().connection_lost(exc)

    def _wind(self, seconds: float) -> None:
        if self._clock is not None:
            self._clock.cancel()
        self._clock = self.loop.call_later(seconds, self.transport.abort)
