"""Formats without pages of their own (DOCX, HTML, text...): a flow of blocks cut into stable sections of about a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from casereviews.repository.model import Heading, Page

# An A4 page of a report holds about 500 words. A section ends at the first heading after SOFT characters, and before
# the block that would take it past FULL. Headings bring later sections back to the same cuts after a change.
SOFT = 2200
FULL = 3200


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a flow: `kind` is heading, paragraph, item, row, note, or break (of a page, without text).

    `level` counts for headings only.
    """

    kind: str
    text: str
    level: int = 2


class TextBuilder:
    """Puts blocks together to the text of one page and remembers where its headings are."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._headings: list[Heading] = []
        self._last = ""
        self.length = 0

    def add(self, block: Block) -> None:
        """Append one block: items and rows follow each other by a line, all else by an empty line."""
        text = block.text.strip()
        if not text:
            return
        if self._parts:
            close = block.kind == self._last and block.kind in ("item", "row")
            separator = "\n" if close else "\n\n"
            self._parts.append(separator)
            self.length += len(separator)
        if block.kind == "heading":
            self._headings.append(Heading(self.length, text, min(max(block.level, 1), 6)))
        self._parts.append(text)
        self.length += len(text)
        self._last = block.kind

    @property
    def text(self) -> str:
        return "".join(self._parts)

    @property
    def headings(self) -> tuple[Heading, ...]:
        return tuple(self._headings)


def page_of(blocks: Iterable[Block], number: int, method: str, *, label: str | None = None) -> Page:
    """One page from the blocks on it."""
    builder = TextBuilder()
    for block in blocks:
        builder.add(block)
    status = "ok" if builder.length else "empty"
    return Page(
        number, builder.text, label=label, method=method, status=status, headings=builder.headings
    )


def sections(blocks: Iterable[Block], method: str, *, limit: int) -> tuple[Page, ...]:
    """Cut a flow into sections of about a page, at most `limit` of them; a page break always begins one.

    Notes stand at the end of the section that they are made in, as at the foot of a page.
    """
    cutter = _Cutter(method)
    for block in blocks:
        if block.kind == "break":
            cutter.close()
        elif block.kind == "note":
            cutter.notes.append(Block("paragraph", block.text))
        else:
            for piece in _pieces(block):
                cutter.add(piece)
        if len(cutter.pages) >= limit:
            return tuple(cutter.pages[:limit])
    cutter.close()
    return tuple(cutter.pages)


class _Cutter:
    """Holds the blocks of a section until it is full."""

    def __init__(self, method: str) -> None:
        self.pages: list[Page] = []
        self.notes: list[Block] = []
        self._method = method
        self._held: list[Block] = []
        self._length = 0

    def add(self, piece: Block) -> None:
        full = self._length + len(piece.text) > FULL
        if self._held and (full or (piece.kind == "heading" and self._length > SOFT)):
            carried = _trailing_headings(self._held)
            self.close()
            self._held = carried
            self._length = sum(len(each.text) for each in carried)
        self._held.append(piece)
        self._length += len(piece.text)

    def close(self) -> None:
        blocks = [*self._held, *self.notes]
        if any(block.text.strip() for block in blocks):
            self.pages.append(page_of(blocks, len(self.pages) + 1, self._method))
        self._held, self.notes, self._length = [], [], 0


def _trailing_headings(held: list[Block]) -> list[Block]:
    """Take headings that would end a section off it: they belong to what follows."""
    carried: list[Block] = []
    while len(held) > 1 and held[-1].kind == "heading":
        carried.insert(0, held.pop())
    return carried


def _pieces(block: Block) -> Iterable[Block]:
    """A block longer than a section is cut at a blank."""
    text = block.text
    while len(text) > FULL:
        cut = text.rfind(" ", SOFT, FULL)
        cut = cut if cut > 0 else FULL
        yield Block(block.kind, text[:cut], block.level)
        text = text[cut:].lstrip()
    yield Block(block.kind, text, block.level)
