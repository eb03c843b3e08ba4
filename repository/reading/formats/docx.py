"""DOCX and its kin straight from the XML: paragraphs, headings, lists with their numbers, tables as rows, boxes, diagrams, notes.

Documents with macros, templates, the Strict vocabulary, one flat XML file and Word 2003's XML are all the same to it. Words that
Word does not show or that were deleted are left out, and the file says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from lxml import etree

from casereviews.repository.model import Page
from casereviews.repository.reading.colours import colour
from casereviews.repository.reading.content import Content, Format, Opening
from casereviews.repository.reading.covered import covered_detail, covered_pages
from casereviews.repository.reading.drawing import A, R, is_hidden, paragraphs
from casereviews.repository.reading.errors import Corrupt, UnreadableFile
from casereviews.repository.reading.flow import Block, sections
from casereviews.repository.reading.formats import html, mhtml, rtf, text
from casereviews.repository.reading.formats.printed import as_printed
from casereviews.repository.reading.graphics import Graphics
from casereviews.repository.reading.limits import Deadline, Limits
from casereviews.repository.reading.numbering import Numbering, W, value
from casereviews.repository.reading.packages import (
    Package,
    check,
    flat_package,
    office_kind,
    opened,
    parsed,
    root_tag,
)
from casereviews.repository.reading.repair import repair
from casereviews.repository.reading.summary import added
from casereviews.repository.reading.word_formatting import (
    PAINTED,
    PLAIN,
    Formatting,
    Letters,
    Under,
    cell_places,
    shading,
)

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_FLAT = "{http://schemas.microsoft.com/office/2006/xmlPackage}package"
_WORD_2003 = "http://schemas.microsoft.com/office/word/2003/wordml"
_CHANGE = "{http://schemas.microsoft.com/aml/2001/core}annotation"
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_TITLE_2003 = "{0}DocumentProperties/{0}Title".format("{urn:schemas-microsoft-com:office:office}")
_VML = "{urn:schemas-microsoft-com:vml}"
_PLACED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_ANCHOR = _PLACED + "anchor"
_FLOWS = frozenset(_PLACED + name for name in ("wrapSquare", "wrapTight", "wrapTopAndBottom"))
_OLD_SHAPES = frozenset(_VML + name for name in ("rect", "roundrect", "oval", "shape", "polyline"))
_OLD_WRAP = "{urn:schemas-microsoft-com:office:word}wrap"
_OF_LETTERS = frozenset(A + name for name in ("rPr", "defRPr", "endParaRPr"))
_THICK = 50_800  # four points in English Metric Units
_PARAGRAPH, _TABLE, _ROW, _CELL, _RUN = W + "p", W + "tbl", W + "tr", W + "tc", W + "r"
_GONE = frozenset({W + "del", W + "moveFrom"})
_PROPERTIES = frozenset(
    W + name
    for name in ("pPr", "rPr", "sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr", "tabs")
)
_CODE = W + "instrText"
_SKIPPED = _PROPERTIES | {_CODE, W + "delText", W + "delInstrText"}
_DRAWN = frozenset({W + "drawing", W + "pict", W + "object"})
_BOX = W + "txbxContent"
_NOTES = frozenset({W + "footnoteReference", W + "endnoteReference"})
_NOTES_2003 = frozenset({W + "footnote", W + "endnote"})
_BREAKS = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}
_PARAGRAPH_PROPERTIES, _FIELD = W + "pPr", W + "fldChar"
_RUN_PROPERTIES, _CELL_PROPERTIES, _PARAGRAPH_STYLE = W + "rPr", W + "tcPr", W + "pStyle"
_FRAME, _BREAK_BEFORE, _CHUNK = W + "framePr", W + "pageBreakBefore", W + "altChunk"
_BREAK, _TYPE = W + "br", W + "type"
# Parts of a table's style: name, bit in the old number, whether the mark says that they are not shown.
_LOOKS = (
    ("firstRow", 0x20, False), ("lastRow", 0x40, False), ("firstColumn", 0x80, False),
    ("lastColumn", 0x100, False), ("hBand", 0x200, True), ("vBand", 0x400, True),
)  # fmt: skip
_LETTERS = frozenset({W + "t", _MATHS})
_SHOWN = _LETTERS | _NOTES | _NOTES_2003 | _BREAKS.keys() | {W + "sym"}
_BUTTON = re.compile(r"\s*(?:MACRO|GOTO)BUTTON\s+\S+\s(.*)", re.IGNORECASE | re.DOTALL)
_DEPTH = 40
_INSIDE = 3  # files within files within files are read, deeper ones not
_FEED = "\ue00c"  # stands for a page break while text is repaired


def looks_like(opening: Opening) -> bool:
    if opening.head.startswith(b"PK"):
        return office_kind(opening) == "document"
    tag = _xml_root(opening)
    # A flat package may hold a presentation, whose first part's name stands within the opening.
    return tag == f"{{{_WORD_2003}}}wordDocument" or (
        tag == _FLAT and b"ppt/presentation" not in opening.head
    )


def _xml_root(opening: Opening) -> str:
    head = opening.head.lstrip(b"\xef\xbb\xbf \r\n\t")
    return root_tag(head) if head.startswith((b"<", b"\xff\xfe", b"\xfe\xff")) else ""


def read(opening: Opening, limits: Limits, deadline: Deadline) -> Content:
    """Read a DOCX as sections of about a page."""
    return read_docx(opening, limits, deadline, "docx")


def read_docx(opening: Opening, limits: Limits, deadline: Deadline, method: str) -> Content:
    """The content of a Word file; `method` is what its pages say (a converted DOC says doc)."""
    if opening.head.startswith(b"PK"):
        check(opening.source, limits)
        with opened(opening.source) as package:
            walk = _Walk(package, opening, limits, deadline)
            content = walk.content(method)
    else:
        root = parsed(opening.whole(), "document")
        package = flat_package(root) if root.tag == _FLAT else _word_2003(root)
        walk = _Walk(package, opening, limits, deadline)
        content = walk.content(method)
    if walk.may_cover:
        suffix = ".docx" if opening.head.startswith(b"PK") else ".xml"
        return as_printed(content, opening, suffix, limits, deadline)
    return content


def _word_2003(root: Any) -> Package:
    """Word 2003's XML has the elements of today under another name, all in one file."""
    today = etree.tostring(root).replace(_WORD_2003.encode(), W.strip("{}").encode())
    return Package({"word/document.xml": lambda: today})


class _Walk:
    """Goes through a document's body in order."""

    def __init__(
        self, package: Package, opening: Opening, limits: Limits, deadline: Deadline
    ) -> None:
        self._package, self._opening = package, opening
        self._limits, self._deadline = limits, deadline
        self._part = package.main or ""
        root = package.root(self._part)
        if root is None:
            raise Corrupt("a Word file without its main part")
        self._root: Any = root
        styles = self._related("styles")
        styles = self._root.find(W + "styles") if styles is None else styles
        self._floating = [*root.iter(_ANCHOR, f"{_VML}*")]
        self.may_cover = any(map(_may_cover, self._floating))
        self._numbering = Numbering(styles, self._related("numbering"))
        self._formatting = Formatting(styles)
        self._graphics = Graphics(package)
        self._notes = 0
        self._waiting: list[str] = []
        self._carried = ""
        self._covered = False

    def _related(self, kind: str) -> Any | None:
        return self._package.root(self._package.first(self._part, kind))

    def content(self, method: str) -> Content:
        """All that is seen, with the title, and what is said of the rest."""
        body = self._root.find(W + "body")
        pages = sections(self.blocks(body), method, limit=self._limits.pages)
        title = self._package.title or self._root.findtext(_TITLE_2003) or ""
        lost = dict.fromkeys(self._graphics.lost)
        detail = covered_detail(()) if self._covered else ""
        for each in lost:
            detail = added(detail, f"{each} in it could not be read")
        return Content(
            pages, repair(title).strip()[:400] or None, "partial" if lost else "ok", detail
        )

    def blocks(self, body: Any | None) -> Iterator[Block]:
        """All blocks, each with its notes after it."""
        page = Letters(ground=self._page_ground)
        for block in self._children(body, 0, page) if body is not None else ():
            yield block
            for note in self._waiting:
                yield Block("note", note)
            self._waiting.clear()

    def _children(self, parent: Any, depth: int, around: Letters) -> Iterator[Block]:
        """Blocks of all that stands in an element; `around` is what it gives to letters (see `Formatting.under`)."""
        if depth > _DEPTH:
            raise Corrupt("a DOCX nested too deeply")
        for child in parent:
            tag = child.tag
            if tag == _PARAGRAPH:
                yield from self._paragraph(child, depth, around)
            elif tag == _TABLE:
                yield from self._table(child, depth, around)
            elif tag == _CHUNK:
                yield from self._chunk(child)
            elif self._is_gone(child):
                self._cover(child)
            elif tag not in _SKIPPED:
                yield from self._children(child, depth + 1, around)
        if self._carried:  # nothing came that it could go on in
            yield Block("paragraph", repair(self._carried.replace(_FEED, " ")).strip())
            self._carried = ""

    def _paragraph(self, element: Any, depth: int, around: Letters) -> Iterator[Block]:
        properties = _properties_of(element)
        if _page_break_before(properties):
            yield Block("break", "")
        if element in self._on_pictures:
            around = replace(around, ground=PAINTED)
        words, drawn = self._text(element, self._formatting.under(properties, around))
        words = self._carried + words
        self._carried, carried = "", ""
        if _goes_on(properties):
            words, carried = "", words
        for index, piece in enumerate(repair(words).split(_FEED)):
            if index:
                yield Block("break", "")
            if text := piece.strip():
                yield self._line(element, properties, text)
        for each in drawn:
            yield from self._drawing(each, depth)
        self._carried = carried

    def _line(self, element: Any, properties: Mapping[str, Any], text: str) -> Block:
        style = self._numbering.style_name(value(properties.get(_PARAGRAPH_STYLE)))
        number = self._numbering.number(properties)
        level = _level(style)
        whole = f"{number} {text}" if number else text
        if level is not None and len(text) < 300:
            return Block("heading", " ".join(whole.split()), level)
        if _bold_line(element, text):
            return Block("heading", whole, 4)
        return Block("item" if number else "paragraph", whole)

    def _table(self, element: Any, depth: int, around: Letters) -> Iterator[Block]:
        properties = element.find(W + "tblPr")
        style = value(properties.find(W + "tblStyle")) if properties is not None else None
        styled = self._formatting.table(style)
        within = _under(properties, styled.within(around, ()))
        rows = [*self._kept(element, _ROW)]
        for number, row in enumerate(rows):
            cells = [*self._kept(row, _CELL)]
            looks = [within] * len(cells)
            if styled.parts:
                shown = _shown_parts(properties)
                places = (
                    cell_places(shown, number, len(rows), at, len(cells))
                    for at in range(len(cells))
                )
                looks = [_under(properties, styled.within(around, each)) for each in places]
            texts = [
                " ".join(
                    block.text
                    for block in self._children(
                        cell, depth + 1, _under(cell.find(_CELL_PROPERTIES), look)
                    )
                )
                for cell, look in zip(cells, looks, strict=True)
            ]
            text = "\t".join(" ".join(each.split()) for each in texts).strip()
            if text:
                yield Block("row", text)

    def _kept(self, parent: Any, tag: str) -> Iterator[Any]:
        """The rows of a table or the cells of a row, in whatever wraps them, without deleted ones."""
        for child in parent:
            if self._is_gone(child):
                self._cover(child)
            elif child.tag == tag:
                yield child
            elif child.tag not in _SKIPPED:
                yield from self._kept(child, tag)

    def _text(self, element: Any, under: Under) -> tuple[str, list[Any]]:
        """What is seen of a paragraph's text, and what is drawn in it (boxes, diagrams, charts)."""
        parts: list[str] = []
        drawn: list[Any] = []
        # Of each open field: whether its result has begun, which alone is shown.
        fields: list[bool] = []
        codes: list[str] = []
        unseen = self._formatting.unseen
        stack = element[::-1]
        while stack:
            node = stack.pop()
            tag = node.tag
            if tag == _RUN:
                inner = node[::-1]
                properties = None
                if inner and inner[-1].tag == _RUN_PROPERTIES:  # they come first
                    properties = inner.pop()
                elif len(inner) > 1:
                    properties = node.find(_RUN_PROPERTIES)
                if under.unseen if properties is None else unseen(node, properties, under):
                    self._cover(node)
                else:
                    stack += inner
            elif tag in _SHOWN:
                if all(fields):
                    parts.append((node.text or "") if tag in _LETTERS else self._shown(node))
            elif tag in _SKIPPED:
                if tag == _CODE:
                    codes.append(node.text or "")
            elif tag in _DRAWN:
                if all(fields):
                    drawn.append(node)
            elif tag == _FIELD:
                parts.extend(map(_form_field, node.iterchildren(W + "ffData")))
                if fields and not fields[-1] and all(fields[:-1]):
                    parts.append(_button("".join(codes)))
                codes.clear()
                _follow(fields, node.get(W + "fldCharType"))
            elif self._is_gone(node):
                self._cover(node)
            else:
                stack += node[::-1]
        return "".join(parts), drawn

    def _shown(self, node: Any) -> str:
        """The letters that an element of a run stands for, but those that it holds."""
        tag = node.tag
        if tag in _BREAKS:
            return _FEED if node.get(_TYPE) == "page" and tag == _BREAK else _BREAKS[tag]
        if tag in _NOTES:
            return self._note(self._note_texts.get((tag, node.get(W + "id")), ""))
        return self._note(self._words(node)) if tag in _NOTES_2003 else _symbol(node)

    def _drawing(self, element: Any, depth: int) -> Iterator[Block]:
        """The words of what is drawn, unless the author hid it."""
        for child in element:
            shown = self._graphics.blocks(child, self._part)
            if shown is not None:
                yield from shown
            elif is_hidden(child):
                self._cover(child)
            elif child.tag == _BOX:
                yield from self._children(child, depth + 1, Letters(ground=_box_ground(child)))
            elif child.tag == A + "txBody":
                yield from (Block("paragraph", each) for each in paragraphs(child))
            elif child.tag == _VML + "textpath":
                yield Block("paragraph", repair(child.get("string") or ""))
            else:
                yield from self._drawing(child, depth)

    def _chunk(self, element: Any) -> Iterator[Block]:
        """A file that Word would merge in here when it opens the document (altChunk): HTML, RTF, MHTML, text or DOCX."""
        relation = self._package.related(self._part).get(element.get(R + "id") or "")
        data = None if relation is None else self._package.part(relation.target)
        inner = self._opening.inside(data or b"")
        kinds = (FORMAT, mhtml.FORMAT, rtf.FORMAT, html.FORMAT, text.FORMAT)
        kind = next((each for each in kinds if data and each.looks_like(inner)), None)
        try:
            if kind is None or inner.depth > _INSIDE:
                raise Corrupt("no file that can be read")
            content = kind.read(inner, self._limits, self._deadline)
        except UnreadableFile:
            self._graphics.lost.append("a file")
            return
        self._covered = self._covered or covered_pages(content.detail) is not None
        for page in content.pages:
            yield from _blocks_of(page)

    def _is_gone(self, node: Any) -> bool:
        """True for deleted or moved words, rows and cells."""
        if node.tag in _GONE:
            return True
        if node.tag == _ROW:
            return node.find(f"{W}trPr/{W}del") is not None
        if node.tag == _CELL:
            return node.find(f"{W}tcPr/{W}cellDel") is not None
        return bool(node.tag == _CHANGE and node.get(_TYPE) == "Word.Deletion")

    def _cover(self, node: Any) -> None:
        """Remember that there are words which are not seen; never which."""
        if not self._covered:
            texts = node.iter(W + "t", W + "delText", A + "t")
            self._covered = any((each.text or "").strip() for each in texts)

    def _words(self, parent: Any) -> str:
        """All that is seen of the paragraphs in an element, in one line."""
        texts = (
            self._text(each, self._formatting.under(_properties_of(each), PLAIN))[0]
            for each in parent.iter(_PARAGRAPH)
        )
        return " ".join(repair("".join(each.split(_FEED))).strip() for each in texts).strip()

    def _note(self, text: str) -> str:
        if not text:
            return ""
        self._notes += 1
        self._waiting.append(f"[{self._notes}] {text}")
        return f"[{self._notes}]"

    @cached_property
    def _note_texts(self) -> dict[tuple[str, str | None], str]:
        """Texts of footnotes and endnotes by the tag that refers to them and their ids."""
        found: dict[tuple[str, str | None], str] = {}
        for kind in ("footnote", "endnote"):
            root = self._related(f"{kind}s")
            for note in root if root is not None else ():
                found[(f"{W}{kind}Reference", note.get(W + "id"))] = self._words(note)
        return found

    @cached_property
    def _page_ground(self) -> str | None:
        """What lies under every page: a colour, PAINTED when a picture in the header does."""
        background = self._root.find(W + "background")
        if background is not None:
            return colour(background.get(W + "color")) or PAINTED
        headers = (
            self._package.root(each.target)
            for each in self._package.related(self._part).values()
            if each.kind == "header"
        )
        return PAINTED if any(map(_has_backdrop, headers)) else None

    @cached_property
    def _on_pictures(self) -> frozenset[Any]:
        """Paragraphs between page breaks that have a drawing behind the text among them: its colours cannot be told."""
        if not (self._floating and _has_backdrop(self._root)):
            return frozenset()
        found: set[Any] = set()
        page: list[Any] = []
        behind = False
        for paragraph in self._root.iter(_PARAGRAPH):
            if _page_break_before(_properties_of(paragraph)):
                found.update(page if behind else ())
                page, behind = [], False
            page.append(paragraph)
            behind = behind or _has_backdrop(paragraph)
            if any(each.get(W + "type") == "page" for each in paragraph.iter(W + "br")):
                found.update(page if behind else ())
                page, behind = [paragraph], False
        found.update(page if behind else ())
        return frozenset(found)


def _properties_of(paragraph: Any) -> dict[str, Any]:
    """A paragraph's properties by their tags."""
    properties = paragraph[0] if len(paragraph) else None
    if properties is None or properties.tag != _PARAGRAPH_PROPERTIES:
        properties = paragraph.find(_PARAGRAPH_PROPERTIES)
    return {} if properties is None else {each.tag: each for each in reversed(properties)}


def _under(properties: Any | None, around: Letters) -> Letters:
    """What a table or a cell gives to letters: its own ground."""
    own = shading(properties)
    return around if own is None else replace(around, ground=own)


def _shown_parts(properties: Any | None) -> dict[str, bool]:
    """Which parts of its style a table shows (w:tblLook, ECMA-376 part 1, 17.4.55: by names, or the bits of a number)."""
    look = None if properties is None else properties.find(W + "tblLook")
    said = {} if look is None else dict(look.attrib)
    number = said.get(W + "val") or ""
    bits = int(number, 16) if re.fullmatch("[0-9A-Fa-f]{1,4}", number) else 0
    shown: dict[str, bool] = {}
    for name, bit, off in _LOOKS:
        told = said.get(W + (f"no{name.upper()[0]}{name[1:]}" if off else name))
        on = bool(bits & bit) if told is None else told in ("1", "true", "on")
        shown[name] = on != off
    return shown


def _has_backdrop(element: Any | None) -> bool:
    """True when something painted lies behind the text, which does not flow around it."""
    if element is None:
        return False
    for anchor in element.iter(_ANCHOR):
        behind = anchor.get("behindDoc") in ("1", "true")
        if behind and not any(child.tag in _FLOWS for child in anchor) and _is_painted(anchor):
            return True
    return any("z-index:-" in (each.get("style") or "") for each in element.iter(f"{_VML}*"))


def _may_cover(shape: Any) -> bool:
    """True for something opaque that floats in front of the text, which does not flow around it."""
    if is_hidden(shape):
        return False
    if shape.tag == _ANCHOR:
        behind = shape.get("behindDoc") in ("1", "true")
        return not behind and not any(child.tag in _FLOWS for child in shape) and _is_opaque(shape)
    if shape.tag not in _OLD_SHAPES or any(
        each.get("type") not in (None, "none") for each in shape.iterchildren(_OLD_WRAP)
    ):
        return False
    style = "".join((shape.get("style") or "").split())
    floats = "position:absolute" in style and "z-index:-" not in style
    return floats and shape.get("filled") not in ("f", "false")


def _is_opaque(anchor: Any) -> bool:
    """True where nothing shines through what an anchor holds: a picture, a filled shape, a line as thick as a word is high."""
    if next(anchor.iter(A + "blip"), None) is not None:
        return True
    for fill in anchor.iter(A + "solidFill", A + "gradFill", A + "pattFill"):
        shape, clear = fill.getparent(), fill.find(f".//{A}alpha")
        wide = shape.get("w") or ""
        thick = shape.tag != A + "ln" or (wide.isdecimal() and int(wide[:9]) >= _THICK)
        if (
            thick
            and shape.tag not in _OF_LETTERS
            and (clear is None or clear.get("val") == "100000")
        ):
            return True
    return any(each.get("idx") not in (None, "0") for each in anchor.iter(A + "fillRef")) and (
        next(anchor.iter(A + "noFill"), None) is None
    )


def _is_painted(anchor: Any) -> bool:
    """True for a picture, a gradient or a pattern, and for a shape with a fill of its own or of the theme."""
    if next(anchor.iter(A + "blip", A + "gradFill", A + "pattFill"), None) is not None:
        return True
    if any(each.find(A + "solidFill") is not None for each in anchor.iter("{*}spPr")):
        return True
    return any(each.get("idx") != "0" for each in anchor.iter(A + "fillRef"))


def _box_ground(box: Any) -> str:
    """The plain fill of the shape that a text box is in; PAINTED where it has none of its own."""
    shape = box.getparent().getparent()
    fill = None if shape is None else shape.find(f"{{*}}spPr/{A}solidFill/{A}srgbClr")
    return PAINTED if fill is None or len(fill) else colour(fill.get("val")) or PAINTED


def _goes_on(properties: Mapping[str, Any]) -> bool:
    """True when a paragraph's words go on in the next one: its end was deleted or moved away, or it is one large capital."""
    frame, end = properties.get(_FRAME), properties.get(_RUN_PROPERTIES)
    if frame is not None and frame.get(W + "dropCap") in ("drop", "margin"):
        return True
    return end is not None and any(each.tag in _GONE for each in end)


def _follow(fields: list[bool], kind: str | None) -> None:
    """Go on with the fields that are open: "begin", "separate" (code from result), "end" (ECMA-376 part 1, 17.16.18)."""
    if kind == "begin":
        fields.append(False)
    elif fields and kind == "separate":
        fields[-1] = True
    elif fields and kind == "end":
        fields.pop()


def _button(code: str) -> str:
    """What Word shows of a field whose words stand in its code ("MACROBUTTON NoMacro Click and type", 17.16.5.36); "" for others."""
    found = _BUTTON.match(code)
    return found.group(1) if found else ""


def _symbol(node: Any) -> str:
    """A letter of a symbol font; "" for those that have no counterpart."""
    code = node.get(W + "char") or ""
    try:
        shown = repair(chr(int(code, 16)))
    except (ValueError, OverflowError):
        return ""
    return "" if "\ue000" <= shown <= "\uf8ff" else shown


def _form_field(node: Any) -> str:
    """What an old form field shows that is not in its text: the choice of a list, a tick."""
    box, choices = node.find(W + "checkBox"), node.find(W + "ddList")
    if box is not None:
        mark = box.find(W + "checked")
        mark = box.find(W + "default") if mark is None else mark
        return "☐" if mark is None or value(mark) in ("0", "false") else "☒"
    if choices is None:
        return ""
    entries = [value(each) or "" for each in choices.iterchildren(W + "listEntry")]
    chosen = value(choices.find(W + "result")) or value(choices.find(W + "default")) or "0"
    return entries[int(chosen)] if chosen.isdigit() and int(chosen) < len(entries) else ""


def _blocks_of(page: Page) -> Iterator[Block]:
    """The blocks that a page was put together from: its headings and what stands between."""
    start = 0
    for heading in page.headings:
        yield Block("paragraph", page.text[start : heading.start])
        yield Block("heading", heading.text, heading.level)
        start = heading.start + len(heading.text)
    yield Block("paragraph", page.text[start:])


def _page_break_before(properties: Mapping[str, Any]) -> bool:
    mark = properties.get(_BREAK_BEFORE)
    return mark is not None and mark.get(W + "val") not in ("0", "false")


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
    runs = [run for run in element.iterchildren(_RUN) if any(t.text for t in run.iter(W + "t"))]
    return bool(runs) and all(_is_bold(run) for run in runs)


def _is_bold(run: Any) -> bool:
    properties = run.find(W + "rPr")
    bold = properties.find(W + "b") if properties is not None else None
    return bold is not None and bold.get(W + "val") not in ("0", "false")


FORMAT = Format("docx", MEDIA_TYPE, looks_like, read, rank=20)
