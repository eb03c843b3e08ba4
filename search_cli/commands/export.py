"""`export`: records taken away, whole or those that match a search; never the reports themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from casereviews.repository.fields import PUBLISHED
from casereviews.search_cli.errors import CannotRun
from casereviews.search_cli.options import filter_options, home_of, output_options, today
from casereviews.search_cli.output import FORMS, RECORDS, Answer, Column
from casereviews.search_cli.output.citations import page_citation

if TYPE_CHECKING:
    from casereviews.index.results import Hit
    from casereviews.repository.home import Home

# A heading is the name in the records, so that a table is found again in JSON and CSV.
SHORT = ("review_id", *(one.published for one in PUBLISHED if one.brief))
COLUMNS = tuple(
    Column(name, name.replace("_", " ").capitalize(), wide=name not in SHORT)
    for name in ("review_id", *(one.published for one in PUBLISHED if one.exported))
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

    `--jsonl` gives one review a line with its documents and every fact's evidence; with a QUERY the flat forms and the references
    cite the best pages of it. Without QUERY and filters adult reviews are among them; a QUERY leaves them out unless it says
    scope:all, as `search` does. Exports hold records, links and short
    evidence, never a report's text, and no sentence of the NSPCC's abstracts.
    """
    home = home_of(ctx)
    if not home.record_db.exists():
        raise CannotRun(
            "nothing was collected yet: run `casereviews refresh` or `casereviews demo`"
        )
    form = FORMS[ctx.meta["casereviews.form"]]
    hits: dict[str, Hit] | None = None
    notes: tuple[str, ...] = ()
    if query or filters:
        hits, understood = _matching(home, " ".join(query), filters, cited=form.cites)
        notes = (f"understood: {understood}",)
    streamed = records_of(home, None if hits is None else set(hits), names=names)
    if form.streamed and not form.cites:
        return Answer(payload=None, records=streamed, accessed=today(), notes=notes)
    records = list(streamed)
    cited = [{**record, "pages": pages_cited(record, hits)} for record in records]
    columns = COLUMNS if hits is None else (*COLUMNS, Column("pages", "Pages", wide=True))
    if form.name == "table" and records:
        notes = (*notes, "every column: --csv; every document and fact: --jsonl")
    return Answer(
        payload=records,
        columns=columns,
        rows=[{**one, "pages": [page_citation(page) for page in one["pages"]]} for one in cited],
        records=cited,
        accessed=today(),
        notes=notes,
    )


def _matching(
    home: Home, query: str, filters: Mapping[str, Sequence[str]], *, cited: bool
) -> tuple[dict[str, Hit], str]:
    """The reviews that match, with their best pages when they are cited, and how the query was understood."""
    from casereviews.index.search import open_index

    found = open_index(home.index, home.id).search(
        query, filters=filters, limit=1_000_000, facets=False, pages=cited
    )
    return {hit.review_id: hit for hit in found.hits}, found.understood


def pages_cited(record: Mapping[str, Any], hits: Mapping[str, Hit] | None) -> list[dict[str, Any]]:
    """The best pages of a review's hit; where it is not the document that the record gives the address of, they name theirs."""
    hit = (hits or {}).get(str(record["review_id"]))
    if hit is None:
        return []
    titles = {one["document_id"]: one["title"] for one in record["documents"][1:]}
    of = titles.get(hit.document_id)
    return [{"page": page.page, "label": page.label, "of": of} for page in hit.pages]


def records_of(home: Home, wanted: set[str] | None, *, names: bool) -> Iterator[dict[str, Any]]:
    """Reviews as they may leave the home, by id."""
    from casereviews.repository.published_documents import reviews
    from casereviews.repository.record import Record
    from casereviews.search_cli.review_records import exported

    with Record.open(home) as record:
        families = {key: info.family for key, info in record.sources().items()}
    for review in reviews(home, wanted):
        yield exported(review, families, names=names)
