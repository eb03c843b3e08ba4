"""What a PDF carries beside its pages: attached files, and the words of an XFA form."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium
from defusedxml import ElementTree

from casereviews.repository.model import Attached
from casereviews.repository.reading.repair import fold, repair

MOST_FILES = 100
_SAYING = frozenset(["text", "p", "float", "integer", "date", "decimal"])
"""Elements of an XFA template and of its data that hold words for people (XFA 3.3, part 2)."""


def attached_files(document: pypdfium2.PdfDocument) -> tuple[Attached, ...]:
    """The files attached to a document, in its order, at most MOST_FILES; one that cannot be taken out is left without content."""
    return tuple(_each(document))


def _each(document: pypdfium2.PdfDocument) -> Iterator[Attached]:
    for index in range(min(document.count_attachments(), MOST_FILES)):
        try:
            attachment = document.get_attachment(index)
            name = fold(repair(attachment.get_name()))[:200] or f"file {index + 1}"
        except (pypdfium2.PdfiumError, UnicodeError):
            continue
        try:
            content = bytes(attachment.get_data())
        except pypdfium2.PdfiumError:
            content = b""
        yield Attached(name, content)


def xfa_words(document: pypdfium2.PdfDocument) -> list[str]:
    """The words of an XFA form: what its template prints and what was filled in, a line each; [] for any other PDF."""
    found: list[str] = []
    for index in range(max(pdfium.FPDF_GetXFAPacketCount(document.raw), 0)):
        length = ctypes.c_ulong()
        pdfium.FPDF_GetXFAPacketContent(document.raw, index, None, 0, length)
        buffer = ctypes.create_string_buffer(max(length.value, 1))
        pdfium.FPDF_GetXFAPacketContent(document.raw, index, buffer, length.value, length)
        found += _words(buffer.raw[: length.value])
    return list(dict.fromkeys(found))


def _words(packet: bytes) -> Iterator[str]:
    try:
        root = ElementTree.fromstring(packet)
    except (ElementTree.ParseError, ValueError):
        return
    filled_in = root.iter("{http://www.xfa.org/schema/xfa-data/1.0/}data")
    data = {id(element) for branch in filled_in for element in branch.iter()}
    for element in root.iter():
        name = str(element.tag).rpartition("}")[2]
        leaf = len(element) == 0 and (name in _SAYING or id(element) in data)
        words = fold(repair("".join(element.itertext()))) if leaf or name == "body" else ""
        if words:
            yield words
