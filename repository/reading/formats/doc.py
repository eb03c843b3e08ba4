"""Legacy Word files (.doc) through LibreOffice; without it a named result says what to install."""

from __future__ import annotations

from casereviews.repository.reading.content import Content, Format, Opening
from casereviews.repository.reading.formats.docx import read_docx
from casereviews.repository.reading.limits import Deadline, Limits
from casereviews.repository.reading.office import converted

MEDIA_TYPE = "application/msword"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAM = "WordDocument".encode("utf-16-le")


def looks_like(opening: Opening) -> bool:
    """An OLE file whose directory, which may stand anywhere, names the stream WordDocument."""
    return opening.head.startswith(_OLE) and _STREAM in opening.whole()


def read(opening: Opening, limits: Limits, deadline: Deadline) -> Content:
    """Convert to DOCX and read that."""
    seconds = max(limits.seconds - deadline.elapsed - 2.0, 1.0)
    with converted(opening.path, to="docx", suffix=".doc", seconds=seconds) as path:
        return read_docx(Opening(path), limits, deadline, "doc")


FORMAT = Format("doc", MEDIA_TYPE, looks_like, read, rank=30)
