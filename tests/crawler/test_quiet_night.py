"""What a quiet night asks for, to the request, in three families: the lists, what tells of changes, each file that is due, and
each document that is listed no more, once.

`QUIET` and `files` are what the crawler asked for before it knew of unlisted documents; each of those adds one request, no more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.outcome import CrawlOutcome
from casereviews.crawler.parsing.wordpress.api import content_url, index_url, types_url
from casereviews.crawler.process.crawl import run_crawl
from casereviews.crawler.sources import FollowRule, Source
from casereviews.repository.home import Home
from casereviews.repository.record import Record, SourceOutcome
from tests.crawler.faults import LIST, healthy, links, list_page
from tests.crawler.server import Answer, Site, serving

pytestmark = pytest.mark.slow

NUMBERS = range(1, 9)
TOPIC = "/learning-from-case-reviews/"
Requests = list[tuple[str, str, int]]
QUIET: dict[str, Requests] = {
    "listing": [("GET", LIST, 304)],
    "wordpress": [
        ("GET", "/", 304),
        ("GET", types_url("/wp-json/"), 200),
        ("GET", index_url("/wp-json/", "wp/v2/posts", 1), 200),
        ("GET", index_url("/wp-json/", "wp/v2/pages", 1), 200),
    ],
    "nspcc": [("GET", "/2017/", 304), ("GET", TOPIC, 304), ("GET", TOPIC + "infants", 304)],
}
"""What is asked for on a quiet night, the files apart: the WordPress API of these sites knows no validators."""

LISTS = {"listing": LIST, "nspcc": "/2017/"}
"""The pages whose bytes change when a document leaves them."""


def files(*numbers: int) -> Requests:
    """The conditional requests for files that are as they were."""
    return [("GET", f"/f/{number}.pdf", 304) for number in numbers]


def listing(site: Site, *listed: int) -> None:
    site.routes[LIST] = Answer(list_page([links(8)[number - 1] for number in listed]))


def wordpress(site: Site, *listed: int) -> None:
    root = site.url + "/wp-json/"
    posts = [
        {
            "id": number,
            "link": f"{site.url}/post-{number}/",
            "date": "2024-05-01T09:00:00",
            "modified": "2024-05-01T09:00:00",
            "title": {"rendered": f"Child H{number}: serious case review"},
            "content": {"rendered": f'<p><a href="/f/{number}.pdf">Overview report</a></p>'},
        }
        for number in listed
    ]
    site.routes["/"] = Answer(
        f'<link rel="https://api.w.org/" href="{root}"><main><h1>Learning from reviews</h1></main>'
    )
    for url, data in (
        (types_url(root), {}),
        (index_url(root, "wp/v2/posts", 1), posts),
        (index_url(root, "wp/v2/pages", 1), []),
        (content_url(root, "wp/v2/posts", page=1), posts),
    ):
        total = {"X-WP-TotalPages": "1"}
        site.routes[url.removeprefix(site.url)] = Answer(
            json.dumps(data), media_type="application/json", headers=total, validators=False
        )
    for number in listed:
        site.routes[f"/post-{number}/"] = Answer(
            f'<main><h1>Child H{number}: serious case review</h1><p><a href="/f/{number}.pdf">Overview report</a></p></main>',
            validators=False,
        )


def nspcc(site: Site, *listed: int) -> None:
    entry = '<h3>2017 - Pear Vale - Child H{0}</h3><p>Made up.</p><p>Read the <a href="/f/{0}.pdf">overview report</a>.</p>'
    entries = "".join(entry.format(number) for number in listed)
    site.routes["/2017/"] = Answer(f"<main><h1>Case reviews published in 2017</h1>{entries}</main>")
    site.routes[TOPIC] = Answer(
        f'<main><h1>Learning from case reviews briefings</h1><ul><li><a href="{TOPIC}infants">Infants</a></li></ul></main>'
    )
    site.routes[TOPIC + "infants"] = Answer(
        "<main><h1>Infants: learning from case reviews</h1><p>Publication date March 2023</p><h2>Key issues</h2><p>Made up.</p></main>"
    )


FAMILIES: dict[Callable[..., None], tuple[str, ...]] = {
    listing: (LIST,),
    wordpress: ("/",),
    nspcc: ("/2017/", TOPIC),
}


@dataclass(frozen=True)
class Nights:
    """What was asked for on a quiet night, and on one whose list has dropped two documents, one of them not there any more."""

    quiet: Requests
    dropped: Requests


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Nights]]:
    home = Home(tmp_path_factory.mktemp("quiet") / "home").create()
    with ExitStack() as stack:
        sites = {
            family: stack.enter_context(serving(healthy(family.__name__, 8))) for family in FAMILIES
        }
        sources = [
            Source(
                family.__name__, "Pear Vale", "England", family.__name__,
                tuple(sites[family].url + start for start in starts), (sites[family].host,),
                follow=(FollowRule(href=TOPIC + "[a-z]+$", role="detail"),),
            )
            for family, starts in FAMILIES.items()
        ]  # fmt: skip
        for family, site in sites.items():
            family(site, *NUMBERS)
        assert {one.ended for one in night(home, sources, 1)} == {"finished"}
        quiet = asked_of(home, sources, sites, 2)
        for family, site in sites.items():
            family(site, *NUMBERS[:-2])
            site.routes["/f/8.pdf"] = Answer("", 404)
        dropped = asked_of(home, sources, sites, 3)
        yield {name: Nights(quiet[name], dropped[name]) for name in quiet}


def night(home: Home, sources: list[Source], day: int) -> list[CrawlOutcome]:
    now = f"2027-03-{day:02}T02:00:00Z"
    with Record.open(home, write=True) as record:
        run = record.begin_run("refresh", now)
        for source in sources:
            record.put_source(source.info, source.same_as)
    options = CrawlOptions(delay=0.001, now=now)
    told = run_crawl(home, sources, run_id=run, options=options, progress=lambda _: None)
    with Record.open(home, write=True) as record:
        for source in sources:
            record.finish_source(
                run, SourceOutcome(source.id, "ok", now, now, listing_complete=True)
            )
    return list(told.values())


def asked_of(
    home: Home, sources: list[Source], sites: dict[Callable[..., None], Site], day: int
) -> dict[str, Requests]:
    for site in sites.values():
        site.forget()
    assert {one.complete for one in night(home, sources, day)} == {True}
    return {
        family.__name__: sorted((one.method, one.path, one.status) for one in site.asked)
        for family, site in sites.items()
    }


@pytest.mark.parametrize("family", QUIET)
def test_a_quiet_night_asks_for_what_it_always_did(nights: dict[str, Nights], family: str) -> None:
    assert nights[family].quiet == sorted([*QUIET[family], *files(*NUMBERS)])


@pytest.mark.parametrize("family", QUIET)
def test_each_document_that_is_listed_no_more_adds_one_request(
    nights: dict[str, Nights], family: str
) -> None:
    pages = [
        (method, path, 200 if path == LISTS.get(family) else status)
        for method, path, status in QUIET[family]
    ]
    robots = ("GET", "/robots.txt", 200)  # kept for a day
    unlisted = [("GET", "/f/7.pdf", 304), ("GET", "/f/8.pdf", 404)]
    assert nights[family].dropped == sorted([*pages, robots, *files(*NUMBERS[:-2]), *unlisted])
