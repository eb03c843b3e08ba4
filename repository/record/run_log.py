"""The part of the record that speaks of runs, sources and requests."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from casereviews.repository.model import Fetch, SourceInfo
from casereviews.repository.record import changing_parameters, runs
from casereviews.repository.record.outcome import Run, SourceState, UrlState
from casereviews.repository.record.transactions import Transactions


class RunLog(Transactions):
    """Runs, sources and how they stand, the revision, and the log of fetches."""

    def begin_run(self, verb: str, at: str) -> int:
        """Write that a run starts; returns its number."""
        with self.transaction() as c:
            return runs.begin_run(c, verb, at)

    def end_run(self, run_id: int, at: str, status: str, report: Any = None) -> None:
        """Write how a run ended; `report` is anything that JSON can hold."""
        with self.transaction() as c:
            runs.end_run(c, run_id, at, status, report or {})

    def runs(self, limit: int = 20, *, verb: str | None = None) -> list[Run]:
        """The newest runs first."""
        with self.transaction() as c:
            return runs.runs(c, limit=limit, verb=verb)

    def span_of_runs(self, verb: str) -> tuple[str | None, str | None, int]:
        """When the first run of a verb started, when the last one ended, and how many there were."""
        with self.transaction() as c:
            return runs.span_of_runs(c, verb)

    def put_source(self, info: SourceInfo, same_as: Iterable[tuple[str, str]] = ()) -> None:
        """Keep what the registry says of a source, and its rules of identity."""
        with self.transaction() as c:
            runs.put_source(c, info, same_as)

    def sources(self) -> dict[str, SourceInfo]:
        """Every source that was crawled or added to, by id."""
        with self.transaction() as c:
            return runs.sources(c)

    def source_states(self) -> dict[str, SourceState]:
        """How every source stood after its last run."""
        with self.transaction() as c:
            return runs.source_states(c)

    def yields(self, source_id: str, limit: int = 30) -> list[tuple[str, str, int]]:
        """(finished, result, documents sighted) of a source's last nights, newest first: of each what its last run said."""
        with self.transaction() as c:
            return runs.yields(c, source_id, limit=limit)

    def revision(self) -> int:
        """A number that grows whenever anything visible changed."""
        with self.transaction() as c:
            return runs.revision(c)

    def raise_revision(self) -> int:
        """Say that something visible changed; returns the new number."""
        with self.transaction() as c:
            return runs.raise_revision(c)

    def record_fetch(self, run_id: int, done: Fetch) -> None:
        """Log one request and keep what it teaches of its address."""
        with self.transaction() as c:
            runs.record_fetch(c, run_id, done)

    def url_state(self, url: str, source_id: str = "") -> UrlState | None:
        """What is known of an address, spelled as it was asked for but for a source's changing parameters; None when it never was."""
        with self.transaction() as c:
            return runs.url_state_of(c, url, source_id)

    def changing_parameters(self, source_id: str) -> tuple[tuple[str, str], ...]:
        """Rules of identity that were found out: parameters of a source's addresses that are others on every visit."""
        with self.transaction() as c:
            return changing_parameters.rules_of(c, source_id)

    def forget_changing_parameters(self, source_id: str) -> None:
        """Take back what was found out: a page shows that it tells documents apart."""
        with self.transaction() as c:
            changing_parameters.forget(c, source_id)

    def forget_fetches(self, before: str) -> int:
        """Drop log lines of fetches made before a time; returns how many."""
        with self.transaction() as c:
            return runs.forget_fetches(c, before)
