"""Runs a crawl in a child process: a crash, a leak or a kill there costs the night's rest, not the caller."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from threading import Lock

import msgspec

from casereviews.crawler.errors import ChildDied
from casereviews.crawler.network.manners import require_contact
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.outcome import CrawlOutcome, Tally
from casereviews.crawler.process.job import Job
from casereviews.crawler.process.launcher import ending, running
from casereviews.crawler.process.workers import by_host
from casereviews.crawler.sources.source import Source
from casereviews.repository.home import Home
from casereviews.repository.stopping import Switch, stopping
from casereviews.repository.temporary_folders import temporary_folder


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

PAGE_SHARE = 0.25
LEAST_PAGE = 2.0
"""Of a short night no page takes more than a quarter; two seconds of the processor are more than any sound page needs."""

MOST_HANGS = 3
"""After so many pages that hung the child their source is left for the night."""


def run_crawl(
    home: Home,
    sources: Iterable[Source],
    *,
    run_id: int,
    options: CrawlOptions,
    progress: Progress,
) -> dict[str, CrawlOutcome]:
    """Crawl `sources` and return what became of each, by id in their order.

    The caller holds the home's lock and has begun the run. `options.workers` processes crawl at once, each with hosts of its own
    (`workers.py`), and all that is said here of the child is said of each. The run's switch (`repository/stopping.py`) stops it: the child finishes the
    page in hand, and is killed where that takes too long. A child that gives no sign of life is killed too, the page that it was reading
    is named `page_too_slow`, and what is left is crawled without it. A child that dies leaves "crashed" outcomes for what it had
    not told of. Raises NoContact before anything is asked, ChildDied when the child could not even start.
    """
    wanted = tuple(source for source in sources if source.start_urls)
    require_contact(wanted, options)
    home.logs.mkdir(parents=True, exist_ok=True)
    (home.logs / LOG_NAME).unlink(missing_ok=True)
    with stopping(options.seconds) as switch:
        parts = by_host(wanted, options.workers) if options.workers > 1 else []
        if len(parts) > 1:
            outcomes = _at_once(home, parts, run_id, options, switch, progress)
        else:
            outcomes = _one_after_another(home, wanted, run_id, options, switch, progress)
    return {source.id: outcomes[source.id] for source in wanted}


def _at_once(
    home: Home,
    parts: Sequence[tuple[Source, ...]],
    run_id: int,
    options: CrawlOptions,
    switch: Switch,
    progress: Progress,
) -> dict[str, CrawlOutcome]:
    """Each part in a process of its own, with its share of the night's requests; where one cannot start, the others are stopped too."""
    from casereviews.crawler.spiders.memory import FILE_NAME, Memory

    Memory(home.root / FILE_NAME).close()  # made, or made anew, by one alone
    count = sum(map(len, parts))
    telling = Lock()

    def tell(event: CrawlEvent) -> None:
        with telling:
            progress(event)

    def share(part: tuple[Source, ...]) -> CrawlOptions:
        requests = math.ceil(options.requests_per_night * len(part) / count)
        return replace(options, requests_per_night=requests)

    outcomes: dict[str, CrawlOutcome] = {}
    with temporary_folder("hosts-") as locks, ThreadPoolExecutor(len(parts)) as threads:
        running = [
            threads.submit(
                _one_after_another, home, part, run_id, share(part), switch, tell, str(locks)
            )
            for part in parts
        ]
        try:
            for each in as_completed(running):
                outcomes |= each.result()
        except BaseException:
            switch.ask("stopped")
            raise
    return outcomes


def _one_after_another(
    home: Home,
    wanted: tuple[Source, ...],
    run_id: int,
    options: CrawlOptions,
    switch: Switch,
    progress: Progress,
    host_locks: str | None = None,
) -> dict[str, CrawlOutcome]:
    """Sources in one process at a time: after one that hung, what is left in the next."""
    outcomes: dict[str, CrawlOutcome] = {}
    too_slow: list[tuple[str, str]] = []
    while left := tuple(source for source in wanted if source.id not in outcomes):
        if ended := switch.asks_no_more:
            return outcomes | {source.id: _not_begun(source, ended) for source in left}
        seconds = options.seconds if switch.seconds_left is None else switch.seconds_left
        urls = tuple(url for _, url in too_slow)
        now = replace(options, seconds=seconds, too_slow=(*options.too_slow, *urls))
        if seconds is not None:
            a_page = max(seconds * PAGE_SHARE, LEAST_PAGE)
            now = replace(now, page_seconds=min(options.page_seconds, a_page))
        job = Job(str(home.root), run_id, left, now, host_locks)
        night = _Part(home, job, switch, progress)
        outcomes |= night.crawl()
        if night.hung is not None:
            too_slow.append(night.hung)
            hung_in = Counter(source_id for source_id, _ in too_slow)
            outcomes |= {
                source.id: _given_up(source, too_slow)
                for source in left
                if source.id not in outcomes and hung_in[source.id] >= MOST_HANGS
            }
    return outcomes


class _Part:
    """A night, or what is left of it after a page hung the child. `hung` is that page: its source's id and its address."""

    def __init__(self, home: Home, job: Job, switch: Switch, progress: Progress) -> None:
        self.home = home
        self.job = job
        self.switch = switch
        self.progress = progress
        self.hung: tuple[str, str] | None = None

    def crawl(self) -> dict[str, CrawlOutcome]:
        """What became of each source: of all of them, but where the child hung of those that it had told of."""
        outcomes: dict[str, CrawlOutcome] = {}
        started: set[str] = set()
        with running(self.job, self.switch, self.home.logs / LOG_NAME) as child:
            for said in child.events():
                event = msgspec.convert(said, CrawlEvent)
                if event.outcome is not None:
                    outcomes[event.source] = event.outcome
                elif event.event == "started":
                    started.add(event.source)
                self.progress(event)
            code = child.wait()
        hung = child.in_hand if child.hung else None
        if (
            hung is not None
            and hung[0] not in outcomes
            and hung[1] not in self.job.options.too_slow
        ):
            self.hung = hung
            return outcomes
        ended = self.switch.asks_no_more
        if code and not started and not ended:
            raise ChildDied(f"the crawling process could not start (exit {code}): see {child.log}")
        for source in self.job.sources:
            if source.id not in outcomes:
                outcomes[source.id] = (
                    _not_begun(source, ended) if ended else _lost(source, code, started)
                )
        return outcomes


def _not_begun(source: Source, why: str) -> CrawlOutcome:
    tally = Tally(source.id)
    tally.ended = why
    return tally.outcome()


def _given_up(source: Source, too_slow: Iterable[tuple[str, str]]) -> CrawlOutcome:
    tally = Tally(source.id)
    urls = [url for source_id, url in too_slow if source_id == source.id]
    tally.ended = "finished"
    tally.errors["page_too_slow"] = len(urls)
    tally.incomplete.add(f"its pages take too long to read: {', '.join(urls)}")
    return tally.outcome()


def _lost(source: Source, code: int, started: set[str]) -> CrawlOutcome:
    tally = Tally(source.id)
    if source.id in started:
        tally.crash = (
            f"the crawling process ended ({ending(code)}) while this source was being read"
        )
    return tally.outcome()
