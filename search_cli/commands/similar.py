"""`similar`: cases like one you describe, or like a review; what you type stays in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casereviews.search_cli.commands.search import COLUMNS, marked_snippet, row_of
from casereviews.search_cli.described_case import asked, bounded
from casereviews.search_cli.errors import BadRequest
from casereviews.search_cli.options import (
    filter_options,
    home_of,
    output_options,
    today,
    vocabulary_of,
)
from casereviews.search_cli.output import RECORDS, Answer, Column

if TYPE_CHECKING:
    from casereviews.index.search import Searcher
    from casereviews.index.similar.finding import DescribedCase
    from casereviews.repository.vocabulary import Vocabulary

UNSAID = "not_stated"
WHY_COLUMNS = (
    Column("same", "Same facts", wide=True),
    Column("speaks_of", "Both speak of", wide=True),
)
FIELDS = {
    "age_band": "age_bands",
    "sex": "sex",
    "outcome": "outcome",
    "plan_status_now": "plan_status",
    "harm": "harms",
}


@click.command("similar")
@click.argument("review_id", metavar="[ID]", required=False)
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
) -> Answer:
    """Find reviews like the review ID, or like a case described at the prompt (the default), on stdin, by --text or --file.

    A finding aid: it says what was published that reads alike. It does not assess risk. What you type is neither stored nor sent
    anywhere.
    """
    from casereviews.index.search import open_index
    from casereviews.index.similar.finding import CAUTION, find_similar
    from casereviews.search_cli.indexing import encoder_of

    if sum(given is not None for given in (review_id, text, file)) > 1:
        raise click.UsageError("give an ID, --text or --file, not several")
    home = home_of(ctx)
    searcher = open_index(home.index, home.id, vocabulary_of(home))
    cut = ""
    if review_id is not None:
        case = case_of_review(searcher, review_id)
    else:
        read, cut = bounded(asked(text, file))
        case = described(read, searcher.vocabulary)
    results = find_similar(searcher, case, encoder=encoder_of(home), filters=filters, limit=limit)
    payload = {**results.to_json(), "caution": CAUTION}
    kinds = {hit.document_id: str(hit.fields.get("label_kind") or "") for hit in results.hits}
    taken = [taken_away(hit, kinds) for hit in payload["hits"]]
    return Answer(
        payload=payload,
        columns=(*COLUMNS, *WHY_COLUMNS),
        rows=[row_with_reasons(hit) for hit in taken],
        records=[{**hit, "caution": CAUTION} for hit in taken],
        accessed=today(),
        caution=CAUTION,
        table=(lambda: drawn(payload)) if taken else None,
        notes=tuple(note for note in (f"read as: {payload['understood']}", cut, CAUTION) if note),
        empty="nothing reads alike: describe what happened, the child's age and the family in plain words",
    )


def taken_away(hit: Mapping[str, Any], kinds: Mapping[str, str]) -> dict[str, Any]:
    """A hit without real persons' names, its reasons included."""
    from casereviews.search_cli.review_records import withheld

    out = withheld(hit, kinds)
    return {**out, "why": {**out["why"], "passages": out["pages"]}}


def row_with_reasons(hit: Mapping[str, Any]) -> dict[str, Any]:
    """A hit as a flat row, each page once."""
    pages = list({page["page"]: page for page in hit["pages"]}.values())
    return {
        **row_of({**hit, "pages": pages}),
        "same": same_facts(hit),
        "speaks_of": hit["why"]["speaks_of"],
    }


def same_facts(hit: Mapping[str, Any]) -> list[str]:
    """The codes that the case and the hit share, each once."""
    shared = [value for values in hit["why"]["facts"].values() for value in values]
    return [value for value in dict.fromkeys(shared) if value != UNSAID]


def described(text: str, vocabulary: Vocabulary) -> DescribedCase:
    """The case with the facts that its description states, by the same rules that read reports."""
    from casereviews.index.similar.finding import DescribedCase
    from casereviews.repository.describing.case import find_case_facts
    from casereviews.repository.describing.themes import theme_finder
    from casereviews.repository.model import Page, Reading

    reading = Reading("", "ok", "text/plain", pages=(Page(1, text),))
    facts: dict[str, list[str]] = {}
    for fact in find_case_facts(reading, (), summary=text, vocabulary=vocabulary):
        if fact.field in FIELDS and fact.value != UNSAID:
            facts.setdefault(FIELDS[fact.field], []).extend(fact.value.split("|"))
    for fact in theme_finder(vocabulary).find(reading, (), summary=text):
        if fact.field == "theme":
            facts.setdefault("themes", []).append(fact.value)
    return DescribedCase(text, {name: tuple(dict.fromkeys(v)) for name, v in facts.items()})


def case_of_review(searcher: Searcher, typed: str) -> DescribedCase:
    """A collected review as a case: its telling passages and coded facts; BadRequest when it is not in the index."""
    from casereviews.index.similar.agreement import facts_of
    from casereviews.index.similar.finding import DescribedCase
    from casereviews.index.similar.passages import passages_of

    ids = searcher.documents_of(typed)
    if not ids and searcher.fields_of(typed) is not None:
        ids = [typed]
    if not ids:
        raise BadRequest(
            f"there is no review {typed} in the index: `casereviews search` shows ids; to describe a case, type it at the"
            " prompt of `casereviews similar`"
        )
    number = max(
        (searcher.store.number_of(one) or 0 for one in ids),
        key=lambda n: len((searcher.store.published(n) or _nothing()).pages),
    )
    document = searcher.store.published(number)
    assert document is not None
    title = str(document.fields.get("title") or "")
    text = "\n".join([title, *(passage.text for passage in passages_of(document)[:8])])
    return DescribedCase(text, facts_of(document.fields), document.review_id)


def _nothing() -> Any:
    from casereviews.repository.model import PublishedDocument

    return PublishedDocument("", "", {})


def drawn(payload: Mapping[str, Any]) -> Any:
    """Hits with the reasons why they are alike."""
    from rich.console import Group
    from rich.text import Text

    from casereviews.search_cli.output.hostile import for_line

    parts: list[Any] = []
    for hit in payload["hits"]:
        why = hit["why"]
        head = Text(f"{hit['rank']:>3}. ", "dim")
        head.append(for_line(str(hit.get("title") or "Untitled")), "bold")
        parts.append(head)
        facts = [
            hit.get("publisher"),
            hit.get("published"),
            hit.get("review_type"),
            hit["review_id"],
        ]
        parts.append(
            Text("     " + " · ".join(for_line(str(fact)) for fact in facts if fact), "dim")
        )
        if same := [value.replace("_", " ") for value in same_facts(hit)]:
            parts.append(Text("     same: " + ", ".join(same), "green"))
        if why["speaks_of"]:
            parts.append(Text("     both speak of: " + ", ".join(why["speaks_of"][:8]), "green"))
        parts.extend(marked_snippet(page) for page in hit["pages"])
        parts.append(Text(""))
    return Group(*parts)
