"""How rich things reach the standard output: in colour on a terminal, plain in a pipe."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from io import StringIO
from typing import Any

PIPED_WIDTH = 120


def drawn(*renderables: Any) -> Iterator[str]:
    """What rich draws, as text for the standard output."""
    from rich.console import Console

    on_terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if on_terminal else PIPED_WIDTH
    buffer = StringIO()
    console = Console(
        file=buffer, width=width, force_terminal=on_terminal, highlight=False, emoji=False
    )
    for renderable in renderables:
        console.print(renderable)
    yield buffer.getvalue().rstrip("\n")
