"""Recommendations of many reviews: near-identical ones joined, and whom they address by label."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from math import ceil, comb

from casereviews.repository.describing.text.phrases import PhraseFinder
from casereviews.repository.describing.text.running_text import RunningText, fold
from casereviews.repository.model import Recommendation
from casereviews.repository.published_documents import Review, ReviewDocument
from casereviews.repository.vocabulary import Vocabulary
from casereviews.repository.vocabulary.rules import load_rules

ALIKE = 0.75
"""The share of their words that two recommendations have in common when they are one."""
MOST_KEYS = 16
"""Of one recommendation, by which those like it are found."""
EVERYONE, BOARD, GOVERNMENT, COUNCIL, OTHER, UNSAID = (
    "everyone",
    "board",
    "government",
    "council",
    "other",
    "unsaid",
)
LABELS = {
    EVERYONE: "All agencies",
    BOARD: "The board or partnership",
    GOVERNMENT: "Government and national bodies",
    COUNCIL: "The council",
    OTHER: "Others, as named",
    UNSAID: "Nobody is named",
}
_RULES = load_rules("briefing")
_WORD = re.compile(r"\w+")
_COMMON = frozenset(
    [
        "the",
        "a",
        "an",
        "and",
        "or",
        "of",
        "to",
        "in",
        "for",
        "on",
        "by",
        "with",
        "that",
        "this",
        "their",
        "its",
        "is",
        "are",
        "be",
        "as",
        "at",
        "it",
        "from",
        "all",
        "any",
        "which",
        "should",
        "must",
        "will",
        "shall",
        "ensure",
        "ensures",
    ]
)

_OF_BODIES = frozenset(
    [
        "safeguarding",
        "children",
        "child",
        "adults",
        "young",
        "people",
        "board",
        "partnership",
        "partnerships",
        "committee",
        "local",
        "regional",
        "council",
        "community",
        "safety",
        "trust",
        "police",
        "constabulary",
        "service",
        "services",
        "health",
        "care",
    ]
)


@dataclass(frozen=True, slots=True)
class Made:
    """A recommendation as one document of a review makes it."""

    review: Review
    document: ReviewDocument
    recommendation: Recommendation
    words: frozenset[str]

    @property
    def year(self) -> int | None:
        """The year in which the review was published."""
        said = self.review.published
        return int(said[:4]) if said else None


@dataclass(slots=True)
class Joined:
    """Recommendations that say nearly the same; the first is the newest."""

    made: list[Made] = field(default_factory=list)

    @property
    def reviews(self) -> int:
        """How many reviews make it."""
        return len({one.review.review_id for one in self.made})

    @property
    def by_year(self) -> tuple[tuple[int, int], ...]:
        """Year of publication and the number of reviews, where it is known."""
        years = {one.review.review_id: one.year for one in self.made}
        return tuple(sorted(Counter(year for year in years.values() if year).items()))

    @property
    def addressee(self) -> str | None:
        """Whom it addresses, as the newest that says so prints it."""
        return next((told for one in self.made if (told := one.recommendation.addressee)), None)


def made_by(review: Review) -> list[Made]:
    """The recommendations of all documents of a review."""
    places = _words_of(" ".join(filter(None, (review.publisher, *review.areas)))) - _OF_BODIES
    return [
        Made(review, document, one, frozenset(_words_of(one.text) - places - _COMMON))
        for document in review.documents
        for one in document.recommendations
    ]


def joined(made: Iterable[Made]) -> list[Joined]:
    """Recommendations joined where the words are nearly the same, the board's own name aside; the newest first.

    Each is compared to the first of every group that shares so many of its rarest words (`_keys`).
    """
    ordered = sorted(
        made,
        key=lambda one: (
            -(one.year or 0),
            one.review.review_id,
            one.review.documents.index(one.document),
            one.recommendation.page,
            one.recommendation.text,
        ),
    )
    common = Counter(word for one in ordered for word in one.words)
    groups: list[Joined] = []
    by_key: dict[tuple[str, ...], list[int]] = {}
    for one in ordered:
        rarest = sorted(one.words, key=lambda word: (common[word], word))
        own = _keys(rarest, _together(len(rarest)))
        near = sorted({at for key in own for at in by_key.get(key, ())})
        place = next((at for at in near if _alike(groups[at].made[0].words, one.words)), None)
        if place is None:
            place = len(groups)
            groups.append(Joined())
            for together in _sought(len(rarest)):
                for key in _keys(rarest, together):
                    by_key.setdefault(key, []).append(place)
        groups[place].made.append(one)
    return groups


def _keys(rarest: Sequence[str], together: int) -> Iterator[tuple[str, ...]]:
    """The words of a set, rarest first, so many at a time: two sets that have ALIKE of their words in common share a key.

    The prefix filter of Chaudhuri, Ganti and Kaushik (2006), with a longer prefix for more words at a time (Wang, Li and Feng, 2012).
    """
    prefix = rarest[: len(rarest) - ceil(ALIKE * len(rarest)) + together]
    return combinations(prefix, together) if rarest else iter(())


@cache
def _together(words: int) -> int:
    """How many words a key of a set of so many words has: as many as make at most MOST_KEYS; few sets share many words."""
    least = ceil(ALIKE * words)
    fitting = (n for n in range(2, least + 1) if comb(words - least + n, n) <= MOST_KEYS)
    return max(fitting, default=1)


@cache
def _sought(words: int) -> frozenset[int]:
    """The sizes of keys by which sets are sought that may be like one of so many words."""
    return frozenset(map(_together, range(ceil(ALIKE * words), int(words / ALIKE) + 1)))


def _alike(words: frozenset[str], others: frozenset[str]) -> bool:
    both = len(words & others)
    return both >= ALIKE * (len(words) + len(others) - both)


def _words_of(text: str) -> set[str]:
    return set(_WORD.findall(fold(text)))


class Addressees:
    """Tells whom a recommendation addresses by a vocabulary's agencies."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._agencies = [one for one in vocabulary.themes if one.group == "agency"]
        self._phrases = PhraseFinder(self._agencies, vocabulary)
        self.labels = LABELS | {one.id: one.label for one in self._agencies}

    def code(self, said: str | None) -> str:
        """The code of whom words address: an agency's id or one of LABELS."""
        if not said:
            return UNSAID
        text = RunningText.of_words(said)
        if _RULES["everyone"].fits(text.folded):
            return EVERYONE
        hits = self._phrases.find(text.folded, text.text, text.original)
        agencies = {self._agencies[hit.theme].id for hit in hits}
        if len(agencies) > 2:
            return EVERYONE
        if _RULES[BOARD].fits(text.folded):
            return BOARD
        if agencies:
            return self._agencies[min(hit.theme for hit in hits)].id
        return next((one for one in (GOVERNMENT, COUNCIL) if _RULES[one].fits(text.folded)), OTHER)


def words_said(texts: Sequence[str]) -> frozenset[str]:
    """The words of texts that say something, folded."""
    return frozenset(word for text in texts for word in _words_of(text)) - _COMMON
