"""What of a PDF page its reader sees: annotations and filled fields as they are drawn, and no letter that is covered.

A letter is seen when the page looks another way without it. So a page on which something might be hidden is drawn twice, with its
text and without, and letters under which both pictures are the same are hidden: under boxes and pictures drawn later, white on
white, in layers that are off, outside the page, cut away. Which pages those are is told by a cheap look at their objects; an
ordinary page is not drawn at all. Under a scan the recognised text is never drawn: there a word is seen where the picture has ink.
"""

from __future__ import annotations

import ctypes
import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pypdfium2.raw as pdfium

from casereviews.repository.reading.pdf import quality
from casereviews.repository.reading.pdf.lines import Reach

Bounds = tuple[float, float, float, float]
"""Left, bottom, right, top in the space of the page."""

Colour = tuple[int, int, int, int]
"""Red, green, blue and opacity, each of 255."""
Pixels = tuple[int, int, int, int]
"""Left, top, right, bottom of a box in a picture; right and bottom are outside it."""

_SCALE = 2.0  # pixels a point: letters of 6 points are 8 pixels high
_PIXELS = 6_000_000  # of a picture at most: posters are drawn smaller
_SHADES = bytes(value >> 4 for value in range(256))  # what the eye does not tell apart is one shade
_INK = 5  # shades (of 16) between paper and ink
_DARK = 6  # shades below which a box is dark
_SHADE = 30  # of 255: text whose colour is so near to that of its ground is looked at
_PAPER = (255, 255, 255, 255)
_BLACK = bytes((ctypes.c_uint * 4)(0, 0, 0, 255))
_NOWHERE = (0.0, 0.0, 0.0, 0.0)
_GLASS = 40  # of 255: text so transparent is looked at
_THICK = 4.0  # points: a line so wide covers words
_SOLID = 230  # of 255: what is less opaque lets a reader see through
_SPECK = 0.75  # points: letters so small are no text to a reader
_BESIDE = 1.0  # points: a mark for redaction may miss a letter's middle by so much
_INVISIBLE = (3, 7)  # text rendering modes that paint nothing (ISO 32000-1, table 106)
_PAGE_PICTURE = (
    0.5  # share of a page that a picture covers where the text under it came from recognition
)
_OBJECTS = 20_000  # looked at on one page
_NESTED = 4  # drawings within drawings that are looked into
_LIGATURE = 8  # bytes of UTF-16 with its end: three letters, as many as a ligature stands for
_COMPARED = 1_000_000  # places held against each other on one page
_CLIPS, _TURNS = 8, 12  # clipping paths of a text, and corners of each, that are looked at
_LEFT, _LEFT_HIGH = 0.9, 0.5  # of a text's width and height: what a clipping path leaves of it
_WORD = re.compile(r"\S+")
_SHAPES = frozenset([pdfium.FPDF_ANNOT_SQUARE, pdfium.FPDF_ANNOT_CIRCLE, pdfium.FPDF_ANNOT_POLYGON])
_MARKERS = frozenset([pdfium.FPDF_ANNOT_HIGHLIGHT])
_MARKER = 60  # of 255: letters under a marker that is darker are not told from it
_OFF = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_NEVER_DRAWN = frozenset(
    [
        pdfium.FPDF_ANNOT_LINK,
        pdfium.FPDF_ANNOT_POPUP,
        pdfium.FPDF_ANNOT_TEXT,
        pdfium.FPDF_ANNOT_FILEATTACHMENT,
        pdfium.FPDF_ANNOT_UNDERLINE,
        pdfium.FPDF_ANNOT_SQUIGGLY,
    ]
)
"""Annotations that neither show words of their own on the page nor cover any."""


def drawn_and_redacted(page: Any) -> tuple[bool, list[Bounds]]:
    """(drawn, redactions): whether annotations are drawn on the page, and what unapplied redactions mark (PDF 1.7, 12.5.6.23)."""
    drawn = False
    redactions: list[Bounds] = []
    for index in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        # Viewers draw shapes and marks of which the file has no drawing.
        if kind == pdfium.FPDF_ANNOT_REDACT or (
            (kind in _SHAPES and _is_filled(annotation) and not _is_switched_off(annotation))
            or (kind in _MARKERS and _blackens(annotation) and not _is_switched_off(annotation))
        ):
            redactions += _marked(annotation)
        elif kind not in _NEVER_DRAWN:
            drawn = True
        pdfium.FPDFPage_CloseAnnot(annotation)
    return drawn, redactions


def _is_filled(annotation: Any) -> bool:
    """True for a shape without a drawing of its own that a viewer fills with an opaque colour."""
    inside = pdfium.FPDFANNOT_COLORTYPE_InteriorColor
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    known = pdfium.FPDFAnnot_GetColor(annotation, inside, red, green, blue, alpha)
    return bool(known) and alpha.value >= _SOLID and pdfium.FPDFAnnot_HasKey(annotation, b"IC")


def _is_switched_off(annotation: Any) -> bool:
    return bool(pdfium.FPDFAnnot_GetFlags(annotation) & _OFF)


def _blackens(annotation: Any) -> bool:
    """True for a marker so dark that letters under it cannot be told from it: it multiplies colours."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    stroke = pdfium.FPDFANNOT_COLORTYPE_Color
    known = pdfium.FPDFAnnot_GetColor(annotation, stroke, red, green, blue, alpha)
    dark = max(red.value, green.value, blue.value) < _MARKER
    return (
        bool(known) and dark and alpha.value >= _SOLID and pdfium.FPDFAnnot_HasKey(annotation, b"C")
    )


def _marked(annotation: Any) -> Iterator[Bounds]:
    quads = pdfium.FS_QUADPOINTSF()
    count = pdfium.FPDFAnnot_CountAttachmentPoints(annotation)
    for index in range(count):
        if pdfium.FPDFAnnot_GetAttachmentPoints(annotation, index, quads):
            xs = (quads.x1, quads.x2, quads.x3, quads.x4)
            ys = (quads.y1, quads.y2, quads.y3, quads.y4)
            yield (min(xs), min(ys), max(xs), max(ys))
    rect = pdfium.FS_RECTF()
    if not count and pdfium.FPDFAnnot_GetRect(annotation, rect):
        low, high = sorted((rect.bottom, rect.top))
        yield (rect.left, low, rect.right, high)


def marked_for_redaction(page: Any, redactions: Sequence[Bounds], scale: float) -> list[Pixels]:
    """What redactions mark, as boxes in a picture of the page that was drawn with `scale` pixels a point."""
    width, height = (max(int(side * scale), 1) for side in page.get_size())
    across, down = ctypes.c_int(), ctypes.c_int()
    boxes: list[Pixels] = []
    for x0, y0, x1, y1 in redactions:
        corners = []
        for x, y in ((x0, y0), (x1, y1)):
            pdfium.FPDF_PageToDevice(page.raw, 0, 0, width, height, 0, x, y, across, down)
            corners.append((across.value, down.value))
        (left, right), (top, bottom) = (sorted(pair) for pair in zip(*corners, strict=True))
        boxes.append((max(left - 1, 0), max(top - 1, 0), right + 1, bottom + 1))
    return boxes


def flattened(page: Any) -> bool:
    """Make filled fields, text boxes, stamps and drawn shapes part of the page's own content; True when that changed it.

    The page has to be loaded anew then. Hidden annotations stay out. Drawing the page, however small, has pdfium make the drawings
    that the file lacks: of text boxes, marker, ink.
    """
    _Picture(page, 1, 1)
    _hide_what_no_viewer_shows(page)
    return bool(
        pdfium.FPDFPage_Flatten(page.raw, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS
    )


def _hide_what_no_viewer_shows(page: Any) -> None:
    """Hide what is for printing only: flattening asks for the flag "hidden" alone."""
    for index in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        if _is_switched_off(annotation):
            flags = pdfium.FPDFAnnot_GetFlags(annotation)
            pdfium.FPDFAnnot_SetFlags(annotation, flags | pdfium.FPDF_ANNOT_FLAG_HIDDEN)
        pdfium.FPDFPage_CloseAnnot(annotation)


def as_shown(document: Any, number: int) -> tuple[Any, list[Bounds], bool, list[str]]:
    """A page with its fields, text boxes, stamps and shapes as a part of it, the places that redactions mark, whether it had such parts,
    and the words that the file gave in place of what is printed: its text is what its letters are.

    Raises PdfiumError or IndexError where there is no such page, or none that pdfium can load.
    """
    page = document[number - 1]
    drawn, redactions = drawn_and_redacted(page)
    composed = drawn and flattened(page)
    if composed:
        page.close()
        page = document[number - 1]
    return page, redactions, composed, other_words(page)


def other_words(page: Any) -> list[str]:
    """Take words that are said in place of what is printed (/ActualText, PDF 1.7, 14.9.4) off a page; what writes out a ligature stays.

    Where letters were painted over by others, the words in their place may still be the old ones. Returns what was taken off.
    """
    taken: list[str] = []
    size = ctypes.c_ulong()
    told = ctypes.addressof(size)
    at = ctypes.cast(page.raw, _AT).value
    count = min(pdfium.FPDFPage_CountObjects(page.raw), _OBJECTS)
    items = [_object(at, index) for index in range(count)]
    for _ in range(_NESTED):
        forms = []
        for item in items:
            marks = _marks(item)
            for index in range(marks - 1, -1, -1) if marks else ():
                mark = _mark(item, index)
                if _words_of(mark, _ACTUAL, 0, 0, told) and size.value > _LIGATURE:
                    taken.append(_taken_off(item, mark, size.value))
            if _kind(item) == pdfium.FPDF_PAGEOBJ_FORM:
                forms.append(_typed(item))
        items = [
            ctypes.cast(pdfium.FPDFFormObj_GetObject(form, index), _AT).value or 0
            for form in forms
            for index in range(min(pdfium.FPDFFormObj_CountObjects(form), _OBJECTS))
        ]
        if not items:
            break
    return taken


def _taken_off(item: int, mark: int, size: int) -> str:
    """The words of a mark, which is taken off an object; `size` in bytes of UTF-16 with its end."""
    said = ctypes.create_string_buffer(size)
    told = ctypes.c_ulong()
    _words_of(mark, _ACTUAL, ctypes.addressof(said), size, ctypes.addressof(told))
    pdfium.FPDFPageObj_RemoveMark(_typed(item), ctypes.cast(mark, pdfium.FPDF_PAGEOBJECTMARK))
    return said.raw.decode("utf-16-le", "replace").rstrip("\0")


def seen_text(
    page: Any, textpage: Any, reach: Reach, layers: bool, redactions: Sequence[Bounds]
) -> tuple[str, bool]:
    """The letters of a page, a blank for each that its reader does not see, and whether there were such. `layers` is what `has_layers` says."""
    count = textpage.count_chars()
    text = textpage.get_text_range(0, count) if count else ""
    suspect = bool(text) and may_hide(page, reach, layers)
    if not (suspect or (text and redactions)):
        return text, False
    hidden = hidden_letters(page, textpage, text, page.get_size(), redactions, drawn_twice=suspect)
    seen = "".join(" " if at in hidden else letter for at, letter in enumerate(text))
    return seen, bool(hidden)


def has_layers(path: Path) -> bool:
    """True when a PDF names optional content (layers), or may name it where it is encrypted. Cost: one look through the file."""
    content = path.read_bytes()
    if b"/OCProperties" in content or b"/Encrypt" in content:
        return True
    at = content.find(b"/ObjStm")
    while at >= 0:
        begin = content.find(b"stream", at)
        if begin < 0:
            return False
        begin += 8 if content[begin + 6 : begin + 8] == b"\r\n" else 7
        try:
            inflated = zlib.decompressobj().decompress(
                content[begin : begin + 5_000_000], 20_000_000
            )
        except zlib.error:
            inflated = b""
        if b"/OCProperties" in inflated:
            return True
        at = content.find(b"/ObjStm", begin)
    return False


def may_hide(page: Any, reach: Reach, layers: bool) -> bool:
    """True when some text of the page may be unseen: a cheap look at its objects in the order in which they are drawn."""
    count = pdfium.FPDFPage_CountObjects(page.raw)
    if count > _OBJECTS or any(
        not reach.on_page(run) or run[3] - run[1] < _SPECK for run in reach.rectangles()
    ):
        return True
    return _Look(page, count).finds_hidden(layers)


def _quick(function: Any, result: Any, *arguments: Any) -> Any:
    """A function of pdfium that takes and gives plain addresses: half the cost of one that takes typed pointers.

    Other threads wait while it runs: it is short, and letting them run costs as much as the call.
    """
    address = ctypes.cast(function, ctypes.c_void_p).value or 0
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


_AT, _INT = ctypes.c_void_p, ctypes.c_int
_object = _quick(pdfium.FPDFPage_GetObject, _AT, _AT, _INT)
_kind = _quick(pdfium.FPDFPageObj_GetType, _INT, _AT)
_marks = _quick(pdfium.FPDFPageObj_CountMarks, _INT, _AT)
_mark = _quick(pdfium.FPDFPageObj_GetMark, _AT, _AT, ctypes.c_ulong)
_words_of = _quick(
    pdfium.FPDFPageObjMark_GetParamStringValue, _INT, _AT, _AT, _AT, ctypes.c_ulong, _AT
)
_ACTUAL_TEXT = ctypes.create_string_buffer(b"ActualText")
_ACTUAL = ctypes.addressof(_ACTUAL_TEXT)
_mode = _quick(pdfium.FPDFTextObj_GetTextRenderMode, _INT, _AT)
_fill_of = _quick(pdfium.FPDFPageObj_GetFillColor, _INT, _AT, _AT, _AT, _AT, _AT)
_bounds_of = _quick(pdfium.FPDFPageObj_GetBounds, _INT, _AT, _AT, _AT, _AT, _AT)
_clip_of = _quick(pdfium.FPDFPageObj_GetClipPath, _AT, _AT)
_clips = _quick(pdfium.FPDFClipPath_CountPaths, _INT, _AT)
_turns = _quick(pdfium.FPDFClipPath_CountPathSegments, _INT, _AT, _INT)
_turn_of = _quick(pdfium.FPDFClipPath_GetPathSegment, _AT, _AT, _INT, _INT)
_point_of = _quick(pdfium.FPDFPathSegment_GetPoint, _INT, _AT, _AT, _AT)


class _Look:
    """One look at the objects of a page, given by their addresses; keeps the C structures between calls."""

    def __init__(self, page: Any, count: int) -> None:
        at = ctypes.cast(page.raw, _AT).value
        self._items = [_object(at, index) for index in range(count)]
        self._kinds = [*map(_kind, self._items)]
        self._colour = (ctypes.c_uint * 4)()
        self._edges = (ctypes.c_float * 4)()
        self._inks, self._sides = (
            [ctypes.addressof(each) + step for step in (0, 4, 8, 12)]
            for each in (self._colour, self._edges)
        )
        self._texts: list[Bounds] = []
        self._grounds: list[tuple[Bounds, Colour | None]] = []
        self._patience = _COMPARED

    def finds_hidden(self, layers: bool) -> bool:
        """True at the first object that hides text, or may be text that is hidden; also where telling would take too long."""
        plain = {*self._kinds} == {pdfium.FPDF_PAGEOBJ_TEXT}
        for item, kind in zip(self._items, self._kinds, strict=True):
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                place = _NOWHERE if plain else self._bounds(item)
                if (
                    self._is_unseen(item, place)
                    or self._is_cut_away(item)
                    or (layers and _in_layer(_typed(item)))
                ):
                    return True
                if not plain:
                    self._texts.append(place)
            elif (kind == pdfium.FPDF_PAGEOBJ_FORM and _holds_text(_typed(item))) or (
                self._covers_text(item, kind)
            ):
                return True
            if self._patience < 0:
                return True
        return False

    def _is_unseen(self, item: int, place: Bounds) -> bool:
        if _mode(item) in _INVISIBLE:
            return True
        if not _fill_of(item, *self._inks):
            return False
        if not self._grounds and bytes(self._colour) == _BLACK:
            return False
        colour = self._told()
        if colour[3] < _GLASS:
            return True
        self._patience -= 2 * len(self._grounds)
        ground = next(
            (one for dark, one in reversed(self._grounds) if _covers(dark, place)), _PAPER
        )
        if ground is not None and _alike(colour, ground):
            return True
        return any(
            one is not None and _alike(colour, one) and _over(dark, [place])
            for dark, one in self._grounds
        )

    def _is_cut_away(self, item: int) -> bool:
        """True when a clipping path leaves less than nearly all of a text."""
        clip = _clip_of(item)
        count = _clips(clip) if clip else 0
        if count <= 0:
            return False
        left, low, right, high = place = self._bounds(item)
        for path in range(min(count, _CLIPS)):
            xs, ys = [], []
            for turn in range(min(_turns(clip, path), _TURNS)):
                _point_of(_turn_of(clip, path, turn), *self._sides[:2])
                xs.append(self._edges[0])
                ys.append(self._edges[1])
            if xs:
                left, right = max(left, min(xs)), min(right, max(xs))
                low, high = max(low, min(ys)), min(high, max(ys))
        wide, tall = place[2] - place[0], place[3] - place[1]
        return right - left < _LEFT * wide or high - low < _LEFT_HIGH * tall

    def _covers_text(self, item: int, kind: int) -> bool:
        solid, colour = self._solid(item, kind)
        if not solid:
            return False
        place = self._bounds(item)
        self._grounds.append((place, colour))
        self._patience -= len(self._texts)
        return _over(place, self._texts)

    def _solid(self, item: int, kind: int) -> tuple[bool, Colour | None]:
        """(opaque, colour) of a picture, a shading or a filled shape, None for many colours; thin lines cover nothing."""
        if kind != pdfium.FPDF_PAGEOBJ_PATH:
            return True, None
        path = _typed(item)
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not pdfium.FPDFPath_GetDrawMode(path, fill, stroke):
            return False, None
        if fill.value != pdfium.FPDF_FILLMODE_NONE:
            colour = self._told() if _fill_of(item, *self._inks) else None
        else:
            wide = ctypes.c_float()
            thick = pdfium.FPDFPageObj_GetStrokeWidth(path, wide) and wide.value > _THICK
            if not (stroke.value and thick):
                return False, None
            inks = [ctypes.c_uint() for _ in range(4)]
            known = pdfium.FPDFPageObj_GetStrokeColor(path, *inks)
            red, green, blue, alpha = (each.value for each in inks)
            colour = (red, green, blue, alpha) if known else None
        return colour is None or colour[3] >= _SOLID, colour

    def _told(self) -> Colour:
        red, green, blue, alpha = self._colour
        return red, green, blue, alpha

    def _bounds(self, item: int) -> Bounds:
        if not _bounds_of(item, *self._sides):
            return _NOWHERE
        left, low, right, high = self._edges
        return left, low, right, high


def _typed(item: int) -> Any:
    return ctypes.cast(item, pdfium.FPDF_PAGEOBJECT)


def _alike(one: Colour, other: Colour) -> bool:
    return (
        abs(one[0] - other[0]) <= _SHADE
        and abs(one[1] - other[1]) <= _SHADE
        and abs(one[2] - other[2]) <= _SHADE
    )


def _over(place: Bounds, texts: Sequence[Bounds]) -> bool:
    """True when something drawn now lies over a text that was drawn before: over a letter's worth of it, not its edge."""
    left, low, right, high = place
    if right - left < 2.5 or high - low < 2.5:
        return False
    for x0, y0, x1, y1 in texts:
        if min(right, x1) - max(left, x0) > 2.0 and min(high, y1) - max(low, y0) > 0.4 * (y1 - y0):
            return True
    return False


def _covers(dark: Bounds, text: Bounds) -> bool:
    return (
        dark[0] - 2 <= text[0]
        and dark[1] - 2 <= text[1]
        and dark[2] + 2 >= text[2]
        and dark[3] + 2 >= text[3]
    )


def _holds_text(form: Any, depth: int = 0) -> bool:
    for index in range(min(pdfium.FPDFFormObj_CountObjects(form), _OBJECTS)):
        inner = pdfium.FPDFFormObj_GetObject(form, index)
        kind = pdfium.FPDFPageObj_GetType(inner)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            return True
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < 8 and _holds_text(inner, depth + 1):
            return True
    return False


_NAME = ctypes.create_string_buffer(16)


def _in_layer(item: Any) -> bool:
    """True for an object that is marked as optional content ("/OC /Name BDC")."""
    length = ctypes.c_ulong()
    for index in range(pdfium.FPDFPageObj_CountMarks(item)):
        mark = pdfium.FPDFPageObj_GetMark(item, index)
        named = ctypes.cast(_NAME, ctypes.POINTER(pdfium.FPDF_WCHAR))
        known = pdfium.FPDFPageObjMark_GetName(mark, named, 16, length)
        if known and length.value == 6 and _NAME.raw[:4] == b"O\0C\0":
            return True
    return False


def hidden_letters(
    page: Any,
    textpage: Any,
    text: str,
    size: tuple[float, float],
    redactions: Sequence[Bounds],
    *,
    drawn_twice: bool,
) -> set[int]:
    """Indices of the letters of `text` (those of `textpage`) that a reader of the page does not see.

    `size` is the width and height of the page as shown. `drawn_twice` (what `may_hide` found) compares two pictures of it; what
    `redactions` mark is hidden in any case.
    """
    width, height = size
    letters = _Letters(page, textpage, width, height)
    marked: set[int] = set()
    for word in _WORD.finditer(text) if redactions else ():
        marked |= letters.marked(range(*word.span()), redactions)
    if drawn_twice:
        marked |= _not_drawn(page, text, letters, quality.picture_cover(page, width, height))
    return marked


def _not_drawn(page: Any, text: str, letters: _Letters, picture: float) -> set[int]:
    with_text = letters.picture()
    unpainted = letters.unpainted()
    texts = list(_text_objects(page))
    for item in texts:
        pdfium.FPDFPageObj_SetIsActive(item, False)
    try:
        without = letters.picture()
    finally:
        for item in texts:
            pdfium.FPDFPageObj_SetIsActive(item, True)
    hidden: set[int] = set()
    for word in _WORD.finditer(text):
        if letters.is_speck(word):
            hidden.update(range(*word.span()))
            continue
        unseen = [
            at
            for at in range(*word.span())
            if (place := letters.pixels(at)) is not None and with_text.same(without, place)
        ]
        if not unseen:
            continue
        recognised = picture > _PAGE_PICTURE or (picture > 0 and unpainted(unseen[0]))
        if recognised and with_text.has_ink([letters.pixels(at) for at in unseen]):
            continue
        hidden.update(unseen if len(unseen) > 1 or len(word.group()) <= 2 else ())
    return hidden


def _text_objects(page: Any) -> Iterator[Any]:
    for index in range(pdfium.FPDFPage_CountObjects(page.raw)):
        yield from _texts_of(pdfium.FPDFPage_GetObject(page.raw, index), 0)


def _texts_of(item: Any, depth: int) -> Iterator[Any]:
    kind = pdfium.FPDFPageObj_GetType(item)
    if kind == pdfium.FPDF_PAGEOBJ_TEXT:
        yield item
    elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < 12:
        for index in range(pdfium.FPDFFormObj_CountObjects(item)):
            yield from _texts_of(pdfium.FPDFFormObj_GetObject(item, index), depth + 1)


class _Letters:
    """Where the letters of one page stand in a picture of it."""

    def __init__(self, page: Any, textpage: Any, width: float, height: float) -> None:
        self._page, self._raw = page, textpage.raw
        self._scale = min(_SCALE, (_PIXELS / max(width * height, 1.0)) ** 0.5)
        self._size = (max(int(width * self._scale), 1), max(int(height * self._scale), 1))
        self._corners = [ctypes.c_double() for _ in range(4)]

    def picture(self) -> _Picture:
        return _Picture(self._page, *self._size)

    def bounds(self, at: int) -> Bounds | None:
        """The place of a letter's ink; None for a blank and for what pdfium put in."""
        left, right, low, high = self._corners
        if not pdfium.FPDFText_GetCharBox(self._raw, at, left, right, low, high):
            return None
        if right.value - left.value <= 0 or high.value - low.value <= 0:
            return None
        return (left.value, low.value, right.value, high.value)

    def is_speck(self, word: re.Match[str]) -> bool:
        """True for a word whose highest letter is no higher than a speck of dust."""
        if not any(map(str.isalnum, word.group())):
            return False
        places = [place for at in range(*word.span()) if (place := self.bounds(at)) is not None]
        return bool(places) and all(
            right - left < _SPECK and high - low < _SPECK for left, low, right, high in places
        )

    def marked(self, word: range, areas: Sequence[Bounds]) -> set[int]:
        """The letters of a word whose middle is in one of the areas, or just beside it where the area takes others of them."""
        inside = {at for at in word if self._within(at, areas, 0.0)}
        return {at for at in word if self._within(at, areas, _BESIDE)} if inside else inside

    def _within(self, at: int, areas: Sequence[Bounds], beside: float) -> bool:
        place = self.bounds(at)
        if place is None:
            return False
        x, y = (place[0] + place[2]) / 2, (place[1] + place[3]) / 2
        return any(
            x0 - beside <= x <= x1 + beside and y0 - beside <= y <= y1 + beside
            for x0, y0, x1, y1 in areas
        )

    def pixels(self, at: int) -> Pixels | None:
        """The box of a letter in the picture, empty where it is outside."""
        place = self.bounds(at)
        if place is None:
            return None
        x0, y0 = self._device(place[0], place[1])
        x1, y1 = self._device(place[2], place[3])
        left, right = sorted((x0, x1))
        top, bottom = sorted((y0, y1))
        wide, high = self._size
        return (max(left, 0), max(top, 0), min(right + 1, wide), min(bottom + 1, high))

    def unpainted(self) -> Any:
        """Whether a letter belongs to text that paints nothing, as recognition puts it over a scan."""

        def of(at: int) -> bool:
            item = pdfium.FPDFText_GetTextObject(self._raw, at)
            return bool(item) and pdfium.FPDFTextObj_GetTextRenderMode(item) in _INVISIBLE

        return of

    def _device(self, x: float, y: float) -> tuple[int, int]:
        across, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(self._page.raw, 0, 0, *self._size, 0, x, y, across, down)
        return across.value, down.value


class _Picture:
    """A page drawn in shades of grey."""

    def __init__(self, page: Any, width: int, height: int) -> None:
        bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_Gray, None, 0)
        try:
            pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
            pdfium.FPDF_RenderPageBitmap(
                bitmap, page.raw, 0, 0, width, height, 0, pdfium.FPDF_ANNOT
            )
            self._stride = pdfium.FPDFBitmap_GetStride(bitmap)
            size = self._stride * height
            start = pdfium.FPDFBitmap_GetBuffer(bitmap)
            self._shades = ctypes.string_at(start, size).translate(_SHADES)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)

    def _rows(self, place: Pixels) -> Iterator[bytes]:
        left, top, right, bottom = place
        for row in range(top, bottom):
            yield self._shades[row * self._stride + left : row * self._stride + right]

    def same(self, other: _Picture, place: Pixels) -> bool:
        """True when both pictures show the same in a box; also for a box that is outside of them."""
        return all(
            mine == theirs
            for mine, theirs in zip(self._rows(place), other._rows(place), strict=True)
        )

    def has_ink(self, places: Sequence[Pixels | None]) -> bool:
        """True when a word's place shows more than one shade; a little above and below is looked at where it is plain paper."""
        known = [place for place in places if place is not None]
        left, top = min(one[0] for one in known), min(one[1] for one in known)
        right, bottom = max(one[2] for one in known), max(one[3] for one in known)
        inner = max((bottom - top) // 6, 0)
        shades = b"".join(self._rows((left, top + inner, right, bottom - inner)))
        if not shades:
            return False
        if max(shades) - min(shades) >= _INK:
            return True
        if max(shades) < _DARK:
            return False
        around = (bottom - top) // 4
        more = b"".join(self._rows((left, max(top - around, 0), right, bottom + around)))
        return max(more) - min(more) >= _INK
