"""Atom (RFC 4287): what is new, for feed readers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from casereviews.collection.output.answer import Answer
from casereviews.collection.output.form import Form
from casereviews.collection.output.hostile import for_line

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ATOM = "http://www.w3.org/2005/Atom"
# Names entries: the same record gets the same id for ever, on every machine.
NAMESPACE = "6f2b6d0e-4c1d-5b7e-9a43-5d1c0f0a7c11"


def render(answer: Answer) -> Iterator[str]:
    """A feed whose entries are the answer's records.

    A record gives `id` (or `review_id`), `title`, `at` (when), `summary`, `landing_url` or `file_url`, `publisher`.
    """
    from xml.etree import ElementTree

    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(_tag("feed"))
    records = list(answer.records)
    _child(feed, "id", _urn(f"feed {answer.title}"))
    _child(feed, "title", for_line(answer.title) or "casereviews")
    updated = max((str(record.get("at") or "") for record in records), default="")
    _child(feed, "updated", _instant(updated or answer.accessed))
    _child(_element(feed, "author"), "name", "casereviews")
    for record in records:
        _entry(feed, record, answer.accessed)
    ElementTree.indent(feed)
    yield '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(
        feed, encoding="unicode"
    )


def _entry(feed: Element, record: Mapping[str, Any], accessed: str) -> None:
    entry = _element(feed, "entry")
    _child(entry, "id", _urn(_identity(record)))
    _child(entry, "title", for_line(str(record.get("title") or "Untitled")))
    _child(entry, "updated", _instant(str(record.get("at") or accessed)))
    address = record.get("landing_url") or record.get("file_url")
    if address and str(address).startswith(("http://", "https://")):
        _element(entry, "link").set("href", for_line(str(address)))
    if record.get("publisher"):
        _child(_element(entry, "author"), "name", for_line(str(record["publisher"])))
    if record.get("kind"):
        _element(entry, "category").set("term", for_line(str(record["kind"])))
    _child(entry, "summary", for_line(str(record.get("summary") or "")))


def _identity(record: Mapping[str, Any]) -> str:
    """An event is itself, whatever happens to its review; a review is itself, whichever document or day shows it."""
    if record.get("id") is None:
        return str(record.get("review_id") or record.get("document_id") or "")
    return " ".join(str(record.get(key) or "") for key in ("id", "document_id", "kind", "at"))


def _instant(text: str) -> str:
    """An RFC 3339 instant from an ISO date or instant."""
    return text if "T" in text else f"{text or '1970-01-01'}T00:00:00Z"


def _urn(text: str) -> str:
    import uuid

    return f"urn:uuid:{uuid.uuid5(uuid.UUID(NAMESPACE), text)}"


def _tag(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _element(parent: Element, name: str) -> Element:
    made = parent.makeelement(_tag(name), {})
    parent.append(made)
    return made


def _child(parent: Element, name: str, text: str) -> None:
    _element(parent, name).text = text


FORM = Form("atom", "an Atom feed", "", "atom", render)
