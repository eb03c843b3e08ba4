"""The time as the record writes it."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from casereviews.collection.errors import RequestError

VARIABLE = "CASEREVIEWS_NOW"
"""Fixes the clock in tests and demonstrations."""


def fixed() -> str | None:
    """The moment at which the clock is fixed, ISO 8601 in UTC; None when it runs. Raises RequestError when it is none."""
    said = os.environ.get(VARIABLE)
    if not said:
        return None
    try:
        moment = datetime.fromisoformat(said)
    except ValueError as error:
        raise RequestError(
            f"{VARIABLE}={said!r} is no moment: write it as 2026-03-01T02:00:00Z, or unset it"
        ) from error
    return _stamp(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment)


def now() -> str:
    """This moment, ISO 8601 in UTC."""
    return fixed() or _stamp(datetime.now(UTC))


def today() -> str:
    """This day, ISO."""
    return now()[:10]


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
