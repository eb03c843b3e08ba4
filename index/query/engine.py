"""Carrying a plan out: which documents match, how well, and where.

Sets of documents first, by slices of whole posting lists; places only of documents that can still match, and only once: what a
phrase counts for in a document is kept for its score. Scores are BM25F: `casereviews.index.positions` weighted every word by
its place, phrases are weighted here in the same way, and the weights are saturated.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import pairwise
from typing import Protocol

from casereviews.index.analysis import COMMON
from casereviews.index.positions import PLACES, SECTION_WEIGHTS, WEIGHT_UNIT, WINDOWS
from casereviews.index.query import plan
from casereviews.index.query.proximity import Group, chain_ends, chains, sequence_places, within
from casereviews.index.storage.codec import MappedStorage
from casereviews.index.storage.lexicon import ColumnLexicon
from casereviews.index.storage.postings import Words

# Robertson's usual range; chosen on the development queries (benchmarks/relevance.py).
K1, B = 1.2, 0.6
EQUIVALENT = 0.8  # what an equivalent counts for, beside the word that was typed
Span = tuple[int, int]  # first position, last position + 1
Leaf = tuple[plan.Plan, float]  # what makes a score, and its boost


class PlacesOfWords(Protocol):
    """Where words stand."""

    def places(self, words: Sequence[str], number: int) -> Sequence[int]:
        """The rising positions of any of these words in a document."""


class Placing:
    """Where what a plan asks for stands in a document, whoever knows the places of its words."""

    def __init__(self, words: PlacesOfWords, lexicon: ColumnLexicon) -> None:
        self._placed = words
        self.lexicon = lexicon

    def _groups(
        self, what: plan.Plan, number: int, zone: str | None, *, ends: bool = False
    ) -> list[Group]:
        """Where a plan's words stand in a document, by length. Of near words `ends` gives the last of each chain only."""
        match what:
            case plan.Terms(terms=terms):
                found = [(self._placed.places(terms, number), 1)]
            case plan.Sequence(parts=parts):
                words = [
                    (step, self._placed.places(terms, number)) for step, terms in steps_of(parts)
                ]
                found = [(sequence_places(words), len(parts))]
            case plan.NearBy(items=items, distance=distance):
                near = [self._groups(item, number, zone) for item in items]
                if ends:
                    return chain_ends(near, distance)
                return [group for item in chains(near, distance) for group in item]
            case plan.Either(items=items):
                return _by_length(
                    group for item in items for group in self._groups(item, number, zone)
                )
            case _:
                raise AssertionError(what)
        if zone is not None:
            window = WINDOWS.get(zone)
            ranges = [window] if window else self.lexicon.ranges_of(zone, number)
            found = [within(group, ranges) for group in found]
        return [group for group in found if group[0]]

    def spans(self, leaf: plan.Plan, number: int) -> list[Span]:
        """Where a leaf's words, phrases and near words stand in a document, in order."""
        zone = None
        if isinstance(leaf, plan.Within):
            zone, leaf = leaf.zone, leaf.item
        groups = self._groups(leaf, number, zone)
        spans = [(place, place + length) for places, length in groups for place in places]
        return spans if len(groups) == 1 else sorted(set(spans))

    def first_places(self, leaf: plan.Plan, number: int) -> Sequence[int]:
        """The rising first positions of a word or phrase in a document."""
        groups = self._groups(leaf, number, None)
        return groups[0][0] if groups else ()

    def idf(self, documents: int) -> float:
        """How much a word says that so many documents have."""
        return math.log(1 + (len(self.lexicon.live) - documents + 0.5) / (documents + 0.5))


class Engine(Placing):
    """The words of one generation, opened once."""

    def __init__(self, storage: MappedStorage, lexicon: ColumnLexicon) -> None:
        self._words = Words(storage)
        super().__init__(self._words, lexicon)
        self._weighed: dict[tuple[plan.Plan, str | None], tuple[set[int], dict[int, float]]] = {}

    def close(self) -> None:
        """Let go of the files."""
        self._words.close()

    # ------------------------------------------------------------ sets

    def expect_sets(self, plans: Iterable[plan.Plan]) -> None:
        """Nothing is far away here."""

    def matching(self, what: plan.Plan) -> frozenset[int]:
        """Numbers of the documents that match."""
        self._weighed.clear()
        return frozenset(self._set(what, None, None) & self.lexicon.live)

    def ranked(self, what: plan.Plan, leaves: Iterable[Leaf]) -> dict[int, float]:
        """The documents that match, each with its score by these leaves."""
        return self.scores(leaves, self.matching(what))

    def _set(self, what: plan.Plan, zone: str | None, among: Set[int] | None) -> Set[int]:
        """The documents that match; it is enough to look `among` these (None: all)."""
        match what:
            case plan.Anything():
                return self.lexicon.live
            case plan.Having(column=name, codes=codes):
                return self.lexicon.with_codes(name, codes)
            case plan.Every(items=items):
                return self._every(items, zone, among)
            case plan.Either(items=items):
                return set().union(*(self._set(item, zone, among) for item in items))
            case plan.Without(item=item):
                return self.lexicon.live - self._set(item, zone, among)
            case plan.Within(zone=inner, item=item):
                return self._set(item, inner, among)
            case plan.Terms() if zone is None:
                return self._words.with_any(what.of_documents)
            case plan.Sequence(parts=parts) if zone is None and len(steps := steps_of(parts)) == 1:
                return self._words.with_any(steps[0][1])
            case _:
                return self._worth(what, zone, self._candidates(what, zone, among)).keys()

    def _every(
        self, items: Sequence[plan.Plan], zone: str | None, among: Set[int] | None
    ) -> Set[int]:
        """All of them: cheap sets first, so that places are read of few documents."""
        found = among
        for item in sorted(items, key=lambda item: _cost(item, zone)):
            each = self._set(item, zone, found)
            found = each if found is None else found & each
        return self.lexicon.live if found is None else found

    def _candidates(self, what: plan.Plan, zone: str | None, among: Set[int] | None) -> Set[int]:
        """Documents that have all words of a sequence or of words near each other, wherever they stand."""
        found = self._having_words(what) & self.lexicon.live
        if zone is not None and zone not in WINDOWS:
            found &= self.lexicon.ranges(zone).keys()
        return found if among is None else found & among

    def _having_words(self, what: plan.Plan) -> set[int]:
        match what:
            case plan.Terms():
                return self._words.with_any(what.of_documents)
            case plan.Sequence(parts=parts):
                return set.intersection(
                    *(self._words.with_any(terms) for _, terms in steps_of(parts))
                )
            case plan.NearBy(items=items):
                return set.intersection(*map(self._having_words, items))
            case plan.Either(items=items):
                return set().union(*map(self._having_words, items))
        raise AssertionError(what)

    # ------------------------------------------------------------ places

    def _worth(self, what: plan.Plan, zone: str | None, among: Set[int]) -> dict[int, float]:
        """What words, a phrase or near words count for in each of these documents that has them."""
        looked_at, worth = self._weighed.setdefault((what, zone), (set(), {}))
        new = among - looked_at
        looked_at |= new
        for number in new:
            found = self._groups(what, number, zone, ends=True)
            if found:
                worth[number] = self._by_place(number, found)
        if len(looked_at) == len(among):
            return worth
        return {number: each for number, each in worth.items() if number in among}

    def _by_place(self, number: int, groups: Iterable[Group]) -> float:
        """The sum of what each place counts for: more in a title or a finding, little in a glossary."""
        ranges = [*PLACES, *self._sections(number)]
        worth = sum(
            1.0 + sum(extra for start, end, extra in ranges if start <= place < end)
            for places, _ in groups
            for place in places
        )
        return max(worth, 1 / WEIGHT_UNIT)

    def _sections(self, number: int) -> list[tuple[int, int, float]]:
        """The sections of a document that count for more or less than plain text: first position, last + 1, and how much more."""
        return [
            (start, end, weight - 1.0)
            for kind, weight in SECTION_WEIGHTS.items()
            for start, end in self.lexicon.ranges_of(kind, number)
        ]

    # ------------------------------------------------------------ scores

    @cached_property
    def _norms(self) -> list[float]:
        lengths, live = self.lexicon.lengths, self.lexicon.live
        average = sum(map(lengths.__getitem__, live)) / max(len(live), 1) or 1.0
        flat, steep = K1 * (1 - B), K1 * B / average
        return [flat + steep * length for length in lengths]

    @cached_property
    def _all_live(self) -> bool:
        return self._words.documents.keys() <= self.lexicon.live

    @cached_property
    def _size(self) -> int:
        """One more than the highest number that has words, also of a document that went since."""
        return max(self._words.documents, default=-1) + 1

    def scores(self, leaves: Iterable[Leaf], among: Set[int]) -> dict[int, float]:
        """BM25F over weighted leaves (words, phrases), for the documents `among`; each document has a score."""
        scores = dict.fromkeys(among, 0.0)
        norms = self._norms
        for leaf, boost in leaves:
            weights = self._weights(leaf, among)
            gain = boost * self.idf(len(weights)) * (K1 + 1)
            for number, weight in weights.items():
                if number in scores:
                    scores[number] += gain * weight / (weight + norms[number])
        return scores

    def _weights(self, leaf: plan.Plan, among: Set[int]) -> Mapping[int, float]:
        """The weighted frequency of a leaf in every document that has it."""
        if isinstance(leaf, plan.Terms):
            return self.term_weights(leaf.of_documents)
        if isinstance(leaf, plan.Sequence) and len(steps := steps_of(leaf.parts)) == 1:
            return self.term_weights(steps[0][1])
        zone = None
        if isinstance(leaf, plan.Within):
            zone, leaf = leaf.zone, leaf.item
        return self._worth(leaf, zone, among)

    def term_weights(self, terms: Iterable[str]) -> dict[int, float]:
        """The weighted frequency of any of these terms, taken as one word, by document number."""
        found = [self._words.term(word) for word in terms]
        weights: Iterable[tuple[int, int]]
        if len(found) == 1:
            weights = zip(found[0].numbers, found[0].weights, strict=True)
        else:
            total = [0] * self._size
            for term in found:
                for number, weight in zip(term.numbers, term.weights, strict=True):
                    total[number] += weight
            weights = ((number, weight) for number, weight in enumerate(total) if weight)
        if self._all_live:
            return {number: weight / WEIGHT_UNIT for number, weight in weights}
        live = self.lexicon.live
        return {number: weight / WEIGHT_UNIT for number, weight in weights if number in live}


def steps_of(parts: Sequence[plan.Terms]) -> list[tuple[int, tuple[str, ...]]]:
    """What to look for side by side, and how many words on: pairs of common words are terms of their own."""
    common = [part.terms[0] if len(part.terms) == 1 else "" for part in parts]
    pairs = [at for at, (a, b) in enumerate(pairwise(common)) if a in COMMON and b in COMMON]
    covered = {*pairs, *(at + 1 for at in pairs)}
    steps = [(at, (f"{common[at]} {common[at + 1]}",)) for at in pairs]
    return steps + [(at, part.terms) for at, part in enumerate(parts) if at not in covered]


def leaves_of(what: plan.Plan, boost: float = 1.0, zone: str | None = None) -> Iterator[Leaf]:
    """What of a plan makes a score: words and phrases that must or may be there; equivalents count a little less."""
    match what:
        case plan.Terms() | plan.Sequence() | plan.NearBy():
            yield (what if zone is None else plan.Within(zone, what)), boost
        case plan.Every(items=items):
            for item in items:
                yield from leaves_of(item, boost, zone)
        case plan.Either(items=items, equivalents=equivalents):
            for at, item in enumerate(items):
                less = EQUIVALENT if at and equivalents else 1.0
                yield from leaves_of(item, boost * less, zone)
        case plan.Within(zone=inner, item=item):
            yield from leaves_of(item, boost, inner)


def _cost(what: plan.Plan, zone: str | None) -> int:
    """0 for sets that need no reading, 1 for words, 2 for what needs places."""
    match what:
        case plan.Having() | plan.Anything():
            return 0
        case plan.Terms():
            return 1 if zone is None else 2
        case plan.Sequence() | plan.NearBy() | plan.Within():
            return 2
        case plan.Every(items=items) | plan.Either(items=items):
            return max((_cost(item, zone) for item in items), default=0)
        case plan.Without(item=item):
            return _cost(item, zone)
    return 0


def _by_length(groups: Iterable[Group]) -> list[Group]:
    """Groups of the same length made one."""
    together: dict[int, list[Sequence[int]]] = {}
    for places, length in groups:
        together.setdefault(length, []).append(places)
    return [
        (each[0] if len(each) == 1 else sorted(set().union(*each)), length)
        for length, each in together.items()
    ]
