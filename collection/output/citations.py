"""What a reference manager needs to know of a hit, once for RIS and BibTeX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casereviews.collection.output.hostile import flat, for_line
from casereviews.repository.fields import DESCRIBED
from casereviews.repository.file_trouble import trouble_worded
from casereviews.repository.vocabulary import PACKAGED, Vocabulary


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


def cited(record: Mapping[str, Any], accessed: str, vocabulary: Vocabulary = PACKAGED) -> Citation:
    """Read a hit of the JSON contract; `accessed` is an ISO date, the vocabulary has the labels of types and themes.

    The key is the review's id, which never changes; pages read "p. 11 (file page 12)".
    """
    published = str(record.get("published") or "")
    areas = record.get("areas") or ()
    labels = record.get("subjects") or ()
    availability = str(record.get("availability") or "")
    notes = []
    if record.get("trouble"):
        notes.append(f"{without_file(record)}.")
    if availability not in ("", "available", "not_had"):
        notes.append(f"Availability: {availability.replace('_', ' ')}.")
    if record.get("caution"):  # what must be read beside the record, wherever it is taken
        notes.append(for_line(str(record["caution"])))
    themes = vocabulary.labels("theme")
    concerns = [themes.get(str(one), str(one)) for one in record.get("themes") or ()]
    return Citation(
        key=str(record["review_id"]),
        title=for_line(str(record.get("title") or "Untitled")),
        publisher=for_line(str(record.get("publisher") or "")),
        date=tuple(part for part in published.split("-") if part),
        url=for_line(str(record.get("landing_url") or "")),
        file_url=for_line(str(record.get("file_url") or "")),
        kind=for_line(flat(vocabulary.worded(DESCRIBED["review_type"], record.get("review_type")))),
        keywords=tuple(for_line(str(word)) for word in (*labels, *areas, *concerns)),
        pages=tuple(dict.fromkeys(map(page_citation, record.get("pages") or ()))),
        language=str(record.get("language") or ""),
        accessed=accessed,
        note=" ".join(notes),
    )


def in_words(citation: Citation) -> str:
    """A reference as it is pasted into a text: who, when, what, which page, where, and when it was seen."""
    dated = f"({citation.date[0]})" if citation.date else "(no date)"
    said = [f"{citation.publisher or 'Publisher unknown'} {dated} {citation.title}"]
    said += citation.pages
    where = citation.file_url or citation.url
    if where:
        said.append(f"{where} (accessed {citation.accessed})")
    return ", ".join(said) + "."


def without_file(record: Mapping[str, Any]) -> str:
    """What is to be said of a record whose file could not be had, or not lately: "Its file could not be had: docs.example answers..."."""
    source, host = record.get("source"), record.get("trouble_host")
    why = trouble_worded(str(record["trouble"]), host and str(host), source and str(source))
    if record.get("availability") == "not_had":
        return f"Its file could not be had: {why}"
    return f"Its file could not be had on the last visit: {why}"


def page_citation(page: Mapping[str, Any]) -> str:
    """A page of the JSON contract as it is cited."""
    return cited_page(page["page"], page.get("label"), page.get("of"))


def cited_page(number: int, label: str | None, of: str | None = None) -> str:
    """A page as it is cited: the printed number, and the file's where they differ; `of` names a document that is not the cited one."""
    cited = f"p. {number}"
    if label and label != str(number):
        cited = f"p. {for_line(label)} (file page {number})"
    return f"{cited} of {for_line(of)}" if of else cited
