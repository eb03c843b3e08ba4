"""The crawling process: `python -m casereviews.crawler.process.child JOB.json` crawls the job's sources.

What happens it writes as JSON lines, among them every second that it lives (`alive`) and which page it reads (`in_hand`): a parent that
hears nothing ends it. The parent holds the home's lock; this process writes through `Record`, or nothing at all where the job is a
preview. It ends when the work is done, when the budget is used up, when the parent says "stopped" or SIGTERM comes (after the pages in
hand, when they come soon; what waits for its turn is dropped), and at once when its parent is gone, because the lock is then no longer held.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from casereviews.crawler.network.pace import drop_waiting
from casereviews.crawler.outcome import Tally
from casereviews.crawler.parsing.page import Page
from casereviews.crawler.parsing.parsed import Parsed
from casereviews.crawler.process.job import Job, read_job
from casereviews.crawler.process.workers import occupied
from casereviews.crawler.sources.source import Source
from casereviews.crawler.spiders.base import SourceSpider
from casereviews.crawler.spiders.memory import FILE_NAME, Memory
from casereviews.crawler.spiders.session import Session
from casereviews.repository.errors import HomeError
from casereviews.repository.home import Home
from casereviews.repository.host_locks import HostLocks, host_locks
from casereviews.repository.record import Record
from casereviews.repository.this_system import end_when_closed, end_with_parent

HEARTBEAT = 1.0
"""Seconds between two signs of life."""

SECONDS_TO_CLOSE = 30.0
"""For which a source whose time is up may still close, after the longest file in hand."""

LOOK_AGAIN = 1.0
"""Seconds after which hosts that another process had are asked for again, and whether ours are still ours."""

PATIENCE = {"stopped": 2.0, "budget": 10.0}
"""Seconds for which the pages in hand are waited for when the night ends before its work does."""


class OnePageSpider(SourceSpider):
    """Reports one page as it came, for `sources probe`; no family of the registry."""

    name = "one_page"

    def read_page(self, page: Page) -> Parsed:
        text = {"url": page.url, "text": page.text, "status": page.status, "headers": page.headers}
        self.session.progress({"event": "text", **text})
        return Parsed()


class Night:
    """Crawls many sources: hosts in parallel up to a number, never two sources of one host at once."""

    def __init__(
        self,
        job: Job,
        session: Session,
        process: AsyncCrawlerProcess,
        locks: HostLocks | None = None,
    ) -> None:
        self.job = job
        self.session = session
        self.process = process
        self.stopped: str | None = None
        self.waiting: list[Source] = list(job.sources)
        self.running: dict[asyncio.Task[None], Source] = {}
        self.crawlers: dict[str, Crawler] = {}
        self.busy: set[str] = set()
        self.locks = locks
        self._stop = asyncio.Event()
        self._closing: set[asyncio.Future[None]] = set()

    async def crawl_all(self) -> None:
        """Crawl until nothing waits or the night was stopped, then report what was not begun."""
        beating = asyncio.create_task(_beat())
        told = asyncio.create_task(self._stop.wait())
        while not self.stopped and (self.waiting or self.running):
            self._begin_what_can()
            if self.locks is not None:
                self.locks.check()
            done, _ = await asyncio.wait(
                {told, *self.running},
                timeout=LOOK_AGAIN if self.locks else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
            for task in done - {told}:
                self._let_go(occupied(self.running.pop(task)))  # type: ignore[arg-type]
        if self.stopped:
            await self._end_the_running(PATIENCE[self.stopped])
        for source in (*self.running.values(), *self.waiting):
            crawler = self.crawlers.get(source.id)
            spider = crawler.spider if crawler is not None else None
            tally = spider.tally if isinstance(spider, SourceSpider) else Tally(source.id)
            tally.ended = self.stopped or "stopped"
            write_event({"event": "done", "source": source.id, "outcome": tally.outcome()})
        for task in (told, beating, *self.running):
            task.cancel()

    async def _end_the_running(self, patience: float) -> None:
        """Let the pages in hand come for so many seconds, also of sources that are just being begun; then the rest is left as it is."""
        ends = monotonic() + patience
        stops = set()
        told: set[str] = set()
        while self.running and monotonic() < ends:
            for source_id, crawler in self.crawlers.items():
                if crawler.engine is not None and crawler.engine.running:
                    drop_waiting(crawler)
                    if source_id not in told:
                        told.add(source_id)
                        stops.add(asyncio.create_task(crawler.stop_async()))
            done, _ = await asyncio.wait(
                self.running, timeout=0.05, return_when=asyncio.FIRST_COMPLETED
            )
            for task in done:
                del self.running[task]

    def _begin_what_can(self) -> None:
        if self.stopped:
            return
        for source in list(self.waiting):
            if len(self.running) >= self.session.options.hosts_at_once:
                return
            hosts = occupied(source)
            if self.busy & hosts or not self._take(hosts):
                continue
            self.waiting.remove(source)
            self.running[asyncio.create_task(self._crawl(source))] = source

    def _take(self, hosts: set[str]) -> bool:
        """Whether these hosts are ours from now on: no other process asks one."""
        if self.locks is not None and not self.locks.take(hosts):
            return False
        self.busy |= hosts
        return True

    def _let_go(self, hosts: set[str]) -> None:
        self.busy -= hosts
        if self.locks is not None:
            self.locks.let_go(hosts)

    async def _crawl(self, source: Source) -> None:
        write_event({"event": "started", "source": source.id})
        begun = monotonic()
        tally = Tally(source.id)
        try:
            spider_class = (
                OnePageSpider
                if source.family == OnePageSpider.name
                else self.process.spider_loader.load(source.family)
            )
            # Each crawler gets its own settings: they hold the source's delay and limits.
            crawler = Crawler(spider_class, _copy(self.process.settings))
            self.crawlers[source.id] = crawler
            limit = asyncio.get_running_loop().call_later(
                self.session.options.seconds_per_source, self._end_source, crawler
            )
            options = self.session.options
            at_last = options.seconds_per_source + options.file_timeout + SECONDS_TO_CLOSE
            try:
                await asyncio.wait_for(
                    self.process.crawl(crawler, source=source, session=self.session), at_last
                )
            except TimeoutError:
                if isinstance(crawler.spider, SourceSpider):
                    crawler.spider.tally.ended = "budget"
            finally:
                limit.cancel()
                del self.crawlers[source.id]
            if isinstance(crawler.spider, SourceSpider):
                tally = crawler.spider.tally
        except Exception as error:  # noqa: BLE001 - one source's edge: the others go on
            tally.crash = f"{type(error).__name__}: {error}"
        if tally.ended == "not_started" and not tally.crash:
            tally.crash = "the spider could not be started; see the log"
        if tally.ended == "stopped" and self.stopped:
            tally.ended = self.stopped
        tally.seconds = monotonic() - begun
        write_event({"event": "done", "source": source.id, "outcome": tally.outcome()})

    def stop(self, why: str) -> None:
        """Begin no more sources and let the running ones finish the page in hand."""
        if not self.stopped:
            self.stopped = why
            self.session.stopped = why
            self._stop.set()

    def _end_source(self, crawler: Crawler) -> None:
        """A source's time is up: what waits for its turn is dropped, so that it can close."""
        spider, engine = crawler.spider, crawler.engine
        if isinstance(spider, SourceSpider) and engine is not None and engine.running:
            spider.time_is_up = True
            drop_waiting(crawler)
            self._closing.add(
                asyncio.ensure_future(engine.close_spider_async(reason="closespider_timeout"))
            )


async def _beat() -> None:
    while True:
        write_event({"event": "alive", "source": ""})
        await asyncio.sleep(HEARTBEAT)


def _copy(settings: Settings) -> Settings:
    copied: Settings = settings.copy()
    return copied


def write_event(event: Mapping[str, Any]) -> None:
    """One line of progress for the parent, in ASCII: halves of characters survive it."""
    sys.stdout.write(json.dumps(msgspec.to_builtins(event)) + "\n")
    sys.stdout.flush()


class Parent:
    """What the parent says, from the first moment on: a word that comes before there is a night is kept for it."""

    def __init__(self) -> None:
        self._stopped = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._night: Night | None = None

    def said(self, line: bytes) -> None:
        """A line came from the parent (in a thread)."""
        if line.strip() == b"stopped":
            self._stopped.set()
            self._tell()

    def heard_by(self, night: Night) -> None:
        """From now on `night` hears it; called in the night's event loop."""
        self._loop, self._night = asyncio.get_running_loop(), night
        self._tell()

    def _tell(self) -> None:
        if self._stopped.is_set() and self._loop is not None and self._night is not None:
            with suppress(RuntimeError):  # the night is over
                self._loop.call_soon_threadsafe(self._night.stop, "stopped")


def run(job: Job, parent: Parent) -> None:
    """Crawl a job's sources in this process, which can do so once (Twisted's reactor does not restart)."""
    if job.options.ca_bundle:
        # OpenSSL reads it when the first context is made: the corporate proxy's certificate becomes trusted.
        os.environ["SSL_CERT_FILE"] = job.options.ca_bundle
    process = AsyncCrawlerProcess(get_project_settings())
    with ExitStack() as open_until_the_end:
        record = memory = locks = None
        if job.home is not None:
            home = Home(Path(job.home))
            record = open_until_the_end.enter_context(Record.open(home, write=True))
            memory = Memory(home.root / FILE_NAME)
            locks = host_locks(home, job.host_locks)
            if locks is not None:
                open_until_the_end.callback(locks.close)
        session = Session.begin(
            job.sources,
            job.options,
            memory=memory,
            record=record,
            run_id=job.run_id,
            progress=write_event,
        )
        session.page_in_hand = lambda source_id, url: write_event(
            {"event": "in_hand", "source": source_id, "url": url}
        )
        open_until_the_end.callback(session.close)
        run_reactor(Night(job, session, process, locks), process, parent)


def run_reactor(night: Night, process: AsyncCrawlerProcess, parent: Parent) -> None:
    """Run `night` in this process until it is over, or until the parent, SIGTERM or the time budget stops it."""
    # Importable only once the process has installed it.
    from twisted.internet import reactor as installed

    reactor: Any = installed

    async def whole_night() -> None:
        loop = asyncio.get_running_loop()
        with suppress(NotImplementedError):  # Windows: the parent's word is enough
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, night.stop, "stopped")
        parent.heard_by(night)
        if night.session.options.seconds is not None:
            loop.call_later(night.session.options.seconds, night.stop, "budget")
        try:
            await night.crawl_all()
        except HomeError as error:
            # Others may ask our hosts now: nothing more is asked, as after a kill.
            sys.stderr.write(f"{error}\n")
            sys.stderr.flush()
            os._exit(error.exit_code)
        finally:
            reactor.stop()

    reactor.callWhenRunning(lambda: asyncio.ensure_future(whole_night()))
    process.start(stop_after_crawl=False, install_signal_handlers=False)


def main(arguments: Sequence[str]) -> int:
    """Run the job in the file that is named; 0 when the night came to its end, whatever it found."""
    parent = Parent()
    end_with_parent()
    end_when_closed(0, parent.said)
    run(read_job(Path(arguments[0])), parent)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
