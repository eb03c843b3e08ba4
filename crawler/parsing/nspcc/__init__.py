"""NSPCC's lists of case reviews: which kind a page is, and what it says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from casereviews.crawler.parsing.html.sniff import claims_document
from casereviews.crawler.parsing.links.following import Seen, ruled, skipped
from casereviews.crawler.parsing.links.wording import LINK_WORDS
from casereviews.crawler.parsing.nspcc.blocks import Block, read_blocks
from casereviews.crawler.parsing.nspcc.briefing import read_briefing
from casereviews.crawler.parsing.nspcc.entries import read_entries
from casereviews.crawler.parsing.nspcc.library import parse_library_record
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.sources.hosts import allowed_host
from casereviews.crawler.sources.source import Source
from casereviews.repository.html_bounds import bounded

_BRIEFINGS = LINK_WORDS["briefings"]
_SCRIPT_ONLY = re.compile(r"\b(enable|requires?|turn on) javascript\b", re.I)


def parse_nspcc(html: str, url: str, source: Source) -> Parsed:
    """A yearly list, the monthly page, a themed briefing, or an index of those.

    Library records are read only where the entry says so (`options = { library = "on" }`).
    """
    if source.option("library") == "on":
        return parse_library_record(html, url, source)
    return replace(_parse_page(html, url, source), unread=bounded(html).cut)


def _parse_page(html: str, url: str, source: Source) -> Parsed:
    blocks = read_blocks(html, url)
    title = next((block.text for block in blocks if block.level == 1), "")
    follow = tuple(_follow(blocks, url, source))
    briefing = read_briefing(blocks, url, source)
    if briefing:
        follow = follow or tuple(_briefings(blocks, url, _folder(url), source))
        return Parsed(tuple(briefing), follow, page_kind="document", title=title)
    entries = read_entries(blocks, url, source)
    if entries:
        return Parsed(tuple(entries), follow, page_kind="list", title=title)
    if _BRIEFINGS.fits(title):
        follow = follow or tuple(_briefings(blocks, url, urlsplit(url).path, source))
    if not follow and any(_SCRIPT_ONLY.search(block.text) for block in blocks):
        return Parsed(page_kind="needs_javascript", title=title)
    return Parsed((), follow, page_kind="list" if follow else "empty", title=title)


def _briefings(blocks: Sequence[Block], url: str, folder: str, source: Source) -> list[Link]:
    """The pages of a folder that an index of briefings, or a briefing, links: each is a briefing, whatever its link says."""
    found: dict[str, Link] = {}
    if not folder.strip("/"):
        return []  # the site's root holds pages of every kind
    here, beneath = urlsplit(url), folder.rstrip("/") + "/"
    for anchor in (anchor for block in blocks for anchor in block.anchors):
        there = urlsplit(anchor.url)
        path = there.path.rstrip("/")
        slug = path.removeprefix(beneath)
        if there.netloc.lower() != here.netloc.lower() or path == here.path.rstrip("/"):
            continue
        if not path.startswith(beneath) or "/" in slug or claims_document(anchor.url):
            continue
        if not skipped(anchor.url, source):
            found.setdefault(anchor.url, Link(anchor.url, "detail", anchor.text))
    return list(found.values())


def _folder(url: str) -> str:
    return urlsplit(url).path.rstrip("/").rpartition("/")[0]


def _follow(blocks: Sequence[Block], url: str, source: Source) -> list[Link]:
    """The links that the entry's own rules name, each once."""
    found: dict[str, Link] = {}
    for anchor in (anchor for block in blocks for anchor in block.anchors):
        allowed = allowed_host(anchor.url, source.hosts)
        role = ruled(Seen(anchor.url, anchor.text), url, source)
        if allowed and role and not skipped(anchor.url, source):
            found.setdefault(anchor.url, Link(anchor.url, role, anchor.text))
    return list(found.values())
