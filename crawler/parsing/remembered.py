"""A `Parsed` as canonical text and back: what is remembered of a page, and compared to tell "unchanged"."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from casereviews.crawler.parsing.parsed import Parsed
from casereviews.repository.model import Sighting

_ALWAYS = ("source_id", "listing_url", "file_url")
_DEFAULTS = {
    name: value
    for name, value in msgspec.to_builtins(Sighting("", "", None)).items()
    if name not in _ALWAYS
}


def canonical_text(parsed: Parsed) -> str:
    """The page's sightings, links, announced total and canonical address as JSON; the same page gives the same text.

    What was left alone is not part of it: a changed news link is no change of the list. Halves of characters, which JSON
    from the web may hold, become "?": no file can keep them.
    """
    values = msgspec.to_builtins(parsed)
    del values["left_alone"], values["left_links"], values["shortlink"]
    for name in ("shown", "unread", "says_none"):
        if not values[name]:
            del values[name]  # as pages were remembered that say nothing of it
    values["sightings"] = [_without_defaults(one) for one in values["sightings"]]
    if elsewhere := values.pop("elsewhere"):
        values["elsewhere"] = [_without_defaults(one) for one in elsewhere]
    for link in values["follow"]:
        _shorten(link)
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode("utf-8")


def parsed_from(text: str) -> Parsed:
    """The `Parsed` of a canonical text, without what is not part of it."""
    return msgspec.json.decode(text, type=Parsed)


def _shorten(link: dict[str, Any]) -> None:
    sighting = link.pop("sighting")
    if sighting is not None:
        link["sighting"] = _without_defaults(sighting)


def _without_defaults(sighting: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in sighting.items() if _DEFAULTS.get(name, ...) != value}
