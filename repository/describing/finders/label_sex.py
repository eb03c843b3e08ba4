"""The sex that a label tells: "Two Sisters", "Baby Boy K"."""

from __future__ import annotations

from collections.abc import Iterator

from casereviews.repository.describing.finder_input import FinderInput
from casereviews.repository.model import Fact
from casereviews.repository.vocabulary.rules import load_rules


def find(given: FinderInput) -> Iterator[Fact]:
    """Fact `sex`, of each label that names one."""
    rules = load_rules("case_labels")
    for label in given.labels:
        for sex in ("girl", "boy"):
            if rules[sex].fits(label):
                yield Fact("sex", sex, label, "derived", 0.85, rule="from the label")
