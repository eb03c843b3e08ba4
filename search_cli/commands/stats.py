"""`stats`: what was collected, counted and drawn; and the quality of the records as a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casereviews.collection.asking.areas import AREAS_CAUTION
from casereviews.collection.asking.counts import CAUTION, COUNTED, UNKNOWN, labelled
from casereviews.collection.asking.timeline import TIMELINE_CAUTION
from casereviews.collection.output import ROWS, Answer, Column, in_words
from casereviews.collection.output.wording import counted
from casereviews.repository.fields import DESCRIBED
from casereviews.search_cli.errors import BadRequest
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, filter_options, output_options
from casereviews.search_cli.user_files import replace

if TYPE_CHECKING:
    from casereviews import AreaCounts, Counts, CrossTable, Timeline, Vocabulary

DRAWN = (".svg", ".png")


@examples(
    "stats --by theme --by year --picture themes.png",
    "stats --by year --within 'unsafe sleep' --picture a.svg",
    "stats --timeline --picture years.svg",
    "stats --map --nation Wales --picture areas.svg",
)
@click.command("stats")
@click.option(
    "--by",
    multiple=True,
    type=click.Choice(list(COUNTED)),
    help="Count by this; twice gives a cross table (theme by year), as a picture a heat map.",
)
@click.option(
    "--timeline", is_flag=True, help="Count by the years of publication and of what happened."
)
@click.option("--map", "mapped", is_flag=True, help="Count by council area, with GSS codes.")
@click.option("--within", metavar="QUERY", default="", help="Only reviews that match this query.")
@filter_options
@click.option(
    "--picture",
    "--svg",
    "picture",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw it to this file: SVG or PNG, by its ending.",
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
    timeline: bool,
    mapped: bool,
    within: str,
    filters: Mapping[str, Sequence[str]],
    picture: Path | None,
    quality: bool,
    top: int,
) -> Answer:
    """Count reviews by year, nation, type, theme, area and more, as bars in the terminal or as a picture."""
    if sum((bool(by), timeline, mapped, quality)) > 1:
        raise click.UsageError("--by, --timeline, --map and --quality exclude each other")
    if picture and (quality or picture.suffix.lower() not in DRAWN):
        raise BadRequest(_not_drawn(picture, quality))
    if quality:
        return _quality(ctx)
    if len(by) > 2 or len(set(by)) < len(by):
        raise click.UsageError("--by can be given once, or twice with two fields")
    collection = collection_of(ctx)
    vocabulary = collection.vocabulary
    of: Counts | CrossTable | Timeline | AreaCounts
    if timeline:
        of = collection.timeline(within=within, filters=filters)
        answer = _over_time(of)
    elif mapped:
        of = collection.areas(within=within, filters=filters)
        answer = _by_area(of)
    elif len(by) == 2:
        of = collection.cross_table((by[0], by[1]), within=within, filters=filters, top=top)
        answer = _crossed(of, vocabulary)
    else:
        first = by[0] if by else "year"
        of = collection.counts(first, within=within, filters=filters, top=top)
        answer = _counted(of, vocabulary)
    if picture:
        drawn = collection.picture(of)
        png = picture.suffix.lower() == ".png"
        replace(picture, drawn.png() if png else drawn.svg())
    return answer


def _not_drawn(picture: Path, quality: bool) -> str:
    if quality:
        return "--quality is a table alone: leave out --picture"
    return f"{picture}: a picture's name ends in .svg or .png"


def _counted(counts: Counts, vocabulary: Vocabulary) -> Answer:
    by, shown = counts.by, counts.values
    rows = [{by: value, "reviews": count, "caution": CAUTION} for value, count in shown]
    named = [(labelled(by, value, vocabulary), count) for value, count in shown]
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
    if not counts.left_out:
        return (_of(counts), CAUTION)
    more = f"{counted(counts.left_out, 'value')} left out: a larger --top shows more"
    return (more, _of(counts), CAUTION)


def _of(counts: Counts | CrossTable | Timeline | AreaCounts) -> str:
    return f"counted: {counted(counts.reviews, 'review')} ({counts.understood})"


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


def _crossed(table: CrossTable, vocabulary: Vocabulary) -> Answer:
    """One value down, another across: theme by year."""
    down, across = table.by
    heads = [labelled(across, code, vocabulary) for code in table.heads]
    rows: list[dict[str, Any]] = [
        {down: line, **dict(zip(table.heads, numbers, strict=True)), "caution": CAUTION}
        for line, numbers in zip(table.lines, table.numbers, strict=True)
    ]
    columns = (
        Column(down, down.capitalize(), words=in_words(COUNTED[down], down)),
        *(Column(code, head, right=True) for code, head in zip(table.heads, heads, strict=True)),
    )
    return Answer(payload=rows, columns=columns, rows=rows, notes=_notes(table), caution=CAUTION)


def _over_time(of: Timeline) -> Answer:
    rows = [{**asdict(year), "caution": TIMELINE_CAUTION} for year in of.years]
    columns = (
        Column("year", "Year"),
        Column("published", "Published", right=True),
        Column("happened", "Happened", right=True),
    )
    notes = (_of(of), TIMELINE_CAUTION)
    return Answer(payload=rows, columns=columns, rows=rows, notes=notes, caution=TIMELINE_CAUTION)


def _by_area(of: AreaCounts) -> Answer:
    rows = [{**asdict(area), "caution": AREAS_CAUTION} for area in of.areas]
    columns = (
        Column("area", "Area"),
        Column("gss", "GSS"),
        Column("region", "Region"),
        Column("nation", "Nation"),
        Column("reviews", "Reviews", right=True),
    )
    notes = (_of(of), AREAS_CAUTION)
    return Answer(payload=rows, columns=columns, rows=rows, notes=notes, caution=AREAS_CAUTION)


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
