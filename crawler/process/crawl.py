"""Runs a crawl in a child process: a crash, a leak or a kill there costs the night's rest, not the caller."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from casereviews.crawler.errors import ChildDied
from casereviews.crawler.network.manners import require_contact
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.outcome import CrawlOutcome, Tally
from casereviews.crawler.process.job import Job, write_job
from casereviews.crawler.sources.source import Source
from casereviews.repository.home import Home

Progress = Callable[[Mapping[str, Any]], None]
"""Called with each event of the crawl: `event` is started, page, file, in_vain or done; `source` its source."""

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
    wanted = [source for source in sources if source.start_urls]
    require_contact(wanted, options)
    told: dict[str, CrawlOutcome] = {}
    started: set[str] = set()
    if wanted:
        with _child(home, wanted, run_id, options) as (child, log):
            for event in _events(child):
                if event["event"] == "done":
                    told[event["source"]] = CrawlOutcome.from_json(event["outcome"])
                elif event["event"] == "started":
                    started.add(event["source"])
                if event["event"] != "end":
                    progress(event)
            code = child.wait()
        if code and not started:
            raise ChildDied(f"the crawling process could not start (exit {code}): see {log}")
        for source in wanted:
            if source.id not in told:
                told[source.id] = _lost(source, code, started)
    return {source.id: told[source.id] for source in wanted}


def _lost(source: Source, code: int, started: set[str]) -> CrawlOutcome:
    tally = Tally(source.id)
    how = f"signal {-code}" if code < 0 else f"exit {code}"
    if source.id in started:
        tally.crash = f"the crawling process ended ({how}) while this source was being read"
    return tally.outcome()


def _events(child: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    assert child.stdout is not None
    for line in child.stdout:
        with suppress(json.JSONDecodeError):
            event = json.loads(line)
            if isinstance(event, dict) and "event" in event:
                yield event


@contextmanager
def _child(
    home: Home, sources: Sequence[Source], run_id: int, options: CrawlOptions
) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """The running child; it is stopped, at last by force, when the block is left."""
    home.logs.mkdir(parents=True, exist_ok=True)
    log = home.logs / LOG_NAME
    with (
        tempfile.TemporaryDirectory(prefix="casereviews-") as folder,
        log.open("w", encoding="utf-8") as errors,
    ):
        job = Path(folder) / "job.json"
        write_job(job, Job(str(home.root), run_id, tuple(sources), options))
        child = _start(job, errors)
        with _passing_on(child):
            try:
                yield child, log
            finally:
                if child.stdin is not None:
                    with suppress(OSError):
                        child.stdin.close()
                with suppress(subprocess.TimeoutExpired):
                    child.wait(timeout=10)
                if child.poll() is None:
                    child.kill()
                    child.wait()
                if child.stdout is not None:
                    child.stdout.close()


def _start(job: Path, errors: IO[str]) -> subprocess.Popen[str]:
    environment = dict(os.environ)
    environment["SCRAPY_SETTINGS_MODULE"] = "casereviews.crawler.settings"
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "casereviews.crawler.process.child", str(job)],
        stdin=subprocess.PIPE,  # never written to: it closes when this process ends, however it ends
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        encoding="utf-8",
        env=environment,
        start_new_session=True,  # a Ctrl-C on the terminal reaches us alone, and we pass it on once
    )


@contextmanager
def _passing_on(child: subprocess.Popen[str]) -> Iterator[None]:
    """Hand SIGTERM and SIGINT to the child while it runs (in the main thread, where handlers can be set)."""

    def hand_on(number: int, _: object) -> None:
        with suppress(ProcessLookupError):
            child.send_signal(signal.SIGTERM)

    before: dict[int, Any] = {}
    for number in (int(signal.SIGTERM), int(signal.SIGINT)):
        with suppress(ValueError):  # not the main thread
            before[number] = signal.signal(number, hand_on)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
