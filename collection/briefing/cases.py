"""What happened: one or two sentences of each of the most telling cases."""

from __future__ import annotations

from collections.abc import Collection as Several
from collections.abc import Iterator, Sequence

from casereviews.collection.briefing.records import Happened
from casereviews.collection.briefing.reports import ReadReport, Room, quote_of
from casereviews.collection.briefing.sentences import Sentence
from casereviews.collection.briefing.topic import Topic
from casereviews.repository.vocabulary import Vocabulary

MOST_CASES = 8
_CASE_GROUPS = frozenset({"harm_type", "child_factor", "parent_factor", "family_environment"})
_PLACES_OF_CASE = {"summary": 2.0, "facts": 1.5, "opening": 1.0, "body": 0.0}
_CASE_FACTS = {"outcome": 3.0, "harm": 2.5, "age_band": 1.0, "source_of_harm": 1.0}


def cases_told(
    read: Sequence[ReadReport], topic: Topic, vocabulary: Vocabulary, said: list[frozenset[str]]
) -> Iterator[Happened]:
    """One or two sentences of each of the most telling cases, in the order of the report."""
    of_case = {one.id for one in vocabulary.themes if one.group in _CASE_GROUPS}
    of_practice = {one.id for one in vocabulary.themes if one.group == "practice_issue"}
    room = Room(said, alike=1.0)  # two cases may be told alike
    told = 0
    for one in read:
        if told == MOST_CASES:
            return
        scored = [
            (score, sentence)
            for sentence in one.sentences
            if not (sentence.themes & of_practice and sentence.is_wanting)
            and (score := _worth_of_case(sentence, topic, of_case)) > 0
        ]
        scored.sort(key=lambda pair: (-pair[0], pair[1].number))
        chosen = _case_of(scored, topic)
        if not (
            topic.themes & set(one.review.themes)
            or any(topic.themes & each.themes or topic.is_named(each.folded) for each in chosen)
        ):
            continue
        quoted = [
            quotation
            for sentence in chosen
            if (quotation := quote_of(one, sentence)) and room.takes(one.review, sentence.folded)
        ]
        if quoted:
            told += 1
            yield Happened(one.review.review_id, tuple(quoted))


def _worth_of_case(sentence: Sentence, topic: Topic, of_case: Several[str]) -> float:
    """How well a sentence says what happened; 0 for one that does not."""
    if sentence.place not in _PLACES_OF_CASE or sentence.hangs:
        return 0.0
    facts = sum(_CASE_FACTS.get(name, 0.0) for name in {name for name, _ in sentence.facts})
    about = 3.0 * bool(sentence.themes & topic.themes)
    named = 2.0 * topic.is_named(sentence.folded)
    if not facts and (not (about or named) or sentence.place == "body"):
        return 0.0
    if sentence.is_wanting and not about and facts < _CASE_FACTS["harm"]:
        return 0.0
    if not sentence.is_past:
        return 0.0
    others = min(1.0, 0.5 * len((sentence.themes & frozenset(of_case)) - topic.themes))
    return facts + about + named + others + _PLACES_OF_CASE[sentence.place]


def _case_of(scored: Sequence[tuple[float, Sentence]], topic: Topic) -> list[Sentence]:
    """The best sentence that says of whom it is told, and another that adds to it; as the report has them."""
    first = next((one for _, one in scored if not one.begins_with_pronoun), None)
    if first is None:
        return []
    known = _says(first, topic)
    for _, other in scored:
        if other is not first and _says(other, topic) - known and other.number != first.number:
            if other.begins_with_pronoun and not 0 < other.number - first.number <= 3:
                continue
            return sorted((first, other), key=lambda one: one.number)
    return [first]


def _says(sentence: Sentence, topic: Topic) -> frozenset[str]:
    facts = {name for name, _ in sentence.facts if name in _CASE_FACTS}
    return frozenset(facts | (sentence.themes & topic.themes))
