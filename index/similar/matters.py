"""What two texts may share as a reason: a concept told of the case, and whose matter it is.

That both texts have a word is likeness, and counts as such; a reason says that both cases have the thing. A report says at large that babies
have a voice, and of the mother that she grew up in care: neither is so of the child. Words are in `rules/whose_matter.toml`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence

from casereviews.index.similar.concepts import Mention, sentence_borders
from casereviews.repository.describing.standing import (
    AT_LARGE,
    CASE,
    SINCE,
    WISHED,
    general_places,
    is_of_own_childhood,
    is_said_of_a_class,
    is_said_of_another,
    standing_of,
)
from casereviews.repository.describing.text.running_text import fold
from casereviews.repository.vocabulary.rules import load_rules

ADULTS, OTHERS, CHILDS = "an adult's of the family", "somebody else's", "the child's"
Matter = tuple[str, str]
"""A concept, and whose it is: ADULTS, OTHERS or CHILDS."""

_WHOSE = load_rules("whose_matter")
_ASPECTS = load_rules("aspects")
_OF_CASE = frozenset({CASE})
# What should be done, and has been since, is what a review learnt about practice; of a child it says nothing.
_OF_PRACTICE = frozenset({CASE, WISHED, SINCE, AT_LARGE})
# States and ages, which parents, aunts and children have alike; an injury or a service is a matter of the case, whoever is named beside it.
STATES = frozenset(
    {
        "adoption",
        "agency_care_providers",
        "alcohol",
        "autism",
        "baby",
        "bereavement",
        "bullying",
        "child_mental_health",
        "conviction",
        "disability",
        "gender",
        "home_educated",
        "learning_disability",
        "long_term_illness",
        "looked_after",
        "missing",
        "new_birth",
        "not_in_school",
        "obesity",
        "offending",
        "overdose",
        "premature",
        "primary_age",
        "self_harm",
        "siblings",
        "substance",
        "suicide",
        "teenager",
        "toddler",
        "trauma",
    }
)
INJURIES = frozenset({"bruise", "fracture", "burns", "head_injury", "physical_harm", "abdomen"})


def matters(text: str, mentions: Iterable[Mention]) -> set[Matter]:
    """The matters of a description, whose every sentence is of its case."""
    return {(one.concept, _whose(one.concept, *place)) for one, place in _placed(text, mentions)}


def matters_of_report(
    text: str, mentions: Iterable[Mention], wanted: Collection[str]
) -> set[Matter]:
    """The matters of a report's passage, of the `wanted` concepts: of sentences that tell of its case."""
    found: set[Matter] = set()
    for one, place in _placed(text, [one for one in mentions if one.concept in wanted]):
        matter = (one.concept, _whose(one.concept, *place))
        if matter not in found and _tells_of_the_case(one.concept, *place[:2]):
            found.add(matter)
    return found


def aspects_of(text: str) -> set[tuple[str, int]]:
    """Of the themes that join several things (`rules/aspects.toml`), which of them a text has words of: the theme, and the number of the rule."""
    folded = fold(text)
    return {(rule.code, at) for at, rule in enumerate(_ASPECTS) if rule.fits(folded)}


def is_one_thing(theme: str) -> bool:
    """False for a theme that joins several things."""
    return theme not in _ASPECTS.codes


def _placed(
    text: str, mentions: Iterable[Mention]
) -> Iterable[tuple[Mention, tuple[str, int, int]]]:
    """Each mention with its folded sentence, and where it begins and ends there."""
    borders: Sequence[int] = []
    for one in mentions:
        borders = borders or sentence_borders(text)
        at = bisect_right(borders, one.start)
        start, end = borders[at - 1], borders[min(at, len(borders) - 1)]
        before = len(fold(text[start : one.start]))
        said = len(fold(text[one.start : one.end]))
        yield one, (fold(text[start:end]), before, before + said)


def _tells_of_the_case(concept: str, sentence: str, start: int) -> bool:
    of_a_class = is_said_of_a_class(sentence, start)
    if of_a_class or (concept in STATES and _WHOSE["afterwards"].fits(sentence)):
        return False
    of_practice = concept.startswith(("practice_", "agency_"))
    standing = standing_of(sentence)
    return standing in (_OF_PRACTICE if of_practice else _OF_CASE) and not general_places(sentence)


def is_an_adults(sentence: str, start: int) -> bool:
    """True when what a folded sentence says at `start` is a matter of an adult of the family, by what stands before it."""
    before = sentence[max(0, start - 80) : start]
    return is_of_own_childhood(sentence) or _WHOSE["adult_before"].fits(before)


def _whose(concept: str, sentence: str, start: int, end: int) -> str:
    if concept in INJURIES and _WHOSE["mother_throughout"].fits(sentence[:start]):
        return ADULTS
    if concept in INJURIES and _WHOSE["adult_is_hurt"].fits(sentence[end : end + 40]):
        return ADULTS
    if concept not in STATES:
        return CHILDS
    if is_an_adults(sentence, start) or _WHOSE["adult_after"].fits(sentence[end : end + 40]):
        return ADULTS
    return OTHERS if is_said_of_another(sentence, start) else CHILDS
