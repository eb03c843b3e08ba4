"""Known files are read again where this reader could do better: on the next nights, within a budget, and told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from casereviews.collection.asking.status import status_of
from casereviews.crawler.refresh import RefreshReport, report_text
from casereviews.repository.home import Home
from casereviews.repository.model import Page, Reading
from casereviews.repository.processing import Processed, process
from casereviews.repository.reading import READER, Limits, better_could_read, due_at_night
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
from tests.repository.nights import Nights, at

OLDER = "reading/1"
PLAIN = b"A review of Barnmoor. " * 20


def page(name: str, nonce: int = 0) -> bytes:
    text = (
        "This fictional review looks at how the school of Pear Vale was heard in the autumn. " * 3
    )
    return f"<html><!--{nonce}--><body><h1>Review: Child {name}</h1><p>{text}</p></body></html>".encode()


@pytest.fixture
def opened(home: Home) -> Iterator[tuple[Record, Derived]]:
    """Three pages and a plain text, processed, all said to be read by an older reader."""
    with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
        nights = Nights(record, media_type="text/html")
        nights.night(1, "abct", {name: page(name) for name in "abc"} | {"t": PLAIN})
        run(record, derived, 1)
        for reading in readings(derived):
            derived.save_reading(replace(reading, reader=OLDER))
        yield record, derived


def run(record: Record, derived: Derived, day: int, **options: object) -> Processed:
    return process(record, derived, now=at(day), workers=1, **options)  # type: ignore[arg-type]


def readings(derived: Derived) -> list[Reading]:
    known = (derived.reading(one.sha256) for one in derived.readings())
    return [one for one in known if one is not None]


def named(derived: Derived, name: str) -> Reading:
    return next(one for one in readings(derived) if f"Child {name}" in one.pages[0].text)


def test_an_older_reader_s_files_are_read_again_at_night_and_change_nothing_where_they_say_the_same(
    opened: tuple[Record, Derived],
) -> None:
    record, derived = opened
    assert run(record, derived, 2).read_again == 0  # only nights read again, not every change
    done = run(record, derived, 2, again=True)
    assert (done.read_again, done.waiting, done.changed, done.described) == (4, 0, frozenset(), 0)
    by = {one.media_type: one.reader for one in readings(derived)}
    assert by == {
        "text/html": READER,
        "text/plain": READER,
    }  # what was taken for text may be MHTML or flat XML
    assert run(record, derived, 3, again=True).read_again == 0


def test_what_a_night_has_no_time_for_waits_for_the_next_ones_and_both_are_told(
    opened: tuple[Record, Derived],
) -> None:
    record, derived = opened
    night = run(record, derived, 2, again=True, limits=Limits(again_seconds=0.0))
    assert (night.read_again, night.waiting) == (0, 4)
    report = RefreshReport(1, at(2), at(2), False, (), (), night, 1)
    told = report.to_json()
    assert (told["files_read_again"], told["files_to_read_again"]) == (0, 4)
    assert "0 files; 4 wait for the next nights" in report_text(report)
    assert run(record, derived, 3, again=True).read_again == 4


@pytest.mark.parametrize("hashed", [True, False])
def test_changed_text_is_described_and_published_anew_also_without_a_hash_of_the_text(
    opened: tuple[Record, Derived], hashed: bool
) -> None:
    record, derived = opened
    known = named(derived, "b")
    wrong = (Page(1, "informaƟon about Child b"),)
    text = "ab" * 32 if hashed else None
    derived.save_reading(replace(known, pages=wrong, text_sha256=text, reader=OLDER))
    # As if the older reader had been all that ever was: described by what it read.
    derived.forget_documents([one.id for one in record.documents()])
    run(record, derived, 2)
    done = run(record, derived, 3, again=True)
    (document,) = done.changed
    assert record.document(document).sha256 == known.sha256
    assert named(derived, "b").pages == known.pages
    assert not done.uncovered


def test_a_better_reading_makes_no_version_of_bytes_that_come_after_it(
    opened: tuple[Record, Derived],
) -> None:
    record, derived = opened
    with record.transaction() as c:
        c.exec_driver_sql("UPDATE version SET text_sha256 = ?", ("cd" * 32,))
    run(record, derived, 2, again=True)
    Nights(record, media_type="text/html").night(3, "abct", {"a": page("a", 3)})
    run(record, derived, 3)
    assert record.events(kinds=("changed_text",)) == []


def test_at_once_means_all_of_it_also_what_this_reader_had_no_time_for(
    opened: tuple[Record, Derived],
) -> None:
    record, derived = opened
    late = named(derived, "c")
    derived.save_reading(replace(late, status="timed_out", pages=(), reader=READER))
    done = run(record, derived, 2, at_once=True, limits=Limits(again_seconds=0.0))
    assert (done.read_again, done.waiting) == (4, 0)
    assert named(derived, "c").pages == late.pages


def test_what_a_document_said_before_is_read_again_too_after_what_it_says_now(
    opened: tuple[Record, Derived],
) -> None:
    record, derived = opened
    before = named(derived, "a")
    changed = page("a").replace(b"autumn", b"spring")
    Nights(record, media_type="text/html").night(2, "abct", {"a": changed})
    run(record, derived, 2)
    for reading in readings(derived):
        covered = Page(1, reading.pages[0].text + " Quillfeather")
        derived.save_reading(replace(reading, pages=(covered,), reader=OLDER))
    done = run(record, derived, 3, again=True)
    assert (done.read_again, len(readings(derived))) == (5, 5)
    again = derived.reading(before.sha256)
    assert again is not None
    assert (again.pages, again.reader) == (before.pages, READER)
    assert "Quillfeather" not in repr(readings(derived))


def test_status_counts_what_documents_say_now(home: Home, opened: tuple[Record, Derived]) -> None:
    record, derived = opened
    covering = replace(named(derived, "a"), detail="covered text")
    derived.save_reading(covering)
    assert status_of(home).totals["covering_text"].startswith("1 file ")
    Nights(record, media_type="text/html").night(2, "abct", {"a": page("a").replace(b"autumn", b"May")})  # fmt: skip
    run(record, derived, 2)
    totals = status_of(home).totals
    assert (len(readings(derived)), totals["read_ok"], "covering_text" in totals) == (5, 4, False)


def test_a_night_leaves_what_this_reader_ran_out_of_time_with() -> None:
    late = Reading("a" * 64, "timed_out", "application/pdf", reader=READER)
    assert (better_could_read(late), due_at_night(late)) == (True, False)
    assert due_at_night(replace(late, reader=OLDER))


def test_scans_of_a_file_that_is_partly_read_go_on_without_a_look_at_its_pages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from casereviews.repository.reading import better

    monkeypatch.setattr(better, "ocr_available", lambda: True)
    partly = Reading("a" * 64, "partial", "application/pdf", detail="3 of 9 pages need OCR", reader=READER)  # fmt: skip
    assert due_at_night(partly)
