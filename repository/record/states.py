"""How a source stands after a run: its result, its last success, and its yield against its own history."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from casereviews.repository.record import dialects, runs
from casereviews.repository.record.outcome import SourceOutcome
from casereviews.repository.record.tables import source_run, source_state

GOOD = ("ok", "unchanged", "partial", "empty")
"""Results that end a stretch of failing."""


def write_state(
    c: Connection,
    run_id: int,
    outcome: SourceOutcome,
    result: str,
    reason: str,
    documents: int,
    file_troubles: Mapping[str, Mapping[str, int]],
    unchecked: int,
) -> None:
    """Write a source's part of a run and how it stands now.

    `documents` were sighted, `file_troubles` kept files of theirs away; `unchecked` were not sighted and nothing could be said of them.
    """
    before = runs.source_state_of(c, outcome.source_id)
    c.execute(
        source_run.insert().values(
            run_id=run_id,
            source_id=outcome.source_id,
            result=result,
            reason=reason,
            listing_complete=outcome.listing_complete,
            documents=documents,
            started=outcome.started,
            finished=outcome.finished,
        )
    )
    most = c.execute(
        select(func.max(source_run.c.documents)).where(source_run.c.source_id == outcome.source_id)
    ).scalar()
    last_success = before.last_success if before else None
    failing_since = before.failing_since if before else None
    newest = [date for date in (outcome.newest, before.newest if before else None) if date]
    values = {
        "result": result,
        "reason": reason,
        "last_run": run_id,
        "checked_at": outcome.finished,
        "last_success": outcome.finished if result in GOOD else last_success,
        "failing_since": None if result in GOOD else failing_since or outcome.finished,
        "newest": max(newest, default=None),
        "documents": documents,
        "most_documents": most or 0,
        "announced": outcome.announced,
        "counts": json.dumps(dict(outcome.counts), sort_keys=True),
        "left_alone": json.dumps(dict(outcome.left_alone), sort_keys=True),
        "list_read": outcome.listing_complete and result in GOOD,
        "file_troubles": json.dumps(file_troubles, sort_keys=True),
        "unchecked": unchecked,
        "unchecked_since": ((before and before.unchecked_since) or outcome.started)
        if unchecked
        else None,
    }
    dialects.put(c, source_state, {"source_id": outcome.source_id, **values})


def note_not_asked(c: Connection, outcome: SourceOutcome, unchecked: int) -> None:
    """A run ended before a source's turn: how it stood is no news, but what was not checked for absence goes on being counted."""
    since = func.coalesce(source_state.c.unchecked_since, outcome.started)
    c.execute(
        source_state.update()
        .where(source_state.c.source_id == outcome.source_id)
        .values(unchecked=unchecked, unchecked_since=since if unchecked else None)
    )
