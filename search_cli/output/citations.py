"""What a reference manager needs to know of a hit, once for RIS and BibTeX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from search_cli.output.hostile import for_line


@dataclass(frozen=True, slots=True)
class Citation:
    """A report as a reference: stable key, names, date parts, addresses, pages, keywords."""

    key: str
    title: str
    publisher: str
    date: tuple[str, ...]
    url: str
    file_url: str
    kind: str
    keywords: tuple[str, ...]
    pages: tuple[str, ...]
    language: str
    accessed: str
    note: str


def cited(record: Mapping[str, Any], accessed: str) -> Citation:
    """Read a hit of the JSON contract; `accessed` is an ISO date.

    The key is the review's id, which never changes; pages read "p. 11 (file page 12)".
    """
    published = str(record.get("published") or "")
    areas = record.get("areas") or ()
    labels = record.get("subjects") or ()
    availability = str(record.get("availability") or "")
    note = (
        ""
        if availability in ("", "available")
        else f"Availability: {availability.replace('_', ' ')}."
    )
    return Citation(
        key=str(record["review_id"]),
        title=for_line(str(record.get("title") or "Untitled")),
        publisher=for_line(str(record.get("publisher") or "")),
        date=tuple(part for part in published.split("-") if part),
        url=str(record.get("landing_url") or ""),
        file_url=str(record.get("file_url") or ""),
        kind=str(record.get("review_type") or ""),
        keywords=tuple(
            for_line(str(word)) for word in (*labels, *areas, *(record.get("themes") or ()))
        ),
        pages=tuple(page_citation(page) for page in record.get("pages") or ()),
        language=str(record.get("language") or ""),
        accessed=accessed,
        note=note,
    )


def page_citation(page: Mapping[str, Any]) -> str:
    """A page as it is cited: the printed number, and the file's where they differ."""
    number, label = page.get("page"), page.get("label")
    if label and str(label) != str(number):
        return f"p. {for_line(str(label))} (file page {number})"
    return f"p. {number}"
