"""The log of what happened to documents: written once, told by `new`.

An id is given once and never again, so that whoever asks for what came after an id misses nothing: also where the newest
events went with a version that was withdrawn, and after a restore.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from casereviews.repository.record.outcome import Event
from casereviews.repository.record.tables import event, meta

LAST_TOLD = "last_event"
"""In `meta`: the highest id that was given when events went last, or that may have been given before a restore."""


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
        "id": last_id(c) + 1,
        "kind": kind,
        "run_id": run_id,
        "at": at,
        "source_id": source_id,
        "document_id": document_id,
        **details,
    }
    c.execute(event.insert().values(**values))
    return Event(**values)


def last_id(c: Connection) -> int:
    """The highest id that was ever given to an event, 0 before the first."""
    told = c.execute(select(meta.c.value).where(meta.c.key == LAST_TOLD)).scalar()
    return max(int(told or 0), c.execute(select(func.max(event.c.id))).scalar() or 0)


def forget(c: Connection, *which: ColumnElement[bool]) -> None:
    """Take events out that meet all conditions; their ids are given to no other."""
    told = str(last_id(c))
    c.execute(meta.delete().where(meta.c.key == LAST_TOLD))
    c.execute(meta.insert().values(key=LAST_TOLD, value=told))
    c.execute(event.delete().where(*which))


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
