"""NSPCC's yearly lists and its monthly page: a heading for each review, an abstract in labelled parts, one report link."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from casereviews.crawler.parsing.nspcc.blocks import Anchor, Block
from casereviews.crawler.parsing.nspcc.heading import EntryHeading, read_entry_heading
from casereviews.crawler.sources.hosts import allowed_host
from casereviews.crawler.sources.source import Source
from casereviews.repository.model import Sighting

# Labels drift from list to list; each is one part of the abstract.
_PART_OF_LABEL = {
    "Background": "summary",
    "Issues identified": "learning",
    "Key issues": "learning",
    "Learning": "learning",
    "Recommendations": "recommendations",
    "Model": "model",
    "Keywords": "keywords",
}
_NAMES = "|".join(_PART_OF_LABEL)
_LABEL = re.compile(rf"({_NAMES})\b[^:.\n]{{0,60}}?(?::|\binclud(?:e|es|ed)\b:?|$)\s*")
_BEFORE_LABEL = re.compile(rf"(?<=[.;)])\s+(?=(?:{_NAMES})\b[^:.\n]{{0,60}}:)")
# The list of 2012 ends an abstract with bare keywords: "infants, head injuries, fathers".
_BARE_KEYWORDS = re.compile(r"[a-z][^.:\n]*(?:,[^.:,\n]+){2}\.?")
_OFFER = re.compile(r"[>\s]*(read|download|view|see|access)\b", re.I)
_REPORT = re.compile(r"report|review|summary|briefing|document|pdf|read|download", re.I)
PARTS = ("summary", "learning", "recommendations", "model", "keywords")


def read_entries(blocks: Sequence[Block], url: str, source: Source) -> list[Sighting]:
    """A sighting for each entry; NSPCC's abstract stands in `extra` only (it is in no export).

    An entry is known by its heading, because the pages' addresses are reused. Its report is `file_url` when the entry's
    hosts allow it, else `extra["report_url"]`.
    """
    return [_sighting(heading, body, url, source) for heading, body in _split(blocks)]


def _split(blocks: Sequence[Block]) -> list[tuple[EntryHeading, list[Block]]]:
    entries: list[tuple[EntryHeading, list[Block]]] = []
    level = 0
    inside = False
    for block in blocks:
        heading = read_entry_heading(block.text) if block.level and len(block.text) < 250 else None
        if heading is not None:
            entries.append((heading, []))
            level, inside = block.level, True
        elif block.level and block.level <= level and not _LABEL.match(block.text):
            inside = False  # a heading of the same rank that is no entry ends the list's part
        elif inside:
            entries[-1][1].append(block)
    return entries


def _sighting(heading: EntryHeading, body: Sequence[Block], url: str, source: Source) -> Sighting:
    report = _report(body)
    allowed = report is not None and allowed_host(report.url, source.hosts)
    extra = {
        "heading": heading.text,
        "date": heading.date,
        "area": heading.area,
        "title": heading.title,
        **_parts(body),
    }
    if report is not None and not allowed:
        extra["report_url"] = report.url
    return Sighting(
        source_id=source.id,
        listing_url=url,
        file_url=report.url if report is not None and allowed else None,
        kind="file" if allowed else "entry",
        link_text=report.text if report is not None and allowed else heading.title,
        headings=(heading.text,),
        dates=(heading.date,),
        group=" ".join(heading.text.casefold().split()),
        anonymous=heading.anonymous,
        extra={name: value for name, value in extra.items() if value},
    )


def _report(body: Sequence[Block]) -> Anchor | None:
    """The entry's one report link: the first that calls itself one, else the first of all."""
    anchors = [
        anchor
        for block in body
        for anchor in block.anchors
        if urlsplit(anchor.url).scheme in ("http", "https")
    ]
    named = [anchor for anchor in anchors if _REPORT.search(anchor.text)]
    return next(iter(named or anchors), None)


def _parts(body: Sequence[Block]) -> dict[str, str]:
    """The abstract by part, list items joined by semicolons."""
    parts: dict[str, list[str]] = {part: [] for part in PARTS}
    part = "summary"
    for block in body:
        text = _without_report_link(block)
        for line in (line for whole in text.split("\n") for line in _BEFORE_LABEL.split(whole)):
            label = _LABEL.match(line)
            if label:
                part = _PART_OF_LABEL[label.group(1)]
                line = line[label.end() :]
            elif part == "summary" and parts["summary"] and _BARE_KEYWORDS.fullmatch(line):
                part = "keywords"
            if line.strip():
                if block.item and parts[part]:
                    parts[part][-1] = parts[part][-1].rstrip(".;, ") + ";"
                parts[part].append(line.strip())
    return {name: " ".join(lines) for name, lines in parts.items() if lines}


def _without_report_link(block: Block) -> str:
    """The block's words of abstract: a line that only offers the report is none."""
    named = [anchor.text for anchor in block.anchors if _REPORT.search(anchor.text)]
    if named and _OFFER.match(block.text):
        return ""
    text = block.text
    for name in named:
        text = text.replace(name, "").strip("> \n")
    return text
