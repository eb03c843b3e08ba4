"""Runs a crawl in a child process: a crash, a leak or a kill there costs the night's rest, not the caller."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import msgspec

from casereviews.crawler.errors import ChildDied
from casereviews.crawler.network.manners import require_contact
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.outcome import CrawlOutcome, Tally
from casereviews.crawler.process.job import Job
from casereviews.crawler.process.launcher import ending, running
from casereviews.crawler.sources.source import Source
from casereviews.repository.home import Home


@dataclass(frozen=True, slots=True)
class CrawlEvent:
    """What a crawl tells while it runs: `event` is started, page, file, in_vain or done, `source` its source's id.

    When it is done, `outcome` is how it went.
    """

    event: str
    source: str
    outcome: CrawlOutcome | None = None


Progress = Callable[[CrawlEvent], None]

LOG_NAME = "crawl.log"


def run_crawl(
    home: Home,
    sources: Iterable[Source],
    *,
    run_id: int,
    options: CrawlOptions,
    progress: Progress,
) -> dict[str, CrawlOutcome]:
    """Crawl `sources` and return what became of each, by id in their order.

    The caller holds the home's lock and has begun the run. SIGTERM and SIGINT are passed on: the child finishes the
    page in hand. A child that dies leaves "crashed" outcomes for what it had not told of. Raises NoContact before
    anything is asked, ChildDied when the child could not even start.
    """
    wanted = tuple(source for source in sources if source.start_urls)
    require_contact(wanted, options)
    outcomes: dict[str, CrawlOutcome] = {}
    started: set[str] = set()
    if wanted:
        home.logs.mkdir(parents=True, exist_ok=True)
        job = Job(str(home.root), run_id, wanted, options)
        with running(job, home.logs / LOG_NAME) as child, child.given_our_signals():
            for said in child.events():
                event = msgspec.convert(said, CrawlEvent)
                if event.outcome is not None:
                    outcomes[event.source] = event.outcome
                elif event.event == "started":
                    started.add(event.source)
                progress(event)
            code = child.wait()
        if code and not started:
            raise ChildDied(f"the crawling process could not start (exit {code}): see {child.log}")
        for source in wanted:
            if source.id not in outcomes:
                outcomes[source.id] = _lost(source, code, started)
    return {source.id: outcomes[source.id] for source in wanted}


def _lost(source: Source, code: int, started: set[str]) -> CrawlOutcome:
    tally = Tally(source.id)
    if source.id in started:
        tally.crash = (
            f"the crawling process ended ({ending(code)}) while this source was being read"
        )
    return tally.outcome()
