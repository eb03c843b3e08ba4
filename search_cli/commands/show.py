"""`show`: a review with its documents, one of its pages, or where every field came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import click

from casereviews.repository.fields import PUBLISHED
from casereviews.search_cli.errors import BadRequest
from casereviews.search_cli.options import home_of, output_options
from casereviews.search_cli.output import Answer, Column
from casereviews.search_cli.output.hostile import flat, for_line, for_terminal
from casereviews.search_cli.output.wording import counted

GONE = {
    "removed": "The publisher has removed this from its list.",
    "missing": "This was missing from the publisher's list on the last visit.",
    "no_longer_published": "The publisher says: no longer published.",
    "unpublished": "The publisher says: not published.",
    "on_request": "The publisher gives it on request.",
    "delayed": "The publisher says: delayed.",
}


@click.command("show")
@click.argument("identifier", metavar="ID")
@click.option("--page", type=click.IntRange(1), help="Read this page of the file in place.")
@click.option(
    "--why",
    is_flag=True,
    help="Every field with raw value, origin, page, confidence and the losers.",
)
@click.option(
    "--recommendations", is_flag=True, help="Its recommendations, with addressee and page."
)
@output_options("json")
@click.pass_context
def command(
    ctx: click.Context, identifier: str, page: int | None, why: bool, recommendations: bool
) -> Answer:
    """Show a review (or the review of a document) ID."""
    from casereviews.search_cli.review_records import chosen_document, record_of

    home = home_of(ctx)
    if page is not None:
        return page_answer(home, chosen_document(home, identifier), page)
    record = record_of(home, identifier)
    if why:
        return why_answer(record)
    if recommendations:
        return recommendation_answer(record)
    return Answer(payload=record, table=lambda: drawn(record))


def drawn(record: Mapping[str, Any]) -> Any:
    """A review as people read it: what is gone first, then its fields, then its documents."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    parts: list[Any] = [
        Text(for_line(str(record.get("title"))), "bold"),
        Text(str(record["review_id"]), "cyan"),
    ]
    gone = GONE.get(str(record.get("availability")))
    if gone:
        parts.insert(0, Text(gone, "bold yellow"))
    fields = Table(box=None, show_header=False, pad_edge=False)
    for field in (one for one in PUBLISHED if one.shown):
        value = record.get(field.published)
        fields.add_row(
            Text(field.label, "dim"),
            Text(for_line(flat(value)) if value else "unknown", "" if value else "dim"),
        )
    parts += [fields, Text("")]
    for document in record["documents"]:
        parts.extend(_drawn_document(document))
    return Group(*parts)


def _drawn_document(document: Mapping[str, Any]) -> Iterator[Any]:
    from rich.text import Text

    line = Text("• ")
    line.append(for_line(str(document.get("title") or "Untitled")), "bold")
    facts = [
        document.get("role"),
        document.get("published"),
        counted(document["pages"], "page"),
        document.get("text_status"),
    ]
    line.append("  " + " · ".join(str(fact).replace("_", " ") for fact in facts if fact), "dim")
    yield line
    yield Text(f"  {document['document_id']}", "cyan")
    for address in (document.get("url"), document.get("landing_url")):
        if address:
            yield Text("  " + for_line(str(address)), "blue")
    if document.get("link_reason") and document["link_reason"] != "first of its review":
        yield Text(f"  joined because: {for_line(str(document['link_reason']))}", "dim")
    if document.get("error"):
        yield Text(f"  could not be described: {for_line(str(document['error']))}", "red")


def page_answer(home: Any, document: Mapping[str, Any], number: int) -> Answer:
    """One page of a document's text, read in place; a removed report says so first."""
    from rich.text import Text

    from casereviews.index.search import open_index

    page = open_index(home.index, home.id).page(str(document["document_id"]), number)
    if page is None:
        raise BadRequest(
            f"{document['document_id']} has {counted(document['pages'], 'page')}, no page {number}"
            + _why_none(document)
        )
    gone = GONE.get(str(document.get("availability")))
    label = f" (printed {page.label})" if page.label and page.label != str(number) else ""
    head = f"{document.get('title')} · page {number}{label} of {document['pages']}"
    link = document.get("url")
    if link and document.get("media_type") == "application/pdf":
        link = f"{link}#page={number}"
    payload = {
        "document_id": document["document_id"],
        "page": number,
        "label": page.label,
        "text": page.text,
        "availability": document.get("availability"),
        "url": link,
    }
    from rich.console import Group

    lines = [Text(gone, "bold yellow")] if gone else []
    lines += [Text(for_line(head), "bold"), *([Text(for_line(link), "blue")] if link else [])]
    text = Text(for_terminal(page.text))
    if not page.text.strip():
        text = Text("This page has no text: it is empty, or a picture.", "dim")
    return Answer(payload=payload, table=lambda: Group(*lines, Text(""), text))


def _why_none(document: Mapping[str, Any]) -> str:
    """Why a document has no page at all, and where its words may be."""
    if document["pages"]:
        return ""
    if not document.get("sha256"):
        return ": no file of it is kept"
    status = str(document.get("text_status") or "not read yet").replace("_", " ")
    return f": its text could not be read ({status}); `casereviews open {document['document_id']}` opens it"


def why_answer(record: Mapping[str, Any]) -> Answer:
    """Every field's winner and losers, with what they were read from."""
    from casereviews.repository.describing.resolve import resolve
    from casereviews.repository.published_documents import facts_by_field

    rows: list[dict[str, Any]] = []
    for document in record["documents"]:
        by_field = facts_by_field(document)
        resolved = resolve([fact for facts in by_field.values() for fact in facts])
        for name in sorted(by_field):
            winner = resolved.get(name)
            for fact in sorted(by_field[name], key=lambda one: (-one.confidence, one.value)):
                won = winner is not None and fact.value in (winner.value, *winner.values)
                clash = winner is not None and fact in winner.conflicting
                rows.append(
                    {
                        "document_id": document["document_id"],
                        "field": name,
                        "value": fact.value,
                        "state": "wins" if won else ("conflicts" if clash else "loses"),
                        "raw": fact.raw,
                        "origin": fact.origin,
                        "page": fact.page,
                        "confidence": round(fact.confidence, 2),
                        "rule": fact.rule,
                        "evidence": fact.evidence,
                    }
                )
    columns = (
        Column("field", "Field"),
        Column("value", "Value"),
        Column("state", "State"),
        Column("raw", "Read from"),
        Column("origin", "Origin"),
        Column("page", "Page", right=True),
        Column("confidence", "Confidence", right=True),
        Column("document_id", "Document", wide=True),
    )
    return Answer(payload=rows, columns=columns, rows=rows, empty="nothing was read of it yet")


def recommendation_answer(record: Mapping[str, Any]) -> Answer:
    """The recommendations of all its documents."""
    rows = [
        {"document_id": document["document_id"], **one}
        for document in record["documents"]
        for one in document["recommendations"]
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
