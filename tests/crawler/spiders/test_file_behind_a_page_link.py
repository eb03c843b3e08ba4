"""A file that a page linked as one review's page is sighted by its own address on every night, whatever the answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import Response

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.parsing.parsed import Link
from casereviews.crawler.sources import Source
from casereviews.crawler.spiders.base import SourceSpider
from casereviews.crawler.spiders.items import AskedInVain, FileArrived, PageRead
from casereviews.crawler.spiders.session import Session
from casereviews.repository.model import Sighting
from tests.crawler.server import pdf

LIST, FILE = "http://127.0.0.1:9/reviews/", "http://127.0.0.1:9/resource/child-ash"
SOURCE = Source("vale", "Pear Vale", "England", "listing", (LIST,), ("127.0.0.1:9",))
TOLD = Sighting(
    "vale", LIST, None, kind="page", detail_url=FILE, link_text="Child Ash review", group=FILE
)
LINK = Link(FILE, "detail", "Child Ash review", TOLD)


@pytest.fixture
def spider() -> Iterator[SourceSpider]:
    session = Session.begin([SOURCE], CrawlOptions(now="2027-03-02T02:00:00Z"))

    class Plain(SourceSpider):
        name = "plain"

    yield Plain(SOURCE, session)
    session.close()


def answers() -> dict[str, tuple[str, dict[str, Any], dict[str, Any]]]:
    return {
        "not modified": ("GET", {"status": 304}, {"sha256": "f" * 64}),
        "came again": ("GET", {"body": pdf("ash")}, {"sha256": "f" * 64}),
        "came first": ("GET", {"body": pdf("ash")}, {}),
        "failed, and held": ("GET", {"status": 500}, {"sha256": "f" * 64}),
    }


@pytest.mark.parametrize("answer", answers().values(), ids=answers())
def test_the_file_is_sighted_by_its_address(
    spider: SourceSpider, answer: tuple[str, dict[str, Any], dict[str, Any]]
) -> None:
    method, response, held = answer
    meta = {"link": LINK, "depth": 1, "start": False, "asked": FILE, "certain": False, **held}
    request = Request(FILE, method=method, callback=spider.on_file, meta=meta)
    items = list(spider.on_file(Response(FILE, request=request, **response)))
    sighted = [one for item in items if isinstance(item, PageRead) for one in item.parsed.sightings]
    want = replace(TOLD, file_url=FILE, kind="file", detail_url=None)
    assert sighted == [want]
    rest = [one for one in items if not isinstance(one, PageRead)]
    assert [type(one) for one in rest] == [AskedInVain if "status" in response and response["status"] == 500 else FileArrived]  # fmt: skip
    assert all(one.sighting == want for one in rest if isinstance(one, FileArrived))
