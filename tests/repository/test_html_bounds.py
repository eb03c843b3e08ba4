"""Pages that their parser would drop a part of."""

from __future__ import annotations

import pytest
from lxml import html as lxml_html

from casereviews.repository import html_bounds
from casereviews.repository.html_bounds import DEPTH, MOST_ATTRIBUTES, bounded

COUNT = 600
DEEP = {
    "lists": "<ul><li>Child A{0} <a href='/{0}.pdf'>report</a>",
    "tables": "<table><tr><td>Child A{0} <a href='/{0}.pdf'>report</a>",
    "blocks": "<div><p>Child A{0} <a href='/{0}.pdf'>report</a>",
    "inline": "<b><i><font color='red'>Child A{0} <a href='/{0}.pdf'>report</a>",
    "headings": "<section><h2>Child A{0}</h2> <a href='/{0}.pdf'>report</a>",
    "definitions": "<dl><dd>Child A{0} <a href='/{0}.pdf'>report</a>",
    "with scripts": "<div><script>'</div><div>'</script><!-- </div> --><p title='</div>'>Child A{0} <a href='/{0}.pdf'>report</a>",
}


@pytest.mark.parametrize("closing", ["", "</div></ul></table></b>" * COUNT], ids=["open", "closed"])
@pytest.mark.parametrize("shape", DEEP)
def test_what_is_nested_too_deep_stands_side_by_side_and_nothing_of_it_is_lost(
    shape: str, closing: str
) -> None:
    html = "<main>" + "".join(DEEP[shape].format(number) for number in range(COUNT)) + closing
    page = bounded(html)
    tree = lxml_html.document_fromstring(page.text)
    assert [one.get("href") for one in tree.iter("a")] == [f"/{n}.pdf" for n in range(COUNT)]
    assert "Child A599" in tree.text_content()
    assert page.cut == ()
    deepest = max(tree.iter("a"), key=lambda one: len([*one.iterancestors()]))
    assert len([*deepest.iterancestors()]) < 2 * DEPTH


@pytest.mark.parametrize(
    "html",
    [
        "",
        " ",
        "<p>Child Wren",
        "<div>" * 200 + "x",
        "<a" * 3,
        "<!-- x",
        "\x00",
        "<p a='>" + "x" * 20_000,
    ],
)
def test_a_page_within_bounds_is_left_as_it_is(html: str) -> None:
    assert bounded(html) == html_bounds.Bounded(html)


def test_surplus_attributes_are_cut_and_told_but_what_leads_somewhere_stays() -> None:
    many = " ".join(f"data-{number}='{number}>'" for number in range(5 * MOST_ATTRIBUTES))
    page = bounded(f"<p {many}>Child Wren</p><a {many} href='/a.pdf'>report</a>")
    link = lxml_html.document_fromstring(page.text).find(".//a")
    assert (link.get("href"), link.text, len(link.keys())) == (
        "/a.pdf",
        "report",
        MOST_ATTRIBUTES + 1,
    )
    assert "1,000 attributes" in page.cut[0]


def test_a_page_of_more_tags_than_are_read_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_bounds, "MOST_TAGS", 10)
    page = bounded("<p>Wren</p>" * 6)
    assert page.text == "<p>Wren</p>" * 5
    assert "more than 10 tags" in page.cut[0]


def test_what_even_then_is_too_much_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_bounds, "DEPTH", 400)
    assert "a part was not read" in bounded("<div>" * 500).cut[0]
