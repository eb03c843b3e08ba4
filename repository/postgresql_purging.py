"""What a PostgreSQL server still holds of deleted rows."""

from __future__ import annotations

from casereviews.repository.left_behind import LeftBehind
from casereviews.repository.stores import RecordServer


def purge(server: RecordServer, schema: str) -> tuple[LeftBehind, ...]:
    """Stub."""
    return ()
