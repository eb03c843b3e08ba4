"""A page that is found under two addresses is one document; pages that only claim so stay apart."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.process.crawl import run_crawl
from casereviews.crawler.sources import Source
from casereviews.repository.home import Home
from casereviews.repository.record import Record
from tests.crawler.faults import LIST, list_page
from tests.crawler.server import Answer, Site, serving

SPARROW, TWIN = "/briefings/child-sparrow/", "/learning/child-sparrow/"
WREN = "/briefings/child-wren/"


def page(child: str, head: str, crumbs: str = "") -> Answer:
    words = "<p>This made-up briefing tells what agencies learned about working together. </p>" * 14
    return Answer(
        f"<html><head>{head}</head><body><nav>{crumbs}</nav><main>"
        f"<h1>Learning briefing: Child {child}</h1>{words}</main></body></html>"
    )


def named(path: str, relation: str = "canonical") -> str:
    return f'<link rel="{relation}" href="{path}">'


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


def night(home: Home, site: Site, listed: Mapping[str, str], day: int = 1) -> None:
    site.routes[LIST] = Answer(list_page(list(listed.items())))
    source = Source("a", "a", "England", "listing", (site.url + LIST,), (site.host,))
    now = f"2027-03-0{day}T02:00:00Z"
    with Record.open(home, write=True) as record:
        run = record.begin_run("refresh", now)
        record.put_source(source.info)
    (outcome,) = run_crawl(
        home, [source], run_id=run, options=CrawlOptions(now=now), progress=lambda _: None
    ).values()
    assert (outcome.ended, outcome.complete) == ("finished", True)


def documents(home: Home, site: Site) -> list[dict[str, str]]:
    """Address -> evidence of each document, the documents by their first address."""
    with Record.open(home) as record:
        found = [
            {url.removeprefix(site.url): why for url, why in record.addresses_of(one.id)}
            for one in record.documents()
        ]
    return sorted(found, key=min)


BOTH = {SPARROW: "Learning briefing: Child Sparrow", TWIN: "Learning briefing: Child Sparrow"}


@pytest.mark.parametrize("order", [[SPARROW, TWIN], [TWIN, SPARROW]])
@pytest.mark.parametrize("nights", [1, 2])
def test_a_page_under_two_addresses_is_one_document_in_either_order(
    home: Home, order: list[str], nights: int
) -> None:
    with serving() as site:
        site.routes[SPARROW] = page("Sparrow", named(SPARROW), "Briefings")
        site.routes[TWIN] = page("Sparrow", named(SPARROW), "Learning")
        parts = [order] if nights == 1 else [order[:1], order[1:]]
        for day, part in enumerate(parts, 1):
            night(home, site, {path: BOTH[path] for path in part}, day)
        first, second = order
        assert documents(home, site) == [{first: "sighted", second: "canonical"}]


def test_a_copy_that_still_names_the_page_it_was_made_from_stays_apart(home: Home) -> None:
    copied, original = "/child-wren/briefing/", "/child-sparrow/briefing/"
    with serving() as site:
        site.routes[original] = page("Sparrow", named(original))
        site.routes[copied] = page("Wren", named(original))
        listed = {
            copied: "Learning briefing: Child Wren",
            original: "Learning briefing: Child Sparrow",
        }
        night(home, site, listed)
        assert documents(home, site) == [{original: "sighted"}, {copied: "sighted"}]


@pytest.mark.parametrize("shared", ["/", LIST, "/briefings/", SPARROW, "http://other.example/x/"])
def test_an_address_that_siblings_share_joins_none_of_them(home: Home, shared: str) -> None:
    with serving() as site:
        # The same words under both names: even then no address that both name makes them one.
        site.routes[SPARROW] = page("in Kestrelvale", named(shared))
        site.routes[WREN] = page("in Kestrelvale", named(shared))
        night(home, site, dict.fromkeys((SPARROW, WREN), "Learning briefing: a child"))
        assert documents(home, site) == [{SPARROW: "sighted"}, {WREN: "sighted"}]


def test_a_shortlink_is_an_address_of_its_page(home: Home) -> None:
    with serving() as site:
        site.routes[SPARROW] = page("Sparrow", named("/?p=242", "shortlink"))
        site.routes[WREN] = page("Wren", named("/?p=243", "shortlink"))
        night(home, site, {SPARROW: "Learning briefing: Sparrow", WREN: "Learning briefing: Wren"})
        assert documents(home, site) == [
            {"/?p=242": "shortlink", SPARROW: "sighted"},
            {"/?p=243": "shortlink", WREN: "sighted"},
        ]
