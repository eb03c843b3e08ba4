"""EndNote XML (File, Export, "XML" of EndNote) as EndNote, Zotero, EPPI-Reviewer and Covidence read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from casereviews.collection.output.answer import Answer
from casereviews.collection.output.citations import Citation, cited
from casereviews.collection.output.form import Form

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

REPORT = "27"
"""EndNote's number of the reference type Report."""


def render(answer: Answer) -> Iterator[str]:
    """One document of all records; an entry a record."""
    from xml.etree import ElementTree

    yield '<?xml version="1.0" encoding="UTF-8"?>\n<xml><records>\n'
    for number, record in enumerate(answer.records, 1):
        entry = _record(number, cited(record, answer.accessed, answer.vocabulary))
        yield ElementTree.tostring(entry, encoding="unicode") + "\n"
    yield "</records></xml>\n"


def _record(number: int, citation: Citation) -> Element:
    from xml.etree.ElementTree import Element

    record = Element("record")
    source = _put(record, "source-app", "casereviews")
    source.set("name", "casereviews")
    _put(record, "rec-number", str(number))
    kind = _put(record, "ref-type", REPORT)
    kind.set("name", "Report")
    if citation.publisher:  # the comma at its end: a body, not a person
        body = citation.publisher.replace(",", "") + ","
        _put(_put(_put(record, "contributors"), "authors"), "author", body)
    _put(_put(record, "titles"), "title", citation.title)
    if citation.keywords:
        words = _put(record, "keywords")
        for word in citation.keywords:
            _put(words, "keyword", word)
    if citation.date:
        dates = _put(record, "dates")
        _put(dates, "year", citation.date[0])
        _put(_put(dates, "pub-dates"), "date", "-".join(citation.date))
    for name, value in (
        ("publisher", citation.publisher),
        ("accession-num", citation.key),
        ("label", citation.key),
        ("abstract", citation.abstract),
        ("notes", "; ".join(filter(None, (*citation.pages, citation.note)))),
        ("work-type", citation.kind),
    ):
        if value:
            _put(record, name, value)
    urls = _put(record, "urls")
    addresses = [one for one in (citation.url, citation.listed_at) if one]
    if addresses:
        related = _put(urls, "related-urls")
        for address in addresses:
            _put(related, "url", address)
    if citation.attachment:
        _put(_put(urls, "pdf-urls"), "url", citation.attachment)
    if citation.accessed:
        _put(record, "access-date", citation.accessed)
    if citation.language:
        _put(record, "language", citation.language)
    return record


def _put(parent: Element, name: str, text: str = "") -> Element:
    made = parent.makeelement(name, {})
    made.text = text or None
    parent.append(made)
    return made


FORM = Form(
    "endnote-xml",
    "EndNote XML, for EndNote, Covidence, EPPI-Reviewer",
    "records",
    "xml",
    render,
    streamed=True,
    cites=True,
    ends_lines=True,
    abstracts=True,
)
