"""Markdown: a table whose cells cannot break it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from search_cli.output.answer import Answer
from search_cli.output.hostile import flat, for_line

_SPECIAL = re.compile(r"([\\|`*_\[\]<>])")


def escaped(text: str) -> str:
    """One line of Markdown text in which the source's own characters mean themselves."""
    return _SPECIAL.sub(r"\\\1", for_line(text))


def render(answer: Answer) -> Iterator[str]:
    """A title, when there is one, and the rows as a table."""
    if answer.title:
        yield f"## {escaped(answer.title)}\n"
    yield "| " + " | ".join(column.heading for column in answer.columns) + " |"
    yield "|" + "|".join("---:" if column.right else "---" for column in answer.columns) + "|"
    for row in answer.rows:
        cells = (escaped(flat(row.get(column.key))) for column in answer.columns)
        yield "| " + " | ".join(cells) + " |"
