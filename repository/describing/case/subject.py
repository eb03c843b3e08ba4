"""Sex and number of the children of the review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from casereviews.repository.describing.agreement import TWO_SEXES
from casereviews.repository.describing.case.cast import OTHER, SUBJECT
from casereviews.repository.describing.case.sentences import CaseSentence
from casereviews.repository.model import Fact
from casereviews.repository.vocabulary.rules import load_rules

_SEXES = load_rules("sex")
_TOLD = load_rules("sex_circumstances")
_NUMBER = load_rules("number_of_children")
_NUMBERS = {word: at for at, word in enumerate(load_rules("numbers")["number"].phrases, 1)}
_INTRODUCTION, _NOUN, _PRONOUN, _DOUBTFUL = 4.0, 1.0, 0.5, 0.1
_LEAST = 0.7  # weight of the sentences that must agree before a sex is told
_SHARE = 0.72  # share of the weight that one sex must have; with less it is not told

_ALIKE_LEAST, _ALIKE = (
    2.0,
    0.6,
)  # weight of each of two sexes that are told alike; least share of the weaker


def sex_facts(sentences: Sequence[CaseSentence], labels: Sequence[str] = ()) -> tuple[Fact, ...]:
    """One fact `sex`: girl, boy, mixed or other; not_stated (derived) when no sentence tells it safely, or the report keeps it back.
    Where sentences tell two sexes of the one child alike, those two are facts beside it, which conflict.

    What is said of a parent, a sibling or a worker counts for nothing: a noun or a pronoun votes when it means the child (`case.cast`).
    `labels` are those of the case: of several children each is asked for itself.
    """
    told = [one for one in sentences if one.of_the_case]
    for sentence in told:
        if match := _TOLD["withheld"].search(sentence.folded):
            why = "the report does not give it"
            return (sentence.fact("sex", "not_stated", match[0], 0.9, why),)
    for sentence in told:
        if sentence.weight < 1.5:
            continue
        match = _TOLD["other"].search(sentence.folded)
        if match and sentence.owner(match.start()) != OTHER:
            return (sentence.fact("sex", "other", match[0], 0.6, "sex words"),)
        match = _TOLD["mixed"].search(sentence.folded)
        if (
            match
            and not any(
                one.end <= match.start() and (one.whose == OTHER or one.possessor)
                for one in sentence.people
            )
            and not _TOLD["of_family"].fits(sentence.folded[: match.start()])
        ):
            return (sentence.fact("sex", "mixed", match[0], 0.7, "sex words"),)
    votes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    best: dict[str, tuple[float, CaseSentence, str]] = {}
    for sentence in told:
        for key, sex, raw, strength in _votes(sentence):
            weight = strength * sentence.weight
            votes[key][sex] += weight
            if sex not in best or weight > best[sex][0]:
                best[sex] = (weight, sentence, raw)
    sexes = {key: sex for key, found in votes.items() if (sex := _settled(found))}
    if len(set(sexes.values())) > 1:
        _, sentence, raw = best["girl"]
        return (sentence.fact("sex", "mixed", raw, 0.6, "sexes of several children"),)
    if sexes:
        total: dict[str, float] = defaultdict(float)
        for found in votes.values():
            for sex, weight in found.items():
                total[sex] += weight
        sex = next(iter(sexes.values()))
        share = total[sex] / sum(total.values())
        _, sentence, raw = best[sex]
        return (sentence.fact("sex", sex, raw, 0.35 + 0.6 * share, "sex words"),)
    if len(sentences) < 1:
        return ()
    if (both := votes.get("")) and _told_alike(both) and not _are_several(sentences, labels):
        alike = (best[sex][1].fact("sex", sex, best[sex][2], 0.5, "sex words") for sex in both)
        return (Fact("sex", "not_stated", "", "derived", 0.55, rule=TWO_SEXES), *alike)
    return (Fact("sex", "not_stated", "", "derived", 0.3, rule="no words that tell the sex"),)


def _settled(votes: dict[str, float]) -> str:
    """The sex that the votes for one child agree upon, "" when they do not."""
    sex, weight = max(votes.items(), key=lambda vote: vote[1])
    return sex if weight >= _LEAST and weight / sum(votes.values()) >= _SHARE else ""


def _told_alike(votes: dict[str, float]) -> bool:
    """True when two sexes are told of one child about as often, each more than once in passing."""
    weights = sorted(votes.values())
    return len(weights) == 2 and weights[0] >= _ALIKE_LEAST and weights[0] >= _ALIKE * weights[1]


def _are_several(sentences: Sequence[CaseSentence], labels: Sequence[str]) -> bool:
    return len(labels) > 1 or any(fact.value != "1" for fact in number_facts(sentences))


def _votes(sentence: CaseSentence) -> Iterator[tuple[str, str, str, float]]:
    """What one sentence says of the child's sex: the child, the sex, the words and their strength; each child once a sentence."""
    said: dict[tuple[str, str], tuple[str, float]] = {}
    for one in sentence.people:
        if one.whose != SUBJECT or not one.sex:
            continue
        raw = sentence.folded[one.start : one.end]
        if one.introduced:
            strength = _INTRODUCTION
        elif one.pronoun:
            strength = _PRONOUN if one.sure else _DOUBTFUL
        else:
            strength = _NOUN if one.sure else 0.4
        known = said.get((one.key, one.sex))
        if known is None or known[1] < strength:
            said[(one.key, one.sex)] = (raw, strength)
    for rule in _SEXES:
        match = rule.search(sentence.folded)
        before = [one for one in sentence.people if match and one.end <= match.start()]
        if match and (not before or before[-1].whose != OTHER):
            said.setdefault(("", rule.code), (match[0], _NOUN))
    for (key, sex), (raw, strength) in said.items():
        yield key, sex, raw, strength


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
