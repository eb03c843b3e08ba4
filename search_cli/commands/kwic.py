"""`kwic`: a concordance, the phrase in the middle and its context on both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import click

from casereviews.collection.output import ROWS, Answer, Column
from casereviews.collection.output.citations import cited_page
from casereviews.collection.output.hostile import for_line
from casereviews.collection.output.wording import counted
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, filter_options, output_options

LEAST_CONTEXT = 10
"""So many letters beside the phrase are worth a line of its own."""

COLUMNS = (
    Column("review_id", "Review"),
    Column("cited", "Page"),
    Column("page", "File page", right=True, wide=True),
    Column("label", "Printed", wide=True),
    Column("before", "Before", right=True),
    Column("match", "Match"),
    Column("after", "After"),
    Column("document_id", "Document", wide=True),
    Column("title", "Title", wide=True),
    Column("file_url", "File", wide=True),
)


@examples("kwic was not brought --nation Wales", "kwic 'start again syndrome' --csv")
@click.command("kwic")
@click.argument("phrase", nargs=-1, required=True)
@filter_options
@click.option(
    "--width",
    type=click.IntRange(10, 400),
    default=48,
    show_default=True,
    help="Letters on either side.",
)
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="Most lines.")
@output_options(*ROWS)
@click.pass_context
def command(
    ctx: click.Context,
    phrase: tuple[str, ...],
    filters: Mapping[str, Sequence[str]],
    width: int,
    limit: int,
) -> Answer:
    """Print a concordance of the exact PHRASE: each occurrence with its context, reviews newest first."""
    words = " ".join(phrase).strip('" ')
    rows: list[dict[str, Any]] = []
    more = False
    for line in collection_of(ctx).concordance(words, filters=filters, width=width):
        if len(rows) == limit:
            more = True
            break
        rows.append(line.to_json())
    payload, rows = rows, [{**row, "cited": cited_page(row["page"], row["label"])} for row in rows]
    return Answer(
        payload=payload,
        columns=COLUMNS,
        rows=rows,
        table=(lambda: _drawn(rows, width)) if rows else None,
        empty="nothing found: these words do not stand side by side in any report; try `casereviews search`",
        notes=(f"the first {counted(limit, 'line')}; --limit gives more",) if more else (),
    )


def _drawn(rows: Sequence[Mapping[str, Any]], width: int) -> Any:
    """One line an occurrence: review, page, and the phrase in one column; narrower on a narrow terminal."""
    from rich.cells import cell_len
    from rich.console import Group
    from rich.text import Text

    from casereviews.search_cli.output.terminal import columns

    longest_id = max(len(str(row["review_id"])) for row in rows)
    pages = [cited_page(int(row["page"]), row.get("label")) for row in rows]
    width_of_page = max(8, 2 + max(map(cell_len, pages)))
    longest_match = max(cell_len(for_line(str(row["match"]))) for row in rows)
    room = (columns() - longest_id - width_of_page - longest_match - 4) // 2
    apart = room < LEAST_CONTEXT  # too narrow for one line: the review and page stand above
    if apart:
        room = (columns() - longest_match - 4) // 2
    around = max(min(width, room), 1)
    lines = []
    for row, page in zip(rows, pages, strict=True):
        line = Text(no_wrap=True, overflow="ignore")
        line.append(f"{row['review_id']!s:<{longest_id}}", "cyan")
        line.append(f"{page:>{width_of_page}}  ", "magenta")
        if apart:
            lines.append(line)
            line = Text("  ", no_wrap=True, overflow="ignore")
        before = _beside(str(row["before"]))[-around - 1 :]
        line.append(" " * (around + 1 - cell_len(before)) + before)
        line.append(for_line(str(row["match"])), "bold green")
        line.append(_beside(str(row["after"]))[: around + 1].rstrip())
        lines.append(line)
    return Group(*lines)


def _beside(text: str) -> str:
    """Context on one line, with the space that parts it from the match where there is one."""
    inner = for_line(text)
    return f"{' ' * text[:1].isspace()}{inner}{' ' * text[-1:].isspace()}" if inner else ""
