"""How much a report is about each of its themes: central, present or touched, by the evidence and by how common the theme is in the collection.

`ThemeFinder` says how strong the evidence of a theme is for the length of the document (`strength`). What is told once in most reports
("information was not shared") marks none of them, so that a common theme needs more evidence than a rare one: the bar follows the share of
the collection's documents that tell of the theme at all.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from casereviews.repository.model import Fact

CENTRAL, PRESENT, TOUCHED = "central", "present", "touched"
CENTRAL_FIELD, FIELD, TOUCHED_FIELD = "central_theme", "theme", "touched_theme"
FIELDS_OF_THEMES = frozenset({CENTRAL_FIELD, FIELD, TOUCHED_FIELD})
WEIGHTS = (CENTRAL, PRESENT, TOUCHED)
# Bars of strength, chosen with `benchmarks/specimens.py` on reports that the rules' authors did not write.
PRESENT_FROM, CENTRAL_FROM = 1.5, 2.8
LEAST_BAR, MOST_BAR = 0.6, 2.2
"""What the bars are multiplied by for a theme that no document tells of, and for one that all do."""
PRIOR_SHARE, PRIOR_DOCUMENTS = 0.2, 20
"""A share that is believed as if so many documents had shown it: a small collection says little."""
GROWN = 1.1  # times the documents they were learnt from, after which shares are learnt anew
_MOST_CONFIDENT = 0.999


@dataclass(frozen=True, slots=True)
class ThemeShares:
    """Of how many `documents` that tell of any theme how many tell of each; `described` is how many there were in all."""

    described: int = 0
    documents: int = 0
    told: Mapping[str, int] = field(default_factory=dict)

    def of(self, theme: str) -> float:
        """The share of documents, 0 to 1, that tell of a theme, between what was counted and PRIOR_SHARE."""
        counted = self.told.get(theme, 0) + PRIOR_SHARE * PRIOR_DOCUMENTS
        return counted / (self.documents + PRIOR_DOCUMENTS)

    def bar(self, theme: str) -> float:
        """What the bars are multiplied by for a theme."""
        return LEAST_BAR + (MOST_BAR - LEAST_BAR) * min(1.0, self.of(theme))

    def outgrown(self, described: int) -> bool:
        """True when so many documents are described by now that the shares must be learnt anew."""
        most, least = max(described, self.described), min(described, self.described)
        return most > GROWN * least


def shares_of(documents: Iterable[Iterable[Fact]]) -> ThemeShares:
    """The shares that the facts of documents show; only those that tell of a theme at all are counted."""
    number = described = 0
    told: dict[str, int] = {}
    for facts in documents:
        described += 1
        themes = {fact.value for fact in facts if fact.field == FIELD and fact.origin != "manual"}
        number += bool(themes)
        for theme in themes:
            told[theme] = told.get(theme, 0) + 1
    return ThemeShares(described, number, told)


def confidence_of(strength: float) -> float:
    """The confidence, 0 to 1, of a theme whose evidence is so strong."""
    return min(_MOST_CONFIDENT, round(1 - math.exp(-strength), 3))


def weight_of(fact: Fact, shares: ThemeShares) -> str:
    """The weight of a fact `theme`; what a person said is central."""
    if fact.origin == "manual":
        return CENTRAL
    strength, bar = -math.log(1 - min(_MOST_CONFIDENT, fact.confidence)), shares.bar(fact.value)
    if strength >= CENTRAL_FROM * bar:
        return CENTRAL
    return PRESENT if strength >= PRESENT_FROM * bar else TOUCHED


def weighed(facts: Iterable[Fact], shares: ThemeShares) -> tuple[Fact, ...]:
    """The facts with the weight of every `theme`: a touched one is of the field `touched_theme`, a central one also of `central_theme`."""
    found: list[Fact] = []
    for fact in facts:
        if fact.field != FIELD:
            found.append(fact)
            continue
        weight = weight_of(fact, shares)
        weighted = replace(fact, weight=weight)
        found.append(replace(weighted, field=TOUCHED_FIELD) if weight == TOUCHED else weighted)
        if weight == CENTRAL:
            found.append(replace(weighted, field=CENTRAL_FIELD))
    return tuple(found)
