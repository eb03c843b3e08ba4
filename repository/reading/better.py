"""Which readings would come out better now: what `rebuild --reading` reads again, and only that."""

from __future__ import annotations

from casereviews.repository.model import Reading
from casereviews.repository.reading.ocr import ocr_available, waiting_pages
from casereviews.repository.reading.office import MISSING, NO_WRITER, find_office, has_writer
from casereviews.repository.reading.reader import READER

READ_AS_BEFORE = frozenset(["text/plain"])
"""Formats of which this reader makes what the one before it made."""


def better_could_read(reading: Reading) -> bool:
    """True when reading this file again could give more than it did.

    That is: an older reader made it; it ran out of time or its child was killed by it; pages wait for OCR and OCR is there now; it
    needed LibreOffice with its Writer and that is there now.
    """
    if reading.status == "timed_out":
        return True
    if _version(reading.reader) < _version(READER) and reading.media_type not in READ_AS_BEFORE:
        return True
    if MISSING in reading.detail or NO_WRITER in reading.detail:
        office = find_office()
        return office is not None and has_writer(office)
    waiting = reading.status == "needs_ocr" or bool(waiting_pages(reading))
    return waiting and ocr_available()


def _version(reader: str) -> int:
    _name, _slash, number = reader.rpartition("/")
    return int(number) if number.isdigit() else 0
