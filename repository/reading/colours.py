"""Colours of letters and of what lies under them: text of the colour of its ground is not seen."""

from __future__ import annotations

import re

WHITE, BLACK = "FFFFFF", "000000"
_HEX = re.compile(r"#?([0-9A-Fa-f]{6})")
# Colours that differ by no more than this in each of red, green and blue (of 255) look the same.
_ALIKE = 8


def colour(text: str | None) -> str | None:
    """Six hexadecimal digits; None for what is no plain colour ("auto", a missing one)."""
    found = _HEX.fullmatch(text or "")
    return found.group(1).upper() if found else None


def alike(letters: str, ground: str) -> bool:
    """True when a person could not tell letters of this colour from their ground (both six hexadecimal digits)."""
    pairs = zip(bytes.fromhex(letters), bytes.fromhex(ground), strict=True)
    return all(abs(one - other) <= _ALIKE for one, other in pairs)
