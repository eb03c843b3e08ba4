"""`saved`: searches that every refresh runs; what is new since the last run as Atom, Markdown and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casereviews.search_cli import saved_searches
from casereviews.search_cli.commands.search import COLUMNS, row_of
from casereviews.search_cli.errors import BadRequest
from casereviews.search_cli.options import filter_options, home_of, now, output_options, today
from casereviews.search_cli.output import FORMS, RECORDS, ROWS, Answer, Column
from casereviews.search_cli.review_records import withheld
from casereviews.search_cli.saved_searches import SavedSearch
from casereviews.search_cli.user_files import replace

if TYPE_CHECKING:
    from casereviews.repository.home import Home


@click.group("saved")
def command() -> None:
    """Keep searches; every refresh runs them and writes what is new to the home's feeds/saved folder."""


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
    saved_searches.checked_name(name)
    home = home_of(ctx).create()
    understood = _understood(home, text, filters, exact)
    searches = saved_searches.load(home)
    if name in searches:
        raise BadRequest(f"there is a saved search '{name}': remove it first or take another name")
    kept = {field: tuple(values) for field, values in filters.items()}
    searches[name] = SavedSearch(name, text, kept, exact)
    saved_searches.store(home, searches)
    if understood:
        click.echo(f"understood: {understood}", err=True)
    click.echo(f"saved; run it with: casereviews saved run {name}", err=True)


@command.command("list")
@output_options(*ROWS)
@click.pass_context
def list_(ctx: click.Context) -> Answer:
    """List the saved searches."""
    home = home_of(ctx)
    rows = [
        {
            "name": search.name,
            "query": search.query,
            "filters": [f"{k}={v}" for k, values in search.filters.items() for v in values],
            "exact": search.exact,
            "grammar": search.grammar,
            "refreshed": saved_searches.refreshed_at(home, search.name),
        }
        for search in saved_searches.load(home).values()
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


@command.command("remove")
@click.argument("name")
@click.pass_context
def remove(ctx: click.Context, name: str) -> None:
    """Forget a saved search and what it found."""
    home = home_of(ctx)
    searches = saved_searches.load(home)
    del searches[_known(searches, name)]
    saved_searches.store(home, searches)
    for file in (home.feeds / "saved").glob(f"{name}.*"):
        file.unlink()


@command.command("run")
@click.argument("name")
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
    from casereviews.index.search import open_index

    home = home_of(ctx)
    searches = saved_searches.load(home)
    search = searches[_known(searches, name)]
    payload, kinds = results_of(open_index(home.index, home.id), search)
    found = {hit["review_id"] for hit in payload["hits"]}
    known = set()
    if only_new:
        known = saved_searches.seen(home, name) | saved_searches.seen(home, name, "shown")
    hits = [hit for hit in payload["hits"] if hit["review_id"] not in known]
    taken = [withheld(hit, kinds) for hit in hits]
    notes = [f"understood: {payload['understood']}"]
    try:
        saved_searches.remember(home, name, found, now(), "shown")
    except OSError as error:
        notes.append(f"this run cannot be remembered ({error.strerror}): --new will show it again")
    return Answer(
        payload={**payload, "hits": hits, **({"new": len(hits)} if only_new else {})},
        columns=COLUMNS,
        rows=[row_of(hit) for hit in taken],
        records=taken,
        title=f"Saved search: {name}",
        accessed=today(),
        empty="nothing new since its last run" if only_new and found else "nothing found",
        notes=tuple(notes),
    )


@command.command("batch")
@click.argument("queries", type=click.File("r", encoding="utf-8-sig"))
@output_options(*ROWS)
@click.pass_context
def batch(ctx: click.Context, queries: Any) -> Answer:
    """Run a file of QUERIES, one a line, and give one table of counts.

    Empty lines and lines that begin with # are left out; a query that cannot be understood stands in the table with its error.
    """
    from casereviews.index.errors import QueryError
    from casereviews.index.search import open_index

    home = home_of(ctx)
    searcher = open_index(home.index, home.id)
    rows: list[dict[str, Any]] = []
    wrong: list[int] = []
    for number, line in enumerate(_lines_of(queries), 1):
        text = line.strip().removeprefix("\ufeff")
        if not text or text.startswith("#"):
            continue
        try:
            found = searcher.search(text, limit=1).to_json()
        except QueryError as error:
            wrong.append(number)
            rows.append({"line": number, "query": text, "error": str(error).partition("\n")[0]})
            continue
        rows.append(
            {
                "line": number,
                "query": text,
                "understood": found["understood"],
                "reviews": found["total"],
                "documents": found["documents"],
                "best": found["hits"][0]["review_id"] if found["hits"] else "",
            }
        )
    columns = (
        Column("line", "Line", right=True),
        Column("query", "Query"),
        Column("understood", "Understood", wide=True),
        Column("reviews", "Reviews", right=True),
        Column("documents", "Documents", right=True),
        Column("best", "Best"),
        Column("error", "Error"),
    )
    notes = [f"line {number} could not be understood" for number in wrong]
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


def _understood(
    home: Home, text: str, filters: Mapping[str, Sequence[str]], exact: bool
) -> str | None:
    """How the index understands a search; before there is an index its grammar alone is checked. Raises QueryError."""
    from casereviews.index.errors import NoIndex
    from casereviews.index.query.grammar import parse
    from casereviews.index.search import open_index

    try:
        searcher = open_index(home.index, home.id)
    except NoIndex:
        parse(text)
        return None
    found = searcher.search(text, filters=filters, exact=exact, limit=1, facets=False, pages=False)
    return found.understood


def results_of(searcher: Any, search: SavedSearch) -> tuple[dict[str, Any], dict[str, str]]:
    """Every hit of a saved search, newest first, in the JSON contract; and the kind of label of each document."""
    results = searcher.search(
        search.query, filters=search.filters, exact=search.exact, sort="date", limit=100_000
    )
    kinds = {hit.document_id: str(hit.fields.get("label_kind") or "") for hit in results.hits}
    return results.to_json(), kinds


def run_all(home: Any, at: str | None = None) -> dict[str, int]:
    """Run every saved search and write what is new since its last run; returns name -> number of new reviews.

    Writes `feeds/saved/<name>.atom`, `.md` and `.new.json`, and remembers what was found. A search that cannot be run is told
    on stderr: it stops neither the others nor the night.
    """
    from casereviews.index.errors import QueryError
    from casereviews.index.search import open_index

    try:
        searches = saved_searches.load(home)
    except BadRequest as error:
        click.echo(f"no saved search was run: {error.message}", err=True)
        return {}
    if not searches:
        return {}
    at = at or now()
    searcher = open_index(home.index, home.id)
    counts = {}
    for search in searches.values():
        try:
            payload, kinds = results_of(searcher, search)
        except QueryError as error:
            click.echo(f"saved search '{search.name}' was not run: {error}", err=True)
            continue
        hits = payload["hits"]
        known = saved_searches.seen(home, search.name)
        fresh = [
            {**withheld(hit, kinds), "at": at} for hit in hits if hit["review_id"] not in known
        ]
        _write_news(home.feeds / "saved", search.name, fresh, at)
        saved_searches.remember(home, search.name, {hit["review_id"] for hit in hits}, at)
        counts[search.name] = len(fresh)
    return counts


def _write_news(folder: Path, name: str, fresh: list[dict[str, Any]], at: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    records = [{**hit, "pages": []} for hit in fresh]  # no snippet outlives a withdrawal in a feed
    answer = Answer(
        payload={"name": name, "at": at, "new": records},
        columns=COLUMNS[1:7],
        rows=records,
        records=records,
        title=f"casereviews: {name}",
        accessed=at[:10],
    )
    for form, what in (("atom", ""), ("markdown", ""), ("json", "new.")):
        replace(folder / f"{name}.{what}{FORMS[form].extension}", FORMS[form].text(answer))


def _known(searches: Mapping[str, SavedSearch], name: str) -> str:
    if name in searches:
        return name
    import difflib

    near = difflib.get_close_matches(name, searches, n=1)
    hint = f"did you mean '{near[0]}'?" if near else "`casereviews saved list` shows them"
    raise BadRequest(f"there is no saved search '{name}': {hint}")
