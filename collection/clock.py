"""The time as the record writes it."""

from __future__ import annotations

import os
from datetime import UTC, datetime

VARIABLE = "CASEREVIEWS_NOW"
"""Fixes the clock in tests and demonstrations."""


def fixed() -> str | None:
    """The moment at which the clock is fixed, None when it runs."""
    return os.environ.get(VARIABLE) or None


def now() -> str:
    """This moment, ISO 8601 in UTC."""
    return fixed() or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def today() -> str:
    """This day, ISO."""
    return now()[:10]
