"""NSPCC's themed briefings: the page is the document, and its address is reused for new editions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from casereviews.crawler.parsing.html.sniff import claims_document
from casereviews.crawler.parsing.links.wording import MONTH
from casereviews.crawler.parsing.nspcc.blocks import Block
from casereviews.crawler.sources.hosts import allowed_host
from casereviews.crawler.sources.source import Source
from casereviews.repository.model import Sighting

_TITLE = re.compile(
    r"(?P<topic>.{1,500}?)\s{0,20}[:–—-]\s{0,20}(?:learning from|lessons from) (?:serious )?case reviews",
    re.I,
)
_TITLE_REVERSED = re.compile(
    r"(?:learning from|lessons from) (?:serious )?case reviews\s*[:–—-]\s*(?P<topic>.+)", re.I
)
_DATE = rf"((?:\d{{1,2}}\s+)?(?:(?:{MONTH}|[A-Z][a-z]{{2}})\s+)?(?:19|20)\d\d)"
# The day a briefing came out names its edition; "last updated" only where nothing else does, because a repaired link moves it.
_EDITIONS = (
    re.compile(
        rf"(?:publication date|date of publication|published(?: in| on)?|edition)\s*:?\s*{_DATE}",
        re.I,
    ),
    re.compile(rf"last updated\s*:?\s*{_DATE}", re.I),
)
_COVERED = re.compile(
    r"(?:case )?reviews?\b[^.]{0,60}?\b(?:published\s+)?"
    r"((?:between|from|since)\s+(?:\w+\s+)?(?:19|20)\d\d(?:\s*(?:-|–|to|and)\s*(?:\w+\s+)?(?:19|20)?\d\d)?)",
    re.I,
)
_AUDIENCE = re.compile(
    r"(?:briefing|summary|learning|resource)\b[^.]{0,60}?\b(?:for|aimed at)\s+([^.:]{4,80}?)(?=[.:,;]|\s+(?:who|to|on|about|is|are|was)\b|$)",
    re.I,
)


def read_briefing(blocks: Sequence[Block], url: str, source: Source) -> list[Sighting]:
    """The briefing on a page (kind "page") and the files it offers of the same edition; [] when the page is none."""
    title = next((block.text for block in blocks if block.level == 1), "")
    named = _TITLE.fullmatch(title) or _TITLE_REVERSED.fullmatch(title)
    if named is None:
        return []
    text = "\n".join(block.text for block in blocks)
    extra = {
        "title": title,
        "topic": named.group("topic").strip(),
        "audience": _first(_AUDIENCE, text),
        "reviews_covered": _first(_COVERED, text),
    }
    edition = next((found for pattern in _EDITIONS if (found := _first(pattern, text))), "")
    page = Sighting(
        source_id=source.id,
        listing_url=url,
        file_url=url,
        kind="page",
        detail_url=url,
        link_text=title,
        headings=(title,),
        dates=(edition,) if edition else (),
        group=urlsplit(url).path.rstrip("/"),
        edition=edition or extra["reviews_covered"] or None,
        extra={name: value for name, value in extra.items() if value},
    )
    files = {
        anchor.url: replace(page, file_url=anchor.url, kind="file", link_text=anchor.text)
        for block in blocks
        for anchor in block.anchors
        if claims_document(anchor.url) and allowed_host(anchor.url, source.hosts)
    }
    return [page, *files.values()]


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return " ".join(found.group(1).split()) if found else ""
