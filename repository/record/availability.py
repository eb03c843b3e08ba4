"""What a publisher's status words say of a document's availability, and how long a report is meant to stay."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import datetime, timedelta

from casereviews.repository.model import AVAILABILITY
from casereviews.repository.vocabulary.rules import load_rules

_RULES = load_rules("status_words")
STATED = tuple(code for code in _RULES.codes if code in AVAILABILITY)
"""Availabilities that only a publisher's words give."""
_MEANT = _RULES.of(*STATED)


def availability_of(status_words: Iterable[str]) -> str | None:
    """The code that the words mean, such as "no_longer_published"; None when they mean none of `rules/status_words.toml`."""
    hit = _MEANT.first(" | ".join(status_words))
    return hit.code if hit else None


def add_months(at: str, months: int) -> str:
    """The moment so many calendar months later; a day that the month lacks becomes its last."""
    moment = datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ")
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day).strftime("%Y-%m-%dT%H:%M:%SZ")


def days_before(at: str, days: int) -> str:
    """The moment so many days earlier."""
    moment = datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ") - timedelta(days=days)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def gone_early(first_seen: str, gone_at: str, policy_months: int) -> bool:
    """True when something went sooner than its publisher's policy lets expect."""
    return gone_at < add_months(first_seen, policy_months)
