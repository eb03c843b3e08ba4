"""The real crawler over the fictional sites: it finds everything, asks as it should, and takes nothing twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.outcome import CrawlOutcome
from casereviews.crawler.process.crawl import run_crawl
from casereviews.demo.server import DemoServer, serve
from casereviews.demo.sites import DemoSites
from casereviews.repository.home import Home
from casereviews.repository.lock import writing
from casereviews.repository.record import Record

pytestmark = pytest.mark.slow  # tests/test_end_to_end.py collects the same sites for everybody


@pytest.fixture(scope="module")
def server(sites: DemoSites) -> Iterator[DemoServer]:
    with serve(sites) as running:
        yield running


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("home"))


def crawl(home: Home, server: DemoServer, now: str) -> dict[str, CrawlOutcome]:
    with writing(home, "refresh"):
        with Record.open(home, write=True) as record:
            for source in server.sources():
                record.put_source(source.info)
            run = record.begin_run("refresh", now)
        options = CrawlOptions(resolve=server.resolve, now=now)
        return run_crawl(
            home, server.sources(), run_id=run, options=options, progress=lambda event: None
        )


@pytest.fixture(scope="module")
def first(home: Home, server: DemoServer) -> dict[str, CrawlOutcome]:
    return crawl(home, server, "2026-03-01T02:00:00Z")


def test_every_document_of_every_site_is_fetched(
    first: dict[str, CrawlOutcome], server: DemoServer
) -> None:
    fetched = {f"http://{a.host}:{server.port}{a.path}" for a in server.log if a.status == 200}
    plain = {url.replace("%26", "&") for url in fetched}
    assert [d.url for d in server.truth().documents if d.url not in plain] == []
    assert {outcome.ended for outcome in first.values()} == {"finished"}


def test_robots_is_read_first_and_no_host_has_two_requests_at_once(
    first: dict[str, CrawlOutcome], server: DemoServer
) -> None:
    asked = {site.id: [a.path for a in server.asked(site.id)] for site in server.sites.sites}
    assert {paths[0] for paths in asked.values()} == {"/robots.txt"}
    assert {paths.count("/robots.txt") for paths in asked.values()} == {1}
    assert set(server.high_water.values()) == {1}


def test_no_address_is_asked_twice_and_no_twin_is_asked_at_all(
    first: dict[str, CrawlOutcome], server: DemoServer
) -> None:
    asked = [(a.host, a.path) for a in server.log]
    assert len(asked) == len(set(asked))
    assert [path for _, path in asked if "contrast" in path or path.endswith("/print")] == []


def test_a_second_crawl_of_the_same_sites_brings_nothing_new(
    first: dict[str, CrawlOutcome], home: Home, server: DemoServer
) -> None:
    before = len(server.log)
    second = crawl(home, server, "2026-03-02T02:00:00Z")
    new = [(o.files_new, o.files_changed, o.files_failed) for o in second.values()]
    assert set(new) == {(0, 0, 0)}
    sent_again = [
        asked.path
        for asked in server.log[before:]
        if (asked.method, asked.status) == ("GET", 200)
        and asked.sent
        and asked.path.endswith((".pdf", ".docx"))
    ]
    assert sent_again == []
