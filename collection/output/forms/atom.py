"""Atom (RFC 4287): what is new, for feed readers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from casereviews.collection.output.answer import Answer
from casereviews.collection.output.form import Form
from casereviews.collection.output.hostile import for_line

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_STAMP = re.compile(r"\d{4}(-\d\d(-\d\d(T\S+)?)?)?$")
ATOM = "http://www.w3.org/2005/Atom"
# Names entries: the same record gets the same id for ever, on every machine.
NAMESPACE = "6f2b6d0e-4c1d-5b7e-9a43-5d1c0f0a7c11"

REMOVED = "removed"
"""The event, and the availability, of a file that is gone."""


def render(answer: Answer) -> Iterator[str]:
    """A feed whose entries are the answer's records.

    A record gives `id` (or `review_id`), `title`, `at` (when), `summary`, `file_url` and `landing_url`, `publisher`. An entry leads to the report
    and, as related, to the page that names it; to the page alone where the file is gone. Its times are its own event's.
    """
    from xml.etree import ElementTree

    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(_tag("feed"))
    records = list(answer.records)
    made = _instant(answer.at or answer.accessed)
    _child(feed, "id", _urn(f"feed {answer.title}"))
    _child(feed, "title", for_line(answer.title) or "casereviews")
    _child(feed, "updated", max((_time(one, made) for one in records), default=made))
    if answer.address:
        _link(feed, "self", answer.address)
    _child(_element(feed, "author"), "name", "casereviews")
    for record in records:
        _entry(feed, record, made)
    ElementTree.indent(feed)
    yield '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(
        feed, encoding="unicode"
    )


def _entry(feed: Element, record: Mapping[str, Any], made: str) -> None:
    entry = _element(feed, "entry")
    _child(entry, "id", _urn(_identity(record)))
    _child(entry, "title", for_line(str(record.get("title") or "Untitled")))
    _child(entry, "updated", _time(record, made))
    _child(entry, "published", _time(record, made))
    file, page = (_web_address(record.get(name)) for name in ("file_url", "landing_url"))
    if page and REMOVED in (record.get("kind"), record.get("availability")):
        file = ""
    if address := file or page:
        _link(entry, "alternate", address)
    if file and page and page != file:
        _link(entry, "related", page)
    if record.get("publisher"):
        _child(_element(entry, "author"), "name", for_line(str(record["publisher"])))
    if record.get("kind"):
        kind = for_line(str(record["kind"]))
        category = _element(entry, "category")
        category.set("term", kind)
        category.set("label", kind.replace("_", " "))
    said = record.get("summary") or ", ".join(
        str(record[name]) for name in ("publisher", "published") if record.get(name)
    )
    _child(entry, "summary", for_line(str(said)))


def _web_address(value: Any) -> str:
    """An address of the web, "" for anything else."""
    address = for_line(str(value or ""))
    return address if address.startswith(("http://", "https://")) else ""


def _time(record: Mapping[str, Any], made: str) -> str:
    """When a record's own event was, else when it was published; where neither is known, when the feed was made."""
    said = str(record.get("at") or record.get("published") or "")
    return _instant(said) if _STAMP.match(said) else made


def _link(parent: Element, rel: str, address: str) -> None:
    link = _element(parent, "link")
    link.set("rel", rel)
    link.set("href", address)


def _identity(record: Mapping[str, Any]) -> str:
    """An event is itself, whatever happens to its review; a review is itself, whichever document or day shows it."""
    if record.get("id") is None:
        return str(record.get("review_id") or record.get("document_id") or "")
    return " ".join(str(record.get(key) or "") for key in ("id", "document_id", "kind", "at"))


def _instant(text: str) -> str:
    """An RFC 3339 instant from an ISO date, as long as its precision, or instant."""
    return text if "T" in text else f"{text}{'1970-01-01'[len(text) :]}T00:00:00Z"


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
