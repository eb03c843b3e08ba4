"""Ruled tables: thin paths on a page make a grid, and lines of text fall into its cells."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from casereviews.repository.reading.pdf.layout import Region
from casereviews.repository.reading.pdf.lines import Line, turner
from casereviews.repository.reading.pdf.rows import grouped_rows, joined

_THIN = 3.0
_MOST_PATHS = 4000
Box = tuple[float, float, float, float]


@dataclass(slots=True)
class Grid:
    """Edges of a table's columns and rows."""

    xs: list[float]
    ys: list[float]

    def holds(self, line: Line) -> bool:
        x, y = line.x0 + min(line.width / 2, 4.0), (line.top + line.bottom) / 2
        return self.xs[0] - 2 <= x <= self.xs[-1] + 2 and self.ys[0] - 2 <= y <= self.ys[-1] + 2


def grids(page: Any) -> list[Grid]:
    """The ruled grids of a page with at least two columns and two rows, or one row of two columns."""
    across, down = _rules(page)
    if len(across) < 2 or len(down) < 2:
        return []
    found = []
    for rows, columns in _groups(across, down):
        ys = _cluster(y for rule in rows for y in (rule[1],))
        xs = _cluster(x for rule in columns for x in (rule[0],))
        if len(xs) >= 3 and len(ys) >= 2:
            found.append(Grid(xs, ys))
    return found


def ruled(parts: Sequence[Line], found: Sequence[Grid]) -> tuple[list[Line], list[Region]]:
    """Take the lines that lie in grids out of `parts` as tables; returns what is left, and the tables."""
    rest = list(parts)
    tables = []
    for grid in found:
        inside = [line for line in rest if grid.holds(line)]
        if not inside:
            continue
        rest = [line for line in rest if not grid.holds(line)]
        rows = _cells(inside, grid)
        if sum(1 for row in rows if sum(bool(cell) for cell in row) > 1) == 0:
            rest.extend(inside)
            continue
        tables.append(Region(rows=rows))
    return rest, tables


def _cells(inside: Sequence[Line], grid: Grid) -> list[list[list[Line]]]:
    columns, rows = len(grid.xs) - 1, len(grid.ys) - 1
    table: list[list[list[Line]]] = [[[] for _ in range(columns)] for _ in range(rows)]
    for line in inside:
        y = (line.top + line.bottom) / 2
        row = _slot(grid.ys, y)
        column = _slot(grid.xs, line.x0 + min(line.width / 2, 4.0))
        table[row][column].append(line)
    for cells in table:
        for cell in cells:
            cell[:] = _ordered(cell)
    return [cells for cells in table if any(cells)]


def _ordered(cell: list[Line]) -> list[Line]:
    """The lines of a cell from top to bottom, parts of one line joined."""
    return [joined(row) for row in grouped_rows(cell)]


def _slot(edges: Sequence[float], value: float) -> int:
    for index in range(len(edges) - 1):
        if value < edges[index + 1]:
            return index
    return len(edges) - 2


def _rules(page: Any) -> tuple[list[Box], list[Box]]:
    """Horizontal and vertical thin rules of a page; frames give their four sides."""
    width, height = page.get_size()
    turn = turner(page)
    across: list[Box] = []
    down: list[Box] = []
    left, low, right, up = (ctypes.c_float() for _ in range(4))
    for index in range(min(pdfium.FPDFPage_CountObjects(page.raw), _MOST_PATHS)):
        item = pdfium.FPDFPage_GetObject(page.raw, index)
        if pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        if not pdfium.FPDFPageObj_GetBounds(item, left, low, right, up):
            continue
        box = turn(left.value, low.value, right.value, up.value)
        for x0, y0, x1, y1 in _sides(box, width, height):
            if y1 - y0 <= _THIN and x1 - x0 > 12:
                across.append((x0, (y0 + y1) / 2, x1, (y0 + y1) / 2))
            elif x1 - x0 <= _THIN and y1 - y0 > 5:
                down.append(((x0 + x1) / 2, y0, (x0 + x1) / 2, y1))
    return across, down


def _sides(box: Box, width: float, height: float) -> list[Box]:
    x0, y0, x1, y1 = box
    if x1 - x0 <= _THIN or y1 - y0 <= _THIN:
        return [box]
    if x1 - x0 > 0.97 * width and y1 - y0 > 0.9 * height:
        return []  # the page's own background or frame
    return [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]


def _groups(across: list[Box], down: list[Box]) -> list[tuple[list[Box], list[Box]]]:
    """Rules that touch each other belong to one table."""
    rules = [(box, True) for box in across[:600]] + [(box, False) for box in down[:600]]
    parent = list(range(len(rules)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    flats = [index for index, (_, flat) in enumerate(rules) if flat]
    uprights = [index for index, (_, flat) in enumerate(rules) if not flat]
    for first in flats:
        for second in uprights:
            if _touch(rules[first][0], rules[second][0]):
                parent[root(first)] = root(second)
    gathered: dict[int, tuple[list[Box], list[Box]]] = {}
    for index, (box, flat) in enumerate(rules):
        gathered.setdefault(root(index), ([], []))[0 if flat else 1].append(box)
    return [(rows, columns) for rows, columns in gathered.values() if rows and columns]


def _touch(flat: Box, upright: Box) -> bool:
    return flat[0] - 3 <= upright[0] <= flat[2] + 3 and upright[1] - 3 <= flat[1] <= upright[3] + 3


def _cluster(values: Any) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > 4.0:
            found.append(value)
    return found
