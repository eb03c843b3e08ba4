"""What happened to the child of the review: death, serious harm, something else, or good practice to learn from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casereviews.repository.describing.case.sentences import CaseSentence
from casereviews.repository.describing.standing import is_denied
from casereviews.repository.model import Fact
from casereviews.repository.vocabulary.rules import Rule, load_rules

_OUTCOMES = load_rules("outcomes")
_TOLD = load_rules("outcome_circumstances")
_TRUSTED = 1.5  # weight of a sentence that alone may settle a death


def outcome_facts(sentences: Sequence[CaseSentence]) -> tuple[Fact, ...]:
    """Fact `outcome` with its evidence; losing candidates follow with less confidence; () when nothing is told."""
    deaths = [found for sentence in sentences for found in _deaths(sentence)]
    harms = [
        found for sentence in sentences for found in _matches(sentence, _OUTCOMES["serious_harm"])
    ]
    others = [
        found
        for sentence in sentences
        for found in _matches(sentence, _OUTCOMES["other"])
        if not _TOLD["other_guilty"].fits(sentence.folded)
    ]
    good = [
        found for sentence in sentences for found in _matches(sentence, _OUTCOMES["good_practice"])
    ]
    facts = []
    death_score = sum(weight for weight, _, _ in deaths)
    harm_score = sum(weight for weight, _, _ in harms)
    if deaths and (
        max(weight for weight, _, _ in deaths) >= _TRUSTED or death_score >= 2 + harm_score
    ):
        facts.append(
            _fact("death", deaths, 0.6 + 0.35 * death_score / (death_score + 0.3 * harm_score))
        )
    if good and not facts and sum(weight for weight, _, _ in good) > harm_score:
        facts.append(_fact("good_practice", good, 0.6))
    if (
        others
        and not facts
        and max(weight for weight, _, _ in others) >= _TRUSTED
        and sum(weight for weight, _, _ in others) >= 0.6 * harm_score
    ):
        facts.append(_fact("other", others, 0.5))
    if harms and not facts and harm_score >= 0.9:
        facts.append(_fact("serious_harm", harms, 0.55 + 0.3 * harm_score / (harm_score + 3)))
    return tuple(facts)


def _fact(
    outcome: str, found: Sequence[tuple[float, CaseSentence, str]], confidence: float
) -> Fact:
    _, sentence, raw = max(found, key=lambda one: one[0])
    return sentence.fact("outcome", outcome, raw, confidence, "outcome words")


def _deaths(sentence: CaseSentence) -> Iterator[tuple[float, CaseSentence, str]]:
    """Words of death in a sentence that are not another person's, an attempt, a threat or denied."""
    folded = sentence.folded
    if _TOLD["death_of_other"].fits(folded) or _TOLD["subject_guilty"].fits(folded):
        return
    for match in _OUTCOMES["death"].find(folded):
        before, after = folded[: match.start()], folded[match.end() :]
        if before.endswith(" to ") and not match[0].startswith("death"):
            continue
        if _TOLD["other_who"].fits(before) and not after.startswith(" by "):
            continue
        if is_denied(folded, match.start(), match.end()):
            continue
        yield sentence.weight, sentence, match[0]
        return


def _matches(sentence: CaseSentence, rule: Rule) -> Iterator[tuple[float, CaseSentence, str]]:
    match = rule.search(sentence.folded)
    if match and not is_denied(sentence.folded, match.start(), match.end()):
        yield sentence.weight, sentence, match[0]
