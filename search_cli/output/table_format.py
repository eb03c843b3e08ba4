"""A table on a terminal; plain columns when the output is piped."""

from __future__ import annotations

from collections.abc import Iterator

from search_cli.output.answer import Answer
from search_cli.output.hostile import flat, for_line


def render(answer: Answer) -> Iterator[str]:
    """Draw with rich; the text is printed through `search_cli.output.terminal`, so this yields it whole."""
    from rich.table import Table
    from rich.text import Text

    from search_cli.output.terminal import drawn

    if answer.table is not None:
        yield from drawn(answer.table() if callable(answer.table) else answer.table)
        return
    table = Table(
        title=for_line(answer.title) or None, title_justify="left", box=None, pad_edge=False
    )
    shown = [column for column in answer.columns if not column.wide]
    for column in shown:
        table.add_column(
            column.heading, justify="right" if column.right else "left", overflow="fold"
        )
    for row in answer.rows:
        table.add_row(*(Text(for_line(flat(row.get(column.key)))) for column in shown))
    yield from drawn(table)
