"""Counting reviews by value: the fast way says what counting one by one says."""

from __future__ import annotations

import random
from array import array
from collections import Counter

import pytest

from casereviews.index.storage.columns import Column, Grouped

VALUES = [(), ("neglect",), ("neglect", "sleep"), ("sleep",), ("drowning", "neglect")]


def one_by_one(codes: list[int], reviews: list[int], found: set[int]) -> Counter[str | None]:
    counts: Counter[str | None] = Counter()
    for review in {reviews[number] for number in found}:
        known = {value for n in found if reviews[n] == review for value in VALUES[codes[n]]}
        counts.update(known or {None})
    return counts


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("uniform", [False, True])
def test_counts_are_those_of_counting_one_by_one(seed: int, uniform: bool) -> None:
    chance = random.Random(seed)
    size = chance.randint(1, 60)
    reviews = [chance.randrange(1 + size // chance.randint(1, 4)) for _ in range(size)]
    of_review = [chance.randrange(len(VALUES)) for _ in range(size + 1)]
    codes = [of_review[review] if uniform else chance.randrange(len(VALUES)) for review in reviews]
    found = {number for number in range(size) if chance.random() < chance.choice((0.3, 1.0))}
    column = Column(array("I", codes), VALUES, uniform)
    counted = column.count(Grouped.of(found, reviews))
    assert counted == one_by_one(codes, reviews, found)
    assert 0 not in counted.values()
