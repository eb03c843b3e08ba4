"""What a reading tells its keeper of text that a file covers or hides from its readers: where, never which words."""

from __future__ import annotations

import re
from collections.abc import Sequence

_SAID = re.compile(r"covered text(?: on pages? (?P<pages>\d+(?:, \d+)*))?")


def covered_detail(pages: Sequence[int]) -> str:
    """ "covered text on pages 3, 7"; without pages, as in formats that have none, "covered text"."""
    if not pages:
        return "covered text"
    return f"covered text on page{'s'[: len(pages) > 1]} {', '.join(map(str, pages))}"


def covered_pages(detail: str) -> tuple[int, ...] | None:
    """The pages that `covered_detail` named in a reading's detail, () where it named none; None when nothing is covered."""
    said = _SAID.search(detail)
    if said is None:
        return None
    return tuple(int(page) for page in (said["pages"] or "").split(", ") if page)
