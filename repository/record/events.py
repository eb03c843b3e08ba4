"""The log of what happened to documents: written once, told by `new`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from casereviews.repository.record.outcome import Event
from casereviews.repository.record.tables import event


def write(
    c: Connection,
    *,
    kind: str,
    run_id: int | None,
    at: str,
    source_id: str,
    document_id: str,
    **details: Any,
) -> Event:
    """Write one event; `details` are count, of, version, was and became."""
    values = {
        "kind": kind,
        "run_id": run_id,
        "at": at,
        "source_id": source_id,
        "document_id": document_id,
        **details,
    }
    result = c.execute(event.insert().values(**values))
    return Event(id=int(result.lastrowid), **values)


def last_id(c: Connection) -> int:
    """The id of the newest event, 0 without any."""
    return c.execute(select(func.max(event.c.id))).scalar() or 0


def events(
    c: Connection,
    *,
    since: str | None = None,
    run_id: int | None = None,
    document_id: str | None = None,
    kinds: tuple[str, ...] | None = None,
    after: int | None = None,
) -> list[Event]:
    """Events in the order they were written, from a time on (ISO 8601, inclusive), of one run or of one document, after the one with an id."""
    query = select(event).order_by(event.c.id)
    if since is not None:
        query = query.where(event.c.at >= since)
    if after is not None:
        query = query.where(event.c.id > after)
    if run_id is not None:
        query = query.where(event.c.run_id == run_id)
    if document_id is not None:
        query = query.where(event.c.document_id == document_id)
    if kinds is not None:
        query = query.where(event.c.kind.in_(kinds))
    return [Event(**row._mapping) for row in c.execute(query)]
