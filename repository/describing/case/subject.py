"""Sex and number of the children of the review."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from casereviews.repository.describing.case.sentences import OTHER, SUBJECT, CaseSentence
from casereviews.repository.model import Fact
from casereviews.repository.vocabulary.rules import load_rules

_NOUNS = load_rules("sex")
_TOLD = load_rules("sex_circumstances")
_LABELS = load_rules("case_labels")
_NUMBER = load_rules("number_of_children")
_NUMBERS = {word: at for at, word in enumerate(load_rules("numbers")["number"].phrases, 1)}
_INTRODUCTION = 4.0
_PRONOUN = _TOLD["pronoun"]
_ANYONE_ELSE = re.compile(rf"\b{OTHER}\b")
_SUBJECT = re.compile(rf"\b{SUBJECT}\b")
_LEAST = 0.7  # weight of the sentences that must agree before a sex is told
_SHARE = 0.72  # share of the weight that one sex must have; with less it is not told


def sex_facts(sentences: Sequence[CaseSentence], labels: Sequence[str] = ()) -> tuple[Fact, ...]:
    """One fact `sex`: girl, boy, mixed or other; not_stated (derived) when no sentence tells it safely.

    `labels` are those of the case: of several children a pronoun or one boy tells nothing of the others.
    """
    several = len(labels) > 1 or any(_LABELS["several"].fits(label) for label in labels)
    for sentence in sentences:
        if sentence.weight < 1.5:
            continue
        folded = sentence.folded
        if (match := _TOLD["other"].search(folded)) and (
            _SUBJECT.search(folded) or not _ANYONE_ELSE.search(folded)
        ):
            return (sentence.fact("sex", "other", match[0], 0.6, "sex words"),)
        match = _TOLD["mixed"].search(folded)
        if match and not _ANYONE_ELSE.search(folded[: match.start()]):
            return (sentence.fact("sex", "mixed", match[0], 0.7, "sex words"),)
    votes: dict[str, float] = defaultdict(float)
    best: dict[str, tuple[float, CaseSentence, str]] = {}
    for sentence in sentences:
        for sex, raw, strength in _votes(sentence):
            plural = _TOLD["plural"].fits(raw)
            if several and not plural:
                continue
            if labels and not several and plural:
                strength *= 0.4  # brothers, class mates, "the boys" beside the one child
            votes[sex] += strength * sentence.weight
            if sex not in best or strength * sentence.weight > best[sex][0]:
                best[sex] = (strength * sentence.weight, sentence, raw)
    if votes:
        sex, weight = max(votes.items(), key=lambda vote: vote[1])
        share = weight / sum(votes.values())
        if weight >= _LEAST and share >= _SHARE:
            _, sentence, raw = best[sex]
            return (sentence.fact("sex", sex, raw, 0.35 + 0.6 * share, "sex words"),)
    if len(sentences) < 1:
        return ()
    return (Fact("sex", "not_stated", "", "derived", 0.3, rule="no words that tell the sex"),)


def _votes(sentence: CaseSentence) -> list[tuple[str, str, float]]:
    """What one sentence says of the subject's sex, with its strength."""
    folded = sentence.folded
    found = []
    introduced = _TOLD["introduced"].search(folded)
    if (
        introduced
        and not _TOLD["of_other"].fits(folded[: introduced.start()])
        and not _ANYONE_ELSE.search(introduced[0])
    ):
        return [(str(introduced.lastgroup), introduced[0], _INTRODUCTION)]
    for rule in _NOUNS:
        if match := rule.search(folded):
            found.append((rule.code, match[0], rule.more["strength"]))
    if not found and not _ANYONE_ELSE.search(folded) and (pronoun := _PRONOUN.search(folded)):
        return [(str(pronoun.lastgroup), pronoun[0], 0.35 if _SUBJECT.search(folded) else 0.3)]
    if not found and (subject := _SUBJECT.search(folded)):
        after = folded[subject.end() :]
        pronoun = _PRONOUN.search(after)
        until = subject.end() + pronoun.start() if pronoun else 0
        if pronoun and not _ANYONE_ELSE.search(folded[:until]):
            found.append((str(pronoun.lastgroup), pronoun[0], 0.6))
    return found


def number_facts(sentences: Sequence[CaseSentence]) -> tuple[Fact, ...]:
    """One fact `n_subjects`: how many children the review is about, from its first telling sentences."""
    for sentence in sentences[:25]:
        if sentence.weight < 1.5:
            continue
        folded = sentence.folded
        for match in _NUMBER["counted"].find(folded):
            if _NUMBER["of_parents"].fits(folded[: match.start()]):
                continue
            number = _NUMBERS.get(match["n"]) or int(match["n"])
            if 1 < number <= 60:
                return (sentence.fact("n_subjects", str(number), match[0], 0.6, "number words"),)
        if (twins := _NUMBER["twins"].search(folded)) and not _NUMBER["of_parents"].fits(
            folded[: twins.start()]
        ):
            return (sentence.fact("n_subjects", "2", twins[0], 0.5, "twins"),)
        if (one := _NUMBER["one"].search(folded)) and not _NUMBER["one_of_twins"].fits(folded):
            return (sentence.fact("n_subjects", "1", one[0], 0.5, "one child"),)
    return ()
