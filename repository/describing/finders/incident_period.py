"""The end of harm that lasted, where a sentence of the case says from when to when."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from casereviews.repository.describing.dates import find_dates
from casereviews.repository.describing.finder_input import FinderInput
from casereviews.repository.describing.standing import is_denied
from casereviews.repository.describing.text.running_text import fold
from casereviews.repository.model import Fact
from casereviews.repository.vocabulary.rules import load_rules

_RULES = load_rules("incident_period")
_FARTHEST = 60  # characters between what lasted and the word that opens its period


def find(given: FinderInput) -> Iterator[Fact]:
    """The first fact `incident_to`: the later date of "abused between March 2017 and June 2019"."""
    for sentence in given.sentences:
        if not sentence.of_the_case or sentence.general:
            continue
        lasted = _RULES["lasted"].search(sentence.folded)
        if lasted is None or is_denied(sentence.folded, *lasted.span()):
            continue
        printed = sentence.printed
        for first, last in pairwise(find_dates(printed)):
            before = fold(printed[: first.start]).rstrip()
            between = fold(printed[first.end : last.start]).strip()
            if (
                first.iso
                and last.iso > first.iso
                and _RULES["joins"].fits(between)
                and (opens := _RULES["opens"].search(before))
                and _follows(before[: opens.start()])
            ):
                yield sentence.fact(
                    "incident_to", last.iso, last.raw, 0.6, "end of a period of harm"
                )
                return


def _follows(before: str) -> bool:
    """True when what lasted stands shortly before the end of a folded text."""
    return _RULES["lasted"].fits(before[-_FARTHEST:])
