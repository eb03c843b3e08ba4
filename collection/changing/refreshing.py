"""The night job, whole: crawl, reconcile, read, describe, index, then the saved searches and the feeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from casereviews.collection.asking.news import for_feed, news_of, without_names
from casereviews.collection.changing.write_cycle import write_cycle
from casereviews.collection.clock import now
from casereviews.collection.keepers import standing_index
from casereviews.collection.keeping.registry import Registry
from casereviews.collection.keeping.saved_searches import SavedNews, SavedSearches
from casereviews.collection.output.feeds import write_news
from casereviews.collection.progress import Progress
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.refresh import RefreshReport, refresh, write_report
from casereviews.crawler.sources.source import Source
from casereviews.index.errors import ModelError
from casereviews.index.folder import Built
from casereviews.repository.home import Home
from casereviews.repository.record import Record
from casereviews.repository.stopping import Stopped, stopping


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did: the night job's report, the index now, and what each saved search found that is new.

    After a stop `why_stopped` says what stopped it: "stopped" (SIGTERM), "interrupted" (Ctrl-C) or "hung_up" (its terminal was closed), and `built` is None unless only saved
    searches were left to run. Where nobody was to be asked `built` is None, there was no run, and `next_due` is when something will be.
    `model_trouble` says why `similar` compares no passages of what is new.
    """

    report: RefreshReport
    built: Built | None
    saved: tuple[SavedNews, ...]
    why_stopped: str | None = None
    next_due: str | None = None
    model_trouble: str = ""

    @property
    def saved_counts(self) -> dict[str, int]:
        """Saved search -> how many reviews are new; those that could not be run are not in it."""
        return {one.name: len(one.new) for one in self.saved if not one.trouble}


def nothing_asked(next_due: str | None) -> Refreshed:
    """No run: every source was asked a short while ago, or there is no time to ask one."""
    return Refreshed(RefreshReport.of_nothing(now()), None, (), next_due=next_due)


def refresh_home(
    home: Home,
    sources: Iterable[Source],
    options: CrawlOptions,
    registry: Registry,
    saved: SavedSearches,
    progress: Progress,
    *,
    accept_shrink: bool = False,
    warn: Callable[[str], None] | None = None,
) -> Refreshed:
    """Refresh under the home's lock; raises HomeLocked when another run holds it, NoContact before anything is asked.

    A run that is stopped (`repository/stopping.py`) is whole up to where it came, and told as stopped; index, saved searches and feeds
    are then the next run's. Raises Stopped when it was stopped before it had begun.
    """
    sources = tuple(sources)
    with stopping(options.seconds) as switch:
        home.create()
        with write_cycle(home, "refresh", progress, warn) as cycle:
            report = refresh(
                home,
                sources=sources,
                options=registry.with_contact(sources, options),
                now=now,
                progress=progress.crawl,
                step=progress.step,
                accept_shrink=accept_shrink,
                vocabulary=cycle.vocabulary,
            )
            if report.stopped:
                cycle.leave_index()
                return Refreshed(report, None, (), switch.why)
            cycle.processed(report.processed, report.revision_before)
            model_trouble = ""
            try:
                built = cycle.index()
            except ModelError as error:  # all else is kept up, and the night is told of
                cycle.leave_index()
                built, model_trouble = standing_index(home), str(error)
            except Stopped:
                cycle.leave_index()
                report = replace(report, stopped=True)
                write_report(home, report)
                with Record.open(home, write=True) as record:
                    record.end_run(report.run_id, now(), "stopped", report.to_json())
                return Refreshed(report, None, (), switch.why)
            happened = for_feed(home, report.run_id)
            news = without_names(home, news_of(home, happened))
            write_news(home.feeds, [one.to_json() for one in news], report.ended)
            try:
                ran = saved.run_all(now())
            except Stopped:  # what was run is in its feed; the rest finds the same the next time
                return Refreshed(report, built, (), switch.why, model_trouble=model_trouble)
    return Refreshed(report, built, ran, model_trouble=model_trouble)
