"""The sex that a label tells: "Two Sisters", "Baby Boy K"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casereviews.repository.describing.finder_input import FinderInput
from casereviews.repository.model import Fact

_WORDS = (("girl", r"Sisters|Girls?|Daughters"), ("boy", r"Brothers|Boys?|Sons"))


def find(given: FinderInput) -> Iterator[Fact]:
    """Fact `sex`, of each label that names one."""
    for label in given.labels:
        for sex, words in _WORDS:
            if re.search(rf"\b(?:{words})\b", label):
                yield Fact("sex", sex, label, "derived", 0.85, rule="from the label")
