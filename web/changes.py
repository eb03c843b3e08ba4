"""Changes of the collection from the page: one after the other in a thread of their own, so that whoever reads waits for none of them.

A form carries a word that is good once: sent twice, as by a double click, it is done once.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from starlette.requests import Request
from starlette.responses import Response

from casereviews.collection.collection import Collection
from casereviews.collection.errors import FileBusy
from casereviews.web.failures import failed
from casereviews.web.guard.limits import form_of
from casereviews.web.marking import said_of
from casereviews.web.reading import Endpoint, Form

MOST_WAITING = 8
"""Changes that wait for those before them; the next one is told to come again."""
MOST_REMEMBERED = 10_000
ONCE = "once"


class Changes:
    """What is to be changed, in its order."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._thread = ThreadPoolExecutor(1, "changes")
        self._waiting = 0
        self._lock = threading.Lock()
        self._done: OrderedDict[str, None] = OrderedDict()

    async def do(self, change: Callable[[Collection], Response]) -> Response:
        """What `change` gives. Raises FileBusy when too many wait, and what it raises."""
        with self._lock:
            if self._waiting >= MOST_WAITING:
                raise FileBusy(f"{MOST_WAITING} changes wait already")
            self._waiting += 1
        asked: Future[Response] = self._thread.submit(self._run, change)
        return await asyncio.wrap_future(asked)

    def _run(self, change: Callable[[Collection], Response]) -> Response:
        try:
            return change(self._collection)
        finally:
            self._collection.close()
            with self._lock:
                self._waiting -= 1

    def once(self, word: str, change: Callable[[], object]) -> None:
        """Make the change of a form, unless it was made before; one that failed may be sent again. Called within `do` alone."""
        if word and word in self._done:
            return
        change()
        self._done[word] = None
        while len(self._done) > MOST_REMEMBERED:
            self._done.popitem(last=False)

    def close(self) -> None:
        """Let the one that runs finish; those that wait are left."""
        self._thread.shutdown(cancel_futures=True)


def a_word() -> str:
    """A word that is good once, for a form."""
    return secrets.token_urlsafe(12)


def changed_once(
    request: Request, fields: dict[str, list[str]], change: Callable[[], object]
) -> None:
    """Make the change that a form asks for, once."""
    changes: Changes = request.app.state.changes
    changes.once(said_of(fields, ONCE), change)


def changing(page: Form) -> Endpoint:
    """The endpoint of a form that changes the collection."""

    async def endpoint(request: Request) -> Response:
        fields = await form_of(request)

        def change(collection: Collection) -> Response:
            return page(request, collection, fields)

        changes: Changes = request.app.state.changes
        try:
            return await changes.do(change)
        except Exception as error:  # noqa: BLE001 - the edge: every error becomes a page
            return failed(request, error)

    return endpoint
