"""The night job, whole: crawl, reconcile, read, describe, index, then the saved searches and the feeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from casereviews.collection.clock import now
from casereviews.collection.news import News, news_of, without_names
from casereviews.collection.progress import Progress
from casereviews.collection.saved_searches import SavedNews, SavedSearches
from casereviews.collection.write_cycle import write_cycle
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.refresh import RefreshReport, refresh
from casereviews.crawler.sources.source import Source
from casereviews.index.folder import Built
from casereviews.repository.home import Home


@dataclass(frozen=True, slots=True)
class Feeds:
    """What writes the feeds of a home in their forms: of what is new (with the ISO time of the run), and of a saved search.

    They are called while the home's lock is held, so that no feed is written over a withdrawal.
    """

    write_news: Callable[[tuple[News, ...], str], None]
    write_saved: Callable[[SavedNews], None]


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
    saved: SavedSearches,
    progress: Progress,
    *,
    accept_shrink: bool = False,
    feeds: Feeds | None = None,
) -> Refreshed:
    """Refresh under the home's lock; raises HomeLocked when another run holds it."""
    home.create()
    with write_cycle(home, "refresh", progress) as cycle:
        report = refresh(
            home,
            sources=sources,
            options=options,
            now=now,
            progress=progress.crawl,
            step=progress.step,
            accept_shrink=accept_shrink,
            vocabulary=cycle.vocabulary,
        )
        cycle.processed(report.processed, report.revision_before)
        built = cycle.index()
        if feeds is not None:
            feeds.write_news(without_names(home, news_of(home, report.events)), report.ended)
        ran = saved.run_all(now(), feeds.write_saved if feeds else None)
    return Refreshed(report, built, ran)
