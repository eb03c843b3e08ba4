"""Plans said in the query DSL, without a cluster: what is exact is said, what is not is looked at."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest

from casereviews.index.opensearch.dsl import NOTHING, PHRASE, Dsl, numbers, terms_of, words_in
from casereviews.index.query.plan import (
    Anything,
    Either,
    Every,
    Having,
    NearBy,
    Plan,
    Terms,
    Within,
    Without,
)
from casereviews.index.query.plan import Sequence as Phrase
from casereviews.index.storage.columns import Column


class Lexicon:
    """A column of two values that three documents have, and a family of two forms."""

    kept: Mapping[str, Any] = {"mark": None}

    def column(self, name: str) -> Column:
        values: list[tuple[str, ...]] = [(), ("Wales",), ("England", "Wales"), ("England",)]
        return Column(array("I", [0, 1, 2]), values, True)

    def with_codes(self, name: str, codes: frozenset[int]) -> frozenset[int]:
        return frozenset({7, 5})

    def is_family(self, terms: Sequence[str]) -> str | None:
        return "visit" if set(terms) == {"visit", "visits"} else None


class Looked:
    """Remembers what was to be looked at; each leaf stands in document 3."""

    def __init__(self) -> None:
        self.at: list[tuple[Plan, str | None, dict[str, Any]]] = []

    def __call__(self, leaf: Plan, zone: str | None, broad: dict[str, Any]) -> Iterable[int]:
        self.at.append((leaf, zone, broad))
        return [3]


@pytest.fixture
def looked() -> Looked:
    return Looked()


@pytest.fixture
def dsl(looked: Looked) -> Dsl:
    return Dsl(Lexicon(), looked)  # type: ignore[arg-type]


def word(*forms: str) -> Terms:
    return Terms(forms)


A, B, C = word("a"), word("b", "bs"), word("c")


@pytest.mark.parametrize(
    ("plan", "clause"),
    [
        (Anything(), {"match_all": {}}),
        (word(), NOTHING),
        (A, {"term": {"w": "a"}}),
        (Terms(("negative", "neglect"), ("*neg",)), {"term": {"w": "*neg"}}),
        (B, {"terms": {"w": ["b", "bs"]}}),
        (Phrase((A, C)), {"match_phrase": {"p": "a c"}}),
        (Phrase((word("of"), word("the"))), {"term": {"w": "of_the"}}),
        (Phrase((A, word())), NOTHING),
        (Without(A), {"bool": {"must_not": [{"term": {"w": "a"}}]}}),
        (Every((A, C)), {"bool": {"filter": [{"term": {"w": "a"}}, {"term": {"w": "c"}}]}}),
        (
            Either((A, C)),
            {"bool": {"should": [{"term": {"w": "a"}}, {"term": {"w": "c"}}], "minimum_should_match": 1}},
        ),
        (Within("title", B), {"terms": {"z_title": ["b", "bs"]}}),
        (Within("findings", Phrase((A, C))), {"match_phrase": {"z_findings": "a c"}}),
    ],
)  # fmt: skip
def test_what_the_dsl_has_is_said_clause_by_clause(
    plan: Plan, clause: dict[str, Any], dsl: Dsl, looked: Looked
) -> None:
    assert dsl.finding(plan) == clause
    assert not looked.at


def test_each_way_in_which_near_words_may_stand_is_an_interval_of_its_own(dsl: Dsl) -> None:
    found = dsl.finding(NearBy((Either((A, Phrase((A, C)))), B), 5))
    ways = found["intervals"]["p"]["any_of"]["intervals"]
    assert len(ways) == 4
    assert all(way["all_of"]["ordered"] and way["all_of"]["max_gaps"] == 4 for way in ways)


@pytest.mark.parametrize(
    "plan",
    [
        NearBy((A, B, C), 3),
        Within("findings", NearBy((A, C), 3)),
        Within("title", word("^CP")),
        Phrase((A, word(*(f"f{n}" for n in range(2_000))))),
        NearBy((word("^CP"), A), 3),
    ],
)
def test_what_the_dsl_has_not_is_looked_at_among_more(plan: Plan, dsl: Dsl, looked: Looked) -> None:
    assert dsl.finding(plan) == numbers([3])
    assert len(looked.at) == 1


def test_a_chain_is_looked_at_where_all_the_rest_holds_and_each_two_are_near(
    dsl: Dsl, looked: Looked
) -> None:
    dsl.finding(Every((NearBy((A, B, C), 3), Having("nation", frozenset({3})), C)))
    [(_, zone, broad)] = looked.at
    said = str(broad)
    assert zone is None
    assert said.count("intervals': {'p'") == 2
    assert "{'term': {'w': 'c'}}" in said


@pytest.mark.parametrize(
    ("codes", "clause"),
    [
        ({0, 1, 2, 3}, {"match_all": {}}),
        ({1, 2}, {"terms": {"c_nation": ["Wales"]}}),
        ({0}, {"bool": {"must_not": [{"exists": {"field": "c_nation"}}]}}),
        ({1}, {"terms": {"n": [5, 7]}}),  # Wales alone: no value tells it from both
    ],
)
def test_values_are_told_by_what_only_they_have_or_else_by_number(
    codes: set[int], clause: dict[str, Any], dsl: Dsl
) -> None:
    assert dsl.finding(Having("nation", frozenset(codes))) == clause


def test_what_people_keep_is_told_by_number(dsl: Dsl) -> None:
    assert dsl.finding(Having("mark", frozenset({1}))) == {"terms": {"n": [5, 7]}}


def test_words_rank_by_their_family_and_phrases_as_one(dsl: Dsl) -> None:
    [family, other, phrase] = dsl.ranking(
        [(word("visit", "visits"), 1.0), (A, 0.5), (Phrase((A, C)), 2.0)], 100
    )
    assert family == {"term": {"k": {"value": "visit", "boost": 1.0}}}
    assert other == {"term": {"w": {"value": "a", "boost": 0.5}}}
    assert phrase == {"match_phrase": {"p": {"query": "a c", "boost": 2.0 * PHRASE}}}


def test_words_that_begin_alike_are_weighed_as_one(dsl: Dsl) -> None:
    [some] = dsl.ranking([(word("neglect", "neglects"), 1.5)], 100)
    assert some == {
        "match": {"w": {"query": "neglect neglects", "analyzer": "as_one", "boost": 1.5}}
    }
    assert words_in(some) == 2
    [many] = dsl.ranking([(word(*(f"a{n}" for n in range(2_000))), 1.5)], 100)
    assert many["constant_score"]["boost"] == 1.5


def test_what_has_no_room_in_one_question_ranks_nothing(dsl: Dsl) -> None:
    many = [(word(f"a{n}"), 1.0) for n in range(20)]
    assert len(dsl.ranking(many, 12)) == 12


def test_all_words_whose_places_are_asked_for_are_named() -> None:
    plan = Within("title", NearBy((Either((A, Phrase((A, C)))), B), 5))
    assert set(terms_of(plan)) == {"a", "b", "bs", "c"}


def test_words_of_a_clause_are_counted_as_a_cluster_counts_them(dsl: Dsl) -> None:
    assert words_in(dsl.finding(NearBy((A, B), 5))) == 6
    assert words_in(dsl.finding(Phrase((A, C)))) == 2
    assert words_in(numbers(range(5_000))) == 1
