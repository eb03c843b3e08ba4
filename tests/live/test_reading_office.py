"""Known words of files made by LibreOffice in all formats, and poppler's pdftotext on the same PDFs."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.reading_made import LAYOUTS, agreement, make_pdf, tokens
from benchmarks.reading_office import FORMATS, make_all
from casereviews.repository.reading import Limits, ReadJob, read_file, read_files
from casereviews.repository.reading.errors import OutOfTime
from casereviews.repository.reading.office import converted, find_office

pytestmark = pytest.mark.live
needs_office = pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")
needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="poppler-utils is not installed"
)
NATIVE = Limits(ocr=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return make_all(tmp_path_factory.mktemp("office"), rounds=1)


def shares(pages, found):
    """Share of the words found in order, and of words found besides."""
    scores = [agreement(truth, words) for truth, words in zip(pages, found, strict=True)]
    total = sum(map(len, pages))
    return sum(score[0] for score in scores) / total, sum(score[1] for score in scores) / total


@needs_office
@pytest.mark.parametrize("name", FORMATS)
def test_words_and_markers_of_every_format_are_read_on_their_pages(made, name):
    reading = read_file(made[name].path, limits=NATIVE)

    found = [tokens(page.text) for page in reading.pages]
    right, extra = shares(made[name].pages, found)
    assert reading.status == "ok"
    assert right >= 0.995
    assert extra <= 0.01
    assert [[word for word in words if word.startswith("MARK")] for words in found] == made[
        name
    ].markers
    assert [page.language for page in reading.pages] == ["en", "en", "en", "cy"]
    assert [page.headings[0].text for page in reading.pages] == [
        "1.1 First findings of the office",
        "1.2 Analysis in two columns",
        "1.3 Recommendations",
        "1.4 Crynodeb",
    ]


@needs_poppler
@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_our_words_are_at_least_as_right_as_those_of_pdftotext(tmp_path, layout):
    drawn = make_pdf(tmp_path / "a.pdf", layout, 4, seed=8)
    command = ["pdftotext", str(drawn.path), "-"]
    theirs = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\f")

    reading = read_file(drawn.path, limits=NATIVE)

    ours, _ = shares(drawn.pages, [tokens(page.text) for page in reading.pages])
    poppler, _ = shares(drawn.pages, [tokens(page) for page in theirs[: len(drawn.pages)]])
    assert ours >= poppler


@needs_office
def test_a_legacy_word_file_is_converted_within_a_bounded_child(made):
    (reading,) = read_files([ReadJob("a" * 64, made["doc"].path)], workers=1, limits=NATIVE)

    assert (reading.status, reading.media_type) == ("ok", "application/msword")
    assert {page.method for page in reading.pages} == {"doc"}


@needs_office
def test_libreoffice_is_ended_when_its_time_is_up(made):
    with (
        pytest.raises(OutOfTime, match="longer than 0 seconds"),
        converted(made["doc"].path, to="docx", suffix=".doc", seconds=0.01),
    ):
        pytest.fail("a conversion in no time")
