"""How rich things reach the standard output: in colour on a terminal, plain in a pipe."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from io import StringIO
from typing import Any

PIPED_WIDTH = 120
WHOLE_WIDTH = 100_000


def columns() -> int:
    """How many letters a line of the standard output takes."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPED_WIDTH


def drawn(*renderables: Any, whole_lines: bool = False) -> Iterator[str]:
    """What rich draws, as text for the standard output; `whole_lines` breaks no line in a pipe."""
    from rich.console import Console

    on_terminal = sys.stdout.isatty()
    width = WHOLE_WIDTH if whole_lines and not on_terminal else columns()
    buffer = StringIO()
    console = Console(
        file=buffer, width=width, force_terminal=on_terminal, highlight=False, emoji=False
    )
    for renderable in renderables:
        console.print(renderable, crop=False)
    text = buffer.getvalue().rstrip("\n")
    yield text if on_terminal else "\n".join(line.rstrip() for line in text.split("\n"))
