"""What a GOV.UK publication holds: files, HTML publications and outside links, of any age of its schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

from casereviews.crawler.parsing.html.addresses import resolve
from casereviews.crawler.parsing.html.dom import read_html, text_of
from casereviews.crawler.parsing.html.sniff import DOCUMENT_TYPES, claims_document
from casereviews.crawler.parsing.json_parts import Item, part, parts, text, texts
from casereviews.crawler.parsing.parsed import Link
from casereviews.crawler.sources.hosts import allowed_host
from casereviews.crawler.sources.source import Source
from casereviews.repository.model import Sighting

Left = tuple[str, str, str]


def read_attachments(
    item: Item, url: str, source: Source
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
        address = resolve(about.listing_url, text(attachment, "url"))
        if address is None:
            continue
        title = text(attachment, "title") or text(attachment, "filename")
        kind = attachment.get("attachment_type")
        if not allowed_host(address, source.hosts):
            left.append((address, title, "off_site"))
        elif kind == "html":
            one = replace(about, file_url=address, kind="page", link_text=title)
            follow.setdefault(address, Link(address, "detail", title, one))
        elif kind == "file" and _is_document(attachment, address):
            sightings.setdefault(address, replace(about, file_url=address, link_text=title))
        else:
            left.append((address, title, "not_a_document"))
    return list(sightings.values()), list(follow.values()), left


def _about(item: Item, url: str, source: Source) -> Sighting:
    """What the publication says of each of its files. Withdrawn means `withdrawn_at`: the notice may be there and empty."""
    place = urlsplit(url)
    path = text(item, "base_path") or place.path.removeprefix("/api/content")
    page = urlunsplit((place.scheme, place.netloc, path, "", ""))
    title = text(item, "title")
    withdrawn_at = text(part(item, "withdrawn_notice"), "withdrawn_at")
    organisations = parts(part(item, "links"), "organisations")
    first_public_at = text(part(item, "details"), "first_public_at")
    said = {
        "title": title,
        "first_published_at": text(item, "first_published_at") or first_public_at,
        "public_updated_at": text(item, "public_updated_at"),
        "organisation": "; ".join(text(one, "title") for one in organisations),
        "document_type": text(item, "document_type"),
        "withdrawn_at": withdrawn_at,
    }
    published = said["first_published_at"] or said["public_updated_at"]
    return Sighting(
        source_id=source.id,
        listing_url=page,
        file_url=None,
        detail_url=page,
        headings=(title,) if title else (),
        card_text=text(item, "description"),
        dates=(published,) if published else (),
        status_words=("withdrawn",) if withdrawn_at else (),
        group=path,
        extra={name: value for name, value in said.items() if value},
    )


def _attachments(item: Item, page: str) -> Iterator[Item]:
    details = part(item, "details")
    if "attachments" in details:
        yield from parts(details, "attachments")
        return
    html = "".join((*texts(details, "documents"), text(details, "body")))
    for anchor in read_html(html).iter("a"):
        address = resolve(page, anchor.get("href"))
        if address is None:
            continue
        if claims_document(address):
            yield {"attachment_type": "file", "url": address, "title": text_of(anchor)}
        elif urlsplit(address).path.startswith(urlsplit(page).path + "/"):
            yield {"attachment_type": "html", "url": address, "title": text_of(anchor)}


def _is_document(attachment: Item, address: str) -> bool:
    stated = text(attachment, "content_type")
    return stated in DOCUMENT_TYPES if stated else claims_document(address)
