"""Asking for the description of a case: what is typed stays in memory."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from casereviews.collection.asking.described_case import decoded, of_file, plain

PROMPT = (
    "Describe the case in plain words, without names; an empty line ends it. Nothing is stored."
)
ANOTHER = "Another case? Describe it; an empty line ends."


def asked(text: str | None, file: Path | None) -> str:
    """The description, from --text, --file, stdin or, on a terminal, the prompt.

    Raises UsageError when there is none, RequestError when the file has no text that can be read in memory.
    """
    if text is not None:
        found = plain(text)
    elif file is not None:
        found = of_file(file)
    elif not sys.stdin.isatty():
        found = plain(decoded(sys.stdin.buffer.read()))
    else:
        found = plain(typed())
    if not found.strip():
        raise click.UsageError(
            "there is no description: type one at the prompt, or use --text or --file"
        )
    return found


def typed(prompt: str = PROMPT) -> str:
    """What is typed at the prompt, up to an empty line."""
    click.echo(prompt, err=True)
    lines = []
    for line in sys.stdin:
        if not line.strip():
            break
        lines.append(line)
    return "".join(lines)
