"""Carrying a plan out on a cluster: which documents match, how well, and where.

The cluster finds and ranks; places are read of few documents, those that are shown and those of which it cannot tell exactly.
"""

from __future__ import annotations

import base64
from collections.abc import Container, Iterable, Iterator, Sequence, Set
from itertools import product

from casereviews.index.opensearch.dsl import MOST_WORDS, Clause, Dsl, numbers, terms_of, words_in
from casereviews.index.opensearch.lexicon import ClusterLexicon
from casereviews.index.opensearch.mapping import DOCUMENTS, MOST, bucket_field
from casereviews.index.opensearch.places import Bucket, bucket_of
from casereviews.index.opensearch.store import ClusterStore, View
from casereviews.index.query import plan
from casereviews.index.query.engine import Leaf, Placing
from casereviews.index.query.proximity import sequence_places

_AT_ONCE = 500  # documents whose places are read by one request
_KEPT = 20_000  # buckets that are kept
_FEW = 2_000  # documents that are named one by one
_SETS_AT_ONCE = 40  # plans whose documents are asked for by one request
_SETS_KEPT = 300_000  # numbers of documents that are kept of plans that were asked for


class PlacedWords:
    """Where words stand in documents, as far as it was fetched."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._buckets: dict[tuple[int, int], bytes | Bucket | None] = {}

    def expect(self, documents: Iterable[int], terms: Iterable[str]) -> None:
        """Fetch where these words stand in these documents."""
        buckets = sorted({bucket_of(word) for term in terms for word in term.split(" ")})
        if not buckets:
            return
        wanted = [
            n for n in dict.fromkeys(documents) if any((n, b) not in self._buckets for b in buckets)
        ]
        if len(self._buckets) + len(wanted) * len(buckets) > _KEPT:
            self._buckets.clear()
        for first in range(0, len(wanted), _AT_ONCE):
            self._fetch(wanted[first : first + _AT_ONCE], buckets)

    def _fetch(self, documents: Sequence[int], buckets: Sequence[int]) -> None:
        fields = [bucket_field(one) for one in buckets]
        body = {
            "size": MOST,
            "query": {"bool": {"filter": [numbers(documents)]}},
            "_source": False,
            "stored_fields": fields,
            "sort": ["n"],
            "track_total_hits": False,
        }
        said = self._view.search(DOCUMENTS, body, only="hits.hits.sort,hits.hits.fields")
        for one in product(documents, buckets):
            self._buckets[one] = None
        for hit in said.get("hits", {}).get("hits", ()):
            there = hit.get("fields", {})
            for bucket, name in zip(buckets, fields, strict=True):
                if name in there:
                    self._buckets[hit["sort"][0], bucket] = base64.b64decode(there[name][0])

    def places(self, words: Sequence[str], number: int) -> Sequence[int]:
        """The rising positions of any of these words in a document."""
        lists = [found for word in words for found in self._places(word, number) if found]
        if len(lists) < 2:
            return lists[0] if lists else ()
        return sorted({place for each in lists for place in each})

    def _places(self, term: str, number: int) -> list[Sequence[int]]:
        one, _, other = term.partition(" ")
        if other:  # common words side by side
            pair = [(0, self.places((one,), number)), (1, self.places((other,), number))]
            return [sequence_places(pair)] if all(found for _, found in pair) else []
        bucket = bucket_of(term)
        if (number, bucket) not in self._buckets:
            self.expect([number], [term])
        found = self._buckets[number, bucket]
        if isinstance(found, bytes):
            found = self._buckets[number, bucket] = Bucket(found)
        return found.places((term,)) if found is not None else []


class ClusterEngine(Placing):
    """The words of one state of a cluster."""

    def __init__(self, store: ClusterStore, lexicon: ClusterLexicon, *, gain: float = 1.0) -> None:
        self._view = store.view
        self._store = store
        self._words = PlacedWords(store.view)
        super().__init__(self._words, lexicon)
        self._dsl = Dsl(lexicon, self._looked_at, gain)
        self._sets: dict[plan.Plan, frozenset[int]] = {}

    def expect(self, documents: Iterable[int], leaves: Iterable[Leaf]) -> None:
        """Fetch where the words of leaves stand in documents that will be asked about."""
        self._words.expect(documents, (term for leaf, _ in leaves for term in terms_of(leaf)))

    def expect_sets(self, plans: Iterable[plan.Plan]) -> None:
        """Ask at once for the documents that each of these plans matches: they will be asked for one by one."""
        wanted = [what for what in dict.fromkeys(plans) if what not in self._sets]
        if sum(map(len, self._sets.values())) > _SETS_KEPT:
            self._sets.clear()
        for first in range(0, len(wanted), _SETS_AT_ONCE):
            some = wanted[first : first + _SETS_AT_ONCE]
            found = self._view.having_each(map(self._finding, some))
            self._sets.update(
                (what, each & self.lexicon.live) for what, each in zip(some, found, strict=True)
            )

    def matching(self, what: plan.Plan) -> frozenset[int]:
        """Numbers of the documents that match."""
        if _changes(what, self.lexicon.kept):
            return self._view.having(self._finding(what)) & self.lexicon.live
        self.expect_sets([what])
        return self._sets[what]

    def ranked(self, what: plan.Plan, leaves: Iterable[Leaf]) -> dict[int, float]:
        """The documents that match, each with its score by these leaves."""
        return self._scored(self._finding(what), leaves)

    def _finding(self, what: plan.Plan) -> Clause:
        """The clause of a plan. One that has more words than a cluster takes at once is asked for part by part."""
        clause = self._dsl.finding(what)
        return clause if words_in(clause) <= MOST_WORDS else self._in_parts(what)

    def _in_parts(self, what: plan.Plan) -> Clause:
        self.expect_sets(part for part in _parts(what) if not _changes(part, self.lexicon.kept))
        return self._joined(what, None)

    def _joined(self, what: plan.Plan, zone: str | None) -> Clause:
        """A plan as a clause of the numbers that its parts match."""
        match what:
            case plan.Every(items=items):
                return {"bool": {"filter": [self._joined(item, zone) for item in items]}}
            case plan.Either(items=items):
                return {"bool": {"should": [self._joined(item, zone) for item in items]}}
            case plan.Without(item=item):
                return {"bool": {"must_not": [self._joined(item, zone)]}}
            case plan.Within(zone=inner, item=item):
                return self._joined(item, inner)
        return numbers(self.matching(_in_zone(what, zone)))

    def scores(self, leaves: Iterable[Leaf], among: Set[int]) -> dict[int, float]:
        """The cluster's BM25 over weighted leaves, for the documents `among`; each document has a score."""
        asked = numbers(among) if len(among) <= _FEW else {"match_all": {}}
        found = self._scored(asked, leaves)
        return {number: found.get(number, 0.0) for number in among}

    def _scored(self, clause: Clause, leaves: Iterable[Leaf]) -> dict[int, float]:
        ranking = self._dsl.ranking(leaves, MOST_WORDS - words_in(clause))
        query = {"bool": {"filter": [clause], "should": ranking}}
        live = self.lexicon.live
        found = self._view.numbers(query)
        return {number: score for number, score in found.items() if number in live}

    def term_weights(self, terms: Iterable[str]) -> dict[int, float]:
        """The documents that have any of these terms; what they weigh is the cluster's own affair, and 1 here."""
        return dict.fromkeys(self.matching(plan.Terms(tuple(terms))), 1.0)

    def _looked_at(self, leaf: plan.Plan, zone: str | None, broad: Clause) -> list[int]:
        """Of the documents that a broader clause finds those in which a leaf stands."""
        candidates = sorted(self._view.having(broad) & self.lexicon.live)
        terms = list(terms_of(leaf))
        found: list[int] = []
        for first in range(0, len(candidates), _AT_ONCE):
            some = candidates[first : first + _AT_ONCE]
            self._words.expect(some, terms)
            if zone is not None:
                self._store.expect(some)
            found += [n for n in some if self._groups(leaf, n, zone, ends=True)]
        return found


def _parts(what: plan.Plan, zone: str | None = None) -> Iterator[plan.Plan]:
    """The parts of a plan that are no sets of others."""
    match what:
        case plan.Every(items=items) | plan.Either(items=items):
            for item in items:
                yield from _parts(item, zone)
        case plan.Without(item=item):
            yield from _parts(item, zone)
        case plan.Within(zone=inner, item=item):
            yield from _parts(item, inner)
        case _:
            yield _in_zone(what, zone)


def _in_zone(what: plan.Plan, zone: str | None) -> plan.Plan:
    return what if zone is None else plan.Within(zone, what)


def _changes(what: plan.Plan, kept: Container[str]) -> bool:
    """Whether a plan asks for what people keep, which may be other by the next question."""
    match what:
        case plan.Having(column=name):
            return name in kept
        case plan.Every(items=items) | plan.Either(items=items):
            return any(_changes(item, kept) for item in items)
        case plan.Without(item=item) | plan.Within(item=item):
            return _changes(item, kept)
    return False
