import pytest

from casereviews.repository.model import Page, Reading
from casereviews.repository.reading import READER, better, better_could_read
from casereviews.repository.reading.formats import formats
from casereviews.repository.reading.office import MISSING, NO_WRITER
from casereviews.repository.reading.reader import CHANGED_FORMATS


def reading(status="ok", **fields):
    fields = {"media_type": "application/pdf", "reader": READER} | fields
    return Reading("a" * 64, status, **fields)


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch):
    monkeypatch.setattr(better, "ocr_available", lambda: False)
    monkeypatch.setattr(better, "find_office", lambda: None)


WAITING = (Page(1, "text"), Page(2, "", status="needs_ocr"))


@pytest.mark.parametrize(
    "status", ["ok", "empty", "corrupt", "encrypted", "too_large", "not_a_document"]
)
def test_what_this_reader_finished_is_not_read_again(status):
    assert not better_could_read(reading(status))


@pytest.mark.parametrize("older", ["", "reading/0", "something else"])
def test_what_an_older_reader_made_is_read_again(older):
    assert better_could_read(reading(reader=older))


@pytest.mark.parametrize(
    ("media_type", "older", "again"),
    [
        ("application/pdf", "reading/3", False),
        ("text/html", "reading/3", False),
        ("application/rtf", "reading/3", True),
        ("application/msword", "reading/3", True),
        ("application/pdf", "reading/2", True),
        ("application/rtf", "reading/4", False),
    ],
)
def test_only_files_of_formats_that_changed_since_are_read_again(
    monkeypatch, media_type, older, again
):
    monkeypatch.setattr(better, "READER", "reading/4")
    monkeypatch.setattr(better, "CHANGED_FORMATS", {4: frozenset({"doc", "rtf"})})

    assert better_could_read(reading(media_type=media_type, reader=older)) is again


def test_the_formats_that_a_version_changed_are_formats():
    assert frozenset().union(*CHANGED_FORMATS.values()) <= {each.name for each in formats()}


def test_what_ran_out_of_time_is_read_again():
    assert better_could_read(reading("timed_out"))


def test_pages_that_wait_for_ocr_are_read_again_once_it_is_there(monkeypatch):
    waiting = [reading("needs_ocr"), reading("partial", pages=WAITING)]

    assert [better_could_read(each) for each in waiting] == [False, False]
    monkeypatch.setattr(better, "ocr_available", lambda: True)
    assert [better_could_read(each) for each in waiting] == [True, True]


def test_legacy_files_are_read_again_once_libreoffice_is_there(tmp_path, monkeypatch):
    missing = reading("partial", detail=f"{MISSING} (package libreoffice-writer) to read this")

    monkeypatch.setattr(better, "find_office", lambda: None)
    assert not better_could_read(missing)
    monkeypatch.setattr(better, "find_office", lambda: str(tmp_path / "soffice"))
    assert better_could_read(missing)


def test_legacy_files_are_read_again_once_writer_is_there(tmp_path, monkeypatch):
    missing = reading("partial", detail=f"{NO_WRITER}: install libreoffice-writer to read this")
    program = tmp_path / "soffice"
    monkeypatch.setattr(better, "find_office", lambda: str(program))
    (tmp_path / "soffice.bin").touch()

    assert not better_could_read(missing)
    (tmp_path / "libswlo.so").touch()
    assert better_could_read(missing)
