"""Counting reviews by value: the fast way says what counting one by one says."""

from __future__ import annotations

import random
from array import array
from collections import Counter
from pathlib import Path

import pytest
from made import document, indexed

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


@pytest.mark.parametrize("seed", range(8))
def test_facets_of_nearly_all_are_those_of_counting_what_is_found(
    seed: int, tmp_path: Path
) -> None:
    """What is not found is counted then, and taken from the counts of all."""
    chance = random.Random(seed)
    searcher = indexed(
        tmp_path,
        [
            document(
                f"d{n}",
                "Words.",
                review=f"r{chance.randrange(12)}",
                nation=chance.choice((None, "Wales", "England")),
                themes=tuple(chance.sample(("harm_neglect", "harm_sudi"), chance.randrange(3))),
            )
            for n in range(24)
        ],
    )
    live = sorted(searcher.lexicon.live)
    for missing in (0, 1, 4, 2):
        found = frozenset(live) - set(chance.sample(live, missing))
        grouped = Grouped.of(found, searcher.lexicon.reviews)
        for name, counts in searcher.facets(found).items():
            assert dict(counts) == searcher.lexicon.column(name).count(grouped)


def test_of_nearly_all_only_what_is_not_found_is_counted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searcher = indexed(tmp_path, [document(f"d{n}", "Words.", nation="Wales") for n in range(40)])
    found = frozenset(sorted(searcher.lexicon.live)[1:])
    searcher.facets(found)
    searcher.facets(found)  # now all are counted
    asked: list[int] = []
    monkeypatch.setattr(
        Column,
        "count",
        lambda _, grouped: asked.append(len(list(grouped.one_of_each()))) or Counter(),
    )
    searcher.facets(found)
    assert max(asked) == 1
