"""The crawling process: `python -m casereviews.crawler.process.child JOB.json` crawls the job's sources.

What happens it writes as JSON lines. The parent holds the home's lock; this process writes through `Record`, or nothing at all
where the job is a preview. It ends when the work is done, when the budget is used up, on SIGTERM (after the page in hand), and
at once when its parent is gone, because the lock is then no longer held.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from casereviews.crawler.network.guards import host_name
from casereviews.crawler.outcome import Tally
from casereviews.crawler.parsing.page import Page
from casereviews.crawler.parsing.parsed import Parsed
from casereviews.crawler.process.job import Job, read_job
from casereviews.crawler.sources.source import Source
from casereviews.crawler.spiders.base import SourceSpider
from casereviews.crawler.spiders.memory import FILE_NAME, Memory
from casereviews.crawler.spiders.session import Session
from casereviews.repository.home import Home
from casereviews.repository.record import Record


class OnePageSpider(SourceSpider):
    """Reports one page as it came, for `sources probe`; no family of the registry."""

    name = "one_page"

    def read_page(self, page: Page) -> Parsed:
        text = {"url": page.url, "text": page.text, "status": page.status, "headers": page.headers}
        self.session.progress({"event": "text", **text})
        return Parsed()


class Night:
    """Crawls many sources: hosts in parallel up to a number, never two sources of one host at once."""

    def __init__(self, job: Job, session: Session, process: AsyncCrawlerProcess) -> None:
        self.job = job
        self.session = session
        self.process = process
        self.stopped: str | None = None
        self.waiting: list[Source] = list(job.sources)
        self.running: dict[asyncio.Task[None], Source] = {}
        self.busy: set[str] = set()

    async def crawl_all(self) -> None:
        """Crawl until nothing waits or the night was stopped, then report what was not begun."""
        while self.waiting or self.running:
            self._begin_what_can()
            if not self.running:
                break
            done, _ = await asyncio.wait(self.running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                self.busy -= _names(self.running.pop(task))
        for source in self.waiting:
            tally = Tally(source.id)
            tally.ended = self.stopped or "stopped"
            write_event({"event": "done", "source": source.id, "outcome": tally.outcome()})

    def _begin_what_can(self) -> None:
        if self.stopped:
            return
        for source in list(self.waiting):
            if len(self.running) >= self.session.options.hosts_at_once:
                return
            if self.busy & _names(source):
                continue
            self.waiting.remove(source)
            self.busy |= _names(source)
            self.running[asyncio.create_task(self._crawl(source))] = source

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
            await self.process.crawl(crawler, source=source, session=self.session)
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
            self._stopping = asyncio.ensure_future(self.process.stop())


def _copy(settings: Settings) -> Settings:
    copied: Settings = settings.copy()
    return copied


def _names(source: Source) -> set[str]:
    """The hosts that a source occupies; www or not, it is one server."""
    return {
        host_name(host).removeprefix("www.") + ":" + host.partition(":")[2] for host in source.hosts
    }


def write_event(event: Mapping[str, Any]) -> None:
    """One line of progress for the parent, in ASCII: halves of characters survive it."""
    sys.stdout.write(json.dumps(msgspec.to_builtins(event)) + "\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    """Ends this process when the parent's end of the pipe closes: its lock is then gone, and so must its writer be."""
    # Not through sys.stdin: its buffer's lock would be held when the interpreter ends.
    while os.read(0, 1024):
        pass
    os._exit(3)


def run(job: Job) -> None:
    """Crawl a job's sources in this process, which can do so once (Twisted's reactor does not restart)."""
    if job.options.ca_bundle:
        # OpenSSL reads it when the first context is made: the corporate proxy's certificate becomes trusted.
        os.environ["SSL_CERT_FILE"] = job.options.ca_bundle
    process = AsyncCrawlerProcess(get_project_settings())
    with ExitStack() as open_until_the_end:
        record = memory = None
        if job.home is not None:
            home = Home(Path(job.home))
            record = open_until_the_end.enter_context(Record.open(home, write=True))
            memory = Memory(home.root / FILE_NAME)
        session = Session.begin(
            job.sources,
            job.options,
            memory=memory,
            record=record,
            run_id=job.run_id,
            progress=write_event,
        )
        open_until_the_end.callback(session.close)
        run_reactor(Night(job, session, process), process)


def run_reactor(night: Night, process: AsyncCrawlerProcess) -> None:
    """Run `night` in this process until it is over, or until SIGTERM or the time budget stops it."""
    # Importable only once the process has installed it.
    from twisted.internet import reactor as installed

    reactor: Any = installed

    async def whole_night() -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, night.stop, "stopped")
        if night.session.options.seconds is not None:
            loop.call_later(night.session.options.seconds, night.stop, "budget")
        try:
            await night.crawl_all()
        finally:
            reactor.stop()

    reactor.callWhenRunning(lambda: asyncio.ensure_future(whole_night()))
    process.start(stop_after_crawl=False, install_signal_handlers=False)


def main(arguments: Sequence[str]) -> int:
    """Run the job in the file that is named; 0 when the night came to its end, whatever it found."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    run(read_job(Path(arguments[0])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
