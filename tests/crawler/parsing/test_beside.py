"""What stands beside a page's own part is known by what it is, and no document in it is lost without a word."""

from __future__ import annotations

import pytest

from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.sources import Source

URL = "https://www.pearvale.test/reviews/"
SOURCE = Source("pear-vale", "Pear Vale", "England", "listing", (URL,), ("www.pearvale.test",))
OWN = "".join(
    f'<div><h2>Child {one} serious case review</h2><p><a href="/f/{one}.pdf">Child {one} serious case review</a> published March 2021</p></div>'
    for one in "ABCD"
)
NAMED = (
    '<h2>Child Z</h2><p><a href="/f/Z.pdf">Child Z serious case review</a> published March 2021</p>'
)
BIRCH = '<h2>Birch</h2><p>A review of the help that was given to a family.</p><p><a href="/f/Z.pdf">Overview report</a></p>'


def read(body: str, role: str | None = None, title: str = "Serious case reviews") -> Parsed:
    html = f"<title>x</title><body><main><h1>{title}</h1>{body}</main></body>"
    return parse_listing(html, URL, SOURCE, link=Link(URL, role) if role else None)


def taken(parsed: Parsed) -> list[str]:
    return [(one.file_url or "").rpartition("/")[2] for one in parsed.sightings]


@pytest.mark.parametrize(
    "block",
    [
        '<div id="social-care">{}</div>',
        '<section class="review-menu">{}</section>',
        '<div class="share-learning">{}</div>',
        '<ul class="nav-list"><li>{}</li></ul>',
        '<div class="search-results search">{}</div>',
        '<div class="cookies-and-crumbs">{}</div>',
        '<div class="contrast">{}</div>',
        '<form><label>Year</label><input name="y"/>{}</form>',
        '<div class="modal" role="dialog">{}</div>',
        "<article><footer>{}</footer></article>",
    ],
)
def test_a_word_in_a_class_name_makes_no_furniture(block: str) -> None:
    parsed = read(OWN + block.format(BIRCH))
    assert "Z.pdf" in taken(parsed)
    assert parsed.sightings[-1].headings == ("Serious case reviews", "Birch")


@pytest.mark.parametrize(
    "block",
    [
        '<aside class="box">{}</aside>',
        '<div class="related-reviews related">{}</div>',
        '<div class="popular">{}</div>',
        '<div class="sidebar">{}</div>',
        '<div role="complementary">{}</div>',
        "<nav>{}</nav>",
        "</main><footer>{}</footer>",
        '</main><div class="side">{}</div>',
    ],
)
def test_a_report_beside_the_page_is_taken_where_it_names_its_review_and_else_counted(
    block: str,
) -> None:
    assert "Z.pdf" in taken(read(OWN + block.format(NAMED)))
    unnamed = '<p><a href="/f/fathers.pdf">Working with fathers</a></p>'
    parsed = read(OWN + block.format(unnamed))
    assert taken(parsed) == ["A.pdf", "B.pdf", "C.pdf", "D.pdf"]
    assert parsed.left_links == (
        (URL.replace("reviews/", "f/fathers.pdf"), "Working with fathers", "beside"),
    )


def test_on_a_reviews_page_what_stands_beside_is_anothers_unless_it_has_the_label() -> None:
    own = '<p>An invented review.</p><p><a href="/f/A.pdf">Overview report</a></p>'
    aside = (
        '<aside><h2>Related reviews</h2><a href="/f/B.pdf">Child Birch overview report</a> <a href="/f/C.pdf">Full report</a> '
        '<a href="/f/A2.pdf">Child Ash: easy read</a></aside>'
    )
    parsed = read(own * 3 + aside, "detail", "Child Ash")
    assert taken(parsed) == ["A.pdf", "A2.pdf"]
    assert {(url.rpartition("/")[2], reason) for url, _, reason in parsed.left_links} == {
        ("B.pdf", "beside"),
        ("C.pdf", "beside"),
    }


@pytest.mark.parametrize(
    "block",
    [
        '<nav><a href="/reviews/z/">Child Z serious case review</a></nav>',
        '<div class="main-menu menu"><a href="/about/">About our reviews</a> <a href="/reviews/z/">Child Z serious case review</a></div>',
        '<div class="cookie-banner cookie">We use cookies. <a href="/reviews/cookies/">Serious case reviews and cookies</a></div>',
        '<div class="social share"><a href="/reviews/share?to=x">Share Child A serious case review</a></div>',
        '<div class="search"><input name="q"/><a href="/reviews/z/">Child Z serious case review</a></div>',
    ],
)
def test_furniture_is_left_out(block: str) -> None:
    assert read(OWN + block).follow == ()
