"""Words typed plainly: reviews that have all of them, then, where those are fewer than a page, reviews that have most.

What has all is counted (`total`, `documents`, facets); what has most is told apart: each such hit says what it `lacks`. They are
ranked by the words and by the concepts that both speak of, for long questions as similar cases are (`casereviews.index.similar`). Where
no review has any of the words, those that read alike are given, as similar cases would be, and say that they lack all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from casereviews.index.errors import damage_named
from casereviews.index.folder import broken_of_similar
from casereviews.index.query import plan
from casereviews.index.query.understand import Asked, Understood, understand
from casereviews.index.results import Results
from casereviews.index.search import Searcher
from casereviews.index.storage.store import StoredDocument

# What compares cases is loaded where it is asked: most searches have a page of reviews with all words.
if TYPE_CHECKING:
    from casereviews.index.similar.encoders import Encoder
    from casereviews.index.similar.finding import DescribedCase

PAGE = 10
# Of what was said, by how much each word says, so much must be in a review that follows (benchmarks/relevance.py).
LEAST = 0.05
LONG = 8  # things said, from which on a question is ranked as a described case is
COMPARED = 200  # documents, the best by their words, whose concepts and passages are looked up
# What each signal counts for, in standard deviations (chosen by benchmarks/relevance.py on the development queries; flat around these).
WORDS, CONCEPTS = 1.0, 0.8

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
    if len(understood.asked) < 2:
        return found
    with damage_named(searcher.folder):
        ranked = _Ranked(searcher, text, understood, described)
        results = ranked.results(found, limit, offset, pages=asked.get("pages", True))
        if results.most or results.total:
            return results
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


class _Ranked:
    """Documents that have all or most of what was said, scored."""

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
        self.having: list[tuple[Asked, frozenset[int]]] = [
            (one, engine.matching(plan.Every((one.found, within)))) for one in understood.asked
        ]
        self.leaves = [leaf for one in understood.asked for leaf in one.leaves]
        self.every = frozenset.intersection(*(having for _, having in self.having))
        scores = engine.scores(self.leaves, self._most())
        best = sorted(scores, key=lambda number: (-scores[number], number))
        self.compared = list(dict.fromkeys([*self.every, *best[:COMPARED]]))
        self.rows = {
            row.document_id: row
            for number in self.compared
            if (row := searcher.store.document(number)) is not None
        }
        if len(understood.asked) >= LONG:
            self.scores = self._as_cases(described, engine.matching(within))
        else:
            self.scores = self._fused(scores)

    def _most(self) -> set[int]:
        """Documents with LEAST or more of what was said, of what any has."""
        said: dict[int, float] = {}
        total = 0.0
        for _, having in self.having:
            worth = self.searcher.engine.idf(len(having))
            total += worth if having else 0.0
            for number in having:
                said[number] = said.get(number, 0.0) + worth
        return {number for number, worth in said.items() if worth >= LEAST * total} | self.every

    def _as_cases(self, described: Described, allowed: frozenset[int]) -> dict[int, float]:
        from casereviews.index.similar.finding import fused

        case, encoder = described(self.text)
        scores = fused(self.searcher, case, encoder, allowed)
        least = min(scores.values(), default=0.0)
        return {row.n: scores.get(row.n, least) for row in self.rows.values()}

    def _fused(self, scores: Mapping[int, float]) -> dict[int, float]:
        from casereviews.index.similar.finding import standardised

        by_words = {key: scores.get(row.n, 0.0) for key, row in self.rows.items()}
        signals = ((WORDS, by_words), (CONCEPTS, self._concepts()))
        parts = [(weight, standardised(signal)) for weight, signal in signals]
        return {
            row.n: sum(weight * signal.get(key, 0.0) for weight, signal in parts)
            for key, row in self.rows.items()
        }

    def _concepts(self) -> dict[str, float]:
        from casereviews.index.similar.concepts import finder
        from casereviews.index.similar.profiles import FILE, Profiles

        folder = self.searcher.folder
        if broken_of_similar(folder) or not (folder / FILE).exists():
            return {}
        concepts = finder(self.searcher.vocabulary)
        with closing(Profiles(folder)) as profiles:
            scores = profiles.scores(concepts.count(self.text), concepts.weights)
        return {key: scores.get(key, 0.0) for key in self.rows}

    def results(self, found: Results, limit: int, offset: int, *, pages: bool) -> Results:
        """The hits of a page: what has all, then what has most."""
        best = self._best()
        order = sorted(best, key=lambda row: (row.n not in self.every, -self.scores[row.n], row.n))
        hits = tuple(
            replace(
                self.searcher.hit(rank, row.n, self.scores[row.n], self.leaves if pages else []),
                lacks=tuple(one.typed for one, having in self.having if row.n not in having),
            )
            for rank, row in enumerate(order[offset : offset + limit], offset + 1)
        )
        most = sum(row.n not in self.every for row in order)
        return replace(found, hits=hits, most=most)

    def _best(self) -> list[StoredDocument]:
        """Of each review its best document: one that has all before one that has most."""
        best: dict[str, StoredDocument] = {}
        for row in self.rows.values():
            other = best.setdefault(row.review_id, row)
            if self._worth(row) > self._worth(other):
                best[row.review_id] = row
        return list(best.values())

    def _worth(self, row: StoredDocument) -> tuple[bool, float, int]:
        return row.n in self.every, self.scores[row.n], -row.n
