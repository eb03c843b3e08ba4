"""What a GOV.UK publication holds: files, HTML publications and outside links, of any age of its schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from crawler.parsing.addresses import resolve
from crawler.parsing.dom import read_html, text_of
from crawler.parsing.parsed import Link
from crawler.parsing.sniff import DOCUMENT_TYPES, claims_document
from crawler.sources.source import Source
from repository.model import Sighting

Left = tuple[str, str, str]


def read_attachments(
    item: Mapping[str, Any], url: str, source: Source
) -> tuple[list[Sighting], list[Link], list[Left]]:
    """Sightings of the publication's files, links to its HTML publications, and what is left alone.

    `url` is the content item's own address in the API. Old items carry no `attachments`: then the links of
    `details.documents` and `details.body` count.
    """
    about = _about(item, url, source)
    sightings: dict[str, Sighting] = {}
    follow: dict[str, Link] = {}
    left: list[Left] = []
    for attachment in _attachments(item, about.listing_url):
        address = resolve(about.listing_url, str(attachment.get("url") or ""))
        if address is None:
            continue
        title = str(attachment.get("title") or attachment.get("filename") or "")
        kind = attachment.get("attachment_type")
        if urlsplit(address).netloc.lower() not in source.hosts:
            left.append((address, title, "off_site"))
        elif kind == "html":
            one = replace(about, file_url=address, kind="page", link_text=title)
            follow.setdefault(address, Link(address, "detail", title, one))
        elif kind == "file" and _is_document(attachment, address):
            sightings.setdefault(address, replace(about, file_url=address, link_text=title))
        else:
            left.append((address, title, "not_a_document"))
    return list(sightings.values()), list(follow.values()), left


def _about(item: Mapping[str, Any], url: str, source: Source) -> Sighting:
    """What the publication says of each of its files. Withdrawn means `withdrawn_at`: the notice may be there and empty."""
    parts = urlsplit(url)
    path = str(item.get("base_path") or parts.path.removeprefix("/api/content"))
    page = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
    title = str(item.get("title") or "")
    withdrawn_at = (item.get("withdrawn_notice") or {}).get("withdrawn_at")
    organisations = (item.get("links") or {}).get("organisations") or ()
    said = {
        "title": title,
        "first_published_at": item.get("first_published_at")
        or (item.get("details") or {}).get("first_public_at"),
        "public_updated_at": item.get("public_updated_at"),
        "organisation": "; ".join(str(one.get("title")) for one in organisations),
        "document_type": item.get("document_type"),
        "withdrawn_at": withdrawn_at,
    }
    published = said["first_published_at"] or said["public_updated_at"]
    return Sighting(
        source_id=source.id,
        listing_url=page,
        file_url=None,
        detail_url=page,
        headings=(title,) if title else (),
        card_text=str(item.get("description") or ""),
        dates=(str(published),) if published else (),
        status_words=("withdrawn",) if withdrawn_at else (),
        group=path,
        extra={name: str(value) for name, value in said.items() if value},
    )


def _attachments(item: Mapping[str, Any], page: str) -> Iterator[Mapping[str, Any]]:
    details = item.get("details") or {}
    if "attachments" in details:
        yield from details["attachments"] or ()
        return
    html = "".join((*(details.get("documents") or ()), str(details.get("body") or "")))
    for anchor in read_html(html).iter("a"):
        address = urljoin(page, anchor.get("href") or "")
        if claims_document(address):
            yield {"attachment_type": "file", "url": address, "title": text_of(anchor)}
        elif urlsplit(address).path.startswith(urlsplit(page).path + "/"):
            yield {"attachment_type": "html", "url": address, "title": text_of(anchor)}


def _is_document(attachment: Mapping[str, Any], address: str) -> bool:
    stated = attachment.get("content_type")
    return stated in DOCUMENT_TYPES if stated else claims_document(address)
