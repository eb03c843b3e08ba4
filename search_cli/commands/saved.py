"""`saved`: searches that every refresh runs; what is new since the last run as Atom, Markdown and JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from search_cli import saved_searches
from search_cli.commands.search import COLUMNS, row_of
from search_cli.errors import BadRequest
from search_cli.options import filter_options, home_of, now, output_options, today
from search_cli.output import RECORDS, ROWS, Answer, Column
from search_cli.saved_searches import SavedSearch


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
    from index.grammar import parse

    text = " ".join(query)
    if not text and not filters:
        raise click.UsageError("say what to search for")
    parse(text)
    home = home_of(ctx).create()
    searches = saved_searches.load(home)
    if name in searches:
        raise BadRequest(f"there is a saved search '{name}': remove it first or take another name")
    kept = {field: tuple(values) for field, values in filters.items()}
    searches[name] = SavedSearch(saved_searches.checked_name(name), text, kept, exact)
    saved_searches.store(home, searches)
    click.echo(f"saved; run it with: casereviews saved run {name}", err=True)


@command.command("list")
@output_options(*ROWS)
@click.pass_context
def list_(ctx: click.Context) -> Answer:
    """List the saved searches."""
    rows = [
        {
            "name": search.name,
            "query": search.query,
            "filters": [f"{k}={v}" for k, values in search.filters.items() for v in values],
            "exact": search.exact,
        }
        for search in saved_searches.load(home_of(ctx)).values()
    ]
    columns = (Column("name", "Name"), Column("query", "Query"), Column("filters", "Filters"))
    return Answer(
        payload=rows,
        columns=(*columns, Column("exact", "Exact")),
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
    "--new", "only_new", is_flag=True, help="Only reviews that the last run did not find."
)
@output_options(*RECORDS, "atom")
@click.pass_context
def run(ctx: click.Context, name: str, only_new: bool) -> Answer:
    """Run a saved search now."""
    from index.search import open_index

    home = home_of(ctx)
    searches = saved_searches.load(home)
    search = searches[_known(searches, name)]
    payload = results_of(open_index(home.index, home.id), search)
    known = saved_searches.seen(home, name) if only_new else set()
    hits = [hit for hit in payload["hits"] if hit["review_id"] not in known]
    return Answer(
        payload={**payload, "hits": hits},
        columns=COLUMNS,
        rows=[row_of(hit) for hit in hits],
        records=hits,
        title=f"Saved search: {name}",
        accessed=today(),
    )


@command.command("batch")
@click.argument("queries", type=click.File("r", encoding="utf-8"))
@output_options(*ROWS)
@click.pass_context
def batch(ctx: click.Context, queries: Any) -> Answer:
    """Run a file of QUERIES, one a line, and give one table of counts."""
    from index.errors import QueryError
    from index.search import open_index

    home = home_of(ctx)
    searcher = open_index(home.index, home.id)
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(queries, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        try:
            found = searcher.search(text, limit=1).to_json()
        except QueryError as error:
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
    return Answer(payload=rows, columns=columns, rows=rows, empty="the file holds no query")


def results_of(searcher: Any, search: SavedSearch) -> dict[str, Any]:
    """Every hit of a saved search, newest first, in the JSON contract."""
    results = searcher.search(
        search.query, filters=search.filters, exact=search.exact, sort="date", limit=100_000
    )
    payload: dict[str, Any] = results.to_json()
    return payload


def run_all(home: Any, at: str | None = None) -> dict[str, int]:
    """Run every saved search and write what is new since its last run; returns name -> number of new reviews.

    Writes `feeds/saved/<name>.atom`, `.md` and `.new.json`, and remembers what was found.
    """
    from index.search import open_index

    searches = saved_searches.load(home)
    if not searches:
        return {}
    at = at or now()
    searcher = open_index(home.index, home.id)
    counts = {}
    for search in searches.values():
        hits = results_of(searcher, search)["hits"]
        known = saved_searches.seen(home, search.name)
        fresh = [{**hit, "at": at} for hit in hits if hit["review_id"] not in known]
        _write_news(home.feeds / "saved", search.name, fresh, at)
        saved_searches.remember(home, search.name, {hit["review_id"] for hit in hits}, at)
        counts[search.name] = len(fresh)
    return counts


def _write_news(folder: Path, name: str, fresh: list[dict[str, Any]], at: str) -> None:
    from search_cli.output import atom_format, json_format, markdown_format

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
    for ending, form in (("atom", atom_format), ("md", markdown_format), ("new.json", json_format)):
        (folder / f"{name}.{ending}").write_text("\n".join(form.render(answer)) + "\n", "utf-8")


def _known(searches: Mapping[str, SavedSearch], name: str) -> str:
    if name in searches:
        return name
    import difflib

    near = difflib.get_close_matches(name, searches, n=1)
    hint = f"did you mean '{near[0]}'?" if near else "`casereviews saved list` shows them"
    raise BadRequest(f"there is no saved search '{name}': {hint}")
