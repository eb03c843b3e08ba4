"""What was recommended, and to whom: which of many recommendations are quoted."""

from __future__ import annotations

from collections.abc import Collection as Several
from collections.abc import Sequence

from casereviews.collection.briefing.recommended import Addressees, Joined
from casereviews.collection.briefing.records import Addressed, Quotation, Recommended
from casereviews.collection.briefing.reports import Room, hidden_labels, quotation_of
from casereviews.collection.briefing.sentences import as_recommended, stands_on
from casereviews.collection.briefing.topic import Topic
from casereviews.repository.describing.text.running_text import fold
from casereviews.repository.model import Reading
from casereviews.repository.record.derived import Derived
from casereviews.repository.vocabulary import Vocabulary

MOST_RECOMMENDED, MOST_OF_BODY = 18, 4
FEWEST_RECOMMENDED = 6
WORTH_QUOTING = 1.5
"""Recommendations that name the topic, that a review about it makes, or that four reviews make, are quoted; where they are fewer, the next and newest too."""
LONGEST_RECOMMENDATION = 420
"""Characters of a recommendation that is quoted: of a longer one its first whole sentences."""


def by_addressee(
    derived: Derived,
    groups: Sequence[Joined],
    topic: Topic,
    about: Several[str],
    vocabulary: Vocabulary,
) -> list[Addressed]:
    """Recommendations by whom they address; those that name the topic or that several reviews make are shown."""
    addressees = Addressees(vocabulary)
    by_body: dict[str, list[Joined]] = {}
    for group in groups:
        by_body.setdefault(addressees.code(group.addressee), []).append(group)
    worth = {id(one): _worth_of_group(one, topic, about) for one in groups}
    ranked = sorted(groups, key=lambda one: (-worth[id(one)], -(one.made[0].year or 0)))
    telling = [one for one in ranked if worth[id(one)] >= WORTH_QUOTING]
    if len(telling) < FEWEST_RECOMMENDED:
        telling = ranked[:FEWEST_RECOMMENDED]
    room = Room([])
    readings: dict[str, Reading | None] = {}
    shown: dict[str, list[Recommended]] = {}
    for group in telling:
        code = addressees.code(group.addressee)
        if sum(map(len, shown.values())) == MOST_RECOMMENDED:
            break
        if len(shown.get(code, ())) == MOST_OF_BODY:
            continue
        quotation = _of_group(derived, group, readings)
        if quotation and room.takes(group.made[0].review, fold(quotation.text)):
            one = Recommended(quotation, group.addressee, group.reviews, group.by_year)
            shown.setdefault(code, []).append(one)
    bodies = [
        Addressed(
            code,
            addressees.labels[code],
            len(of_body),
            len({one.review.review_id for group in of_body for one in group.made}),
            tuple(shown.get(code, ())),
        )
        for code, of_body in by_body.items()
    ]
    bodies.sort(key=lambda one: (-one.recommendations, one.code))
    return bodies


def _worth_of_group(group: Joined, topic: Topic, about: Several[str]) -> float:
    """More for what names the topic, less for what a review about it makes, least for what many reviews make of anything."""
    named = topic.is_named(fold(group.made[0].recommendation.text))
    of_topic = any(one.review.review_id in about for one in group.made)
    return 3.0 * named + 1.5 * of_topic + min(1.5, 0.5 * (group.reviews - 1))


def _of_group(
    derived: Derived, group: Joined, readings: dict[str, Reading | None]
) -> Quotation | None:
    """The newest of a group that stands whole on its page."""
    for one in group.made:
        sha256 = one.document.sha256
        if not sha256:
            continue
        text = as_recommended(one.recommendation.text, LONGEST_RECOMMENDATION)
        if text is None or any(
            part.lower() in text.lower()
            for label in hidden_labels(one.review)
            for part in label.split()
        ):
            continue
        if sha256 not in readings:
            readings[sha256] = derived.reading(sha256)
        reading = readings[sha256]
        pages = reading.pages if reading else ()
        page = next((page for page in pages if page.number == one.recommendation.page), None)
        if page and stands_on(text, page.text):
            return quotation_of(one.review, one.document, text, page.number, page.label)
    return None
