"""How close two cases are in what happened, whatever else is in the collection: the floor under a list of the most alike.

Ranks say which of all are nearest, never that any is near. Closeness is what a report has of the description: what happened (concepts and
coded themes, not whom it happened to and which agency came), its words, and the likeness of its nearest passage.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

# Least closeness of each strength. The logistic weights below and the floors were fitted on the development folds of
# benchmarks/whole_reports and on descriptions of what no report tells (benchmarks/README.md).
FAIR = 0.35
STRENGTHS = (("strong", 0.7), ("fair", FAIR), ("weak", 0.0))
FLOOR = 0.1  # where no report is as close as this, nothing is close
LEAST = 0.08  # what is less close is no part of a list
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
    their share of the description's and `words` that of its words, 0..1; `cosine` of the nearest passage; `themes`: coded themes and harms
    of both; `agreement` of the other coded facts, -1..1."""

    weight: float
    concepts: float
    words: float
    cosine: float
    themes: int
    agreement: float

    @property
    def closeness(self) -> float:
        """0..1: how likely somebody who reads both finds them alike."""
        told = (
            -2.87
            + 0.26 * min(self.weight, 6.0)
            + 1.48 * self.concepts
            + 1.54 * self.words
            + 1.41 * max(self.cosine, 0.0)
            + 1.14 * min(self.themes, 2)
            + 0.90 * self.agreement
        )
        return 1 / (1 + math.exp(-told))


def strength(closeness: float) -> str:
    """The word for a closeness."""
    return next(name for name, least in STRENGTHS if closeness >= least)
