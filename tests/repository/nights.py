"""A fictional board whose list is written by tests, night by night, into a record; no network, a fixed clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from casereviews.repository.model import Fetch, Sighting, SourceInfo
from casereviews.repository.record import Event, Record, SourceOutcome, Stored

BOARD = SourceInfo(
    "northmoor", "Northmoor Safeguarding Partnership", nation="England", start_urls=("http://northmoor.test/reviews",)
)  # fmt: skip
LIST = "http://northmoor.test/reviews"


def at(day: int) -> str:
    """Two in the morning of a night: day 1 is 1 March 2026, later days may run into later months and years."""
    month, rest = divmod(day - 1, 28)
    year, month = divmod(month + 2, 12)
    return f"{2026 + year}-{month + 1:02}-{rest + 1:02}T02:00:00Z"


def link(name: str, *, source: str = "northmoor", **said: Any) -> Sighting:
    """A file on the board's list; `name` is its path without ".pdf"."""
    values: dict[str, Any] = {
        "file_url": f"http://{source}.test/{name}.pdf",
        "link_text": f"Child {name.upper()}: Serious Case Review",
        **said,
    }
    return Sighting(source, f"http://{source}.test/reviews", **values)


def fetched(seen: Sighting, day: int, **said: Any) -> Fetch:
    """The fetch of a sighted file, without redirects unless they are given."""
    url = seen.file_url or ""
    values: dict[str, Any] = {
        "final_url": url,
        "status": 200,
        "media_type": "application/pdf",
        **said,
    }
    return Fetch(seen.source_id, url, fetched_at=at(day), **values)


def name_of(url: str) -> str:
    """The name of a file on the board's list."""
    return url.rpartition("/")[2].removesuffix(".pdf")


@dataclass
class Night:
    """What one night did."""

    run_id: int
    stored: dict[str, Stored]
    events: tuple[Event, ...]
    result: str
    reason: str

    def told(self) -> list[tuple[str, int | None]]:
        """The kinds of events and their counts."""
        return [(one.kind, one.count) for one in self.events]


@dataclass
class Nights:
    """Nights of one board over one record."""

    record: Record
    board: SourceInfo = BOARD
    media_type: str = "application/pdf"
    same_as: tuple[tuple[str, str], ...] = ()
    sightings: dict[str, Sighting] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def night(
        self,
        day: int,
        names: str | list[Sighting],
        bodies: Mapping[str, bytes] | None = None,
        *,
        result: str = "ok",
        complete: bool = True,
        finish: bool = True,
        there: str = "",
        unasked: str = "",
        **outcome: Any,
    ) -> Night:
        """Sight the files with these one-letter names (or these sightings), store bodies by name, ask for the rest, reconcile.

        What is not listed answers 404, but for the names in `there`; those in `unasked` time out.
        """
        record = self.record
        run_id = record.begin_run("refresh", at(day))
        record.put_source(self.board, self.same_as)
        source = self.board.id
        seen = [link(name, source=source) for name in names] if isinstance(names, str) else names
        record.record_sightings(run_id, source, seen)
        stored = {}
        for name, body in (bodies or {}).items():
            one = next(
                (one for one in seen if (one.file_url or "").endswith(f"/{name}.pdf")),
                link(name, source=source),
            )
            stored[name] = record.store_file(
                run_id, one, fetched(one, day, media_type=self.media_type), body
            )
        if complete and result == "ok":
            self._ask(run_id, day, there, unasked, **outcome)
        if not finish:
            return Night(run_id, stored, (), "", "")
        events = self.end(run_id, day, result=result, listing_complete=complete, **outcome)
        state = record.source_states()[source]
        return Night(run_id, stored, events, state.result, state.reason)

    def end(
        self,
        run_id: int,
        day: int,
        *,
        result: str = "ok",
        listing_complete: bool = True,
        **said: Any,
    ) -> tuple[Event, ...]:
        """Reconcile a night; returns what happened."""
        outcome = SourceOutcome(
            self.board.id, result, at(day), at(day), listing_complete=listing_complete, **said
        )
        events = self.record.finish_source(run_id, outcome)
        self.record.end_run(run_id, at(day), "done")
        return events

    def _ask(
        self,
        run_id: int,
        day: int,
        there: str,
        unasked: str,
        *,
        accept_shrink: bool = False,
        **_: Any,
    ) -> None:
        """Ask for what is not listed, as the spider does, and record what came."""
        asked = self.record.unlisted(run_id, self.board.id, at(day), accept_shrink=accept_shrink)
        self.asked = [name_of(one.url) for one in asked]
        for one in asked:
            name = name_of(one.url)
            error = "http_404"
            status: int | None = 404
            if name in unasked:
                error, status = "timeout", None
            elif name in there:
                error, status = "", 200
            self.record.record_fetch(
                run_id, Fetch(self.board.id, one.url, one.url, at(day), status, error or None)
            )

    def first(self, names: str) -> dict[str, str]:
        """A first night with all of these, each with its own bytes; name -> document id."""
        night = self.night(1, names, {name: name.encode() * 9 for name in names})
        return {name: str(stored.document_id) for name, stored in night.stored.items()}
