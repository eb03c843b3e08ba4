"""A record of NSPCC's library catalogue (Heritage): labels of class `fulllabel`, each followed by its value.

Described from a public program that reads it: file links stand after the label that holds "Other", some relative; the next
record is the link of class `navNext`. Addresses of records hold the id of a session, so they are no identity.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

from casereviews.crawler.parsing.nspcc.blocks import Anchor, anchors_of
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.sources.hosts import allowed_host
from casereviews.crawler.sources.source import Source
from casereviews.repository.html_bounds import bounded
from casereviews.repository.model import Sighting
from casereviews.repository.vocabulary.rules import load_rules

_EXTRA_OF_LABEL = {
    "abstract": "summary",
    "keywords": "keywords",
    "title": "title",
    "date": "date",
    "year": "date",
    "publisher": "area",
    "copy number": "copy_number",
    "record number": "copy_number",
}
_COPY_NUMBER = re.compile(r"\bNC\d{5,7}\b")
_ANONYMOUS = load_rules("title_words")["withheld"]
_SESSION = ("setid", "sessionid", "cookiecheck")


def parse_library_record(html: str, url: str, source: Source) -> Parsed:
    """One record: a file for each link it offers, else an entry; the next record is followed."""
    soup = BeautifulSoup((page := bounded(html)).text, "lxml")
    fields: dict[str, str] = {}
    anchors: list[Anchor] = []
    for label in soup.select(".fulllabel"):
        name = _text(label).rstrip(":").strip().lower()
        values = _values(label)
        fields.setdefault(name, " ".join(filter(None, map(_text, values))))
        if "other" in name:
            anchors += _anchors(values, url)
    onward = anchors_of(soup.select("a.navNext")[:1], url)
    follow = [Link(anchor.url, "next", "next record") for anchor in onward]
    if not fields:
        return Parsed(follow=tuple(follow), page_kind="empty", title=_title(soup))
    return Parsed(
        sightings=tuple(_sightings(fields, anchors, url, source)),
        follow=tuple(follow),
        unread=page.cut,
        page_kind="detail",
        title=_title(soup),
    )


def _sightings(
    fields: Mapping[str, str], anchors: list[Anchor], url: str, source: Source
) -> list[Sighting]:
    extra = {key: fields[label] for label, key in _EXTRA_OF_LABEL.items() if fields.get(label)}
    printed = " ".join(fields.values())
    number = _COPY_NUMBER.search(printed)
    if number:
        extra["copy_number"] = number.group()
    heading = extra.get("title", "")
    files: list[Anchor | None] = [
        anchor for anchor in anchors if allowed_host(anchor.url, source.hosts)
    ]
    listing = without_session(url)
    return [
        Sighting(
            source_id=source.id,
            listing_url=listing,
            file_url=anchor.url if anchor else None,
            kind="file" if anchor else "entry",
            link_text=anchor.text if anchor else heading,
            headings=(heading,) if heading else (),
            dates=(extra["date"],) if "date" in extra else (),
            group=extra.get("copy_number") or heading or None,
            anonymous=_ANONYMOUS.fits(" ".join((heading, extra.get("area", "")))),
            extra=extra,
        )
        for anchor in files or [None]
    ]


def without_session(url: str) -> str:
    """The address without the parameters that belong to one session or to a place in its result list."""
    parts = urlsplit(url)
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name.lower() not in (*_SESSION, "offset")
    ]
    return urlunsplit(parts._replace(query=urlencode(kept), fragment=""))


def _values(label: Tag) -> list[PageElement]:
    """What follows a label up to the next one; where label and value are cells, the cells after it."""
    values: list[PageElement] = []
    for sibling in label.next_siblings:
        if isinstance(sibling, Tag) and (
            "fulllabel" in (sibling.get("class") or []) or sibling.select_one(".fulllabel")
        ):
            break
        values.append(sibling)
    return values


def _anchors(values: list[PageElement], url: str) -> list[Anchor]:
    tags = [value for value in values if isinstance(value, Tag)]
    return anchors_of(
        [a for tag in tags for a in ([tag] if tag.name == "a" else tag.find_all("a"))], url
    )


def _text(element: PageElement) -> str:
    if isinstance(element, NavigableString):
        return " ".join(str(element).split())
    return " ".join(element.get_text(" ").split()) if isinstance(element, Tag) else ""


def _title(soup: BeautifulSoup) -> str:
    return _text(soup.title) if soup.title else ""
