"""Twice as much of anything on a page is twice the work: calls of functions are counted, at one size and at twice that."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from benchmarks.page_growth import SHAPES, page_readers, text_readers, texts
from casereviews.crawler.parsing.links import cards, said_dates
from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.parsed import Parsed
from casereviews.crawler.sources import Source
from casereviews.repository.vocabulary.rules import Rule
from tests.sampling import every
from tests.steps import steps_of

URL = "https://site.test/reviews/"
SOURCE = Source("made-up", "Made up", "England", "listing", (URL,), ("site.test",))
MOST = 2.6
PAGES = [one for one in SHAPES if " in a " not in one]
CHEAP = [
    "attributes on one tag", "attributes with paths", "open tags as attributes", "open tags in quotes", "less-than signs", "iframe tags without source",
    "ends of tags", "headings without links", "breaks", "bases", "references to one panel",
    "scripts of many addresses", "style rules", "comments", "entities", "nothing signs", "query parameters", "shortcodes", "one long line",
    "broken JSON in attributes", "deep JSON in attributes", "fonts side by side",
]  # fmt: skip


def steps_to_read(reader: Callable[[str], object], text: str) -> int:
    """How many calls of functions reading takes."""
    return steps_of(lambda: reader(text))[0]


def listed(html: str) -> Parsed:
    return parse_listing(html, URL, SOURCE)


@pytest.mark.parametrize("shape", CHEAP)
def test_the_work_of_a_list_page_grows_with_its_size_only(shape: str) -> None:
    listed(SHAPES[shape](80))  # what is remembered of titles is remembered for both
    assert steps_to_read(listed, SHAPES[shape](80)) < MOST * steps_to_read(
        listed, SHAPES[shape](40)
    )


def test_the_words_beside_a_link_are_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is summed up is no call that `steps_of` sees."""
    summed: list[int] = []

    def counted(lengths: Iterable[int]) -> int:
        found = list(lengths)
        summed.append(len(found))
        return sum(found)

    monkeypatch.setattr(cards, "sum", counted, raising=False)
    listed(SHAPES["bases"](50))
    once = sum(summed)
    summed.clear()
    listed(SHAPES["bases"](100))
    assert once < sum(summed) < MOST * once


def test_the_words_around_a_date_are_looked_through_for_few_dates_of_a_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a pattern looks through is no call either."""
    looked = 0
    only = said_dates._only

    def counted(text: str, kind: str) -> bool:
        nonlocal looked
        looked += len(text)
        return only(text, kind)

    monkeypatch.setattr(said_dates, "_only", counted)
    listed(SHAPES["dates in a paragraph"](60))
    once, looked = looked, 0
    listed(SHAPES["dates in a paragraph"](120))
    assert once < looked < MOST * once


@pytest.mark.parametrize("shape", ["links in one cell", "tables"])
def test_the_work_of_a_library_page_grows_with_its_size_only(shape: str) -> None:
    reader = page_readers()["libraries"]
    reader(SHAPES[shape](3))
    assert steps_to_read(reader, SHAPES[shape](80)) < MOST * steps_to_read(
        reader, SHAPES[shape](40)
    )


@pytest.mark.slow
def test_blocks_within_one_another_are_asked_once_for_all_links_of_a_nest() -> None:
    """Each link asks the blocks around it: the square of the depth, which is bounded, and no more."""
    shape = SHAPES["nested furniture"]
    listed(shape(3))
    assert steps_to_read(listed, shape(140)) < 5 * steps_to_read(listed, shape(70))


@pytest.mark.slow
@pytest.mark.parametrize("shape", every(9, PAGES))
def test_the_work_of_every_reader_of_pages_grows_with_the_page_only(shape: str) -> None:
    """Of blocks within one another each asks those around it: so many as a page may be deep, whatever its size."""
    most = 2 * MOST if shape.startswith("nested") else MOST
    for name, reader in page_readers().items():
        reader(SHAPES[shape](3))
        steps = [steps_to_read(reader, SHAPES[shape](size)) for size in (250, 500)]
        if steps[1] >= most * steps[0]:  # a check that only pages of some size need began between
            steps = [steps[1], steps_to_read(reader, SHAPES[shape](1000))]
        assert steps[1] < most * steps[0], name


def test_what_rules_look_through_grows_with_one_sentence_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A sentence that names much is not looked through whole for each thing that it names."""
    looked = 0
    search = Rule.search

    def counted(rule: Rule, text: str, start: int = 0) -> object:
        nonlocal looked
        looked += len(text)
        return search(rule, text, start)

    monkeypatch.setattr(Rule, "search", counted)
    describing = text_readers()["describing"]
    describing(texts()["text of harms"](6))
    once, looked = looked, 0
    describing(texts()["text of harms"](12))
    assert once < looked < MOST * once


@pytest.mark.slow
@pytest.mark.parametrize("name", every(4, texts()))
def test_the_work_of_describing_grows_with_the_text_only(name: str) -> None:
    for reader_name, reader in text_readers().items():
        reader(texts()[name](3))
        once, twice = (steps_to_read(reader, texts()[name](size)) for size in (250, 500))
        assert twice < MOST * once, reader_name


def test_a_page_whose_tags_are_never_closed_loses_no_report() -> None:
    for item in ("<ul><li>{}", "<b><i><u>{}"):
        links = (f'Child A{n} <a href="/f/{n}.pdf">overview report</a>' for n in range(130))
        parsed = listed("<main><h1>Case reviews</h1>" + "".join(map(item.format, links)))
        assert len(parsed.sightings) == 130
        assert parsed.unread == ()


def test_what_is_beyond_the_bounds_of_a_page_makes_its_run_partial() -> None:
    many = " ".join(f"a{number}=1" for number in range(3000))
    parsed = listed(f'<main><p {many}><a href="/f/a.pdf">Child Wren overview report</a></p>')
    assert len(parsed.sightings) == 1
    assert "more than 1,000 attributes" in parsed.unread[0]


def test_the_title_of_a_link_and_of_a_page_is_bounded() -> None:
    long = "Child Wren overview report " + "x" * 100_000
    parsed = listed(f'<main><h1>{long}</h1><a href="/f/a.pdf">{long}</a>')
    assert len(parsed.sightings[0].link_text) == len(parsed.title) == 1000
