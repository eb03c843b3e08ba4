"""DOCX by python-docx: paragraphs, headings, lists with their numbers, tables as rows, text boxes, footnotes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from casereviews.repository.reading.content import Content, Format, Opening
from casereviews.repository.reading.errors import Corrupt
from casereviews.repository.reading.flow import Block, sections
from casereviews.repository.reading.limits import Deadline, Limits
from casereviews.repository.reading.numbering import Numbering
from casereviews.repository.reading.packages import check
from casereviews.repository.reading.repair import repair

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _TABLE, _ROW, _CELL = W + "p", W + "tbl", W + "tr", W + "tc"
_INSIDE = frozenset(
    {W + "sdt", W + "sdtContent", W + "ins", W + "smartTag", W + "customXml", W + "moveTo"}
)
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = frozenset({W + "del", W + "moveFrom", W + "instrText", W + "delText", _FALLBACK})
_BOX = W + "txbxContent"
_BREAKS = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
_DEPTH = 40
_FEED = "\ue00c"  # stands for a page break while text is repaired


def looks_like(opening: Opening) -> bool:
    return "word/document.xml" in opening.members


def read(opening: Opening, limits: Limits, deadline: Deadline) -> Content:
    """Read a DOCX as sections of about a page."""
    return Content(*read_docx(opening, limits, "docx"))


def read_docx(opening: Opening, limits: Limits, method: str) -> tuple[tuple[Any, ...], str | None]:
    """Pages and title of a DOCX; `method` is what the pages say (a converted DOC says doc)."""
    check(opening.path, limits)
    try:
        document = docx.Document(str(opening.path))
    except (
        PackageNotFoundError,
        etree.XMLSyntaxError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        AttributeError,
    ) as error:
        raise Corrupt(f"a damaged DOCX ({str(error)[:120]}): fetch it again") from error
    title = repair(document.core_properties.title or "").strip()[:400] or None
    pages = sections(_Walk(document).blocks(), method, limit=limits.pages)
    return pages, title


class _Walk:
    """Goes through a document's body in order."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._numbering = Numbering(document)
        self._notes = 0
        self._waiting: list[str] = []
        self._note_texts = _notes(document)

    def blocks(self) -> Iterator[Block]:
        """All blocks, each with its notes after it."""
        for block in self._children(self._document.element.body, 0):
            yield block
            for note in self._waiting:
                yield Block("note", note)
            self._waiting.clear()

    def _children(self, parent: Any, depth: int) -> Iterator[Block]:
        if depth > _DEPTH:
            raise Corrupt("a DOCX nested too deeply")
        for child in parent:
            if child.tag == _PARAGRAPH:
                yield from self._paragraph(child, depth)
            elif child.tag == _TABLE:
                yield from self._table(child, depth)
            elif child.tag in _INSIDE:
                yield from self._children(child, depth + 1)

    def _paragraph(self, element: Any, depth: int) -> Iterator[Block]:
        if _page_break_before(element):
            yield Block("break", "")
        for index, piece in enumerate(repair(self._text(element)).split(_FEED)):
            if index:
                yield Block("break", "")
            yield from self._line(element, piece.strip())
        for box in _boxes(element):
            yield from self._children(box, depth + 1)

    def _line(self, element: Any, text: str) -> Iterator[Block]:
        if text:
            style = self._numbering.style_name(element)
            number = self._numbering.number(element)
            level = _level(style)
            whole = f"{number} {text}" if number else text
            if level is not None and len(text) < 300:
                yield Block("heading", " ".join(whole.split()), level)
            elif _bold_line(element, text):
                yield Block("heading", whole, 4)
            else:
                yield Block("item" if number else "paragraph", whole)

    def _table(self, element: Any, depth: int) -> Iterator[Block]:
        for row in element.iterchildren(_ROW):
            cells = [
                " ".join(block.text for block in self._children(cell, depth + 1))
                for cell in _row_cells(row)
            ]
            text = "\t".join(" ".join(cell.split()) for cell in cells).strip()
            if text:
                yield Block("row", text)

    def _text(self, element: Any) -> str:
        """The text of a paragraph without what was deleted, and without the boxes anchored in it."""
        parts: list[str] = []
        stack = list(reversed(element))
        while stack:
            node = stack.pop()
            if node.tag in _SKIPPED or node.tag == _BOX:
                continue
            if node.tag == W + "t":
                parts.append(node.text or "")
            elif node.tag == W + "br" and node.get(W + "type") == "page":
                parts.append(_FEED)
            elif node.tag in _BREAKS:
                parts.append(_BREAKS[node.tag])
            elif node.tag in (W + "footnoteReference", W + "endnoteReference"):
                parts.append(self._note(node))
            elif node.tag != W + "tabs":
                stack.extend(reversed(node))
        return "".join(parts)

    def _note(self, node: Any) -> str:
        key = (node.tag == W + "footnoteReference", node.get(W + "id"))
        text = self._note_texts.get(key)
        if not text:
            return ""
        self._notes += 1
        self._waiting.append(f"[{self._notes}] {text}")
        return f"[{self._notes}]"


def _page_break_before(element: Any) -> bool:
    properties = element.find(W + "pPr")
    mark = properties.find(W + "pageBreakBefore") if properties is not None else None
    return mark is not None and mark.get(W + "val") not in ("0", "false")


def _row_cells(row: Any) -> Iterator[Any]:
    for child in row:
        if child.tag == _CELL:
            yield child
        elif child.tag in _INSIDE:
            yield from _row_cells(child)


def _boxes(element: Any) -> Iterator[Any]:
    """Text boxes anchored in a paragraph; Word writes each twice, the second time as a fallback."""
    for box in element.iter(_BOX):
        if not any(parent.tag == _FALLBACK for parent in box.iterancestors()):
            nested = any(parent.tag == _BOX for parent in box.iterancestors())
            if not nested:
                yield box


def _level(style: str) -> int | None:
    name = style.casefold()
    if name in ("title", "subtitle"):
        return 1 if name == "title" else 2
    if name.startswith("heading"):
        digits = "".join(letter for letter in name if letter.isdigit())
        return min(max(int(digits or 1), 1), 6) if len(digits) < 3 else None
    return None


def _bold_line(element: Any, text: str) -> bool:
    """A short paragraph of bold type only, without a full stop: a heading without its style."""
    if len(text) > 100 or text.endswith((".", ",", ";")) or not text[:1].isupper() or "\t" in text:
        return False
    runs = [run for run in element.iterchildren(W + "r") if any(t.text for t in run.iter(W + "t"))]
    return bool(runs) and all(_is_bold(run) for run in runs)


def _is_bold(run: Any) -> bool:
    properties = run.find(W + "rPr")
    bold = properties.find(W + "b") if properties is not None else None
    return bold is not None and bold.get(W + "val") not in ("0", "false")


def _notes(document: Any) -> dict[tuple[bool, str], str]:
    """Texts of footnotes (True, id) and endnotes (False, id)."""
    found: dict[tuple[bool, str], str] = {}
    for part in document.part.package.iter_parts():
        name = str(part.partname)
        if name.endswith(("/footnotes.xml", "/endnotes.xml")):
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            try:
                root = etree.fromstring(part.blob, parser)
            except etree.XMLSyntaxError:
                continue
            for note in root:
                words = "".join(t.text or "" for t in note.iter(W + "t"))
                found[(name.endswith("/footnotes.xml"), note.get(W + "id"))] = repair(words).strip()
    return found


FORMAT = Format("docx", MEDIA_TYPE, looks_like, read, rank=20)
