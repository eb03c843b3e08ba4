"""A table on a terminal; in a pipe one row a line, whole, so that `grep` and `cut` find what they look for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casereviews.collection.output.answer import Answer
from casereviews.collection.output.form import Form
from casereviews.collection.output.hostile import flat, for_line

_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\dZ")


def render(answer: Answer) -> Iterator[str]:
    """Draw with rich; ids are never broken over lines, and instants are given to the minute."""
    from rich.table import Table
    from rich.text import Text

    from casereviews.search_cli.output.terminal import drawn

    if answer.table is not None:
        yield from drawn(answer.table() if callable(answer.table) else answer.table)
        return
    table = Table(
        title=Text(for_line(answer.title)) if answer.title else None,
        title_justify="left",
        box=None,
        pad_edge=False,
    )
    shown = [column for column in answer.columns if not column.wide]
    for column in shown:
        table.add_column(
            Text(for_line(column.heading)),
            justify="right" if column.right else "left",
            overflow="fold",
            no_wrap=column.key == "id" or column.key.endswith("_id"),
        )
    for row in answer.rows:
        table.add_row(*(Text(_cell(row.get(column.key))) for column in shown))
    yield from drawn(table, whole_lines=True)


def _cell(value: object) -> str:
    return _INSTANT.sub(r"\1 \2", for_line(flat(value)))


FORM = Form("table", "a table for people", "", "txt", render)
