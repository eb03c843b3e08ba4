"""`stats`: what was collected, counted and drawn; and the quality of the records as a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casereviews.collection.asking.counts import CAUTION, COUNTED, UNKNOWN
from casereviews.collection.output import ROWS, Answer, Column, in_words
from casereviews.collection.output.hostile import flat
from casereviews.collection.output.wording import counted
from casereviews.repository.fields import DESCRIBED
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, filter_options, output_options

if TYPE_CHECKING:
    from casereviews import Counts, CrossTable, Vocabulary


@examples("stats --by theme --by year", "stats --by year --within 'unsafe sleep' --svg a.svg")
@click.command("stats")
@click.option(
    "--by",
    multiple=True,
    type=click.Choice(list(COUNTED)),
    help="Count by this; twice gives a cross table (theme by year).",
)
@click.option("--within", metavar="QUERY", default="", help="Only reviews that match this query.")
@filter_options
@click.option(
    "--svg", type=click.Path(path_type=Path, dir_okay=False), help="Draw it to this file."
)
@click.option(
    "--quality", is_flag=True, help="Fields filled, conflicting and corrected, per source."
)
@click.option("--top", type=click.IntRange(1), default=40, show_default=True, help="Most rows.")
@output_options(*ROWS)
@click.pass_context
def command(
    ctx: click.Context,
    by: tuple[str, ...],
    within: str,
    filters: Mapping[str, Sequence[str]],
    svg: Path | None,
    quality: bool,
    top: int,
) -> Answer:
    """Count reviews by year, nation, type, theme and more, as bars in the terminal or as SVG."""
    if quality:
        return _quality(ctx)
    if len(by) > 2 or len(set(by)) < len(by):
        raise click.UsageError("--by can be given once, or twice with two fields")
    collection = collection_of(ctx)
    if len(by) == 2:
        table = collection.cross_table((by[0], by[1]), within=within, filters=filters, top=top)
        return _crossed(table, collection.vocabulary, svg)
    counts = collection.counts(by[0] if by else "year", within=within, filters=filters, top=top)
    return _counted(counts, collection.vocabulary, svg)


def _counted(counts: Counts, vocabulary: Vocabulary, svg: Path | None) -> Answer:
    by, shown = counts.by, counts.values
    rows = [{by: value, "reviews": count, "caution": CAUTION} for value, count in shown]
    named = [(_label(by, value, vocabulary), count) for value, count in shown]
    if svg and rows:
        from casereviews.search_cli.charts import bars

        bars(svg, named, title=f"Reviews by {by}", caution=CAUTION)
    return Answer(
        payload=rows,
        columns=(
            Column(by, by.capitalize(), words=in_words(COUNTED[by], by)),
            Column("reviews", "Reviews", right=True),
        ),
        rows=rows,
        table=(lambda: _bars(named, by)) if rows else None,
        notes=_notes(counts),
        caution=CAUTION,
    )


def _notes(counts: Counts | CrossTable) -> tuple[str, ...]:
    of = f"counted: {counted(counts.reviews, 'review')} ({counts.understood})"
    if not counts.left_out:
        return (of, CAUTION)
    return (f"{counted(counts.left_out, 'value')} left out: a larger --top shows more", of, CAUTION)


def _bars(pairs: Sequence[tuple[str, int]], by: str) -> Any:
    from rich.table import Table
    from rich.text import Text

    from casereviews.collection.output.hostile import for_line
    from casereviews.search_cli.output.terminal import columns

    widest = max(count for _, count in pairs)
    longest = max(len(for_line(value)) for value, _ in pairs)
    room = min(48, max(8, columns() - longest - len(str(widest)) - 4))
    table = Table(
        box=None, pad_edge=False, show_header=False, title=f"Reviews by {by}", title_justify="left"
    )
    for value, count in pairs:
        length = max(1, round(room * count / widest)) if count else 0
        style = "dim" if value == UNKNOWN else "green"
        table.add_row(
            Text(for_line(value)), Text(str(count), justify="right"), Text("█" * length, style)
        )
    return table


def _crossed(table: CrossTable, vocabulary: Vocabulary, svg: Path | None) -> Answer:
    """One value down, another across: theme by year."""
    down, across = table.by
    lines = [_label(down, code, vocabulary) for code in table.lines]
    heads = [_label(across, code, vocabulary) for code in table.heads]
    rows: list[dict[str, Any]] = [
        {down: line, **dict(zip(table.heads, numbers, strict=True)), "caution": CAUTION}
        for line, numbers in zip(table.lines, table.numbers, strict=True)
    ]
    if svg and rows:
        from casereviews.search_cli.charts import grid

        title = f"Reviews: {down} by {across}"
        grid(svg, lines, heads, table.numbers, title=title, caution=CAUTION)
    columns = (
        Column(down, down.capitalize(), words=in_words(COUNTED[down], down)),
        *(Column(code, head, right=True) for code, head in zip(table.heads, heads, strict=True)),
    )
    return Answer(payload=rows, columns=columns, rows=rows, notes=_notes(table), caution=CAUTION)


def _label(by: str, code: str, vocabulary: Vocabulary) -> str:
    """A value of a counted field as people read it."""
    return flat(vocabulary.worded(COUNTED[by], code))


def _quality(ctx: click.Context) -> Answer:
    rows = [asdict(row) for row in collection_of(ctx).quality()]
    columns = (
        Column("source", "Source"),
        Column("field", "Field", words=lambda row, _: DESCRIBED[row["field"]].label),
        Column("documents", "Documents", right=True),
        Column("filled", "Filled", right=True),
        Column("share", "Share", right=True),
        Column("conflicting", "Conflicting", right=True),
        Column("corrected", "Corrected", right=True),
    )
    return Answer(payload=rows, columns=columns, rows=rows, empty="no document was described yet")
