"""Where the record is on PostgreSQL, hosts are locked there: for all processes, machines and homes that use the database."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from casereviews.crawler.outcome import CrawlOutcome
from casereviews.crawler.process.crawl import CrawlEvent
from casereviews.repository.errors import RecordServerError
from casereviews.repository.home import Home
from casereviews.repository.host_locks import ServerHostLocks
from casereviews.repository.lock import writing
from casereviews.repository.stores import Stores
from tests.crawler.faults import healthy
from tests.crawler.test_crawl import OPTIONS, crawl
from tests.crawler.test_workers import Watched, boards, documents, source
from tests.postgresql_server import Server

CRAWLS = """
import sys
from pathlib import Path
from casereviews.repository.home import Home
from casereviews.repository.lock import writing
from tests.crawler.test_crawl import OPTIONS, crawl
from tests.crawler.test_workers import source
home = Home(Path(sys.argv[1]))
with writing(home, "refresh"):
    print(crawl(home, [source("board", sys.argv[2])], OPTIONS)["board"].ended)
"""
pytestmark = pytest.mark.live


@pytest.fixture
def homes(postgresql: Server, tmp_path: Path) -> tuple[Home, Home]:
    """Two homes that share a database."""
    both = (Home(tmp_path / "one").create(), Home(tmp_path / "two").create())
    for home in both:
        postgresql.keep(home)
    return both


@pytest.fixture
def locks(homes: tuple[Home, Home]) -> Iterator[tuple[ServerHostLocks, ServerHostLocks]]:
    server = Stores.of(homes[0]).record
    assert server is not None
    ours, theirs = ServerHostLocks(server), ServerHostLocks(server)
    yield ours, theirs
    ours.close()
    theirs.close()


def test_a_host_is_one_connections_and_all_of_a_sources_or_none_are_taken(
    locks: tuple[ServerHostLocks, ServerHostLocks],
) -> None:
    ours, theirs = locks
    assert ours.take({"b:", "c:"})
    assert not theirs.take({"a:", "b:"})
    assert ours.take({"a:"})
    ours.let_go({"b:", "c:"})
    assert theirs.take({"b:", "c:"})
    theirs.close()
    ends = time.monotonic() + 10
    while not ours.take({"c:"}):  # the server lets go when it has seen that they are gone
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_locks_that_went_with_their_connection_are_told(
    locks: tuple[ServerHostLocks, ServerHostLocks], postgresql: Server
) -> None:
    ours, _ = locks
    assert ours.take({"a:"})
    ours.check()
    end_connections(postgresql)
    with pytest.raises(RecordServerError, match="is lost"):
        ours.check()


def end_connections(postgresql: Server) -> None:
    """End those that hold locks on hosts, as a server's operator or its restart does."""
    with postgresql.connect() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'casereviews hosts'"
        )


def under_lock(home: Home, *args: object, **more: object) -> dict[str, CrawlOutcome]:
    with writing(home, "refresh"):
        return crawl(home, *args, **more)  # type: ignore[arg-type]


def test_two_homes_never_ask_one_host_at_once(homes: tuple[Home, Home]) -> None:
    watched = Watched()
    with ExitStack() as stack:
        site = watched.add(stack, "both", dict(healthy("both", 8)))
        nights = [
            subprocess.Popen(
                [sys.executable, "-c", CRAWLS, str(home.root), site.host],
                stdout=subprocess.PIPE,
                text=True,
            )
            for home in homes
        ]
        assert [night.communicate(timeout=120)[0] for night in nights] == ["finished\n"] * 2
        most_at_once = site.most_at_once
    assert [len(documents(home)) for home in homes] == [8, 8]
    turns = [process for process, *_ in sorted(watched.came["both"], key=lambda one: one[1])]
    assert len(set(turns)) == 2
    assert sum(earlier != later for earlier, later in pairwise(turns)) == 1  # one, then the other
    assert most_at_once == 1


def test_several_processes_write_one_record(homes: tuple[Home, Home]) -> None:
    with boards() as (watched, sources):
        told = under_lock(homes[0], sources, replace(OPTIONS, workers=2, delay=0.02))
        processes = watched.processes()
    assert {len(which) for which in processes.values()} == {1}
    assert len(set().union(*processes.values())) == 2
    assert {one.ended for one in told.values()} == {"finished"}
    assert len(documents(homes[0])) == 21


def test_a_process_that_lost_its_locks_asks_no_more(
    homes: tuple[Home, Home], postgresql: Server
) -> None:
    watched = Watched()
    with ExitStack() as stack:
        site = watched.add(stack, "one", dict(healthy("one", 100)))

        def progress(event: CrawlEvent) -> None:
            if event.event == "file" and len(watched.came["one"]) < 6:
                end_connections(postgresql)

        outcome = under_lock(
            homes[0], [source("one", site.host)], replace(OPTIONS, delay=0.1), progress
        )["one"]
    assert (outcome.ended, outcome.detail) == (
        "crashed",
        "the crawling process ended (exit 3) while this source was being read",
    )
    assert "the connection to postgresql://" in (homes[0].logs / "crawl.log").read_text("utf-8")
    assert len(watched.came["one"]) < 60
