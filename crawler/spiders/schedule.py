"""When a page or a file is asked for again: by its age, young ones often, old ones seldom."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

STEPS = ((14, 0.0), (90, 7.0), (730, 30.0))
"""(age in days up to which it holds, days between two checks). Boards correct a new report within days and replace files for
some months (a briefing is added, an action plan follows); a report of years ago changes once in a blue moon."""

OLDEST_STEP = 90.0
"""Days between two checks of what is older than the last step."""

SIZE_TELLS = 90.0
"""Days from its first sight during which a file whose server sends no validators is asked for its size only (HEAD), and
downloaded again when that has changed. An older one is due seldom, and then downloaded."""


FULL_READS = ((90, 28.0), (float("inf"), 90.0))
"""(age in days up to which it holds, days after which a file is read in full again). A server's word that nothing changed (304, the same
size) may be wrong: an edition that was made anonymous has the size, and often the date, of the one that it replaces."""

FULL_READS_A_NIGHT = 25
"""Files of one source that are read in full in a night for their age alone; the others wait for the next nights."""


def parse_time(stamp: str) -> datetime:
    """The moment of an ISO stamp in UTC ("2026-03-01T02:00:00Z")."""
    return datetime.fromisoformat(stamp.replace("Z", "+00:00")).astimezone(UTC)


CLOCKS_DIFFER = timedelta(minutes=10)
"""A stamp may be so far ahead of the clock: machines that share a home differ a little."""


def is_future(stamp: str, now: str) -> bool:
    """True for a stamp of a clock that was ahead: it says nothing, and counts as old."""
    return parse_time(stamp) > parse_time(now) + CLOCKS_DIFFER


def stamp(moment: datetime) -> str:
    """The ISO stamp of a moment."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def days_between_checks(age_days: float) -> float:
    """How many days may pass between two checks of something first seen `age_days` ago."""
    for limit, days in STEPS:
        if age_days <= limit:
            return days
    return OLDEST_STEP


def is_due(
    *, first_seen: str, checked_at: str, now: str, key: str = "", at_least: float = 0.0
) -> bool:
    """True when something is to be checked again; a young one too waits for `at_least` so many days.

    `key` (its address) shortens the wait by up to a quarter, always by the same share, so that what was found in one
    night does not come due in one night. What was checked in the future, by a clock that was wrong, is due; what was first seen
    there is as young as can be.
    """
    if is_future(checked_at, now):
        return True
    age = parse_time(now) - parse_time(first_seen)
    days = max(days_between_checks(age / timedelta(days=1)), at_least)
    wait = days * (1 - 0.25 * _share(key))
    return parse_time(now) - parse_time(checked_at) >= timedelta(days=wait)


def full_read_due(*, first_seen: str, read_at: str | None, now: str, key: str = "") -> bool:
    """True when a file, whatever its server says of it, is to be read in full again.

    `key` shortens the wait by up to a quarter, as in `is_due`. `read_at` None: it was read at its first sight, as far as is known.
    """
    age = (parse_time(now) - parse_time(first_seen)) / timedelta(days=1)
    days = next(days for limit, days in FULL_READS if age <= limit)
    wait = timedelta(days=days * (1 - 0.25 * _share(key)))
    return parse_time(now) - parse_time(read_at or first_seen) >= wait


def size_tells(*, first_seen: str, now: str) -> bool:
    """True while the size of a file without validators is taken as the sign of a change."""
    return parse_time(now) - parse_time(first_seen) <= timedelta(days=SIZE_TELLS)


def _share(key: str) -> float:
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) / 2**32
