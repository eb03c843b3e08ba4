"""How rich things reach the standard output: in colour on a terminal, plain in a pipe."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterator
from io import StringIO
from typing import Any

PIPED_WIDTH = 120
WHOLE_WIDTH = 100_000
NARROWEST = 20


def room() -> int | None:
    """How many letters a line takes: those of the terminal or of `COLUMNS`; None in a pipe, where lines are whole."""
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said) > 0:
        return max(int(said), NARROWEST)
    return max(shutil.get_terminal_size().columns, NARROWEST) if sys.stdout.isatty() else None


def columns() -> int:
    """How many letters a line of what is always wrapped takes, such as snippets."""
    return room() or PIPED_WIDTH


def drawn(*renderables: Any, whole_lines: bool = False) -> Iterator[str]:
    """What rich draws, as text for the standard output; `whole_lines` breaks no line in a pipe."""
    from rich.console import Console, Group

    on_terminal = sys.stdout.isatty()
    width = (room() or WHOLE_WIDTH) if whole_lines else columns()
    buffer = StringIO()
    console = Console(
        file=buffer, width=width, force_terminal=on_terminal, highlight=False, emoji=False
    )
    for renderable in renderables:
        console.print(
            Group(renderable), crop=False
        )  # alone, a text would be wrapped whatever it says
    text = buffer.getvalue().rstrip("\n")
    yield text if on_terminal else "\n".join(line.rstrip() for line in text.split("\n"))


def hanging(first: Any, rest: Any) -> Any:
    """Two texts on one line; what of the second needs more lines stands under where it began."""
    from rich.table import Table

    grid = Table.grid(padding=0)
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(first, rest)
    return grid


def address(text: str, *, indent: int = 0) -> Any:
    """An address: whole in a pipe, however long; on a terminal continued where it is indented."""
    from rich.text import Text

    from casereviews.collection.output.hostile import for_line

    shown = Text(for_line(text), "blue")
    if not sys.stdout.isatty():
        shown.no_wrap, shown.overflow = True, "ignore"
        return Text.assemble(" " * indent, shown, no_wrap=True, overflow="ignore")
    return hanging(Text(" " * indent), shown)


def note(text: str) -> str:
    """A remark for the standard error: on a terminal broken between words, and continued indented."""
    if not sys.stderr.isatty():
        return text
    width = max(shutil.get_terminal_size().columns, NARROWEST)
    return textwrap.fill(
        text, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )
