"""Which readings would come out better now: what `rebuild --reading` reads again, and only that."""

from __future__ import annotations

from casereviews.repository.model import Reading
from casereviews.repository.reading.formats import formats
from casereviews.repository.reading.ocr import ocr_available, waiting_pages
from casereviews.repository.reading.office import MISSING, NO_WRITER, find_office, has_writer
from casereviews.repository.reading.reader import CHANGED_FORMATS, READER
from casereviews.repository.reading.summary import WAIT_FOR_OCR


def better_could_read(reading: Reading) -> bool:
    """True when reading this file again could give more than it did.

    That is: an older reader made it, and a later one reads its format otherwise; it ran out of time or its child was killed by it; pages wait for OCR and OCR is there now; it
    needed LibreOffice with its Writer and that is there now. The reading's pages may be left out.
    """
    if reading.status == "timed_out":
        return True
    if _read_otherwise(reading):
        return True
    if MISSING in reading.detail or NO_WRITER in reading.detail:
        office = find_office()
        return office is not None and has_writer(office)
    waiting = reading.status == "needs_ocr" or bool(waiting_pages(reading))
    return (waiting or WAIT_FOR_OCR in reading.detail) and ocr_available()


def due_at_night(reading: Reading) -> bool:
    """`better_could_read`, but not what this reader ran out of time with: each night would end so, and leave no time for others."""
    gave_up = reading.status == "timed_out" and _version(reading.reader) == _version(READER)
    return not gave_up and better_could_read(reading)


def _read_otherwise(reading: Reading) -> bool:
    """True when a version after the one that made a reading changed what is made of files of its format."""
    later = range(_version(reading.reader) + 1, _version(READER) + 1)
    if any(number not in CHANGED_FORMATS for number in later):
        return True
    changed = frozenset[str]().union(*(CHANGED_FORMATS[number] for number in later))
    return any(each.media_type == reading.media_type for each in formats() if each.name in changed)


def _version(reader: str) -> int:
    _name, _slash, number = reader.rpartition("/")
    return int(number) if number.isdigit() else 0
