"""Small words of output."""

from __future__ import annotations

from collections.abc import Mapping


def counted(number: int, thing: str) -> str:
    """ "1 review", "2 reviews", "1,204 reviews"."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")


def counts_listed(counts: Mapping[str, int]) -> str:
    """ "3 new, 1 missing" from counts."""
    return ", ".join(
        f"{count} {name.replace('_', ' ')}" for name, count in sorted(counts.items()) if count
    )
