"""What happened to the child of the review: death, serious harm, something else, or good practice to learn from.

A death counts when it is the child's: the person who died, was killed, or whose death is named must be the child, not a parent, a sibling,
a child in another review or "a child" of the law. A child who lives on in the same report did not die.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from casereviews.repository.describing.case.cast import (
    OTHER,
    SUBJECT,
    UNCLEAR,
    Mention,
    grammatical_subject,
)
from casereviews.repository.describing.case.sentences import CaseSentence
from casereviews.repository.describing.standing import is_denied
from casereviews.repository.model import Fact
from casereviews.repository.vocabulary.rules import Rule, load_rules

_OUTCOMES = load_rules("outcomes")
_TOLD = load_rules("outcome_circumstances")
_TELLING = 1.5  # weight of a sentence of the summary, the facts or the opening
_SURE, _DOUBTFUL, _NOBODYS = (
    1.0,
    0.4,
    0.2,
)  # the child's; perhaps the child's; a death of nobody by name
_TRUSTED = 0.7  # the child's by a pronoun that may mean another
_LIFE = 0.6  # of the words that the child lives on, the share that words of its death must exceed
_DEADLY = frozenset({"harm_sudi"})
_HARMS_OF_A_LIST = 4
_ACRONYM = re.compile(r"\b[A-Z]{3,}\d?\b")
_ACRONYMS_OF_A_LIST = 4
_LEAST_HARM = 0.9


@dataclass(frozen=True, slots=True)
class _Found:
    score: float
    sentence: CaseSentence
    raw: str


def outcome_facts(
    sentences: Sequence[CaseSentence], harms: Sequence[Fact] = ()
) -> tuple[Fact, ...]:
    """Fact `outcome` with its evidence; () when nothing is told. `harms` of the case are serious harm where no other outcome is told."""
    told = [one for one in sentences if one.of_the_case]
    deaths = [found for one in told for found in _deaths(one)]
    lives = [found for one in told for found in _lives(one)]
    inquired = [found for one in told for found in _inquired(one)]
    did = [found for one in told if one.weight >= _TELLING for found in _did_harm(one)]
    doers = {id(found.sentence) for found in did}
    hurt = [found for one in told if id(one) not in doers for found in _hurt(one)]
    good = [
        found
        for one in told
        if one.weight >= _TELLING
        for found in _named(one, _OUTCOMES["good_practice"])
    ]
    unhurt = [found for one in told for found in _named(one, _OUTCOMES["other"])]
    death, life, harm = _sum(deaths), _sum(lives), _sum(hurt)
    sure = max((found.score / found.sentence.weight for found in deaths), default=0.0)
    if deaths and death > _LIFE * life and (sure >= _TRUSTED or death >= 2 + harm):
        return (_fact("death", deaths, 0.6 + 0.35 * death / (death + life + 0.3 * harm)),)
    announced = any(one.introduced for found in hurt for one in found.sentence.people)
    if (
        inquired
        and not announced
        and _sum(inquired) > life
        and not any(_others_die(one) for one in told)
    ):
        return (_fact("death", inquired, 0.55),)
    early = _sum(found for found in hurt if found.sentence.weight >= _TELLING)
    if good and _sum(good) > early:
        return (_fact("good_practice", good, 0.6),)
    if did and (_sum(did) > early or any(one.score > one.sentence.weight for one in did)):
        return (_fact("other", did, 0.6),)
    if hurt and harm >= _LEAST_HARM and not (unhurt and _sum(unhurt) > harm):
        return (_fact("serious_harm", hurt, 0.55 + 0.3 * harm / (harm + 3)),)
    if unhurt:
        return (_fact("other", unhurt, 0.5),)
    if deaths and death > life and (death >= _TELLING or (harms and harms[0].value in _DEADLY)):
        return (_fact("death", deaths, 0.5),)
    if harms:
        first = harms[0]
        rule = "harm of the case"
        return (
            Fact(
                "outcome",
                "serious_harm",
                first.raw,
                first.origin,
                0.5,
                first.page,
                first.evidence,
                rule,
            ),
        )
    return ()


def _sum(found: Iterable[_Found]) -> float:
    return sum(one.score for one in found)


def _fact(outcome: str, found: Sequence[_Found], confidence: float) -> Fact:
    best = max(found, key=lambda one: one.score)
    return best.sentence.fact("outcome", outcome, best.raw, confidence, "outcome words")


def _deaths(sentence: CaseSentence) -> Iterator[_Found]:
    """The surest word of a sentence for the child's death, if it has one."""
    best: tuple[float, str] | None = None
    for code, whose in (
        ("died", _before),
        ("killed", _after),
        ("death_of", _after),
        ("deaths_own", _possessor),
        ("a_death", _nobodys),
    ):
        for match in _OUTCOMES[code].find(sentence.folded):
            if _is_no_fact(sentence.folded, match):
                continue
            sure = whose(sentence, match)
            if sure and (best is None or sure > best[0]):
                best = (sure, match[0].strip())
        if best and best[0] >= _SURE:
            break
    if best:
        yield _Found(best[0] * sentence.weight, sentence, best[1])


def _is_no_fact(folded: str, match: re.Match[str]) -> bool:
    return bool(
        _TOLD["not_so"].fits(folded[max(0, match.start() - 90) : match.start()])
        or _TOLD["not_so_after"].fits(folded[match.end() :])
        or is_denied(folded, match.start(), match.end())
    )


def _worth(one: Mention | None) -> float:
    """How surely a death is the child's when it is this person's."""
    if one is None:
        return _DOUBTFUL
    if one.whose == OTHER:
        return 0.0
    if one.whose == UNCLEAR:
        return _DOUBTFUL if not one.plural else _NOBODYS
    return _SURE if one.sure else 0.7


def _before(sentence: CaseSentence, match: re.Match[str]) -> float:
    """The doer of "died": with another before "were" ("she and her mother were killed") any child among the doers."""
    both = sentence.people and any(
        one.pronoun and one.plural and one.whose == SUBJECT and one.end <= match.start()
        for one in sentence.people
    )
    if both:
        return _SURE
    if match[0].startswith("were"):
        people = [one for one in sentence.people if one.end <= match.start() and not one.possessor]
        if any(one.whose == SUBJECT and not one.pronoun for one in people):
            return _SURE
    if match[0].startswith(
        "found "
    ):  # "police found the child dead", "was found by her father hanged"
        within = [one for one in sentence.people if match.start() < one.start < match.end()]
        if within and not _TOLD["passive"].fits(sentence.folded[: match.start()]):
            return _worth(within[0])
    doer = grammatical_subject(sentence.people, sentence.folded, match.start())
    if doer is None and any(one.whose == OTHER for one in sentence.people):
        return _NOBODYS
    return _worth(doer)


def _after(sentence: CaseSentence, match: re.Match[str]) -> float:
    """The person that follows: "the death of the baby", "killed her father"."""
    for one in sentence.people:
        if one.start >= match.end():
            if one.start - match.end() > 40:
                break
            if one.possessor or (
                one.pronoun
                and sentence.folded[one.start : one.end] in ("his", "her", "their")
                and any(
                    next_.start > one.end and next_.start - one.end < 25
                    for next_ in sentence.people
                )
            ):
                continue
            return _worth(one)
    return 0.0


def _possessor(sentence: CaseSentence, match: re.Match[str]) -> float:
    """The person who has the death: "the child's killing", "her death"."""
    for one in sentence.people:
        if one.start <= match.start() <= one.end:
            return _worth(one)
    return _DOUBTFUL if match[0].startswith(("his", "her")) else 0.0


def _nobodys(sentence: CaseSentence, match: re.Match[str]) -> float:
    return 0.0 if _has_kin(sentence) else _NOBODYS


def _has_kin(sentence: CaseSentence) -> bool:
    """True where a sentence speaks of somebody of the family, whose death might be meant; of one who looks into it, it may speak."""
    return any(
        one.whose == OTHER and not _TOLD["onlooker"].fits(one.noun) for one in sentence.people
    )


def _inquired(sentence: CaseSentence) -> Iterator[_Found]:
    """What is only done or written where the child of a review has died: "the inquest", "cause of death"."""
    if len(_ACRONYM.findall(sentence.printed)) >= _ACRONYMS_OF_A_LIST:
        return
    match = _OUTCOMES["inquired"].search(sentence.folded)
    if match and not _is_no_fact(sentence.folded, match) and not _has_kin(sentence):
        yield _Found(sentence.weight, sentence, match[0])


def _others_die(sentence: CaseSentence) -> bool:
    """True where somebody else's death is told that an inquiry elsewhere in the report may be into."""
    for match in _OUTCOMES["killed"].find(sentence.folded):
        if not _is_no_fact(sentence.folded, match) and not _after(sentence, match):
            return True
    for match in _OUTCOMES["sudden"].find(sentence.folded):
        doer = grammatical_subject(sentence.people, sentence.folded, match.start())
        if doer is not None and doer.whose == OTHER and not doer.pronoun:
            return True
    return False


def _lives(sentence: CaseSentence) -> Iterator[_Found]:
    """That the child lives on."""
    for match in _OUTCOMES["lives"].find(sentence.folded):
        if is_denied(sentence.folded, match.start(), match.end()):
            continue
        doer = grammatical_subject(sentence.people, sentence.folded, match.start())
        if doer is not None and doer.whose == SUBJECT and not doer.key:
            yield _Found((1.0 if doer.sure else 0.4) * sentence.weight, sentence, match[0])
            return


def _did_harm(sentence: CaseSentence) -> Iterator[_Found]:
    """That the child of the review did the harm, or was held guilty of it."""
    guilt = _OUTCOMES["guilt_of"].search(sentence.folded)
    if guilt and _after(sentence, guilt) >= _SURE:
        yield _Found(_announced(sentence), sentence, guilt[0])
        return
    for match in _OUTCOMES["did_harm"].find(sentence.folded):
        doer = grammatical_subject(sentence.people, sentence.folded, match.start())
        if doer is None or doer.whose != SUBJECT or is_denied(sentence.folded, *match.span()):
            continue
        if _TOLD["passive"].fits(sentence.folded[: match.start()]):
            continue
        suffered = _OUTCOMES["serious_harm"].search(sentence.folded)
        if suffered and _TOLD["passive"].fits(sentence.folded[: suffered.start()]):
            continue  # "the child was shaken by somebody who was convicted"
        score = _announced(sentence) if doer.sure else 0.5 * sentence.weight
        yield _Found(score, sentence, match[0])
        return


def _announced(sentence: CaseSentence) -> float:
    """The weight of a sentence, twice where it says who the child is: what it tells is why the review was held."""
    return sentence.weight * (2.0 if any(one.introduced for one in sentence.people) else 1.0)


def _hurt(sentence: CaseSentence) -> Iterator[_Found]:
    """Harm that is not another's; a list of kinds of harm tells of none."""
    if _OUTCOMES["other"].fits(sentence.folded):
        return  # "nobody was injured"
    found = [
        match
        for match in _OUTCOMES["serious_harm"].find(sentence.folded)
        if not is_denied(sentence.folded, match.start(), match.end())
    ]
    if len({match[0] for match in found}) >= _HARMS_OF_A_LIST and sentence.place != "abstract":
        return
    for match in found:
        doer = grammatical_subject(sentence.people, sentence.folded, match.start())
        if doer is not None and doer.whose == OTHER:
            children = any(one.whose == SUBJECT for one in sentence.people)
            if not children:
                continue
            yield _Found(0.5 * sentence.weight, sentence, match[0])
            return
        yield _Found(sentence.weight, sentence, match[0])
        return


def _named(sentence: CaseSentence, rule: Rule) -> Iterator[_Found]:
    match = rule.search(sentence.folded)
    if match and not is_denied(sentence.folded, match.start(), match.end()):
        yield _Found(sentence.weight, sentence, match[0])
