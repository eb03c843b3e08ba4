"""The weights of `similar` derived again from judged queries, each fold ranked by weights that were fitted on the others; and its floor.

    python -m benchmarks.similar_weights HOME=FILE[,FILE...] [HOME=FILE...] [--nothing FILE] [--k 10]

Every file is a fold. Weights are fitted on pairs of reviews of a query, one graded above the other, each pair weighed by what exchanging the
two would change (LambdaRank: Burges, Ragno and Le, 2006), and never below 0. Then prints how close the closest review of each question is: of
those that have an answer, and of those that nothing answers (`--nothing` has more of them for every home).
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np
import numpy.typing as npt

from benchmarks.relevance import ndcg
from benchmarks.relevance_files import Query, judged_of
from benchmarks.relevance_home import by_review
from casereviews.collection.asking.described_case import described
from casereviews.collection.collection import Collection
from casereviews.index.query.understand import understand
from casereviews.index.similar.closeness import FAIR, FLOOR
from casereviews.index.similar.encoders import encoder_for
from casereviews.index.similar.finding import SIGNALS, Signals

Floats = npt.NDArray[np.float64]
STEPS, RATE, SHRINK = 400, 0.3, 0.02


@dataclass(frozen=True)
class Asked:
    """A query of a fold: signals by document (rows), the reviews of the documents, and how close the closest is."""

    fold: str
    query: Query
    rows: Floats
    reviews: Sequence[str]
    closest: float

    def ranked(self, weights: Floats) -> list[str]:
        """The reviews by their best document."""
        best: dict[str, float] = {}
        for review, score in zip(self.reviews, self.rows @ weights, strict=True):
            best[review] = max(score, best.get(review, -math.inf))
        return sorted(best, key=lambda review: (-best[review], review))


def asked_of(home: Path, files: Sequence[Path], nothing: Path | None) -> Iterator[Asked]:
    """The queries of the folds over a home; those of `nothing` have the fold "nothing"."""
    folds = [(file.stem, file) for file in files] + ([("nothing", nothing)] if nothing else [])
    with Collection(home) as collection:
        searcher, encoder = collection.searcher, encoder_for(None)
        plan = understand("", searcher.lexicon, filters={}, vocabulary=searcher.vocabulary).plan
        allowed = searcher.engine.matching(plan)
        for fold, file in folds:
            for query in by_review(judged_of([file], "all"), collection):
                case = described(query.text, searcher.vocabulary)
                signals = Signals(searcher, case, encoder, allowed)
                values = signals.values()
                numbers = sorted(signals.by_number)
                rows = [[values[name].get(number, 0.0) for name in SIGNALS] for number in numbers]
                ids = [searcher.lexicon.review_ids[searcher.lexicon.reviews[n]] for n in numbers]
                closest = max(map(signals.closeness, numbers), default=0.0)
                yield Asked(fold, query, np.asarray(rows), ids, closest)


def fitted(asked: Sequence[Asked]) -> Floats:
    """The weights that rank these queries."""
    pairs = [_pairs(one) for one in asked]
    weights = np.full(len(SIGNALS), 0.3)
    for _ in range(STEPS):
        slope = SHRINK * weights
        for rows, gains, ideal, above, below in pairs:
            scores = rows @ weights
            discounts = 1 / np.log2(np.argsort(np.argsort(-scores)) + 2)
            swapped = np.abs((gains[above] - gains[below]) * (discounts[above] - discounts[below]))
            wrong = 1 / (1 + np.exp(np.clip(scores[above] - scores[below], -30, 30)))
            push = (wrong * swapped / ideal)[:, None] * (rows[above] - rows[below])
            slope = slope - push.sum(axis=0) / len(pairs)
        weights = np.maximum(weights - RATE * slope, 0)
    return weights


def _pairs(one: Asked) -> tuple[Floats, Floats, float, npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Of each review its best document by all signals; gains, the ideal gain, and which rows stand above which."""
    best: dict[str, int] = {}
    for at, review in enumerate(one.reviews):
        if review not in best or one.rows[at].sum() > one.rows[best[review]].sum():
            best[review] = at
    gains = np.asarray([2.0 ** one.query.relevant.get(review, 0) - 1 for review in best])
    ideal = sum(gain / math.log2(at + 2) for at, gain in enumerate(sorted(-gains)[:10]))
    above, below = np.where(gains[:, None] > gains[None, :])
    return one.rows[list(best.values())], gains, -ideal, above, below


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, rank what was left out, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("homes", nargs="+", metavar="HOME=FILE[,FILE...]")
    parser.add_argument("--nothing", type=Path)
    parser.add_argument("--k", type=int, default=10)
    given = parser.parse_args(arguments)
    asked: list[Asked] = []
    for each in given.homes:
        home, _, files = each.partition("=")
        asked += asked_of(Path(home), [Path(file) for file in files.split(",")], given.nothing)
    answered = [one for one in asked if one.query.relevant]
    scores: dict[str, list[float]] = {}
    for fold in sorted({one.fold for one in answered}):
        weights = fitted([one for one in answered if one.fold != fold])
        print(f"without {fold:20}", _named(weights))
        for one in answered:
            if one.fold == fold:
                score = ndcg(one.ranked(weights), one.query.relevant, given.k)
                scores.setdefault(one.query.kind, []).append(score)
    print(f"{'all':28}", _named(fitted(answered)))
    for kind, found in scores.items():
        print(f"{kind:10} {len(found):4} queries left out, nDCG@{given.k} {fmean(found):.3f}")
    for name, ones in (
        ("answered", answered),
        ("nothing answers", [one for one in asked if not one.query.relevant]),
    ):
        empty = sum(one.closest < FLOOR for one in ones)
        weak = sum(one.closest < FAIR for one in ones)
        print(f"{name:16} {len(ones):4} questions, {empty} below the floor, {weak} all weak")


def _named(weights: Floats) -> Mapping[str, float]:
    """Weights by signal, passages as 1."""
    first = float(weights[0]) or 1.0
    return {name: round(float(one) / first, 2) for name, one in zip(SIGNALS, weights, strict=True)}


if __name__ == "__main__":
    main()
