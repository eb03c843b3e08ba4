"""A plan said in the query DSL of OpenSearch, clause by clause: what finds the same documents, and what ranks them.

What the DSL cannot say exactly is asked for more broadly and looked at place by place (`Resolve`): chains of three near words, near
words within a section, short words in capitals among others, and words that stand for very many forms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Any

from casereviews.index.analysis import CASED, fold
from casereviews.index.opensearch.documents import key
from casereviews.index.opensearch.lexicon import ClusterLexicon
from casereviews.index.opensearch.mapping import (
    AS_ONE,
    FAMILIES,
    PLACES,
    WEIGHTS,
    column_field,
    zone_field,
)
from casereviews.index.positions import WINDOWS
from casereviews.index.query import plan
from casereviews.index.query.engine import Leaf, steps_of

Clause = dict[str, Any]
Resolve = Callable[[plan.Plan, str | None, Clause], Iterable[int]]
"""The documents, of those that a broader clause finds, in which a leaf stands (within a zone): `(leaf, zone, clause) -> numbers`."""

NOTHING: Clause = {"match_none": {}}
MOST_WORDS = 1_000  # in one question; a cluster refuses more than 1,024
# What phrases and near words count for beside words, so that reviews come in about the order of the other engine: a cluster adds up
# how rare the words of a phrase are, and gives near words 1 at the most (benchmarks/README.md).
PHRASE, NEAR = 0.4, 1.0
_FORMS = 300  # words that one clause of places may stand for
_MOST_OF_ONE = 400  # words on one side of near words, in all the ways in which they may stand
_WAYS = 32  # in which two alternatives may stand near each other
_RANKED_FORMS = (
    500  # words of a beginning that are weighed; of more it only counts that one is there
)
_COLUMNS_KEPT = 64


@dataclass
class Dsl:
    """Plans of one view of the index as clauses. `gain` is how much more a weighed word counts for there than a placed one, beside ours."""

    lexicon: ClusterLexicon
    resolve: Resolve
    gain: float = 1.0
    _having: dict[tuple[str, frozenset[int]], Clause] = field(default_factory=dict)

    # ---------------------------------------------------------------- finding

    def finding(
        self, what: plan.Plan, zone: str | None = None, beside: Sequence[Clause] = ()
    ) -> Clause:
        """A clause that finds exactly what the plan does; `beside` are clauses that all of it must fulfil as well."""
        match what:
            case plan.Anything():
                return {"match_all": {}}
            case plan.Having(column=name, codes=codes):
                return self._codes(name, codes)
            case plan.Every(items=items):
                return self._every(items, zone, beside)
            case plan.Either(items=items):
                return _any([self.finding(item, zone, beside) for item in items])
            case plan.Without(item=item):
                return {"bool": {"must_not": [self.finding(item, zone, beside)]}}
            case plan.Within(zone=inner, item=item):
                return self.finding(item, inner, beside)
        exact = self._exactly(what, zone)
        if exact is not None:
            return exact
        return numbers(self.resolve(what, zone, self._candidates(what, zone, beside)))

    def _candidates(self, what: plan.Plan, zone: str | None, beside: Sequence[Clause]) -> Clause:
        """The narrowest clause that finds all of a leaf and has no more words than a cluster takes."""
        told = self._broadly(what, zone)
        ways = (_all([told, *beside]), told)
        few = (way for way in ways if words_in(way) <= MOST_WORDS)
        return next(few, self._broadly(what, zone, pairs=False))

    def _every(
        self, items: Sequence[plan.Plan], zone: str | None, beside: Sequence[Clause]
    ) -> Clause:
        """All of them: what the cluster can tell first, so that few documents are looked at."""
        told = [item for item in items if self._is_told(item, zone)]
        clauses = [self.finding(item, zone, beside) for item in told]
        for item in items:
            if item not in told:
                clauses.append(self.finding(item, zone, [*beside, *clauses]))
        return _all(clauses)

    def _is_told(self, what: plan.Plan, zone: str | None) -> bool:
        """Whether the DSL says a plan exactly."""
        match what:
            case plan.Anything() | plan.Having():
                return True
            case plan.Every(items=items) | plan.Either(items=items):
                return all(self._is_told(item, zone) for item in items)
            case plan.Without(item=item):
                return self._is_told(item, zone)
            case plan.Within(zone=inner, item=item):
                return self._is_told(item, inner)
        return self._exactly(what, zone) is not None

    def _exactly(self, what: plan.Plan, zone: str | None) -> Clause | None:
        """The clause of words, a phrase or two near words; None where the DSL has none."""
        match what:
            case plan.Terms(terms=terms):
                if zone is None:
                    return _words(WEIGHTS, what.of_documents)
                return None if _has_capitals(what) else _words(zone_field(zone), terms)
            case plan.Sequence(parts=parts):
                if zone is None and len(steps := steps_of(parts)) == 1:
                    return _words(WEIGHTS, steps[0][1])
                return self._phrase(parts, zone)
            case plan.NearBy(items=(one, other), distance=distance) if (
                zone is None or zone in WINDOWS
            ):
                return self._near(one, other, distance, zone)
        return None

    def _phrase(self, parts: Sequence[plan.Terms], zone: str | None) -> Clause | None:
        if any(map(_has_capitals, parts)) or sum(len(part.terms) for part in parts) > _FORMS:
            return None
        if not all(part.terms for part in parts):
            return NOTHING
        where = _field(zone)
        if all(len(part.terms) == 1 for part in parts):
            return {"match_phrase": {where: " ".join(key(part.terms[0]) for part in parts)}}
        return {"intervals": {where: _side_by_side(parts)}}

    def _near(
        self, one: plan.Plan, other: plan.Plan, distance: int, zone: str | None
    ) -> Clause | None:
        """Two near words, in either order. Each way is an interval of its own: among intervals of several lengths those that hold a
        shorter one would be passed over."""
        ones, others = _ways(one), _ways(other)
        if ones is None or others is None or len(ones) * len(others) > _WAYS:
            return None
        if sum(map(words_in, ones)) * len(others) * 2 > _MOST_OF_ONE:
            return None
        if sum(map(words_in, others)) * len(ones) * 2 > _MOST_OF_ONE:
            return None
        ways = [
            {"all_of": {"ordered": True, "max_gaps": distance - 1, "intervals": list(pair)}}
            for a, b in product(ones, others)
            for pair in ((a, b), (b, a))
        ]
        return {"intervals": {_field(zone): {"any_of": {"intervals": ways}}}} if ways else NOTHING

    def _broadly(self, what: plan.Plan, zone: str | None, *, pairs: bool = True) -> Clause:
        """A clause that finds what a leaf does, and may find more: with `pairs` phrases are phrases, and each two of a chain are near."""
        match what:
            case plan.Terms(terms=terms):
                if zone is None:
                    return _words(WEIGHTS, terms)
                return _words(zone_field(zone), [low for term in terms for low in _lower(term)])
            case plan.Sequence(parts=parts):
                plain = self._exactly(what, zone) if pairs else None
                return plain or _all([self._broadly(part, zone) for part in parts])
            case plan.NearBy(items=items, distance=distance):
                each = [self._broadly(item, zone, pairs=pairs) for item in items]
                near = (self._exactly(plan.NearBy(two, distance), None) for two in pairwise(items))
                return _all([*each, *(two for two in near if two and pairs)])
            case plan.Either(items=items):
                return _any([self._broadly(item, zone, pairs=pairs) for item in items])
        raise AssertionError(what)

    # ---------------------------------------------------------------- columns

    def _codes(self, name: str, codes: frozenset[int]) -> Clause:
        """The documents whose column has one of these combinations of values."""
        if name in self.lexicon.kept:
            return numbers(self.lexicon.with_codes(name, codes))
        if (name, codes) not in self._having:
            if len(self._having) >= _COLUMNS_KEPT:
                self._having.clear()
            self._having[name, codes] = self._values(name, codes)
        return self._having[name, codes]

    def _values(self, name: str, codes: frozenset[int]) -> Clause:
        """By the values that only these combinations have, where those tell them; else by the documents' numbers."""
        values = self.lexicon.column(name).values
        if len(codes) == len(values):
            return {"match_all": {}}
        others = {value for code, each in enumerate(values) if code not in codes for value in each}
        own = {value for code in codes for value in values[code]} - others
        unknown = any(not values[code] for code in codes)
        if not all(own.intersection(values[code]) for code in codes if values[code]):
            return numbers(self.lexicon.with_codes(name, codes))
        field = column_field(name)
        clauses: list[Clause] = [{"terms": {field: sorted(own)}}] if own else []
        if unknown:
            clauses.append({"bool": {"must_not": [{"exists": {"field": field}}]}})
        return _any(clauses)

    # ---------------------------------------------------------------- ranking

    def ranking(self, leaves: Iterable[Leaf], room: int) -> list[Clause]:
        """What adds to a document's score: a clause a leaf, as far as there is room for so many words."""
        clauses: list[Clause] = []
        for leaf, boost in leaves:
            zone = None
            if isinstance(leaf, plan.Within):
                zone, leaf = leaf.zone, leaf.item
            clause = self._weighing(leaf, zone, boost)
            words = words_in(clause)
            if clause != NOTHING and words <= room:
                clauses.append(clause)
                room -= words
        return clauses

    def _weighing(self, leaf: plan.Plan, zone: str | None, boost: float) -> Clause:
        match leaf:
            case plan.Terms(terms=terms):
                if zone is not None:
                    plain = [low for term in terms for low in _lower(term)]
                    return _as_one(zone_field(zone), plain, boost * self.gain)
                family = self.lexicon.is_family(terms)
                if family is not None:
                    return {"term": {FAMILIES: {"value": key(family), "boost": boost}}}
                return _as_one(WEIGHTS, leaf.of_documents, boost)
            case plan.Sequence(parts=parts):
                if zone is None and len(steps := steps_of(parts)) == 1:
                    return _as_one(WEIGHTS, steps[0][1], boost)
                return self._phrase_weighing(parts, zone, boost * self.gain * PHRASE)
            case plan.NearBy(items=items):
                near = [self._weighing(item, zone, boost / len(items) ** 2) for item in items]
                told = self._exactly(leaf, zone)
                if told is not None and "intervals" in told:
                    [(where, rule)] = told["intervals"].items()
                    near.append({"intervals": {where: {**rule, "boost": boost * NEAR * self.gain}}})
                return _any([one for one in near if one != NOTHING])
            case plan.Either(items=items):
                each = (self._weighing(item, zone, boost) for item in items)
                some = [one for one in each if one != NOTHING]
                return {"dis_max": {"queries": some}} if some else NOTHING
        raise AssertionError(leaf)

    def _phrase_weighing(
        self, parts: Sequence[plan.Terms], zone: str | None, boost: float
    ) -> Clause:
        where = _field(zone)
        each = [[low for term in part.terms for low in _lower(term)] for part in parts]
        if not all(each):
            return NOTHING
        if all(len(part) == 1 for part in each):
            text = " ".join(key(part[0]) for part in each)
            return {"match_phrase": {where: {"query": text, "boost": boost}}}
        if sum(map(len, each)) > _FORMS:
            return NOTHING
        spans = [_span(where, part) for part in each]
        near = {"clauses": spans, "slop": 0, "in_order": True, "boost": boost}
        return {"span_near": near}


def words_in(clause: object) -> int:
    """How many words a cluster counts in a clause."""
    if isinstance(clause, list | tuple):
        return sum(map(words_in, clause))
    if not isinstance(clause, dict):
        return 0
    for name in ("match_phrase", "match"):
        [asked] = clause.get(name, {"": None}).values()
        text = asked["query"] if isinstance(asked, dict) else asked
        if text is not None:
            return len(text.split())
    if clause.keys() & {"term", "span_term", "exists", "terms"}:
        return 1
    return sum(map(words_in, clause.values()))


def numbers(found: Iterable[int]) -> Clause:
    """The documents of these numbers."""
    return {"terms": {"n": sorted(found)}}


def terms_of(what: plan.Plan) -> Iterator[str]:
    """All terms whose places a leaf asks for."""
    match what:
        case plan.Terms(terms=terms):
            yield from terms
        case plan.Sequence(parts=items) | plan.NearBy(items=items) | plan.Either(items=items):
            for item in items:
                yield from terms_of(item)
        case plan.Within(item=item):
            yield from terms_of(item)


def _field(zone: str | None) -> str:
    return PLACES if zone is None else zone_field(zone)


def _words(where: str, terms: Iterable[str]) -> Clause:
    wanted = sorted(map(key, terms))
    if not wanted:
        return NOTHING
    return {"term": {where: wanted[0]}} if len(wanted) == 1 else {"terms": {where: wanted}}


def _as_one(where: str, terms: Sequence[str], boost: float) -> Clause:
    """Any of these words, weighed as one."""
    if not terms:
        return NOTHING
    if len(terms) > _RANKED_FORMS:
        return {"constant_score": {"filter": _words(where, terms), "boost": boost}}
    if len(terms) == 1:
        return {"term": {where: {"value": key(terms[0]), "boost": boost}}}
    text = " ".join(map(key, terms))
    return {"match": {where: {"query": text, "analyzer": AS_ONE, "boost": boost}}}


def _has_capitals(part: plan.Terms) -> bool:
    return any(term.startswith(CASED) for term in part.terms)


def _lower(term: str) -> tuple[str, ...]:
    """The words as which a term stands among others: what is `^CP` there is cp, or cps."""
    if not term.startswith(CASED):
        return (term,)
    word = fold(term[len(CASED) :])
    return word, f"{word}s"


def _any_of(part: plan.Terms) -> Clause:
    each = [{"match": {"query": key(term)}} for term in part.terms]
    return each[0] if len(each) == 1 else {"any_of": {"intervals": each}}


def _side_by_side(parts: Sequence[plan.Terms]) -> Clause:
    """The interval of a phrase."""
    each = [_any_of(part) for part in parts]
    if len(each) == 1:
        return each[0]
    return {"all_of": {"ordered": True, "max_gaps": 0, "intervals": each}}


def _ways(item: plan.Plan) -> list[Clause] | None:
    """The intervals of a side of NEAR, each of one length; None where they cannot be said."""
    match item:
        case plan.Terms(terms=terms):
            if _has_capitals(item) or len(terms) > _FORMS:
                return None
            return [_any_of(item)] if terms else []
        case plan.Sequence(parts=parts):
            if any(map(_has_capitals, parts)) or sum(len(one.terms) for one in parts) > _FORMS:
                return None
            return [_side_by_side(parts)] if all(one.terms for one in parts) else []
        case plan.Either(items=items):
            ways: list[Clause] = []
            for each in map(_ways, items):
                if each is None:
                    return None
                ways += each
            return ways
    return None


def _span(where: str, terms: Sequence[str]) -> Clause:
    each = [{"span_term": {where: key(term)}} for term in terms]
    return each[0] if len(each) == 1 else {"span_or": {"clauses": each}}


def _all(clauses: Sequence[Clause]) -> Clause:
    return clauses[0] if len(clauses) == 1 else {"bool": {"filter": list(clauses)}}


def _any(clauses: Sequence[Clause]) -> Clause:
    if not clauses:
        return NOTHING
    return (
        clauses[0]
        if len(clauses) == 1
        else {"bool": {"should": list(clauses), "minimum_should_match": 1}}
    )
