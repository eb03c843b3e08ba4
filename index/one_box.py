"""Words typed plainly: reviews that have all of them, then, where those are fewer than a page, reviews that have most.

What has all is counted (`total`, `documents`, facets); what has most is told apart: each such hit says what it `lacks`. A long report
has many words somewhere: one that has all of them nowhere together follows too, and says that they stand `apart`. So does one that tells
of it in `other_words` alone: a known phrase, or what people say, is a concept of the vocabulary. They are
ranked by the words and by the concepts that both speak of, for long questions as similar cases are (`casereviews.index.similar`). Where
no review has any of the words, those that read alike are given, as similar cases would be, and say that they lack all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, Any

from casereviews.index.errors import damage_named
from casereviews.index.folder import broken_of_similar
from casereviews.index.positions import BODY
from casereviews.index.query import plan
from casereviews.index.query.understand import Asked, Understood, understand
from casereviews.index.results import Results
from casereviews.index.search import Searcher
from casereviews.index.storage.store import StoredDocument

# What compares cases is loaded where it is asked: most searches have a page of reviews with all words.
if TYPE_CHECKING:
    from casereviews.index.similar.encoders import Encoder
    from casereviews.index.similar.finding import DescribedCase
    from casereviews.index.similar.heard import Heard

PAGE = 10
LONG = 8  # things said, from which on a question is ranked as a described case is
# Words, as many as a passage has, within which all that was said stands where it is told of.
TOGETHER = 90
# Closeness, by words and concepts alone, below which what has most is said to be far (benchmarks/README.md, "The floor").
FAR = 0.5
COMPARED = 200  # documents, the best by their words, whose concepts and passages are looked up
# What each signal counts for, in standard deviations (fitted with a fold of the judged whole reports left out; flat around these).
WORDS, CONCEPTS = 1.0, 1.25

Described = Callable[[str], tuple["DescribedCase", "Encoder | None"]]
"""Reads what was typed as a described case, and gives the home's sentence model."""


def _as_words(text: str) -> tuple[DescribedCase, Encoder | None]:
    """A case of which nothing but its words is known."""
    from casereviews.index.similar.finding import DescribedCase

    return DescribedCase(text), None


def search_plainly(
    searcher: Searcher,
    text: str,
    *,
    filters: Mapping[str, Sequence[str]] | None = None,
    limit: int = 10,
    offset: int = 0,
    described: Described = _as_words,
    **asked: Any,
) -> Results:
    """As `Searcher.search`, and reviews with most of the words after those that have all, where these are fewer than PAGE.

    `described` is asked only for a long question, and where no review has any of the words.
    """
    found = searcher.search(text, filters=filters, limit=limit, offset=offset, **asked)
    if found.total >= PAGE or asked.get("sort", "relevance") != "relevance":
        return found
    understood = understand(
        text,
        searcher.lexicon,
        filters=filters or {},
        exact=asked.get("exact", False),
        all_words=asked.get("all_words", False),
        vocabulary=searcher.vocabulary,
    )
    if len(understood.asked) < 2 and not any(one.known for one in understood.asked):
        return found
    with damage_named(searcher.folder):
        ranked = _Ranked(searcher, text, understood, described)
        if ranked.some:
            return ranked.results(found, limit, offset, pages=asked.get("pages", True))
        return _reading_alike(searcher, text, understood, found, filters, limit, offset, described)


def _reading_alike(
    searcher: Searcher,
    text: str,
    understood: Understood,
    found: Results,
    filters: Mapping[str, Sequence[str]] | None,
    limit: int,
    offset: int,
    described: Described,
) -> Results:
    """Reviews like what was typed, where no review has a word of it."""
    from casereviews.index.similar.finding import find_similar
    from casereviews.index.similar.profiles import FILE

    if not (searcher.folder / FILE).exists() or broken_of_similar(searcher.folder):
        return found
    case, encoder = described(text)
    alike = find_similar(searcher, case, encoder=encoder, filters=filters, limit=offset + limit)
    lacks = tuple(one.typed for one in understood.asked)
    hits = tuple(replace(hit, lacks=lacks, why=None) for hit in alike.hits[offset:])
    return replace(found, hits=hits, alike=alike.total)


def _heard(searcher: Searcher, text: str, asked: Sequence[Asked]) -> Heard | None:
    """What reports have of what was typed, and of the field's words for it; None where that cannot be read."""
    from casereviews.index.similar.concepts import finder
    from casereviews.index.similar.heard import Heard
    from casereviews.index.similar.profiles import FILE

    if broken_of_similar(searcher.folder) or not (searcher.folder / FILE).exists():
        return None
    spoken = finder(searcher.vocabulary).count("\n\n".join([text, *_field_words(asked)]))
    return Heard(text, searcher, spoken)


def _field_words(asked: Sequence[Asked]) -> list[str]:
    return [word for one in asked for word in one.field]


class _Ranked:
    """Documents that have all or most of what was said, scored: all of it together first."""

    def __init__(
        self,
        searcher: Searcher,
        text: str,
        understood: Understood,
        described: Described,
    ) -> None:
        self.searcher = searcher
        self.text = text
        engine = searcher.engine
        within = understood.within
        engine.expect_sets(plan.Every((one.found, within)) for one in understood.asked)
        self.having: list[tuple[Asked, frozenset[int]]] = [
            (one, engine.matching(plan.Every((one.found, within)))) for one in understood.asked
        ]
        self.leaves = [leaf for one in understood.asked for leaf in one.leaves]
        self.every = frozenset.intersection(*(having for _, having in self.having))
        searcher.expect_words(sorted(self.every), self.leaves)
        self.together = frozenset(filter(self._stands_together, self.every))
        self.some = frozenset.union(*(having for _, having in self.having))
        scores = engine.scores(self.leaves, self.some)
        best = sorted(scores, key=lambda number: (-scores[number], number))
        self.heard = _heard(searcher, text, understood.asked)
        telling = self._telling(engine.matching(within))
        self.compared = list(dict.fromkeys([*self.every, *best[:COMPARED], *telling]))
        searcher.expect(self.compared, [])
        self.rows = {
            row.document_id: row
            for number in self.compared
            if (row := searcher.store.document(number)) is not None
        }
        if len(understood.asked) >= LONG:
            self.scores = self._as_cases(described, engine.matching(within))
        else:
            self.scores = self._fused(scores)

    def _telling(self, allowed: frozenset[int]) -> list[int]:
        """Documents that tell of a concept of what was typed, in whatever words, at most COMPARED: those first that tell most."""
        told = self.heard.by_concepts if self.heard else {}
        best = sorted(told, key=lambda key: (-told[key], key))
        numbers = {document_id: number for number, document_id in self.searcher.store.ids()}
        found = (numbers[key] for key in best if key in numbers)
        return [number for number in found if number in allowed][:COMPARED]

    def _other_words(self, row: StoredDocument) -> tuple[str, ...]:
        """The concepts, in words, of which a document without any of the words tells."""
        if row.n in self.some or self.heard is None:
            return ()
        from casereviews.index.similar.concepts import finder

        labels = finder(self.searcher.vocabulary).labels
        return tuple(sorted(labels[one] for one in self.heard.theirs.get(row.document_id, ())))

    def _stands_together(self, number: int) -> bool:
        """True when all that was said stands within TOGETHER words; what is said of the whole document, as its title, stands everywhere."""
        places = []
        for one, _ in self.having:
            spans = [
                span for leaf, _ in one.leaves for span in self.searcher.engine.spans(leaf, number)
            ]
            if spans and min(spans)[0] >= BODY:
                places.append([start for start, _ in spans])
        return not places or shortest_stretch(places) <= TOGETHER

    def _as_cases(self, described: Described, allowed: frozenset[int]) -> dict[int, float]:
        from casereviews.index.similar.finding import fused

        case, encoder = described(self.text)
        scores = fused(self.searcher, case, encoder, allowed)
        least = min(scores.values(), default=0.0)
        return {row.n: scores.get(row.n, least) for row in self.rows.values()}

    def _fused(self, scores: Mapping[int, float]) -> dict[int, float]:
        from casereviews.index.similar.finding import averaged, standardised

        told = self.heard.by_concepts if self.heard else {}
        whole = self.heard.by_whole if self.heard else {}
        words = standardised({row.n: scores.get(row.n, 0.0) for row in self.rows.values()})
        concepts = averaged(
            {row.n: told.get(key, 0.0) for key, row in self.rows.items()},
            {row.n: whole.get(key, 0.0) for key, row in self.rows.items()},
        )
        return {
            number: WORDS * words.get(number, 0.0) + CONCEPTS * concept
            for number, concept in concepts.items()
        }

    def results(self, found: Results, limit: int, offset: int, *, pages: bool) -> Results:
        """The hits of a page: what has all together, then what has most, or all of it apart."""
        best = self._best()
        order = sorted(
            best, key=lambda row: (row.n not in self.together, -self.scores[row.n], row.n)
        )
        shown = order[offset : offset + limit]
        self.searcher.expect([row.n for row in shown], self.leaves if pages else [])
        hits = tuple(
            replace(
                self.searcher.hit(rank, row.n, self.scores[row.n], self.leaves if pages else []),
                lacks=tuple(one.typed for one, having in self.having if row.n not in having),
                apart=row.n in self.every - self.together,
                other_words=self._other_words(row),
            )
            for rank, row in enumerate(shown, offset + 1)
        )
        most = sum(row.n not in self.every for row in order)
        return replace(found, hits=hits, most=most, far=not self.every and self._all_far())

    def _all_far(self) -> bool:
        """True where even the closest has little of what was said, by its words and concepts."""
        if self.heard is None:
            return False
        close = (self.heard.shared(row.n, key).closeness for key, row in self.rows.items())
        return max(close, default=1.0) < FAR

    def _best(self) -> list[StoredDocument]:
        """Of each review its best document: one that has all before one that has most."""
        best: dict[str, StoredDocument] = {}
        for row in self.rows.values():
            other = best.setdefault(row.review_id, row)
            if self._worth(row) > self._worth(other):
                best[row.review_id] = row
        return list(best.values())

    def _worth(self, row: StoredDocument) -> tuple[bool, bool, float, int]:
        return row.n in self.together, row.n in self.every, self.scores[row.n], -row.n


def shortest_stretch(places: Sequence[Sequence[int]]) -> float:
    """From the first to the last word of the shortest stretch that has a place of each list; infinite when one is empty."""
    ordered = sorted((place, which) for which, each in enumerate(places) for place in each)
    having: Counter[int] = Counter()
    shortest, first = inf, 0
    for place, which in ordered:
        having[which] += 1
        while len(having) == len(places):
            start, leaving = ordered[first]
            shortest = min(shortest, place - start)
            having[leaving] -= 1
            if not having[leaving]:
                del having[leaving]
            first += 1
    return shortest
