"""One code for every document and field: what filters, facets, sorting and grouping read.

A column holds, for each document number, the number of a combination of values ("Hampshire and Surrey" is
one combination; combination 0 is "not known"). Counting a facet is then counting small integers.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any

from casereviews.index.fields import COLUMNS, SECTIONS
from casereviews.index.positions import Range
from casereviews.index.storage.store import StoredDocument
from casereviews.repository.fields import Field


@dataclass(frozen=True, slots=True)
class Grouped:
    """Documents by their review: the reviews with one document, with two (`firsts`, `seconds`), and with `more`."""

    alone: list[int]
    firsts: list[int]
    seconds: list[int]
    more: list[list[int]]

    @classmethod
    def of(cls, numbers: Collection[int], reviews: Sequence[int]) -> Grouped:
        """`reviews[n]` is the review of document n."""
        by_review: defaultdict[int, list[int]] = defaultdict(list)
        for number in numbers:
            by_review[reviews[number]].append(number)
        of_size: dict[int, list[list[int]]] = {1: [], 2: []}
        more: list[list[int]] = []
        for documents in by_review.values():
            of_size.get(len(documents), more).append(documents)
        return cls(
            [number for (number,) in of_size[1]],
            [first for first, _ in of_size[2]],
            [second for _, second in of_size[2]],
            more,
        )

    def one_of_each(self) -> Iterator[int]:
        """One document of each review."""
        return chain(self.alone, self.firsts, map(itemgetter(0), self.more))


@dataclass(frozen=True, slots=True)
class Column:
    """`codes[number]` is an index into `values`, whose items are tuples of values; () is unknown.

    `uniform` is true when all documents of a review have the same code, so that one of them speaks for all.
    """

    codes: array[int]
    values: list[tuple[str, ...]]
    uniform: bool

    def numbers_with(self, wanted: set[int]) -> set[int]:
        """The documents whose combination is one of `wanted`."""
        return {number for number, code in enumerate(self.codes) if code in wanted}

    def count(self, found: Grouped) -> Counter[str | None]:
        """How many reviews have each value; None counts those not known.

        A review that has a value in one document and is unknown in another counts under the value only.
        """
        code_of = self.codes.__getitem__
        if self.uniform:
            return self._spread(Counter(map(code_of, found.one_of_each())))
        counts = self._spread(Counter(map(code_of, found.alone)))
        # Combinations are counted first, at the speed of a Counter: there are few of them, and many reviews.
        several: Counter[Collection[int]] = Counter(
            zip(map(code_of, found.firsts), map(code_of, found.seconds), strict=True)
        )
        several.update(frozenset(map(code_of, documents)) for documents in found.more)
        for codes, reviews in several.items():
            known = {value for code in codes for value in self.values[code]}
            for value in known or (None,):
                counts[value] += reviews
        return counts

    def _spread(self, codes: Counter[int]) -> Counter[str | None]:
        """Counts of values from counts of combinations, most of which may be there once."""
        once = [code for code, count in codes.items() if count == 1]
        counts: Counter[str | None] = Counter(
            chain.from_iterable(map(self.values.__getitem__, once))
        )
        for code, count in codes.items():
            values = self.values[code]
            if count > 1 or not values:
                for value in values or (None,):
                    counts[value] += count
        return counts


def values_of(value: object) -> tuple[str, ...]:
    """A field's value as a tuple of distinct strings; a bar joins several codes (`scr|thematic_review`)."""
    if value is None:
        return ()
    parts = value if isinstance(value, (list, tuple)) else str(value).split("|")
    return tuple(dict.fromkeys(str(part) for part in parts if str(part)))


Stored = tuple[str, str, bytes]  # name, dictionary as JSON, data
Before = Mapping[str, tuple[Any, bytes]]


def make_columns(
    documents: Iterable[StoredDocument], before: Before | None = None
) -> Iterator[Stored]:
    """All columns of a store as (name, dictionary as JSON, data).

    With the columns from `before`, the documents are added to those that are in them; without, they are all.
    """
    rows = list(documents)
    before = before or {}
    reviews = _longer(array("I"), "review", rows, before)
    lengths = _longer(array("f"), "length", rows, before)
    live = _longer(array("B"), "live", rows, before)
    ids = before["review"][0] if before else []
    review_ids = {review_id: at for at, review_id in enumerate(ids)}
    for row in rows:
        reviews[row.n] = review_ids.setdefault(row.review_id, len(review_ids))
        lengths[row.n] = row.layout["length"]
    touched = {reviews[row.n] for row in rows}
    siblings = [
        (review, n) for n, review in enumerate(reviews) if live[n] and review in touched
    ]  # documents of the same reviews that were here before
    for row in rows:
        live[row.n] = 1
    yield "review", json.dumps(list(review_ids)), reviews.tobytes()
    yield "live", "null", live.tobytes()
    yield "length", "null", lengths.tobytes()
    for field in COLUMNS:
        yield _field_column(field, rows, reviews, siblings, before)
    for kind in SECTIONS:
        name = f"section:{kind}"
        flat = _longer(array("I"), name, (), before)
        for row in rows:
            for start, end in row.layout["sections"].get(kind, ()):
                flat.extend((row.n, start, end))
        yield name, "null", flat.tobytes()


def _longer(column: array[Any], name: str, rows: Sequence[StoredDocument], before: Before) -> Any:
    """A column as it was before, with room for more documents."""
    if name in before:
        column.frombytes(before[name][1])
    size = max((row.n + 1 for row in rows), default=0)
    column.frombytes(bytes(column.itemsize * max(size - len(column), 0)))
    return column


def _field_column(
    field: Field,
    rows: Sequence[StoredDocument],
    reviews: array[int],
    siblings: Sequence[tuple[int, int]],
    before: Before,
) -> Stored:
    codes = _longer(array("I"), field.query, rows, before)
    known: dict[str, Any] = {"values": [()], "uniform": True}
    if before:
        known = before[field.query][0]
    combinations = {tuple(values): code for code, values in enumerate(known["values"])}
    of_review = {review: codes[n] for review, n in siblings}
    uniform = known["uniform"]
    for row in rows:
        values = values_of(row.fields.get(field.published))
        code = combinations.setdefault(values, len(combinations))
        codes[row.n] = code
        uniform = of_review.setdefault(reviews[row.n], code) == code and uniform
    dictionary = json.dumps({"values": list(combinations), "uniform": uniform}, ensure_ascii=False)
    return field.query, dictionary, codes.tobytes()


def read_column(dictionary: Any, data: bytes) -> Column:
    codes = array("I")
    codes.frombytes(data)
    return Column(codes, [tuple(values) for values in dictionary["values"]], dictionary["uniform"])


def read_ranges(data: bytes) -> dict[int, list[Range]]:
    """The section ranges of every document that has such a section."""
    flat = array("I")
    flat.frombytes(data)
    ranges: dict[int, list[Range]] = {}
    parts = iter(flat)
    for number, start, end in zip(parts, parts, parts, strict=True):
        ranges.setdefault(number, []).append((start, end))
    return ranges
