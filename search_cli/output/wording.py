"""Small words of output."""

from __future__ import annotations


def counted(number: int, thing: str) -> str:
    """ "1 review", "2 reviews", "1,204 reviews"."""
    return f"{number:,} {thing}" + ("" if number == 1 else "s")
