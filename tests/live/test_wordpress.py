"""A real WordPress on loopback: what is published is collected once, what is not never, and a second night asks for changes only."""

import sqlite3
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from casereviews.crawler.check import check_all
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.outcome import CrawlOutcome
from casereviews.crawler.probe import probe
from casereviews.crawler.process.crawl import run_crawl
from casereviews.crawler.process.preview import ask
from casereviews.crawler.sources import Source
from casereviews.repository.home import Home
from casereviews.repository.model import Sighting
from casereviews.repository.record import Record
from tests.live.wordpress_server import WordPress, missing, wordpress

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(bool(missing()), reason=missing() or "all there"),
]

FIRST_NIGHT = {
    "child-heron-overview.pdf",
    "child-heron-briefing.pdf",
    "child-Wren-report.pdf",
    "child-Tern-report.pdf",
    "child-Dunlin-report.pdf",
    "plover.pdf",  # behind an attachment's page, linked by its id
    "gull.pdf",  # behind an attachment's page, linked by its address
    "thematic.pdf",  # of a custom type
    "page-swift.pdf",  # of a page
}
NEVER = {"draft.pdf", "protected.pdf", "orphan-serious-case-review.pdf", "newsletter-spring.pdf"}


class Nights:
    """A home, a site, and nights that crawl it."""

    def __init__(self, site: WordPress, folder: Path) -> None:
        self.site = site
        self.home = Home(folder)
        self.home.root.mkdir()
        said = site.step("first")
        self.renamed = site.url + "/child-wren-serious-case-review/"
        self.source = Source(
            "kestrel-vale",
            "Kestrel Vale",
            "England",
            "wordpress",
            start_urls=(said["list"], self.renamed),
            hosts=(site.url.removeprefix("http://"),),
        )

    def crawl(self, day: int) -> tuple[CrawlOutcome, list[str]]:
        """Crawl on a day of March 2027; the outcome, and the paths that the site was asked for."""
        now = f"2027-03-{day:02}T02:00:00Z"
        before = len(self.site.requests())
        with Record.open(self.home, write=True) as record:
            record.put_source(self.source.info)
            run = record.begin_run("refresh", now)
        told = run_crawl(
            self.home,
            [self.source],
            run_id=run,
            options=CrawlOptions(now=now, delay=0.001),
            progress=lambda _: None,
        )
        return told[self.source.id], self.site.requests()[before:]

    def asked_for(self) -> set[str]:
        """The addresses that the last run asked for, as the record logged them."""
        with closing(sqlite3.connect(self.home.record_db)) as database:
            rows = database.execute(
                "SELECT url FROM fetch WHERE run_id = (SELECT MAX(id) FROM run)"
            ).fetchall()
        return {url for (url,) in rows}

    def sightings(self) -> dict[str, tuple[Sighting, ...]]:
        """What was sighted of each file, by its name."""
        with Record.open(self.home) as record:
            return {
                (document.file_url or "").rpartition("/")[2]: record.sightings_of(document.id)
                for document in record.documents()
            }


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    folder = tmp_path_factory.mktemp("wordpress")
    with wordpress(folder) as site:
        yield Nights(site, folder / "home")


def contents(paths: list[str]) -> list[str]:
    """The requests that bring posts with their content."""
    return [path for path in paths if "title,content" in path]


def test_the_first_night_takes_what_is_published_and_nothing_else(nights: Nights) -> None:
    outcome, paths = nights.crawl(1)
    assert (outcome.ended, outcome.complete, outcome.files_new) == (
        "finished",
        True,
        len(FIRST_NIGHT),
    )
    assert set(nights.sightings()) == FIRST_NIGHT
    assert {path.rpartition("/")[2] for path in paths} & NEVER == set()
    assert outcome.left_alone["protected"] == 1


def test_a_printed_date_is_told_apart_from_the_posts_own(nights: Nights) -> None:
    said = {
        "post_title": "Child Heron: local child safeguarding practice review",
        "post_date": "2024-05-01T09:00:00",
        "printed_date": "12 March 2021",
    }
    seen = nights.sightings()["child-heron-overview.pdf"]
    # The post says it, and the category that lists the post.
    assert [dict(heron.extra) for heron in seen] == [said, said]


def test_the_two_links_of_a_file_block_are_one_sighting(nights: Nights) -> None:
    seen = nights.sightings()["child-heron-briefing.pdf"]
    assert {one.link_text for one in seen} == {"Child Heron 7 minute briefing"}
    assert len(seen) == len({one.listing_url for one in seen})


def test_probe_and_check_know_it(nights: Nights) -> None:
    options = CrawlOptions()
    found = probe(nights.source.start_urls[0], partial(ask, options=options))
    assert (found.family, found.reasons[0]) == (
        "wordpress",
        f"WordPress with an open API at {nights.site.url}/wp-json/",
    )
    [report] = check_all([nights.source], options)
    names = {(one.url or "").rpartition("/")[2] for one in report.collected}
    # The two that stand behind attachments' pages are a level deeper.
    assert names == FIRST_NIGHT - {"plover.pdf", "gull.pdf"}
    assert {text for _, text, reason in report.left_alone if reason == "protected"} == {
        "Child Protected: serious case review"
    }


def test_a_night_without_changes_asks_for_no_content(nights: Nights) -> None:
    outcome, paths = nights.crawl(2)
    assert (contents(paths), outcome.files_new, outcome.sighted) == ([], 0, len(FIRST_NIGHT))


def test_the_night_after_changes_asks_for_them_only(nights: Nights) -> None:
    nights.site.step("second")
    outcome, paths = nights.crawl(3)
    (asked,) = contents(paths)
    assert "modified_after=" in asked
    assert set(nights.sightings()) == FIRST_NIGHT | {
        "child-dunlin-response.pdf",
        "child-avocet.pdf",
    }
    # One more file, one new review, one taken down.
    assert (outcome.files_new, outcome.sighted) == (2, len(FIRST_NIGHT) + 1)


def test_a_review_under_a_new_slug_is_the_same_document(nights: Nights) -> None:
    with urllib.request.urlopen(nights.renamed) as response:
        assert response.url == nights.site.url + "/child-wren-renamed/"
    seen = nights.sightings()["child-Wren-report.pdf"]
    assert {one.detail_url for one in seen if one.extra} == {
        nights.renamed,
        nights.site.url + "/child-wren-renamed/",
    }


def test_a_site_that_closes_its_api_is_read_as_a_list_with_its_paginated_category(
    nights: Nights,
) -> None:
    nights.site.step("close")
    outcome, paths = nights.crawl(4)
    assert nights.site.url + "/category/practice-reviews/page/2/" in nights.asked_for()
    assert {path.rpartition("/")[2] for path in paths} & NEVER == set()
    assert (outcome.ended, outcome.complete, outcome.files_new) == ("finished", False, 0)
    assert outcome.detail == "its API has closed; read as a list instead"
    listed = {"child-heron-overview.pdf", "child-Wren-report.pdf", "child-Dunlin-report.pdf"}
    # Asked of the record: the server's own log may lag behind its answers.
    assert listed <= {url.rpartition("/")[2] for url in nights.asked_for()}
