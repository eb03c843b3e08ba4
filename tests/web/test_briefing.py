"""A briefing in the page: of the very reviews that the search page finds, each sentence a link to where it stands; taken as files."""

import io
import re
import zipfile

import pytest
from starlette.testclient import TestClient

from casereviews import Collection
from casereviews.repository.home import Home
from tests.search_cli.small_home import ABSTRACT
from tests.web.test_pages import Outline


def test_the_search_page_leads_to_a_briefing_of_the_same_reviews(
    page: TestClient, built: Home
) -> None:
    found = page.get("/?q=neglect&nation=England&exact=1").text
    href = re.search(r'href="([^"]+)">Draft a briefing of these reviews', found)
    assert href
    where = href[1].replace("&amp;", "&")
    assert where == "/briefing?q=neglect&nation=England&exact=1"
    text = page.get(where).text
    with Collection(built) as collection:
        exact = collection.search("neglect", filters={"nation": ["England"]}, exact=True)
        briefing = collection.briefing("neglect", filters={"nation": ["England"]}, exact=True)
    assert briefing.reviews == exact.total
    assert f"{exact.total} review" in text
    assert text.index("Counts are of what was collected") < text.index("How many reviews")
    assert text.index("as they were collected up to") < text.index("How many reviews")
    assert briefing.quotations
    for one in briefing.quotations:
        assert f'href="/read/{one.document_id}/{one.page}?q=' in text
    seen = Outline(text)
    assert seen.headings[0] == 1
    assert seen.tables == seen.captions
    assert not seen.unscoped
    assert not seen.running


def test_exact_words_are_exact_in_a_briefing_too(built: Home) -> None:
    with Collection(built) as collection:
        stemmed = collection.briefing("neglected")
        exact = collection.briefing("neglected", exact=True)
        assert (stemmed.reviews, exact.reviews) == (
            collection.search("neglected").total,
            collection.search("neglected", exact=True).total,
        )
        assert exact.reviews < stemmed.reviews


@pytest.mark.slow
def test_it_is_taken_as_word_and_markdown_without_real_names(page: TestClient) -> None:
    told = page.get("/briefing?q=*&scope=all").text
    word = page.get("/briefing.docx?q=*&scope=all")
    assert word.headers["content-disposition"] == 'attachment; filename="briefing.docx"'
    in_word = zipfile.ZipFile(io.BytesIO(word.content)).read("word/document.xml").decode()
    text = page.get("/briefing.md?q=*&scope=all")
    assert text.headers["content-type"] == "text/markdown; charset=utf-8"
    for one in (told, in_word, text.text):
        assert "Counts are of what was collected" in one
        assert "Brackenfield" not in one
        assert ABSTRACT not in one


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/briefing", 200, "Draft a briefing"),
        ("/briefing?scope=all", 200, "Draft a briefing"),
        ("/briefing?q=zzzyx", 200, "No review was found"),
        ("/briefing?q=(", 400, "There is a problem"),
        ("/briefing.docx", 400, "say what the briefing is about"),
        ("/briefing.md?q=zzzyx", 400, "no review was found"),
        ("/briefing.exe?q=neglect", 404, "Page not found"),
        ("/briefing?theme=harm_neglect", 200, "What was recommended"),
    ],
)
def test_what_cannot_be_drafted_says_so(
    page: TestClient, path: str, status: int, told: str
) -> None:
    answer = page.get(path)
    assert answer.status_code == status
    assert told in answer.text
    assert not Outline(answer.text).running
