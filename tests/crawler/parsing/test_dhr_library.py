"""The homicide review library's pages, in its markup and with made-up cards."""

import json
from pathlib import Path

from casereviews.crawler.parsing.dhr_library import first_page, page_url, parse_dhr_library
from casereviews.crawler.sources import Source
from tests.crawler.parsing.test_listing import plain

PAGE = Path(__file__).parent.parent / "pages" / "dhr_library" / "results.html"
SITE = "https://site.test"
SOURCE = Source("dhr", "Made up", "England", "dhr_library", (SITE + "/",), ("site.test",))


def test_cards_the_total_and_the_other_pages_are_read() -> None:
    golden = json.loads(PAGE.with_suffix(".json").read_text("utf-8"))
    parsed = parse_dhr_library(PAGE.read_text("utf-8"), page_url(SITE + "/", 0, 3), SOURCE)
    assert plain(parsed) == golden["reading"]
    assert parsed.announced == 8
    assert [dict(one.extra) for one in parsed.sightings] == golden["extra"]


def test_the_size_is_the_entrys_and_other_parameters_stay() -> None:
    source = Source(
        "dhr", "x", None, "dhr_library", ("https://h.test/?q=a",), options=(("page_size", "50"),)
    )
    assert first_page("https://h.test/?q=a", source) == (
        "https://h.test/?q=a&pagination%5BpageNumber%5D=0&pagination%5BpageSize%5D=50"
    )


def test_a_server_that_gives_smaller_pages_is_followed_in_its_own_size() -> None:
    parsed = parse_dhr_library(PAGE.read_text("utf-8"), page_url(SITE + "/", 0, 100), SOURCE)
    assert [one.url for one in parsed.follow] == [page_url(SITE + "/", n, 3) for n in (1, 2)]


def test_later_pages_lead_nowhere_and_a_page_without_cards_is_empty() -> None:
    html = PAGE.read_text("utf-8")
    assert parse_dhr_library(html, page_url(SITE + "/", 2, 3), SOURCE).follow == ()
    empty = parse_dhr_library("<h1>List</h1>", SITE + "/", SOURCE)
    assert (empty.page_kind, empty.announced, empty.sightings) == ("empty", None, ())
