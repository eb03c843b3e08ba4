"""`stats`: what was collected, counted and drawn; and the quality of the records as a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from casereviews.repository.fields import SEARCHED
from casereviews.repository.vocabulary.codes import CODES
from casereviews.search_cli.errors import BadRequest
from casereviews.search_cli.options import filter_options, home_of, output_options
from casereviews.search_cli.output import ROWS, Answer, Column
from casereviews.search_cli.output.wording import counted

COUNTED = {field.query: field for field in SEARCHED if field.facet}
CAUTION = (
    "Counts are of what was collected. Sites delete reports after about a year and the NSPCC after five,"
    " so a trend over years tells what was still there to collect, not how many cases there were."
)
UNKNOWN = "unknown"


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
    from casereviews.index.search import open_index

    home = home_of(ctx)
    searcher = open_index(home.index, home.id)
    found = searcher.search(within, filters=filters, limit=1_000_000, facets=False, pages=False)
    hits = [hit.fields for hit in found.hits]
    notes = (f"counted: {counted(found.total, 'review')} ({found.understood})", CAUTION)
    if len(by) == 2:
        return _crossed(hits, by[0], by[1], top, svg, notes)
    return _counted(hits, by[0] if by else "year", top, svg, notes)


def values_of(hit: Mapping[str, Any], by: str) -> tuple[str, ...]:
    """What a review counts under, from the fields of its hit: several values for lists, "unknown" when unsaid."""
    from casereviews.index.storage import columns

    return columns.values_of(hit.get(COUNTED[by].published)) or (UNKNOWN,)


def ordered(counts: Mapping[str, int], by: str) -> list[tuple[str, int]]:
    """Numbers and codes that have an order in it, all else by size; the unknown last."""
    field = COUNTED[by]
    known = [(value, count) for value, count in counts.items() if value != UNKNOWN]
    if field.ranked:
        place = {code: at for at, code in enumerate(CODES.get(field.codes, ()))}
        known.sort(key=lambda pair: (place.get(pair[0], len(place)), pair[0]))
    else:
        known.sort(key=lambda pair: (-pair[1], pair[0]))
    return known + [(UNKNOWN, counts[UNKNOWN])] * (UNKNOWN in counts)


def shortened(
    pairs: Sequence[tuple[str, int]], by: str, top: int
) -> tuple[list[tuple[str, int]], int]:
    """At most `top` known values and always the unknown, and how many were left out; of years the latest stay."""
    known = [pair for pair in pairs if pair[0] != UNKNOWN]
    unknown = [pair for pair in pairs if pair[0] == UNKNOWN]
    kept = known[-top:] if COUNTED[by].kind == "number" else known[:top]
    return kept + unknown, len(known) - len(kept)


def _counted(
    hits: Iterable[Mapping[str, Any]],
    by: str,
    top: int,
    svg: Path | None,
    notes: tuple[str, ...],
) -> Answer:
    counts = Counter(value for hit in hits for value in set(values_of(hit, by)))
    shown, cut = shortened(ordered(counts, by), by, top)
    rows = [{by: value, "reviews": count, "caution": CAUTION} for value, count in shown]
    if svg and rows:
        from casereviews.search_cli.charts import bars

        bars(svg, shown, title=f"Reviews by {by}", caution=CAUTION)
    return Answer(
        payload=rows,
        columns=(Column(by, by.capitalize()), Column("reviews", "Reviews", right=True)),
        rows=rows,
        table=(lambda: _bars(shown, by)) if rows else None,
        notes=(*_left_out(cut), *notes),
        caution=CAUTION,
    )


def _left_out(number: int) -> tuple[str, ...]:
    return (f"{counted(number, 'value')} left out: a larger --top shows more",) if number else ()


def _bars(pairs: Sequence[tuple[str, int]], by: str) -> Any:
    from rich.table import Table
    from rich.text import Text

    from casereviews.search_cli.output.hostile import for_line
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


def _crossed(
    hits: Iterable[Mapping[str, Any]],
    rows_by: str,
    columns_by: str,
    top: int,
    svg: Path | None,
    notes: tuple[str, ...],
) -> Answer:
    """One value down, another across: theme by year."""
    cells: Counter[tuple[str, str]] = Counter()
    down: Counter[str] = Counter()
    across: Counter[str] = Counter()
    for hit in hits:
        lefts, tops = set(values_of(hit, rows_by)), set(values_of(hit, columns_by))
        down.update(lefts)
        across.update(tops)
        cells.update((left, top_) for left in lefts for top_ in tops)
    heads = [value for value, _ in ordered(across, columns_by)]
    kept, cut = shortened(ordered(down, rows_by), rows_by, top)
    lines = [value for value, _ in kept]
    rows: list[dict[str, Any]] = [
        {rows_by: line, **{head: cells[line, head] for head in heads}, "caution": CAUTION}
        for line in lines
    ]
    if svg and rows:
        from casereviews.search_cli.charts import grid

        numbers = [[cells[line, head] for head in heads] for line in lines]
        grid(
            svg, lines, heads, numbers, title=f"Reviews: {rows_by} by {columns_by}", caution=CAUTION
        )
    columns = (Column(rows_by, rows_by.capitalize()), *(Column(h, h, right=True) for h in heads))
    return Answer(
        payload=rows,
        columns=columns,
        rows=rows,
        notes=(*_left_out(cut), *notes),
        caution=CAUTION,
    )


def _quality(ctx: click.Context) -> Answer:
    from casereviews.repository.quality import quality_of

    home = home_of(ctx)
    if not home.record_db.exists():
        raise BadRequest(
            "nothing was collected yet: run `casereviews refresh` or `casereviews demo`"
        )
    rows = [dict(row) for row in quality_of(home)]
    columns = (
        Column("source", "Source"),
        Column("field", "Field"),
        Column("documents", "Documents", right=True),
        Column("filled", "Filled", right=True),
        Column("share", "Share", right=True),
        Column("conflicting", "Conflicting", right=True),
        Column("corrected", "Corrected", right=True),
    )
    return Answer(payload=rows, columns=columns, rows=rows, empty="no document was described yet")
