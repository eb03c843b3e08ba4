"""A briefing as a Word file (.docx), by python-docx (the extra `[briefing]`)."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

from casereviews.collection.briefing.layout import Heading, Paragraph, Quote, Table, blocks
from casereviews.collection.briefing.records import Briefing
from casereviews.collection.errors import CollectionError

_EPOCH = (1980, 1, 1, 0, 0, 0)


def docx(briefing: Briefing) -> bytes:
    """The briefing as the bytes of a Word file; the same briefing gives the same bytes. Raises CollectionError without the extra."""
    try:
        from docx import Document
    except ImportError:
        raise CollectionError(
            'Word files need the extra [briefing]: pip install ".[briefing]"'
        ) from None
    document = Document()
    properties = document.core_properties
    properties.title = next(one.text for one in blocks(briefing) if isinstance(one, Heading))
    properties.author, properties.comments, properties.language = "", "", "en-GB"
    properties.created = properties.modified = datetime.fromisoformat(briefing.accessed)
    for block in blocks(briefing):
        if isinstance(block, Heading):
            document.add_heading(block.text, block.level - 1)
        elif isinstance(block, Paragraph):
            document.add_paragraph(block.text, style="Intense Quote" if block.caution else None)
        elif isinstance(block, Table):
            _add_table(document, block)
        else:
            _add_quote(document, block)
    buffer = io.BytesIO()
    document.save(buffer)
    return _undated(buffer.getvalue())


def _add_table(document: Any, block: Table) -> None:
    table = document.add_table(rows=1, cols=len(block.heads), style="Light List")
    for cells, texts in [
        (table.rows[0].cells, block.heads),
        *((table.add_row().cells, row) for row in block.rows),
    ]:
        for one, text in zip(cells, texts, strict=True):
            one.text = text


def _add_quote(document: Any, block: Quote) -> None:
    document.add_paragraph(f"“{block.text}”", style="Quote").paragraph_format.keep_with_next = True
    source = document.add_paragraph()
    if block.url:
        _add_link(source, block.cited, block.url)
    else:
        source.add_run(block.cited)
    if block.note:
        source.add_run(f" ({block.note})")


def _add_link(paragraph: Any, text: str, url: str) -> None:
    """Text that leads to an address: python-docx has no call for it."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    link = OxmlElement("w:hyperlink")
    key = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link.set(qn("r:id"), key)
    run = paragraph.add_run(text)
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)


def _undated(packed: bytes) -> bytes:
    """A ZIP file whose members have one date, so that nothing in it tells when it was made."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(packed)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for one in old.infolist():
            new.writestr(zipfile.ZipInfo(one.filename, _EPOCH), old.read(one), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
