"""`similar`: cases like one you describe, or like a review; what you type stays in memory."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casereviews.collection.asking.described_case import plain
from casereviews.collection.clock import today
from casereviews.collection.output import RECORDS, Answer, Column
from casereviews.collection.output.hits import COLUMNS, row_of
from casereviews.collection.output.withholding import without_name
from casereviews.collection.output.worded_facts import same_facts
from casereviews.search_cli.completing import SHOWN_IDS
from casereviews.search_cli.described_case import ANOTHER, asked, typed
from casereviews.search_cli.errors import EXIT_NOTHING
from casereviews.search_cli.examples import examples
from casereviews.search_cli.hits import facts_line, headline, marked_snippet
from casereviews.search_cli.options import collection_of, emit, filter_options, output_options

if TYPE_CHECKING:
    from casereviews import Hit, Vocabulary
    from casereviews.collection.collection import Similar


def _same_in_words(row: Mapping[str, Any], vocabulary: Vocabulary) -> list[str]:
    """The facts that a hit shares with the case, each once."""
    why = row.get("why") or {"facts": {}}
    return same_facts(why["facts"], vocabulary)


WHY_COLUMNS = (
    Column("strength", "Likeness"),
    Column("same", "Same facts", wide=True, words=_same_in_words),
    Column("speaks_of", "Both speak of", wide=True),
)


@examples("similar", "similar < described.txt", "similar hampshire-7k3f9q")
@click.command("similar")
@click.argument("review_id", metavar="[ID]", required=False, shell_complete=SHOWN_IDS)
@click.option(
    "--text", help="The description (it lands in your shell's history: prefer the prompt)."
)
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file with the description: plain text, PDF, Word (.docx), ODT, RTF.",
)
@filter_options
@click.option(
    "--limit", type=click.IntRange(1, 200), default=10, show_default=True, help="Most reviews."
)
@output_options(*RECORDS)
@click.pass_context
def command(
    ctx: click.Context,
    review_id: str | None,
    text: str | None,
    file: Path | None,
    filters: Mapping[str, Sequence[str]],
    limit: int,
) -> Answer | None:
    """Find reviews like the review ID, or like a case described at the prompt (the default), on stdin, by --text or --file.

    At the prompt it asks on, until an empty line; exit code 1 when nothing here is close.

    A finding aid: it says what was published that reads alike. It does not assess risk. What you type is neither stored nor sent
    anywhere.
    """
    if sum(given is not None for given in (review_id, text, file)) > 1:
        raise click.UsageError("give an ID, --text or --file, not several")
    collection = collection_of(ctx)
    _ = collection.searcher  # where nothing can be compared, nobody is asked to type

    def answered(described: str | None) -> Answer:
        found = collection.similar(described, review_id=review_id, filters=filters, limit=limit)
        return answer_of(found, collection.vocabulary)

    if review_id is not None:
        return answered(None)
    first = answered(asked(text, file))
    if text is None and file is None and asks_on(ctx):
        emit_each(first, answered, collection.vocabulary)
        return None
    return first


def asks_on(ctx: click.Context) -> bool:
    """True when a person sits at the prompt and reads the table: another description may follow."""
    return sys.stdin.isatty() and ctx.meta.get("casereviews.form") == "table"


def emit_each(first: Answer, answered: Callable[[str], Answer], vocabulary: Vocabulary) -> None:
    """Print an answer and ask for the next description until an empty line; ends as the last answer would."""
    answer = first
    while True:
        nothing = False
        try:
            emit(replace(answer, vocabulary=vocabulary), "table")
        except SystemExit:
            nothing = True
        described = plain(typed(ANOTHER))
        if not described.strip():
            if nothing:
                sys.exit(EXIT_NOTHING)
            return
        answer = answered(described)


def answer_of(found: Similar, vocabulary: Vocabulary) -> Answer:
    """What was found, in every form, with how it was read and what to do next."""
    taken = [without_name(hit) for hit in found.results.hits]
    notes = (
        f"read as: {found.results.understood}",
        "nothing here is close: these come nearest" if found.all_weak else "",
        found.left_out,
        found.caution,
        next_step(found.results.hits),
    )
    return Answer(
        payload=found.to_json(),
        columns=(*COLUMNS, *WHY_COLUMNS),
        rows=[row_with_reasons(hit) for hit in taken],
        records=[{**hit.to_json(), "caution": found.caution} for hit in taken],
        accessed=today(),
        caution=found.caution,
        table=(lambda: drawn(found.results.hits, vocabulary)) if taken else None,
        notes=tuple(note for note in notes if note),
        empty="nothing here is close: describe what happened, the child's age and the family in plain words",
    )


def next_step(hits: Sequence[Hit]) -> str:
    """How to read the first page that is shown."""
    for hit in hits:
        for page in hit.pages:
            return f"read a page: casereviews show {hit.review_id} --page {page.page}"
    return ""


def row_with_reasons(hit: Hit) -> dict[str, Any]:
    """A hit as a flat row."""
    row = row_of(hit.to_json())
    if hit.why is None:
        return row
    why = hit.why
    return {**row, "strength": why.strength, "same": why.same, "speaks_of": why.speaks_of}


def drawn(hits: Iterable[Hit], vocabulary: Vocabulary) -> Any:
    """Hits with the reasons why they are alike."""
    from rich.console import Group
    from rich.text import Text

    parts: list[Any] = []
    for hit in hits:
        parts.append(headline(hit, (hit.why.strength,) if hit.why else ()))
        facts = facts_line(
            hit, ("publisher", "published", "review_type", "document_role"), vocabulary
        )
        parts.append(_below(f"{facts} · {hit.review_id}" if facts else hit.review_id, "dim"))
        same = same_facts(hit.why.facts, vocabulary) if hit.why else []
        if same:
            parts.append(_below(f"same: {', '.join(same)}", "green"))
        if hit.why and (more := _besides(hit.why.speaks_of, same)):
            parts.append(_below("both speak of: " + ", ".join(more[:8]), "green"))
        parts.extend(map(marked_snippet, hit.pages))
        parts.append(Text(""))
    return Group(*parts)


def _besides(concepts: Iterable[str], same: Iterable[str]) -> list[str]:
    """What both speak of and no shared fact says."""
    told = {one.lower() for one in same}
    return [one for one in concepts if one.lower() not in told]


def _below(text: str, style: str) -> Any:
    """A line of a hit, under its title."""
    from rich.padding import Padding
    from rich.text import Text

    return Padding(Text(text, style), (0, 0, 0, 5))
