"""Carrying a plan out on a cluster: which documents match, how well, and where.

The cluster finds and ranks; places are read of few documents, those that are shown and those of which it cannot tell exactly.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence, Set
from itertools import product

from casereviews.index.opensearch.dsl import Clause, Dsl, numbers, terms_of
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

    def expect(self, documents: Iterable[int], leaves: Iterable[Leaf]) -> None:
        """Fetch where the words of leaves stand in documents that will be asked about."""
        self._words.expect(documents, (term for leaf, _ in leaves for term in terms_of(leaf)))

    def matching(self, what: plan.Plan) -> frozenset[int]:
        """Numbers of the documents that match."""
        return self._view.having(self._dsl.finding(what)) & self.lexicon.live

    def ranked(self, what: plan.Plan, leaves: Iterable[Leaf]) -> dict[int, float]:
        """The documents that match, each with its score by these leaves."""
        return self._scored(self._dsl.finding(what), leaves)

    def scores(self, leaves: Iterable[Leaf], among: Set[int]) -> dict[int, float]:
        """The cluster's BM25 over weighted leaves, for the documents `among`; each document has a score."""
        asked = numbers(among) if len(among) <= _FEW else {"match_all": {}}
        found = self._scored(asked, leaves)
        return {number: found.get(number, 0.0) for number in among}

    def _scored(self, clause: Clause, leaves: Iterable[Leaf]) -> dict[int, float]:
        query = {"bool": {"filter": [clause], "should": self._dsl.ranking(leaves)}}
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
