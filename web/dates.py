"""Dates as people read them."""

from __future__ import annotations

from casereviews.collection.output.hostile import for_line
from casereviews.web.rendering import day

_YEAR, _MONTH, _DAY = 4, 7, 10


def date_in_words(iso: str | None) -> str:
    """An ISO date or instant as exact as it is: "2021", "March 2021", "8 June 2021"; "" for none, and what is no date as it stands."""
    if not iso:
        return ""
    whole = iso + "-01-01"[len(iso) - _YEAR :] if _YEAR <= len(iso) < _DAY else iso
    try:
        words = day(whole).split()
    except ValueError:
        return for_line(iso)
    return " ".join(words[{_YEAR: 2, _MONTH: 1}.get(len(iso), 0) :])
