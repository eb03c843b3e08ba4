"""A review's page that cannot be had stands for the papers that it would name: it is told, unless they are known already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.page import Page
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.sources import Source
from casereviews.crawler.spiders.base import SourceSpider
from casereviews.crawler.spiders.items import AskedInVain, PageRead
from casereviews.crawler.spiders.session import Session
from casereviews.repository.model import Sighting

LIST, DETAIL = "http://127.0.0.1:9/reviews/", "http://127.0.0.1:9/reviews/ash/"
SOURCE = Source("vale", "Pear Vale", "England", "listing", (LIST,), ("127.0.0.1:9",))
TOLD = Sighting(
    "vale",
    LIST,
    None,
    kind="page",
    detail_url=DETAIL,
    link_text="Read more",
    headings=("Reviews", "Child Ash"),
)
LINK = Link(DETAIL, "detail", "Read more", TOLD)


class Plain(SourceSpider):
    name = "plain"

    def read_page(self, page: Page) -> Parsed:
        return parse_listing(page.text, page.url, self.source, link=page.link)


@pytest.fixture
def spider() -> Iterator[SourceSpider]:
    session = Session.begin([SOURCE], CrawlOptions(now="2027-03-02T02:00:00Z"))
    yield Plain(SOURCE, session)
    session.close()


def answered(spider: SourceSpider, link: Link, body: str, status: int = 200) -> list[Any]:
    meta = {"link": link, "depth": 1, "start": False, "asked": DETAIL}
    request = Request(DETAIL, callback=spider.on_page, meta=meta)
    response = HtmlResponse(
        DETAIL,
        request=request,
        status=status,
        body=f"<!doctype html><html><body>{body}</body></html>",
        headers={"Content-Type": "text/html"},
        encoding="utf-8",
    )
    return list(spider.on_page(response))


def sighted(items: list[Any]) -> list[Sighting]:
    return [one for item in items if isinstance(item, PageRead) for one in item.parsed.sightings]


@pytest.mark.parametrize("status", [404, 410, 403, 500])
def test_it_is_told_with_what_its_list_says(spider: SourceSpider, status: int) -> None:
    items = answered(spider, LINK, "no", status)
    assert sighted(items) == [replace(TOLD, file_url=DETAIL)]
    (failed,) = [one for one in items if isinstance(one, AskedInVain)]
    assert failed.fetch.error == f"http_{status}"
    assert spider.tally.counts["files_failed"] == 1


def test_a_dead_link_that_names_no_case_is_none(spider: SourceSpider) -> None:
    said = replace(TOLD, link_text="What is a review?", headings=("Reviews",))
    assert sighted(answered(spider, Link(DETAIL, "detail", said.link_text, said), "no", 404)) == []


def test_a_page_that_was_read_before_is_known_by_its_papers(spider: SourceSpider) -> None:
    page = '<main><h1>Child Ash</h1><a href="/ash.pdf">Overview report</a></main>'
    answered(spider, LINK, page)
    assert sighted(answered(spider, LINK, "no", 404)) == []


def test_a_review_s_page_without_any_document_is_counted(spider: SourceSpider) -> None:
    answered(spider, LINK, "<main><h1>Child Ash</h1><p>By email only.</p></main>")
    assert spider.tally.left_alone == {"no_document": 1}
