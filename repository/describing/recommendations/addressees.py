"""Whom a recommendation addresses, as printed."""

from __future__ import annotations

import re

from casereviews.repository.vocabulary.rules import load_rules

_RULES = load_rules("addressees")
# The forms of a recommendation that name whom it addresses, in the order in which they are tried.
_FORMS = _RULES.of("labelled", "before_modal", "subjunctive", "welsh", "named", "trailing")
_ARTICLE = re.compile(rf"^{_RULES['article'].words}\s+", re.IGNORECASE)
_IMPERATIVE = re.compile(rf"(?:to )?{_RULES['imperative'].words}\b", re.IGNORECASE)
_MOST_WORDS = 14


def addressee(text: str) -> str | None:
    """The body that a recommendation's own words address ("The Board should..." is Board), None when unsaid."""
    flat = " ".join(text.split())
    for form in _FORMS:
        if (match := form.search(flat)) and (who := named_body(match["who"])):
            return who
    return None


def heading_addressee(heading: str) -> str | None:
    """The body that a heading over recommendations names ("Recommendations for the Police" is Police)."""
    match = _RULES["heading"].search(heading)
    if match:
        return named_body(match["who"])
    plain = re.sub(r"^\d+(?:\.\d+)*[.)]?\s+", "", heading).rstrip(": ")
    return named_body(plain) if len(plain.split()) <= 8 else None


def named_body(words: str) -> str | None:
    """Words without their article when they name a body, else None."""
    who = _ARTICLE.sub("", words.strip(" ,"))
    if not who or len(who.split()) > _MOST_WORDS or _RULES["no_body"].fits(who):
        return None
    return who if _RULES["body"].fits(who) else None


def directs(text: str) -> bool:
    """True when a sentence tells somebody to do something: "The Board should", "is asked to", "Review the..."."""
    return _RULES["directs"].fits(text) or bool(_IMPERATIVE.match(text.strip()))
