"""The words of all segments: which documents have one, what it weighs there, and where it stands in each.

What is read of a word is kept, up to a limit. Documents are named by their numbers in the store.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate

from index.codec import MappedStorage, StoredPostings
from index.segments import OpenSegment, read_contents

KEPT = 24_000_000  # numbers kept of all words: about 100 MB at the most


class Term:
    """One word of the index: `numbers` of the documents that have it, and its `weights` there, in quarters."""

    __slots__ = ("_index", "_places", "_stops", "_stored", "numbers", "weights")

    def __init__(self, stored: Sequence[tuple[StoredPostings, array[int]]]) -> None:
        self._stored = [postings for postings, _ in stored]
        self.numbers = array("I")
        self.weights = array("H")
        for postings, ordinals in stored:
            self.numbers.extend(map(ordinals.__getitem__, postings.ids()))
            self.weights.extend(postings.weights())
        self._index: dict[int, int] | None = None
        self._places: array[int] = array("H")
        self._stops: Sequence[int] = ()

    @property
    def size(self) -> int:
        """How many numbers are kept of it, at the most."""
        return 4 * len(self.numbers) + sum(int(each.total) for each in self._stored)

    def places(self, number: int) -> Sequence[int]:
        """The rising positions in a document, () when it has none."""
        index = self._index if self._index is not None else self._load()
        at = index.get(number)
        return () if at is None else self._places[self._stops[at] : self._stops[at + 1]]

    def _load(self) -> dict[int, int]:
        self._index = dict(zip(self.numbers, range(len(self.numbers)), strict=True))
        counts = array("I")
        parts = []
        for each in self._stored:
            counts.extend(array("I", each.counts()))
            parts.append(each.positions())
        self._stops = [0, *accumulate(counts)]
        if len({part.typecode for part in parts}) > 1:
            parts = [array("I", part) for part in parts]
        self._places = parts[0] if parts else array("H")
        for part in parts[1:]:
            self._places.extend(part)
        return self._index


class Words:
    """All words of a generation, opened once."""

    def __init__(self, storage: MappedStorage) -> None:
        _, segments = read_contents(storage)
        self._segments = [OpenSegment.open(storage, segment) for segment in segments]
        self._terms: dict[str, Term] = {}
        self._kept = 0

    def close(self) -> None:
        """Let go of the files."""
        for segment in self._segments:
            segment.close()

    def numbers(self) -> set[int]:
        """The numbers of all documents that any segment holds, dropped ones too."""
        return {number for segment in self._segments for number in segment.ordinals}

    def term(self, word: str) -> Term:
        """A word, which no document may have."""
        found = self._terms.get(word)
        if found is None:
            data = word.encode("utf-8", "surrogatepass")
            stored = [
                (postings, segment.ordinals)
                for segment in self._segments
                if (postings := segment.postings(data)) is not None
            ]
            found = Term(stored)
            self._kept += found.size
            if self._kept > KEPT:
                self._terms.clear()
                self._kept = found.size
            self._terms[word] = found
        return found

    def with_any(self, words: Iterable[str]) -> set[int]:
        """The documents that have any of these words."""
        found: set[int] = set()
        for word in words:
            found.update(self.term(word).numbers)
        return found

    def places(self, words: Sequence[str], number: int) -> Sequence[int]:
        """The rising positions of any of these words in a document."""
        if len(words) == 1:
            return self.term(words[0]).places(number)
        lists = [found for word in words if (found := self.term(word).places(number))]
        if len(lists) < 2:
            return lists[0] if lists else ()
        return sorted({place for each in lists for place in each})
