"""What a document is about: themes with weights by place, evidence, and a threshold chosen on data."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from casereviews.repository.describing.case.sentences import (
    OPENING_PAGES,
    SELF_DIRECTED,
    owner,
)
from casereviews.repository.describing.text.boilerplate import (
    HARMS_OF_A_LIST,
    SILENT_SECTIONS,
    general_places,
    is_negated,
    names_a_service,
)
from casereviews.repository.describing.text.phrases import Hit, PhraseFinder
from casereviews.repository.describing.text.running_text import RunningText, running_text
from casereviews.repository.describing.text.sections import heading_kind
from casereviews.repository.model import Fact, Reading, Section
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
# Where a weak phrase, a common word, counts without another hit of its theme.
TRUSTED = frozenset({"title", "keywords", "heading", "recommendations"})
# In an abstract, or a text as short as one, people and harms are not named in passing; practice words are.
ABSTRACT_WORDS = 150
TRUSTED_IN_ABSTRACTS = frozenset({"harm_type", "child_factor", "parent_factor"})
COMPANY = 400  # characters within which another phrase of the theme keeps a weak one company
# A theme is told when its score reaches the threshold, which grows with the words of the document: up to about 6,500
# words (15 pages) one telling sentence among facts or findings is enough, in longer reports it takes two.
SHORT_THRESHOLD, LONG_THRESHOLD = 0.9, 2.3
SHORT_WORDS, LONG_WORDS = 400, 15_000
# Practice is told of by its absence ("no evidence of professional curiosity"), so denial does not undo it.
# The states of a child that parents have too, and harm that only the child does to itself.
OF_THE_CHILD = SELF_DIRECTED | {"child_mental_health", "child_substance"}
_PEOPLE = load_rules("people")
_HEADING_NUMBER = re.compile(
    r"^\W*(?:section|part|chapter)?\W*[\dA-Z]{0,2}(?:\.\d+)*[.:)]?\s+", re.IGNORECASE
)
UNDENIED = frozenset({"practice_issue", "agency"})


@dataclass(frozen=True, slots=True)
class _Mention:
    """A hit that counts: the words matched, their place, their sentence and where that can be read."""

    hit: Hit
    raw: str
    place: str
    sentence: str
    page: int | None
    key: tuple[str, int]


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
    ) -> tuple[Fact, ...]:
        """The themes of a document, strongest first: a fact `theme` each, `agency` for the group of agencies.

        `title`, `keywords` and `summary` are what listings say of it (a summary is an abstract in someone's words,
        not the document's own section). The evidence is the sentence that says most, with its page.
        """
        mentions: list[_Mention] = []
        for place, words in (("title", title), ("keywords", keywords), ("abstract", summary)):
            if words:
                mentions += self._mentions_in_listing(place, words)
        text = running_text(reading, tuple(sections))
        words_in_all = text.folded.count(" ") + len(summary.split())
        mentions += self._mentions_in_text(text, short=words_in_all < ABSTRACT_WORDS)
        return self._facts(mentions, threshold(words_in_all))

    def _mentions_in_listing(self, place: str, words: str) -> list[_Mention]:
        listing = RunningText.of_words(words)
        hits = _companions(
            self._hits(listing),
            lambda hit: place in TRUSTED or (place == "abstract" and self._is_of_people(hit)),
        )
        found = []
        for hit in hits:
            number = listing.sentence(listing.original(hit.start))
            bounds = listing.sentences[number]
            if not self._is_denied(hit, listing, bounds):
                found.append(
                    _Mention(
                        hit,
                        _raw(listing, hit),
                        place,
                        listing.quote(*bounds),
                        None,
                        (place, number),
                    )
                )
        return found

    def _mentions_in_text(self, text: RunningText, *, short: bool) -> list[_Mention]:
        general = {text.sentence(text.original(at)) for at in general_places(text.folded)}
        hits = self._hits(text)
        sentence_of = [text.sentence(text.original(hit.start)) for hit in hits]
        number_at = dict(zip((hit.start for hit in hits), sentence_of, strict=True))
        harms: dict[int, set[int]] = {}
        for hit, number in zip(hits, sentence_of, strict=True):
            if self.themes[hit.theme].group == "harm_type" and not hit.faint:
                harms.setdefault(number, set()).add(hit.theme)
        listed = {number for number, kinds in harms.items() if len(kinds) >= HARMS_OF_A_LIST}
        if short:
            listed = set()
        places = {number: _place(text, number) for number in set(sentence_of)}
        counted = [
            hit
            for hit, number in zip(hits, sentence_of, strict=True)
            if number not in general and number not in listed and places[number] is not None
        ]

        seen_in: dict[int, set[tuple[str, bool]]] = {}
        for hit in counted:
            place = places[number_at[hit.start]] or "body"
            seen_in.setdefault(hit.theme, set()).add((hit.phrase, place == "recommendations"))

        def trusts(hit: Hit) -> bool:
            number = number_at[hit.start]
            place = places[number]
            if place == "recommendations":
                # A wish for the future tells of this case where the report speaks of the matter elsewhere too.
                return short or any(not asked for _, asked in seen_in[hit.theme])
            if place == "heading" and _is_form(text.quote(*text.sentences[number])):
                return False
            return place in TRUSTED or (short and self._is_of_people(hit))

        mentions = []
        for hit in _companions(counted, trusts):
            number = number_at[hit.start]
            bounds = text.sentences[number]
            if not self._is_denied(hit, text, bounds):
                mentions.append(
                    _Mention(
                        hit,
                        _raw(text, hit),
                        places[number] or "body",
                        text.quote(*bounds),
                        text.page(bounds[0]),
                        ("", number),
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
        ]

    def _is_of_people(self, hit: Hit) -> bool:
        return self.themes[hit.theme].group in TRUSTED_IN_ABSTRACTS

    def _is_denied(self, hit: Hit, text: RunningText, bounds: tuple[int, int]) -> bool:
        theme = self.themes[hit.theme]
        if theme.group in UNDENIED:
            return False
        start, end = text.in_folded(bounds[0]), text.in_folded(bounds[1])
        sentence = text.folded[start:end]
        if theme.id in OF_THE_CHILD and _is_of_an_adult(sentence, hit.start - start):
            return True
        return is_negated(sentence, hit.start - start, hit.end - start)

    def _facts(self, mentions: Iterable[_Mention], needed: float) -> tuple[Fact, ...]:
        by_theme: dict[int, list[_Mention]] = {}
        for mention in mentions:
            by_theme.setdefault(mention.hit.theme, []).append(mention)
        scored = []
        for theme, told in by_theme.items():
            score = _score(told)
            if score >= needed:
                scored.append((score, self._fact(theme, told, score, needed)))
        scored.sort(key=lambda pair: (-pair[0], pair[1].value))
        return tuple(fact for _, fact in scored)

    def _fact(self, theme: int, told: Sequence[_Mention], score: float, needed: float) -> Fact:
        best = max(told, key=lambda mention: (WEIGHTS[mention.place], not mention.hit.weak))
        group = self.themes[theme].group
        return Fact(
            field="agency" if group == "agency" else "theme",
            value=self.themes[theme].id,
            raw=best.raw,
            origin="text"
            if best.page is not None
            else ("title" if best.place == "title" else "listing"),
            confidence=round(1 - math.exp(-score / needed), 3),
            page=best.page,
            evidence=best.sentence,
            rule=f"theme phrase in {best.place}",
        )


@lru_cache(maxsize=2)
def theme_finder(vocabulary: Vocabulary) -> ThemeFinder:
    """The finder of a vocabulary, made once a process."""
    return ThemeFinder(vocabulary)


def _is_form(heading: str) -> bool:
    """True for a heading that only names a part of a report ("4. Analysis")."""
    words = _HEADING_NUMBER.sub("", heading).strip(" .:")
    return len(words.split()) == 1 and heading_kind(words) is not None


def _is_of_an_adult(sentence: str, start: int) -> bool:
    """True when words of a child's state are said of a parent: one stands nearest before, or only adults are spoken of."""
    whose = owner(sentence, start)
    if whose == "unknown":
        return _PEOPLE["of_an_adult"].fits(sentence) and not _PEOPLE["of_a_child"].fits(sentence)
    return whose == "other"


def _raw(text: RunningText, hit: Hit) -> str:
    return text.quote(text.original(hit.start), text.original(hit.end - 1) + 1)


def threshold(words: int) -> float:
    """The score that a theme needs in a document of that many words."""
    share = math.log(max(words, 1) / SHORT_WORDS) / math.log(LONG_WORDS / SHORT_WORDS)
    return SHORT_THRESHOLD + (LONG_THRESHOLD - SHORT_THRESHOLD) * min(1.0, max(0.0, share))


def _score(told: Iterable[_Mention]) -> float:
    """Weights of the places, each growing with the logarithm of the number of its sentences."""
    sentences = {(mention.place, mention.key) for mention in told}
    return sum(
        WEIGHTS[place] * math.log2(1 + count)
        for place, count in Counter(place for place, _ in sentences).items()
    )


def _place(text: RunningText, number: int) -> str | None:
    """The place of a sentence in WEIGHTS, None where words do not count."""
    start = text.sentences[number][0]
    kind = text.kind(start)
    if kind in SILENT_SECTIONS:
        return None
    if start in text.headings:
        return "heading"
    if kind is None and text.page(start) < text.numbers[0] + OPENING_PAGES:
        return "opening"
    return kind or "body"


def _companions(hits: Sequence[Hit], trusts: Callable[[Hit], bool]) -> list[Hit]:
    """Hits without the weak ones that stand alone: no other phrase of their theme near, in no trusted place."""
    by_theme: dict[int, list[Hit]] = {}
    for hit in hits:
        by_theme.setdefault(hit.theme, []).append(hit)
    return [
        hit
        for hit in hits
        if not hit.weak or (not hit.faint and trusts(hit)) or _in_company(hit, by_theme[hit.theme])
    ]


def _in_company(hit: Hit, others: Sequence[Hit]) -> bool:
    return any(
        other.phrase != hit.phrase
        and (other.end <= hit.start or hit.end <= other.start)
        and abs(other.start - hit.start) <= COMPANY
        for other in others
    )
