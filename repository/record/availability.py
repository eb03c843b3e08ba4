"""What a publisher's status words say of a document's availability, and how long a report is meant to stay."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from datetime import datetime

# Words seen in real lists (SOURCES.md, section 4); the first that fits counts.
_WORDS = (
    (re.compile(r"no longer (published|available|on)|archived|removed|withdrawn", re.I),
     "no_longer_published"),
    (re.compile(r"un-?published|not (be(en)? )?(published|publicly)|non-?publication", re.I), "unpublished"),
    (re.compile(r"delayed|pending|awaiting|not yet", re.I), "delayed"),
    (re.compile(r"on request|by request|upon request|by e-?mail", re.I), "on_request"),
)  # fmt: skip


def availability_of(status_words: Iterable[str]) -> str | None:
    """The code that the words mean, such as "no_longer_published"; None when they mean none of them."""
    said = " | ".join(status_words)
    for pattern, code in _WORDS:
        if pattern.search(said):
            return code
    return None


def add_months(at: str, months: int) -> str:
    """The moment so many calendar months later; a day that the month lacks becomes its last."""
    moment = datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ")
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day).strftime("%Y-%m-%dT%H:%M:%SZ")


def gone_early(first_seen: str, gone_at: str, policy_months: int) -> bool:
    """True when something went sooner than its publisher's policy lets expect."""
    return gone_at < add_months(first_seen, policy_months)
