"""The page as an ASGI application: guards around, pages within."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from casereviews.collection.collection import Collection
from casereviews.collection.page_pictures import Pictures
from casereviews.web.agreed import AgreedLines
from casereviews.web.changes import Changes
from casereviews.web.failures import CaughtFailures, not_answered, refused
from casereviews.web.guard.gate import Gate
from casereviews.web.guard.headers import SecurityHeaders
from casereviews.web.guard.hosts import Hosts
from casereviews.web.guard.origins import Origins
from casereviews.web.guard.proxy import Proxy
from casereviews.web.guard.sessions import Sessions
from casereviews.web.marking import Marking
from casereviews.web.pages import all_routes
from casereviews.web.readers import READERS, Readers


@dataclass(frozen=True, slots=True)
class Access:
    """Under which hosts the page is asked for (`127.0.0.1:8000`), how people prove that they may: by a session or by their proxy,
    and whether they may change what was read of reviews and what is held."""

    hosts: Sequence[str]
    people: Sessions | Proxy
    allow_changes: bool = False


def application(
    collection: Collection,
    access: Access,
    *,
    readers: int = READERS,
    agreed: AgreedLines | None = None,
) -> Starlette:
    """The page over a collection, for one server. Its lifespan's end closes what its readers opened.

    `agreed` is what several workers of a run must know of each other.
    """
    pictures = Pictures()
    marking = Marking(agreed)

    def forget() -> None:
        pictures.forget()
        marking.forget()

    shared = Readers(collection, readers, forget)
    changes = Changes(collection)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            changes.close()
            shared.close()
            pictures.close()

    guards = (Hosts(access.hosts), Origins(), access.people)
    app = Starlette(
        routes=all_routes(changes=access.allow_changes),
        lifespan=lifespan,
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(CaughtFailures),
            Middleware(Gate, guards=guards, answer=refused),
        ],
        exception_handlers={HTTPException: not_answered},  # type: ignore[dict-item]
    )
    app.state.readers = shared
    app.state.changes = changes
    app.state.pictures = pictures
    app.state.marking = marking
    app.state.access = access
    return app
