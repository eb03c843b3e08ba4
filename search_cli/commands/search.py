"""`search`: words, phrases and fields over the full text; hits are reviews with their best pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casereviews.repository import fields
from casereviews.search_cli.options import filter_options, home_of, now, output_options, today
from casereviews.search_cli.output import FORMS, RECORDS, Answer, Column
from casereviews.search_cli.output.wording import counted

if TYPE_CHECKING:
    from casereviews.index.results import Results

COLUMNS = (
    Column("rank", "#", right=True),
    Column("review_id", "Review"),
    *(Column(one.hit[1], one.label, wide=not one.brief) for one in fields.COLUMNS if one.hit),
    Column("pages", "Pages"),
)
EVERY = 1_000_000_000
AT_A_TIME = 200
FACET_ROWS = 8


class SearchCommand(click.Command):
    """`search neglect -police` without quotes: click takes `-police` for an option, and the message says so."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        typed = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            left_out = next((word for word in typed if re.fullmatch(r"-[^\W_][\w*~]+", word)), None)
            if left_out is None:
                raise
            words = " ".join(word for word in typed if not word.startswith("--"))
            raise click.UsageError(
                f"{error.format_message()} To leave a word out, quote the whole query: '{words}'",
                ctx,
            ) from error


@click.command("search", cls=SearchCommand)
@click.argument("query", nargs=-1)
@filter_options
@click.option("--exact", is_flag=True, help="Exact words: no stems, synonyms or spelling variants.")
@click.option(
    "--sort",
    type=click.Choice(["relevance", "date"]),
    default="relevance",
    show_default=True,
    help="What comes first.",
)
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="Most reviews."
)
@click.option("--offset", type=click.IntRange(0), default=0, help="Leave out so many first.")
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Every hit after --offset, streamed, whatever --limit says.",
)
@click.option("--facets", is_flag=True, help="Show the counts beside the table.")
@click.option("--help-query", is_flag=True, help="Explain the query language and stop.")
@click.option(
    "--log",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Append a reproducible record of this search (PRISMA-S).",
)
@output_options(*RECORDS)
@click.pass_context
def command(
    ctx: click.Context,
    query: tuple[str, ...],
    filters: Mapping[str, Sequence[str]],
    exact: bool,
    sort: str,
    limit: int,
    offset: int,
    everything: bool,
    facets: bool,
    help_query: bool,
    log: Path | None,
) -> Answer | None:
    """Search the full text of every collected review.

    QUERY is words (all must occur), "exact phrases", AND OR NOT, field:value, ranges (year:2015..2021), prefix*, fuzzy~ and
    NEAR/5. Quote the whole query for your shell.
    """
    if help_query:
        from casereviews.index.query.help import HELP

        click.echo(HELP)
        return None
    text = " ".join(query).encode("utf-8", "replace").decode("utf-8")  # what is no text is a ?
    if not text.strip() and not filters:
        raise click.UsageError(
            'say what to search for, such as: casereviews search "unsafe sleep" --nation Wales'
        )
    from casereviews.index.search import open_index

    home = home_of(ctx)
    searcher = open_index(home.index, home.id)
    ask = partial(searcher.search, text, filters=filters, sort=sort, exact=exact)
    streamed = everything and FORMS[ctx.meta["casereviews.form"]].streamed
    if everything:
        limit = AT_A_TIME if streamed else EVERY
    results = ask(limit=limit, offset=offset)
    payload = results.to_json()
    if log:
        from casereviews.search_cli.search_log import append

        append(log, payload, filters=filters, sort=sort, exact=exact, at=now(), home=home)
    answer = answer_for(payload, show_facets=facets, kinds=_kinds(results))
    if streamed and results.hits:
        return replace(
            answer,
            rows=map(row_of, _records(results, ask, offset)),
            records=_records(results, ask, offset),
        )
    return answer


def _records(first: Results, ask: Callable[..., Results], offset: int) -> Iterator[dict[str, Any]]:
    """Every hit from `offset` on as it may be taken away: so many are looked up at a time, and none is kept."""
    from casereviews.search_cli.review_records import withheld

    results = first
    while results.hits:
        kinds = _kinds(results)
        yield from (withheld(hit.to_json(), kinds) for hit in results.hits)
        offset += len(results.hits)
        results = ask(limit=AT_A_TIME, offset=offset, facets=False)


def _kinds(results: Results) -> dict[str, str]:
    return {hit.document_id: str(hit.fields.get("label_kind") or "") for hit in results.hits}


def answer_for(
    payload: dict[str, Any],
    *,
    show_facets: bool = False,
    kinds: Mapping[str, str] | None = None,
) -> Answer:
    """The answer to a search in all forms, from the JSON contract.

    `kinds` maps document ids to the kind of their label: real names stay out of what is taken away.
    """
    from casereviews.search_cli.output.hostile import for_line
    from casereviews.search_cli.review_records import withheld

    hits = payload["hits"]
    taken = [withheld(hit, kinds or {}) for hit in hits]
    notes = [f"understood: {for_line(payload['understood'])}"]
    notes += [f"did you mean: {for_line(word)}" for word in payload.get("did_you_mean", ())]
    nothing = "nothing found: try fewer words, another spelling, or `--scope all`"
    if payload["total"]:
        nothing = f"there are only {counted(payload['total'], 'review')}: try a smaller --offset"
    return Answer(
        payload=payload,
        columns=COLUMNS,
        rows=[row_of(hit) for hit in taken],
        records=taken,
        empty=nothing,
        accessed=today(),
        table=(lambda: drawn_hits(payload, show_facets)) if hits else None,
        notes=tuple(notes),
    )


def row_of(hit: Mapping[str, Any]) -> dict[str, Any]:
    """A hit as a flat row: pages are cited, "p. 11 (file page 12)"."""
    from casereviews.search_cli.output.citations import page_citation

    return {**hit, "pages": list(dict.fromkeys(map(page_citation, hit.get("pages", ()))))}


def drawn_hits(payload: Mapping[str, Any], show_facets: bool) -> Any:
    """Hits as people read them: a line of the review, then page and snippet with the words marked."""
    from rich.console import Group

    parts: list[Any] = []
    for hit in payload["hits"]:
        parts.extend(_drawn_hit(hit))
    parts.append(_summary(payload))
    if show_facets:
        parts.append(_drawn_facets(payload["facets"]))
    return Group(*parts)


def _drawn_hit(hit: Mapping[str, Any]) -> Iterator[Any]:
    from rich.padding import Padding
    from rich.text import Text

    from casereviews.search_cli.output.hostile import for_line

    availability = hit.get("availability")
    head = Text()
    head.append(f"{hit['rank']:>3}. ", "dim")
    head.append(for_line(str(hit.get("title") or "Untitled")), "bold")
    if availability and availability != "available":
        head.append(f"  [{str(availability).replace('_', ' ')}]", "yellow")
    yield head
    facts = [hit.get("publisher"), hit.get("published"), hit.get("review_type"), hit.get("role")]
    line = Text(" · ".join(for_line(str(fact)) for fact in facts if fact), "dim")
    line.append(f" · {hit['review_id']}", "cyan")
    if hit.get("other_documents"):
        line.append(f" · {counted(hit['other_documents'], 'more document')}", "dim")
    yield Padding(line, (0, 0, 0, 5))
    yield from (marked_snippet(page) for page in hit.get("pages", ()))
    yield Text("")


def marked_snippet(page: Mapping[str, Any]) -> Any:
    """ "p. 12  …the words around…" with the matches marked, indented under its hit."""
    from rich.padding import Padding
    from rich.text import Text

    from casereviews.search_cli.output.citations import page_citation
    from casereviews.search_cli.output.hostile import for_snippet

    snippet = Text(for_snippet(str(page["snippet"])))
    for start, end in page.get("matches", ()):
        snippet.stylize("bold green", start, end)
    return Padding(Text.assemble((page_citation(page) + "  ", "magenta"), snippet), (0, 0, 0, 5))


def _summary(payload: Mapping[str, Any]) -> Any:
    from rich.text import Text

    return Text(
        f"{counted(payload['total'], 'review')}, {counted(payload['documents'], 'document')}"
        f" · {payload['took_ms']:.0f} ms · index of {payload['index']['built']}",
        "dim",
    )


def _drawn_facets(facets: Mapping[str, Sequence[Mapping[str, Any]]]) -> Any:
    from rich.columns import Columns
    from rich.table import Table

    from casereviews.search_cli.output.hostile import for_line

    tables = []
    for name, values in facets.items():
        table = Table(name, "", box=None, pad_edge=False, header_style="italic")
        known = [value for value in values if value["value"] is not None]
        for value in known[:FACET_ROWS]:
            table.add_row(for_line(str(value["value"])), str(value["count"]))
        if len(known) > FACET_ROWS:
            table.add_row(f"and {len(known) - FACET_ROWS} more: --json", "", style="dim")
        for value in values[len(known) :]:  # the unknown come last
            table.add_row("unknown", str(value["count"]))
        tables.append(table)
    return Columns(tables, padding=(0, 3))
