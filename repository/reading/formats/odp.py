"""Presentations of OpenDocument (.odp, .fodp), a page a slide: read as ODT is."""

from __future__ import annotations

from casereviews.repository.reading.content import Format, Opening
from casereviews.repository.reading.formats import odt

MEDIA_TYPE = "application/vnd.oasis.opendocument.presentation"


def looks_like(opening: Opening) -> bool:
    return odt.is_odf(opening, b"opendocument.presentation")


FORMAT = Format("odp", MEDIA_TYPE, looks_like, odt.read, rank=20)
