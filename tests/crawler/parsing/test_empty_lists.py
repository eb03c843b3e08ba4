"""A list that says in words that there is nothing on it now, and one that is merely empty."""

import pytest

from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.parsed import Link
from casereviews.crawler.sources import Source

URL = "https://barnmoor.test/reviews/"
BOARD = Source(
    id="barnmoor",
    publisher="Barnmoor Safeguarding Board",
    nation="England",
    family="listing",
    areas=("E06000001",),
    scope="child",
    status="unverified",
    start_urls=(URL,),
    hosts=("barnmoor.test",),
)


def says_none(body: str, link: Link | None = None) -> bool:
    page = f"<html><body><main><h1>Published reviews</h1>{body}</main></body></html>"
    return parse_listing(page, URL, BOARD, link=link).says_none


@pytest.mark.parametrize(
    "said",
    [
        "There are currently no published reviews.",
        "No reviews to display.",
        "There are no Child Safeguarding Practice Reviews published on this site at present. Please check back later.",
        "The Board has not published any Serious Case Reviews in the last year.",
        "At this time there are no serious case reviews available.",
        "We have no published learning reviews. Reviews are shown for twelve months; ask us for older ones.",
        "Nid oes adolygiadau ymarfer plant ar gael ar hyn o bryd.",
    ],
)
def test_words_of_none_are_understood(said: str) -> None:
    assert says_none(f"<p>{said}</p>")
    assert says_none(
        f"<p>Learning from practice matters to us.</p><ul></ul><div><em>{said}</em></div>"
    )


@pytest.mark.parametrize(
    "said",
    [
        "",
        "This page lists the reviews of the board.",
        "Nothing found. It seems we cannot find what you are looking for.",
        "No results were found for your search.",
        "0 results",
        "There are no reviews available that match your filters.",
        "There are currently no published reviews. Please clear your search and try again.",
        "There are no reviews available at the moment while we move to our new website.",
        "No documents to display due to a technical fault.",
        "There are currently no reviews under way.",
        "There are currently no reviews being carried out.",
        "There are no published reviews from before 2015.",
        "When there are no reviews to display, this page says so.",
        "No child was harmed. No further reports are needed.",
        "There is no published date for this review yet.",
    ],
)
def test_words_of_a_search_of_a_trouble_or_of_something_else_are_not(said: str) -> None:
    assert not says_none(f"<p>{said}</p>")


def test_a_page_that_names_a_report_or_a_case_is_not_empty_whatever_it_says() -> None:
    said = "<p>There are currently no published reviews of adults.</p>"
    assert says_none(said)
    assert not says_none(
        f'{said}<ul><li><a href="/a.pdf">Child A serious case review</a></li></ul>'
    )


def test_a_reviews_own_page_is_no_list() -> None:
    said = "<p>There are no documents to display.</p>"
    assert says_none(said)
    assert not says_none(said, Link(URL, "detail", "Child A serious case review"))
