"""What a text speaks of, in plain words or in the field's: concepts found in one pass."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise, zip_longest

import Stemmer

from casereviews.repository.describing.standing import (
    HARMS_OF_A_LIST,
    OTHER_MEANINGS,
    is_denied,
    means_another_thing,
)
from casereviews.repository.describing.text.running_text import fold
from casereviews.repository.vocabulary import PACKAGED, Vocabulary

_WORD = re.compile(r"[a-z0-9]+")
_POSSESSIVE = re.compile(r"['’]s\b")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=\S)|\n\s*\n|\s(?=[•▪–]\s)")
TOLD = 4  # of what profiles count: those of other rules are made anew

LOOSE = 3
_PLURALS = (("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"))


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept found: `start` and `end` are offsets in the text; a `loose` one was found by words that often mean something else."""

    concept: str
    start: int
    end: int
    loose: bool = False


class _Stems(dict[str, str]):
    """Words and their stems, each made once."""

    def __init__(self) -> None:
        self._stemmer = Stemmer.Stemmer("english")

    def __missing__(self, word: str) -> str:
        stem = self[word] = str(self._stemmer.stemWord(word))
        return stem


class ConceptFinder:
    """Finds the plain concepts and the themes of a vocabulary that a text mentions.

    Unlike describing, which must be sure before it states a fact, this counts every mention: it compares texts, and a
    text that speaks of a thing is more like another that does.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._stems = _Stems()
        self.weights: dict[str, float] = {}
        self.labels: dict[str, str] = {}
        # Stems of a phrase -> its words as they were written, plurals as singulars -> its concepts, and whether it is loose for each.
        self._phrases: dict[tuple[str, ...], dict[tuple[str, ...], dict[str, bool]]] = {}
        self._longest: dict[str, int] = {}
        # The stems that are a phrase alone, and the first two of longer ones: most words of a report begin none.
        self._alone: set[str] = set()
        self._begun: set[tuple[str, ...]] = set()
        for concept in vocabulary.plain_words:
            label = concept.name.replace("_", " ")
            self._learn(concept.name, label, concept.weight, concept.phrases, concept.loose)
        for theme in vocabulary.themes:
            plain = [p for p in (*theme.strong, *theme.weak) if "&" not in p and "{" not in p]
            self._learn(theme.id, theme.label, 1.0, plain, frozenset(theme.weak))

    @cached_property
    def fingerprint(self) -> int:
        """Tells profiles of another vocabulary, such as an older version's or a home's before its themes changed; never 0, which is no vocabulary."""
        said = [
            sorted(
                (words, sorted(names.items()))
                for known in self._phrases.values()
                for words, names in known.items()
            ),
            LOOSE,
            TOLD,
            sorted(self.weights.items()),
        ]
        return zlib.crc32(repr(said).encode()) % 0x7FFFFFFE + 1

    def _learn(
        self,
        name: str,
        label: str,
        weight: float,
        phrases: Iterable[str],
        loose: frozenset[str],
    ) -> None:
        # A row of plain words may be named as a theme: they are one concept then, with the row's weight.
        self.weights.setdefault(name, weight)
        self.labels[name] = label
        for phrase in phrases:
            words = _WORD.findall(_lowered(phrase))
            if words:
                key = tuple([self._stems[word] for word in words])
                said = tuple(map(singular, words))
                known = self._phrases.setdefault(key, {}).setdefault(said, {})
                known[name] = phrase in loose and known.get(name, True)
                self._longest[key[0]] = max(self._longest.get(key[0], 0), len(key))
                if len(key) == 1:
                    self._alone.add(key[0])
                else:
                    self._begun.add(key[:2])

    def mentions(self, text: str) -> Iterator[Mention]:
        """Every mention of every concept, in the order of the text.

        A word is a word: "training" is no train, "looks after" not "looked after"; its plural and possessive are the same. In a phrase of
        three words and more other forms of a word are too ("misused", "misuses").
        """
        found = list(_WORD.finditer(_lowered(text)))
        words = [word[0] for word in found]
        for first, last in self._stretches(words):
            for concept, loose in self._meant(words[first:last]):
                yield Mention(concept, found[first].start(), found[last - 1].end(), loose)

    def spoken(self, text: str) -> Counter[str]:
        """How often a text mentions each concept, also where it denies it or lists it."""
        words = _WORD.findall(_lowered(text))
        stretches = Counter(tuple(words[first:last]) for first, last in self._stretches(words))
        spoken: Counter[str] = Counter()
        for stretch, times in stretches.items():
            for concept, _ in self._meant(stretch):
                spoken[concept] += times
        return spoken

    def _stretches(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        """Where words stand whose stems are a phrase: the first, and the one after the last."""
        stems = [self._stems[word] for word in words]
        for at, pair in enumerate(zip_longest(stems, stems[1:])):
            if pair[0] in self._alone:
                yield at, at + 1
            if pair in self._begun:
                longest = min(at + self._longest[pair[0]], len(stems))
                for end in range(at + 2, longest + 1):
                    if tuple(stems[at:end]) in self._phrases:
                        yield at, end

    def _meant(self, words: Sequence[str]) -> Iterator[tuple[str, bool]]:
        """The concepts that the words of a phrase mean, in order of their names, and whether loosely."""
        known = self._phrases[tuple([self._stems[word] for word in words])]
        meant = (
            [known.get(tuple(map(singular, words)), {})]
            if len(words) < LOOSE
            else list(known.values())
        )
        for concept in sorted({name for names in meant for name in names}):
            yield concept, all(names.get(concept, True) for names in meant)

    def told(self, text: str, of: Collection[str] | None = None) -> Iterator[Mention]:
        """The mentions that tell of something: none of a sentence that lists kinds of harm, none that its sentence denies or that is part
        of other words; only `of` some concepts, where these are given."""
        mentions = list(self.mentions(text))
        at = 0
        for start, end in _sentences(text):
            here = []
            while at < len(mentions) and mentions[at].start < end:
                here.append(mentions[at])
                at += 1
            if (
                len({one.concept for one in here if one.concept.startswith("harm_")})
                < HARMS_OF_A_LIST
            ):
                asked = [one for one in here if of is None or one.concept in of]
                folded = fold(text[start:end]) if asked else ""
                for one in asked:
                    if not (
                        _denied(one, folded, text, start)
                        or _of_other_words(one, folded, text, start)
                    ):
                        yield one

    def count(self, text: str) -> Counter[str]:
        """How often the text tells of each concept."""
        return Counter(mention.concept for mention in self.told(text))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every sentence."""
    return pairwise(sentence_borders(text))


def sentence_borders(text: str) -> list[int]:
    """Where the sentences of a text begin, and its end."""
    return [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]


def _of_other_words(mention: Mention, folded: str, text: str, start: int) -> bool:
    """True when the words of a mention are part of others that mean another thing ("after-school club", "posing as a teenager")."""
    if mention.concept not in OTHER_MEANINGS.codes:
        return False
    before = len(fold(text[start : mention.start]))
    last = before + len(fold(text[mention.start : mention.end]))
    return means_another_thing(mention.concept, folded, before, last, OTHER_MEANINGS)


def _denied(mention: Mention, folded: str, text: str, start: int) -> bool:
    """True when the folded sentence that begins at text[start:] denies a mention; what practice lacked is told of by its absence."""
    if mention.concept.startswith("practice_"):
        return False
    before = len(fold(text[start : mention.start]))
    return is_denied(folded, before, before + len(fold(text[mention.start : mention.end])))


def _lowered(text: str) -> str:
    """A text in small letters without the signs of possessives, each letter in its place."""
    lowered = text.lower()
    if "'" not in lowered and "’" not in lowered:
        return lowered
    bare = _POSSESSIVE.sub("s ", lowered)
    return bare if len(bare) == len(text) else lowered


@lru_cache(maxsize=1 << 15)
def singular(word: str) -> str:
    """A word without the ending of a plural."""
    for ending, instead in _PLURALS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + instead
    plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if plural else word


def finder(vocabulary: Vocabulary = PACKAGED) -> ConceptFinder:
    """The finder over a vocabulary, made once a process."""
    return _made_for(vocabulary)


@lru_cache(maxsize=2)
def _made_for(vocabulary: Vocabulary) -> ConceptFinder:
    return ConceptFinder(vocabulary)
