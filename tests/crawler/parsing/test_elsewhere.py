"""A review's paper on a host that is none of the source's is sighted; what is another publisher's is left alone."""

import pytest

from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.parsed import Link
from casereviews.crawler.parsing.remembered import canonical_text, parsed_from
from casereviews.crawler.sources.source import Source

URL = "https://pearvale.test/reviews/"
SOURCE = Source(
    "pear-vale", "Pear Vale Safeguarding Partnership", "England", "listing", (URL,), ("pearvale.test",)
)  # fmt: skip
PARTNER = "https://docs.vale-hscp.test/media/"


def page(inner: str, title: str = "Publications and reports") -> str:
    return f"<html><body><main><h1>{title}</h1>{inner}</main></body></html>"


OURS = {
    "named by its own words": f'<p>At Vale HSCP: <a href="{PARTNER}h.pdf">Significant Case Review for Child H (PDF 673Kb)</a></p>',
    "named by the heading of its card": f'<h2>Child Fern (May 2022)</h2><p><a href="{PARTNER}1.pdf">Overview report</a></p>',
    "named by its row": f'<table><tr><td>Child Fern</td><td><a href="{PARTNER}1.pdf">Executive summary</a></td></tr></table>',
    "named by its item": f'<ul><li>Family Sedge: <a href="{PARTNER}2.docx">serious case review</a></li></ul>',
    "a handler": f'<h2>Child Fern</h2><p><a href="{PARTNER}download/7">Overview report (PDF, 1 MB)</a></p>',
    "this publisher's, kept elsewhere": f'<ul><li><a href="{PARTNER}3.pdf">Pear Vale Safeguarding Partnership SCR Child Y</a></li></ul>',
}
THEIRS = {
    "a neighbour's": f'<ul><li><a href="{PARTNER}z.pdf">Neighbouring board: Child Zed SCR</a></li></ul>',
    "another body's": f'<ul><li><a href="{PARTNER}z.pdf">Barnmoor Safeguarding Children Board: SCR Child Zed</a></li></ul>',
    "a library's": '<ul><li><a href="https://learning.nspcc.org.uk/m/scr.pdf">Serious case reviews 2021</a></li></ul>',
    "the government's": '<h2>Child Fern</h2><a href="https://assets.publishing.service.gov.uk/m/review.pdf">Overview report</a>',
    "the national panel's": f'<h2>Child Fern</h2><a href="{PARTNER}p.pdf">Child Safeguarding Practice Review Panel: annual report</a>',
    "guidance": f'<h2>Child Fern</h2><a href="{PARTNER}g.pdf">Guidance on serious case reviews</a>',
    "a page": '<h2>Child Fern</h2><a href="https://docs.vale-hscp.test/about">Serious case review of Child Fern</a>',
    "of no review": f'<h2>Useful links</h2><a href="{PARTNER}leaflet.pdf">Keeping warm</a>',
}


@pytest.mark.parametrize("inner", OURS.values(), ids=OURS)
def test_a_paper_of_a_review_of_this_page_is_sighted_where_it_stands(inner: str) -> None:
    parsed = parse_listing(page(inner), URL, SOURCE)
    assert [one.file_url.startswith(PARTNER) for one in parsed.elsewhere if one.file_url] == [True]
    assert (parsed.sightings, dict(parsed.left_alone), parsed.page_kind) == (
        (),
        {"off_site": 1},
        "list",
    )


@pytest.mark.parametrize("inner", THEIRS.values(), ids=THEIRS)
def test_what_is_another_publishers_or_no_review_is_left_alone_and_counted(inner: str) -> None:
    parsed = parse_listing(page(inner), URL, SOURCE)
    assert (parsed.sighted, sum(parsed.left_alone.values())) == ((), 1)
    assert set(parsed.left_alone) <= {"other_publisher", "off_site"}


def test_on_the_page_of_a_review_a_partners_report_is_one_of_its_papers() -> None:
    inner = (
        f'<p>Read the overview report and <a href="{PARTNER}health.pdf">the health report</a>.</p>'
    )
    title = "Serious Case Review: Tom"
    parsed = parse_listing(
        page(inner, title), URL + "tom/", SOURCE, link=Link(URL + "tom/", "detail")
    )
    assert [(one.link_text, one.headings, one.group) for one in parsed.elsewhere] == [
        ("the health report", (title,), URL + "tom/")
    ]


def test_what_stands_elsewhere_is_remembered_and_a_page_without_it_reads_as_before() -> None:
    parsed = parse_listing(page(OURS["named by the heading of its card"]), URL, SOURCE)
    assert parsed_from(canonical_text(parsed)).elsewhere == parsed.elsewhere
    assert "elsewhere" not in canonical_text(parse_listing(page("<p>None.</p>"), URL, SOURCE))
