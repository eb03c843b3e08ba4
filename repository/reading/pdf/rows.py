"""Parts of lines put into rows, and rows of short parts into cells of tables."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from casereviews.repository.reading.pdf.lines import Line


def grouped_rows(parts: Sequence[Line]) -> list[list[Line]]:
    """Parts grouped by the baseline they share, from top to bottom, each from left to right."""
    rows: list[list[Line]] = []
    for part in sorted(parts, key=lambda line: line.bottom):
        if rows:
            last = rows[-1][0]
            shared = min(last.bottom, part.bottom) - max(last.top, part.top)
            if shared > 0.5 * min(last.bottom - last.top, part.bottom - part.top):
                rows[-1].append(part)
                continue
        rows.append([part])
    for row in rows:
        row.sort(key=lambda line: line.x0)
    return rows


def joined(row: Sequence[Line]) -> Line:
    """The parts of one row as one line."""
    if len(row) == 1:
        return row[0]
    widest = max(row, key=lambda part: len(part.text))
    return Line(
        " ".join(part.text for part in row),
        min(part.x0 for part in row),
        min(part.top for part in row),
        max(part.x1 for part in row),
        max(part.bottom for part in row),
        widest.size,
        all(part.bold for part in row),
        row[-1].broken,
    )


def side_by_side(left: list[Line], right: list[Line]) -> bool:
    """True when the blocks of two columns begin at the same heights: cells of rows, not columns of prose."""
    starts, others = _block_starts(left), _block_starts(right)
    if min(len(starts), len(others)) < 3:
        return False
    same = sum(any(abs(top - other) < 3.0 for other in others) for top in starts)
    return same >= 0.8 * max(len(starts), len(others))


def _block_starts(column: list[Line]) -> list[float]:
    rows = grouped_rows(column)
    starts = [rows[0][0].top]
    starts += [below[0].top for above, below in itertools.pairwise(rows) if _loose(above, below)]
    return starts


def table_rows(rows: list[list[Line]]) -> list[list[list[Line]]]:
    """Rows of cells.

    A line close below goes on the cells above it when its first column is empty, or when gaps between lines part the rows
    of this table and a cell above is full to its edge.
    """
    edges = _column_edges(rows)
    parted = [_loose(above, below) for above, below in itertools.pairwise(rows)]
    spaced = sum(parted) >= 2 and sum(parted) >= 0.25 * len(parted)
    placed = [_placed(edges, row) for row in rows]
    widest = [
        max((_extent(cells[index]) for cells in placed), default=0.0) for index in range(len(edges))
    ]
    table: list[list[list[Line]]] = []
    for place, cells in enumerate(placed):
        close = place > 0 and not parted[place - 1]
        goes_on = not cells[0] and bool(table and table[-1][0])
        if close and spaced and not goes_on:
            above = placed[place - 1]
            goes_on = any(
                _extent(cell) > 0.7 * most > 0 for cell, most in zip(above, widest, strict=True)
            )
        if table and close and goes_on:
            for index, cell in enumerate(cells):
                table[-1][index].extend(cell)
        else:
            table.append(cells)
    return table


def _placed(edges: list[float], row: list[Line]) -> list[list[Line]]:
    """The parts of a row in their columns."""
    cells: list[list[Line]] = [[] for _ in edges]
    for part in row:
        cells[_column(edges, part)].append(part)
    return cells


def _extent(cell: list[Line]) -> float:
    return sum(part.width for part in cell)


def _loose(above: list[Line], below: list[Line]) -> bool:
    height = below[0].bottom - below[0].top
    return below[0].top - max(part.bottom for part in above) > 0.45 * height


def _column_edges(rows: list[list[Line]]) -> list[float]:
    """Left edges of the columns: where parts begin after an empty strip."""
    spans = sorted((part.x0, part.x1) for row in rows for part in row)
    edges: list[float] = []
    reach = float("-inf")
    for x0, x1 in spans:
        if x0 > reach + 2.0:
            edges.append(x0)
        reach = max(reach, x1)
    return edges


def _column(edges: list[float], part: Line) -> int:
    index = 0
    for position, edge in enumerate(edges):
        if part.x0 >= edge - 1.0:
            index = position
    return index
