"""Crawls over loopback: manners that a server can count, and that only what changed is fetched."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import psutil
import pytest

from casereviews.crawler.errors import NoContact
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.outcome import CrawlOutcome
from casereviews.crawler.process.crawl import CrawlEvent, run_crawl
from casereviews.crawler.sources import Source
from casereviews.repository.home import Home
from casereviews.repository.record import Record
from tests.crawler.faults import LIST, healthy, links, list_page
from tests.crawler.server import Answer, Site, pdf, serving

FIRST = "2027-03-01T02:00:00Z"
OPTIONS = CrawlOptions(delay=0.01, now=FIRST)


def source_of(name: str, site: Site, **more: Any) -> Source:
    return Source(name, name, "England", "listing", (site.url + LIST,), (site.host,), **more)


def crawl(
    home: Home,
    sources: Sequence[Source],
    options: CrawlOptions = OPTIONS,
    progress: Any = lambda _: None,
) -> dict[str, CrawlOutcome]:
    with Record.open(home, write=True) as record:
        run = record.begin_run("refresh", options.now or FIRST)
        for source in sources:
            record.put_source(source.info, source.same_as)
    return run_crawl(home, sources, run_id=run, options=options, progress=progress)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


def test_a_host_is_asked_one_at_a_time_after_its_robots_with_the_delay_kept(home: Home) -> None:
    with serving(dict(healthy("one", 6)), pause=0.02) as site:
        # Two sources of one host wait for each other.
        twins = [source_of("one", site), source_of("two", site)]
        told = crawl(home, twins, replace(OPTIONS, delay=0.1))
        asked = site.asked
    assert [one.ended for one in told.values()] == ["finished", "finished"]
    assert site.most_at_once == 1
    assert site.paths()[:2] == ["/robots.txt", LIST]
    # The delay is counted from request to request; Scrapy's jitter may halve it.
    gaps = [later.at - earlier.at for earlier, later in pairwise(asked) if later.path != LIST]
    assert min(gaps) >= 0.05
    assert {one.headers["User-Agent"].partition("/")[0] for one in asked} == {"casereviews"}
    assert [one for one in asked if "Cookie" in one.headers or "Referer" in one.headers] == []


def test_a_second_night_downloads_only_what_changed(home: Home) -> None:
    with (
        serving(dict(healthy("a", 4))) as kept,
        serving(dict(healthy("b"))) as nonce,
        serving(dict(healthy("c", 4))) as changed,
    ):
        sites = {"kept": kept, "nonce": nonce, "changed": changed}
        sources = [source_of(name, site) for name, site in sites.items()]
        # One file's server knows no validators: its size is asked for.
        kept.routes["/f/4.pdf"] = Answer(
            pdf("plain"), media_type="application/pdf", validators=False
        )
        nonce.routes[LIST] = _with_nonce("a1")
        crawl(home, sources)
        for site in sites.values():
            site.forget()
        nonce.routes[LIST] = _with_nonce("b2")
        changed.routes["/f/1.pdf"] = Answer(pdf("changed"), media_type="application/pdf")
        changed.routes["/f/5.pdf"] = Answer(pdf("fifth"), media_type="application/pdf")
        changed.routes[LIST] = Answer(list_page([*links(2), *links(5)[3:]]))
        told = crawl(home, sources)
        asked = [(one.method, one.path, one.status) for one in kept.asked]
        fetched = [one.path for one in changed.asked if one.status == 200]
    assert asked == [
        ("GET", LIST, 304),
        ("GET", "/f/1.pdf", 304),
        ("GET", "/f/2.pdf", 304),
        ("GET", "/f/3.pdf", 304),
        ("HEAD", "/f/4.pdf", 200),
    ]
    one = told["kept"]
    assert (one.pages_same, one.files_same, one.files_new, one.sighted) == (1, 4, 0, 4)
    assert one.complete
    # Unchanged is judged on what was sighted, not on the page's bytes.
    assert (told["nonce"].pages, told["nonce"].pages_same) == (1, 1)
    assert fetched == [LIST, "/f/1.pdf", "/f/5.pdf"]
    one = told["changed"]
    assert (one.files_changed, one.files_new, one.files_same) == (1, 1, 2)


def _with_nonce(nonce: str) -> Answer:
    return Answer(
        list_page(links(), f"<input type='hidden' name='nonce' value='{nonce}'>"), validators=False
    )


@pytest.mark.slow
def test_months_later_only_what_is_due_is_asked_for(home: Home) -> None:
    with serving(dict(healthy("site"))) as site:
        source = source_of("site", site)
        for now in (FIRST, "2027-06-01T02:00:00Z", "2027-06-05T02:00:00Z"):
            site.forget()
            told = crawl(home, [source], replace(OPTIONS, now=now))["site"]
        paths = site.paths()
    assert paths == ["/robots.txt", LIST]
    assert (told.files_not_due, told.sighted, told.complete) == (3, 3, True)


def test_budgets_end_a_host_and_say_so(home: Home) -> None:
    with serving(dict(healthy("site", 6))) as site:
        source = source_of("site", site)
        options = replace(OPTIONS, requests_per_host=4)
        told = crawl(home, [source], options)["site"]
        again = crawl(home, [source], options)["site"]
        paths = site.paths()
    assert paths == ["/robots.txt", LIST, "/f/1.pdf", "/f/2.pdf"]
    assert [(one.ended, one.complete) for one in (told, again)] == [("budget", False)] * 2


def test_a_server_that_asks_to_wait_is_waited_for(home: Home) -> None:
    with serving(dict(healthy("site", 2))) as site:
        calls: list[float] = []

        def busy_once(handler: Any) -> None:
            calls.append(time.monotonic())
            answer = Answer("", 429, headers={"Retry-After": "1"})
            if len(calls) > 1:
                answer = Answer(list_page(links(2)))
            site.routes[LIST] = answer
            site.answer(handler)
            site.routes[LIST] = busy_once

        site.routes[LIST] = busy_once
        told = crawl(home, [source_of("site", site)])["site"]
    assert (told.ended, told.complete, told.files_new) == ("finished", True, 2)
    assert calls[1] - calls[0] >= 1.0


def test_sigterm_finishes_the_page_in_hand_and_the_next_run_goes_on(home: Home) -> None:
    with serving(dict(healthy("site", 8)), pause=0.1) as site:
        source = source_of("site", site)

        def stop_after_first(event: CrawlEvent) -> None:
            if event.event == "file":
                os.kill(os.getpid(), signal.SIGTERM)

        told = crawl(home, [source, source_of("late", site)], progress=stop_after_first)
        begun = len(site.paths())
        rest = crawl(home, [source])["site"]
    assert (told["site"].ended, told["late"].ended) == ("stopped", "stopped")
    assert not told["site"].complete
    assert begun < 8
    assert told["site"].files_new + rest.files_new == 8
    assert rest.complete


@pytest.mark.slow
def test_a_killed_child_is_told_and_what_it_had_is_kept(home: Home) -> None:
    with serving(dict(healthy("site", 8)), pause=0.1) as site:
        source = source_of("site", site)
        pids: list[int] = []

        def kill_it(event: CrawlEvent) -> None:
            if event.event == "file" and not pids:
                pids.extend(_children(os.getpid()))
                os.kill(pids[0], signal.SIGKILL)

        told = crawl(home, [source, source_of("late", site)], progress=kill_it)
        rest = crawl(home, [source])["site"]
    assert (told["site"].ended, told["late"].ended) == ("crashed", "not_started")
    assert "signal 9" in told["site"].detail
    assert rest.complete
    assert rest.files_new + rest.files_same == 8
    assert rest.files_same >= 1


def test_a_public_host_is_not_asked_without_a_contact(home: Home) -> None:
    source = Source("far", "Far", "England", "listing", ("https://far.example/",), ("far.example",))
    with pytest.raises(NoContact, match="CASEREVIEWS_CONTACT"):
        run_crawl(home, [source], run_id=1, options=OPTIONS, progress=lambda _: None)


def test_names_of_a_test_domain_lead_to_loopback_and_each_is_a_host(home: Home) -> None:
    with serving(dict(healthy("site", 1))) as site:
        sources = [
            Source(
                name,
                name,
                "England",
                "listing",
                (f"http://{name}.casereviews.test:{site.port}{LIST}",),
                (f"{name}.casereviews.test:{site.port}",),
            )
            for name in ("north", "south")
        ]
        options = replace(OPTIONS, resolve={"*.casereviews.test": "127.0.0.1"})
        told = crawl(home, sources, options)
        hosts = {one.headers["Host"].partition(".")[0] for one in site.asked}
    assert [one.files_new + one.files_same for one in told.values()] == [1, 1]
    assert hosts == {"north", "south"}


def _children(pid: int) -> list[int]:
    return [
        one.pid
        for one in psutil.Process(pid).children()
        if "casereviews.crawler.process.child" in one.cmdline()
    ]


@pytest.mark.slow
def test_the_child_ends_when_its_parent_is_gone(home: Home, tmp_path: Path) -> None:
    with serving(dict(healthy("site", 30)), pause=0.1) as site:
        begun = threading.Event()
        answer = site.answer

        def noted(handler: Any) -> int:
            if handler.path.startswith("/f/"):
                begun.set()
            return answer(handler)

        site.answer = noted  # type: ignore[method-assign]
        script = tmp_path / "parent.py"
        script.write_text(
            "import sys\nfrom pathlib import Path\nfrom casereviews.crawler.process.job import Job\n"
            "from tests.crawler.test_crawl import crawl, Home, Source\n"
            f"source = Source('site', 'site', 'England', 'listing', ('{site.url}{LIST}',), ('{site.host}',))\n"
            f"crawl(Home(Path({str(home.root)!r})), [source])\n"
        )
        parent = subprocess.Popen(
            [sys.executable, str(script)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        assert begun.wait(30)
        (child,) = _children(parent.pid)
        parent.kill()
        parent.wait()
        _, alive = psutil.wait_procs([psutil.Process(child)] if psutil.pid_exists(child) else [], 5)
    assert alive == []
