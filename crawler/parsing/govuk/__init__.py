"""GOV.UK by its Content and Search APIs: publications, collections, HTML publications, what is gone or moved.

Content API: https://content-api.publishing.service.gov.uk/ (schemas: alphagov/publishing-api). Search API:
https://docs.publishing.service.gov.uk/repos/search-api/using-the-search-api.html. Every address is derived from the page's own host.
"""

from __future__ import annotations

import json
from collections import Counter
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from casereviews.crawler.parsing.govuk.attachments import read_attachments
from casereviews.crawler.parsing.html.addresses import resolve
from casereviews.crawler.parsing.html.dom import read_html, text_of
from casereviews.crawler.parsing.json_parts import Item, part, parts, text, texts
from casereviews.crawler.parsing.links.wording import decoy_reason
from casereviews.crawler.parsing.page import Page
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.sources.source import Source
from casereviews.repository.model import Sighting

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
    rows = parts(results, "results")
    for row in rows:
        link = text(row, "link")
        # The index gives paths with and without their slash, and whole addresses of other sites.
        url = resolve(page.url, link if "://" in link else "/" + link.lstrip("/"))
        kind = text(row, "content_store_document_type")
        if url is None or urlsplit(url).netloc != urlsplit(page.url).netloc:
            left.append((url or link, text(row, "title"), "off_site"))
        elif kind not in wanted:
            left.append((url, text(row, "title"), _REASONS.get(kind, "other_type")))
        elif reason := decoy_reason(text(row, "title")):
            left.append((url, text(row, "title"), reason))
        else:
            follow.append(Link(content_url(url), "detail", text(row, "title")))
    query = dict(parse_qsl(urlsplit(page.url).query))
    seen = int(query.get("start", 0)) + len(rows)
    total = results.get("total")
    # Past the end the answer is silently empty: stop by the total, and when a page gives nothing.
    if rows and isinstance(total, int) and seen < total:
        onward = search_url(page.url, query.get("filter_organisations", ""), seen)
        follow.append(Link(onward, "next"))
    return _parsed(page_kind="list" if rows else "empty", follow=follow, left=left)


def _content(item: Item, page: Page, source: Source) -> Parsed:
    schema = item.get("schema_name")
    if schema == "gone":
        details = part(item, "details")
        why = text_of(read_html(text(details, "explanation")))
        onward = _links_to(page, text(details, "alternative_path"))
        return _parsed(page_kind="empty", follow=onward, title=why)
    if schema == "redirect":
        return _parsed(page_kind="empty", follow=_redirects(item, page))
    if schema == "document_collection":
        return _collection(item, page)
    if schema == "html_publication":
        parents = [text(parent, "base_path") for parent in parts(part(item, "links"), "parent")]
        return _parsed(
            page_kind="detail", follow=_links_to(page, *parents), title=text(item, "title")
        )
    sightings, follow, left = read_attachments(item, page.url, source)
    return _parsed(
        sightings=tuple(sightings),
        page_kind="detail",
        follow=follow,
        left=left,
        title=text(item, "title"),
    )


def _redirects(item: Item, page: Page) -> list[Link]:
    """The destination of this very path; another only where the item names no exact one."""
    rules = [rule for rule in parts(item, "redirects") if text(rule, "destination")]
    own = [rule for rule in rules if rule.get("path") == item.get("base_path")]
    return _links_to(page, *(text(rule, "destination") for rule in (own or rules)[:1]))


def _collection(item: Item, page: Page) -> Parsed:
    """The collection's pages in the order of its groups. Ids that its links lack are counted: they are not public."""
    by_id = {
        text(document, "content_id"): document
        for document in parts(part(item, "links"), "documents")
    }
    groups = parts(part(item, "details"), "collection_groups")
    named = list(dict.fromkeys(key for group in groups for key in texts(group, "documents")))
    follow = [
        Link(link.url, "detail", text(by_id[key], "title"))
        for key in dict.fromkeys([*named, *by_id])
        if key in by_id
        for link in _links_to(page, text(by_id[key], "base_path"))
    ]
    missing = [key for key in named if key not in by_id]
    return _parsed(
        page_kind="list" if follow else "empty",
        follow=follow,
        left=[(key, "", "missing_from_collection") for key in missing],
        title=text(item, "title"),
    )


def _html_publication(page: Page) -> Parsed:
    """The page that a publication offers as HTML: it is itself the document, described by what led to it."""
    title = text_of(read_html(page.text).find(".//h1"))
    said = page.link.sighting
    if said is None:
        return Parsed(page_kind="empty", title=title)
    return Parsed(sightings=(said,), page_kind="document", title=title)


def _links_to(page: Page, *paths: str) -> list[Link]:
    addresses = [resolve(page.url, path) for path in paths if path]
    return [Link(content_url(address), "detail") for address in addresses if address]


def _parsed(
    *,
    page_kind: str,
    sightings: tuple[Sighting, ...] = (),
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
