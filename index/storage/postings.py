"""The words of all segments: which documents have one, what it weighs there, and where it stands in each.

What is read of a word is kept, up to a limit. Documents are named by their numbers in the store.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import accumulate

from casereviews.index.storage.codec import MappedStorage, StoredPostings
from casereviews.index.storage.segments import OpenSegment, read_contents

KEPT = 128_000_000  # bytes kept of all words, about
MANY = 48  # so many words with the same beginning are sought by a walk through the segment's terms
_SAME_LETTERS = 2


class Part:
    """One word in one segment: the `ids` of the segment's documents that have it, and where it stands in them."""

    __slots__ = ("_places", "_starts", "ids", "stored")

    def __init__(self, stored: StoredPostings) -> None:
        self.stored = stored
        self.ids = stored.ids()
        self._starts: array[int] | None = None
        self._places: array[int] = array("H")

    @property
    def size(self) -> int:
        """The bytes it takes, at the most."""
        return 200 + 4 * len(self.ids) + 4 * int(self.stored.total)

    def places(self, local: int) -> Sequence[int]:
        """The rising positions in a document of the segment, () when it has none."""
        at = bisect_left(self.ids, local)
        if at == len(self.ids) or self.ids[at] != local:
            return ()
        if self._starts is None:
            self._starts = array("I", accumulate(self.stored.counts(), initial=0))
            self._places = self.stored.positions()
        return self._places[self._starts[at] : self._starts[at + 1]]


class Term:
    """One word of the index: `numbers` of the documents that have it, its `weights` there in quarters, its part in each segment."""

    __slots__ = ("numbers", "parts", "weights")

    def __init__(self, segments: Sequence[OpenSegment], data: bytes) -> None:
        self.numbers = array("I")
        self.weights = array("H")
        self.parts: list[Part | None] = []
        for segment in segments:
            stored = segment.postings(data)
            part = None if stored is None else Part(stored)
            self.parts.append(part)
            if part is not None:
                self.numbers.extend(map(segment.ordinals.__getitem__, part.ids))
                self.weights.extend(part.stored.weights())

    @property
    def size(self) -> int:
        """The bytes it takes, at the most."""
        places = sum(int(part.stored.total) for part in self.parts if part is not None)
        return 200 + 14 * len(self.numbers) + 4 * places


class Words:
    """All words of a generation, opened once."""

    def __init__(self, storage: MappedStorage) -> None:
        _, segments = read_contents(storage)
        self._segments = [OpenSegment.open(storage, segment) for segment in segments]
        self._terms: dict[str, Term] = {}
        self._walked: dict[tuple[tuple[str, ...], int], list[Part]] = {}
        self._kept = 0

    def close(self) -> None:
        """Let go of the files."""
        for segment in self._segments:
            segment.close()

    @cached_property
    def documents(self) -> dict[int, tuple[int, int]]:
        """For the number of every document that is in a segment (dropped ones too): which segment, and its number there."""
        return {
            number: (which, local)
            for which, segment in enumerate(self._segments)
            for local, number in enumerate(segment.ordinals)
        }

    def term(self, word: str) -> Term:
        """A word, which no document may have."""
        found = self._terms.get(word)
        if found is None:
            found = Term(self._segments, _encoded(word))
            self._make_room(found.size)
            self._terms[word] = found
        return found

    def _make_room(self, size: int) -> None:
        self._kept += size
        if self._kept > KEPT:
            self._terms.clear()
            self._walked.clear()
            self._kept = size

    def with_any(self, words: Iterable[str]) -> set[int]:
        """The documents that have any of these words."""
        found: set[int] = set()
        for word in words:
            found.update(self.term(word).numbers)
        return found

    def places(self, words: Sequence[str], number: int) -> Sequence[int]:
        """The rising positions of any of these words in a document."""
        where = self.documents.get(number)
        if where is None:
            return ()
        which, local = where
        parts = self._parts(tuple(words), which)
        lists = [found for part in parts if (found := part.places(local))]
        if len(lists) < 2:
            return lists[0] if lists else ()
        return sorted({place for each in lists for place in each})

    def _parts(self, words: tuple[str, ...], which: int) -> list[Part]:
        """What a segment has of these words. All words of a beginning lie side by side and are read in one walk."""
        if len(words) < MANY or words[0] in self._terms or not _begin_alike(words):
            known = self._terms.get
            found = [(known(word) or self.term(word)).parts[which] for word in words]
            return [part for part in found if part is not None]
        walked = self._walked.get((words, which))
        if walked is None:
            wanted = set(map(_encoded, words))
            between = self._segments[which].between(min(wanted), max(wanted))
            walked = [Part(stored) for term, stored in between if term in wanted]
            self._make_room(sum(part.size for part in walked))
            self._walked[words, which] = walked
        return walked


def _encoded(word: str) -> bytes:
    return word.encode("utf-8", "surrogatepass")


def _begin_alike(words: Sequence[str]) -> bool:
    return min(words)[:_SAME_LETTERS] == max(words)[:_SAME_LETTERS]
