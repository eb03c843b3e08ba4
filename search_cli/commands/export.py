"""`export`: records taken away, whole or those that match a search; never the reports themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from search_cli.errors import CannotRun
from search_cli.options import filter_options, home_of, output_options, today
from search_cli.output import RECORDS, Answer, Column

if TYPE_CHECKING:
    from repository.home import Home

COLUMNS = tuple(
    Column(name, name.replace("_", " ").capitalize())
    for name in (
        "review_id",
        "title",
        "subjects",
        "review_type",
        "publisher",
        "source",
        "nation",
        "areas",
        "regions",
        "published",
        "precision",
        "scope",
        "age_bands",
        "age_months_min",
        "age_months_max",
        "sex",
        "outcome",
        "harms",
        "plan_status",
        "themes",
        "agencies",
        "language",
        "availability",
        "landing_url",
        "file_url",
    )
)


@click.command("export")
@click.argument("query", nargs=-1)
@filter_options
@click.option("--names", is_flag=True, help="Give labels that are real persons' names too.")
@output_options(*RECORDS)
@click.pass_context
def command(
    ctx: click.Context,
    query: tuple[str, ...],
    filters: Mapping[str, Sequence[str]],
    names: bool,
) -> Answer:
    """Export the reviews that match QUERY and the filters; all of them without.

    `--jsonl` gives one review a line with its documents and every fact's evidence. Exports hold records, links and short
    evidence, never a report's text, and no sentence of the NSPCC's abstracts.
    """
    home = home_of(ctx)
    if not home.record_db.exists():
        raise CannotRun(
            "nothing was collected yet: run `casereviews refresh` or `casereviews demo`"
        )
    wanted = _matching(home, " ".join(query), filters)
    if query or filters:
        records = list(records_of(home, wanted, names=names))
        return Answer(
            payload=records,
            columns=COLUMNS,
            rows=records,
            records=_cited(records),
            accessed=today(),
        )
    streamed = records_of(home, None, names=names)
    chosen = ctx.meta.get("casereviews.form")
    if chosen == "jsonl":
        return Answer(payload=None, records=streamed, accessed=today())
    records = list(streamed)
    return Answer(
        payload=records, columns=COLUMNS, rows=records, records=_cited(records), accessed=today()
    )


def _matching(home: Home, query: str, filters: Mapping[str, Sequence[str]]) -> set[str] | None:
    if not query and not filters:
        return None
    from index.search import open_index

    found = open_index(home.index, home.id).search(
        query, filters=filters, limit=1_000_000, facets=False, pages=False
    )
    return {hit.review_id for hit in found.hits}


def records_of(home: Home, wanted: set[str] | None, *, names: bool) -> Iterator[dict[str, Any]]:
    """Reviews as they may leave the home, by id."""
    from repository.published import reviews
    from repository.record import Record
    from search_cli.reviews import exported

    with Record.open(home) as record:
        families = {key: info.family for key, info in record.sources().items()}
    for review in reviews(home, wanted):
        yield exported(review, families, names=names)


def _cited(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records as reference formats take them: the review by its best document's addresses."""
    return [{**record, "pages": []} for record in records]
