"""ODT: its content.xml walked in order: headings by their outline level, lists, tables as rows, notes."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from casereviews.repository.reading.content import Content, Format, Opening
from casereviews.repository.reading.errors import Corrupt, Encrypted
from casereviews.repository.reading.flow import Block, sections
from casereviews.repository.reading.limits import Deadline, Limits
from casereviews.repository.reading.packages import check
from casereviews.repository.reading.repair import repair

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_BREAK_BEFORE = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}break-before"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_SKIPPED = frozenset(
    {
        _TEXT + "tracked-changes",
        _OFFICE + "annotation",
        _TEXT + "sequence-decls",
        _OFFICE + "forms",
        _TEXT + "note-citation",
    }
)
_DEPTH = 60


def looks_like(opening: Opening) -> bool:
    """The first member of an ODT is stored plain and names its type (ODF 1.2, part 3, 3.3); some tools leave it out."""
    if "content.xml" not in opening.members:
        return False
    kind = opening.member("mimetype", 200)
    return kind.startswith(MEDIA_TYPE.encode()) or (
        not kind and b"opendocument.text" in opening.member("META-INF/manifest.xml", 20_000)
    )


def read(opening: Opening, limits: Limits, deadline: Deadline) -> Content:
    """Read an ODT as sections of about a page."""
    check(opening.path, limits)
    manifest = opening.member("META-INF/manifest.xml", 2_000_000)
    if b"encryption-data" in manifest:
        raise Encrypted("an ODT with a password: ask the publisher for an open copy")
    root = _parsed(opening, "content.xml")
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise Corrupt("an ODT without a body")
    named = [_parsed(opening, "styles.xml")] if "styles.xml" in opening.members else []
    pages = sections(_Walk(*named, root).blocks(body), "odt", limit=limits.pages)
    return Content(pages, _title(opening))


def _parsed(opening: Opening, name: str) -> Element:
    try:
        with zipfile.ZipFile(opening.path) as archive, archive.open(name) as part:
            root: Element = ElementTree.parse(part, forbid_dtd=True).getroot()
            return root
    except DefusedXmlException as error:
        raise Corrupt("an ODT that declares XML entities, which are not read") from error
    except (ParseError, KeyError, zipfile.BadZipFile, ValueError, EOFError) as error:
        raise Corrupt(f"a damaged ODT ({str(error)[:120]}): fetch it again") from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise Corrupt(f"a damaged ODT ({error}): fetch it again") from error


def _title(opening: Opening) -> str | None:
    if "meta.xml" not in opening.members:
        return None
    found = _parsed(opening, "meta.xml").find(f".//{_TITLE}")
    text = repair(found.text or "").strip() if found is not None else ""
    return text[:400] or None


class _Walk:
    """Goes through a body in order; each block is followed by its notes."""

    def __init__(self, *roots: Element) -> None:
        self._notes = 0
        self._waiting: list[str] = []
        self._numbered: set[str] = set()
        self._breaking: set[str] = set()
        self._titles = {"Title"}
        for root in roots:
            self._learn(root)

    def _learn(self, root: Element) -> None:
        """Remember which styles number their lists, begin a page, or are of the title."""
        for style in root.iter(_TEXT + "list-style"):
            first = next(iter(style), None)
            if first is not None and first.tag == _TEXT + "list-level-style-number":
                self._numbered.add(style.get(_STYLE + "name") or "")
        for style in root.iter(_STYLE + "style"):
            name = style.get(_STYLE + "name") or ""
            if style.get(_STYLE + "parent-style-name") in self._titles:
                self._titles.add(name)
            properties = style.find(_STYLE + "paragraph-properties")
            if properties is not None and properties.get(_BREAK_BEFORE) == "page":
                self._breaking.add(name)

    def blocks(self, body: Element) -> Iterator[Block]:
        for block in self._children(body, 0, ""):
            yield block
            for note in self._waiting:
                yield Block("note", note)
            self._waiting.clear()

    def _children(self, parent: Element, depth: int, prefix: str) -> Iterator[Block]:
        if depth > _DEPTH:
            raise Corrupt("an ODT nested too deeply")
        for child in parent:
            tag = child.tag
            if tag in _SKIPPED:
                continue
            style = child.get(_TEXT + "style-name") or ""
            if style in self._breaking and tag in (_TEXT + "h", _TEXT + "p"):
                yield Block("break", "")
            if tag == _TEXT + "h":
                level = child.get(_TEXT + "outline-level") or "2"
                text = self._line(child)
                yield Block("heading", text, int(level) if level.isdigit() else 2)
            elif tag == _TEXT + "p":
                text = self._line(child)
                if text and style in self._titles:
                    yield Block("heading", text, 1)
                elif text:
                    yield Block("item" if prefix else "paragraph", f"{prefix}{text}")
                    prefix = ""
                yield from self._boxes(child, depth)
            elif tag == _TEXT + "list":
                yield from self._list(child, depth)
            elif tag == _TABLE + "table":
                yield from self._table(child, depth)
            else:
                yield from self._children(child, depth + 1, prefix)

    def _list(self, element: Element, depth: int) -> Iterator[Block]:
        numbered = element.get(_TEXT + "style-name") in self._numbered
        count = 0
        for item in element:
            if item.tag not in (_TEXT + "list-item", _TEXT + "list-header"):
                continue
            count += item.tag == _TEXT + "list-item"
            start = item.get(_TEXT + "start-value") or ""
            count = int(start) if start.isdigit() and len(start) < 7 else count
            prefix = f"{count}. " if numbered else "• "
            yield from self._children(item, depth + 1, prefix)

    def _table(self, element: Element, depth: int) -> Iterator[Block]:
        for row in element.iter(_TABLE + "table-row"):
            cells = [
                " ".join(block.text for block in self._children(cell, depth + 1, ""))
                for cell in row
                if cell.tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell")
            ]
            text = "\t".join(" ".join(cell.split()) for cell in cells).strip()
            if text:
                yield Block("row", text)

    def _boxes(self, paragraph: Element, depth: int) -> Iterator[Block]:
        for frame in paragraph.iter(_DRAW + "text-box"):
            yield from self._children(frame, depth + 1, "")

    def _line(self, element: Element) -> str:
        parts: list[str] = []
        self._inline(element, parts, 0)
        return repair("".join(parts)).strip()

    def _inline(self, element: Any, parts: list[str], depth: int) -> None:
        """Text of a paragraph: newlines of the XML are blanks, tabs and breaks are elements."""
        if depth > _DEPTH:
            raise Corrupt("an ODT nested too deeply")
        parts.append(_blank(element.text))
        for child in element:
            if child.tag == _TEXT + "tab":
                parts.append("\t")
            elif child.tag == _TEXT + "line-break":
                parts.append("\n")
            elif child.tag == _TEXT + "s":
                parts.append(" ")
            elif child.tag == _TEXT + "note":
                parts.append(self._note(child))
            elif child.tag not in _SKIPPED and child.tag != _DRAW + "frame":
                self._inline(child, parts, depth + 1)
            parts.append(_blank(child.tail))

    def _note(self, note: Element) -> str:
        self._notes += 1
        place = self._notes
        body = note.find(_TEXT + "note-body")
        blocks = self._children(body, 1, "") if body is not None else iter(())
        self._waiting.append(f"[{place}] " + " ".join(block.text for block in blocks))
        return f"[{place}]"


def _blank(text: str | None) -> str:
    return (text or "").replace("\n", " ").replace("\t", " ")


FORMAT = Format("odt", MEDIA_TYPE, looks_like, read, rank=20)
