"""Text that speaks of the law, the method or the world rather than of this case; and negation.

Every report names neglect and abuse in its legal basis, its terms of reference, its glossary: such mentions say nothing of the child.
"""

from __future__ import annotations

import re

from casereviews.repository.vocabulary.rules import load_rules

# Sections whose words never count for the case.
SILENT_SECTIONS = frozenset({"terms_of_reference", "glossary", "appendix"})

_GENERAL = load_rules("general")
_NEGATION = load_rules("negation")

# A sentence that names this many kinds of harm is a list of definitions, not an account.
HARMS_OF_A_LIST = 4

_DENIED_BEFORE, _DENIED_AFTER = _NEGATION["denied_before"], _NEGATION["denied_after"]
_CLAUSE = re.compile(rf"[;:]|\b{_NEGATION['clause'].words}\b")
# A weak word before one of these names a service ("housing department"), not a circumstance.
_SERVICE = re.compile(rf" {_GENERAL['service'].words}\b")


def names_a_service(folded: str, end: int) -> bool:
    """True when the word that ends at folded[end] is part of the name of a service."""
    return bool(_SERVICE.match(folded, end))


def general_places(folded: str) -> list[int]:
    """The offsets in a folded text of words that mark a sentence as general."""
    return [phrase.start for phrase in _GENERAL.phrases(folded)]


def is_negated(sentence: str, start: int, end: int) -> bool:
    """True when a folded sentence denies what stands at sentence[start:end]."""
    before = _CLAUSE.split(sentence[:start])[-1]
    return _DENIED_BEFORE.fits(before[-120:]) or _DENIED_AFTER.fits(sentence[end : end + 90])
