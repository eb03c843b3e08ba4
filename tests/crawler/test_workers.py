"""Several processes crawl at once, and none asks a host of another: seen by the servers, which know whose connection each request came on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from threading import Event, Timer
from typing import Any

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casereviews.crawler.errors import ChildDied
from casereviews.crawler.outcome import CrawlOutcome
from casereviews.crawler.process import crawl as module
from casereviews.crawler.process.crawl import CrawlEvent
from casereviews.crawler.process.workers import by_host, occupied
from casereviews.crawler.sources import Source
from casereviews.repository.home import Home
from casereviews.repository.host_locks import FileHostLocks
from casereviews.repository.record import Record
from tests.crawler.faults import LIST, healthy, list_page
from tests.crawler.server import Answer, Route, Site, pdf
from tests.crawler.test_crawl import OPTIONS, crawl, home

__all__ = ["home"]


def source(name: str, *hosts: str) -> Source:
    return Source(name, name, "England", "listing", (f"http://{hosts[0]}{LIST}",), hosts)


# ---- sharing out


def test_www_and_standard_ports_are_one_server() -> None:
    hosts = ("WWW.board.example", "board.example:443", "files.example:8080", "[::1]:80")
    assert occupied(source("one", *hosts)) == {"board.example:", "files.example:8080", "::1:"}


def test_sources_that_share_a_host_or_are_joined_by_others_stay_together() -> None:
    found = by_host(
        [
            source("a", "a.example", "files.example"),
            source("b", "b.example"),
            source("c", "c.example", "files.example", "d.example"),
            source("d", "www.d.example"),
            source("e", "e.example"),
        ],
        2,
    )
    assert [[one.id for one in part] for part in found] == [["a", "c", "d"], ["b", "e"]]


@given(st.lists(st.sets(st.sampled_from("abcdefghijkl"), min_size=1, max_size=3), max_size=14), st.integers(1, 6))  # fmt: skip
def test_no_two_parts_have_a_host_in_common(hosts: list[set[str]], workers: int) -> None:
    sources = [source(str(number), *sorted(each)) for number, each in enumerate(hosts)]
    parts = by_host(sources, workers)
    assert len(parts) <= workers
    assert all(parts)
    assert sorted(one.id for part in parts for one in part) == sorted(one.id for one in sources)
    for part in parts:
        assert list(part) == sorted(part, key=sources.index)
        others = [one for one in sources if one not in part]
        assert not {host for one in part for host in one.hosts} & {
            host for one in others for host in one.hosts
        }


# ---- locks


def test_a_host_is_one_processs_and_all_of_a_sources_or_none_are_taken(tmp_path: Path) -> None:
    ours, theirs = FileHostLocks(tmp_path), FileHostLocks(tmp_path)
    assert ours.take({"b:", "c:"})
    assert not theirs.take({"a:", "b:"})
    assert ours.take({"a:"})  # what was taken on the way was let go
    ours.let_go({"b:", "c:"})
    assert theirs.take({"b:", "c:"})
    assert not ours.take({"c:"})
    theirs.close()
    assert ours.take({"c:"})
    ours.close()


_HOLDS = """
import sys
from pathlib import Path
from casereviews.repository.host_locks import FileHostLocks
locks = FileHostLocks(Path(sys.argv[1]))
print(locks.take({"a:"}), flush=True)
sys.stdin.read()
"""


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        ours = FileHostLocks(tmp_path)
        assert not ours.take({"a:"})
        holder.kill()
        holder.wait()
        assert ours.take({"a:"})
        ours.close()


# ---- crawling


@dataclass
class Watched:
    """Sites that note which process each request came from: (process, begun, done) in the order of their answers."""

    sites: dict[str, Site] = field(default_factory=dict)
    came: dict[str, list[tuple[int, float, float]]] = field(default_factory=dict)

    def add(self, stack: ExitStack, name: str, routes: dict[str, Route]) -> Site:
        site = self.sites[name] = Site(routes, pause=0.01)
        stack.callback(site.close)
        came = self.came[name] = []
        answer = site.answer

        def noted(handler: Any) -> int:
            begun, process = time.monotonic(), _process_at(handler.client_address[1])
            try:
                return answer(handler)
            finally:
                came.append((process, begun, time.monotonic()))

        site.answer = noted  # type: ignore[method-assign]
        return site

    def processes(self) -> dict[str, set[int]]:
        return {name: {process for process, *_ in came} for name, came in self.came.items()}


def _process_at(port: int) -> int:
    """Which of our children has the connection from this port."""
    for child in psutil.Process().children(recursive=True):
        for connection in child.net_connections("tcp"):
            if connection.laddr.port == port:
                return child.pid
    raise AssertionError(f"nobody asks from port {port}")


@contextmanager
def boards() -> Iterator[tuple[Watched, list[Source]]]:
    """Seven boards on six hosts, and a host of files to which three of them lead, one by redirects; one asks for a delay."""
    watched = Watched()
    with ExitStack() as stack:
        files = {
            f"/{name}/{n}.pdf": Answer(pdf(f"{name} {n}"), media_type="application/pdf")
            for name in "abg"
            for n in range(3)
        }
        shared = watched.add(stack, "files", dict(files))
        sources = []
        for name in "abcdef":
            routes = dict(healthy(name))
            if name in "ab":
                routes = {LIST: Answer(list_page([(f"{shared.url}/{name}/{n}.pdf", f"Child {name}{n} overview report") for n in range(3)]))}  # fmt: skip
            site = watched.add(stack, name, routes)
            hosts = (site.host, shared.host) if name in "ab" else (site.host,)
            sources.append(source(name, *hosts))
        watched.sites["c"].routes["/robots.txt"] = Answer(
            "User-agent: *\nCrawl-delay: 0.3\n", media_type="text/plain"
        )
        redirecting = watched.add(
            stack,
            "g",
            {
                LIST: Answer(list_page([(f"/to/{n}", f"Child g{n} overview report") for n in range(3)])),
                **{f"/to/{n}": Answer("", 302, headers={"Location": f"{shared.url}/g/{n}.pdf"}) for n in range(3)},
            },
        )  # fmt: skip
        sources.append(source("g", redirecting.host, shared.host))
        sources.append(source("a2", watched.sites["d"].host))  # a second board on one host
        yield watched, sources


def documents(home: Home) -> set[tuple[str, str | None, str | None]]:
    with Record.open(home) as record:
        return {(one.source_id, one.file_url, one.sha256) for one in record.documents()}


def told(outcomes: dict[str, CrawlOutcome]) -> dict[str, Any]:
    return {key: replace(one, seconds=0.0) for key, one in outcomes.items()}


@pytest.mark.slow
def test_no_two_processes_ask_one_host_and_the_same_documents_come(
    home: Home, tmp_path: Path
) -> None:
    with boards() as (watched, sources):
        several = crawl(home, sources, replace(OPTIONS, workers=3, delay=0.02))
        processes, came = watched.processes(), dict(watched.came)
        most_at_once = {name: site.most_at_once for name, site in watched.sites.items()}
        alone = Home(tmp_path / "alone").create()
        one = crawl(alone, sources, replace(OPTIONS, delay=0.02))
    assert {name: len(which) for name, which in processes.items()} == dict.fromkeys(processes, 1)
    assert len(set().union(*processes.values())) == 3
    assert processes["a"] == processes["b"] == processes["g"] == processes["files"]
    assert most_at_once == dict.fromkeys(most_at_once, 1)
    starts = sorted(begun for _, begun, _ in came["c"])
    assert (
        min(later - earlier for earlier, later in list(pairwise(starts))[1:]) >= 0.2
    )  # without it they come 0.02 apart
    assert documents(home) == documents(alone)
    assert len(documents(home)) == 21  # what both boards of one host list is one
    assert told(several) == told(one)
    assert [*several] == [one.id for one in sources]


@pytest.mark.slow
def test_where_parts_had_a_host_in_common_the_locks_still_keep_it_to_one_at_a_time(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched()
    with ExitStack() as stack:
        site = watched.add(stack, "both", dict(healthy("both", 8)))
        twins = [source("one", site.host), source("two", site.host)]
        monkeypatch.setattr(module, "by_host", lambda sources, _: [(one,) for one in sources])
        outcomes = crawl(home, twins, replace(OPTIONS, workers=2))
    assert [one.ended for one in outcomes.values()] == ["finished", "finished"]
    turns = [process for process, *_ in sorted(watched.came["both"], key=lambda one: one[1])]
    assert len(set(turns)) == 2
    assert sum(earlier != later for earlier, later in pairwise(turns)) == 1  # one, then the other
    assert site.most_at_once == 1


@pytest.mark.slow
def test_a_killed_process_loses_its_own_sources_only(home: Home) -> None:
    with boards() as (watched, sources):
        killed: list[int] = []

        def progress(event: CrawlEvent) -> None:
            if event.event == "file" and event.source == "g" and not killed:
                (process,) = watched.processes()["g"]
                os.kill(process, signal.SIGKILL)
                killed.append(process)

        outcomes = crawl(home, sources, replace(OPTIONS, workers=3, delay=0.02), progress)
        assert killed
        again = crawl(home, sources, replace(OPTIONS, delay=0.02))
    lost = {key for key, one in outcomes.items() if one.ended != "finished"}
    assert {"g"} <= lost <= {"a", "b", "g"}
    assert "ended (signal 9) while this source was being read" in outcomes["g"].detail
    assert {one.ended for one in again.values()} == {"finished"}
    assert len(documents(home)) == 21


@pytest.mark.slow
@pytest.mark.parametrize("why", ["stopped", "budget"])
def test_all_processes_end_when_the_night_does(home: Home, why: str) -> None:
    """By the word of a stop, or when the time is used up: each source is told as ended so, and none is asked after."""
    before = {*psutil.Process().children()}  # servers of other tests
    with ExitStack() as stack:
        watched = Watched()
        sources = []
        for name in "abcd":
            site = watched.add(stack, name, dict(healthy(name, 200)))
            sources.append(source(name, site.host))
        options = replace(OPTIONS, workers=2, delay=0.1)
        if why == "budget":
            outcomes = crawl(home, sources, replace(options, seconds=4.0))
        else:
            timers: list[Timer] = []

            def progress(event: CrawlEvent) -> None:
                if event.event == "file" and not timers:
                    timers.append(Timer(0.0, os.kill, (os.getpid(), signal.SIGTERM)))
                    timers[0].start()

            outcomes = crawl(home, sources, options, progress)
        asked = {name: len(came) for name, came in watched.came.items()}
        assert {one.ended for one in outcomes.values()} == {why}
        assert max(asked.values()) < 200
        assert {*psutil.Process().children()} <= before


def test_where_one_process_cannot_start_the_others_are_stopped(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nights(part: Any) -> dict[str, CrawlOutcome]:
        names = [one.id for one in part.job.sources]
        if "bad" in names:
            begun.wait(5)
            raise ChildDied("the crawling process could not start")
        with part.switch.telling(lambda: stopped.append(names)):
            begun.set()
            for _ in range(500):
                if stopped:
                    return {one.id: module._not_begun(one, "stopped") for one in part.job.sources}
                time.sleep(0.01)
        raise AssertionError("nobody said stop")

    stopped: list[Sequence[str]] = []
    begun = Event()
    monkeypatch.setattr(module._Part, "crawl", nights)
    two = [source("good", "127.0.0.1:1"), source("bad", "127.0.0.1:2")]
    with pytest.raises(ChildDied, match="could not start"):
        crawl(home, two, replace(OPTIONS, workers=2))
    assert stopped == [["good"]]


def test_the_nights_requests_are_shared_out(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = []

    def nights(part: Any) -> dict[str, CrawlOutcome]:
        jobs.append(part.job)
        return {one.id: module._not_begun(one, "stopped") for one in part.job.sources}

    monkeypatch.setattr(module._Part, "crawl", nights)
    five = [source(str(number), f"127.0.0.1:{number + 1}") for number in range(5)]
    crawl(home, five, replace(OPTIONS, workers=2, requests_per_night=1000))
    assert sorted(one.options.requests_per_night for one in jobs) == [400, 600]
    assert len({one.host_locks for one in jobs}) == 1
    crawl(home, five)
    assert (jobs[-1].options.requests_per_night, jobs[-1].host_locks) == (20_000, None)
