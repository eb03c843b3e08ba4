"""Counts in the page: those of `casereviews stats`, of what the search page finds, with a picture of the same."""

import re

import pytest
from starlette.testclient import TestClient

from casereviews import Collection
from casereviews.repository.home import Home
from casereviews.web.pages import counts


def numbers(text: str) -> dict[str, list[str]]:
    """The table's rows: value -> cells."""
    table = text.partition("<table>")[2].partition("</table>")[0]
    return {
        re.sub("<[^>]+>", "", head): re.findall(r"<td[^>]*>([^<]*)</td>", cells)
        for head, cells in re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', table)
    }


def test_the_search_page_leads_to_counts_of_the_same_reviews(page: TestClient, built: Home) -> None:
    found = page.get("/?q=children&scope=child&exact=1").text
    href = re.search(r'href="(/counts[^"]+)">Count them', found)
    assert href
    where = href[1].replace("&amp;", "&")
    with Collection(built) as collection:
        every = {}
        for exact in (True, False):
            of = collection.counts(
                "year", within="children", filters={"scope": ["child"]}, exact=exact
            )
            every[exact] = {value: [str(count)] for value, count in of.values}
    assert numbers(page.get(where).text) == every[True] != every[False]


def test_a_value_leads_to_its_reviews(page: TestClient) -> None:
    text = page.get("/counts?by=theme&q=*&scope=all").text
    href, words = re.search(r'<th scope="row"><a href="([^"]+)">([^<]+)</a>', text).groups()
    count = int(numbers(text)[words][0])
    found = page.get(href.replace("&amp;", "&")).text
    assert f'<h2 id="found">{count} review' in found


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("by=theme&and=year", "Reviews by themes and year"),
        ("by=timeline", "Years: published"),
        ("by=map", "GSS code"),
        ("by=nothing&and=nothing", "Reviews by year"),
        ("by=year&and=year", "Reviews by year"),
        ("by=year&q=zzzyx", "There is nothing to count"),
    ],
)
def test_what_is_counted_is_said_with_its_caution(page: TestClient, asked: str, told: str) -> None:
    text = page.get(f"/counts?{asked}").text
    assert told in text
    assert "Counts are of what was collected" in text


@pytest.mark.slow
def test_the_picture_is_of_the_same_counts_and_runs_nothing(page: TestClient) -> None:
    for asked, told in (("by=year&q=neglect", "Reviews by year"), ("by=map", "Reviews by area")):
        drawn = page.get(f"/counts/picture.svg?{asked}")
        assert drawn.headers["content-type"] == "image/svg+xml"
        assert "script" not in drawn.headers["content-security-policy"]
        assert told in drawn.text
        assert "<script" not in drawn.text
    assert page.get("/counts/picture.exe?by=year").status_code == 404
    assert page.get("/counts/picture.svg?q=(").status_code == 400


def test_without_the_extra_the_table_stands_alone(
    page: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "find_spec", lambda _: None)
    text = page.get("/counts").text
    assert "<img" not in text
    assert "needs the extra [charts]" in text
    assert numbers(text)


@pytest.mark.slow
def test_coverage_has_a_map_and_the_numbers_of_each_area(page: TestClient, built: Home) -> None:
    text = page.get("/coverage?nation=Wales").text
    assert 'src="/counts/picture.svg?by=map&amp;nation=Wales"' in text
    assert "An area is that of the board" in text
    assert '<th scope="col" class="number">Reviews</th>' in text
