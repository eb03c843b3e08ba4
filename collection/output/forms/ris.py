"""RIS (reports, TY - RPRT) as Zotero, EndNote and Mendeley, and the screening tools Rayyan, Covidence, EPPI-Reviewer and ASReview read it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casereviews.collection.output.answer import Answer
from casereviews.collection.output.citations import ID_NOTE, Citation, cited
from casereviews.collection.output.form import Form


def render(answer: Answer) -> Iterator[str]:
    """One reference a record and an empty line; every line ends with CR LF."""
    for record in answer.records:
        citation = cited(record, answer.accessed, answer.vocabulary)
        yield "".join(f"{tag}  - {value}\r\n" for tag, value in _fields(citation)) + "\r\n"


def _fields(citation: Citation) -> Iterator[tuple[str, str]]:
    yield "TY", "RPRT"
    yield "ID", citation.key
    yield "AN", citation.key  # what screening tools keep of a record: so its decision finds home
    yield "TI", citation.title
    if citation.publisher:
        yield "AU", citation.publisher.replace(",", "") + ","  # a body, not a person
        yield "PB", citation.publisher
    if citation.date:
        yield "PY", citation.date[0]
        yield "DA", "/".join((*citation.date, "", "", "")[:3]) + "/"
    if citation.kind:
        yield "M3", citation.kind
    if citation.abstract:
        yield "AB", citation.abstract
    for word in citation.keywords:
        yield "KW", re.sub(r"\s*[;\\]\s*", " / ", word)  # either would part it in two
    if citation.language:
        yield "LA", citation.language
    if citation.url:
        yield "UR", citation.url
    if citation.listed_at:
        yield "UR", citation.listed_at
    if citation.attachment:
        yield "L1", citation.attachment
    if citation.accessed:
        yield "Y2", citation.accessed.replace("-", "/") + "/"
    yield "N1", f"{ID_NOTE}{citation.key}"  # Rayyan keeps notes, and neither ID nor AN
    for note in (*citation.pages, citation.note):
        if note:
            yield "N1", note
    yield "ER", ""


FORM = Form(
    "ris",
    "RIS, for Zotero, EndNote, Mendeley, Rayyan, Covidence, EPPI-Reviewer, ASReview",
    "records",
    "ris",
    render,
    streamed=True,
    cites=True,
    abstracts=True,
    ends_lines=True,
)
