"""The lines of a PDF page with their places, by the fewest possible calls into pdfium.

Coordinates are points from the top left corner of the page as it is shown (after its rotation): y grows downwards.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

# pdfium marks a hyphen at a line's end by U+FFFE and leaves out the line break.
HYPHEN = "\ufffe"
_LINE = re.compile(f"[^\r\n{HYPHEN}]+{HYPHEN}?")
_WORD = re.compile(f"[^\\s{HYPHEN}]+{HYPHEN}?")
# A number of up to three digits right after a letter or a sign: perhaps a footnote's.
_NOTE = re.compile(r"(?<=[a-z.,;:”’)])\d{1,3}(?![\w.%])")
_BOLD = re.compile(rb"bold|black|heavy|semib|demi", re.IGNORECASE)
_EDGE = 3.0  # points: letters may stand out of the page by so much
Box = tuple[float, float, float, float]


class Line(NamedTuple):
    """A line of text, or the part of one in a column. `broken` says that it ends in a word's hyphen."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    bold: bool
    broken: bool = False

    @property
    def width(self) -> float:
        return self.x1 - self.x0


class Reach:
    """Asks pdfium where characters of one page are; keeps the C structures between calls."""

    def __init__(self, page: Any, textpage: Any) -> None:
        self._width, self._height = map(float, page.get_size())
        self._cropped = page.get_bbox() != page.get_mediabox()
        self._raw = textpage.raw
        self._rect = pdfium.FS_RECTF()
        self._flags = ctypes.c_int()
        self._buffer = ctypes.create_string_buffer(96)
        self._corners = [ctypes.c_double() for _ in range(4)]
        self._turn = turner(page)
        self._bold: dict[bytes, bool] = {}
        self._runs: list[Box] | None = None

    def box(self, index: int) -> Box:
        """(x0, top, x1, bottom) of one character, as high as its font."""
        rect = self._rect
        if not pdfium.FPDFText_GetLooseCharBox(self._raw, index, rect):
            return (0.0, 0.0, 0.0, 0.0)
        return self._turn(rect.left, rect.bottom, rect.right, rect.top)

    def size(self, index: int) -> float:
        return round(float(pdfium.FPDFText_GetFontSize(self._raw, index)), 1)

    def bold(self, index: int) -> bool:
        """True when the font's name says bold."""
        length = pdfium.FPDFText_GetFontInfo(self._raw, index, self._buffer, 96, self._flags)
        name = self._buffer.raw[: max(min(length, 96), 0)]
        known = self._bold.get(name)
        if known is None:
            known = self._bold[name] = bool(_BOLD.search(name))
        return known

    def on_page(self, box: Box) -> bool:
        """True when the middle of a box is on the page; of one that was cropped, when no part of a box is cut off."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        x0, y0, x1, y1 = box if self._cropped else (x, y, x, y)
        return (
            x0 >= -_EDGE
            and y0 >= -_EDGE
            and x1 <= self._width + _EDGE
            and y1 <= self._height + _EDGE
        )

    def rectangles(self) -> list[Box]:
        """One rectangle for each run of text, in content order."""
        if self._runs is None:
            self._runs = self._rectangles()
        return self._runs

    def _rectangles(self) -> list[Box]:
        left, top, right, bottom = self._corners
        found = []
        for index in range(pdfium.FPDFText_CountRects(self._raw, 0, -1)):
            pdfium.FPDFText_GetRect(self._raw, index, left, top, right, bottom)
            found.append(self._turn(left.value, bottom.value, right.value, top.value))
        return found


def turner(page: Any) -> Callable[[float, float, float, float], Box]:
    """From PDF space (y upwards, before the page's rotation, from any origin) to the page as shown: what its CropBox leaves of it."""
    left, low, right, high = page.get_bbox()
    rotation = page.get_rotation()
    if rotation == 90:
        return lambda x0, y0, x1, y1: (y0 - low, x0 - left, y1 - low, x1 - left)
    if rotation == 180:
        return lambda x0, y0, x1, y1: (right - x1, y0 - low, right - x0, y1 - low)
    if rotation == 270:
        return lambda x0, y0, x1, y1: (high - y1, right - x1, high - y0, right - x0)
    return lambda x0, y0, x1, y1: (x0 - left, high - y1, x1 - left, high - y0)


def whole_lines(text: str, reach: Reach) -> list[Line]:
    """The lines as pdfium puts them together: right where the layout is plain."""
    lines: list[Line] = []
    for match in _LINE.finditer(text):
        content = match.group()
        broken = content.endswith(HYPHEN)
        start = match.start() + len(content) - len(content.lstrip())
        stripped = content.strip(" \t" + HYPHEN)
        if not stripped:
            continue
        end = start + len(stripped) - 1
        first, last = reach.box(start), reach.box(end)
        line = Line(
            _noted(stripped, start, reach),
            min(first[0], last[0]),
            min(first[1], last[1]),
            max(first[2], last[2]),
            max(first[3], last[3]),
            reach.size(start),
            reach.bold(start) and reach.bold(end),
            broken,
        )
        if lines and _follows(lines[-1], first):
            lines[-1] = _extended(lines[-1], line)
        else:
            lines.append(line)
    return lines


_SPACED = re.compile(r"(?<!\S)(?:[^\W\d_] ){3,}[^\W\d_](?!\S)")
_PERHAPS_SPACED = re.compile(
    r" [^\W\d_] [^\W\d_] "
)  # begins with a blank, so that it is found fast
_FAR_APART = 1.5  # heights of a letter: cells of a table, no spacing
_SURELY_SPACED = 7  # letters, also within a line of words
_JOINER = "\u2060"  # taken out by `repair`; keeps every letter at its index


def lost_within_lines(text: str, reach: Reach) -> str:
    """The text with U+FFFD for what pdfium tells as a hyphen at a line's end and is followed by a letter of the same line.

    It is a letter that the font maps to nothing.
    """
    if HYPHEN not in text:
        return text
    letters = list(text)
    for match in re.finditer(HYPHEN, text):
        at = match.start()
        if at + 1 < len(text) and not text[at + 1].isspace():
            here, following = reach.box(at), reach.box(at + 1)
            if _level(following, here[1], here[3]) and following[0] > here[0]:
                letters[at] = "\ufffd"
    return "".join(letters)


def despaced(text: str, reach: Reach) -> str:
    """The text with l e t t e r - s p a c e d words joined: where the gap is no wider than between the other letters.

    Letters that are meant singly stay: an alphabet ("A B C D"), a few among words, and those that stand further apart than one and a half of their height.
    """

    def join(match: re.Match[str]) -> str:
        at = match.start()
        if not _is_spaced(match):
            return match.group()
        places = range(at, match.end(), 2)
        boxes = [reach.box(place) for place in places]
        gaps = [right[0] - left[2] for left, right in pairwise(boxes)]
        usual = sorted(gaps)[len(gaps) // 2]
        if usual > _FAR_APART * reach.size(at):
            return match.group()
        letters = [text[place] for place in places]
        between = [" " if gap > usual + 0.6 * abs(usual) + 1.0 else _JOINER for gap in gaps]
        return "".join(letter + mark for letter, mark in zip(letters, [*between, ""], strict=True))

    return _SPACED.sub(join, text) if _PERHAPS_SPACED.search(text) else text


def _is_spaced(match: re.Match[str]) -> bool:
    letters = match.group()[::2]
    if all(ord(second) - ord(first) == 1 for first, second in pairwise(letters)):
        return False
    ends = (match.string.find(end, match.end()) for end in "\r\n")
    end = min((place for place in ends if place >= 0), default=len(match.string))
    begin = max(match.string.rfind(end, 0, match.start()) for end in "\r\n") + 1
    alone = all(len(word) <= 2 for word in match.string[begin:end].split())
    return alone or len(letters) >= _SURELY_SPACED


def _follows(above: Line, first: Box) -> bool:
    """True when a line begins where the one before ends: pdfium breaks lines at raised signs."""
    gap = first[0] - above.x1
    return -1.0 < gap < _gap(above.size) and _level(first, above.top, above.bottom)


def _extended(first: Line, second: Line) -> Line:
    space = "" if second.x0 - first.x1 < 0.12 * first.size else " "
    return Line(
        f"{first.text}{space}{second.text}",
        first.x0,
        min(first.top, second.top),
        second.x1,
        max(first.bottom, second.bottom),
        max(first.size, second.size),
        first.bold and second.bold,
        second.broken,
    )


def _noted(text: str, start: int, reach: Reach) -> str:
    """Put the numbers of footnotes, raised after a word, in brackets: "policy3" is policy[3]."""
    if not _NOTE.search(text):
        return text

    def bracket(match: re.Match[str]) -> str:
        place = start + match.start()
        raised = reach.size(place) < 0.8 * reach.size(place - 1)
        return f"[{match.group()}]" if raised else match.group()

    return _NOTE.sub(bracket, text)


def line_parts(text: str, reach: Reach) -> list[Line]:
    """Lines cut wherever a gap is wider than a blank: the pieces that columns and tables are made of."""
    parts: list[Line] = []
    words: list[str] = []
    start = 0
    left = right = top = bottom = 0.0
    size = 0.0

    def close(end: int, broken: bool) -> None:
        bold = reach.bold(start) and reach.bold(end)
        parts.append(Line(" ".join(words), left, top, right, bottom, size, bold, broken))

    last_end = 0
    last_broken = False
    for match in _WORD.finditer(text):
        word = match.group()
        broken = word.endswith(HYPHEN)
        word = word.rstrip(HYPHEN)
        if not word:
            continue
        begin, end = match.start(), match.start() + len(word) - 1
        first, last = reach.box(begin), reach.box(end)
        same_line = words and not last_broken and _level(first, top, bottom)
        if same_line and -size < first[0] - right < _gap(size):
            words.append(_noted(word, begin, reach))
            right = max(right, last[2])
            top, bottom = min(top, first[1]), max(bottom, first[3])
        else:
            if words:
                close(last_end, last_broken)
            words = [_noted(word, begin, reach)]
            start = begin
            left, top, bottom = first[0], first[1], first[3]
            right = max(first[2], last[2])
            size = reach.size(begin)
        last_end, last_broken = end, broken
    if words:
        close(last_end, last_broken)
    return parts


def _level(box: Box, top: float, bottom: float) -> bool:
    """True when a character's middle lies within the height of the line."""
    middle = (box[1] + box[3]) / 2
    return top <= middle <= bottom


def _gap(size: float) -> float:
    """How wide a blank may be within a line: justified text stretches its blanks to about one em."""
    return 1.3 * max(size, 6.0)


def has_gaps(reach: Reach, height: float) -> bool:
    """True when runs of text lie side by side with a gap between them: columns, or a table.

    A bullet or number before its text, and running heads (the outer 8% of the page), do not count.
    """
    previous: Box | None = None
    margin = 0.08 * height
    for box in reach.rectangles():
        if previous is not None and margin < box[1] < height - margin:
            tall = max(box[3] - box[1], 4.0)
            level = min(box[3], previous[3]) - max(box[1], previous[1]) > 0.3 * tall
            gap = box[0] - previous[2]
            if level and (gap > 1.6 * tall + 4 or gap < -2 * tall):
                bullet = previous[2] - previous[0] < 2.6 * tall and gap < 6 * tall
                if not bullet:
                    return True
        previous = box
    return False


def climbs(lines: list[Line], height: float) -> bool:
    """True when a line of the body lies above the one before it: text of several columns in turn."""
    margin = 0.08 * height
    lowest = 0.0
    for line in lines:
        if line.top < margin or line.bottom > height - margin:
            continue
        if line.bottom < lowest - 0.8 * max(line.bottom - line.top, 4.0):
            return True
        lowest = max(lowest, line.bottom)
    return False
