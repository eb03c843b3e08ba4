"""What practice was found wanting, by theme, and what was done well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from casereviews.collection.briefing.records import Quotation, Wanting
from casereviews.collection.briefing.reports import ReadReport, Room, quote_of
from casereviews.collection.briefing.sentences import Sentence
from casereviews.collection.briefing.topic import Topic, of_hit
from casereviews.repository.vocabulary import Vocabulary

if TYPE_CHECKING:
    from casereviews.index.results import Results

MOST_THEMES, MOST_OF_THEME, MOST_GOOD = 7, 3, 6
_PLACES_OF_FINDINGS = {
    "findings": 3.0,
    "analysis": 2.0,
    "summary": 1.0,
    "body": 1.0,
    "opening": 0.3,
    "facts": 0.5,
}
_PRAISE = "practice_good"


def found_wanting(
    read: Sequence[ReadReport],
    topic: Topic,
    vocabulary: Vocabulary,
    found: Results,
    said: list[frozenset[str]],
) -> Iterator[Wanting]:
    """What was wanting by practice theme: first those that most of the reviews found are about."""
    practice = {
        one.id: one.label
        for one in vocabulary.themes
        if one.group == "practice_issue" and one.id != _PRAISE
    }
    carried = Counter(theme for hit in found.hits for theme in set(of_hit(hit, "themes")))
    central = Counter(theme for hit in found.hits for theme in set(of_hit(hit, "central_themes")))
    room = Room(said)
    themes = 0
    for theme in sorted(
        practice.keys() & carried.keys(), key=lambda one: (-central[one], -carried[one], one)
    ):
        if themes == MOST_THEMES:
            return
        candidates = sorted(
            (
                (-worth, at, sentence.number, one, sentence)
                for at, one in enumerate(read)
                for sentence in one.sentences
                if (worth := _worth_of_finding(sentence, theme, one, topic)) > 0
            ),
            key=lambda row: row[:3],
        )
        quoted: list[Quotation] = []
        of: set[str] = set()
        for _, _, _, one, sentence in candidates:
            if len(quoted) == MOST_OF_THEME or one.review.review_id in of:
                continue
            quotation = quote_of(one, sentence)
            if quotation and room.takes(one.review, sentence.folded):
                quoted.append(quotation)
                of.add(one.review.review_id)
        if quoted:
            themes += 1
            yield Wanting(theme, practice[theme], carried[theme], central[theme], tuple(quoted))


def _worth_of_finding(sentence: Sentence, theme: str, read: ReadReport, topic: Topic) -> float:
    if theme not in sentence.themes or sentence.place not in _PLACES_OF_FINDINGS:
        return 0.0
    if sentence.hangs or not sentence.is_wanting:
        return 0.0
    if sentence.place != "findings" and not sentence.is_past:  # only findings are put as what is so
        return 0.0
    return (
        _PLACES_OF_FINDINGS[sentence.place]
        + 1.0 * (theme in read.central)
        + 1.0 * sentence.is_past
        + 1.0 * topic.is_named(sentence.folded)
        - 1.0 * sentence.begins_with_pronoun
    )


def good_practice(
    read: Sequence[ReadReport], topic: Topic, said: list[frozenset[str]]
) -> Iterator[Quotation]:
    """What was done well: praise of what somebody did, one sentence a review."""
    room = Room(said)
    given = 0
    for one in read:
        if given == MOST_GOOD:
            return
        scored = sorted(
            (-worth, sentence.number, sentence)
            for sentence in one.sentences
            if (worth := _worth_of_praise(sentence, topic)) > 0
        )
        for _, _, sentence in scored:
            quotation = quote_of(one, sentence)
            if quotation and room.takes(one.review, sentence.folded):
                given += 1
                yield quotation
                break


def _worth_of_praise(sentence: Sentence, topic: Topic) -> float:
    section = sentence.place == "good_practice"
    if sentence.place == "recommendations":
        return 0.0
    praised = sentence.is_praise and (section or _PRAISE in sentence.themes | sentence.supports)
    if sentence.is_vague or sentence.hangs or not sentence.is_past:
        return 0.0
    if not section and (not praised or sentence.tells_of_want):
        return 0.0
    if not praised and sentence.is_wanting:
        return 0.0
    return (
        2.0 * section
        + 2.0 * praised
        + 1.0 * topic.is_named(sentence.folded)
        - 1.0 * sentence.begins_with_pronoun
    )
