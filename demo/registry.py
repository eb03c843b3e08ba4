"""The registry entries of the fictional sites, as `Source` and as TOML."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import tomlkit

from casereviews.crawler.sources.loader import make_source
from casereviews.crawler.sources.source import Source
from casereviews.demo.site import Site, quoted


def url_of(site: Site, port: int, path: str = "") -> str:
    """The full address of a path of a site as a browser writes it; without a path, of its list."""
    return f"http://{site.host}:{port}{quoted(path or str(site.entry['start']))}"


def entry_of(site: Site, port: int) -> dict[str, Any]:
    """One `[[source]]` as a dict, its keys in the order in which people write them."""
    entry: dict[str, Any] = {
        "id": site.id,
        "publisher": site.publisher,
        "nation": site.nation,
        "family": site.entry["family"],
        "scope": site.entry.get("scope", "child"),
        "kind": site.entry["kind"],
        "status": "verified",
        "start_urls": [url_of(site, port)],
        "hosts": [f"{site.host}:{port}"],
        "notes": "A fictional site of the demonstration.",
    }
    for name in ("national", "follow", "same_as", "options"):
        if name in site.entry:
            entry[name] = site.entry[name]
    return entry


def sources_of(sites: Iterable[Site], port: int) -> list[Source]:
    """The entries as the crawler takes them."""
    return [make_source(entry_of(site, port)) for site in sites]


def toml_of(sites: Sequence[Site], port: int) -> str:
    """The entries as the text of a home's `sources.toml`."""
    entries = [entry_of(site, port) for site in sites]
    return "# The fictional sites of the demonstration.\n\n" + tomlkit.dumps({"source": entries})
