"""A table on a terminal; in a pipe one row a line, whole, so that `grep` and `cut` find what they look for.

A table that would break words or make a row higher than `HIGHEST` lines becomes blocks: a row's id, and its other values below it, a
line or more each.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from casereviews.collection.output.answer import Answer, Column
from casereviews.collection.output.form import Form
from casereviews.collection.output.hostile import flat, for_line

HIGHEST = 4
LEAST_VALUE = 20
_GAP = 2
_INDENT = 2
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\dZ")


def render(answer: Answer) -> Iterator[str]:
    """Draw with rich; ids are never broken over lines, and instants are given to the minute."""
    from casereviews.search_cli.output.terminal import WHOLE_WIDTH, drawn, room

    if answer.table is not None:
        yield from drawn(answer.table() if callable(answer.table) else answer.table)
        return
    shown = [
        replace(column, heading=for_line(column.heading))
        for column in answer.columns
        if not column.wide
    ]
    rows = [
        {column.key: _cell(column.read(row, answer.vocabulary)) for column in shown}
        for row in answer.rows
    ]
    width = room()
    widths = _widths(shown, rows, width or WHOLE_WIDTH)
    if width is None or widths:
        yield from drawn(_table(answer.title, shown, rows, widths or []), whole_lines=True)
    else:
        yield from drawn(
            *_blocks(for_line(answer.title or ""), shown, rows, width), whole_lines=True
        )


def _whole(column: Column) -> bool:
    """True for what is never broken over lines."""
    return column.key == "id" or column.key.endswith("_id")


def _widths(
    columns: Sequence[Column], rows: Sequence[Mapping[str, str]], width: int
) -> list[int] | None:
    """How wide each column is so that no word is broken and no row is higher than `HIGHEST`; None when that cannot be."""
    from rich.cells import cell_len

    natural, widths = [], []
    for column in columns:
        texts = [column.heading, *(row[column.key] for row in rows)]
        natural.append(max(map(cell_len, texts)))
        words = texts if _whole(column) else [word for text in texts for word in text.split()]
        widths.append(max(map(cell_len, words), default=1))
    left = width - _GAP * (len(columns) - 1) - sum(widths)
    if left < 0:
        return None
    # What is left goes to the columns that lack least first: most of them then need one line only.
    for at in sorted(range(len(columns)), key=lambda at: natural[at] - widths[at]):
        more = min(natural[at] - widths[at], left)
        widths[at] += more
        left -= more
    for column, size in zip(columns, widths, strict=True):
        if any(math.ceil(cell_len(row[column.key]) / size) > HIGHEST for row in rows):
            return None
    return widths


def _table(
    title: str, columns: Sequence[Column], rows: Sequence[Mapping[str, str]], widths: Sequence[int]
) -> Any:
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=Text(for_line(title)) if title else None,
        title_justify="left",
        box=None,
        pad_edge=False,
    )
    for column, width in zip(columns, widths, strict=True):
        table.add_column(
            Text(column.heading), justify="right" if column.right else "left", width=width
        )
    for row in rows:
        table.add_row(*(Text(row[column.key]) for column in columns))
    return table


def _blocks(
    title: str, columns: Sequence[Column], rows: Sequence[Mapping[str, str]], width: int
) -> Iterator[Any]:
    """Each row by itself: its id (or its first value), then heading and value, continued under the value; what is empty is left out."""
    from rich.console import Console
    from rich.text import Text

    name = next((column for column in columns if _whole(column)), columns[0])
    others = [column for column in columns if column is not name]
    margin = max((len(column.heading) for column in others), default=0) + _INDENT + _GAP
    console = Console(width=width)
    if title:
        yield Text(title, "italic")
    for row in rows:
        yield Text(row[name.key], "bold")
        for column in others:
            value = row[column.key]
            whole = "://" in value and not sys.stdout.isatty()  # in a pipe an address stays whole
            lines = Text(value).wrap(
                console, max(width - margin, LEAST_VALUE), overflow="ignore" if whole else "fold"
            )
            for at, line in enumerate(lines if value else ()):
                heading = "" if at else " " * _INDENT + column.heading
                line.rstrip()
                yield Text.assemble(
                    (f"{heading:<{margin}}", "dim"), line, no_wrap=True, overflow="ignore"
                )


def _cell(value: object) -> str:
    return _INSTANT.sub(r"\1 \2", for_line(flat(value)))


FORM = Form("table", "a table for people", "", "txt", render)
