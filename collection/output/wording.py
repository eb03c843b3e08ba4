"""Small words of output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casereviews.index.results import Results


def counted(number: int, thing: str) -> str:
    """ "1 review", "2 reviews", "1,204 reviews"."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def counts_listed(counts: Mapping[str, int]) -> str:
    """ "3 new, 1 missing" from counts."""
    return ", ".join(
        f"{count} {name.replace('_', ' ')}" for name, count in sorted(counts.items()) if count
    )


def said_of_what_follows(results: Results) -> str:
    """What stands above the reviews of a page that do not have all that was typed, together."""
    if results.alike:
        return "no review has any of these words; these read alike, best first"
    if results.far:
        return "no review has all of these, and nothing here is close; these have some, best first"
    having = "these have most"
    if any(hit.apart for hit in results.hits):
        having += ", or all of them far apart"
    if results.in_other_words:
        having += ", or tell of it in other words"
    if results.only_in_other_words:
        having = "these tell of it in other words"
    having += ", best first"
    return having if results.total else f"no review has all of these; {having}"
