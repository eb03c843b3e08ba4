"""The picture of one page of a kept PDF, and where in it words of the page's text stand: for readers, not for reading.

Runs in a child with limits (`pictures`). What is drawn is what a reader of the file sees; what redactions mark is black, and letters
that are not seen have no place. A scan's words stand in the lines that recognition found.
"""

from __future__ import annotations

import ctypes
import math
import struct
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from casereviews.repository.children import Children
from casereviews.repository.reading.content import Opening
from casereviews.repository.reading.errors import Corrupt, NothingInside
from casereviews.repository.reading.formats.pdf import open_document
from casereviews.repository.reading.page_store import OcrPage
from casereviews.repository.reading.pdf import visible
from casereviews.repository.reading.pdf.alignment import Span, aligned
from casereviews.repository.reading.pdf.lines import Box, Reach
from casereviews.repository.reading.recognised_lines import letters_of
from casereviews.repository.this_system import bound_memory

MEMORY_MB = 600
SECONDS = 10.0
_WIDE = 1200  # pixels: half a wide screen, sharp also on a dense one
_PIXELS = 2_500_000  # of a picture at most, however large its page
_SIDE = 5000  # pixels at most of a long strip
_LARGEST = 4.0  # pixels a point: a stamp-sized page is not blown up further
_FINE = 16  # parts of a point in which pdfium, which counts in whole ones, tells a place
_LEAST = 1.0  # points: what is narrower is no letter's place
_DEFLATE = 3  # zlib's level: twice the size of 9's at a tenth of its time


@dataclass(frozen=True, slots=True)
class PageToDraw:
    """A page (`number` from 1) of a kept PDF; `spans` of its `text`, as it was read, are looked for. `lines` is what recognition found
    of a scan's page, None for any other. Without `picture` only places are asked for."""

    path: Path
    number: int
    text: str = ""
    spans: tuple[Span, ...] = ()
    lines: OcrPage | None = None
    picture: bool = True


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as a PNG (b"" where it was not asked for) of `width` by `height` pixels. `places` has for each span its boxes in the picture (left, top, right, bottom), one
    a line; none where the picture does not show it."""

    png: bytes
    width: int
    height: int
    places: tuple[tuple[Box, ...], ...]


def draw_page(page: PageToDraw) -> PagePicture:
    """Draw a page and find the places of spans. Raises UnreadableFile: Encrypted, Corrupt, NothingInside where there is no such page."""
    document = open_document(Opening(page.path))
    try:
        if not 1 <= page.number <= len(document):
            raise NothingInside(f"the file has {len(document)} pages, no page {page.number}")
        try:
            shown, redactions, _, _ = visible.as_shown(document, page.number)
        except pypdfium2.PdfiumError as error:
            raise Corrupt(f"page {page.number} is damaged ({error})") from error
        try:
            return _drawn(page, shown, redactions)
        finally:
            shown.close()
    finally:
        document.close()


def _drawn(page: PageToDraw, shown: Any, redactions: Sequence[visible.Bounds]) -> PagePicture:
    width, height = shown.get_size()
    places = _places(page, shown, redactions, width, height) if page.spans else ()
    scale = min(
        _WIDE / max(width, 1.0),
        _SIDE / max(width, height, 1.0),
        (_PIXELS / max(width * height, 1.0)) ** 0.5,
        _LARGEST,
    )
    size = max(math.ceil(width * scale), 1), max(math.ceil(height * scale), 1)
    png = b""
    if page.picture:
        bitmap = shown.render(scale=scale, rev_byteorder=True, may_draw_forms=False)
        try:
            black = visible.marked_for_redaction(shown, redactions, scale)
            png, size = _png(bitmap, black), (bitmap.width, bitmap.height)
        finally:
            bitmap.close()
    across, down = size[0] / max(width, 1.0), size[1] / max(height, 1.0)
    in_pixels = tuple(
        tuple(
            (round(x0 * across, 1), round(y0 * down, 1), round(x1 * across, 1), round(y1 * down, 1))
            for x0, y0, x1, y1 in boxes
        )
        for boxes in places
    )
    return PagePicture(png, *size, in_pixels)


def _places(
    page: PageToDraw,
    shown: Any,
    redactions: Sequence[visible.Bounds],
    width: float,
    height: float,
) -> tuple[tuple[Box, ...], ...]:
    """The boxes of each span, in points from the upper left corner of the page as shown."""
    if page.lines is not None:
        letters, box_of = letters_of(page.lines)
        return boxes_of(page.spans, aligned(page.text, letters), box_of, (width, height))
    textpage = shown.get_textpage()
    try:
        reach = Reach(shown, textpage)
        layers = visible.has_layers(page.path)
        letters, _ = visible.seen_text(shown, textpage, reach, layers, redactions)
        box_of = _letter_boxes(shown, textpage, width, height)
        return boxes_of(page.spans, aligned(page.text, letters), box_of, (width, height))
    finally:
        textpage.close()


def _letter_boxes(shown: Any, textpage: Any, width: float, height: float) -> Callable[[int], Box]:
    """What gives the box of a letter, as high as its font, on the page as shown: cut to its crop box and turned (ISO 32000-1, 14.11.2)."""
    rect = pdfium.FS_RECTF()
    across, down = ctypes.c_int(), ctypes.c_int()
    size = max(int(width * _FINE), 1), max(int(height * _FINE), 1)

    def point(x: float, y: float) -> tuple[float, float]:
        pdfium.FPDF_PageToDevice(shown.raw, 0, 0, *size, 0, x, y, across, down)
        return across.value / _FINE, down.value / _FINE

    def box_of(at: int) -> Box:
        if not pdfium.FPDFText_GetLooseCharBox(textpage.raw, at, rect):
            return (0.0, 0.0, 0.0, 0.0)
        one, other = point(rect.left, rect.bottom), point(rect.right, rect.top)
        (x0, x1), (y0, y1) = sorted((one[0], other[0])), sorted((one[1], other[1]))
        return (x0, y0, x1, y1)

    return box_of


def boxes_of(
    spans: Sequence[Span],
    there: Mapping[int, int],
    box_of: Callable[[int], Box],
    size: tuple[float, float],
) -> tuple[tuple[Box, ...], ...]:
    """For each span the boxes of its letters, joined along a line and cut at the page's edges. `there` is what `aligned` found."""
    return tuple(
        _joined(
            [
                box
                for at in dict.fromkeys(there[at] for at in range(start, end) if at in there)
                if (box := _within(box_of(at), size)) is not None
            ]
        )
        for start, end in spans
    )


def _within(box: Box, size: tuple[float, float]) -> Box | None:
    x0, y0, x1, y1 = box
    x0, y0, x1, y1 = max(x0, 0.0), max(y0, 0.0), min(x1, size[0]), min(y1, size[1])
    return (x0, y0, x1, y1) if x1 - x0 > 0 and y1 - y0 >= _LEAST else None


def _joined(letters: Sequence[Box]) -> tuple[Box, ...]:
    """Boxes of letters as boxes of a line's stretch: a letter goes on where the last one ended, beside it or (in text that runs
    upwards or downwards) above or below it."""
    joined: list[Box] = []
    last: Box | None = None
    for box in letters:
        if last is not None and _goes_on(last, box):
            x0, y0, x1, y1 = joined[-1]
            joined[-1] = (min(x0, box[0]), min(y0, box[1]), max(x1, box[2]), max(y1, box[3]))
        else:
            joined.append(box)
        last = box
    return tuple(joined)


def _goes_on(last: Box, box: Box) -> bool:
    size = max(min(last[2] - last[0], last[3] - last[1]), 4.0)
    tall = max(last[3] - last[1], last[2] - last[0], 4.0)
    across = max(box[0] - last[2], last[0] - box[2])
    down = max(box[1] - last[3], last[1] - box[3])
    beside = across < 1.5 * tall and down < -0.3 * size
    upright = down < 0.8 * tall and across < -0.6 * (last[2] - last[0])
    return beside or upright


def _png(bitmap: Any, black: Sequence[visible.Pixels]) -> bytes:
    """A bitmap of 3 bytes a pixel as a PNG (ISO/IEC 15948), in shades of grey where it has no colours."""
    width, height, stride = bitmap.width, bitmap.height, bitmap.stride
    pixels = bytearray(bitmap.buffer)
    channels = bitmap.n_channels
    if channels != 3:
        raise Corrupt(f"a page is drawn with {channels} bytes a pixel")
    for left, top, right, bottom in black:
        left, right = min(left, width), min(right, width)
        for row in range(min(top, height), min(bottom, height)):
            begin = row * stride
            pixels[begin + 3 * left : begin + 3 * right] = bytes(3 * max(right - left, 0))
    lines = [bytes(pixels[at * stride : at * stride + 3 * width]) for at in range(height)]
    grey = all(line[0::3] == line[1::3] == line[2::3] for line in lines)
    if grey:
        lines = [line[0::3] for line in lines]
    packed = zlib.compress(b"".join(b"\0" + line for line in lines), _DEFLATE)
    head = struct.pack(">IIBBBBB", width, height, 8, 0 if grey else 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )


def pictures(count: int) -> Children[PageToDraw, PagePicture]:
    """How pages are drawn: in `count` children, each bounded in time and memory."""
    return Children(
        work=draw_page,
        count=count,
        seconds=SECONDS,
        jobs_a_child=400,
        prepare=bound_memory,
        prepare_with=(MEMORY_MB,),
        preload=("casereviews.repository.reading.page_pictures",),
    )
