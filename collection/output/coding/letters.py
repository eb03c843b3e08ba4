"""A text by its letters: what programs do to lines and their ends changes none of them."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

Range = tuple[int, int]
"""From one letter to another, exclusive, counted without white space."""


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of a text without its white space, and where each stands."""

    letters: str
    places: list[int]

    @classmethod
    def of(cls, text: str) -> Letters:
        places = [at for at, letter in enumerate(text) if not letter.isspace()]
        return cls("".join(text[at] for at in places), places)

    def span(self, start: int | None, end: int | None) -> Range | None:
        """The letters between two places of the text, None where there are none."""
        if start is None or end is None or not start < end:
            return None
        found = (bisect_left(self.places, start), bisect_left(self.places, end))
        return found if found[0] < found[1] else None
