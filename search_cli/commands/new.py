"""`new`: what happened to documents since a day: new, changed, moved, missing, removed, returned, held, withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from casereviews.search_cli.errors import BadRequest, CannotRun
from casereviews.search_cli.options import home_of, output_options, today
from casereviews.search_cli.output import ROWS, Answer, Column

if TYPE_CHECKING:
    from casereviews.repository.home import Home
    from casereviews.repository.record import Record
    from casereviews.repository.record.outcome import Event

COLUMNS = (
    Column("at", "When"),
    Column("what", "What"),
    Column("title", "Title"),
    Column("publisher", "Publisher"),
    Column("review_id", "Review"),
    Column("kind", "Kind", wide=True),
    Column("document_id", "Document", wide=True),
    Column("source", "Source", wide=True),
    Column("file_url", "File", wide=True),
    Column("landing_url", "Page of the publisher", wide=True),
)
WORDS = {
    "new": "new",
    "changed_text": "changed: the text",
    "changed_bytes": "changed: the file only, same text",
    "moved": "moved to another address",
    "removed": "removed from the list",
    "returned": "returned to the list",
    "held": "held back",
    "released": "released",
    "withdrawn": "withdrawn",
}
# What is held or withdrawn has no title, no address, no label in any list but `held`.
HIDDEN = "(not shown)"


@click.command("new")
@click.option(
    "--since", metavar="DAY", help="From this day on (2026-03-01) [default: the last run]."
)
@click.option("--source", "source_ids", multiple=True, help="Only of this source.")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([*WORDS, "missing"]),
    help="Only what happened so.",
)
@output_options(*ROWS, "atom")
@click.pass_context
def command(
    ctx: click.Context, since: str | None, source_ids: tuple[str, ...], kinds: tuple[str, ...]
) -> Answer:
    """Tell what is new since a day or since the last run."""
    from casereviews.repository.record import Record

    home = home_of(ctx)
    if not home.record_db.exists():
        raise CannotRun(
            "nothing was collected yet: run `casereviews refresh` or `casereviews demo`"
        )
    reviews = reviews_by_document(home)
    with Record.open(home) as record:
        for source_id in source_ids:
            known_source(source_id, record.sources())
        if since is None:
            last = next((run for run in record.runs() if run.verb == "refresh"), None)
            happened = record.events(run_id=last.id) if last else []
        else:
            happened = record.events(since=checked_day(since))
        chosen = [
            event
            for event in happened
            if (not source_ids or event.source_id in source_ids)
            and (not kinds or event.kind in kinds)
        ]
        rows = list(told(record, chosen, reviews))
    on_screen = ctx.meta.get("casereviews.form") in ("table", "json")
    taken = rows if on_screen else without_names(home, rows)
    return Answer(
        payload=rows,
        columns=COLUMNS,
        rows=taken,
        records=taken,
        title="casereviews: what is new",
        empty="nothing new",
        accessed=today(),
    )


def known_source(source_id: str, known: Iterable[str]) -> None:
    """Raise BadRequest with the nearest id when no source is called so."""
    import difflib

    known = list(known)
    if source_id not in known:
        near = difflib.get_close_matches(source_id, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else "`casereviews status` lists them"
        raise BadRequest(f"no source '{source_id}' was ever asked: {hint}")


def checked_day(text: str) -> str:
    """A day or an instant as ISO text; raises a usage error with an example."""
    from datetime import datetime

    try:
        datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise click.UsageError(f"--since takes a day such as 2026-03-01, not '{text}'") from None
    return text


def reviews_by_document(home: Home) -> dict[str, str]:
    """Document id -> review id of every document that was grouped."""
    from casereviews.repository.record.derived import Derived

    if not home.derived_db.exists():
        return {}
    with Derived.open(home) as derived:
        return {key: review for key, (review, _) in derived.memberships().items()}


def told(
    record: Record, events: Iterable[Event], reviews: Mapping[str, str]
) -> Iterable[dict[str, Any]]:
    """Events as rows that people and feeds read; `reviews` maps documents to their reviews."""
    events = list(events)
    found = record.documents(ids={event.document_id for event in events})
    documents = {document.id: document for document in found}
    publishers = {key: info.publisher for key, info in record.sources().items()}
    for event in events:
        document = documents.get(event.document_id)
        shown = document is not None and document.visibility == "shown"
        title = (document.title or document.file_name) if document and shown else HIDDEN
        row: dict[str, Any] = {
            "id": event.id,
            "at": event.at,
            "kind": event.kind,
            "what": worded(event),
            "title": title or "Untitled",
            "publisher": publishers.get(event.source_id, event.source_id),
            "source": event.source_id,
            "document_id": event.document_id,
            "review_id": reviews.get(event.document_id) if shown else None,
            "file_url": document.file_url if document and shown else None,
            "landing_url": document.landing_url if document and shown else None,
        }
        row["summary"] = f"{row['what']} ({row['publisher']})"
        yield row


def without_names(home: Home, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Events as they are taken away: without labels that are real persons' names."""
    from casereviews.repository.record.derived import Derived
    from casereviews.search_cli.review_records import withheld

    labels: dict[str, Any] = {}
    if home.derived_db.exists():
        with Derived.open(home) as derived:
            for view in derived.views():
                if view.fields.get("label_kind") == "real_name":
                    labels[view.document_id] = view.fields.get("subjects") or ()
    kinds = dict.fromkeys(labels, "real_name")
    return [
        withheld({**row, "subjects": labels.get(str(row["document_id"]), ())}, kinds)
        for row in rows
    ]


def worded(event: Event) -> str:
    """An event in words: "missing, 1 of 3"."""
    if event.kind == "missing":
        return f"missing from the list, {event.count} of {event.of}"
    words = WORDS.get(event.kind, event.kind)
    return f"{words} (version {event.version})" if event.version and event.version > 1 else words


def counted(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many events of each kind."""
    from collections import Counter

    return dict(Counter(str(row["kind"]) for row in rows))
