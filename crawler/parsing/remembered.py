"""A `Parsed` as canonical text and back: what is remembered of a page, and compared to tell "unchanged"."""

from __future__ import annotations

import json
from typing import Any

from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.repository.model import Sighting

_SIGHTING_DEFAULTS: dict[str, Any] = {
    "kind": "file",
    "detail_url": None,
    "link_text": "",
    "headings": [],
    "card_text": "",
    "dates": [],
    "status_words": [],
    "group": None,
    "edition": None,
    "anonymous": False,
    "extra": {},
}


def say(parsed: Parsed) -> str:
    """The page's sightings, links and announced total as JSON; the same page gives the same text.

    What was left alone is not part of it: a changed news link is no change of the list.
    """
    return json.dumps(
        {
            "sightings": [_sighting_out(sighting) for sighting in parsed.sightings],
            "follow": [_link_out(link) for link in parsed.follow],
            "announced": parsed.announced,
            "canonical": parsed.canonical,
            "page_kind": parsed.page_kind,
            "title": parsed.title,
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def unsay(text: str) -> Parsed:
    """The `Parsed` that `say` wrote, without what was left alone."""
    data = json.loads(text)
    return Parsed(
        sightings=tuple(_sighting_in(item) for item in data["sightings"]),
        follow=tuple(_link_in(item) for item in data["follow"]),
        announced=data["announced"],
        canonical=data["canonical"],
        page_kind=data["page_kind"],
        title=data["title"],
    )


def _sighting_out(sighting: Sighting) -> dict[str, Any]:
    out: dict[str, Any] = {
        "source_id": sighting.source_id,
        "listing_url": sighting.listing_url,
        "file_url": sighting.file_url,
        "kind": sighting.kind,
        "detail_url": sighting.detail_url,
        "link_text": sighting.link_text,
        "headings": list(sighting.headings),
        "card_text": sighting.card_text,
        "dates": list(sighting.dates),
        "status_words": list(sighting.status_words),
        "group": sighting.group,
        "edition": sighting.edition,
        "anonymous": sighting.anonymous,
        "extra": dict(sighting.extra),
    }
    return {key: value for key, value in out.items() if _SIGHTING_DEFAULTS.get(key, ...) != value}


def _sighting_in(data: dict[str, Any]) -> Sighting:
    known = dict(data)
    for name in ("headings", "dates", "status_words"):
        known[name] = tuple(known.get(name, ()))
    return Sighting(**known)


def _link_out(link: Link) -> dict[str, Any]:
    out: dict[str, Any] = {"url": link.url, "role": link.role, "text": link.text}
    if link.sighting is not None:
        out["sighting"] = _sighting_out(link.sighting)
    return out


def _link_in(data: dict[str, Any]) -> Link:
    sighting = data.get("sighting")
    return Link(
        data["url"], data["role"], data["text"], _sighting_in(sighting) if sighting else None
    )
