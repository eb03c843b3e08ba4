"""HTML pages that are themselves the briefing: what surrounds the text is taken off, headings and tables stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from casereviews.repository.charsets import charset
from casereviews.repository.html_bounds import bounded
from casereviews.repository.model import WebBlock, WebText
from casereviews.repository.reading.content import Content, Format, Opening
from casereviews.repository.reading.covered import covered_detail
from casereviews.repository.reading.errors import Corrupt, NothingInside
from casereviews.repository.reading.flow import Block, sections
from casereviews.repository.reading.formats.text import decode
from casereviews.repository.reading.html_parts import PageParts
from casereviews.repository.reading.limits import Deadline, Limits
from casereviews.repository.reading.repair import repair

MEDIA_TYPE = "text/html"
_OPENING = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?><!--.{0,2000}?-->\s*)*+<(?:!doctype\s+html|html|head|body|article|main|div|h1|p|meta|title)\b",
    re.IGNORECASE | re.DOTALL,
)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{2,20})", re.IGNORECASE)
_HEADINGS = {f"h{level}": level for level in range(1, 7)} | {"summary": 4, "legend": 4, "button": 4}
_BLOCKS = frozenset(
    """
    p div section article main blockquote pre dl dt dd ul ol li table figure figcaption details
    address header body hr center fieldset
    """.split()  # noqa: SIM905 - readable
)
_BOXES = frozenset(
    "div section article aside ul ol dl table td header footer form fieldset center details figure".split()  # noqa: SIM905 - readable
)
_LINKED = 0.6  # of its letters: a block that is a link
_DEPTH = 150
_KEPT, _ENOUGH = 0.6, 400  # a page (of so many letters) that keeps less than this share says so
_BREAK = "\v"  # stands for <br> until a block is complete


def looks_like(opening: Opening) -> bool:
    head = opening.head.lstrip(b"\xef\xbb\xbf")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = decode(head).encode("utf-8", "ignore").lstrip(b"\xef\xbb\xbf")
    return bool(_OPENING.match(head)) or (
        head.lstrip().startswith(b"<") and b"<html" in head.lower()
    )


def read(opening: Opening, limits: Limits, deadline: Deadline) -> Content:
    """Read a page's own text as sections of about a page."""
    page = bounded(_text_of(opening.whole()))
    root = parse(page.text)
    title = _title(root)
    body = _main(root)
    parts = PageParts(root)
    walk = _Walk(parts)
    pages = sections(walk.blocks(body), "html", limit=limits.pages)
    kept, said = sum(len(page.text) for page in pages), _letters(body)
    details = list(page.cut)
    if said >= _ENOUGH and kept < _KEPT * said:
        details.append(
            f"{1 - kept / said:.0%} of the page's letters were left out as no part of its text"
        )
    if parts.hid_text:
        details.append(covered_detail(()))
    status = "partial" if page.cut else "ok"
    web = WebText(tuple(walk.seen), tuple(walk.makes))
    return Content(pages, title, status, detail="; ".join(details), web=web)


def _text_of(data: bytes) -> str:
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", _decoded(data)).replace("\x00", "")


def parse(text: str) -> Any:
    """The tree of a page within bounds; entities of its own are not read."""
    if not text.strip():
        raise NothingInside("a page without content")
    parser = lxml_html.HTMLParser(
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = lxml_html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Corrupt(f"a page that cannot be parsed ({str(error)[:120]})") from error
    if root is None:
        raise NothingInside("a page without content")
    return root


def _decoded(data: bytes) -> str:
    declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        name = charset(declared.group(1).decode("ascii", "ignore"))
        if name is not None:
            with suppress(UnicodeError):
                return data.decode(name)
    return decode(data)


def _title(root: Any) -> str | None:
    for path in (".//meta[@property='og:title']/@content", ".//title/text()", ".//h1//text()"):
        found = " ".join(" ".join(map(str, root.xpath(path))).split())
        if found:
            return repair(found)[:400]
    return None


def _main(root: Any) -> Any:
    """The element that holds the page's own text: <main>, a lone <article>, or the body."""
    body = root.find("body") if root.find("body") is not None else root
    for path in (
        ".//main",
        ".//*[@role='main']",
        ".//article",
        ".//*[@id='content' or @id='main-content' or @id='main']",
    ):
        found = body.xpath(path)
        if found:
            best = max(found, key=_letters)
            if _letters(best) >= 200 and _letters(best) >= 0.3 * _letters(body):
                return best
    return body


def _letters(element: Any) -> int:
    """How much text an element has, without what never counts."""
    # Not ".//text()": libxml2 merges what it finds below each element, at the square of their number.
    texts = element.xpath(
        "descendant::text()[not(ancestor::script or ancestor::style or ancestor::nav or ancestor::noscript)]"
    )
    return sum(len(text.strip()) for text in texts)


class _Walk:
    """Goes through an element in order and gives its blocks; `seen` has them with the elements (`makes`) that they stand in."""

    def __init__(self, parts: PageParts) -> None:
        self._parts = parts
        self._inline: list[str] = []
        self._prefix = ""
        self._boxes: list[int] = []
        self._links = self._linked = 0
        self.seen: list[WebBlock] = []
        self.makes: list[str] = []

    def blocks(self, element: Any) -> Iterator[Block]:
        for block in self._element(element, 0, top=True):
            yield self._noted(block)
        for block in self._flush("paragraph"):
            yield self._noted(block)

    def _noted(self, block: Block) -> Block:
        linked = block.kind != "heading" and self._linked > _LINKED * len(block.text)
        boxes = tuple(self._boxes)
        self.seen.append(WebBlock(block.kind, block.text, block.level, boxes, linked))
        self._linked = 0
        return block

    def _say(self, text: str | None) -> None:
        if text:
            self._inline.append(text)
            if self._links:
                self._linked += len(text.strip())

    def _element(self, element: Any, depth: int, *, top: bool = False) -> Iterator[Block]:
        """The blocks of an element; what stood before it and is no block yet ends where a part of the page begins."""
        tag = element.tag
        if not isinstance(tag, str) or (not top and self._parts.is_left_out(element)):
            return
        if depth > _DEPTH:
            self._inline.extend(self._words(element))
            return
        if tag in _BOXES and not top:
            if tag in _BLOCKS:
                yield from self._flush("paragraph")
            self._boxes.append(len(self.makes))
            self.makes.append(_make(element))
            yield from self._inside(element, depth)
            self._boxes.pop()
            return
        self._links += tag == "a"
        yield from self._inside(element, depth)
        self._links -= tag == "a"

    def _inside(self, element: Any, depth: int) -> Iterator[Block]:
        tag = element.tag
        if tag in _HEADINGS:
            yield from self._flush("paragraph")
            text = _clean("".join(self._words(element)))
            if text:
                yield Block("heading", text, _HEADINGS[tag])
            return
        if tag == "table" and _is_data(element):
            yield from self._flush("paragraph")
            yield from self._rows(element)
            return
        block = tag in _BLOCKS
        kind = "item" if tag == "li" else "paragraph"
        if block:
            yield from self._flush("paragraph")
        if tag == "li":
            self._prefix = _mark(element)
        self._say(element.text)
        if tag == "br":
            self._inline.append(_BREAK)
        for child in element:
            nested = isinstance(child.tag, str) and child.tag in ("ul", "ol", "p", "div")
            if nested and tag == "li":
                yield from self._flush("item")
            yield from self._element(child, depth + 1)
            self._say(child.tail)
        if block:
            yield from self._flush(kind)

    def _rows(self, table: Any) -> Iterator[Block]:
        for caption in table.iterchildren("caption"):
            yield Block("paragraph", _clean("".join(self._words(caption))))
        for row in table.iter("tr"):
            if self._parts.is_unseen(row):
                continue
            cells = [
                _clean(" ".join(self._words(cell))) for cell in row if cell.tag in ("td", "th")
            ]
            text = "\t".join(cells).strip()
            if text:
                yield Block("row", text)

    def _words(self, element: Any) -> Iterator[str]:
        """The texts of an element, in order, without those of what nobody sees."""
        passed = None
        for event, each in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
            if event == "start":
                if passed is None and self._parts.is_unseen(each):
                    passed = each
                text = each.text
            else:
                passed = None if passed is each and event == "end" else passed
                text = each.tail if each is not element else None
            if passed is None and text:
                yield text

    def _flush(self, kind: str) -> Iterator[Block]:
        text = _clean("".join(self._inline))
        self._inline.clear()
        if text:
            prefix, self._prefix = self._prefix, ""
            yield Block("item" if prefix else kind, f"{prefix}{text}")


def _make(element: Any) -> str:
    """The tag and the classes of an element, without the numbers that make each one's own."""
    names = " ".join((element.get("class") or "").split())[:200]
    return re.sub(r"\d+", "", f"{element.tag} {names}").strip()


def _mark(element: Any) -> str:
    parent = element.getparent()
    if parent is not None and parent.tag == "ol":
        place = sum(1 for each in element.itersiblings("li", preceding=True)) + 1
        start = parent.get("start", "1")
        first = int(start) if start.isascii() and start.isdigit() and len(start) < 5 else 1
        return f"{place + first - 1}. "
    return "• "


def _is_data(table: Any) -> bool:
    """A table with cells side by side; a layout table of one cell a row is walked as blocks."""
    return any(len(row.xpath("./td|./th")) > 1 for row in table.iter("tr"))


def _clean(text: str) -> str:
    """Newlines of the source are blanks; only <br> breaks a line."""
    rows = (" ".join(row.split()) for row in text.split(_BREAK))
    return repair("\n".join(rows)).strip()


FORMAT = Format("html", MEDIA_TYPE, looks_like, read, rank=40)
