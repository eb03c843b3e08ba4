"""Reading order: a page's lines cut into blocks by its columns, top to bottom and left to right.

The cut is recursive (XY-cut): a region is cut at gutters, empty vertical strips that run past several lines; what is left is
a column. Columns of prose are read one after the other; columns of short cells are a table and read row by row.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from casereviews.repository.reading.pdf.lines import Line
from casereviews.repository.reading.pdf.rows import (
    grouped_rows,
    joined,
    side_by_side,
    table_rows,
)

_MARK = re.compile(
    r"^(?:[•●○◦▪■□‣➢❖✓–-]|[\uf000-\uf0ff]|o|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]|\d{1,2}(?:\.\d{1,2}){1,3}\.?)$"
)


@dataclass(slots=True)
class Region:
    """A block of the page in reading order: `lines` of prose, or `rows` of a table (cells of lines)."""

    lines: list[Line] = field(default_factory=list)
    rows: list[list[list[Line]]] = field(default_factory=list)

    @property
    def top(self) -> float:
        tops = [line.top for line in self.lines]
        tops += [line.top for row in self.rows for cell in row for line in cell]
        return min(tops, default=0.0)


def regions(parts: Sequence[Line], tables: Sequence[Region] = ()) -> list[Region]:
    """Order the parts of lines of a page; `tables` are ready blocks that stand between them."""
    found: list[Region] = []
    for band in _bands(parts, tables):
        if isinstance(band, Region):
            found.append(band)
        else:
            found.extend(_columns(band, 0))
    return found


def _bands(parts: Sequence[Line], tables: Sequence[Region]) -> list[list[Line] | Region]:
    """Cut the page into horizontal bands at its ready tables."""
    rest = sorted(parts, key=lambda line: (line.bottom, line.x0))
    bands: list[list[Line] | Region] = []
    for table in sorted(tables, key=lambda each: each.top):
        above = [line for line in rest if (line.top + line.bottom) / 2 <= table.top]
        if above:
            bands.append(above)
            rest = (
                rest[len(above) :]
                if rest[: len(above)] == above
                else [line for line in rest if line not in above]
            )
        bands.append(table)
    if rest:
        bands.append(rest)
    return bands


def join_marks(row: list[Line]) -> list[Line]:
    """Put bullets and list numbers together with the text after them."""
    joined_row: list[Line] = []
    for part in row:
        last = joined_row[-1] if joined_row else None
        if (
            last is not None
            and _MARK.match(last.text)
            and 0 <= part.x0 - last.x1 < 6 * max(part.size, 6.0)
        ):
            joined_row[-1] = joined([last, part])
        else:
            joined_row.append(part)
    return joined_row


def _columns(parts: list[Line], depth: int) -> list[Region]:
    """Blocks of a band: runs of rows with the same gutters are cut at them, single rows are prose."""
    rows = [join_marks(row) for row in grouped_rows(parts)]
    found: list[Region] = []
    index = 0
    running: Region | None = None
    while index < len(rows):
        end, gutter = _stretch(rows, index)
        if gutter is None:
            if running is None:
                found.append(running := Region())
            running.lines.append(joined(rows[index]))
            index += 1
            continue
        running = None
        stretch = [part for row in rows[index:end] for part in row]
        found.extend(_split(stretch, rows[index:end], gutter, depth))
        index = end
    return found


def _stretch(rows: list[list[Line]], start: int) -> tuple[int, tuple[float, float] | None]:
    """The longest run of rows from `start` that one gutter runs through, and the gutter.

    A run starts at a row with a gap in it, or at the first of two rows that lie side by side; rows with a single part on
    one side of the gutter belong to it; a row across the gutter ends it.
    """
    gutter = _first_gap(rows, start)
    if gutter is None:
        return start + 1, None
    left, right = gutter
    both = 0
    end = start
    last_both = start
    seen: set[str] = set()
    for index in range(start, len(rows)):
        new_left, new_right = left, right
        sides: set[str] = set()
        for part in rows[index]:
            middle = (part.x0 + part.x1) / 2
            if part.x1 <= (left + right) / 2 or (middle < left and part.x1 < right):
                new_left = max(new_left, part.x1)
                sides.add("l")
            elif part.x0 >= (left + right) / 2 or (middle > right and part.x0 > left):
                new_right = min(new_right, part.x0)
                sides.add("r")
            else:
                sides.add("across")
        size = rows[index][0].size
        if "across" in sides or new_right - new_left < 0.6 * max(size, 6.0):
            break
        if index > start and _apart(rows[index - 1], rows[index]) and len(sides) == 1 and both > 1:
            # A lone line far below belongs to the columns only when they go on after it.
            following = rows[index + 1 : index + 3]
            if not any(len(row) > 1 for row in following):
                break
        left, right = new_left, new_right
        end = index + 1
        if len(sides) == 2 or (
            index > start and sides != seen and _beside(rows[index - 1], rows[index])
        ):
            both += 1
            last_both = end
        seen = sides
    if both < 2:
        return start + 1, None
    return _tail(rows, last_both, end), (left, right)


def _tail(rows: list[list[Line]], last_both: int, end: int) -> int:
    """Rows after the last two-sided one stay in the columns while they follow at line distance."""
    index = last_both
    while index < end and not _apart(rows[index - 1], rows[index]):
        index += 1
    return index


def _apart(above: list[Line], below: list[Line]) -> bool:
    height = below[0].bottom - below[0].top
    return below[0].top - max(part.bottom for part in above) > 1.2 * height


def _first_gap(rows: list[list[Line]], start: int) -> tuple[float, float] | None:
    """The widest gap of the row at `start`, or between it and the next row when those lie side by side.

    Columns whose lines stand at different heights give rows of one part each, alternately left and right.
    """
    row = rows[start]
    gaps = [(a.x1, b.x0) for a, b in itertools.pairwise(row) if b.x0 > a.x1]
    if gaps:
        return max(gaps, key=lambda gap: gap[1] - gap[0])
    if start + 1 >= len(rows) or not _beside(row, rows[start + 1]):
        return None
    first, second = sorted((row[0], rows[start + 1][0]), key=lambda part: part.x0)
    return (first.x1, second.x0) if second.x0 > first.x1 else None


def _beside(above: list[Line], below: list[Line]) -> bool:
    """True when two rows overlap in height: lines of two columns, not lines of one."""
    height = min(part.bottom - part.top for part in (*above, *below))
    return below[0].top < max(part.bottom for part in above) - 0.15 * height


def _split(
    stretch: list[Line], rows: list[list[Line]], gutter: tuple[float, float], depth: int
) -> list[Region]:
    """Columns of prose one after the other, or a table row by row."""
    middle = (gutter[0] + gutter[1]) / 2
    left = [part for part in stretch if (part.x0 + part.x1) / 2 < middle]
    right = [part for part in stretch if (part.x0 + part.x1) / 2 >= middle]
    if depth < 6 and _prose(left) and _prose(right) and not side_by_side(left, right):
        return _columns(left, depth + 1) + _columns(right, depth + 1)
    return [Region(rows=table_rows(rows))]


def _prose(column: list[Line]) -> bool:
    """True when most lines of a column are full: text that runs on, not cells of a table."""
    if len(column) < 3:
        return False
    left = min(line.x0 for line in column)
    right = max(line.x1 for line in column)
    width = max(right - left, 1.0)
    rows = grouped_rows(column)
    full = [row for row in rows if sum(part.width for part in row) > 0.72 * width]
    letters = median(sum(len(part.text) for part in row) for row in rows)
    return len(full) >= 0.45 * len(rows) and letters >= 16
