"""Hits as people read them: a line of the review, then page and snippet; and as flat rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from casereviews.repository import fields
from casereviews.search_cli.output import Column
from casereviews.search_cli.output.wording import counted

COLUMNS = (
    Column("rank", "#", right=True),
    Column("review_id", "Review"),
    *(Column(one.hit[1], one.label, wide=not one.brief) for one in fields.COLUMNS if one.hit),
    Column("pages", "Pages"),
)
FACET_ROWS = 8


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
