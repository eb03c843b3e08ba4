"""Whatever markup a list has, reading it ends with addresses that may be asked and nothing else."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from casereviews.crawler.network.guards import allowed_host
from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.parsing.remembered import canonical_text, parsed_from
from casereviews.crawler.sources import Source
from tests.steps import steps_of

URL = "https://site.test/reviews/"
SOURCE = Source("made-up", "Made up", "England", "listing", (URL,), ("site.test",))
HREFS = [
    "a.pdf", "/f/b c & d.pdf", "//other.test/e.pdf", "https://site.test:8080/f.pdf", "http://[::1/g.pdf", "javascript:void(0)",
    "mailto:x@site.test", "?page=2", "#top", "", "data:application/pdf;base64,AAAA", "https://user:pw@site.test/h.pdf", "file:///i.pdf",
    "HTTP://WWW.SITE.TEST/J.PDF", "/download/?file=9", "https://site.test\\@other.test/k.pdf", "\x00.pdf", "child-wren/", "/%zz.pdf",
]  # fmt: skip
TAGS = [
    "h1", "h2", "h3", "p", "ul", "li", "dl", "dt", "dd", "table", "tr", "th", "td", "caption", "details", "summary", "button aria-expanded='false'",
    "strong", "main", "form", "nav", "div class='card'", "article", "select", "svg", "template", "base href='https://other.test/'",
]  # fmt: skip
WORDS = [
    "Child Wren", "Serious Case Review", "Overview report", "2019", "12 March 2020", "No longer published", "Newsletter", "Download", "&nbsp;",
    "available on request", "<!--", "-->", "<![CDATA[", "&#0;", "<", ">", "\ud7ff", "Family T: briefing",
]  # fmt: skip
pieces = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS]),
    st.sampled_from([f"</{tag.partition(' ')[0]}>" for tag in TAGS]),
    st.builds('<a href="{}">{}</a>'.format, st.sampled_from(HREFS), st.sampled_from(WORDS)),
    st.builds('<a href="{}">'.format, st.sampled_from(HREFS)),
    st.sampled_from(WORDS),
    st.text(max_size=6),
)
pages = st.lists(pieces, max_size=40).map("".join)
roles = st.sampled_from([None, "list", "detail", "file"])


@settings(max_examples=400)
@given(html=pages, role=roles)
def test_no_markup_breaks_a_list_and_every_address_is_one_that_may_be_asked(
    html: str, role: str | None
) -> None:
    parsed = parse_listing(html, URL, SOURCE, link=Link(URL, role) if role else None)
    asked = [one.file_url for one in parsed.sightings if one.file_url]
    asked += [one.url for one in parsed.follow]
    for address in asked:
        assert urlsplit(address).scheme in ("http", "https")
        assert allowed_host(address, SOURCE.hosts), address
    assert sum(parsed.left_alone.values()) == len(parsed.left_links)
    again = parsed_from(canonical_text(parsed))
    assert (again.sightings, again.follow) == (parsed.sightings, parsed.follow)
    assert json.loads(canonical_text(parsed))["page_kind"] == parsed.page_kind


@settings(max_examples=150)
@given(html=pages)
@example(html="<form></form>\x1f")
def test_the_same_page_always_says_the_same(html: str) -> None:
    once, twice = (parse_listing(html, URL, SOURCE) for _ in range(2))
    assert canonical_text(once) == canonical_text(twice)


def test_a_page_nested_deeper_than_any_browser_goes_is_read() -> None:
    html = "<div>" * 5000 + '<a href="a.pdf">Child Wren overview report</a>'
    parsed = parse_listing(html, URL, SOURCE)
    assert len(parsed.sightings) <= 1


@pytest.mark.parametrize(
    "sign", ["&#x1b;", "&#27;", "&#0;", "&#x0000B;", "&#127;", "&#xFFFE;", "&#65535", "&#xD800;", "\uffff", "\x1b"]
)  # fmt: skip
def test_a_sign_that_no_tree_takes_back_costs_no_report(sign: str) -> None:
    html = f'<main><p>Child {sign}31 A <a href="a.pdf">Child Wren {sign} overview report 2</a></p></main>'
    (said,) = parse_listing(html, URL, SOURCE).sightings
    assert said.link_text.startswith("Child Wren")
    assert said.link_text.endswith("overview report 2")


SHAPES = {
    "table": (
        "<table><tr><th>Name</th><th>Report</th><th>Date</th></tr>{}</table>",
        '<tr><td>Child A{0}</td><td><a href="/f/{0}.pdf">Report</a></td><td>March 2019</td></tr>',
    ),
    "items": (
        "<ul>{}</ul>",
        '<li><a href="/f/{0}.pdf">Child A{0} overview report</a> March 2019</li>',
    ),
    "cards": (
        "<div>{}</div>",
        '<div class="card"><h3>Child A{0}</h3><p>March 2019</p><a href="/f/{0}.pdf">Report</a></div>',
    ),
    "headings": (
        "<div>{}</div>",
        '<h3>Child A{0}</h3><p>March 2019</p><ul><li><a href="/f/{0}.pdf">Report</a></li></ul>',
    ),
    "panels": (
        "<div>{}</div>",
        '<button>Child A{0}, March 2019</button><div><a href="/f/{0}.pdf">Report</a></div>',
    ),
    "block links": (
        "<div>{}</div>",
        '<a class="c" href="/f/{0}.pdf"><h3>Child A{0}</h3><p>March 2019</p></a>',
    ),
    "bold": (
        "<div>{}</div>",
        '<p><strong>Child A{0}</strong></p><p>March 2019</p><p><a href="/f/{0}.pdf">Report</a></p>',
    ),
    "lines": ("<p>{}</p>", 'Child A{0} <a href="/f/{0}.pdf">Report</a> March 2019<br>'),
    "one line": ("<div>{}</div>", '<a href="/f/{0}.pdf">Child A{0} report, March 2019</a> '),
    "bold lines": (
        "<p>{}</p>",
        '<strong>Child A{0}</strong> <a href="/f/{0}.pdf">Report</a> March 2019<br>',
    ),
    "loose": ("<div>{}</div>", '<h3>Child A{0}, March 2019</h3><a href="/f/{0}.pdf">Report</a>'),
    "under another": ("<h2>Child B</h2>{}", '<p>Child A{0} <a href="/f/{0}.pdf">Report</a> March 2019</p>'),
    "rows under another": (
        "<h2>Child B</h2><table>{}</table>",
        '<tr><td>Child A{0}</td><td><a href="/f/{0}.pdf">SCR report</a></td><td>March 2019</td></tr>',
    ),
    "papers in order": ("{}", '<p><a href="/f/{0}.pdf">Action plan</a> March 2019</p>'),
}  # fmt: skip
NOT_CHEAP = {"block links", "one line", "bold lines", "loose", "under another", "rows under another", "papers in order"}  # fmt: skip


def read(html: str) -> Parsed:
    return parse_listing(html, URL, SOURCE)


def steps_to_read(shape: str, length: int, begin: int) -> int:
    """How many calls of functions reading a list of this length takes; every report must be found with its date.

    Reports are numbered from `begin`: numbers of its own keep a list from what another left in caches.
    """
    around, item = SHAPES[shape]
    items = "".join(item.format(number) for number in range(begin, begin + length))
    steps, parsed = steps_of(
        lambda: read(f"<main><h1>Serious case reviews</h1>{around.format(items)}</main>")
    )
    assert len(parsed.sightings) == length
    assert {one.dates for one in parsed.sightings} == {("March 2019",)}
    return steps


@pytest.mark.parametrize(
    "shape",
    [pytest.param(one, marks=[pytest.mark.slow] * (one in NOT_CHEAP)) for one in SHAPES],
)
@pytest.mark.slow
def test_the_work_of_reading_a_list_grows_with_its_length_only(shape: str) -> None:
    steps_to_read(shape, 4, 10)  # what is made once, rules and patterns, is no work of a list
    assert steps_to_read(shape, 320, 2000) < 5 * steps_to_read(shape, 80, 1000)


def test_the_work_of_reading_an_element_grows_with_its_attributes_only() -> None:
    def steps(count: int) -> int:
        many = " ".join(f"a{number}=1" for number in range(count))
        return steps_of(lambda: read(f"<main><p {many}>Child Wren</p></main>"))[0]

    assert steps(4000) < 5 * steps(1000)


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
def test_the_work_of_reading_a_long_list_grows_with_its_length_only(shape: str) -> None:
    steps_to_read(shape, 4, 10)
    assert steps_to_read(shape, 4000, 3000) < 5 * steps_to_read(shape, 1000, 1000)
