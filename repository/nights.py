"""What a night is: everything that counts nights counts by this, so that a run begun twice counts once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeVar

T = TypeVar("T")

APART = timedelta(hours=6)
"""Two runs on two dates are two nights when so much lies between them: midnight makes none."""


def same_night(one: str, other: str) -> bool:
    """True when two moments (ISO 8601; without an offset UTC, a date is its midnight) are of one date, or less than APART from each other."""
    first, second = _moment(one), _moment(other)
    return first.date() == second.date() or abs(first - second) < APART


def newest_of_nights(newest_first: Iterable[T], at: Callable[[T], str]) -> Iterator[T]:
    """Of things that happened `at` moments, newest first, the newest of each night."""
    last: T | None = None
    for one in newest_first:
        if last is None or not same_night(at(last), at(one)):
            last = one
            yield one


def _moment(stamp: str) -> datetime:
    found = datetime.fromisoformat(stamp.replace("Z", "+00:00"))
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
