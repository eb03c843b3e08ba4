"""Lists in HTML of every shape."""

from __future__ import annotations

from crawler.parsing.parsed import Link, Parsed
from crawler.sources.source import Source


def parse_listing(html: str, url: str, source: Source, *, link: Link | None = None) -> Parsed:
    """Placeholder."""
    return Parsed()
