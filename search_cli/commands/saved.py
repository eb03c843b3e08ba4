"""`saved`: searches that every refresh runs; what is new since the last run as Atom, Markdown and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import click

from casereviews.collection.clock import today
from casereviews.collection.output import RECORDS, ROWS, Answer, Column
from casereviews.collection.output.hits import COLUMNS, row_of
from casereviews.collection.output.withholding import without_name
from casereviews.search_cli.completing import SAVED_NAMES
from casereviews.search_cli.edge import tell
from casereviews.search_cli.errors import BadRequest
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, filter_options, output_options


@examples("saved add sleep '\"unsafe sleep\"' --nation England", "saved run sleep --new")
@click.group("saved")
def command() -> None:
    """Keep searches; every refresh runs them and writes what is new to the home's feeds/saved folder."""


@examples("saved add sleep '\"unsafe sleep\"' --nation England")
@command.command("add")
@click.argument("name")
@click.argument("query", nargs=-1)
@filter_options
@click.option("--exact", is_flag=True, help="Exact words only.")
@click.pass_context
def add(
    ctx: click.Context,
    name: str,
    query: tuple[str, ...],
    filters: Mapping[str, Sequence[str]],
    exact: bool,
) -> None:
    """Save a search under a NAME; the query is checked first."""
    text = " ".join(query)
    if not text and not filters:
        raise click.UsageError("say what to search for")
    understood = collection_of(ctx).saved.add(name, text, filters=filters, exact=exact)
    if understood:
        tell(f"understood: {understood}")
    click.echo(f"saved; run it with: casereviews saved run {name}", err=True)


@examples("saved list")
@command.command("list")
@output_options(*ROWS)
@click.pass_context
def list_(ctx: click.Context) -> Answer:
    """List the saved searches."""
    saved = collection_of(ctx).saved
    rows = [
        {
            "name": search.name,
            "query": search.query,
            "filters": [f"{k}={v}" for k, values in search.filters.items() for v in values],
            "exact": search.exact,
            "grammar": search.grammar,
            "refreshed": saved.refreshed_at(search.name),
        }
        for search in saved.all().values()
    ]
    columns = (Column("name", "Name"), Column("query", "Query"), Column("filters", "Filters"))
    return Answer(
        payload=rows,
        columns=(
            *columns,
            Column("exact", "Exact"),
            Column("grammar", "Query language", wide=True),
            Column("refreshed", "Last refresh"),
        ),
        rows=rows,
        empty="no saved search yet: casereviews saved add NAME QUERY",
    )


@examples("saved remove sleep")
@command.command("remove")
@click.argument("name", shell_complete=SAVED_NAMES)
@click.pass_context
def remove(ctx: click.Context, name: str) -> None:
    """Forget a saved search and what it found."""
    collection_of(ctx).saved.remove(name)


@examples("saved run sleep --new", "saved run sleep --ris > sleep.ris")
@command.command("run")
@click.argument("name", shell_complete=SAVED_NAMES)
@click.option(
    "--new",
    "only_new",
    is_flag=True,
    help="Only reviews that neither your last run nor the last refresh found.",
)
@output_options(*RECORDS, "atom")
@click.pass_context
def run(ctx: click.Context, name: str, only_new: bool) -> Answer:
    """Run a saved search now."""
    ran = collection_of(ctx).saved.run(name, only_new=only_new)
    taken = [without_name(hit).to_json() for hit in ran.new]
    notes = (f"understood: {ran.results.understood}", *([ran.trouble] if ran.trouble else []))
    payload = replace(ran.results, hits=ran.new).to_json()
    return Answer(
        payload={**payload, "new": len(ran.new)} if only_new else payload,
        columns=COLUMNS,
        rows=[row_of(hit) for hit in taken],
        records=taken,
        title=f"Saved search: {name}",
        accessed=today(),
        empty="nothing new since its last run"
        if only_new and ran.results.hits
        else "nothing found",
        notes=notes,
    )


@examples("saved batch queries.txt --csv > counts.csv")
@command.command("batch")
@click.argument("queries", type=click.File("r", encoding="utf-8-sig"))
@output_options(*ROWS)
@click.pass_context
def batch(ctx: click.Context, queries: Any) -> Answer:
    """Run a file of QUERIES, one a line, and give one table of counts.

    Empty lines and lines that begin with # are left out; a query that cannot be understood stands in the table with its error.
    """
    found = list(collection_of(ctx).saved.counts(_lines_of(queries)))
    rows = [one.to_json() for one in found]
    columns = (
        Column("line", "Line", right=True),
        Column("query", "Query"),
        Column("understood", "Understood", wide=True),
        Column("reviews", "Reviews", right=True),
        Column("documents", "Documents", right=True),
        Column("best", "Best"),
        Column("error", "Error"),
    )
    notes = [f"line {one.line} could not be understood" for one in found if one.error]
    return Answer(
        payload=rows,
        columns=columns,
        rows=rows,
        empty="the file holds no query",
        notes=tuple(notes),
    )


def _lines_of(file: Any) -> Iterator[str]:
    try:
        yield from file
    except UnicodeDecodeError:
        raise BadRequest(f"{file.name} is not UTF-8: save it so, and run it again") from None
