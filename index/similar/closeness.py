"""How close two cases are in what happened, whatever else is in the collection: the floor under a list of the most alike.

Ranks say which of all are nearest, never that any is near. Closeness is what a report has of the description: what happened (concepts and
coded themes, not whom it happened to and which agency came), its words, and the likeness of its nearest passage; and what of the
description no report here has a word for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

# Least closeness of each strength. The logistic weights below and the floors were fitted on all judged folds of whole reports and on
# questions that nothing answers, and tried with a fold left out (benchmarks/README.md, "The floor").
FAIR = 0.7
STRENGTHS = (("strong", 0.95), ("fair", FAIR), ("weak", 0.0))
FLOOR = 0.35  # where no report is as close as this, nothing is close: none of 98 questions that have an answer loses it
LEAST = 0.1  # what is less close is no part of a list
USUAL_COSINE = 0.19  # of the nearest passage, where no model says: there is none, or too few passages to centre
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
    their share of the description's and `words` that of its words, 0..1; `cosine` of the nearest passage, None where no model says;
    `themes`: coded themes and harms of both; `agreement` of the other coded facts, -1..1; `unheard`: the share of the description's words
    that no report has and no concept knows, 0..1."""

    weight: float
    concepts: float
    words: float
    cosine: float | None
    themes: int
    agreement: float
    unheard: float

    @property
    def closeness(self) -> float:
        """0..1: how likely somebody who reads both finds them alike."""
        cosine = USUAL_COSINE if self.cosine is None else max(self.cosine, 0.0)
        told = (
            -0.64
            + 0.23 * min(self.weight, 6.0)
            + 1.33 * self.concepts
            + 1.39 * self.words
            + 25.35 * cosine * self.words
            + 1.03 * min(self.themes, 2)
            + 0.81 * self.agreement
            - 2.91 * self.unheard
        )
        return 1 / (1 + math.exp(-told))


def strength(closeness: float) -> str:
    """The word for a closeness."""
    return next(name for name, least in STRENGTHS if closeness >= least)
