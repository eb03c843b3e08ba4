"""Looks of lists that came from pages kept aside: spanned cells, hidden times, footers of cards, titles of pages over cards."""

from __future__ import annotations

import pytest

from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.parsed import Parsed
from casereviews.crawler.sources.source import Source

SITE = "https://www.larkmoor.test"
SOURCE = Source("larkmoor", "Larkmoor Safeguarding Partnership", "England", "listing", (f"{SITE}/",), ("www.larkmoor.test",))  # fmt: skip


def read(body: str, *, outside: str = "") -> Parsed:
    html = f"<html><body>{outside}<main>{body}</main></body></html>"
    return parse_listing(html, f"{SITE}/reviews/", SOURCE)


def dates(parsed: Parsed) -> dict[str, tuple[str, ...]]:
    return {str(one.file_url).rpartition("/")[2]: one.dates for one in parsed.sightings}


@pytest.mark.parametrize("heading", ["Published", "Year of publication"])
def test_a_date_that_spans_rows_is_that_of_each(heading):
    table = (
        f"<table><tr><th>Child</th><th>{heading}</th><th>Paper</th></tr>"
        "<tr><td rowspan=2>Uma</td><td rowspan=2>2018</td><td><a href=/1.pdf>Serious case review</a></td></tr>"
        "<tr><td><a href=/2.pdf>Board response</a></td></tr>"
        "<tr><td>Vera</td><td>2019</td><td><a href=/3.pdf>Serious case review</a></td></tr></table>"
    )
    assert dates(read(f"<h1>Reviews</h1>{table}")) == {
        "1.pdf": ("2018",),
        "2.pdf": ("2018",),
        "3.pdf": ("2019",),
    }


def test_the_time_of_an_update_beside_that_of_publication_is_none_of_the_reports():
    post = (
        '<article><h2>Child Poppy: practice review</h2><p>Posted on <time class="entry-date published">22/03/23</time>'
        '<time class="updated">08/01/24</time></p><p><a href="/1.pdf">Download the report</a></p></article>'
    )
    assert dates(read(f"<h1>Reviews</h1>{post}")) == {"1.pdf": ("22/03/23",)}


@pytest.mark.parametrize(
    ("sentence", "date"),
    [
        ("On 1 December 2020 we published the {}.", "1 December 2020"),
        ("The {} was made public on Monday, 29th of February 2016.", "29th of February 2016"),
    ],
)
def test_who_published_it_and_how_is_said_in_many_ways(sentence, date):
    said = dates(
        read(
            "<h1>Reviews</h1><p>"
            + sentence.format('<a href="/1.pdf">Child Coral review</a>')
            + "</p>"
        )
    )
    assert date in said["1.pdf"][0]


@pytest.mark.parametrize(
    "foot",
    [
        '<div class="card-footer">{}</div>',
        '<div class="c-tile__footer">{}</div>',
        "<footer>{}</footer>",
    ],
)
def test_the_foot_of_a_card_is_a_part_of_it(foot):
    cards = "".join(
        f'<article class="card"><h5>{name}</h5><p>Self-neglect.</p>{foot.format(f"<a href=/sars/{n}>Find out more</a>")}</article>'
        for n, name in enumerate(("Walter", "Mr L"))
    )
    parsed = read(cards, outside="<header><h1>Safeguarding adult reviews</h1></header>")
    assert [(one.role, one.sighting.headings[-1:]) for one in parsed.follow if one.sighting] != []
    assert [one.url for one in parsed.follow] == [f"{SITE}/sars/0", f"{SITE}/sars/1"]
