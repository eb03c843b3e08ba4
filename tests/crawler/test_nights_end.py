"""Every night ends: whatever a page, a robots.txt, a child or a moment does."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest
from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.http import HtmlResponse, Response
from twisted.internet.defer import Deferred

from casereviews.crawler.health import judge
from casereviews.crawler.network import robots as robots_txt
from casereviews.crawler.network.guards import Refused
from casereviews.crawler.network.middlewares import BudgetMiddleware
from casereviews.crawler.network.pace import drop_waiting
from casereviews.crawler.network.robots import RobotsMiddleware
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.outcome import CrawlOutcome, Tally
from casereviews.crawler.parsing.page import Page
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.process import crawl, launcher
from casereviews.crawler.process.child import Parent
from casereviews.crawler.process.crawl import CrawlEvent, run_crawl
from casereviews.crawler.process.job import Job
from casereviews.crawler.process.launcher import Child
from casereviews.crawler.sources import Source
from casereviews.crawler.spiders.base import SourceSpider
from casereviews.crawler.spiders.items import AskedInVain, PageRead
from casereviews.crawler.spiders.session import Session
from casereviews.repository.home import Home
from casereviews.repository.record import Record
from casereviews.repository.stopping import Switch, stopping
from casereviews.repository.this_system import missing
from tests.crawler.faults import LIST as READ
from tests.crawler.faults import healthy
from tests.crawler.server import Answer, Site, serving

NOW = "2027-03-01T02:00:00Z"
LIST = "http://127.0.0.1:9/reviews/"
HANGS = re.compile(r"(a*)*b")


def source(name: str = "vale") -> Source:
    return Source(name, name, "England", "listing", (LIST,), ("127.0.0.1:9",))


# ---- a page


class Hanging(SourceSpider):
    name = "hanging"

    def read_page(self, page: Page) -> Parsed:
        if page.url == LIST:
            HANGS.match("a" * 60)
        return Parsed()


needs_alarm = pytest.mark.skipif("setitimer" in missing(), reason="no alarm here")


@needs_alarm
def test_a_page_that_takes_too_long_is_named_and_the_next_one_is_read() -> None:
    options = CrawlOptions(now=NOW, page_seconds=0.05, store=False)
    in_hand: list[tuple[str, str]] = []
    session = Session.begin([source()], options)
    session.page_in_hand = lambda source_id, url: in_hand.append((source_id, url))
    spider = Hanging(source(), session)

    def answer(url: str, *, start: bool) -> list[Any]:
        meta = {"link": Link(url, "list"), "depth": 0, "start": start, "asked": url}
        request = Request(url, callback=spider.on_page, meta=meta)
        response = HtmlResponse(url, body=b"<html><p>Pear Vale</p></html>", request=request)
        return list(spider.on_page(response))

    slow = answer(LIST, start=True)
    (read,) = answer(LIST + "2/", start=False)
    assert [(type(one), one.fetch.error) for one in slow] == [(AskedInVain, "page_too_slow")]
    assert isinstance(read, PageRead)
    assert in_hand == [("vale", LIST), ("vale", LIST + "2/")]
    spider.tally.ended = "finished"
    spider.tally.counts["start_pages"] = 1
    result, reason = judge(spider.tally.outcome())
    assert (result, "takes too long" in reason, "next run" in reason) == ("partial", True, True)
    session.close()


def test_a_page_that_hung_a_child_is_not_asked_for_again_and_nothing_once_time_is_up() -> None:
    session = SimpleNamespace(
        stopped=None, options=CrawlOptions(too_slow=(LIST,)), may_ask=lambda _: True
    )
    spider = SimpleNamespace(session=session, time_is_up=False, tally=Tally("vale"))
    budget = BudgetMiddleware(SimpleNamespace(spider=spider))  # type: ignore[arg-type]

    def name_of(url: str) -> str:
        with pytest.raises(Refused) as refused:
            budget.process_request(Request(url, meta={"asked": url}))
        return refused.value.name

    assert name_of(LIST) == "page_too_slow"
    budget.process_request(Request(LIST + "2/", meta={"asked": LIST + "2/"}))
    spider.time_is_up = True
    assert name_of(LIST + "2/") == "stopped"
    spider.time_is_up, session.stopped = False, "stopped"
    assert name_of(LIST + "2/") == "stopped"
    assert spider.tally.counts["requests"] == 1


@pytest.mark.parametrize("stopped", [None, "budget", "stopped"])
def test_a_crawl_of_which_a_request_was_dropped_is_never_taken_for_whole(
    stopped: str | None,
) -> None:
    session = Session.begin([source()], CrawlOptions(now=NOW, store=False))
    session.stopped = stopped
    spider = Hanging(source(), session)
    spider.crawler = None  # type: ignore[assignment]
    request = Request(LIST, meta={"link": Link(LIST, "list")})
    failure = SimpleNamespace(request=request, value=Refused("stopped", "too late"))
    assert list(spider.on_failure(failure)) == []
    spider.closed("finished")
    told = spider.tally.outcome()
    assert (told.ended, told.complete) == (stopped or "budget", False)
    assert judge(told)[0] == "partial"
    session.close()


# ---- a robots.txt


def middleware(remembered: Any, **options: Any) -> RobotsMiddleware:
    session = SimpleNamespace(
        options=CrawlOptions(**options),
        robots=remembered,
        keep_robots=lambda *_: None,
        in_hand=lambda *_: None,
        seconds_left=options.get("seconds"),
    )
    spider = SimpleNamespace(session=session, source=source())
    engine = SimpleNamespace(downloader=SimpleNamespace(per_slot_settings={}, slots={}, _delay=1.0))
    crawler = SimpleNamespace(spider=spider, engine=engine, get_extension=lambda _: None)
    return RobotsMiddleware(crawler)  # type: ignore[arg-type]


def asked_twice(robots: RobotsMiddleware, url: str = LIST) -> list[str]:
    """What became of two requests to one host, asked at once."""

    async def both() -> list[str]:
        done = await asyncio.gather(
            *(robots.process_request(Request(url)) for _ in range(2)), return_exceptions=True
        )
        assert all(one is None or isinstance(one, Refused) for one in done)
        return [one.name if isinstance(one, Refused) else "may be asked" for one in done]

    return asyncio.run(both())


@pytest.mark.parametrize(
    "error",
    [
        sqlite3.OperationalError("no such column: fetched_at"),
        sqlite3.OperationalError("database is locked"),
        sqlite3.DatabaseError("file is not a database"),
        OSError(5, "Input/output error"),
        TypeError("'NoneType' object cannot be interpreted as an integer"),
    ],
)
def test_an_error_while_robots_txt_is_remembered_is_told_to_all_who_wait(error: Exception) -> None:
    def remembered(_: str) -> bytes:
        raise error

    assert asked_twice(middleware(remembered)) == ["robots_unreadable"] * 2


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        ({}, "robots_unreadable"),
        ({"Content-Range": "bytes 0-13/400"}, "robots_unreadable"),
        ({"Content-Range": "bytes 400-413/414"}, "robots_unreadable"),
        ({"Content-Range": "lines 1-2"}, "robots_unreadable"),
        ({"Content-Range": "bytes 0-13/14"}, "may be asked"),
    ],
)
def test_a_part_of_a_robots_txt_is_no_permission(told: dict[str, str], outcome: str) -> None:
    async def answer(request: Request) -> Response:
        return Response(request.url, 206, told, b"User-agent: *\n")

    robots = middleware(lambda _: None)
    robots.crawler.engine.download_async = answer  # type: ignore[union-attr, method-assign, assignment]
    assert asked_twice(robots) == [outcome] * 2


@needs_alarm
@pytest.mark.parametrize("where", ["parse", "can_fetch"])
def test_a_robots_txt_that_takes_too_long_is_unreadable_once_and_for_all(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def hang(*_: object) -> None:
        calls.append(where)
        HANGS.match("a" * 60)

    monkeypatch.setattr(robots_txt.Protego, where, hang)
    robots = middleware(lambda _: b"User-agent: *\nDisallow: /private/\n", page_seconds=0.02)
    assert asked_twice(robots) == ["robots_unreadable"] * 2
    assert len(calls) <= 2


@pytest.mark.parametrize(
    ("delay", "options", "name"),
    [
        ("86400", {}, "crawl_delay"),
        ("999999999999", {}, "crawl_delay"),
        ("40", {"seconds": 15.0}, "crawl_delay"),
        ("40", {"seconds_per_source": 30.0}, "crawl_delay"),
        ("3600", {}, "crawl_delay"),
        ("40", {}, "may be asked"),
        ("40", {"seconds": 60.0}, "may be asked"),
    ],
)
def test_a_delay_that_does_not_fit_is_told_at_once(
    delay: str, options: dict[str, Any], name: str
) -> None:
    robots = middleware(lambda _: f"User-agent: *\nCrawl-delay: {delay}\n".encode(), **options)
    assert asked_twice(robots) == [name] * 2


def test_a_delay_that_fits_a_night_but_not_what_is_left_of_it_is_the_budgets_end() -> None:
    robots = middleware(lambda _: b"User-agent: *\nCrawl-delay: 40\n", seconds=600.0)
    robots.crawler.spider.session.seconds_left = 39.0  # type: ignore[union-attr]
    assert asked_twice(robots) == ["budget"] * 2


def test_a_delay_too_long_is_told_with_what_to_do() -> None:
    told = CrawlOutcome("vale", "finished", start_pages=1, start_errors=("crawl_delay",))
    result, reason = judge(told)
    assert (result, "`add`" in reason) == ("blocked", True)


def test_requests_that_wait_for_their_turn_are_dropped_at_a_stop() -> None:
    slot = Slot(1, 86_400.0, 0.0)
    ended: list[str] = []
    cancelled: list[bool] = []
    slot.latercall = SimpleNamespace(cancel=lambda: cancelled.append(True))  # type: ignore[assignment]
    for _ in range(3):
        answer: Deferred[Any] = Deferred()
        answer.addErrback(lambda failure: ended.append(failure.value.name))
        slot.queue.append((Request(LIST), answer))
    engine = SimpleNamespace(downloader=SimpleNamespace(slots={"127.0.0.1": slot}))
    drop_waiting(SimpleNamespace(engine=engine))  # type: ignore[arg-type]
    assert (ended, cancelled, len(slot.queue)) == (["stopped"] * 3, [True], 0)


# ---- a child


def child_saying(code: str, switch: Switch | None = None) -> Child:
    """A child that runs `code` in place of a crawl."""
    process = subprocess.Popen(
        [sys.executable, "-S", "-c", "import sys, json\n" + code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Child(process, Path("log"), CrawlOptions(page_seconds=0.0), switch or Switch())


BEGUN = 'print(json.dumps({"event": "started", "source": "vale"}), flush=True)\n'
READS = (
    f'print(json.dumps({{"event": "in_hand", "source": "vale", "url": "{LIST}"}}), flush=True)\n'
)
FOR_EVER = "while True: pass\n"


def test_a_child_that_gives_no_sign_of_life_is_ended_and_its_page_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(launcher, "SILENCE", 0.0)
    child = child_saying(BEGUN + READS + FOR_EVER)
    told = list(child.events())
    assert told == [{"event": "started", "source": "vale"}][: len(told)]
    child.stop()
    assert (child.hung, child.process.returncode) == (True, -9)


def test_a_child_is_told_of_a_stop_and_its_last_words_are_heard() -> None:
    switch = Switch()
    child = child_saying(
        BEGUN + 'print(json.dumps({"event": sys.stdin.readline().strip(), "source": "vale"}))\n',
        switch,
    )
    told = []
    for event in child.events():
        told.append(event["event"])
        switch.ask("interrupted")
    child.stop()
    assert (told, child.hung, child.wait()) == (["started", "stopped"], False, 0)


@pytest.mark.parametrize("code", [FOR_EVER, BEGUN + READS + FOR_EVER])
def test_a_child_that_does_not_stop_is_ended_also_before_it_is_up(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launcher, "SECONDS_TO_END", 0.0)
    switch = Switch()
    switch.ask("stopped")
    child = child_saying(code, switch)
    list(child.events())
    child.stop()
    assert (child.hung, child.process.returncode) == (False, -9)


def test_a_child_that_outlives_the_budget_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "SECONDS_AFTER_BUDGET", 0.0)
    monkeypatch.setattr(launcher, "SECONDS_TO_END", 0.0)
    child = child_saying(FOR_EVER, Switch(0.0))
    list(child.events())
    child.stop()
    assert (child.hung, child.process.returncode) == (False, -9)


def test_a_word_that_comes_before_the_night_is_kept_for_it() -> None:
    stops: list[str] = []

    async def night_begins() -> None:
        parent = Parent()
        parent.said(b"good evening")
        parent.said(b"stopped")
        parent.heard_by(SimpleNamespace(stop=stops.append))  # type: ignore[arg-type]
        await asyncio.sleep(0)

    asyncio.run(night_begins())
    assert stops == ["stopped"]


# ---- a night


class Hung:
    """A child that tells `events` and then hangs in `in_hand`, or ends well without it."""

    log = Path("log")

    def __init__(self, events: list[dict[str, Any]], in_hand: tuple[str, str] | None) -> None:
        self._events = events
        self.in_hand = in_hand
        self.hung = in_hand is not None

    def events(self) -> Iterator[dict[str, Any]]:
        yield from self._events

    def wait(self) -> int:
        return -9 if self.hung else 0


def done(name: str) -> dict[str, Any]:
    tally = Tally(name)
    tally.ended = "finished"
    return {"event": "done", "source": name, "outcome": tally.outcome()}


def nights(
    monkeypatch: pytest.MonkeyPatch, home: Home, children: list[Hung], **options: Any
) -> tuple[dict[str, CrawlOutcome], list[Job]]:
    """A night over three sources in which the child is each of `children` in turn, and the jobs that they were given."""
    jobs: list[Job] = []

    @contextmanager
    def running(job: Job, *_: object) -> Iterator[Hung]:
        jobs.append(job)
        yield children[len(jobs) - 1]

    monkeypatch.setattr(crawl, "running", running)
    sources = [source(name) for name in ("barnmoor", "vale", "weir")]
    told = run_crawl(
        home, sources, run_id=1, options=CrawlOptions(**options), progress=lambda _: None
    )
    return told, jobs


def test_after_a_hung_child_the_rest_is_crawled_without_the_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    began = [{"event": "started", "source": name} for name in ("barnmoor", "vale")]
    children = [
        Hung([*began, done("barnmoor")], ("vale", LIST)),
        Hung([done("vale"), done("weir")], None),
    ]
    told, jobs = nights(monkeypatch, Home(tmp_path).create(), children)
    assert [one.ended for one in told.values()] == ["finished"] * 3
    assert [[one.id for one in job.sources] for job in jobs] == [
        ["barnmoor", "vale", "weir"],
        ["vale", "weir"],
    ]
    assert [job.options.too_slow for job in jobs] == [(), (LIST,)]


def test_a_source_whose_pages_hang_again_and_again_is_left_and_the_others_are_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pages = [f"{LIST}{number}/" for number in range(3)]
    children = [Hung([], ("vale", page)) for page in pages]
    children.append(Hung([done("barnmoor"), done("weir")], None))
    told, jobs = nights(monkeypatch, Home(tmp_path).create(), children)
    assert len(jobs) == 4
    result, reason = judge(told["vale"])
    assert (result, all(page in reason for page in pages)) == ("partial", True)
    assert told["vale"].errors == {"page_too_slow": 3}
    assert [told[name].ended for name in ("barnmoor", "weir")] == ["finished"] * 2


def test_a_child_that_hangs_in_the_same_page_again_is_lost_and_the_night_ends(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    children = [Hung([], ("vale", LIST)), Hung([{"event": "started", "source": "vale"}], None)]
    children[1].in_hand, children[1].hung = ("vale", LIST), True
    told, jobs = nights(monkeypatch, Home(tmp_path).create(), children)
    assert len(jobs) == 2
    assert [told[name].ended for name in told] == ["not_started", "crashed", "not_started"]


@pytest.mark.parametrize(
    ("seconds", "page_seconds"), [(None, 20.0), (3600.0, 20.0), (20.0, 5.0), (1.0, 2.0)]
)
def test_no_page_takes_more_than_its_part_of_a_short_night(
    seconds: float | None,
    page_seconds: float,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    children = [Hung([done(name) for name in ("barnmoor", "vale", "weir")], None)]
    _, (job,) = nights(monkeypatch, Home(tmp_path).create(), children, seconds=seconds)
    assert round(job.options.page_seconds, 1) == page_seconds


@pytest.mark.parametrize(("why", "ended"), [("interrupted", "stopped"), (None, "budget")])
def test_a_night_that_is_over_before_it_begins_starts_no_child(
    why: str | None, ended: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    switch = Switch(0.0)
    if why is not None:
        switch.ask(why)
    with stopping(switch=switch):
        told, jobs = nights(monkeypatch, Home(tmp_path).create(), [])
    assert (jobs, [one.ended for one in told.values()]) == ([], [ended] * 3)
    assert judge(told["vale"])[0] == "partial"


def test_rules_of_a_robots_txt_are_followed_as_before() -> None:
    robots = middleware(lambda _: b"User-agent: *\nDisallow: /reviews/\n")
    assert asked_twice(robots) == ["robots"] * 2


# ---- real children


def crawled(
    home: Home, sites: dict[str, Site], options: CrawlOptions, progress: Any = lambda _: None
) -> dict[str, CrawlOutcome]:
    sources = [
        Source(name, name, "England", "listing", (site.url + READ,), (site.host,))
        for name, site in sites.items()
    ]
    with Record.open(home, write=True) as record:
        run = record.begin_run("refresh", NOW)
        for one in sources:
            record.put_source(one.info, one.same_as)
    return run_crawl(home, sources, run_id=run, options=options, progress=progress)


@pytest.mark.slow
def test_a_real_child_that_says_nothing_more_is_replaced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(launcher, "SILENCE", 10.0)
    options = CrawlOptions(delay=0.01, now=NOW, page_seconds=5.0, hosts_at_once=1)
    stopped: list[int] = []

    def stop_it(event: CrawlEvent) -> None:
        if event.event == "file" and not stopped:
            (child,) = (
                one
                for one in psutil.Process().children()
                if any("process.child" in word for word in one.cmdline())
            )
            child.suspend()
            stopped.append(child.pid)

    with serving(dict(healthy("a", 8)), pause=0.1) as vale, serving(dict(healthy("b"))) as weir:
        told = crawled(Home(tmp_path).create(), {"vale": vale, "weir": weir}, options, stop_it)
    assert not psutil.pid_exists(stopped[0])
    assert (told["weir"].ended, told["weir"].files_new) == ("finished", 3)
    # What it was at when it fell silent is left and named; all else came.
    vale_told = told["vale"]
    assert (vale_told.errors, vale_told.files_failed) == ({"page_too_slow": 1}, 1)
    assert vale_told.files_new + vale_told.files_same == 7


@pytest.mark.slow
def test_what_waits_for_a_long_delay_is_dropped_at_a_stop(tmp_path: Path) -> None:
    with serving(dict(healthy("a"))) as site:

        def patient(handler: Any) -> None:
            site.routes["/robots.txt"] = Answer(
                "User-agent: *\nCrawl-delay: 3000\n", media_type="text/plain"
            )
            site.answer(handler)
            threading.Timer(2.0, os.kill, (os.getpid(), signal.SIGTERM)).start()

        site.routes["/robots.txt"] = patient
        told = crawled(Home(tmp_path).create(), {"vale": site}, CrawlOptions(now=NOW))["vale"]
        paths = site.paths()
    assert (told.ended, told.complete, told.errors) == ("stopped", False, {})
    assert paths == ["/robots.txt"]


@pytest.mark.slow
def test_a_source_whose_time_is_up_drops_what_waits_and_is_told_as_such(tmp_path: Path) -> None:
    with serving(dict(healthy("a", 8))) as site:
        site.routes["/robots.txt"] = Answer(
            "User-agent: *\nCrawl-delay: 4\n", media_type="text/plain"
        )
        options = CrawlOptions(now=NOW, seconds_per_source=5.0)
        told = crawled(Home(tmp_path).create(), {"vale": site}, options)["vale"]
    assert (told.ended, told.complete) == ("budget", False)
    assert told.files_new < 8


@pytest.mark.slow
def test_a_child_whose_budget_is_used_up_before_its_spiders_start_ends(tmp_path: Path) -> None:
    """As `--budget 0m` did: the parent begins a child all the same here."""
    with serving(dict(healthy("a"))) as site:
        options = CrawlOptions(now=NOW, seconds=0.001)
        with stopping(switch=Switch()):
            told = crawled(Home(tmp_path).create(), {"vale": site}, options)["vale"]
    assert (told.ended, told.complete) == ("budget", False)
