"""Where a sentence stands: does it tell of this case, or of another one, of people at large, of a question, a wish; and is what it names denied.

Every report names neglect and abuse in its legal basis, its terms of reference, its glossary, in what it looked for and did not find, and in
what it remembers of other reviews. None of that says anything of the child. One model serves themes, harms, ages, outcomes and status. The
words are rule data with examples and counter-examples (`standing.toml`, `general.toml`, `negation.toml`).
"""

from __future__ import annotations

import re
from functools import lru_cache

from casereviews.repository.vocabulary.rules import Rules, load_rules

CASE, DENIED, OTHER_CASE, OF_ANOTHER, OF_THEIR_CHILD, OWN_CHILDHOOD = (
    "case",
    "denied",
    "other_case",
    "of_another",
    "of_their_child",
    "own_childhood",
)
AT_LARGE, ASKED, WISHED, SINCE, LAW = "at_large", "asked", "wished", "since", "law"
STANDINGS = {
    CASE: "told of this case",
    DENIED: "denied",
    OTHER_CASE: "told of another case",
    OF_ANOTHER: "told of somebody else than the child",
    OF_THEIR_CHILD: "told of the child, not of the parent",
    AT_LARGE: "said of people at large",
    ASKED: "asked, not answered",
    WISHED: "wished for in future",
    SINCE: "done since",
    LAW: "law, definition, method or reference",
    OWN_CHILDHOOD: "told of an adult's own childhood",
}
"""Every standing and its words for people; `Fact.standing` holds the code."""

# Sections whose words never count for the case, and how what stands in them stands.
SILENT_SECTIONS = {
    "terms_of_reference": ASKED,
    "glossary": LAW,
    "appendix": LAW,
    "known_at_large": AT_LARGE,
    "ruled_out": DENIED,
    "changes": SINCE,
}
# A sentence that names this many kinds of harm is a list of definitions, not an account.
HARMS_OF_A_LIST = 4

_GENERAL = load_rules("general")
_NEGATION = load_rules("negation")
_STANDING = load_rules("standing")
_ADULT = load_rules("people")["of_an_adult"]


OTHER_MEANINGS = load_rules("other_meanings")
_IN_REPORTS = OTHER_MEANINGS.having("in_reports")
_AROUND = 60  # characters beside words in which others may make them mean another thing
_DENIED_BEFORE, _DENIED_AFTER = _NEGATION["denied_before"], _NEGATION["denied_after"]
_NO_FAULT_AFTER = _NEGATION["no_fault_after"]
_CLAUSE = re.compile(rf"[;:]|\b{_NEGATION['clause'].words}\b")
_REACH = 120  # characters before and after a word in which it is denied
# A weak word before one of these names a service ("housing department"), not a circumstance.
_THING = re.compile(rf" {_GENERAL['thing'].words}\b")
_SERVICE = re.compile(rf" {_GENERAL['service'].words}\b")


@lru_cache(maxsize=4096)
def standing_of(sentence: str) -> str:
    """The standing of a whole folded sentence; CASE where nothing speaks against it. Law is told by `general_places` too."""
    if _STANDING["apparatus"].fits(sentence):
        return LAW
    if _STANDING["asked"].fits(sentence):
        return ASKED
    if _STANDING["other_case"].fits(sentence):
        return OTHER_CASE
    if _STANDING["research"].fits(sentence):
        return AT_LARGE
    if _STANDING["since"].fits(sentence):
        return SINCE
    if (
        _STANDING["wished"].fits(sentence)
        and not _STANDING["should_have"].fits(sentence)
        and not _STANDING["wished_then"].fits(sentence)
    ):
        return WISHED
    if _STANDING["services_at_large"].fits(sentence) and not tells_of_the_past(sentence):
        return AT_LARGE
    if (
        _STANDING["at_large"].fits(sentence)
        and not _STANDING["happened"].fits(sentence)
        and not _STANDING["this_case"].fits(sentence)
    ):
        return AT_LARGE
    return CASE


def tells_of_the_past(sentence: str) -> bool:
    """True for a folded sentence that says what has happened."""
    return _STANDING["happened"].fits(sentence)


@lru_cache(maxsize=4096)
def is_of_own_childhood(sentence: str) -> bool:
    """True for a folded sentence that tells of an adult's own early life."""
    return _STANDING["own_childhood"].fits(sentence)


def names_a_service(folded: str, end: int) -> bool:
    """True when the word that ends at folded[end] is part of the name of a service."""
    return bool(_SERVICE.match(folded, end))


def names_a_thing(folded: str, end: int) -> bool:
    """True when the words that end at folded[end] are part of the name of a check or a place, whoever has it."""
    return bool(_THING.match(folded, end))


def means_another_thing(
    theme: str, folded: str, start: int, end: int, among: Rules = _IN_REPORTS
) -> bool:
    """True when the words of a theme at folded[start:end] are part of others of another meaning, `among` those that are looked for ("the
    working culture" of a service is no family's)."""
    if theme not in among.codes:
        return False
    first = max(0, start - _AROUND)
    around = folded[first : end + _AROUND]
    return any(
        first + place.start() < end and start < first + place.end()
        for rule in among
        if rule.code == theme
        for place in rule.find(around)
    )


def general_places(folded: str) -> list[int]:
    """The offsets in a folded text of words that mark a sentence as law, definition, method or advice."""
    return [phrase.start for phrase in _GENERAL.phrases(folded)]


def _clause_before(sentence: str, start: int) -> str:
    """What stands before sentence[start] in its clause: as much as any rule here looks at."""
    return _CLAUSE.split(sentence[max(0, start - 2 * _REACH) : start])[-1][-_REACH:]


def is_denied(sentence: str, start: int, end: int) -> bool:
    """True when a folded sentence denies what stands at sentence[start:end]."""
    before = _clause_before(sentence, start)
    return (
        _DENIED_BEFORE.fits(before)
        or _NEGATION["not"].fits(before[-60:])
        or _DENIED_AFTER.fits(sentence[end : end + _REACH])
    )


def is_without_fault(sentence: str, start: int, end: int) -> bool:
    """True when a folded sentence says that practice was not wanting in what stands at sentence[start:end].

    Practice is told of by its absence ("no evidence of professional curiosity"), so that a bare denial does not undo it.
    """
    before = _clause_before(sentence, start)
    return _NEGATION["no_fault_before"].fits(before) or _NO_FAULT_AFTER.fits(
        sentence[end : end + _REACH]
    )


_SUBJECT = re.compile(r"\b(he|she)\b")
_OF_THE_SUBJECT = {"he": re.compile(r"\bhis $"), "she": re.compile(r"\bher $")}


def is_said_of_their_child(sentence: str, start: int, parent: int) -> bool:
    """True when what a folded sentence says at `start` is said of the child of the parent who stands at `parent`, after it: "he used drugs,
    and relations with his mother were strained". A parent who stands before it may be who is meant."""
    before = sentence[:start]
    subjects = _SUBJECT.findall(before)
    return bool(
        subjects
        and start < parent
        and _OF_THE_SUBJECT[subjects[-1]].search(sentence[:parent])
        and not _ADULT.fits(before)
    )


def is_said_of_a_class(sentence: str, start: int) -> bool:
    """True when what a folded sentence says at `start` is said of people of a kind, beside what it tells of the case ("especially those in care")."""
    return _STANDING["of_a_class"].fits(sentence[max(0, start - 80) : start])


def is_said_of_another(sentence: str, start: int) -> bool:
    """True when what a folded sentence says at `start` is said of an adult or another child: one stands right before, and nobody after it."""
    return _STANDING["said_of_another"].fits(sentence[max(0, start - 80) : start])
