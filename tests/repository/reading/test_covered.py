"""What a reader of a PDF cannot see is no text, whatever hides it, and what is seen stays."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from casereviews.repository.model import Reading
from casereviews.repository.reading.covered import covered_detail, covered_pages
from casereviews.repository.reading.limits import Limits
from casereviews.repository.reading.reader import read_file
from tests.repository.reading.covered_pdfs import (
    ABOVE,
    AFTER,
    BEFORE,
    BELOW,
    CUT,
    HIDDEN,
    SECRET,
    SEEN,
    made,
)

NATIVE = dataclasses.replace(Limits(), ocr=False)


def told(reading: Reading) -> str:
    """All words of a reading, wherever they stand."""
    return " ".join(str(dataclasses.asdict(reading)).split())


def read(tmp_path: Path, content: bytes) -> Reading:
    (tmp_path / "a.pdf").write_bytes(content)
    return read_file(tmp_path / "a.pdf", limits=NATIVE)


@pytest.mark.parametrize("case", HIDDEN.values(), ids=HIDDEN)
def test_a_hidden_word_is_nowhere_and_every_seen_word_is_there(tmp_path, case):
    reading = read(tmp_path, made(case))
    assert SECRET not in told(reading)
    assert SECRET[:6] not in told(reading)
    seen = " ".join(reading.pages[0].text.split())
    assert [line for line in (ABOVE, BEFORE, AFTER, BELOW) if line not in seen] == []
    assert covered_pages(reading.detail) == (1,)
    assert reading.status == "ok"


@pytest.mark.parametrize("case", SEEN.values(), ids=SEEN)
def test_a_word_that_only_seems_to_be_hidden_stays(tmp_path, case):
    reading = read(tmp_path, made(case))
    seen = " ".join(reading.pages[0].text.split())
    assert f"{BEFORE} {SECRET} {AFTER}" in seen
    assert (ABOVE in seen, BELOW in seen) == (True, True)
    assert covered_pages(reading.detail) is None


@pytest.mark.parametrize("case", CUT.values(), ids=CUT)
def test_what_a_page_is_cut_to_is_all_that_it_says(tmp_path, case):
    reading = read(tmp_path, made(case))
    assert SECRET not in told(reading)
    assert BELOW in " ".join(reading.pages[0].text.split())


def test_pages_are_told_and_read_back():
    assert covered_detail([3, 7]) == "covered text on pages 3, 7"
    assert covered_detail([3]) == "covered text on page 3"
    assert covered_pages("2 damaged pages; covered text on pages 3, 7") == (3, 7)
    assert covered_pages(covered_detail(())) == ()
    assert covered_pages("2 damaged pages") is None
