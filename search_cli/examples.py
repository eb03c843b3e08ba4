"""Examples of a command, for the end of its `--help`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

Verb = TypeVar("Verb", bound=click.Command)


def examples(*lines: str) -> Callable[[Verb], Verb]:
    """Show these lines, without the program's name, after the options of a command: `@examples("held")` above `@click.command`."""

    def decorate(command: Verb) -> Verb:
        shown = "\n".join(f"  casereviews {line}" for line in lines)
        command.epilog = f"\b\n{'Example' if len(lines) == 1 else 'Examples'}:\n{shown}"
        return command

    return decorate
