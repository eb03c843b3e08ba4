"""The search page over the small home."""

import re

import pytest
from starlette.datastructures import QueryParams
from starlette.testclient import TestClient

from casereviews import Collection
from casereviews.collection.output.addresses import address, web_address
from casereviews.repository.home import Home
from casereviews.web.pages.search import Asked, asked_of
from casereviews.web.rendering import as_typed, day, marked, near

SCRIPT = "<script>alert(1)</script>"


def test_a_hit_stands_with_its_pages_and_their_words_marked(page: TestClient, built: Home) -> None:
    found = page.get("/", params={"q": "neglect"})
    with Collection(built) as collection:
        hit = collection.search("neglect").hits[0]
    assert f'href="/review/{hit.review_id}?q=neglect"' in found.text
    assert f'href="/read/{hit.document_id}/{hit.pages[0].page}?q=neglect"' in found.text
    assert "<mark>neglect</mark>" in found.text
    assert '<h2 id="found">1 review' in found.text
    assert "Understood as: neglect; adult reviews hidden" in found.text


def test_reviews_with_most_of_the_words_follow_and_say_what_they_lack(page: TestClient) -> None:
    found = page.get("/", params={"q": "neglect sofa gang"}).text
    assert '<h2 id="found">0 reviews' in found
    assert "<h2>No review has all of these; these have most, best first</h2>" in found
    assert re.search(r"Without: [a-z, ]*gang", found)


def test_the_start_has_the_box_and_says_what_is_searched(page: TestClient, built: Home) -> None:
    start = page.get("/").text
    with Collection(built) as collection:
        state = collection.state()
    assert f"Searched are {state.reviews} reviews ({state.documents} documents)" in start
    assert 'id="found"' not in start


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "*"},
        {"q": "*", "scope": "all"},
        {"q": "*", "nation": ["Wales", "England"]},
        {"nation": "Wales"},
        {"q": "*", "from": "2021", "to": "2021"},
        {"q": "*", "to": "2020"},
        {"subject": "Child Q"},
    ],
)
def test_it_finds_what_the_collection_finds(
    page: TestClient, built: Home, asked: dict[str, str | list[str]]
) -> None:
    said = [(name, one) for name, v in asked.items() for one in ([v] if isinstance(v, str) else v)]
    wanted = asked_of(QueryParams(said))
    with Collection(built) as collection:
        results = collection.search(wanted.query, filters=wanted.filters)
    found = page.get("/", params=asked).text
    assert re.findall(r"/review/([\w-]+)", found) == [hit.review_id for hit in results.hits]


def test_a_query_that_is_wrong_is_shown_with_the_character(page: TestClient) -> None:
    answer = page.get("/", params={"q": f"{SCRIPT} (neglect AND"})
    assert answer.status_code == 400
    assert "<title>Error: " in answer.text.replace("\n", "")
    assert 'aria-invalid="true" aria-describedby="problem"' in answer.text
    assert "At character 39:" in answer.text
    assert SCRIPT not in answer.text


def test_a_wrong_year_is_told(page: TestClient) -> None:
    answer = page.get("/", params={"q": "neglect", "from": "long ago"})
    assert answer.status_code == 400
    assert "year takes a year, or a range" in answer.text
    assert 'value="long ago"' in answer.text


def test_a_misspelt_word_leads_to_the_meant_one(page: TestClient) -> None:
    answer = page.get("/", params={"q": "neglct", "nation": "England"})
    assert answer.status_code == 200
    assert 'href="/?q=neglect&amp;nation=England"' in answer.text
    assert "Nothing was found" in answer.text


def test_chosen_filters_are_ticked_and_can_be_taken_off(page: TestClient) -> None:
    answer = page.get("/", params={"q": "neglect", "nation": "England"}).text
    assert re.search(r'name="nation" value="England" form="search" checked', answer)
    assert 'href="/?q=neglect"><span aria-hidden="true">✕ </span>' in answer
    assert "Nation: England" in answer


@pytest.mark.parametrize("number", ["0", "-1", "x", "99", "9" * 30, "²"])
def test_a_page_that_is_not_there_is_no_error(page: TestClient, number: str) -> None:
    assert page.get("/", params={"q": "*", "page": number}).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        {"q": SCRIPT},
        {"q": f'"><img src=x onerror=alert(1)>{SCRIPT}'},
        {"q": "neglect", "nation": SCRIPT},
        {"q": "neglect", "subject": f'"{SCRIPT}'},
        {"q": "neglect", "scope": SCRIPT},
        {"q": "neglect", "sort": SCRIPT},
        {"q": "\x00\u202eneglect\x1b[2J"},
        {SCRIPT: SCRIPT},
    ],
)
def test_nothing_that_is_asked_becomes_markup(page: TestClient, asked: dict[str, str]) -> None:
    answer = page.get("/", params=asked)
    assert answer.status_code in (200, 400)
    assert "<script" not in answer.text
    assert "<img" not in answer.text


def test_a_query_that_is_too_long_says_so(page: TestClient) -> None:
    answer = page.get("/", params={"q": "neglect " * 2_000})
    assert answer.status_code == 400
    assert "at most 10,000 characters" in answer.text


def test_what_cannot_be_read_says_what_to_do_and_a_defect_tells_nothing_that_was_typed(
    page: TestClient, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from casereviews.index.errors import NoIndex

    def refuse(*_: object, **__: object) -> None:
        raise NoIndex("there is no index: run `casereviews rebuild`")

    monkeypatch.setattr(Collection, "search", refuse)
    answer = page.get("/", params={"q": "quillfeather"})
    assert (answer.status_code, "run `casereviews rebuild`" in answer.text) == (503, True)

    def fail(_: Collection, query: str, **__: object) -> None:
        raise KeyError(query)

    monkeypatch.setattr(Collection, "search", fail)
    answer = page.get("/", params={"q": "quillfeather"})
    assert (answer.status_code, "quillfeather" in answer.text) == (500, False)
    told = capsys.readouterr().err
    assert "a defect (KeyError)" in told
    assert "quillfeather" not in told


def test_an_address_says_all_that_was_asked() -> None:
    asked = Asked('"a b" & c', {"nation": ["Wales", "England"]}, "date", True, 3)
    said = asked.address()
    assert said == "/?q=%22a+b%22+%26+c&nation=Wales&nation=England&sort=date&exact=1&page=3"
    assert asked_of(QueryParams(said[2:])) == asked
    assert (
        asked.without("nation", "Wales").address()
        == "/?q=%22a+b%22+%26+c&nation=England&sort=date&exact=1"
    )


@pytest.mark.parametrize(
    ("number", "last", "offered"),
    [
        (1, 1, [1]),
        (1, 9, [1, 2, 3, None, 9]),
        (5, 9, [1, None, 3, 4, 5, 6, 7, None, 9]),
        (9, 9, [1, None, 7, 8, 9]),
    ],
)
def test_the_ends_and_the_neighbours_of_a_page_are_offered(
    number: int, last: int, offered: list[int | None]
) -> None:
    assert near(number, last) == offered


def test_small_words() -> None:
    assert day("2026-11-28T07:16:14Z") == "28 November 2026"
    assert day("2026-03") == "March 2026"
    assert day("2026") == "2026"
    assert day("") == ""
    assert marked("a <b> c", [(2, 5)]) == "a <mark>&lt;b&gt;</mark> c"
    assert as_typed("ab(", 2) == "ab<mark>(</mark>"
    assert as_typed("ab", 2) == "ab<mark>\u00a0</mark>"
    assert web_address("javascript:alert(1)") == ""
    assert web_address("https://board.test/a b") == "https://board.test/a b"
    assert address("/read", "../x", 3, q="a", label="") == "/read/..%2Fx/3?q=a"
