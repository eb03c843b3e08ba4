"""What a reference manager needs to know of a hit or an exported review, once for all its forms."""

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
    """A report as a reference: stable key, names, date parts (as many as are known), addresses, pages, keywords.

    `url` is the report's own address, or that of the page that names it where the file is gone; `attachment` is the file's where it is a
    document that a reference manager can fetch, "" for a web page; `listed_at` is the page that names it, "" where that is `url`. `abstract` is of the report's own sentences.
    """

    key: str
    title: str
    publisher: str
    date: tuple[str, ...]
    url: str
    listed_at: str
    attachment: str
    kind: str
    keywords: tuple[str, ...]
    pages: tuple[str, ...]
    language: str
    accessed: str
    note: str
    abstract: str = ""


ID_NOTE = "casereviews:"
"""Stands before a review's id in a note of a reference: some screening tools keep the notes of a record and no accession number."""
_DOCUMENTS = (".pdf", ".doc", ".docx", ".ppt", ".pptx", ".odt", ".odp", ".rtf")
_GONE = ("removed", "not_had", "no_longer_published", "unpublished")


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
    central = list(record.get("central_themes") or ())
    concerns = [
        themes.get(str(one), str(one))
        for one in dict.fromkeys((*central, *(record.get("themes") or ())))
    ]
    page, file = (for_line(str(record.get(name) or "")) for name in ("landing_url", "file_url"))
    own = page if page and availability in _GONE else file or page
    return Citation(
        key=str(record["review_id"]),
        title=for_line(str(record.get("title") or "Untitled")),
        publisher=for_line(str(record.get("publisher") or "")),
        date=tuple(part for part in published.split("-") if part),
        url=own,
        listed_at=page if page != own else "",
        attachment=file if _is_document(file, record.get("media_type")) else "",
        kind=for_line(flat(vocabulary.worded(DESCRIBED["review_type"], record.get("review_type")))),
        keywords=tuple(for_line(str(word)) for word in (*labels, *areas, *concerns)),
        pages=tuple(dict.fromkeys(map(page_citation, record.get("pages") or ()))),
        language=str(record.get("language") or ""),
        accessed=accessed,
        note=" ".join(notes),
        abstract=for_line(str(record.get("abstract") or "")),
    )


def in_words(citation: Citation) -> str:
    """A reference as it is pasted into a text: who, when, what, which page, where, and when it was seen."""
    dated = f"({citation.date[0]})" if citation.date else "(no date)"
    said = [f"{citation.publisher or 'Publisher unknown'} {dated} {citation.title}"]
    said += citation.pages
    if citation.url:
        said.append(f"{citation.url} (accessed {citation.accessed})")
    return ", ".join(said) + "."


def _is_document(address: str, media_type: object) -> bool:
    """True for a file that is no web page, by its type or, where that is not known, by the ending of its address."""
    if media_type:
        return bool(address) and "html" not in str(media_type)
    return address.partition("?")[0].lower().endswith(_DOCUMENTS)


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
