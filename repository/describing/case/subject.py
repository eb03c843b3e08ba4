"""Sex and number of the children of the review."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from casereviews.repository.describing.case.sentences import OTHER, SUBJECT, CaseSentence
from casereviews.repository.model import Fact

_NOUNS = (
    (
        "boy",
        re.compile(
            r"\b(?:boys?|schoolboys?|young (?:man|men)|twin boys|stepson|grandson|male (?:child|infant|baby|young person)|(?:child|infant|baby) was male|(?:gender|sex):? male|lad)\b"
        ),
    ),
    (
        "girl",
        re.compile(
            r"\b(?:girls?|schoolgirls?|young (?:woman|women)|twin girls|stepdaughter|granddaughter|female (?:child|infant|baby|young person)|(?:child|infant|baby) was female|(?:gender|sex):? female)\b"
        ),
    ),
    ("boy", re.compile(r"\b(?:two|three|four|five|both|the|twin|these) brothers\b|\bsons?\b")),
    ("girl", re.compile(r"\b(?:two|three|four|five|both|the|twin|these) sisters\b|\bdaughters?\b")),
)
_OTHERS_CHILD = re.compile(
    r"\b(?:half|older|younger|elder|eldest|another|other|previous|step|first|second)(?: \w+)? $"
)
_OTHER_SEX = re.compile(
    r"\b(?:trans(?:gender| girl| boy)?|non binary|gender (?:fluid|questioning|identity)|identif(?:ied|ies|ying) as (?:a )?(?:male|female|boy|girl))\b"
)
_MIXED = re.compile(
    r"\b(?:boys? and (?:an? )?(?:\w+ ){0,3}girls?|girls? and (?:an? )?(?:\w+ ){0,3}boys?|brothers? and (?:his |her |an? )?(?:\w+ ){0,2}sisters?|sisters? and (?:his |her |an? )?(?:\w+ ){0,2}brothers?|sons? and (?:an? )?daughters?|daughters? and (?:an? )?sons?|mixed (?:sex )?siblings?)\b"
)
# Whom the review is about, told at its first mention: "Child Q, a girl who", "the child was a two-year-old boy".
_INTRODUCED = re.compile(
    rf"\b{SUBJECT},?(?: who)?(?: was| is| were)?,? (?:an? |the )(?:[\w ]{{0,40}}? )??(?:(?P<boy>boy|young man|lad)|(?P<girl>girl|young woman))\b"
)
_INTRODUCTION = 4.0
_PLURAL = re.compile(r"(?:boys|girls|sons|daughters|brothers|sisters|men|women|lads)$")
_OF_SEVERAL = re.compile(
    r"(?:Famil|Teulu|Operation|Setting|Nursery|School|Home|Hospital|Children|Siblings|Twins|Two |Three |Four |Five |Six |Seven )"
)
_PRONOUN = re.compile(r"\b(?:(?P<boy>he|him|his|himself)|(?P<girl>she|her|herself))\b")
_ANYONE_ELSE = re.compile(rf"\b{OTHER}\b")
_SUBJECT = re.compile(rf"\b{SUBJECT}\b")
_LEAST = 0.7  # weight of the sentences that must agree before a sex is told
_SHARE = 0.72  # share of the weight that one sex must have; with less it is not told

_COUNT_WORDS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_COUNTED = re.compile(
    r"\b(?P<n>\d{1,2}|two|three|four|five|six|seven|eight|nine|ten) (?:\w+ ){0,2}?(?<!other )(?P<who>children|babies|infants|boys|girls|brothers|sisters|siblings|young people|teenagers|cases|deaths|daughters|sons)\b"
)
_TWINS = re.compile(
    r"\b(?:twin (?:boys|girls|babies|infants|brothers|sisters)|(?:the|both) twins|twins)\b"
)
_ONE = re.compile(
    r"\b(?:an?|the) (?:[\w ]{0,30}? )?(?:boy|girl|baby|infant|child|toddler|teenager|young person|newborn)\b|\b(?:child|baby) [a-z]\b"
)
_ONE_OF = re.compile(r"\b(?:one|a) of (?:the )?(?:\w+ )?(?:twins|siblings)")
_OF_PARENTS = re.compile(
    r"\b(?:mother|father|parents|had|with|her|his|has|other|older|younger|half)\b[^,.;]{0,25}$"
)


def sex_facts(sentences: Sequence[CaseSentence], labels: Sequence[str] = ()) -> tuple[Fact, ...]:
    """One fact `sex`: girl, boy, mixed or other; not_stated (derived) when no sentence tells it safely.

    `labels` are those of the case: of several children a pronoun or one boy tells nothing of the others.
    """
    several = len(labels) > 1 or any(_OF_SEVERAL.match(label) for label in labels)
    for sentence in sentences:
        if sentence.weight < 1.5:
            continue
        folded = sentence.folded
        if (match := _OTHER_SEX.search(folded)) and (
            _SUBJECT.search(folded) or not _ANYONE_ELSE.search(folded)
        ):
            return (sentence.fact("sex", "other", match[0], 0.6, "sex words"),)
        match = _MIXED.search(folded)
        if match and not _ANYONE_ELSE.search(folded[: match.start()]):
            return (sentence.fact("sex", "mixed", match[0], 0.7, "sex words"),)
    votes: dict[str, float] = defaultdict(float)
    best: dict[str, tuple[float, CaseSentence, str]] = {}
    for sentence in sentences:
        for sex, raw, strength in _votes(sentence):
            plural = _PLURAL.search(raw)
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
    introduced = _INTRODUCED.search(folded)
    if (
        introduced
        and not _OTHERS_CHILD.search(folded[: introduced.start()])
        and not _ANYONE_ELSE.search(introduced[0])
    ):
        return [(str(introduced.lastgroup), introduced[0], _INTRODUCTION)]
    for place, (sex, pattern) in enumerate(_NOUNS):
        for match in pattern.finditer(folded):
            if not _OTHERS_CHILD.search(folded[max(0, match.start() - 30) : match.start()]):
                found.append((sex, match[0], 1.0 if place < 2 else 0.6))
                break
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
        for match in _COUNTED.finditer(folded):
            if _OF_PARENTS.search(folded[: match.start()]):
                continue
            number = _COUNT_WORDS.get(match["n"]) or int(match["n"])
            if 1 < number <= 60:
                return (sentence.fact("n_subjects", str(number), match[0], 0.6, "number words"),)
        if (twins := _TWINS.search(folded)) and not _OF_PARENTS.search(folded[: twins.start()]):
            return (sentence.fact("n_subjects", "2", twins[0], 0.5, "twins"),)
        if (one := _ONE.search(folded)) and not _ONE_OF.search(folded):
            return (sentence.fact("n_subjects", "1", one[0], 0.5, "one child"),)
    return ()
