"""What the report tells of the child and beside: ethnicity, disability, how far services knew the family, processes that ran in parallel."""

from __future__ import annotations

from collections.abc import Iterator

from casereviews.repository.describing.case.cast import SUBJECT, grammatical_subject
from casereviews.repository.describing.case.sentences import CaseSentence
from casereviews.repository.describing.finder_input import FinderInput
from casereviews.repository.describing.standing import is_denied
from casereviews.repository.model import Fact
from casereviews.repository.vocabulary.rules import Rule, load_rules

_RULES = load_rules("told_of_child")
FIELDS = ("ethnicity", "disability", "known_to_services", "parallel_process")
"""What the rules may tell (`field` of each)."""
_ONE = frozenset({"known_to_services"})  # one value: the first that is told


def find(given: FinderInput) -> Iterator[Fact]:
    """Facts `ethnicity`, `disability` (said of the child itself), `known_to_services` and `parallel_process`; each value once."""
    told: set[tuple[str, str]] = set()
    for sentence in given.sentences:
        if not sentence.of_the_case or sentence.general:
            continue
        for rule in _RULES:
            field = rule.more["field"]
            key = (field, "" if field in _ONE else rule.code)
            if key in told:
                continue
            if words := _said(sentence, rule):
                told.add(key)
                yield sentence.fact(
                    field, rule.code, words, 0.5 + 0.06 * sentence.weight, "told of the child"
                )


def _said(sentence: CaseSentence, rule: Rule) -> str:
    """The words of the rule that the sentence says of the child or the case, "" when it does not."""
    match = rule.search(sentence.folded)
    if match is None:
        return ""
    if rule.code != "universal_only" and is_denied(sentence.folded, *match.span()):
        return ""
    if rule.more["of"] == "child":
        at = match.start()
        doer = grammatical_subject(sentence.people, sentence.folded, at)
        if doer is None or doer.whose != SUBJECT or not doer.sure:
            return ""
    return match[0]
