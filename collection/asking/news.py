"""What happened to documents: new, its file arrived, changed, moved, missing, removed, unlisted, returned, held, withdrawn."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from casereviews.collection.errors import RequestError
from casereviews.collection.output.whole_titles import whole_title
from casereviews.collection.output.withholding import REAL_NAME, address_without, without
from casereviews.repository.file_trouble import trouble_worded
from casereviews.repository.home import Home
from casereviews.repository.json_record import JsonRecord
from casereviews.repository.model import Document, Fields
from casereviews.repository.nights import same_night
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
from casereviews.repository.record.derived_published_fields import PublishedFields
from casereviews.repository.record.outcome import Event
from casereviews.repository.sealed_databases import is_described

WORDS = {
    "new": "new",
    "file_arrived": "its file arrived",
    "changed_text": "changed: the text",
    "changed_bytes": "changed: the file only, same text",
    "moved": "moved to another address",
    "removed": "removed from the list, its file is gone",
    "unlisted": "no longer listed, its file is still public",
    "returned": "returned to the list",
    "held": "held back",
    "released": "released",
    "withdrawn": "withdrawn",
}
KINDS = (*WORDS, "missing")
# What is held or withdrawn has no title, no address, no label in any list but `held`.
MOST_RUNS = 100
"""So many refreshes are looked back at for the last night and for what no feed has told."""
HIDDEN = "(not shown)"


@dataclass(frozen=True, slots=True)
class News(JsonRecord):
    """One thing that happened to one document: `kind` is the event's, `what` says it in words, `at` is ISO 8601, UTC.

    `title` is the one that a search shows, whole: with the label before it where it says none, and the kind of document after it
    where it is nothing but a label. `role` is the document's kind.
    """

    id: int
    at: str
    kind: str
    what: str
    title: str
    subjects: tuple[str, ...]
    role: str | None
    publisher: str
    source: str
    document_id: str
    review_id: str | None
    file_url: str | None
    landing_url: str | None
    summary: str


def news_since(
    home: Home, since: str | None, sources: Collection[str], kinds: Collection[str]
) -> tuple[News, ...]:
    """What happened since a day or, without one, in the last refresh, and in those before it that were stopped and
    that it went on with; only of some sources and kinds when they are named.


    Raises RequestError when `since` is no day, a source was never asked, or a kind is unknown.
    """
    if unknown := set(kinds) - set(KINDS):
        raise RequestError(f"nothing happens as '{min(unknown)}': there are {', '.join(KINDS)}")
    with Record.open(home) as record:
        for source in sources:
            known_source(source, record.sources())
        happened = _of_last_refresh(record) if since is None else record.events(since=_day(since))
        chosen = [
            event
            for event in happened
            if (not sources or event.source_id in sources) and (not kinds or event.kind in kinds)
        ]
        return tuple(_news(record, chosen, _published(home, chosen)))


def _of_last_refresh(record: Record) -> list[Event]:
    last = record.runs(limit=1, verb="refresh")
    return _with_unfinished(record, last[0].id) if last else []


def news_of(home: Home, events: Iterable[Event]) -> tuple[News, ...]:
    """Events as people and feeds read them."""
    events = tuple(events)
    with Record.open(home) as record:
        return tuple(_news(record, events, _published(home, events)))


def history_of(home: Home, document_ids: Collection[str]) -> tuple[News, ...]:
    """All that happened to some documents, in the order in which it did."""
    with Record.open(home) as record:
        events = [one for key in document_ids for one in record.events(document_id=key)]
        events.sort(key=lambda one: one.id)
        return tuple(_news(record, events, _published(home, events)))


def for_feed(home: Home, run_id: int) -> list[Event]:
    """What happened in a refresh, in those of the same night, whose feed this one's replaces, and in those before that were stopped or
    killed: they wrote no feed."""
    with Record.open(home) as record:
        return _with_unfinished(record, run_id, whole_night=True)


def _with_unfinished(record: Record, run_id: int, *, whole_night: bool = False) -> list[Event]:
    """What happened in a refresh and in those right before it that were stopped or killed, or, with `whole_night`, are of its night."""
    found: list[Event] = []
    started = ""
    for run in record.runs(limit=MOST_RUNS, verb="refresh"):
        if run.id == run_id:
            started = run.started
        elif not started:
            continue
        elif run.status == "done" and not (whole_night and same_night(run.started, started)):
            break
        found = [*record.events(run_id=run.id), *found]
    return found


def without_names(home: Home, news: Iterable[News]) -> tuple[News, ...]:
    """Events as they are taken away: without labels that are real persons' names."""
    labels: dict[str, tuple[str, ...]] = {}
    if is_described(home):
        with Derived.open(home) as derived:
            for row in derived.published_fields():
                subjects = row.fields.get("subjects")
                if row.fields.get("label_kind") == REAL_NAME and isinstance(subjects, tuple):
                    labels[row.document_id] = subjects
    return tuple(_without(one, labels.get(one.document_id, ())) for one in news)


def _without(news: News, hidden: Collection[str]) -> News:
    return replace(
        news,
        title=without(news.title, hidden),
        subjects=() if hidden else news.subjects,
        file_url=address_without(news.file_url, hidden),
        landing_url=address_without(news.landing_url, hidden),
    )


def _news(
    record: Record, events: Iterable[Event], published: Mapping[str, PublishedFields]
) -> Iterator[News]:
    """Events with what they speak of; `published` maps documents to what is published of them."""
    events = list(events)
    found = record.documents(ids={event.document_id for event in events})
    shown = {document.id: document for document in found if document.visibility == "shown"}
    publishers = {key: info.publisher for key, info in record.sources().items()}
    for event in events:
        document = shown.get(event.document_id)
        said = published.get(event.document_id) if document else None
        subjects, role, title = _described(said, document)
        publisher = publishers.get(event.source_id, event.source_id)
        what = _worded(event, document)
        yield News(
            id=event.id,
            at=event.at,
            kind=event.kind,
            what=what,
            title=title,
            subjects=subjects,
            role=role,
            publisher=publisher,
            source=event.source_id,
            document_id=event.document_id,
            review_id=said.review_id if said else None,
            file_url=document.file_url if document else None,
            landing_url=document.landing_url if document else None,
            summary=f"{what} ({publisher})",
        )


def _described(
    said: PublishedFields | None, document: Document | None
) -> tuple[tuple[str, ...], str | None, str]:
    """Labels, role and title of a document: "Overview report" on the page of Child Q is "Child Q: Overview report"."""
    if document is None:
        return (), None, HIDDEN
    fields: Fields = said.fields if said else {}
    subjects = fields.get("subjects")
    labels = tuple(map(str, subjects)) if isinstance(subjects, tuple) else ()
    role = str(fields["document_role"]) if fields.get("document_role") else None
    from casereviews.repository.describing.titles.shown import shown_title  # costly to load

    listed = shown_title(document.title or document.file_name or "Untitled")
    return labels, role, whole_title(str(fields.get("title") or listed), labels, role)


def _worded(event: Event, document: Document | None) -> str:
    """An event in words: "missing from the list, night 1 of 3", "held back: taken off the list, file still public".

    Of a new document whose file was never had it says why.
    """
    if event.kind == "new" and document and document.trouble and not document.sha256:
        why = trouble_worded(document.trouble, document.trouble_host, document.source_id)
        return f"new, its file could not be had: {why}"
    if event.kind == "missing":
        return f"missing from the list, night {event.count} of {event.of}"
    if event.kind == "removed" and event.became:
        return f"removed from the list: {event.became.replace('_', ' ')}"
    if event.kind == "returned" and event.became:
        return "public again, not on the list"
    if event.kind in ("held", "released") and event.became:
        return f"{WORDS[event.kind]}{_version(event)}: {event.became}"
    words = WORDS.get(event.kind, event.kind)
    return words + _version(event)


def _version(event: Event) -> str:
    return f" (version {event.version})" if event.version and event.version > 1 else ""


def _published(home: Home, events: Iterable[Event]) -> dict[str, PublishedFields]:
    """What is published of the events' documents, by id; nothing before they are described."""
    if not is_described(home):
        return {}
    with Derived.open(home) as derived:
        rows = derived.published_fields({event.document_id for event in events})
        return {row.document_id: row for row in rows}


def known_source(source: str, known: Collection[str]) -> None:
    """Raises RequestError, with the nearest name, for a source that was never asked."""
    if source not in known:
        near = difflib.get_close_matches(source, known, n=1)
        hint = f"did you mean '{near[0]}'?" if near else "`casereviews status` lists them"
        raise RequestError(f"no source '{source}' was ever asked: {hint}")


def _day(text: str) -> str:
    """A day or an instant as ISO text."""
    try:
        datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise RequestError(f"--since takes a day such as 2026-03-01, not '{text}'") from None
    return text
