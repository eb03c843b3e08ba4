"""What is told of reviews and facts in words, wherever people read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from casereviews.collection.output.hostile import flat
from casereviews.repository.fields import DESCRIBED, PUBLISHED_AS

if TYPE_CHECKING:
    from casereviews.repository.model import Fact
    from casereviews.repository.vocabulary import Vocabulary

GONE = {
    "removed": "The publisher has removed this from its list.",
    "unlisted": "This is no longer on the publisher's list; its file was still public on the last visit.",
    "missing": "This was missing from the publisher's list on the last visit.",
    "no_longer_published": "The publisher says: no longer published.",
    "unpublished": "The publisher says: not published.",
    "on_request": "The publisher gives it on request.",
    "delayed": "The publisher says: delayed.",
    "not_had": "The publisher lists this; its file could not be had.",
}
"""What an availability means to whoever reads the review; an available one needs no word."""
_AGES = ("age_months_min", "age_months_max")
UNSAID = "not_stated"
"""A value that says that nothing is told."""


def value_in_words(name: str, value: str, vocabulary: Vocabulary) -> str:
    """The value of a described field as people read it; an age in months of a year or more with its years: "131: 10 years"."""
    field = DESCRIBED.get(name)
    words = flat(vocabulary.worded(field, value)) if field else value
    if name in _AGES and words.isdigit() and int(words) >= 12:
        words += f": {int(words) // 12} years"
    return words


def fact_in_words(fact: Fact, vocabulary: Vocabulary) -> str:
    """A fact as people read it, with its page: "Outcome death (p. 3)", "Age in months, most 131: 10 years (p. 2)"."""
    field = DESCRIBED.get(fact.field)
    label = field.label if field else fact.field
    value = value_in_words(fact.field, fact.value, vocabulary)
    return f"{label} {value}" + (f" (p. {fact.page})" if fact.page else "")


def same_facts(facts: Mapping[str, Sequence[str]], vocabulary: Vocabulary) -> list[str]:
    """Codes by published field as people read them, each once: a harm is a theme too."""
    said = (
        flat(vocabulary.worded(PUBLISHED_AS[name], value))
        for name, values in facts.items()
        for value in values
        if value != UNSAID
    )
    return list(dict.fromkeys(said))
