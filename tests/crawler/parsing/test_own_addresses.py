"""Which addresses a page gives as its own count as evidence."""

from __future__ import annotations

import pytest

from casereviews.crawler.parsing.html.own_addresses import is_other_spelling, own_addresses
from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.sources import Source

SITE = "https://www.kestrelvale.example"
PAGE = SITE + "/learning/child-sparrow/"
LIST = SITE + "/briefings/"


@pytest.mark.parametrize(
    "canonical",
    [
        SITE + "/briefings/child-sparrow/",
        SITE + "/briefings/child-sparrow",
        "https://kestrelvale.example/index.php/briefings/child-sparrow/",
    ],
)
def test_the_same_name_in_another_place_of_the_site_is_evidence(canonical: str) -> None:
    assert own_addresses(PAGE, canonical, None) == ((canonical, "canonical"),)


@pytest.mark.parametrize(
    "canonical",
    [
        SITE + "/",
        SITE,
        SITE + "/learning/",
        LIST,
        SITE + "/learning/child-wren/",
        "https://other.example/briefings/child-sparrow/",
        SITE + "/briefings/child-sparrow/?id=7",
        PAGE,
        None,
    ],
)
def test_a_home_page_a_list_another_site_and_a_sibling_are_none(canonical: str | None) -> None:
    assert own_addresses(PAGE, canonical, None, [LIST]) == ()


def test_a_list_is_none_though_its_name_is_the_pages() -> None:
    page, named = SITE + "/2024/briefings/", SITE + "/briefings"
    assert own_addresses(page, named, None, [LIST]) == ()
    assert own_addresses(page, named, None) == ((named, "canonical"),)


def test_pages_of_one_script_are_told_apart_by_their_number() -> None:
    seven, eight, bare = (SITE + "/briefing.aspx" + query for query in ("?id=7", "?id=8", ""))
    assert own_addresses(SITE + "/en/briefing.aspx?id=7", seven, None) == ((seven, "canonical"),)
    assert own_addresses(SITE + "/en/briefing.aspx?id=7", eight, None) == ()
    assert own_addresses(SITE + "/en/briefing.aspx?id=7", bare, None) == ()
    assert not is_other_spelling(bare, seven)
    assert not is_other_spelling(eight, seven)
    assert is_other_spelling(seven, seven + "&contrast=1")


@pytest.mark.parametrize(
    ("shortlink", "counts"),
    [
        (SITE + "/?p=242", True),
        (SITE + "/?page_id=7", True),
        (SITE + "/node/12", True),
        (SITE + "/", False),
        (SITE + "/briefings/", False),
        (SITE + "/?s=child", False),
        ("https://short.example/?p=242", False),
    ],
)
def test_a_shortlink_is_a_number_of_the_site(shortlink: str, counts: bool) -> None:
    assert own_addresses(PAGE, None, shortlink) == (((shortlink, "shortlink"),) if counts else ())


def test_a_page_says_its_canonical_address_and_its_shortlink() -> None:
    head = (
        '<link rel="canonical" href="/briefings/child-sparrow/"><link rel="shortlink" href="/?p=7">'
    )
    source = Source("a", "a", "England", "listing", (LIST,), ("www.kestrelvale.example",))
    parsed = parse_listing(f"<html><head>{head}</head><body></body></html>", PAGE, source)
    assert (parsed.canonical, parsed.shortlink) == (
        SITE + "/briefings/child-sparrow/",
        SITE + "/?p=7",
    )
