"""The night job, whole: crawl, reconcile, read, describe, index, then the saved searches and the feeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from casereviews.collection.asking.news import news_of, without_names
from casereviews.collection.changing.write_cycle import write_cycle
from casereviews.collection.clock import now
from casereviews.collection.keeping.registry import Registry
from casereviews.collection.keeping.saved_searches import SavedNews, SavedSearches
from casereviews.collection.output.feeds import write_news
from casereviews.collection.progress import Progress
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.refresh import RefreshReport, refresh
from casereviews.crawler.sources.source import Source
from casereviews.index.folder import Built
from casereviews.repository.home import Home


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did: the night job's report, the index now, and what each saved search found that is new."""

    report: RefreshReport
    built: Built
    saved: tuple[SavedNews, ...]

    @property
    def saved_counts(self) -> dict[str, int]:
        """Saved search -> how many reviews are new; those that could not be run are not in it."""
        return {one.name: len(one.new) for one in self.saved if not one.trouble}


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
    """Refresh under the home's lock; raises HomeLocked when another run holds it, NoContact before anything is asked."""
    sources = tuple(sources)
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
        cycle.processed(report.processed, report.revision_before)
        built = cycle.index()
        news = without_names(home, news_of(home, report.events))
        write_news(home.feeds, [one.to_json() for one in news], report.ended)
        ran = saved.run_all(now())
    return Refreshed(report, built, ran)
