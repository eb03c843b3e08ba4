"""The way from what is said of a review to the sentence that says so, on its page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from casereviews.collection.output.addresses import sentence_address
from casereviews.collection.output.hostile import flat, for_line
from casereviews.collection.output.worded_facts import value_in_words
from casereviews.repository.fields import DESCRIBED, PUBLISHED, Field
from casereviews.web.dates import date_in_words
from casereviews.web.rendering import marked

if TYPE_CHECKING:
    from casereviews import Reason, Review, Vocabulary
    from casereviews.repository.model import Fact

ORIGINS = {
    "title": "its title on the publisher’s list",
    "listing": "the publisher’s page",
    "page": "its first pages",
    "text": "its text",
    "derived": "worked out from other facts, or from who published it",
    "manual": "corrected by hand",
}
"""Where a fact was read when no page can be named (`Fact.origin`)."""
NO_SENTENCE = Markup()


@dataclass(frozen=True, slots=True)
class Told:
    """A value of a field in words, and where it says so: a sentence with its telling words marked, and its page's address ("" without)."""

    words: str
    where: str = ""
    sentence: Markup = NO_SENTENCE
    href: str = ""


@dataclass(frozen=True, slots=True)
class ToldField:
    """A field of a review with its values; none where it is not known."""

    label: str
    told: tuple[Told, ...]


def told_fields(review: Review, vocabulary: Vocabulary) -> tuple[ToldField, ...]:
    """The fields that `casereviews show` has, each value with the best evidence that is kept of it."""
    from casereviews.collection.asking.reasons import reasons_of

    winning = [one for one in reasons_of(review) if one.state == "wins"]
    return tuple(
        ToldField(field.label, tuple(_told(field, value, winning, vocabulary) for value in values))
        for field in PUBLISHED
        if field.shown
        for values in (_values(review, field),)
    )


def _values(review: Review, field: Field) -> tuple[str, ...]:
    value = review.field(field.published)
    if isinstance(value, tuple):
        return tuple(map(str, value))
    return () if value in (None, "") else (str(value),)


def _told(field: Field, value: str, winning: Iterable[Reason], vocabulary: Vocabulary) -> Told:
    """A value with the evidence that names a page, if any does; the best document's before another's."""
    of_value = [
        one
        for one in winning
        if one.fact.field == field.name and (value == one.fact.value or value in _parts(one.fact))
    ]
    best = min(of_value, key=lambda one: one.fact.page is None, default=None)
    words = for_line(flat(vocabulary.worded(field, value)))
    words = date_in_words(words) if field.form == "date" else words
    return told_fact(best.document_id, best.fact, words) if best else Told(words)


def _parts(fact: Fact) -> list[str]:
    return fact.value.split("|")


def told_fact(document_id: str, fact: Fact, words: str) -> Told:
    """A fact in the given words, with its evidence."""
    where, href = ORIGINS.get(fact.origin, ""), ""
    if fact.page:
        where = f"page {fact.page}"
        href = sentence_address(document_id, fact.page, fact.evidence)
    evidence = fact.evidence or ("" if fact.origin == "derived" else fact.raw)
    return Told(words, where, sentence_marked(evidence, fact.raw), href)


def sentence_marked(sentence: str, raw: str) -> Markup:
    """A sentence on one line with the words that speak of a value marked."""
    line, words = for_line(sentence), for_line(raw)
    at = line.casefold().find(words.casefold()) if words and words != line else -1
    return marked(line, [(at, at + len(words))] if at >= 0 else [])


def name_of(reason: Reason) -> str:
    """What the field of a reason is called."""
    field = DESCRIBED.get(reason.fact.field)
    return field.label if field else for_line(reason.fact.field)


def state_of(reason: Reason) -> str:
    """How a reason fares, in words."""
    from casereviews.collection.asking.reasons import STATES

    states = {"wins": "stands", "loses": "does not stand", "conflicts": "in conflict", **STATES}
    return states.get(reason.state, reason.state)


def value_of(reason: Reason, vocabulary: Vocabulary) -> str:
    """The value of a reason in words."""
    return for_line(value_in_words(reason.fact.field, reason.fact.value, vocabulary)) or "(none)"
