"""The words of all segments: which documents have one, what it weighs there, and where it stands in each.

What is read of a word is kept, up to a limit. Documents are named by their numbers in the store.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate

from index.codec import MappedStorage, StoredPostings
from index.segments import OpenSegment, read_contents

KEPT = 32_000_000  # numbers of four bytes kept of all words: about 130 MB at the most


class Term:
    """One word of the index: `numbers` of the documents that have it, and its `weights` there, in quarters.

    `index` gives for each of the numbers its place in `numbers`.
    """

    __slots__ = ("_places", "_stops", "_stored", "index", "numbers", "weights")

    def __init__(self, stored: Sequence[tuple[StoredPostings, array[int]]]) -> None:
        self._stored = [postings for postings, _ in stored]
        self.numbers = array("I")
        self.weights = array("H")
        for postings, ordinals in stored:
            self.numbers.extend(map(ordinals.__getitem__, postings.ids()))
            self.weights.extend(postings.weights())
        self.index = dict(zip(self.numbers, range(len(self.numbers)), strict=True))
        self._places: array[int] = array("H")
        self._stops: Sequence[int] = ()

    @property
    def size(self) -> int:
        """How many numbers of four bytes it takes, at the most."""
        return 25 * len(self.numbers) + sum(int(each.total) for each in self._stored)

    def places(self, number: int) -> Sequence[int]:
        """The rising positions in a document, () when it has none."""
        at = self.index.get(number)
        if at is None:
            return ()
        if not self._stops:
            self._load()
        return self._places[self._stops[at] : self._stops[at + 1]]

    def _load(self) -> None:
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
        known = self._terms.get
        lists = []
        for word in words:
            term = known(word) or self.term(word)
            if number in term.index:
                lists.append(term.places(number))
        if len(lists) < 2:
            return lists[0] if lists else ()
        return sorted({place for each in lists for place in each})
