"""`export`: records taken away, whole or those that match a search; never the reports themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casereviews.collection.clock import today
from casereviews.collection.output import RECORDS, Answer
from casereviews.collection.output.exporting import answer_of
from casereviews.collection.output.wording import counted
from casereviews.search_cli.coding import coding_options, write_coding
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, filter_options, output_options
from casereviews.search_cli.output import FORMS

if TYPE_CHECKING:
    from casereviews import ExportedReview, Results


@examples(
    "export --jsonl > reviews.jsonl",
    "export neglect --nation Wales --ris > wales.ris",
    "export --theme neglect --qdpx neglect.qdpx",
)
@click.command("export")
@click.argument("query", nargs=-1)
@filter_options
@coding_options
@click.option("--names", is_flag=True, help="Give labels that are real persons' names too.")
@output_options(*RECORDS)
@click.pass_context
def command(
    ctx: click.Context,
    query: tuple[str, ...],
    filters: Mapping[str, Sequence[str]],
    names: bool,
    qdc: Path | None,
    qdpx: Path | None,
    texts: bool,
) -> Answer | None:
    """Export the reviews that match QUERY and the filters; all of them without.

    `--jsonl` gives one review a line with its documents and every fact's evidence; with a QUERY the flat forms and the references
    cite the best pages of it; how many there are, and of what scope, is told at the end. Without QUERY and filters adult reviews are among them; a QUERY leaves them out unless it says
    scope:all, as `search` does. Exports hold records, links and short
    evidence, never a report's text (but `--qdpx` with `--texts`), and no sentence of the NSPCC's abstracts. `--qdc` and `--qdpx` write the codebook
    and a coded project for programs of qualitative analysis (docs/RESEARCH.md).
    """
    if texts and qdpx is None:
        raise click.UsageError("--texts goes with --qdpx")
    if (qdc or qdpx) and ctx.meta["casereviews.form"] != "table":
        raise click.UsageError("--qdc and --qdpx write files: give no other form")
    collection = collection_of(ctx)
    form = FORMS[ctx.meta["casereviews.form"]]
    found: Results | None = None
    notes: tuple[str, ...] = ()
    if query or filters:
        found = collection.search(
            " ".join(query), filters=filters, limit=None, facets=False, pages=form.cites
        )
        notes = (f"understood: {found.understood}",)
    if qdc or qdpx:
        write_coding(collection, found, qdc=qdc, qdpx=qdpx, texts=texts, names=names)
        return None
    streamed = collection.exported(found, names=names)
    if form.streamed and not form.cites:
        records = (review.to_json() for review in _counted(streamed))
        return Answer(payload=None, records=records, accessed=today(), notes=notes)
    reviews = list(streamed)
    notes = (*notes, *_what(Counter(map(_scope, reviews))))
    if form.name == "table" and reviews:
        notes = (*notes, "every column: --csv; every document and fact: --jsonl")
    return replace(answer_of(reviews, searched=found is not None), notes=notes)


def _counted(reviews: Iterable[ExportedReview]) -> Iterator[ExportedReview]:
    """The reviews as they come; when they are all there, what they were is told on stderr."""
    scopes: Counter[str] = Counter()
    for one in reviews:
        scopes[_scope(one)] += 1
        yield one
    for note in _what(scopes):
        click.echo(note, err=True)


def _scope(one: ExportedReview) -> str:
    return str(one.review.scope or "scope unknown")


def _what(scopes: Counter[str]) -> tuple[str, ...]:
    """How many reviews there are, and whether adult reviews are among them; nothing of none."""
    parts = [f"{count:,} {name.replace('_', ' ')}" for name, count in scopes.most_common()]
    return (f"{counted(scopes.total(), 'review')}: {', '.join(parts)}",) if parts else ()
