"""A notebook is shared with what it shows: real persons' names and a library's own sentences are in nothing that it gives."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

import casereviews
from casereviews import Collection, Notebook, Records
from casereviews.repository.home import Home
from tests.search_cli.small_home import ABSTRACT

NAMES = ("robin", "brackenfield")


def everything(cases: Notebook) -> Iterator[Records[object]]:
    """All that a notebook can ask of the review whose label is a real name, and of all others."""
    found = cases.search("brackenfield")
    assert len(found) == 1
    yield found
    yield cases.search(filters={"scope": ["all"]})
    yield cases.similar("Robin Brackenfield, a boy of seven, was physically abused at home")
    yield cases.reviews()
    yield cases.documents()
    yield cases.facts()
    yield cases.recommendations()
    yield cases.pages(found[0])


def told(records: Records[object]) -> str:
    """All that records say: as they are, as a table, as rows; without what was typed by who asked."""
    rows = list(records._rows())
    said = [*map(asdict, records), *rows, records._repr_html_(), repr(records)]
    return (
        " ".join(map(str, said))
        .lower()
        .replace("brackenfield; adult", "")
        .replace("q=brackenfield", "")
    )


def test_names_are_left_out_of_all_that_is_given(cases: Notebook) -> None:
    for records in everything(cases):
        said = told(records)
        assert not [name for name in NAMES if name in said], records
    assert "[name withheld]" in cases.pages(cases.search("brackenfield")[0])[0].text
    (row,) = cases.search("brackenfield")._rows()
    assert (row["subjects"], row["subjects_withheld"]) == ((), True)
    assert row["title"] == "Serious Case Review into the death of [name withheld]"


def test_names_are_kept_when_they_are_asked_for(named: Notebook) -> None:
    found = named.search("brackenfield")
    assert found[0].subjects == ("Robin Brackenfield",)
    for records in (
        found,
        named.reviews(),
        named.documents(),
        named.facts(),
        named.pages(found[0]),
    ):
        assert "brackenfield" in told(records)
    (row,) = found._rows()
    assert row["subjects_withheld"] is False


def test_a_librarys_sentences_are_in_nothing_that_is_given(named: Notebook) -> None:
    for records in everything(named):
        assert ABSTRACT.lower() not in told(records)


def test_a_name_is_not_suggested_for_a_word_that_was_typed_wrongly(
    cases: Notebook, named: Notebook
) -> None:
    typed = "brakenfield neglct"
    assert "brackenfield" in repr(named.search(typed))
    found = cases.search(typed)
    assert found.results.did_you_mean == ("neglct → neglect",)
    assert "brackenfield" not in repr(found) + found._repr_html_()


def test_a_librarys_own_page_gives_no_snippet(
    cases: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = cases.search("exploited gang")
    assert "exploited" in found[0].pages[0].snippet
    monkeypatch.setattr(Collection, "libraries", lambda _: frozenset({"westvale"}))
    again = cases.search("exploited gang")
    assert [page.page for page in again[0].pages] == [page.page for page in found[0].pages]
    assert "exploited by" not in told(again)


@pytest.mark.slow
def test_what_is_withdrawn_is_in_nothing_that_is_asked_later(built: Home, tmp_path: Path) -> None:
    shutil.copytree(built.root, tmp_path / "home")
    with casereviews.open(tmp_path / "home") as cases:
        review_id = cases.search('"unsafe sleep"')[0].review_id
        cases.collection.marks.put(review_id, "include")
        asked: list[Callable[[], Records[object]]] = [
            cases.reviews,
            cases.documents,
            cases.facts,
            cases.recommendations,
            cases.marks,
            lambda: cases.search(filters={"scope": ["all"]}),
        ]
        earlier = [ask() for ask in asked]
        assert all(review_id in told(one) for one in earlier)
        cases.collection.withdraw(review_id, reason="a test")
        for one in (ask() for ask in asked):
            assert review_id not in told(one)
        # What was asked before is read anew, but for marks, which are few and were read then.
        assert [review_id in told(one) for one in earlier] == [False] * 4 + [True, False]
        assert len(earlier[5]) == len(list(earlier[5])) + 1
