"""Markdown: a table whose cells cannot break it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casereviews.collection.output.answer import Answer
from casereviews.collection.output.form import Form
from casereviews.collection.output.hostile import flat, for_line

_SPECIAL = re.compile(r"([\\|`*_~\[\]<>]|&(?=#?\w+;))")
_ADDRESS = re.compile(r"https?://[^\s<>]+")


def escaped(text: str) -> str:
    """One line of Markdown text in which the source's own characters mean themselves."""
    return _SPECIAL.sub(r"\\\1", for_line(text))


def cell(text: str) -> str:
    """A cell; an address stays a link whose letters are not escaped."""
    line = for_line(text)
    if _ADDRESS.fullmatch(line):
        return "<" + line.replace("|", "%7C").replace("\\", "%5C") + ">"
    return escaped(line)


def render(answer: Answer) -> Iterator[str]:
    """A title, when there is one, the rows as a table, then the day of access and the caution."""
    if answer.title:
        yield f"## {escaped(answer.title)}\n"
    yield "| " + " | ".join(escaped(column.heading) for column in answer.columns) + " |"
    yield "|" + "|".join("---:" if column.right else "---" for column in answer.columns) + "|"
    for row in answer.rows:
        cells = (cell(flat(column.read(row, answer.vocabulary))) for column in answer.columns)
        yield "| " + " | ".join(cells) + " |"
    if answer.caution:
        yield f"\n{escaped(answer.caution)}"
    if answer.accessed:
        yield f"\nAccessed {answer.accessed}."


FORM = Form("markdown", "Markdown", "rows", "md", render, streamed=True, cites=True)
