"""`show`: a review with its documents, one of its pages, or where every field came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from casereviews.collection.output import Answer, Column
from casereviews.collection.output.hostile import flat, for_line, for_terminal
from casereviews.collection.output.worded_facts import GONE, fact_in_words
from casereviews.collection.output.wording import counted
from casereviews.repository.fields import DESCRIBED, PUBLISHED
from casereviews.search_cli.completing import SHOWN_IDS
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, output_options

if TYPE_CHECKING:
    from casereviews import DocumentPage, Review, ReviewDocument, Vocabulary
    from casereviews.repository.model import Fact


@examples("show hampshire-7k3f9q", "show hampshire-7k3f9q --page 12")
@click.command("show")
@click.argument("identifier", metavar="ID", shell_complete=SHOWN_IDS)
@click.option("--page", type=click.IntRange(1), help="Read this page of the file in place.")
@click.option(
    "--why",
    is_flag=True,
    help="Every field with raw value, origin, page, confidence and the losers; the evidence, how each piece of it stands, and what was seen and not counted.",
)
@click.option(
    "--why-of",
    metavar="NAME",
    help="The same of one theme, agency or field (id or name), with all its evidence.",
)
@click.option(
    "--recommendations", is_flag=True, help="Its recommendations, with addressee and page."
)
@output_options("json")
@click.pass_context
def command(
    ctx: click.Context,
    identifier: str,
    page: int | None,
    why: bool,
    why_of: str | None,
    recommendations: bool,
) -> Answer:
    """Show a review (or the review of a document) ID."""
    collection = collection_of(ctx)
    if page is not None:
        return page_answer(collection.page(identifier, page))
    if why or why_of:
        from casereviews.search_cli.why import why_answer

        review, reasons = collection.review(identifier), collection.reasons(identifier)
        return why_answer(review, reasons, collection.vocabulary, why_of)
    review = collection.review(identifier, placed=ctx.meta["casereviews.form"] == "json")
    if recommendations:
        return recommendation_answer(review)
    conflicts = collection.conflicts(review)
    payload = review.to_json() | {"conflicts": [[_said(fact) for fact in one] for one in conflicts]}
    return Answer(payload=payload, table=lambda: drawn(review, collection.vocabulary, conflicts))


def _said(fact: Fact) -> dict[str, Any]:
    return {"field": fact.field, "value": fact.value, "page": fact.page, "evidence": fact.evidence}


def drawn(
    review: Review, vocabulary: Vocabulary, conflicts: Iterable[tuple[Fact, Fact]] = ()
) -> Any:
    """A review as people read it: what is gone first, then its fields and those that cannot be true together, then its documents."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    from casereviews.search_cli.output.terminal import hanging

    parts: list[Any] = [
        Text(for_line(str(review.field("title"))), "bold"),
        Text(str(review.review_id), "cyan"),
    ]
    gone = GONE.get(str(review.field("availability")))
    if gone:
        parts.insert(0, Text(gone, "bold yellow"))
    fields = Table(box=None, show_header=False, pad_edge=False)
    for field in (one for one in PUBLISHED if one.shown):
        value = vocabulary.worded(field, review.field(field.published))
        fields.add_row(
            Text(field.label, "dim"),
            Text(for_line(flat(value)) if value else "unknown", "" if value else "dim"),
        )
    parts.append(fields)
    for pair in conflicts:
        told = " and ".join(fact_in_words(fact, vocabulary) for fact in pair)
        parts.append(
            hanging(Text("! ", "yellow"), Text(for_line(f"cannot both be true: {told}"), "yellow"))
        )
    parts.append(Text(""))
    for document in review.documents:
        parts.extend(_drawn_document(document, review.source, vocabulary))
    return Group(*parts)


def _drawn_document(
    document: ReviewDocument, source: str | None, vocabulary: Vocabulary
) -> Iterator[Any]:
    from rich.text import Text

    from casereviews.search_cli.output.terminal import address, hanging

    line = Text(for_line(document.title or "Untitled"), "bold")
    facts = [
        flat(vocabulary.worded(DESCRIBED["document_role"], document.role)),
        document.published,
        counted(document.pages, "page"),
        (document.text_status or "").replace("_", " "),
    ]
    line.append("  " + " · ".join(fact for fact in facts if fact), "not bold dim")
    yield hanging(Text("• "), line)
    yield Text(f"  {document.document_id}", "cyan")
    for one in (document.url, document.landing_url):
        if one:
            yield address(one, indent=2)
    if document.link_reason and document.link_reason != "first of its review":
        yield hanging(Text("  "), Text(f"joined because: {for_line(document.link_reason)}", "dim"))
    if told := document.trouble_told(source):
        yield hanging(Text("  "), Text(for_line(told), "yellow"))
    if document.error:
        said = f"could not be described: {for_line(document.error)}"
        yield hanging(Text("  "), Text(said, "red"))


def page_answer(page: DocumentPage) -> Answer:
    """One page of a document's text, read in place; a removed report says so first."""
    from rich.console import Group
    from rich.text import Text

    from casereviews.search_cli.output.terminal import address

    document = page.document
    gone = GONE.get(str(document.availability))
    label = f" (printed {page.label})" if page.label and page.label != str(page.page) else ""
    head = f"{document.title} · page {page.page}{label} of {document.pages}"
    lines = [Text(gone, "bold yellow")] if gone else []
    lines.append(Text(for_line(head), "bold"))
    if page.url:
        lines.append(address(page.url))
    text = Text(for_terminal(page.text))
    if not page.text.strip():
        text = Text("This page has no text: it is empty, or a picture.", "dim")
    return Answer(payload=page.to_json(), table=lambda: Group(*lines, Text(""), text))


def recommendation_answer(review: Review) -> Answer:
    """The recommendations of all its documents."""
    rows = [
        {"document_id": document.document_id, **asdict(one)}
        for document in review.documents
        for one in document.recommendations
    ]
    columns = (
        Column("number", "No."),
        Column("text", "Recommendation"),
        Column("addressee", "For"),
        Column("page", "Page", right=True),
        Column("document_id", "Document", wide=True),
    )
    return Answer(
        payload=rows, columns=columns, rows=rows, empty="no recommendations were found in it"
    )
