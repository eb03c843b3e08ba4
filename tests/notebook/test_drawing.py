"""Tables in a notebook: what publishers wrote is harmless in them, their links lead to the served pages, and they say how much they show."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

import casereviews
from casereviews import Collection, Hit, Notebook, PageHit, Review, ReviewDocument
from casereviews.collection.errors import RequestError
from casereviews.notebook import answers
from casereviews.notebook.drawing import LETTERS, Drawing, table
from casereviews.notebook.records import DocumentOfReview, FactOfDocument, within
from casereviews.repository.home import Home
from casereviews.repository.vocabulary import PACKAGED
from casereviews.web.application import Access, application
from casereviews.web.guard.sessions import ENTER, Sessions

SERVED = "http://127.0.0.1:8000"
TAGS = {"p", "table", "thead", "tbody", "tr", "th", "td", "a", "mark", "br"}


class Parsed(HTMLParser):
    """The tags, addresses and text of a table."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.rows = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [str(value) for name, value in attrs if name == "href"]
        self.rows += tag == "tr"

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(records: answers.Records[object]) -> Parsed:
    return Parsed(records._repr_html_())


@pytest.fixture(scope="module")
def browser(built: Home) -> Iterator[TestClient]:
    token = "the-token-of-this-run"
    access = Access(["127.0.0.1:8000"], Sessions(token, once=True, name="session-8000"))
    app = application(Collection(built), access, readers=1)
    with TestClient(app, base_url=SERVED, raise_server_exceptions=False) as client:
        client.get(ENTER, params={"token": token})
        yield client


def test_every_link_leads_to_a_page_that_is_served(cases: Notebook, browser: TestClient) -> None:
    every = {"scope": ["all"]}
    hit = cases.search('"unsafe sleep"')[0]
    asked: list[answers.Records[object]] = [
        cases.search("neglect", filters=every),
        cases.search('"unsafe sleep"', exact=True),
        cases.similar("a baby of four months died after unsafe sleep on a sofa"),
        cases.reviews(),
        cases.documents(),
        cases.facts(hit),
        cases.recommendations(),
        cases.pages(hit),
    ]
    links = {link for one in asked for link in shown(one).links}
    ours = {link for link in links if link.startswith(SERVED)}
    assert {link.split("/")[3] for link in ours} == {"review", "read"}
    # Of each record one of a kind: all are made alike.
    one_each = {(link.split("/")[3], link.partition("?")[2]): link for link in sorted(ours)}
    assert len(one_each) > 6
    for link in one_each.values():
        assert browser.get(link.removeprefix(SERVED)).status_code == 200, link
    theirs = {link.split("/")[2] for link in links - ours}
    assert theirs == {"northmoor.test", "westvale.test", "eastmere.test", "library.test"}


def test_a_link_of_a_recommendation_marks_its_sentence(
    cases: Notebook, browser: TestClient
) -> None:
    link = next(one for one in shown(cases.recommendations()).links if "/read/" in one)
    page = browser.get(link.removeprefix(SERVED)).text
    assert "<mark" in page
    assert "should audit how safer sleep advice is given" in Parsed(page).text


def test_a_search_marks_what_it_found_and_says_how_it_was_understood(cases: Notebook) -> None:
    html = cases.search('"unsafe sleep"')._repr_html_()
    assert "<mark>unsafe sleep</mark>" in html
    assert html.startswith(
        "<p>1 review: &quot;unsafe sleep&quot;; adult reviews hidden (scope:all shows them)</p>"
    )
    nothing = cases.search("quillfether")._repr_html_()
    assert "<table" not in nothing
    assert nothing.startswith("<p>0 reviews: quillfether")


HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>\x1b[2J\u202e'


def test_what_publishers_wrote_is_escaped() -> None:
    drawing = Drawing(PACKAGED, SERVED, query=HOSTILE)
    fields = {
        "title": HOSTILE,
        "publisher": HOSTILE,
        "published": HOSTILE,
        "review_type": HOSTILE,
        "central_themes": (HOSTILE,),
    }
    page = PageHit(3, HOSTILE, HOSTILE * 9, ((0, 8), (9, 20), (len(HOSTILE), len(HOSTILE) + 5)))
    hit = Hit(1, 1.0, HOSTILE, HOSTILE, fields, 0, (page,))
    document = ReviewDocument(
        *(HOSTILE, HOSTILE, "javascript:alert(1)", None, HOSTILE, HOSTILE, None, None, None),
        *(2, None, HOSTILE, "crawl", "", 1),
    )
    fact = FactOfDocument(
        *(HOSTILE, HOSTILE, HOSTILE, HOSTILE, 0.5, 2, HOSTILE),
        document_id=HOSTILE,
        review_id=HOSTILE,
    )
    rows = [
        drawing.hit(hit),
        drawing.review(Review(HOSTILE, (), fields, (document,))),
        drawing.document(within(document, DocumentOfReview, review_id=HOSTILE)),
        drawing.fact(fact),
    ]
    parsed = Parsed(table((HOSTILE,), rows, above=HOSTILE, below=HOSTILE))
    assert parsed.tags <= TAGS
    assert parsed.attributes == {"style", "href", "target", "rel"}
    assert all(link.startswith(SERVED + "/") for link in parsed.links)
    assert "<script>alert(1)</script>" in parsed.text
    assert not {"\x1b", "\u202e"} & set(parsed.text)


def test_a_file_elsewhere_is_linked_where_its_address_is_one_of_the_web() -> None:
    drawing = Drawing(PACKAGED, SERVED)
    document = DocumentOfReview(
        *("d", "Title", "https://board.test/a.pdf?x=1&y=2", None, None, None, None, None),
        *(None, 0, None, "available", "crawl", "", 1),
        review_id="r",
    )
    cells = list(drawing.document(document))
    assert Parsed(cells[-1]).links == ["https://board.test/a.pdf?x=1&y=2"]
    assert cells[0] == "Title"  # no page of it could be read, so none is linked


def test_long_texts_are_cut(cases: Notebook) -> None:
    drawing = Drawing(PACKAGED, SERVED)
    page = PageHit(1, None, "a" * 300, ((230, 250), (260, 280)))
    hit = Hit(1, 1.0, "r", "d", {}, 0, (page,))
    *_, cell = drawing.hit(hit)
    assert cell.endswith(f"{'a' * 230}<mark>{'a' * (LETTERS - 230)}</mark>…")


def test_a_table_says_how_many_rows_it_leaves_out(
    cases: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "ROWS", 2)
    every = {"scope": ["all"]}
    for records, told in (
        (cases.search(filters=every), "2 of 6 reviews: "),
        (cases.reviews(), "The first 2 reviews; more follow"),
        (cases.recommendations(), "2 recommendations"),
    ):
        parsed = shown(records)
        assert parsed.text.startswith(told)
        assert parsed.rows == 1 + 2


@pytest.mark.parametrize("served", ["javascript:alert(1)", "", "127.0.0.1:8000", "reviews"])
def test_pages_are_served_at_a_web_address(built: Home, served: str) -> None:
    with pytest.raises(RequestError, match="served is a web address such as"):
        casereviews.open(built, served=served)


def test_pages_may_be_served_elsewhere(built: Home) -> None:
    with casereviews.open(built, served="https://reviews.example.org/") as cases:
        links = shown(cases.search('"unsafe sleep"')).links
    assert links
    assert all(link.startswith("https://reviews.example.org/re") for link in links)
