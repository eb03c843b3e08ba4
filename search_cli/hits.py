"""Hits as people read them: a line of the review, then page and snippet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from casereviews.collection.output.wording import counted, said_of_what_follows
from casereviews.repository.fields import DESCRIBED, FACETS

if TYPE_CHECKING:
    from casereviews import Hit, PageHit, Results, Vocabulary

FACET_ROWS = 8
FACETED = {one.query: one for one in FACETS}


def drawn_hits(results: Results, show_facets: bool, vocabulary: Vocabulary) -> Any:
    """Hits as people read them: a line of the review, then page and snippet with the words marked."""
    from rich.console import Group

    parts: list[Any] = []
    having = True
    for hit in results.hits:
        if having and hit.follows:
            having = False
            parts.extend(_most_line(results))
        parts.extend(_drawn_hit(hit, vocabulary))
    parts.append(_summary(results))
    if show_facets:
        parts.append(_drawn_facets(results.facets, vocabulary))
    return Group(*parts)


def _most_line(results: Results) -> Iterator[Any]:
    """What stands above the reviews that have most of the words."""
    from rich.text import Text

    yield Text(said_of_what_follows(results), "bold")
    yield Text("")


def headline(hit: Hit, said: Sequence[str] = ()) -> Any:
    """A hit's rank and title, and what is said of it in brackets; continued under the title."""
    from rich.text import Text

    from casereviews.collection.output.hostile import for_line
    from casereviews.search_cli.output.terminal import hanging

    head = Text(for_line(hit.title or "Untitled"), "bold")
    for one in said:
        head.append(f"  [{for_line(one)}]", "not bold yellow")
    return hanging(Text(f"{hit.rank:>3}. ", "dim"), head)


def facts_line(hit: Hit, names: Sequence[str], vocabulary: Vocabulary) -> str:
    """Published fields of a hit that say something, in words, with dots between them."""
    from casereviews.collection.output.hostile import flat, for_line

    rows = [DESCRIBED[name] for name in names]
    said = (flat(vocabulary.worded(one, hit.fields.get(one.published))) for one in rows)
    return " · ".join(for_line(one) for one in said if one)


def _drawn_hit(hit: Hit, vocabulary: Vocabulary) -> Iterator[Any]:
    from rich.padding import Padding
    from rich.text import Text

    from casereviews.collection.output.hostile import for_line
    from casereviews.repository.file_trouble import trouble_worded

    said = []
    if hit.availability and hit.availability != "available":
        said.append(hit.availability.replace("_", " "))
    if hit.trouble:
        said.append(trouble_worded(hit.trouble, hit.trouble_host, hit.source))
    yield headline(hit, said)
    facts = ("publisher", "published", "review_type", "document_role")
    line = Text(facts_line(hit, facts, vocabulary), "dim")
    line.append(f" · {hit.review_id}", "cyan")
    if hit.other_documents:
        line.append(f" · {counted(hit.other_documents, 'more document')}", "dim")
    yield Padding(line, (0, 0, 0, 5))
    if hit.lacks:
        lacking = Text(f"without: {for_line(', '.join(hit.lacks))}", "yellow")
        yield Padding(lacking, (0, 0, 0, 5))
    if hit.other_words:
        told = Text(f"in other words: {for_line(', '.join(hit.other_words))}", "yellow")
        yield Padding(told, (0, 0, 0, 5))
    if hit.apart:
        yield Padding(Text("has all of these, far apart", "yellow"), (0, 0, 0, 5))
    yield from map(marked_snippet, hit.pages)
    yield Text("")


def marked_snippet(page: PageHit) -> Any:
    """ "p. 12  …the words around…" with the matches marked, indented under its hit."""
    from rich.text import Text

    from casereviews.collection.output.citations import cited_page
    from casereviews.collection.output.hostile import for_snippet
    from casereviews.search_cli.output.terminal import hanging

    snippet = Text(for_snippet(page.snippet))
    for start, end in page.matches:
        snippet.stylize("bold green", start, end)
    cited = cited_page(page.page, page.label)
    return hanging(Text(f"     {cited}  ", "magenta"), snippet)


def _summary(results: Results) -> Any:
    from rich.text import Text

    from casereviews.search_cli.output.terminal import hanging

    found = f"{counted(results.total, 'review')}, {counted(results.documents, 'document')}"
    if not results.total:
        found = "no review with all of the words"
    rest = f" · {results.took_ms:.0f} ms · index of {results.index.built}"
    return hanging(Text(found, "dim"), Text(rest, "dim"))


def _drawn_facets(
    facets: Mapping[str, Sequence[tuple[str | None, int]]], vocabulary: Vocabulary
) -> Any:
    from rich.columns import Columns
    from rich.table import Table

    from casereviews.collection.output.hostile import flat, for_line

    tables = []
    for name, values in facets.items():
        table = Table(name, "", box=None, pad_edge=False, header_style="italic")
        known = [(value, count) for value, count in values if value is not None]
        for value, count in known[:FACET_ROWS]:
            table.add_row(for_line(flat(vocabulary.worded(FACETED[name], value))), str(count))
        if len(known) > FACET_ROWS:
            table.add_row(f"and {len(known) - FACET_ROWS} more: --json", "", style="dim")
        for _, count in values[len(known) :]:  # the unknown come last
            table.add_row("unknown", str(count))
        tables.append(table)
    return Columns(tables, padding=(0, 3))
