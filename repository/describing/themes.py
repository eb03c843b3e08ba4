"""What a document is about: themes with weights by place, evidence, and a threshold chosen on data."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from casereviews.repository.describing.case.sentences import (
    OPENING_PAGES,
    SELF_DIRECTED,
)
from casereviews.repository.describing.evidence import (
    CARRIES,
    NOT_COUNTED,
    SUPPORTS,
    Evidence,
)
from casereviews.repository.describing.second_opinion import (
    POOR_MATCH,
    POOR_WORTH,
    SecondOpinion,
)
from casereviews.repository.describing.standing import (
    AT_LARGE,
    CASE,
    DENIED,
    HARMS_OF_A_LIST,
    LAW,
    OF_ANOTHER,
    OF_THEIR_CHILD,
    OWN_CHILDHOOD,
    SILENT_SECTIONS,
    WISHED,
    general_places,
    is_denied,
    is_of_own_childhood,
    is_said_of_a_class,
    is_said_of_another,
    is_said_of_their_child,
    is_without_fault,
    means_another_thing,
    names_a_service,
    names_a_thing,
    standing_of,
    tells_of_the_past,
)
from casereviews.repository.describing.text.phrases import Hit, PhraseFinder
from casereviews.repository.describing.text.running_text import RunningText, fold, running_text
from casereviews.repository.model import Fact, Reading, Section
from casereviews.repository.theme_weights import confidence_of
from casereviews.repository.vocabulary import Vocabulary
from casereviews.repository.vocabulary.rules import load_rules

# How much one sentence says by where it stands; chosen with `benchmarks/describe_content.py`.
WEIGHTS = {
    "title": 6.0,
    "keywords": 5.0,
    "abstract": 4.0,
    "heading": 3.0,
    "summary": 3.0,
    "findings": 2.0,
    "recommendations": 2.0,
    "facts": 2.0,
    "opening": 2.0,
    "good_practice": 1.5,
    "analysis": 1.5,
    "body": 1.0,
}
# What a list says of a document, where weak phrases carry a theme: nothing is named in passing there, nor in a text as short as an abstract.
LISTED = frozenset({"title", "keywords", "abstract"})
ABSTRACT_WORDS = 150
# How much of a sentence's weight its standing leaves: what is wished for, or said of people at large, supports only.
WORTH = {CASE: 1.0, WISHED: 0.25, AT_LARGE: 0.25}
WEAK_WORTH = 0.3  # of a sentence with weak phrases alone
LONE_WORTH = (
    0.7  # of a theme that one further phrase in one sentence tells of, and nothing else supports
)
MANY_WEAK = 4  # sentences with weak phrases of two kinds at least that carry a theme together
# A theme's strength is its score in thresholds, which grow with the words of the document; `theme_weights` has the bars of strength.
SHORT_THRESHOLD, LONG_THRESHOLD = 0.9, 2.3
SHORT_WORDS, LONG_WORDS = 400, 15_000
OF_CHILDHOOD = frozenset({"harm_type", "child_factor", "family_environment"})
# The states of a child that parents have too, and harm that only the child does to itself.
OF_THE_CHILD = SELF_DIRECTED | {"child_mental_health", "child_substance"}
_PEOPLE = load_rules("people")
_LIFE = load_rules("life")
_FINDING = load_rules("headings")["finding"]
_HEADING_NUMBER = re.compile(
    r"^\W*(?:section|part|chapter)?\W*[\dA-Z]{0,2}(?:\.\d+)*[.:)]?\s+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Mention:
    """A hit: the words matched, their place, their sentence, where that can be read and how it stands; `carries`: the hit may tell of its theme alone."""

    hit: Hit
    raw: str
    place: str
    sentence: str
    page: int | None
    key: tuple[str, int]
    standing: str
    carries: bool

    @property
    def counts(self) -> bool:
        """True when it is worth something to its theme."""
        return self.place not in SILENT_SECTIONS and self.standing in WORTH

    @property
    def tells(self) -> bool:
        """True when its theme may rest on it alone."""
        return self.carries and self.standing == CASE and self.counts


class ThemeFinder:
    """Finds the themes and the agencies of documents; costly to make (`theme_finder`)."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.themes = vocabulary.themes
        self._phrases = PhraseFinder(self.themes, vocabulary)

    def find(
        self,
        reading: Reading,
        sections: Sequence[Section],
        *,
        title: str = "",
        keywords: str = "",
        summary: str = "",
        opinion: SecondOpinion | None = None,
        evidence: list[Evidence] | None = None,
    ) -> tuple[Fact, ...]:
        """The themes of a document, strongest first: a fact `theme` each, `agency` for the group of agencies.

        `title`, `keywords` and `summary` are what listings say of it (a summary is an abstract in someone's words,
        not the document's own section). The evidence is the sentence that says most, with its page. With a second `opinion`
        a theme that rests on one sentence loses weight when that is a poor match. All that was seen of themes is added to
        `evidence`, where it is given: also what counts for nothing.
        """
        mentions: list[_Mention] = []
        for place, words in (("title", title), ("keywords", keywords), ("abstract", summary)):
            if words:
                mentions += self._mentions_in_listing(place, words)
        text = running_text(reading, tuple(sections))
        words_in_all = text.folded.count(" ") + len(summary.split())
        mentions += self._mentions_in_text(
            text, short=words_in_all < ABSTRACT_WORDS, silent=evidence is not None
        )
        mentions = self._without_a_parents_care(mentions)
        if evidence is not None:
            evidence += map(self._evidence, mentions)
        return self._facts(mentions, threshold(words_in_all), opinion)

    def _without_a_parents_care(self, mentions: Sequence[_Mention]) -> list[_Mention]:
        """The mentions, "leaving care" as a parent's where a parent's care is told and the child's is nowhere."""
        of_care = [one for one in mentions if self.themes[one.hit.theme].id == "child_looked_after"]
        told = [one for one in of_care if not _is_of_leavers(one)]
        if not of_care or any(one.tells for one in told):
            return list(mentions)
        parents = any(one.standing in (OF_ANOTHER, OWN_CHILDHOOD) for one in told) or any(
            self.themes[one.hit.theme].id == "parent_own_history"
            and one.tells
            and _LIFE["in_care"].fits(fold(one.sentence))
            for one in mentions
        )
        leavers = [one for one in of_care if _is_of_leavers(one)] if parents else []
        return [replace(one, standing=OF_ANOTHER) if one in leavers else one for one in mentions]

    def _mentions_in_listing(self, place: str, words: str) -> list[_Mention]:
        listing = RunningText.of_words(words)
        quotes = [listing.quote(*bounds) for bounds in listing.sentences]
        found = []
        for hit in self._hits(listing):
            number = listing.sentence(listing.original(hit.start))
            bounds = listing.sentences[number]
            found.append(
                _Mention(
                    hit,
                    _raw(listing, hit),
                    place,
                    quotes[number],
                    None,
                    (place, number),
                    self._standing(hit, listing, bounds),
                    carries=not hit.faint,
                )
            )
        return found

    def _mentions_in_text(self, text: RunningText, *, short: bool, silent: bool) -> list[_Mention]:
        """The mentions in a document's own words; those of sections whose words never count only where they are asked for (`silent`)."""
        general = {text.sentence(text.original(at)) for at in general_places(text.folded)}
        hits = self._hits(text)
        sentence_of = [text.sentence(text.original(hit.start)) for hit in hits]
        harms: dict[int, set[int]] = {}
        for hit, number in zip(hits, sentence_of, strict=True):
            if self.themes[hit.theme].group == "harm_type" and not hit.faint:
                harms.setdefault(number, set()).add(hit.theme)
        lists = {number for number, kinds in harms.items() if len(kinds) >= HARMS_OF_A_LIST}
        law = general if short else general | lists
        places = {number: _place(text, number) for number in set(sentence_of)}
        quotes = {number: text.quote(*text.sentences[number]) for number in places}
        found = {n for n in places if _FINDING.fits(text.text[slice(*text.sentences[n])])}
        mentions = []
        for hit, number in zip(hits, sentence_of, strict=True):
            place = places[number]
            if place in SILENT_SECTIONS and not silent:
                continue
            bounds = text.sentences[number]
            form = place == "heading" and _is_form(quotes[number], _raw(text, hit))
            standing = LAW if number in law or form else self._standing(hit, text, bounds, place)
            if place in SILENT_SECTIONS and standing in WORTH:
                standing = SILENT_SECTIONS[place]
            mentions.append(
                _Mention(
                    hit,
                    _raw(text, hit),
                    place,
                    quotes[number],
                    text.page(bounds[0]),
                    ("", number),
                    standing,
                    carries=not hit.weak or (not hit.faint and (short or number in found)),
                )
            )
        return mentions

    def _hits(self, text: RunningText) -> list[Hit]:
        return [
            hit
            for hit in self._phrases.find(text.folded, text.text, text.original)
            if not (
                hit.weak
                and self.themes[hit.theme].group != "agency"
                and names_a_service(text.folded, hit.end)
            )
            and not names_a_thing(text.folded, hit.end)
            and not means_another_thing(self.themes[hit.theme].id, text.folded, hit.last, hit.end)
        ]

    def _standing(
        self, hit: Hit, text: RunningText, bounds: tuple[int, int], place: str = ""
    ) -> str:
        theme = self.themes[hit.theme]
        if theme.group == "agency":
            return CASE
        start, end = text.in_folded(bounds[0]), text.in_folded(bounds[1])
        sentence = text.folded[start:end]
        first, last = hit.start - start, hit.end - start
        halves = {first, hit.last - start}
        if theme.group != "practice_issue":
            of_the_child = theme.group == "child_factor" or theme.id in SELF_DIRECTED
            if of_the_child and (
                is_said_of_another(sentence, first)
                or (theme.id in OF_THE_CHILD and _is_of_adults(sentence))
            ):
                return OF_ANOTHER
            if theme.group == "parent_factor" and is_said_of_their_child(
                sentence, min(halves), max(halves)
            ):
                return OF_THEIR_CHILD
            if any(is_denied(sentence, begins, last) for begins in halves):
                return DENIED
            if theme.group in OF_CHILDHOOD and is_of_own_childhood(sentence):
                return OWN_CHILDHOOD
        elif any(is_without_fault(sentence, begins, last) for begins in halves):
            return DENIED
        standing = standing_of(sentence)
        if standing == CASE and theme.group in OF_CHILDHOOD and is_said_of_a_class(sentence, first):
            return AT_LARGE
        if standing == CASE and place == "recommendations" and not tells_of_the_past(sentence):
            return WISHED
        return standing

    def _facts(
        self, mentions: Iterable[_Mention], needed: float, opinion: SecondOpinion | None
    ) -> tuple[Fact, ...]:
        by_theme: dict[int, list[_Mention]] = {}
        for mention in mentions:
            if mention.counts:
                by_theme.setdefault(mention.hit.theme, []).append(mention)
        carried = {theme: told for theme, told in by_theme.items() if _is_carried(told)}
        poor = opinion.poor_matches(self._on_one_sentence(carried)) if opinion else frozenset()
        scored = []
        for theme, told in carried.items():
            is_poor = self.themes[theme].id in poor
            score = _score(told) * (POOR_WORTH if is_poor else 1.0)
            score *= LONE_WORTH if self._is_lone(theme, told) else 1.0
            if score >= needed or self.themes[theme].group != "agency":
                scored.append((score, self._fact(theme, told, score, needed, is_poor)))
        scored.sort(key=lambda pair: (-pair[0], pair[1].value))
        return tuple(fact for _, fact in scored)

    def _is_lone(self, theme: int, told: Sequence[_Mention]) -> bool:
        """True when one further phrase is all that tells of a theme in a document's text."""
        first = told[0]
        return (
            first.place not in LISTED
            and self.themes[theme].group != "practice_issue"
            and all(one.key == first.key for one in told)
            and len({one.raw.lower() for one in told}) == 1
            and first.hit.phrase in self.themes[theme].further
        )

    def _on_one_sentence(self, carried: Mapping[int, Sequence[_Mention]]) -> dict[str, str]:
        """The themes that one sentence alone carries, and that sentence; a title or keyword is no sentence."""
        resting = {}
        for theme, told in carried.items():
            carrying = {one.key: one for one in told if one.tells}
            (only, *others) = carrying.values() or told
            if not others and only.place not in LISTED:
                resting[self.themes[theme].id] = only.sentence
        return resting

    def _fact(
        self, theme: int, told: Sequence[_Mention], score: float, needed: float, is_poor: bool
    ) -> Fact:
        best = max(
            told,
            key=lambda one: (one.tells, WEIGHTS[one.place], not one.hit.weak),
        )
        return Fact(
            field=self._field(theme),
            value=self.themes[theme].id,
            raw=best.raw,
            origin="text"
            if best.page is not None
            else ("title" if best.place == "title" else "listing"),
            confidence=confidence_of(score / needed),
            page=best.page,
            evidence=best.sentence,
            rule=f"theme phrase in {best.place}" + (f"; {POOR_MATCH}" if is_poor else ""),
            standing=best.standing,
        )

    def _evidence(self, mention: _Mention) -> Evidence:
        theme = mention.hit.theme
        worth = WORTH.get(mention.standing, 0.0) * (1.0 if mention.carries else WEAK_WORTH)
        return Evidence(
            self._field(theme),
            self.themes[theme].id,
            mention.raw,
            mention.sentence,
            mention.page,
            mention.place,
            mention.standing,
            CARRIES if mention.tells else SUPPORTS if mention.counts else NOT_COUNTED,
            WEIGHTS.get(mention.place, 0.0) * worth,
        )

    def _field(self, theme: int) -> str:
        return "agency" if self.themes[theme].group == "agency" else "theme"


@lru_cache(maxsize=2)
def theme_finder(vocabulary: Vocabulary) -> ThemeFinder:
    """The finder of a vocabulary, made once a process."""
    return ThemeFinder(vocabulary)


def _is_form(heading: str, raw: str) -> bool:
    """True for a heading that only names a part of a report ("4. Analysis", "Effective practice"); `raw` are a theme's words in it."""
    from casereviews.repository.describing.text.sections import heading_kind

    words = _HEADING_NUMBER.sub("", heading).strip(" .:")
    return (len(words.split()) == 1 or words == raw) and heading_kind(words) is not None


@lru_cache(maxsize=256)
def _is_of_adults(sentence: str) -> bool:
    """True when a sentence speaks of adults alone."""
    return _PEOPLE["of_an_adult"].fits(sentence) and not _PEOPLE["of_a_child"].fits(sentence)


def _is_carried(told: Sequence[_Mention]) -> bool:
    """True when a phrase that may carry its theme alone tells it of the case, or weak ones do again and again."""
    if any(one.tells for one in told):
        return True
    weak = [one for one in told if one.standing == CASE and not one.hit.faint]
    many = len({one.key for one in weak}) >= MANY_WEAK
    return many and len({one.hit.phrase for one in weak}) > 1


def _is_of_leavers(mention: _Mention) -> bool:
    return _LIFE["leaving_care"].fits(fold(mention.raw))


def _raw(text: RunningText, hit: Hit) -> str:
    return text.quote(text.original(hit.start), text.original(hit.end - 1) + 1)


def threshold(words: int) -> float:
    """The score that a theme needs in a document of that many words."""
    share = math.log(max(words, 1) / SHORT_WORDS) / math.log(LONG_WORDS / SHORT_WORDS)
    return SHORT_THRESHOLD + (LONG_THRESHOLD - SHORT_THRESHOLD) * min(1.0, max(0.0, share))


def _score(told: Iterable[_Mention]) -> float:
    """Weights of the places, each growing with the logarithm of the number of its sentences, by what their standing is worth."""
    worth: dict[tuple[str, tuple[str, int]], float] = {}
    for one in told:
        key = (one.place, one.key)
        share = WORTH[one.standing] * (1.0 if one.carries else WEAK_WORTH)
        worth[key] = max(worth.get(key, 0.0), share)
    by_place: dict[str, float] = {}
    for (place, _), share in worth.items():
        by_place[place] = by_place.get(place, 0.0) + share
    return sum(WEIGHTS[place] * math.log2(1 + count) for place, count in by_place.items())


def _place(text: RunningText, number: int) -> str:
    """The place of a sentence in WEIGHTS, one of SILENT_SECTIONS where words do not count."""
    start = text.sentences[number][0]
    kind = text.kind(start)
    if kind in SILENT_SECTIONS:
        return kind
    if start in text.headings:
        return "heading"
    if kind is None and text.page(start) < text.numbers[0] + OPENING_PAGES:
        return "opening"
    return kind or "body"
