"""The reader over the small home: text and picture with marks, turning, the file itself, references; and nothing of it after a withdrawal."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator

import pytest
from pebble import ProcessExpired
from PIL import Image
from starlette.testclient import TestClient

from casereviews import Collection
from casereviews.repository.children import Standing
from casereviews.repository.home import Home
from casereviews.repository.reading.errors import Encrypted
from casereviews.web.application import Access, application
from casereviews.web.guard.sessions import ENTER, Sessions
from casereviews.web.pages.reader import paragraphs
from tests.web.conftest import HOST, TOKEN


@pytest.fixture(scope="module")
def served(
    built: Home, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, Home]]:
    """A browser with a session over a home of its own."""
    root = tmp_path_factory.mktemp("reader") / "home"
    shutil.copytree(built.root, root)
    people = Sessions(TOKEN, once=True, name="session-8000")
    app = application(Collection(root), Access([HOST], people), readers=2)
    with TestClient(app, base_url=f"http://{HOST}", raise_server_exceptions=False) as client:
        client.get(ENTER, params={"token": TOKEN})
        yield client, Home(root)


@pytest.fixture
def reader(served: tuple[TestClient, Home]) -> TestClient:
    return served[0]


@pytest.fixture
def report(served: tuple[TestClient, Home]) -> str:
    """The document whose second page speaks of neglect."""
    with Collection(served[1]) as collection:
        return collection.search('"professional curiosity"').hits[0].document_id


def test_a_page_is_shown_as_a_picture_and_as_text_with_the_same_words_marked(
    reader: TestClient, report: str
) -> None:
    shown = reader.get(f"/read/{report}/2", params={"q": "neglect"}).text
    picture = reader.get(f"/read/{report}/2/picture.png")

    assert "<mark>neglect</mark>" in shown
    assert shown.count('<rect class="place"') == 1
    assert "1 place marked on this page" in shown
    size = Image.open(io.BytesIO(picture.content)).size
    assert f'viewBox="0 0 {size[0]} {size[1]}"' in shown
    assert (picture.headers["content-type"], picture.headers["cache-control"]) == (
        "image/png",
        "no-store",
    )


def test_the_marks_are_those_of_the_snippets(reader: TestClient, report: str, built: Home) -> None:
    query = '"professional curiosity" households'
    with Collection(built) as collection:
        (page,) = [
            one
            for hit in collection.search(query).hits
            for one in hit.pages
            if hit.document_id == report
        ]
        marked = collection.reader_page(report, page.page, query).marked
    words = [page.snippet[start:end] for start, end in page.matches]

    assert [marked.text[start:end] for start, end in marked.matches] == words
    assert page.page in marked.found_on


def test_pages_are_turned_one_by_one_and_to_the_next_match(reader: TestClient, report: str) -> None:
    shown = reader.get(f"/read/{report}/1", params={"q": "housing"}).text

    assert f'<a rel="next" href="/read/{report}/2?q=housing">' in shown
    assert f'<a href="/read/{report}/3?q=housing">Next page with a match (3)</a>' in shown
    assert 'rel="prev"' not in shown
    assert "Nothing is marked on this page; the document has 1 page with a match" in shown


def test_a_web_page_is_text(reader: TestClient, built: Home) -> None:
    with Collection(built) as collection:
        document = collection.search("exploited").hits[0].document_id
    shown = reader.get(f"/read/{document}/1", params={"q": "exploited"}).text

    assert "<mark>exploited</mark>" in shown
    assert "There is no picture of this page: its pages are parts of its text" in shown
    assert reader.get(f"/read/{document}/1/picture.png").status_code == 404
    assert reader.get(f"/original/{document}").status_code == 400


def test_the_kept_file_is_given_as_it_was_published(
    reader: TestClient, report: str, served: tuple[TestClient, Home]
) -> None:
    shown = reader.get(f"/read/{report}/2").text
    given = reader.get(f"/original/{report}")

    assert f'href="/original/{report}#page=2"' in shown
    with (
        Collection(served[1]) as collection,
        collection.kept_file(collection.document(report)) as file,
    ):
        kept = file.read_bytes()
    assert (given.content, given.headers["content-type"]) == (kept, "application/pdf")
    assert given.headers["content-disposition"].startswith("inline")


def test_a_page_is_cited_by_its_number(reader: TestClient, report: str) -> None:
    ris = reader.get(f"/read/{report}/2/ris")
    bibtex = reader.get(f"/read/{report}/2/bibtex")
    shown = reader.get(f"/read/{report}/2").text

    assert "N1  - p. 2\r\n" in ris.text
    assert ris.headers["content-disposition"] == f'attachment; filename="{report}-2.ris"'
    assert "p. 2" in bibtex.text
    copied = re.search(r"<textarea[^>]*>([^<]*)", shown)
    assert copied
    assert copied[1].startswith("Northmoor Safeguarding Partnership (2021) ")
    assert ", p. 2, http" in copied[1]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/read/{0}/9", 400),
        ("/read/{0}?page=two", 400),
        ("/read/nothing-123/1", 404),
        ("/read/nothing-123/1/picture.png", 404),
        ("/read/{0}/9/picture.png", 404),
        ("/read/{0}/2/csv", 404),
        ("/original/nothing-123", 404),
        ("/original/..%2f..%2frecord.db", 404),
    ],
)
def test_what_is_not_there_says_so(reader: TestClient, report: str, path: str, status: int) -> None:
    assert reader.get(path.format(report)).status_code == status


def test_a_query_that_is_wrong_marks_nothing_and_says_why(reader: TestClient, report: str) -> None:
    shown = reader.get(f"/read/{report}/2", params={"q": '"neglect'})

    assert shown.status_code == 200
    assert "The query cannot be read: nothing is marked" in shown.text
    assert "recorded neglect in the home" in shown.text


def test_no_text_of_a_page_becomes_markup() -> None:
    text = "<b>One</b>\nline\n\n\n\n& two\n\nthree four"
    across = (text.index("two"), text.index("four"))

    assert [*paragraphs(text, [(1, 2), across])] == [
        "&lt;<mark>b</mark>&gt;One&lt;/b&gt;\nline",
        "&amp; <mark>two</mark>",
        "<mark>three </mark>four",
    ]


def test_nothing_of_a_withdrawn_page_comes_again(
    served: tuple[TestClient, Home], report: str
) -> None:
    reader, home = served
    paths = [
        f"/read/{report}/2",
        f"/read/{report}/2/picture.png",
        f"/read/{report}/2/ris",
        f"/original/{report}",
    ]
    assert [reader.get(path).status_code for path in paths] == [200] * 4
    pictures = reader.app.state.pictures
    assert pictures._kept

    with Collection(home) as collection:
        collection.withdraw(report, reason="a fictional request")

    assert [reader.get(path).status_code for path in paths] == [404] * 4
    assert not pictures._kept


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (Encrypted("a PDF with a password"), "a PDF with a password"),
        (TimeoutError(), "drawing this page takes too long"),
        (ProcessExpired("killed", code=9), "this page cannot be drawn within the limits"),
        (MemoryError(), "this page cannot be drawn within the limits"),
    ],
)
def test_a_page_that_cannot_be_drawn_says_why_and_shows_its_text(
    page: TestClient, built: Home, monkeypatch: pytest.MonkeyPatch, trouble: Exception, told: str
) -> None:
    def ask(*_: object) -> None:
        raise trouble

    monkeypatch.setattr(Standing, "ask", ask)
    with Collection(built) as collection:
        report = collection.search('"professional curiosity"').hits[0].document_id
    shown = page.get(f"/read/{report}/2", params={"q": "neglect"})

    assert shown.status_code == 200
    assert f"There is no picture of this page: {told}." in shown.text
    assert "<mark>neglect</mark>" in shown.text
    assert "<img" not in shown.text
