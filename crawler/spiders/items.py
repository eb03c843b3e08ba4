"""What spiders yield and `RecordPipeline` records."""

from __future__ import annotations

from dataclasses import dataclass

from casereviews.crawler.parsing.parsed import Parsed
from casereviews.repository.model import Fetch, Sighting


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page was read (or is as it was): its fetch and what it said.

    `asked` is the address that was asked for and under which the page is remembered. `fetch` is None for a page that
    was not due: what it said last time still stands. `same` is True when it says what it said before.
    """

    asked: str
    fetch: Fetch | None
    parsed: Parsed
    same: bool = False


@dataclass(frozen=True, slots=True)
class FileArrived:
    """A document's file came in full, or was said to be unchanged (`body` None).

    `twins` are addresses that may lead to the same page: (address, evidence), see `own_addresses`.
    """

    fetch: Fetch
    sighting: Sighting
    body: bytes | None
    twins: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AskedInVain:
    """A request ended without a page or a file; `fetch.error` names why."""

    fetch: Fetch
    role: str


@dataclass(frozen=True, slots=True)
class UnlistedAsked:
    """A document that is listed no more was asked for itself; `fetch.error` says what came (`unlisted.trouble_of`)."""

    fetch: Fetch
