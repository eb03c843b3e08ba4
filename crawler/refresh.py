"""The night job up to describing: crawl, reconcile, read, describe, report. The index is the caller's: the crawler does not know it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from casereviews.crawler.health import judge
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.outcome import CrawlOutcome
from casereviews.crawler.process.crawl import Progress, run_crawl
from casereviews.crawler.sources.source import Source
from casereviews.crawler.spiders.schedule import is_future, parse_time, stamp
from casereviews.repository.file_trouble import files_not_had, troubles_counted, troubles_joined
from casereviews.repository.home import Home
from casereviews.repository.processing import Processed, process
from casereviews.repository.reading import Limits
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
from casereviews.repository.record.outcome import Event, SourceOutcome, SourceState
from casereviews.repository.stopping import Stopped, checkpoint
from casereviews.repository.vocabulary import Vocabulary
from casereviews.repository.whole_files import write_whole

HEALTHY = frozenset({"ok", "unchanged", "empty"})
FETCH_LOG_DAYS = 400
"""How long the log of requests is kept: a year and a month, so that this night can be compared with last year's."""

DUE_AFTER = 20
"""Hours: a source that was asked within them waits for the next night."""

UNHEALTHY_SHARE = 0.25
"""Of the sources of a run: with more than this share unhealthy the run itself is (exit code 1)."""

Step = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One source's part of the run's report. `file_troubles` counts the listed files that could not be had: name -> host -> number."""

    source_id: str
    publisher: str
    result: str
    reason: str
    was: str | None
    events: Mapping[str, int]
    counts: Mapping[str, int]
    left_alone: Mapping[str, int]
    announced: int | None
    seconds: float
    file_troubles: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    list_read: bool = False
    asked: bool = True
    unchecked: int = 0
    unchecked_since: str | None = None

    @property
    def lacks_files_only(self) -> bool:
        """True when it is partial for some files that could not be had, and its whole list was read. Without any file it is ill."""
        some = files_not_had(self.file_troubles) < self.counts.get("sighted", 0)
        return self.result == "partial" and self.list_read and some

    @property
    def newly_unhealthy(self) -> bool:
        """True when it was healthy, or never asked, and is not now; lists with dead links are everywhere and are no news, and a run that
        ended before its turn says nothing of it."""
        ill = self.asked and self.result not in HEALTHY and not self.lacks_files_only
        return ill and (self.was is None or self.was in HEALTHY)

    @property
    def look(self) -> str:
        """The command that says why it is as it is, and what mends it."""
        return f"casereviews sources check {self.source_id}"


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What a run did; `run_id` is 0 where nothing was due, and there was no run. `revision_before` is the record's revision when it began: an index of that revision needs only `processed.changed`."""

    run_id: int
    started: str
    ended: str
    stopped: bool
    sources: tuple[SourceReport, ...]
    events: tuple[Event, ...]
    processed: Processed
    revision_before: int
    paths: tuple[Path, ...] = field(default=())

    @classmethod
    def of_nothing(cls, at: str) -> RefreshReport:
        """There was nothing to ask: no run, and no report is kept of it."""
        return cls(0, at, at, False, (), (), Processed.of_nothing(), 0)

    @property
    def results(self) -> dict[str, int]:
        """How many sources ended how."""
        return dict(Counter(one.result for one in self.sources))

    @property
    def file_troubles(self) -> dict[str, dict[str, int]]:
        """How many files could not be had: name of the trouble -> host -> number."""
        return troubles_joined(one.file_troubles for one in self.sources)

    @property
    def files_not_had(self) -> str:
        """How many listed files could not be had, and why and where: "3 (2 http_404 at docs.example, 1 robots at old.example)"; "" for none."""
        troubles = self.file_troubles
        return f"{files_not_had(troubles)} ({troubles_counted(troubles)})" if troubles else ""

    @property
    def newly_unhealthy(self) -> tuple[str, ...]:
        """Ids of sources that were healthy before and are not now."""
        return tuple(one.source_id for one in self.sources if one.newly_unhealthy)

    @property
    def unhealthy(self) -> tuple[str, ...]:
        """Ids of all sources that did not end well."""
        return tuple(one.source_id for one in self.sources if one.result not in HEALTHY)

    def is_well(self, *, strict: bool = False) -> bool:
        """False when a source is newly unhealthy or too many are; with `strict` when any is, or lacks files."""
        if strict:
            return not self.unhealthy
        ill = sum(not one.lacks_files_only for one in self.sources if one.result not in HEALTHY)
        too_many = ill > UNHEALTHY_SHARE * max(len(self.sources), 1)
        return not self.newly_unhealthy and not too_many

    def to_json(self) -> dict[str, Any]:
        """The report as it is kept in `reports/` and printed by `refresh --json`."""
        return {
            "run": self.run_id or None,
            "started": self.started,
            "ended": self.ended,
            "stopped": self.stopped,
            "results": self.results,
            "file_troubles": self.file_troubles,
            "newly_unhealthy": list(self.newly_unhealthy),
            "events": dict(Counter(event.kind for event in self.events)),
            "files_read": self.processed.read,
            "files_read_again": self.processed.read_again,
            "files_to_read_again": self.processed.waiting,
            "documents_described": self.processed.described,
            "describing_failed": dict(self.processed.failed),
            "reviews": self.processed.reviews,
            "sources": [
                {
                    "id": one.source_id,
                    "publisher": one.publisher,
                    "result": one.result,
                    "reason": one.reason,
                    "was": one.was,
                    "events": dict(one.events),
                    "counts": dict(one.counts),
                    "left_alone": dict(one.left_alone),
                    "file_troubles": {name: dict(at) for name, at in one.file_troubles.items()},
                    "unchecked": one.unchecked,
                    "unchecked_since": one.unchecked_since,
                    "announced": one.announced,
                    "seconds": one.seconds,
                }
                for one in self.sources
            ],
        }


def refresh(
    home: Home,
    *,
    sources: Iterable[Source],
    options: CrawlOptions,
    now: Callable[[], str],
    progress: Progress,
    step: Step,
    limits: Limits | None = None,
    accept_shrink: bool = False,
    vocabulary: Vocabulary | None = None,
) -> RefreshReport:
    """Crawl `sources`, reconcile each with the record, read and describe what is new, and write the report.

    The caller holds the lock and has the home's vocabulary from it. After a kill the next call completes what is missing; so it does after a
    stop (`repository/stopping.py`), which leaves a report of what was done until then. Raises NoContact, ChildDied, CorrectionError, and
    Stopped where the run had not yet begun.
    """
    checkpoint()
    wanted = [source for source in sources if source.crawled]
    started = now()
    with Record.open(home, write=True) as record:
        before = record.revision()
        last_event = record.last_event()
        states = record.source_states()
        run_id = record.begin_run("refresh", started)
        for source in wanted:
            record.put_source(source.info, source.same_as)
    options = replace(options, accept_shrink=accept_shrink)
    outcomes = run_crawl(home, wanted, run_id=run_id, options=options, progress=progress)
    reports: list[SourceReport] = []
    with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
        for source in wanted:
            outcome = outcomes[source.id]
            said = _for_record(outcome, started, now(), accept_shrink=accept_shrink)
            told = record.finish_source(run_id, said)
            state = record.source_states().get(source.id)
            reports.append(_report(source, outcome, said, state, states.get(source.id), told))
        try:
            processed = process(
                record,
                derived,
                now=now(),
                vocabulary=vocabulary,
                progress=step,
                limits=limits or Limits(),
                again=True,
            )
            stopped = any(one.ended == "stopped" for one in outcomes.values())
        except Stopped:
            processed, stopped = Processed.unfinished(record, derived), True
        happened = tuple(record.events(after=last_event))
        reports = [_with_events(one, happened) for one in reports]
        ended = now()
        report = RefreshReport(
            run_id,
            started,
            ended,
            stopped,
            tuple(reports),
            happened,
            processed,
            before,
        )
        status = "stopped" if report.stopped else "done"
        record.forget_fetches(stamp(parse_time(ended) - timedelta(days=FETCH_LOG_DAYS)))
        record.end_run(run_id, ended, status, report.to_json())
    write_report(home, report)
    return report


def _for_record(
    outcome: CrawlOutcome, started: str, finished: str, *, accept_shrink: bool
) -> SourceOutcome:
    result, reason = judge(outcome)
    counts = {
        name: getattr(outcome, name)
        for name in (
            "requests",
            "received",
            "pages",
            "pages_same",
            "pages_not_due",
            "sighted",
            "files_new",
            "files_changed",
            "files_same",
            "files_not_due",
            "files_failed",
            "unlisted_asked",
        )
    }
    return SourceOutcome(
        source_id=outcome.source_id,
        result=result,
        started=started,
        finished=finished,
        reason=reason,
        asked=outcome.asked,
        listing_complete=outcome.complete and result == "ok",
        counts=counts,
        announced=outcome.announced,
        left_alone=dict(outcome.left_alone),
        accept_shrink=accept_shrink,
    )


def _report(
    source: Source,
    outcome: CrawlOutcome,
    said: SourceOutcome,
    state: SourceState | None,
    before: SourceState | None,
    events: Iterable[Event],
) -> SourceReport:
    """One source's part: of one that was asked how it stands now (`state`), of another what was `said` of this run."""
    stands = state if outcome.asked else None
    return SourceReport(
        source.id,
        source.publisher,
        stands.result if stands else said.result,
        stands.reason if stands else said.reason,
        before.result if before else None,
        dict(Counter(event.kind for event in events)),
        dict(said.counts),
        dict(outcome.left_alone),
        outcome.announced,
        outcome.seconds,
        stands.file_troubles if stands else {},
        stands is not None and stands.list_read,
        outcome.asked,
        state.unchecked if state else 0,
        state.unchecked_since if state else None,
    )


def _with_events(report: SourceReport, happened: Iterable[Event]) -> SourceReport:
    """The report with all that happened to the source's documents: texts are compared, and editions held, only when files were read."""
    mine = Counter(event.kind for event in happened if event.source_id == report.source_id)
    result = "ok" if mine and report.result == "unchanged" else report.result
    return replace(report, events=dict(mine), result=result)


def due_sources(
    sources: Iterable[Source], states: Mapping[str, SourceState], now: str
) -> list[Source]:
    """Sources that were last asked more than DUE_AFTER hours ago, those that waited longest first."""
    waited = _hours_waited(states, now)
    asked = (source for source in sources if source.crawled)
    return longest_waiting_first((one for one in asked if waited(one) >= DUE_AFTER), states, now)


def longest_waiting_first(
    sources: Iterable[Source], states: Mapping[str, SourceState], now: str
) -> list[Source]:
    """Sources by when they were last asked: a night that ended early is so made up for by the next."""
    return sorted(sources, key=_hours_waited(states, now), reverse=True)


def _hours_waited(states: Mapping[str, SourceState], now: str) -> Callable[[Source], float]:
    """Hours since a source was last asked; a run in the future, by a clock that was ahead, is long ago."""

    def waited(source: Source) -> float:
        state = states.get(source.id)
        if state is None:
            return float("inf")
        if is_future(state.checked_at, now):
            return float("inf")
        return (parse_time(now) - parse_time(state.checked_at)).total_seconds() / 3600

    return waited


def next_due(sources: Iterable[Source], states: Mapping[str, SourceState]) -> str | None:
    """When the first of sources that were asked before is due again; None for none."""
    asked = [states[source.id].checked_at for source in sources if source.id in states]
    return stamp(parse_time(min(asked)) + timedelta(hours=DUE_AFTER)) if asked else None


def write_report(home: Home, report: RefreshReport) -> None:
    """The report as JSON and as text, named by the run's start; `latest` beside them."""
    home.reports.mkdir(parents=True, exist_ok=True)
    stem = f"refresh-{report.started.replace(':', '')}-{report.run_id}"
    text = json.dumps(
        report.to_json(), indent=1
    )  # titles of pages as escapes: no terminal obeys them
    for name in (f"{stem}.json", "latest.json"):
        write_whole(home.reports / name, text)
    for name in (f"{stem}.txt", "latest.txt"):
        write_whole(home.reports / name, report_text(report))


def report_text(report: RefreshReport) -> str:
    """The report for people: what is new, which sources need a look, what was left alone."""
    lines = [f"Refresh {report.run_id}: {report.started} to {report.ended}"]
    if report.stopped:
        lines.append("It was stopped; the next run goes on.")
    counted = Counter(event.kind for event in report.events)
    lines.append("Events: " + (_listed(counted) or "none"))
    lines.append("Sources: " + _listed(report.results))
    if report.files_not_had:
        lines.append(f"Files that could not be had: {report.files_not_had}")
    for one in report.sources:
        if one.result not in HEALTHY:
            mark = "NEW " if one.newly_unhealthy else ""
            lines.append(f"  {mark}{one.result:17} {one.source_id}: {one.reason}")
            if one.newly_unhealthy:
                lines.append(f"      to look: {one.look}")
    for one in report.sources:
        if one.events or one.left_alone:
            left = f"; left alone: {_listed(one.left_alone)}" if one.left_alone else ""
            lines.append(f"  {one.source_id}: {_listed(one.events) or 'nothing new'}{left}")
    for one in report.sources:
        if one.unchecked:
            since = (one.unchecked_since or "")[:10]
            lines.append(
                f"Not checked for absence: {one.unchecked} of {one.source_id} since {since}"
            )
    if report.processed.read_again or report.processed.waiting:
        lines.append(
            f"Read again with a better reader: {report.processed.read_again} files;"
            f" {report.processed.waiting} wait for the next nights"
        )
    if report.processed.failed:
        lines.append("Could not be described: " + ", ".join(sorted(report.processed.failed)))
    return "\n".join(lines) + "\n"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in sorted(counts.items()))
