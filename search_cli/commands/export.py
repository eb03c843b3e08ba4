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
from casereviews.search_cli.edge import tell
from casereviews.search_cli.errors import EXIT_NOTHING
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, filter_options, output_options
from casereviews.search_cli.output import FORMS
from casereviews.search_cli.progress import progress_shown
from casereviews.search_cli.user_files import named_file
from casereviews.search_cli.written_down import write_down

if TYPE_CHECKING:
    from casereviews import ExportedReview, Results, Written
    from casereviews.collection.collection import Filters

_FIRST = 200
"""Hits that a search for tables gives; those that follow are looked up some at a time."""
_FOLDER, _FILE = (
    click.Path(path_type=Path, file_okay=False),
    click.Path(path_type=Path, dir_okay=False),
)


@examples(
    "export --jsonl > reviews.jsonl",
    "export neglect --nation Wales --ris > wales.ris",
    "export --sqlite reviews.db",
    "export --theme neglect --qdpx neglect.qdpx",
)
@click.command("export")
@click.argument("query", nargs=-1)
@filter_options
@coding_options
@click.option("--names", is_flag=True, help="Give labels that are real persons' names too.")
@click.option(
    "--parquet", type=_FOLDER, help="Write Parquet files to this folder, for R, pandas and DuckDB."
)
@click.option("--duckdb", type=_FILE, help="Write a DuckDB database to this file.")
@click.option(
    "--sqlite",
    type=_FILE,
    help="Write a SQLite database to this file, and beside it what Datasette shows it by.",
)
@click.option(
    "--package",
    type=_FOLDER,
    help="Write a Frictionless data package (CSV with its schema) to this folder.",
)
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
    parquet: Path | None,
    duckdb: Path | None,
    sqlite: Path | None,
    package: Path | None,
) -> Answer | None:
    """Export the reviews that match QUERY and the filters; all of them without.

    `--jsonl` gives one review a line with its documents and every fact's evidence; with a QUERY the flat forms and the references
    cite the best pages of it; how many there are, and of what scope, is told at the end. Tables (`--parquet`, `--duckdb`, `--sqlite`,
    `--package`) have a row a review, document, fact, recommendation and code; they are written whole or not at all, in place of an earlier export. Without QUERY and filters adult reviews are among them; a QUERY leaves them out unless it says
    scope:all, as `search` does. Exports hold records, links and short
    evidence, never a report's text (but `--qdpx` with `--texts`), and no sentence of the NSPCC's abstracts. `--qdc` and `--qdpx` write the codebook
    and a coded project for programs of qualitative analysis (docs/RESEARCH.md).
    """
    if texts and qdpx is None:
        raise click.UsageError("--texts goes with --qdpx")
    collection = collection_of(ctx)
    form = FORMS[ctx.meta["casereviews.form"]]
    places = {"parquet": parquet, "duckdb": duckdb, "sqlite": sqlite, "package": package}
    tables = {name: path for name, path in places.items() if path is not None}
    coded = [name for name, path in (("qdc", qdc), ("qdpx", qdpx)) if path is not None]
    if len(tables) + (form.name != "table") + bool(coded) > 1:
        flags = " and ".join(
            f"--{name}" for name in (*tables, *coded, form.name) if name != "table"
        )
        raise click.UsageError(f"{flags} exclude each other: choose one form")
    found: Results | None = None
    notes: tuple[str, ...] = ()
    if query or filters:
        limit = _FIRST if tables else None
        found = collection.search(
            " ".join(query), filters=filters, limit=limit, facets=False, pages=form.cites
        )
        notes = (f"understood: {found.understood}",)
    if qdc or qdpx:
        if qdpx:
            for note in notes:
                tell(note)
        write_coding(collection, found, qdc=qdc, qdpx=qdpx, texts=texts, names=names)
        return None
    if tables:
        ((name, path),) = tables.items()
        _write(ctx, name, path, found, filters, names)
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


def _write(
    ctx: click.Context,
    form: str,
    path: Path,
    found: Results | None,
    filters: Filters,
    names: bool,
) -> None:
    """Write tables, and say what they hold and what they do not; exit 1 where there is no review, and nothing is written."""
    if found is not None:
        tell(f"understood: {found.understood}")
    with named_file(path), progress_shown() as progress:
        written = collection_of(ctx).write_tables(
            form, path, found, filters=filters, names=names, progress=progress
        )
    for note in _told(written, path):
        tell(note)
    write_down(collection_of(ctx), form, path, ((one, ()) for one in written.review_ids))
    if not written.review_ids:
        ctx.exit(EXIT_NOTHING)


def _told(written: Written, path: Path) -> Iterator[str]:
    if not written.review_ids:
        yield f"nothing found: {path} is not written"
        return
    rows = ", ".join(f"{count:,} {table}" for table, count in written.rows.items())
    yield f"{path}: {rows}"
    yield from _what(Counter(written.scopes))
    for said in written.left_out:
        yield f"left out: {said}"
    if written.described_before:
        yield f"{counted(written.described_before, 'document')} described by other rules than this version's: `casereviews rebuild` describes them anew"


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
