"""The words and columns of one generation: forms of a word, words that begin so, words like another."""

from __future__ import annotations

from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, Protocol

from casereviews.index.analysis import kin
from casereviews.index.positions import Range
from casereviews.index.storage.columns import Column, read_column, read_ranges
from casereviews.index.storage.store import Store

_AFTER = "\U0010ffff"
SUGGEST_LONGER_THAN = 3
FILTERS_KEPT = 64
Kept = Mapping[str, Callable[[], Mapping[str, Sequence[str]]]]
"""What people keep beside the index, by the name of a field: review id -> values, asked for when a query names the field."""


class Columns(Protocol):
    """Where columns are kept."""

    def column(self, name: str) -> tuple[Any, bytes] | None:
        """A column's dictionary and data."""


class ColumnLexicon(ABC):
    """What columns say, read when first asked for, and words near another one, wherever the words are kept."""

    def __init__(self, store: Columns, kept: Kept | None = None) -> None:
        self._store = store
        self.kept = kept or {}
        self._columns: dict[str, Column] = {}
        self._ranges: dict[str, dict[int, list[Range]]] = {}
        self._with_codes: dict[tuple[str, frozenset[int]], frozenset[int]] = {}

    @abstractmethod
    def forms(self, family: str) -> Sequence[str]:
        """All words of the index whose family this is."""

    @abstractmethod
    def beginning(self, prefix: str) -> Sequence[str]:
        """All words that begin so."""

    @abstractmethod
    def _ending(self, piece: str) -> Sequence[str]: ...

    @abstractmethod
    def _containing(self, piece: str) -> Sequence[str]: ...

    @abstractmethod
    def _every(self) -> Sequence[str]: ...

    def like(self, word: str, distance: int) -> Sequence[str]:
        """All words within so many letters (inserted, dropped or replaced) of a word."""
        pieces = _pieces(word, distance + 1)
        found: set[str] = set()
        for at, piece in enumerate(pieces):
            if not piece:
                return self._within_distance(self._every(), word, distance)
            if at == 0:
                found.update(self.beginning(piece))
            elif at == len(pieces) - 1:
                found.update(self._ending(piece))
            else:
                found.update(self._containing(piece))
        return self._within_distance(sorted(found), word, distance)

    def _within_distance(self, words: Sequence[str], word: str, distance: int) -> Sequence[str]:
        return [
            other
            for other in words
            if abs(len(other) - len(word)) <= distance and edits(word, other, distance) <= distance
        ]

    def suggest(self, word: str) -> Sequence[str]:
        """Words of the index that were probably meant, nearest first; () for short words and numbers."""
        if len(word) <= SUGGEST_LONGER_THAN or not word.isalpha():
            return ()
        for distance in (1, 2):
            near = [other for other in self.like(word, distance) if other.isalpha()]
            if near:
                return sorted(near, key=lambda other: (other[0] != word[0], kin(other), other))[:3]
        return ()

    def column(self, name: str) -> Column:
        """A field's column; all unknown when the generation has none of this name. One that people keep is as it stands now."""
        if name in self.kept:
            self._columns[name] = self._kept_column(self.kept[name]())
            for key in [key for key in self._with_codes if key[0] == name]:
                del self._with_codes[key]
        if name not in self._columns:
            found = self._store.column(name)
            self._columns[name] = (
                read_column(*found)
                if found
                else Column(array("I", bytes(4 * self.size)), [()], True)
            )
        return self._columns[name]

    def _kept_column(self, of_review: Mapping[str, Sequence[str]]) -> Column:
        combinations: dict[tuple[str, ...], int] = {(): 0}
        by_review = array("I", bytes(4 * len(self.review_ids)))
        for at, review_id in enumerate(self.review_ids):
            values = tuple(of_review.get(review_id, ()))
            by_review[at] = combinations.setdefault(values, len(combinations))
        codes = array("I", map(by_review.__getitem__, self.reviews))
        return Column(codes, list(combinations), True)

    def with_codes(self, name: str, codes: frozenset[int]) -> frozenset[int]:
        """The documents whose column has one of these combinations; what filters ask for is kept."""
        key = (name, codes)
        if key not in self._with_codes:
            # One that people keep was made when the query was understood: its codes are of that.
            column = self._columns[name] if name in self.kept else self.column(name)
            if len(self._with_codes) >= FILTERS_KEPT:
                self._with_codes.clear()
            self._with_codes[key] = (
                self.live
                if len(codes) == len(column.values)
                else self.live & column.numbers_with(set(codes))
            )
        return self._with_codes[key]

    def ranges(self, section: str) -> dict[int, list[Range]]:
        """Where each document has sections of a kind, as ranges of positions."""
        if section not in self._ranges:
            found = self._store.column(f"section:{section}")
            self._ranges[section] = read_ranges(found[1]) if found else {}
        return self._ranges[section]

    def ranges_of(self, section: str, number: int) -> Sequence[Range]:
        """Where a document has sections of a kind."""
        return self.ranges(section).get(number, ())

    @cached_property
    def reviews(self) -> array[int]:
        """The number of each document's review."""
        return self._array("review", "I")

    @cached_property
    def review_ids(self) -> list[str]:
        """Review ids by number."""
        found = self._store.column("review")
        return list(found[0]) if found else []

    @cached_property
    def lengths(self) -> array[float]:
        """Each document's weighted number of words."""
        found = self._store.column("length")
        lengths = array("f")
        lengths.frombytes(found[1] if found else b"")
        return lengths

    @cached_property
    def live(self) -> frozenset[int]:
        """Numbers of the documents that are there."""
        found = self._store.column("live")
        return frozenset(n for n, flag in enumerate(found[1]) if flag) if found else frozenset()

    @cached_property
    def size(self) -> int:
        """One more than the highest number."""
        return len(self.reviews)

    def _array(self, name: str, code: str) -> array[int]:
        found = self._store.column(name)
        values: array[int] = array(code)
        values.frombytes(found[1] if found else b"")
        return values


class StoreLexicon(ColumnLexicon):
    """What the store knows of words and columns."""

    def __init__(self, store: Store, kept: Kept | None = None) -> None:
        super().__init__(store, kept)
        self._db = store.db

    def forms(self, family: str) -> Sequence[str]:
        """All words of the index whose family this is."""
        return self._words("kin = ?", family)

    def beginning(self, prefix: str) -> Sequence[str]:
        """All words that begin so."""
        return self._words("form >= ? AND form < ?", prefix, prefix + _AFTER)

    def _ending(self, piece: str) -> Sequence[str]:
        tail = piece[::-1]
        return self._words("tail >= ? AND tail < ?", tail, tail + _AFTER)

    def _containing(self, piece: str) -> Sequence[str]:
        return self._words("instr(form, ?) > 0", piece)

    def _every(self) -> Sequence[str]:
        return self._words("1")

    def _words(self, where: str, *values: str) -> list[str]:
        query = f"SELECT form FROM words WHERE {where} ORDER BY form"
        return [row[0] for row in self._db.execute(query, values)]


def _pieces(word: str, count: int) -> list[str]:
    """A word in `count` pieces: with fewer edits than pieces, one piece is untouched."""
    borders = [len(word) * at // count for at in range(count + 1)]
    return [word[start:end] for start, end in pairwise(borders)]


def edits(one: str, other: str, limit: int) -> int:
    """The Levenshtein distance of two words, or anything above `limit` when it is larger."""
    before = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, against in enumerate(other, 1):
            change = before[column - 1] + (letter != against)
            now.append(min(change, before[column] + 1, now[-1] + 1))
        if min(now) > limit:
            return limit + 1
        before = now
    return before[-1]
