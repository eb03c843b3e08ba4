"""GOV.UK by its Content and Search APIs: publications, collections, HTML publications, what is gone or moved.

Content API: https://content-api.publishing.service.gov.uk/ (schemas: alphagov/publishing-api). Search API: alphagov/search-api,
docs/using-the-search-api.md. Every address is derived from the page's own host.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from crawler.parsing.dom import read_html, text_of
from crawler.parsing.govuk_attachments import read_attachments
from crawler.parsing.page import Page
from crawler.parsing.parsed import Link, Parsed
from crawler.sources.source import Source

CONTENT = "/api/content"
SEARCH = "/api/search.json"
PAGE_SIZE = 100
_FIELDS = ("title", "link", "public_timestamp", "content_store_document_type")
# Document types in which the Panel and the Department publish reviews and studies of reviews.
REVIEW_TYPES = ("independent_report", "research", "document_collection", "case_study")
_REASONS = {
    "corporate_report": "annual_report",
    "annual_report": "annual_report",
    "guidance": "guidance",
    "detailed_guide": "guidance",
    "statutory_guidance": "guidance",
    "form": "template",
    "policy_paper": "policy",
    "news_story": "news",
    "press_release": "news",
    "world_news_story": "news",
    "government_response": "news",
    "speech": "news",
    "organisation": "other_page",
}

Item = Mapping[str, Any]


def first_link(url: str) -> Link:
    """Where to begin for a start page: the search of an organisation's publications, else the page's content item."""
    path = urlsplit(url).path
    prefix, _, slug = path.rpartition("/organisations/")
    if prefix.endswith("/government") and slug:
        return Link(search_url(url, slug.split("/")[0], 0), "list")
    return Link(content_url(url), "list")


def content_url(url: str) -> str:
    """The Content API's address of a page on the same host."""
    parts = urlsplit(url)
    path = parts.path if parts.path.startswith(CONTENT + "/") else CONTENT + (parts.path or "/")
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def search_url(url: str, organisation: str, start: int) -> str:
    """Page of an organisation's publications, newest first (an unknown parameter would be answered with 422)."""
    parts = urlsplit(url)
    query = [
        ("filter_organisations", organisation),
        ("order", "-public_timestamp"),
        ("count", str(PAGE_SIZE)),
        ("start", str(start)),
        *(("fields", name) for name in _FIELDS),
    ]
    return urlunsplit((parts.scheme, parts.netloc, SEARCH, urlencode(query), ""))


def parse_govuk(page: Page, source: Source) -> Parsed:
    """One answer: search results, a content item, or the HTML page of an HTML publication."""
    path = urlsplit(page.url).path
    if path != SEARCH and not path.startswith(CONTENT):
        return _html_publication(page)
    try:
        item = json.loads(page.text)
    except ValueError:
        return Parsed(page_kind="error")
    if not isinstance(item, dict):
        return Parsed(page_kind="error")
    return _search(item, page, source) if path == SEARCH else _content(item, page, source)


def _search(results: Item, page: Page, source: Source) -> Parsed:
    wanted = source.option("document_types").split() or REVIEW_TYPES
    follow: list[Link] = []
    left: list[tuple[str, str, str]] = []
    rows = results.get("results") or ()
    for row in rows:
        url = urljoin(page.url, "/" + str(row.get("link", "")).lstrip("/"))
        if "://" in str(row.get("link", "")):
            url = str(row["link"])
        title = str(row.get("title") or "")
        kind = str(row.get("content_store_document_type") or "")
        if urlsplit(url).netloc != urlsplit(page.url).netloc:
            left.append((url, title, "off_site"))
        elif kind not in wanted:
            left.append((url, title, _REASONS.get(kind, "other_type")))
        else:
            follow.append(Link(content_url(url), "detail", title))
    query = dict(parse_qsl(urlsplit(page.url).query))
    seen = int(query.get("start", 0)) + len(rows)
    # Past the end the answer is silently empty: stop by the total, and when a page gives nothing.
    if rows and seen < int(results.get("total") or 0):
        onward = search_url(page.url, query.get("filter_organisations", ""), seen)
        follow.append(Link(onward, "next"))
    return _parsed(page_kind="list" if rows else "empty", follow=follow, left=left)


def _content(item: Item, page: Page, source: Source) -> Parsed:
    schema = item.get("schema_name")
    if schema == "gone":
        details = item.get("details") or {}
        onward = details.get("alternative_path")
        follow = [_link_to(page, onward)] if onward else []
        why = text_of(read_html(str(details.get("explanation") or "")))
        return _parsed(page_kind="empty", follow=follow, title=why)
    if schema == "redirect":
        return _parsed(page_kind="empty", follow=list(_redirects(item, page)))
    if schema == "document_collection":
        return _collection(item, page)
    if schema == "html_publication":
        parents = (item.get("links") or {}).get("parent") or ()
        return _parsed(
            page_kind="detail",
            follow=[_link_to(page, parent["base_path"]) for parent in parents],
            title=str(item.get("title") or ""),
        )
    sightings, follow, left = read_attachments(item, page.url, source)
    return _parsed(
        sightings=tuple(sightings),
        page_kind="detail",
        follow=follow,
        left=left,
        title=str(item.get("title") or ""),
    )


def _redirects(item: Item, page: Page) -> Iterator[Link]:
    """The destination of this very path; others only where the item names no exact one."""
    rules = [rule for rule in item.get("redirects") or () if rule.get("destination")]
    own = [rule for rule in rules if rule.get("path") == item.get("base_path")]
    for rule in (own or rules)[:1]:
        yield _link_to(page, str(rule["destination"]))


def _collection(item: Item, page: Page) -> Parsed:
    """The collection's pages in the order of its groups. Ids that its links lack are counted: they are not public."""
    by_id = {
        str(document.get("content_id")): document
        for document in (item.get("links") or {}).get("documents") or ()
    }
    groups = (item.get("details") or {}).get("collection_groups") or ()
    named = [str(key) for group in groups for key in group.get("documents") or ()]
    follow = [
        Link(_link_to(page, document["base_path"]).url, "detail", str(document.get("title") or ""))
        for key in dict.fromkeys([*named, *by_id])
        if (document := by_id.get(key)) and document.get("base_path")
    ]
    missing = [key for key in dict.fromkeys(named) if key not in by_id]
    return _parsed(
        page_kind="list" if follow else "empty",
        follow=follow,
        left=[(key, "", "missing_from_collection") for key in missing],
        title=str(item.get("title") or ""),
    )


def _html_publication(page: Page) -> Parsed:
    """The page that a publication offers as HTML: it is itself the document, described by what led to it."""
    title = text_of(read_html(page.text).find(".//h1"))
    said = page.link.sighting
    if said is None:
        return Parsed(page_kind="empty", title=title)
    return Parsed(sightings=(said,), page_kind="document", title=title)


def _link_to(page: Page, path: str) -> Link:
    return Link(content_url(urljoin(page.url, path)), "detail")


def _parsed(
    *,
    page_kind: str,
    sightings: tuple[Any, ...] = (),
    follow: list[Link] | None = None,
    left: list[tuple[str, str, str]] | None = None,
    title: str = "",
) -> Parsed:
    return Parsed(
        sightings=sightings,
        follow=tuple(follow or ()),
        left_alone=Counter(reason for _, _, reason in left or ()),
        left_links=tuple(left or ()),
        page_kind=page_kind,
        title=title,
    )
