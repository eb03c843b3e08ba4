"""The themes that a described case tells of in everyday words: what was done, by whom and to whom, rather than a theme's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from casereviews.index.similar.matters import is_an_adults
from casereviews.repository.describing.standing import (
    is_denied,
    is_of_own_childhood,
    is_said_of_another,
)
from casereviews.repository.describing.text.running_text import fold
from casereviews.repository.vocabulary.rules import Hit, load_rules

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")
# What cannot be of a child of these ages alone.
_OF_NO_INFANT = frozenset(
    {
        "child_home_education",
        "child_mental_health",
        "child_missing",
        "child_school_exclusion",
        "child_substance",
        "child_young_carer",
        "harm_cce",
        "harm_cse",
        "harm_hsb",
        "harm_online",
        "harm_suicide_self_harm",
        "harm_youth_violence",
    }
)
_OF_INFANTS = frozenset({"child_infancy_birth", "harm_infant_bruising", "harm_sudi"})
# The fire, the water or the knife by which a parent killed is no accident and no harm among young people.
_OF_NO_SMALL_CHILD = frozenset({"child_mental_health", "child_substance", "harm_suicide_self_harm"})
_NOT_BESIDE_A_KILLING = frozenset(
    {"harm_accident_ingestion", "harm_cse", "harm_hsb", "harm_youth_violence"}
)
# What one does to another or what came of a thing: its two words tell it in one breath, not on both sides of a comma ("script, baby").
_DONE_BY_SOMEBODY = frozenset(
    {
        "harm_accident_ingestion",
        "harm_cce",
        "harm_cse",
        "harm_fii",
        "harm_homicide",
        "harm_honour_culture",
        "harm_hsb",
        "harm_online",
        "harm_youth_violence",
    }
)
_DONE_BY_THE_CHILD = frozenset({"harm_cce", "harm_suicide_self_harm"})
_INJURIES = frozenset({"harm_infant_bruising", "harm_physical_abuse"})
_PRETENDED = ("girl", "boy")
_WITHIN = {
    "adoption": "parent_own_history",
    "looked_after": "parent_own_history",
    "child_disability": "parent_learning_disability",
    "child_looked_after": "parent_own_history",
    "child_other_care": "parent_own_history",
    "child_school_exclusion": "child_home_education",
    "child_substance": "harm_cce",
    "harm_accident_ingestion": "harm_physical_abuse",
    "harm_cse": "harm_cce",
}
_WHOSE = load_rules("whose_matter")
_CHILD = re.compile(
    r"(?:our |the |a )?(?:boy|girl|lad|lass|child|son|daughter|baby|toddler|teenager)\b"
)
MOST_BETWEEN = 7  # words from a deed to its doer: "girl fell out of an upstairs window in a hotel" is no exploitation


def themes_told(text: str, bands: Collection[str] = ()) -> tuple[str, ...]:
    """Ids of themes, in the order of the rules: of sentences that assert them, of the child where a theme is the child's; `bands` are its ages."""
    unfit = "of_infants" if "under_1" not in bands else "of_no_infant" if len(bands) == 1 else ""
    rules = load_rules("described_themes")
    found = set()
    for sentence in map(fold, _SENTENCE_END.split(text)):
        # Rule by rule: one look by all of them would be made ready for a single text.
        for hit in (Hit(rule, match) for rule in rules for match in rule.find(sentence)):
            if not (
                hit.rule.more.get(unfit)
                or is_denied(sentence, *hit.match.span())
                or is_the_mothers(hit.code, hit.match[0], sentence)
                or is_of_others(hit.code, hit.match[0], sentence)
                or is_no_familys(hit.code, text)
                or is_between_adults(hit.code, hit.match[0], text)
                or is_an_adults_matter(hit.code, hit.match[0], sentence)
                or is_a_carers(hit.code, hit.match[0], sentence)
                or (hit.code.startswith("harm_") and is_of_own_childhood(sentence))
            ):
                found.add(hit.code)
    return tuple(code for code in rules.codes if code in found)


def without_pretended(text: str) -> str:
    """The text without children whom somebody pretends to be, or was thought to be: they are nobody's age and sex."""
    rules = load_rules("other_meanings")
    text = text.replace("‘", "'").replace("’", "'")
    for code in _PRETENDED:
        text = re.sub(rules[code].whole, "somebody", text, flags=re.IGNORECASE)
    return text


def is_of_others(theme: str, raw: str, text: str) -> bool:
    """True when the words `raw` of a theme stand only within those of another: of care, in a parent's history; of absence, in lessons at home."""
    if theme not in _WITHIN:
        return False
    other = load_rules("described_themes")[_WITHIN[theme]]
    return fold(raw) not in other.pattern.sub(" ", fold(text))


def is_an_adults_matter(theme: str, raw: str, text: str) -> bool:
    """True when the words `raw` of a child's theme stand only where a sentence tells them of an adult or another child ("dad has PTSD", "girl 15, mum
    smokes cannabis")."""
    return _is_the_childs(theme) and _is_so_of_each(raw, text, _is_anothers)


def is_a_carers(theme: str, raw: str, text: str) -> bool:
    """True when the words `raw` of a theme of parents stand only where a sentence tells them of somebody who cares for another's child."""
    return theme.startswith("parent_") and _is_so_of_each(
        raw, text, lambda sentence, at, _: _WHOSE["carer_before"].fits(sentence[:at])
    )


def _is_so_of_each(raw: str, text: str, is_so: Callable[[str, int, str], bool]) -> bool:
    """Whether something is so of each place, a sentence and an offset, where the words stand; False where they stand nowhere."""
    said = fold(raw)
    places = [(one, one.find(said)) for one in map(fold, _SENTENCE_END.split(text)) if said in one]
    return bool(places) and all(is_so(sentence, at, said) for sentence, at in places)


def _is_anothers(sentence: str, at: int, said: str) -> bool:
    """Whose what is `said` is, by who stands before it; of words that begin with the child and end with what is told, before their last."""
    if _CHILD.match(said):
        at += said.rfind(" ") + 1
    return is_an_adults(sentence, at) or is_said_of_another(sentence, at)


def is_between_adults(theme: str, raw: str, text: str) -> bool:
    """True when the words `raw` of a blow stand only in what is told of violence between adults, or in sentences of that which name no child."""
    if theme != "harm_physical_abuse":
        return False
    adults = load_rules("described_themes")["family_domestic_abuse"]
    people = load_rules("described_people").of("a_girl", "a_boy", "sister", "brother", "the_child")
    blow = fold(raw)
    for sentence in map(fold, _SENTENCE_END.split(text)):
        told = adults.pattern.sub(" ", sentence)
        if blow in sentence and blow in told and (told == sentence or people.fits(sentence)):
            return False
    return True


def is_told_apart(theme: str, raw: str) -> bool:
    """True when the words `raw` of a harm that somebody does stand far apart, or on both sides of a comma: two things are told, no doer and deed."""
    return theme in _DONE_BY_SOMEBODY and bool(
        re.search(r"[,;(]", raw) or len(raw.split()) > MOST_BETWEEN
    )


def is_no_familys(theme: str, text: str) -> bool:
    """True for a killing in the family where a text names nobody of one."""
    return theme == "harm_homicide" and not _WHOSE["kin"].fits(fold(text))


def is_the_mothers(theme: str, raw: str, text: str) -> bool:
    """True when the words `raw` of an injury stand where a sentence has spoken of a mother alone."""
    if theme not in _INJURIES:
        return False
    for sentence in map(fold, _SENTENCE_END.split(text)):
        at = sentence.find(fold(raw))
        if at >= 0 and not _WHOSE["mother_throughout"].fits(sentence[:at]):
            return False
    return True


def lacks_its_people(theme: str, text: str) -> bool:
    """True for a theme of parents where a text names none: "substance use" of a boy is his."""
    return theme.startswith("parent_") and not _WHOSE["parents"].fits(fold(text))


def possible(themes: Collection[str], bands: Collection[str]) -> tuple[str, ...]:
    """The themes that can be of children of these age bands; all where no age is told."""
    excluded: frozenset[str] = frozenset()
    if bands and set(bands) <= {"under_1"}:
        excluded = _OF_NO_INFANT
    elif bands and not set(bands) & {"under_1", "1_5"}:
        excluded = _OF_INFANTS
    elif bands and "under_1" not in bands:
        excluded = frozenset({"harm_infant_bruising", "child_infancy_birth"})
    if bands and set(bands) <= {"under_1", "1_5"}:
        excluded |= _OF_NO_SMALL_CHILD
    elif bands and "harm_suicide_self_harm" in themes and set(bands) <= {"11_15", "16_17"}:
        excluded |= {"harm_accident_ingestion"}
    if "harm_homicide" in themes:
        excluded |= _NOT_BESIDE_A_KILLING
        if bands and not set(bands) & {"11_15", "16_17"}:
            excluded |= {"harm_suicide_self_harm"}
    return tuple(one for one in dict.fromkeys(themes) if one not in excluded)


def _is_the_childs(theme: str) -> bool:
    return theme.startswith("child_") or theme in _DONE_BY_THE_CHILD
