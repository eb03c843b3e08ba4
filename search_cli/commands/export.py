"""`export`: records taken away, whole or those that match a search; never the reports themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from casereviews.collection.clock import today
from casereviews.collection.collection import EVERY
from casereviews.repository.fields import PUBLISHED
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, filter_options, output_options
from casereviews.search_cli.output import FORMS, RECORDS, Answer, Column
from casereviews.search_cli.output.citations import page_citation

if TYPE_CHECKING:
    from casereviews import Hit

# A heading is the name in the records, so that a table is found again in JSON and CSV.
SHORT = ("review_id", *(one.published for one in PUBLISHED if one.brief))
COLUMNS = tuple(
    Column(name, name.replace("_", " ").capitalize(), wide=name not in SHORT)
    for name in ("review_id", *(one.published for one in PUBLISHED if one.exported))
)


@examples("export --jsonl > reviews.jsonl", "export neglect --nation Wales --ris > wales.ris")
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
    collection = collection_of(ctx)
    form = FORMS[ctx.meta["casereviews.form"]]
    hits: dict[str, Hit] | None = None
    notes: tuple[str, ...] = ()
    if query or filters:
        found = collection.search(
            " ".join(query), filters=filters, limit=EVERY, facets=False, pages=form.cites
        )
        hits = {hit.review_id: hit for hit in found.hits}
        notes = (f"understood: {found.understood}",)
    reviews = collection.exported(hits, names=names)
    streamed = (review.to_json() for review in reviews)
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


def pages_cited(record: Mapping[str, Any], hits: Mapping[str, Hit] | None) -> list[dict[str, Any]]:
    """The best pages of a review's hit; where it is not the document that the record gives the address of, they name theirs."""
    hit = (hits or {}).get(str(record["review_id"]))
    if hit is None:
        return []
    titles = {one["document_id"]: one["title"] for one in record["documents"][1:]}
    of = titles.get(hit.document_id)
    return [{"page": page.page, "label": page.label, "of": of} for page in hit.pages]
