"""Where recognised letters stand on a scanned page as it is shown: recognition gives lines, of a page that it turned straight."""

from __future__ import annotations

import math
from collections.abc import Callable

from casereviews.repository.reading.page_store import OcrPage
from casereviews.repository.reading.pdf.lines import Box

_NARROW, _BROAD = frozenset("iljtfrI1.,:;'|!()[] "), frozenset("mwMW@—")
_SLIM, _WIDE = 0.5, 1.5  # of a common letter's width, in most typefaces of print


def letters_of(page: OcrPage) -> tuple[str, Callable[[int], Box]]:
    """The lines of a page as one text, a line each, and what gives the box of a letter of it, in points from the upper left corner
    of the page as shown. A line's width is shared among its letters by how broad they usually are."""
    starts: list[int] = []
    edges: list[list[float]] = []
    length = 0
    for line in page.lines:
        starts.append(length)
        length += len(line.text) + 1
        widths = [_width(letter) for letter in line.text]
        share = line.width / max(sum(widths), _SLIM)
        places = [line.x0]
        for width in widths:
            places.append(places[-1] + width * share)
        edges.append(places)
    line_of = [row for row, line in enumerate(page.lines) for _ in range(len(line.text) + 1)]

    def box_of(at: int) -> Box:
        row = line_of[at]
        inside = at - starts[row]
        line, places = page.lines[row], edges[row]
        if inside >= len(line.text):
            return (0.0, 0.0, 0.0, 0.0)
        return _as_shown(page, (places[inside], line.top, places[inside + 1], line.bottom))

    return "\n".join(line.text for line in page.lines), box_of


def _width(letter: str) -> float:
    return _SLIM if letter in _NARROW else _WIDE if letter in _BROAD else 1.0


def _as_shown(page: OcrPage, box: Box) -> Box:
    """A box of the straight page on the page as it lies in the file: turned back by its slope, then by its quarters."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    half_wide, half_high = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
    turn, lift = math.cos(page.slope), math.sin(page.slope)
    x, y = x * turn - y * lift, x * lift + y * turn
    if page.quarters % 4 == 1:
        x, y = page.height - y, x
    elif page.quarters % 4 == 2:
        x, y = page.width - x, page.height - y
    elif page.quarters % 4 == 3:
        x, y = y, page.width - x
    if page.quarters % 2:
        half_wide, half_high = half_high, half_wide
    return (x - half_wide, y - half_high, x + half_wide, y + half_high)
