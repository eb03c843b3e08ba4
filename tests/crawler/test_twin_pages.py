"""A page that is found under two addresses is one document; pages that only claim so stay apart."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.process.crawl import run_crawl
from casereviews.crawler.sources import Source
from casereviews.repository.home import Home
from casereviews.repository.record import Record
from tests.crawler.faults import LIST, list_page
from tests.crawler.server import Answer, Site, serving

pytestmark = pytest.mark.slow

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


@dataclass(frozen=True)
class Twins:
    """A site: its pages, and what its list links on each night: address -> words."""

    pages: Mapping[str, Answer]
    nights: tuple[Mapping[str, str], ...]


BOTH = {
    SPARROW: page("Sparrow", named(SPARROW), "Briefings"),
    TWIN: page("Sparrow", named(SPARROW), "Learning"),
}
ORDERS = [(SPARROW, TWIN), (TWIN, SPARROW)]
COPIED, ORIGINAL = "/child-wren/briefing/", "/child-sparrow/briefing/"
SHARED = ["/", LIST, "/briefings/", SPARROW, "http://other.example/x/"]


def in_order(order: tuple[str, ...], nights: int) -> Twins:
    parts = [order] if nights == 1 else [order[:1], order[1:]]
    words = "Learning briefing: Child Sparrow"
    return Twins(BOTH, tuple(dict.fromkeys(part, words) for part in parts))


def sharing(shared: str) -> Twins:
    # The same words under both names: even then no address that both name makes them one.
    both = dict.fromkeys((SPARROW, WREN), page("in Kestrelvale", named(shared)))
    return Twins(both, (dict.fromkeys((SPARROW, WREN), "Learning briefing: a child"),))


SITES = {
    **{f"order-{n}-{nights}": in_order(ORDERS[n], nights) for n in (0, 1) for nights in (1, 2)},
    **{f"shared-{n}": sharing(shared) for n, shared in enumerate(SHARED)},
    "copied": Twins(
        {ORIGINAL: page("Sparrow", named(ORIGINAL)), COPIED: page("Wren", named(ORIGINAL))},
        (
            {
                COPIED: "Learning briefing: Child Wren",
                ORIGINAL: "Learning briefing: Child Sparrow",
            },
        ),
    ),
    "shortlinks": Twins(
        {
            SPARROW: page("Sparrow", named("/?p=242", "shortlink")),
            WREN: page("Wren", named("/?p=243", "shortlink")),
        },
        ({SPARROW: "Learning briefing: Sparrow", WREN: "Learning briefing: Wren"},),
    ),
}
Documents = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Documents:
    """Address -> evidence of each document of each site, the documents by their first address."""
    home = Home(tmp_path_factory.mktemp("twins") / "home").create()
    found: Documents = {name: [] for name in SITES}
    with ExitStack() as stack:
        sites = {name: stack.enter_context(serving(dict(SITES[name].pages))) for name in SITES}
        night(home, sites, 1)
        night(home, {name: site for name, site in sites.items() if len(SITES[name].nights) > 1}, 2)
        with Record.open(home) as record:
            for one in record.documents():
                url = sites[one.source_id].url
                addresses = record.addresses_of(one.id)
                found[one.source_id].append({at.removeprefix(url): why for at, why in addresses})
    return {name: sorted(each, key=min) for name, each in found.items()}


def night(home: Home, sites: Mapping[str, Site], day: int) -> None:
    now = f"2027-03-0{day}T02:00:00Z"
    sources = []
    for name, site in sites.items():
        site.routes[LIST] = Answer(list_page(list(SITES[name].nights[day - 1].items())))
        sources.append(Source(name, name, "England", "listing", (site.url + LIST,), (site.host,)))
    with Record.open(home, write=True) as record:
        run = record.begin_run("refresh", now)
        for source in sources:
            record.put_source(source.info)
    told = run_crawl(
        home, sources, run_id=run, options=CrawlOptions(now=now), progress=lambda _: None
    )
    assert {(one.ended, one.complete) for one in told.values()} == {("finished", True)}


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("nights", [1, 2])
def test_a_page_under_two_addresses_is_one_document_in_either_order(
    documents: Documents, order: int, nights: int
) -> None:
    first, second = ORDERS[order]
    assert documents[f"order-{order}-{nights}"] == [{first: "sighted", second: "canonical"}]


def test_a_copy_that_still_names_the_page_it_was_made_from_stays_apart(
    documents: Documents,
) -> None:
    assert documents["copied"] == [{ORIGINAL: "sighted"}, {COPIED: "sighted"}]


@pytest.mark.parametrize("shared", range(len(SHARED)))
def test_an_address_that_siblings_share_joins_none_of_them(
    documents: Documents, shared: int
) -> None:
    assert documents[f"shared-{shared}"] == [{SPARROW: "sighted"}, {WREN: "sighted"}]


def test_a_shortlink_is_an_address_of_its_page(documents: Documents) -> None:
    assert documents["shortlinks"] == [
        {"/?p=242": "shortlink", SPARROW: "sighted"},
        {"/?p=243": "shortlink", WREN: "sighted"},
    ]
