"""How close two cases are in what happened, whatever else is in the collection: the floor under a list of the most alike.

Ranks say which of all are nearest, never that any is near. Closeness is what a report has of the description: what happened (concepts and
coded themes, not whom it happened to and which agency came), its words, and the likeness of its nearest passage; and what of the
description no report here has a word for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

# Least closeness of each strength. The logistic weights below and the floors were fitted on all judged folds of whole reports and on
# questions that nothing answers, and tried with a fold left out (benchmarks/README.md, "The floor").
FAIR = 0.7
STRONG, FAIRLY = "strong", "fair"
STRENGTHS = ((STRONG, 0.98), (FAIRLY, FAIR), ("weak", 0.0))
FLOOR = 0.35  # where no report is as close as this, nothing is close: none of the 98 answered questions that it was fitted on loses its list
LEAST = 0.15  # what is less close is no part of a list
# The bounds of a rough closeness (fitted on the first folds, for what is described at length), and what they are as good as.
ROUGH = ((0.0, 0.0), (0.08, LEAST), (0.1, FLOOR), (0.35, FAIR), (0.7, STRENGTHS[0][1]), (1.0, 1.0))
USUAL_COSINE = 0.19  # of the nearest passage, where it is not asked for
# Who and where, not what: to share these alone is to share nothing.
PEOPLE = frozenset(
    [
        "mother",
        "father",
        "parents",
        "girl",
        "boy",
        "baby",
        "toddler",
        "primary_age",
        "teenager",
        "siblings",
        "grandparents",
        "relatives",
        "teachers_and_nursery",
        "hospital",
        "health_visitor",
        "police",
        "social_care",
        "ethnicity",
        "child_race_ethnicity",
        "good_practice",
        "new_birth",
        "death",
        "serious_harm",
        "conviction",
        "practice_language",
    ]
)


def tells_what(concept: str) -> bool:
    """True for a concept of what happened; false for who was there."""
    return concept not in PEOPLE and not concept.startswith("agency_")


@dataclass(frozen=True, slots=True)
class Shared:
    """What a report has of a description: `weight` of the concepts of what happened that both speak of (rarity times weight), `concepts`
    their share of the description's and `words` that of its words, 0..1; `cosine` of the nearest passage, None where it is not asked for;
    `themes`: coded themes and harms of both; `agreement` of the other coded facts, -1..1; `unheard`: the share of the description's words
    that no report has and no concept knows, 0..1; `rough` where words and cosine say little: a description as long as a report, too few
    passages to centre, or no model at all."""

    weight: float
    concepts: float
    words: float
    cosine: float | None
    themes: int
    agreement: float
    unheard: float
    rough: bool = False

    @property
    def closeness(self) -> float:
        """0..1: how likely somebody who reads both finds them alike."""
        what = (
            0.26 * min(self.weight, 6.0)
            + 1.48 * self.concepts
            + 1.54 * self.words
            + 1.14 * min(self.themes, 2)
            + 0.90 * self.agreement
        )
        if self.rough:
            return _by_bounds(_logistic(-2.87 + what + 1.41 * max(self.cosine or 0.0, 0.0)))
        cosine = USUAL_COSINE if self.cosine is None else max(self.cosine, 0.0)
        return _logistic(-0.64 + 0.9 * what + 25.35 * cosine * self.words - 2.91 * self.unheard)


def _logistic(told: float) -> float:
    return 1 / (1 + math.exp(-told))


def _by_bounds(rough: float) -> float:
    """The closeness that a rough one is as good as: straight lines between the bounds of the two."""
    for (least, told), (most, next_told) in pairwise(ROUGH):
        if rough <= most:
            return told + (next_told - told) * (rough - least) / (most - least)
    return 1.0


def strength(closeness: float) -> str:
    """The word for a closeness."""
    return next(name for name, least in STRENGTHS if closeness >= least)
