"""ODT and flat ODF: the body walked in order: headings by their outline level, lists, tables as rows, notes; slides are pages.

What is hidden (sections, paragraphs, words by their style, slides) and what was deleted is left out, and the file says so.
Source: OASIS OpenDocument 1.3 part 3, 5.4 (sections), 5.5 (tracked changes), 7.7 (hidden text), 19.880 and 20.332 (display).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from casereviews.repository.reading.colours import WHITE, alike, colour
from casereviews.repository.reading.content import Content, Format, Opening
from casereviews.repository.reading.covered import covered_detail
from casereviews.repository.reading.errors import Corrupt, Encrypted
from casereviews.repository.reading.flow import Block, page_of, sections
from casereviews.repository.reading.formats.printed import as_printed, slides_as_printed
from casereviews.repository.reading.limits import Deadline, Limits
from casereviews.repository.reading.odf_outline import Outline
from casereviews.repository.reading.odf_slides import SlideLayouts
from casereviews.repository.reading.packages import check, root_tag
from casereviews.repository.reading.repair import repair
from casereviews.repository.reading.summary import added

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_KIND = b"opendocument.text"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_SHOW = "{urn:oasis:names:tc:opendocument:xmlns:presentation:1.0}"
_FORMAT = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_BREAK_BEFORE = _FORMAT + "break-before"
_LINK = "{http://www.w3.org/1999/xlink}href"
_OBJECT = "an object in it, such as a spreadsheet, is not read: only a part of it is shown"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_FLAT = _OFFICE + "document"
_CHANGES = _TEXT + "tracked-changes"
_SKIPPED = frozenset(
    {
        _OFFICE + "annotation",
        _TEXT + "sequence-decls",
        _OFFICE + "forms",
        _TEXT + "note-citation",
    }
)
_PAINTED = frozenset(
    (_DRAW + "image", _DRAW + "custom-shape", _DRAW + "page", _STYLE + "background-image")
)
_SHAPES = frozenset(
    _DRAW + name
    for name in ("rect", "custom-shape", "ellipse", "circle", "polygon", "path", "frame")
)
_CELLS = (_TABLE + "table-cell", _TABLE + "covered-table-cell")
_PARAGRAPHS = (_TEXT + "h", _TEXT + "p")
_FURNITURE = frozenset({"footer", "header", "page-number", "date-time"})
_DEPTH = 60
_STYLES = 12


def looks_like(opening: Opening) -> bool:
    return is_odf(opening, _KIND)


def is_odf(opening: Opening, kind: bytes) -> bool:
    """True for a package or a flat file of one kind of OpenDocument (b"opendocument.text").

    The first member of a package is stored plain and names its type (ODF 1.2, part 3, 3.3); some tools leave it out.
    """
    if not opening.head.startswith(b"PK"):
        head = opening.head.lstrip(b"\xef\xbb\xbf \r\n\t")
        return head.startswith(b"<") and root_tag(head) == _FLAT and kind in head
    if "content.xml" not in opening.members:
        return False
    said = opening.member("mimetype", 200)
    return said.startswith(b"application/vnd.oasis." + kind) or (
        not said and kind in opening.member("META-INF/manifest.xml", 20_000)
    )


def read(opening: Opening, limits: Limits, deadline: Deadline) -> Content:
    """Read an ODT as sections of about a page, a presentation as a page a slide."""
    if not opening.head.startswith(b"PK"):
        root = _tree(io.BytesIO(opening.whole()))
        return _content([root], root, opening, limits, deadline)
    check(opening.source, limits)
    manifest = opening.member("META-INF/manifest.xml", 2_000_000)
    if b"encryption-data" in manifest:
        raise Encrypted("an ODT with a password: ask the publisher for an open copy")
    root, *others = (
        _parsed(opening, name)
        for name in ("content.xml", "styles.xml", "meta.xml")
        if name in opening.members
    )
    return _content([*others, root], root, opening, limits, deadline)


def _content(
    roots: list[Element], root: Element, opening: Opening, limits: Limits, deadline: Deadline
) -> Content:
    """The content of a document whose styles and title stand in any of the roots."""
    titles = (
        found for each in roots if (found := each.find(f".//{_OFFICE}meta/{_TITLE}")) is not None
    )
    title = repair(next((each.text or "" for each in titles), "")).strip()[:400] or None
    walk = _Walk(*roots, opening=opening)
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    slides = root.find(f"{_OFFICE}body/{_OFFICE}presentation")
    flat = "" if opening.head.startswith(b"PK") else "f"
    if body is not None:
        pages = sections(walk.blocks(body), "odt", limit=limits.pages)
        content = Content(
            pages, title, detail=walk.told(covered_detail(()) if walk.covered else "")
        )
        if not any(map(walk.may_cover, body.iter())):
            return content
        return as_printed(content, opening, f".{flat}odt", limits, deadline)
    if slides is not None:
        return _Slides(walk, slides, SlideLayouts(roots)).content(
            title, opening, limits, deadline, f".{flat}odp"
        )
    raise Corrupt("an OpenDocument file without a body")


class _Slides:
    """Goes through the slides of a presentation."""

    def __init__(self, walk: _Walk, body: Element, layouts: SlideLayouts) -> None:
        self._walk, self._layouts = walk, layouts
        self._slides = body.findall(_DRAW + "page")
        self._notes: dict[int, str] = {}

    def content(
        self, title: str | None, opening: Opening, limits: Limits, deadline: Deadline, suffix: str
    ) -> Content:
        """A page a slide; `suffix` is the ending that the file's content calls for."""
        walk, pages, covered, shown = self._walk, [], [], []
        may_cover = False
        for number, slide in enumerate(self._slides[: limits.pages], 1):
            walk.covered, blocks = False, []
            if walk.shows(slide):
                shown.append(number)
                walk.unseen, doubtful = self._layouts.unseen(slide)
                may_cover = may_cover or doubtful
                blocks = list(walk.blocks(slide))
                said = (each for each in slide if each.tag == _SHOW + "notes")
                notes = [block.text for each in said for block in walk.named(each, 0)]
                self._notes[number] = "\n\n".join(notes)
            pages.append(page_of(blocks, number, "odp", label=str(number)))
            if walk.covered:
                covered.append(number)
        detail = walk.told(covered_detail(covered) if covered else "")
        content = Content(tuple(pages), title, detail=detail)
        if not may_cover:
            return content
        return slides_as_printed(content, opening, suffix, limits, deadline, shown, self._notes)


def _parsed(opening: Opening, name: str) -> Element:
    try:
        with zipfile.ZipFile(opening.source) as archive, archive.open(name) as part:
            return _tree(part)
    except (KeyError, zipfile.BadZipFile, ValueError, EOFError) as error:
        raise Corrupt(f"a damaged ODT ({str(error)[:120]}): fetch it again") from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise Corrupt(f"a damaged ODT ({error}): fetch it again") from error


def _tree(part: IO[bytes]) -> Element:
    """The tree of a part; a document type without entities is harmless (OpenOffice wrote one)."""
    try:
        root: Element = ElementTree.parse(part, forbid_dtd=False, forbid_entities=True).getroot()
        return root
    except DefusedXmlException as error:
        raise Corrupt("an ODT that declares XML entities, which are not read") from error
    except ParseError as error:
        raise Corrupt(f"an ODT whose XML is not sound ({str(error)[:120]})") from error


class _Walk:
    """Goes through a body in order; each block is followed by its notes."""

    def __init__(self, *roots: Element, opening: Opening) -> None:
        self._opening = opening
        self._not_read = False
        self._notes = 0
        self._waiting: list[str] = []
        self._numbered: set[str] = set()
        self._breaking: set[str] = set()
        self._titles = {"Title"}
        self._hidden: dict[str, bool | None] = {}
        self._white: dict[str, bool | None] = {}
        self._over: dict[str, bool | None] = {}
        self._clear: dict[str, bool | None] = {}
        self._parents: dict[str, str] = {}
        self._outline = Outline()
        self.covered = False
        self.unseen: set[Element] = set()
        plain = not any(map(_paints, roots))
        for root in roots:
            self._learn(root, plain)
            self._outline.learn(root)

    def _learn(self, root: Element, plain: bool) -> None:
        """Remember which styles number their lists, begin a page, are of the title, or hide what has them."""
        for style in root.iter(_TEXT + "list-style"):
            first = next(iter(style), None)
            if first is not None and first.tag == _TEXT + "list-level-style-number":
                self._numbered.add(style.get(_STYLE + "name") or "")
        for style in root.iter(_STYLE + "style"):
            name = style.get(_STYLE + "name") or ""
            if style.get(_STYLE + "parent-style-name") in self._titles:
                self._titles.add(name)
            self._parents[name] = style.get(_STYLE + "parent-style-name") or ""
            self._hidden[name] = self._hidden.get(name) or _hides(style)
            self._white[name] = (
                self._white.get(name)
                or _is_its_own_ground(style)
                or (_is_white(style) if plain else None)
            )
            drawn = style.find(_STYLE + "graphic-properties")
            if drawn is not None:
                self._over[name] = _lies_over(drawn)
                self._clear[name] = _is_clear(drawn)
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
            if tag in _SKIPPED or not self.shows(child):
                continue
            style = child.get(_TEXT + "style-name") or ""
            if style in self._breaking and tag in _PARAGRAPHS:
                yield Block("break", "")
            if tag == _TEXT + "h":
                level = child.get(_TEXT + "outline-level") or "2"
                text = self._line(child)
                text = f"{self._outline.number(child)} {text}".strip() if text else ""
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
            elif tag == _DRAW + "object":
                yield from self._object(child, depth)
            elif child.get(_SHOW + "class") == "title" or tag == _SHOW + "notes":
                yield from self.named(child, depth)
            elif child.get(_SHOW + "class") not in _FURNITURE:
                yield from self._children(child, depth + 1, prefix)

    def named(self, element: Element, depth: int) -> Iterator[Block]:
        """The title of a slide as its heading, and what the speaker meant to say, marked as that."""
        blocks = [each for each in self._children(element, depth + 1, "") if each.text.strip()]
        if element.tag == _SHOW + "notes" and blocks:
            yield Block("paragraph", f"Notes: {blocks[0].text}")
            yield from blocks[1:]
        elif blocks:
            yield Block("heading", " ".join(" ".join(each.text for each in blocks).split()), 2)

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
        for row in self._rows(element):
            cells = [
                " ".join(block.text for block in self._children(cell, depth + 1, ""))
                for cell in row
                if cell.tag in _CELLS
            ]
            text = "\t".join(" ".join(cell.split()) for cell in cells).strip()
            if text:
                yield Block("row", text)

    def _object(self, element: Element, depth: int) -> Iterator[Block]:
        """A chart: its titles, and a row for each of its categories. Of other objects a reader sees a part, and no file says which."""
        chart = element.find(f"*/{_OFFICE}body/{_OFFICE}chart")
        name = f"{(element.get(_LINK) or '').removeprefix('./')}/content.xml"
        if chart is None and name in self._opening.members:
            with suppress(Corrupt):
                chart = _parsed(self._opening, name).find(f"{_OFFICE}body/{_OFFICE}chart")
        self._not_read = self._not_read or chart is None
        if chart is not None:
            yield from self._children(chart, depth + 1, "")

    def told(self, detail: str) -> str:
        """What a reading says, with what was not read."""
        return added(detail, _OBJECT) if self._not_read else detail

    def _rows(self, element: Element) -> Iterator[Element]:
        """The rows of a table and of its groups of rows, without those of tables in its cells."""
        for child in element:
            if child.tag == _TABLE + "table-row":
                if self.shows(child):
                    yield child
            elif child.tag not in _CELLS:
                yield from self._rows(child)

    def _boxes(self, paragraph: Element, depth: int) -> Iterator[Block]:
        """The words of what is drawn in a paragraph, once."""
        for child in paragraph:
            if child.tag in _SKIPPED or not self.shows(child):
                continue
            if child.tag.startswith(_DRAW):
                yield from self._children(child, depth + 1, "")
            else:
                yield from self._boxes(child, depth)

    def shows(self, element: Element) -> bool:
        """False for what is hidden or was deleted; then its words are remembered to be there, never which."""
        tag = element.tag
        hidden = (
            tag == _CHANGES
            or element.get(_TEXT + "is-hidden") == "true"
            or element.get(_TEXT + "display") == "none"
            or element.get(_DRAW + "display") == "none"
            or element.get(_TABLE + "visibility") in ("collapse", "filter")
            or self._hidden_by(element.get(_TEXT + "style-name"))
            or self._hidden_by(element.get(_DRAW + "style-name"))
            or self._hidden_by(element.get(_TABLE + "style-name"))
            or (tag in _PARAGRAPHS and _has_hidden_mark(element))
            or element in self.unseen
        )
        if hidden and not self.covered:
            self.covered = any(text.strip() for text in element.itertext())
        return not hidden

    def may_cover(self, element: Element) -> bool:
        """True for a filled shape or a picture in front of the text, which does not flow around it."""
        style = element.get(_DRAW + "style-name")
        if element.tag not in _SHAPES or not self._said(self._over, style):
            return False
        return element.find(_DRAW + "image") is not None or not self._said(self._clear, style)

    def _hidden_by(self, style: str | None) -> bool:
        """True when a style hides what has it, or makes it white where nothing is painted."""
        return any(self._said(kind, style) for kind in (self._hidden, self._white))

    def _said(self, kind: dict[str, bool | None], style: str | None) -> bool:
        """What a style says, or the nearest of those that it is based on."""
        for _ in range(_STYLES):
            if not style:
                return False
            said = kind.get(style)
            if said is not None:
                return said
            style = self._parents.get(style)
        return False

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
            elif child.tag.startswith(_DRAW) or child.tag in _SKIPPED:
                pass
            elif self.shows(child):
                self._inline(child, parts, depth + 1)
            parts.append(_blank(child.tail))

    def _note(self, note: Element) -> str:
        self._notes += 1
        place = self._notes
        body = note.find(_TEXT + "note-body")
        blocks = self._children(body, 1, "") if body is not None else iter(())
        self._waiting.append(f"[{place}] " + " ".join(block.text for block in blocks))
        return f"[{place}]"


def _has_hidden_mark(paragraph: Element) -> bool:
    """True for a paragraph with a field that hides it."""
    marks = paragraph.iter(_TEXT + "hidden-paragraph")
    return any(each.get(_TEXT + "is-hidden") == "true" for each in marks)


def _hides(style: Element) -> bool | None:
    """Whether a style hides words, paragraphs, tables or slides; None where it does not say."""
    said: bool | None = None
    for properties in style:
        display = properties.get(_TEXT + "display")
        if display is not None:
            said = display == "none"
        if (
            properties.get(_SHOW + "visibility") == "hidden"
            or properties.get(_TABLE + "display") == "false"
        ):
            said = True
    return said


def _lies_over(properties: Element) -> bool | None:
    """Whether a style's shapes lie in front of the text; None where it does not say (ODF 1.3 part 3, 20.401, 20.354)."""
    wrap, through = properties.get(_STYLE + "wrap"), properties.get(_STYLE + "run-through")
    return None if wrap is None else wrap == "run-through" and through != "background"


def _is_clear(properties: Element) -> bool | None:
    """Whether one looks through a style's shapes; None where it does not say."""
    fill, opacity = properties.get(_DRAW + "fill"), properties.get(_DRAW + "opacity")
    if fill is None and opacity is None:
        return None
    return fill == "none" or opacity not in (None, "100%")


def _is_white(style: Element) -> bool | None:
    """Whether the letters of a style are white; None where it does not say."""
    inks = (colour(each.get(_FORMAT + "color")) for each in style)
    return next((alike(ink, WHITE) for ink in inks if ink is not None), None)


def _is_its_own_ground(style: Element) -> bool | None:
    """True for a style with letters and ground of one colour, as a name is blackened; None for any other."""
    inks = [colour(each.get(_FORMAT + "color")) for each in style]
    grounds = [colour(each.get(_FORMAT + "background-color")) for each in style]
    pairs = ((ink, ground) for ink in inks for ground in grounds if ink and ground)
    return True if any(alike(*pair) for pair in pairs) else None


def _paints(root: Element) -> bool:
    """True when a document paints anything on which white words could be seen: pictures, shapes, grounds of words or pages.

    A picture in a line, or one that the text flows around, lies under no words.
    """
    beside = {
        style.get(_STYLE + "name")
        for style in root.iter(_STYLE + "style")
        for drawn in style.iter(_STYLE + "graphic-properties")
        if drawn.get(_STYLE + "wrap") not in (None, "run-through")
    }
    passed = {
        image
        for frame in root.iter(_DRAW + "frame")
        if frame.get(_TEXT + "anchor-type") == "as-char"
        or frame.get(_DRAW + "style-name") in beside
        for image in frame.iter(_DRAW + "image")
    }
    for element in root.iter():
        if element in passed:
            continue
        ground = element.get(_FORMAT + "background-color")
        if colour(ground) not in (None, WHITE) or element.tag in _PAINTED:
            return True
    return False


def _blank(text: str | None) -> str:
    return (text or "").replace("\n", " ").replace("\t", " ")


FORMAT = Format("odt", MEDIA_TYPE, looks_like, read, rank=20)
