"""What a family's parser is given: one page as text, and how we came to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from casereviews.crawler.parsing.parsed import Link


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `url` is where it was in the end, `asked` what was asked for before redirects.

    `headers` have lower-case names. `link` is the link that led here (its `role` says what was expected); `start` is True for
    the source's own start pages. `depth` counts links from a start page.
    """

    url: str
    text: str
    link: Link
    asked: str = ""
    status: int = 200
    media_type: str = "text/html"
    headers: Mapping[str, str] = field(default_factory=dict)
    start: bool = False
    depth: int = 0
