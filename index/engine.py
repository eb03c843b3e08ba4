"""Carrying a plan out over the segments: which documents match, how well, and where.

Sets of documents first, by slices of whole posting lists; positions only of documents that can still match. Scores are
BM25F: `index.positions` weighted every word by its place, and here the weights are saturated.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate

from index import plan
from index.codec import WEIGHT_UNIT, MappedStorage, Postings
from index.lexicon import StoreLexicon
from index.positions import WINDOWS, Range
from index.segments import OpenSegment, read_contents

# Robertson's usual range; chosen on the development queries (benchmarks/relevance.py).
K1, B = 1.2, 0.6
CACHED_TERMS = 4_000
Span = tuple[int, int]  # first position, last position + 1


class Engine:
    """The segments of one generation, opened once; what was read of a term is kept."""

    def __init__(self, storage: MappedStorage, lexicon: StoreLexicon) -> None:
        self.lexicon = lexicon
        _, segments = read_contents(storage)
        self._segments = [OpenSegment.open(storage, segment) for segment in segments]
        self._read: dict[str, list[tuple[OpenSegment, Postings, array[int]]]] = {}
        self._starts: dict[tuple[str, int], dict[int, tuple[int, int]]] = {}

    def close(self) -> None:
        """Let go of the files."""
        for segment in self._segments:
            segment.close()

    # ------------------------------------------------------------ sets

    def matching(self, what: plan.Plan) -> frozenset[int]:
        """Numbers of the documents that match."""
        return frozenset(self._set(what, None) & self.lexicon.live)

    def _set(self, what: plan.Plan, zone: str | None) -> set[int] | frozenset[int]:
        match what:
            case plan.Anything():
                return self.lexicon.live
            case plan.Having(column=name, codes=codes):
                return self.lexicon.column(name).numbers_with(set(codes))
            case plan.Every(items=items):
                return self._every(items, zone)
            case plan.Either(items=items):
                return set().union(*(self._set(item, zone) for item in items))
            case plan.Without(item=item):
                return self.lexicon.live - self._set(item, zone)
            case plan.Within(zone=inner, item=item):
                return self._set(item, inner)
            case plan.Terms() if zone is None:
                return self._with_any(what.terms)
            case _:
                return {n for n in self._candidates(what, zone) if self._found_in(what, n, zone)}

    def _every(self, items: Sequence[plan.Plan], zone: str | None) -> set[int] | frozenset[int]:
        """All of them: cheap sets first, so that positions are read of few documents."""
        cheap = [item for item in items if not _needs_places(item, zone)]
        dear = [item for item in items if _needs_places(item, zone)]
        found: set[int] | frozenset[int] | None = None
        for item in cheap:
            each = self._set(item, zone)
            found = each if found is None else found & each
        for item in dear:
            if found is None:
                found = self._set(item, zone)
            elif isinstance(item, plan.Terms | plan.Sequence | plan.NearBy):
                near = found & self._candidates(item, zone)
                found = {n for n in near if self._found_in(item, n, zone)}
            else:
                found = found & self._set(item, zone)
        return self.lexicon.live if found is None else found

    def _with_any(self, terms: Iterable[str]) -> set[int]:
        found: set[int] = set()
        for term in terms:
            for _, _, numbers in self._postings(term):
                found.update(numbers)
        return found

    def _candidates(self, what: plan.Plan, zone: str | None) -> set[int]:
        """Documents that have all words of a sequence or of words near each other, wherever they stand."""
        match what:
            case plan.Terms(terms=terms):
                found = self._with_any(terms)
            case plan.Sequence(parts=parts):
                found = set.intersection(*(self._with_any(part.terms) for part in parts))
            case plan.NearBy(items=items):
                found = set.intersection(*(self._candidates(item, zone) for item in items))
            case plan.Either(items=items):
                found = set().union(*(self._candidates(item, zone) for item in items))
            case _:
                found = set(self._set(what, zone))
        if zone is not None and zone not in WINDOWS:
            found &= self.lexicon.ranges(zone).keys()
        return found & self.lexicon.live

    def _found_in(self, what: plan.Plan, number: int, zone: str | None) -> bool:
        if isinstance(what, plan.Sequence) and zone is None:
            return self._has_sequence(what, number)
        return bool(self.spans(what, number, zone))

    # ------------------------------------------------------------ places

    def spans(self, what: plan.Plan, number: int, zone: str | None = None) -> list[Span]:
        """Where a plan's words, phrases and near words stand in a document, in order."""
        match what:
            case plan.Terms(terms=terms):
                return self._in_zone(
                    [(at, at + 1) for at in self.places(terms, number)], number, zone
                )
            case plan.Sequence(parts=parts):
                starts = self._sequence_starts(parts, number)
                spans = [(at, at + len(parts)) for at in sorted(starts)]
                return self._in_zone(spans, number, zone)
            case plan.NearBy(items=items, distance=distance):
                return _near([self.spans(item, number, zone) for item in items], distance)
            case plan.Either(items=items) | plan.Every(items=items):
                found = {span for item in items for span in self.spans(item, number, zone)}
                return sorted(found)
            case plan.Within(zone=inner, item=item):
                return self.spans(item, number, inner)
        return []

    def places(self, terms: Iterable[str], number: int) -> Sequence[int]:
        """The rising positions of any of these terms in a document."""
        lists = [found for term in terms if (found := self._places(term, number))]
        if len(lists) == 1:
            return lists[0]
        return sorted(set().union(*lists)) if lists else ()

    def _places(self, term: str, number: int) -> Sequence[int]:
        for at, (segment, _, _) in enumerate(self._postings(term)):
            where = self._slices(term, at).get(number)
            if where is not None:
                stored = segment.postings(term.encode("utf-8", "surrogatepass"))
                assert stored is not None
                return stored.positions(where[0], where[1])
        return ()

    def _has_sequence(self, what: plan.Sequence, number: int) -> bool:
        return bool(self._sequence_starts(what.parts, number))

    def _sequence_starts(self, parts: Sequence[plan.Terms], number: int) -> set[int]:
        """First positions of every occurrence of words side by side."""
        lists = [self.places(part.terms, number) for part in parts]
        order = sorted(range(len(lists)), key=lambda at: len(lists[at]))
        first = order[0]
        starts = set(map((-first).__add__, lists[first]))
        for at in order[1:]:
            if not starts:
                break
            starts.intersection_update(map((-at).__add__, lists[at]))
        return starts

    def _in_zone(self, spans: list[Span], number: int, zone: str | None) -> list[Span]:
        if zone is None:
            return spans
        ranges = [WINDOWS[zone]] if zone in WINDOWS else self.lexicon.ranges(zone).get(number, [])
        return _inside(spans, ranges)

    # ------------------------------------------------------------ postings

    def _postings(self, term: str) -> list[tuple[OpenSegment, Postings, array[int]]]:
        """A term's postings in every segment that has it, with the documents' numbers; no positions yet."""
        found = self._read.get(term)
        if found is None:
            data = term.encode("utf-8", "surrogatepass")
            found = []
            for segment in self._segments:
                stored = segment.postings(data)
                if stored is not None:
                    ids = stored.ids()
                    numbers = array("I", map(segment.ordinals.__getitem__, ids))
                    light = Postings(ids, stored.weights(), stored.counts(), array("I"))
                    found.append((segment, light, numbers))
            if len(self._read) >= CACHED_TERMS:
                self._read.clear()
                self._starts.clear()
            self._read[term] = found
        return found

    def _slices(self, term: str, at: int) -> dict[int, tuple[int, int]]:
        """Of one segment: document number -> which of the term's positions are its own."""
        key = (term, at)
        found = self._starts.get(key)
        if found is None:
            _, postings, numbers = self._postings(term)[at]
            ends = list(accumulate(postings.counts))
            found = dict(zip(numbers, zip([0, *ends], ends, strict=False), strict=True))
            self._starts[key] = found
        return found

    # ------------------------------------------------------------ scores

    @cached_property
    def _norms(self) -> list[float]:
        lengths, live = self.lexicon.lengths, self.lexicon.live
        average = sum(lengths[n] for n in live) / max(len(live), 1) or 1.0
        return [K1 * (1 - B + B * length / average) for length in lengths]

    def idf(self, documents: int) -> float:
        """How much a word says that so many documents have."""
        return math.log(1 + (len(self.lexicon.live) - documents + 0.5) / (documents + 0.5))

    def scores(
        self, leaves: Sequence[tuple[plan.Plan, float]], among: frozenset[int]
    ) -> dict[int, float]:
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

    def _weights(self, leaf: plan.Plan, among: frozenset[int]) -> Mapping[int, float]:
        """The weighted frequency of a leaf in every document that has it."""
        if isinstance(leaf, plan.Terms):
            return self.term_weights(leaf.terms)
        return {n: float(len(spans)) for n in among if (spans := self.spans(leaf, n))}

    def term_weights(self, terms: Iterable[str]) -> dict[int, float]:
        """The weighted frequency of any of these terms, taken as one word, by document number."""
        total: dict[int, float] = {}
        for term in terms:
            for _, postings, numbers in self._postings(term):
                if not total:
                    total = dict(zip(numbers, postings.weights, strict=True))
                    continue
                for number, weight in zip(numbers, postings.weights, strict=True):
                    total[number] = total.get(number, 0) + weight
        live = self.lexicon.live
        return {number: weight / WEIGHT_UNIT for number, weight in total.items() if number in live}


def leaves_of(what: plan.Plan, boost: float = 1.0) -> Iterator[tuple[plan.Plan, float]]:
    """What of a plan makes a score: words and phrases that must or may be there; equivalents count a little less."""
    match what:
        case plan.Terms() | plan.Sequence() | plan.NearBy():
            yield what, boost
        case plan.Every(items=items):
            for item in items:
                yield from leaves_of(item, boost)
        case plan.Either(items=items):
            for at, item in enumerate(items):
                yield from leaves_of(item, boost if at == 0 else boost * 0.8)
        case plan.Within():
            yield what, boost


def _needs_places(what: plan.Plan, zone: str | None) -> bool:
    match what:
        case plan.Sequence() | plan.NearBy():
            return True
        case plan.Terms():
            return zone is not None
        case plan.Within():
            return True
        case plan.Every(items=items) | plan.Either(items=items):
            return any(_needs_places(item, zone) for item in items)
        case plan.Without(item=item):
            return _needs_places(item, zone)
    return False


def _inside(spans: Iterable[Span], ranges: Sequence[Range]) -> list[Span]:
    """Spans that lie wholly inside one of the ranges (which are in order and do not overlap)."""
    starts = [start for start, _ in ranges]
    found = []
    for span in spans:
        at = bisect_left(starts, span[0] + 1) - 1
        if at >= 0 and span[1] <= ranges[at][1]:
            found.append(span)
    return found


def _near(lists: Sequence[Sequence[Span]], distance: int) -> list[Span]:
    """Spans of a chain: one of each list, each at most `distance` words from the one before, in either order.

    Words side by side are 1 apart. The same words never count twice: spans of a pair do not overlap.
    """
    if not all(lists):
        return []
    chains: set[tuple[Span, Span]] = {(span, span) for span in lists[0]}  # last item, whole chain
    for following in lists[1:]:
        starts = [start for start, _ in following]
        longest = max(end - start for start, end in following)
        joined: set[tuple[Span, Span]] = set()
        for last, whole in chains:
            low = bisect_left(starts, last[0] - distance - longest)
            for at in range(low, len(following)):
                span = following[at]
                if span[0] >= last[1] + distance:
                    break
                apart = span[0] - last[1] + 1 if span[0] >= last[1] else last[0] - span[1] + 1
                if 1 <= apart <= distance:
                    joined.add((span, (min(whole[0], span[0]), max(whole[1], span[1]))))
        chains = joined
    return sorted({whole for _, whole in chains})
