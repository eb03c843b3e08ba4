"""What a report tells of the child's life that bears on its age or on whether it lives: pregnancy, a child of its own, work, a school year, life after the review."""

from __future__ import annotations

from collections.abc import Iterator

from casereviews.repository.describing.case.cast import SUBJECT, grammatical_subject
from casereviews.repository.describing.case.sentences import CaseSentence
from casereviews.repository.describing.finder_input import FinderInput
from casereviews.repository.describing.standing import CASE, SINCE, is_denied
from casereviews.repository.model import Fact
from casereviews.repository.vocabulary.rules import Rule, load_rules

_RULES = load_rules("life")
ALIVE, SCHOOL_YEAR = "alive", "school_year"
_TOLD = (*_RULES.having("least"), _RULES[SCHOOL_YEAR], _RULES[ALIVE])


def find(given: FinderInput) -> Iterator[Fact]:
    """Facts `circumstance`, each value once: said of the one child of the case by a noun or a name, at the time that the review is about."""
    told: set[str] = set()
    for sentence in given.sentences:
        if sentence.general:
            continue
        for rule in _TOLD:
            if said := _said(sentence, rule):
                value, words = said
                if value not in told:
                    told.add(value)
                    yield sentence.fact(
                        "circumstance", value, words, 0.6, "told of the child's life"
                    )


def _said(sentence: CaseSentence, rule: Rule) -> tuple[str, str] | None:
    """The value that a sentence tells and its words, None when it does not tell it of the child."""
    folded = sentence.folded
    match = rule.search(folded)
    if match is None or is_denied(folded, *match.span()):
        return None
    if rule.code == ALIVE:
        if sentence.standing not in (CASE, SINCE) or _RULES["quoted"].fits(folded):
            return None
    elif not sentence.of_the_case or _RULES["later"].fits(folded):
        return None
    doer = grammatical_subject(sentence.people, folded, match.start())
    if (
        doer is None
        or doer.whose != SUBJECT
        or doer.pronoun
        or doer.plural
        or doer.key
        or not doer.sure
    ):
        return None
    year = match.groupdict().get("year")
    return (f"{SCHOOL_YEAR}_{year}" if year else rule.code), match[0]
