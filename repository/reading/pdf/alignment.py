"""Which letter of a page's picture is which letter of its text, so that what is found in the text can be marked in the picture.

The text is what was read: running heads are off, ligatures mended, words joined that a line's end parted, columns and tables put in
order. The picture's letters come as the file has them. So letters alone are compared, without case, accents, blanks and signs; long
stretches that both have are found wherever they stand, what is left between two of them is compared there, and single words at last.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

SEED = 14
"""Letters in a row that find a stretch: some three words, which rarely stand in one order twice on a page."""
CANDIDATES = 8
"""Places at most at which a stretch is tried; more of them are a pattern, no text."""
GAP = 300
"""Letters at most that are compared one by one between two stretches."""
ENOUGH = 0.6
"""The share of a word's letters by which it is known there: a lost ligature takes one or two."""
MOST = 200_000
"""Letters at most of a page; what comes after them has no place."""
_WORD = re.compile(r"[^\W_]+")

Span = tuple[int, int]
"""Where something begins and ends (exclusive)."""


def aligned(text: str, shown: str) -> dict[int, int]:
    """Offsets of letters of `text` -> offsets of the same letters in `shown`; letters that it does not show have none.

    `shown` are the letters of the picture in any order, a word's together; what is hidden must be blanks. No letter of it is taken
    twice, but for ligatures, which are several letters of the text.
    """
    return _Alignment(text, shown).found()


@lru_cache(maxsize=4096)
def _folded(letter: str) -> str:
    """A letter as it is compared: "É" is "e", "ﬁ" is "fi", a blank or a sign is nothing."""
    split = unicodedata.normalize("NFKD", letter).casefold()
    return "".join(one for one in split if one.isalnum())


class _Letters:
    """The letters of a text, folded, and where each stands in it."""

    def __init__(self, text: str) -> None:
        kept: list[str] = []
        self.places: list[int] = []
        for place, letter in enumerate(text):
            for one in _folded(letter):
                kept.append(one)
                self.places.append(place)
            if len(kept) > MOST:
                break
        self.text = "".join(kept)
        self.words = [*self._words(text)]

    def _words(self, text: str) -> Iterator[Span]:
        """Where its words are among the letters: one begins wherever a blank, a sign or a line's end parts two letters."""
        start = 0
        for at, (before, here) in enumerate(pairwise(self.places), 1):
            if here > before + 1 and not _WORD.fullmatch(text, before, here + 1):
                yield start, at
                start = at
        if self.places:
            yield start, len(self.places)


class _Alignment:
    """The work of one page: `to` has the place of each letter of the text among those shown, -1 where it has none (yet)."""

    def __init__(self, text: str, shown: str) -> None:
        self.text, self.shown = _Letters(text), _Letters(shown)
        self.to = [-1] * len(self.text.text)
        self.taken = bytearray(len(self.shown.text))

    def found(self) -> dict[int, int]:
        self._long_stretches()
        self._between()
        self._single_words()
        mine, theirs = self.text.places, self.shown.places
        return {mine[at]: theirs[to] for at, to in enumerate(self.to) if to >= 0}

    def _take(self, at: int, to: int, length: int) -> None:
        for step in range(length):
            self.to[at + step] = to + step
            self.taken[to + step] = 1

    # ---- stretches wherever they stand

    def _long_stretches(self) -> None:
        text, shown = self.text.text, self.shown.text
        seeds: dict[str, list[int]] = {}
        for place in range(len(shown) - SEED + 1):
            seeds.setdefault(shown[place : place + SEED], []).append(place)
        at, expected = 0, 0
        while at <= len(text) - SEED:
            places = seeds.get(text[at : at + SEED], ())
            if not places or len(places) > CANDIDATES:
                at += 1
                continue
            # The longest; of equals the one that follows what came before, or else the first.
            length, _, place = max(
                (self._length(at, place), -abs(place - expected), place) for place in places
            )
            if length < SEED:
                at += 1
                continue
            before = self._before(at, place)
            self._take(at - before, place - before, length + before)
            at += length
            expected = place + length

    def _length(self, at: int, place: int) -> int:
        """How many letters from here on are the same in both, and free there."""
        text, shown, taken = self.text.text, self.shown.text, self.taken
        room = min(len(text) - at, len(shown) - place)
        length = 0
        while (
            length < room
            and text[at + length] == shown[place + length]
            and not taken[place + length]
        ):
            length += 1
        return length

    def _before(self, at: int, place: int) -> int:
        """How many letters before here are the same in both, and free in both."""
        text, shown = self.text.text, self.shown.text
        length = 0
        while (
            length < min(at, place)
            and self.to[at - length - 1] < 0
            and text[at - length - 1] == shown[place - length - 1]
            and not self.taken[place - length - 1]
        ):
            length += 1
        return length

    # ---- what stands between two stretches

    def _between(self) -> None:
        for start, end in [*_gaps(self.to)]:
            if end - start > GAP:
                continue
            for first, last in self._windows(start, end):
                pieces = SequenceMatcher(
                    None, self.text.text[start:end], self.shown.text[first:last], autojunk=False
                ).get_matching_blocks()
                there = {
                    start + piece.a + step: first + piece.b + step
                    for piece in pieces
                    for step in range(piece.size)
                }
                self._keep_whole_words(there, start, end)

    def _windows(self, start: int, end: int) -> Iterator[Span]:
        """The free letters after the stretch before a gap, and before the stretch after it; both are one where they meet."""
        left = self.to[start - 1] + 1 if start else 0
        right = self.to[end] if end < len(self.to) else len(self.taken)
        after = self._free(left, 1)
        yield left, after
        if right != after:
            yield self._free(right, -1), right

    def _free(self, place: int, step: int) -> int:
        """How far letters are free from a place on, at most GAP of them."""
        for _ in range(GAP):
            inside = place if step > 0 else place - 1
            if not 0 <= inside < len(self.taken) or self.taken[inside]:
                break
            place += step
        return place

    def _keep_whole_words(self, there: Mapping[int, int], start: int, end: int) -> None:
        """Take the letters of those words that stand there nearly whole: single letters are alike by chance."""
        for first, last in self.text.words:
            if last <= start or first >= end:
                continue
            inside = range(max(first, start), min(last, end))
            known = [
                at for at in inside if at in there and self.to[at] < 0 and not self.taken[there[at]]
            ]
            if not known or len(known) < ENOUGH * len(inside):
                continue
            if there[known[-1]] - there[known[0]] > 1.5 * len(inside):
                continue
            for at in known:
                self._take(at, there[at], 1)

    # ---- single words

    def _single_words(self) -> None:
        """Words that have no place yet go to the same word that nothing took, the nearest to where their neighbours stand."""
        free: dict[str, list[int]] = {}
        for start, end in self.shown.words:
            if not any(self.taken[start:end]):
                free.setdefault(self.shown.text[start:end], []).append(start)
        expected = 0
        for start, end in self.text.words:
            if any(place >= 0 for place in self.to[start:end]):
                expected = max(self.to[start:end]) + 1
                continue
            places = free.get(self.text.text[start:end])
            if places:
                after = bisect_left(places, expected)
                near = range(max(after - 1, 0), min(after + 1, len(places)))
                place = places.pop(min(near, key=lambda one: abs(places[one] - expected)))
                self._take(start, place, end - start)
                expected = place + end - start


def _gaps(to: Sequence[int]) -> Iterator[Span]:
    """The runs of letters without a place."""
    start = None
    for at, place in enumerate(to):
        if place < 0 and start is None:
            start = at
        elif place >= 0 and start is not None:
            yield start, at
            start = None
    if start is not None:
        yield start, len(to)
