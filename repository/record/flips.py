"""What comes and goes is told a few times, then no more for a month: a site that shows two lists in turn must not drown what is new."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from casereviews.repository.record.availability import days_before
from casereviews.repository.record.tables import event

DAYS = 30
MOST = 2
"""So often in DAYS the same is told of a document's absence."""

MOST_VERSIONS = 3
"""So often in DAYS it is told that a document's file changed: some carry the time of their download."""


def is_told_enough(
    c: Connection,
    document_id: str,
    kind: str,
    at: str,
    *,
    count: int | None = None,
    most: int = MOST,
) -> bool:
    """True when an event of this kind (and `count`) was written of a document `most` times in the DAYS before `at`."""
    query = select(func.count()).where(
        event.c.document_id == document_id,
        event.c.kind == kind,
        event.c.at >= days_before(at, DAYS),
    )
    if count is not None:
        query = query.where(event.c.count == count)
    return (c.execute(query).scalar() or 0) >= most
