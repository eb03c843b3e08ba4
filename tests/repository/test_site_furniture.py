"""Web pages of one site are compared once all are read: the same home says the same, whatever came first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from casereviews.repository import processing
from casereviews.repository.home import Home
from casereviews.repository.model import Reading
from casereviews.repository.processing import process
from casereviews.repository.reading import ReadJob
from casereviews.repository.reading.reader import read_file
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
from tests.repository.nights import Nights, at

BOX = "Report a concern: ring 01632 960 001 at any hour of the day or of the night."
TOLD = "letters were left out as repeated on other pages of its site"


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(jobs: Iterable[ReadJob], **_: object) -> Iterator[Reading]:
        for job in jobs:
            assert not isinstance(job.place, Path)
            with job.place.file(job.sha256) as path:
                yield read_file(path, sha256=job.sha256, file_name=job.file_name)

    monkeypatch.setattr(processing, "read_files", read)


def page(name: str) -> bytes:
    own = f"Nobody asked Child {name.upper()} of Pear Vale what the days were like {name * 9}. " * 3
    return f"<html><body><h1>Review: Child {name.upper()}</h1><p>{own}</p><div class='box'><p>{BOX}</p></div></body></html>".encode()


def opened(folder: Path) -> tuple[Record, Derived]:
    home = Home(folder).create()
    return Record.open(home, write=True), Derived.open(home, write=True)


def night(record: Record, derived: Derived, day: int, names: str, new: str) -> frozenset[str]:
    Nights(record, media_type="text/html").night(day, names, {name: page(name) for name in new})
    return process(record, derived, now=at(day), workers=1).changed


def readings(derived: Derived) -> dict[str, tuple[str, str]]:
    found = (derived.reading(one.sha256) for one in derived.readings())
    return {one.sha256: (one.pages[0].text, one.detail) for one in found if one}


def test_the_third_page_of_a_site_shows_what_the_first_two_repeat_and_all_are_published_anew(
    tmp_path: Path,
) -> None:
    record, derived = opened(tmp_path / "home")
    with record, derived:
        night(record, derived, 1, "ab", "ab")
        assert [BOX in text for text, _ in readings(derived).values()] == [True, True]
        changed = night(record, derived, 2, "abc", "c")
        assert changed == {one.id for one in record.documents()}
        after = readings(derived)
        assert [(BOX in text, TOLD in detail) for text, detail in after.values()] == [(False, True)] * 3  # fmt: skip
        assert night(record, derived, 3, "abc", "") == frozenset()

        derived.forget_readings(derived.read_hashes())  # as `rebuild --reading` does
        process(record, derived, now=at(3), workers=1)
        assert readings(derived) == after

    other, fresh = opened(tmp_path / "other")
    with other, fresh:
        night(other, fresh, 1, "cba", "cba")
        assert readings(fresh) == after


def test_pages_read_again_with_the_same_words_are_not_published_anew(tmp_path: Path) -> None:
    record, derived = opened(tmp_path / "home")
    with record, derived:
        night(record, derived, 1, "abc", "abc")
        before = readings(derived)
        with derived.transaction() as c:
            c.exec_driver_sql("UPDATE reading SET reader = 'reading/1'")
        done = process(record, derived, now=at(2), workers=1, again=True)
        assert (done.read_again, done.described, done.changed) == (3, 0, frozenset())
        assert readings(derived) == before


@pytest.mark.slow
def test_a_page_that_leaves_the_home_gives_the_others_their_words_back(tmp_path: Path) -> None:
    record, derived = opened(tmp_path / "home")
    with record, derived:
        night(record, derived, 1, "abc", "abc")
        gone = next(one for one in record.documents() if str(one.file_url).endswith("c.pdf"))
        with record.transaction() as c:
            c.exec_driver_sql("DELETE FROM version WHERE document_id = ?", (gone.id,))
        process(record, derived, now=at(2), workers=1)
        others = {key: one for key, one in readings(derived).items() if key != gone.sha256}
        assert [(BOX in text, detail) for text, detail in others.values()] == [(True, "")] * 2


def test_a_withdrawn_page_leaves_no_block_behind(tmp_path: Path) -> None:
    from casereviews.repository.canary import canary
    from casereviews.repository.withdrawals import withdraw

    record, derived = opened(tmp_path / "home")
    with record, derived:
        night(record, derived, 1, "abc", "abc")
        gone = next(one for one in record.documents() if str(one.file_url).endswith("c.pdf"))
        withdraw(record.home, gone.id, reason="names a family", now=at(2))
        assert canary(record.home, [str(gone.sha256)], ["c" * 9]) == []


@pytest.mark.slow
def test_a_home_of_before_is_given_the_new_tables_when_it_is_written(tmp_path: Path) -> None:
    record, derived = opened(tmp_path / "home")
    with record, derived:
        night(record, derived, 1, "ab", "ab")
        with derived.transaction() as c:
            c.exec_driver_sql("DROP TABLE web_text")
            c.exec_driver_sql("DROP TABLE compared")
    with Derived.open(record.home) as reader:  # who only reads needs none
        assert len(readings(reader)) == 2
    with Record.open(record.home, write=True) as record, Derived.open(record.home, write=True) as derived:  # fmt: skip
        night(record, derived, 2, "abcde", "cde")
        assert sorted(BOX in text for text, _ in readings(derived).values()) == [False] * 3 + [True] * 2  # fmt: skip
