"""What a text speaks of, in plain words or in the field's: concepts found in one pass."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from casereviews.repository.vocabulary import PACKAGED, Vocabulary

_WORD = re.compile(r"[a-z0-9]+")
_POSSESSIVE = re.compile(r"['’]s\b")


LOOSE = 3
_PLURALS = (("ies", "y"), ("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"))


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept found: `start` and `end` are offsets in the text."""

    concept: str
    start: int
    end: int


class ConceptFinder:
    """Finds the plain concepts and the themes of a vocabulary that a text mentions.

    Unlike describing, which must be sure before it states a fact, this counts every mention: it compares texts, and a
    text that speaks of a thing is more like another that does.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._stem = Stemmer.Stemmer("english")
        self._stems: dict[str, str] = {}
        self.weights: dict[str, float] = {}
        self.labels: dict[str, str] = {}
        # Stems of a phrase -> its words as they were written, plurals as singulars -> its concepts.
        self._phrases: dict[tuple[str, ...], dict[tuple[str, ...], set[str]]] = {}
        self._longest: dict[str, int] = {}
        for concept in vocabulary.plain_words:
            self._learn(
                concept.name, concept.name.replace("_", " "), concept.weight, concept.phrases
            )
        for theme in vocabulary.themes:
            plain = [p for p in (*theme.strong, *theme.weak) if not set("&{") & set(p)]
            self._learn(theme.id, theme.label, 1.0, plain)
        said = [
            sorted(
                (words, sorted(names))
                for known in self._phrases.values()
                for words, names in known.items()
            ),
            LOOSE,
            sorted(self.weights.items()),
        ]
        # Tells profiles of another vocabulary, such as an older version's or a home's before its themes changed; never 0, which is no vocabulary.
        self.fingerprint = zlib.crc32(repr(said).encode()) % 0x7FFFFFFE + 1

    def _learn(self, name: str, label: str, weight: float, phrases: Iterable[str]) -> None:
        # A row of plain words may be named as a theme: they are one concept then, with the row's weight.
        self.weights.setdefault(name, weight)
        self.labels[name] = label
        for phrase in phrases:
            words = [(stem, word) for stem, word, _, _ in self._tokens(phrase)]
            if words:
                key = tuple(stem for stem, _ in words)
                said = tuple(singular(word) for _, word in words)
                self._phrases.setdefault(key, {}).setdefault(said, set()).add(name)
                self._longest[key[0]] = max(self._longest.get(key[0], 0), len(key))

    def _tokens(self, text: str) -> Iterator[tuple[str, str, int, int]]:
        """Stem, word, start and end of every word."""
        lowered = _POSSESSIVE.sub("s ", text.lower())
        lowered = lowered if len(lowered) == len(text) else text.lower()
        for match in _WORD.finditer(lowered):
            word = match[0]
            stem = self._stems.get(word)
            if stem is None:
                stem = self._stems[word] = self._stem.stemWord(word)
            yield stem, word, match.start(), match.end()

    def mentions(self, text: str) -> Iterator[Mention]:
        """Every mention of every concept, in the order of the text.

        A word is a word: "training" is no train, "looks after" not "looked after"; its plural and possessive are the same. In a phrase of
        three words and more other forms of a word are too ("misused", "misuses").
        """
        tokens = list(self._tokens(text))
        for at, (stem, _, start, _) in enumerate(tokens):
            for length in range(1, self._longest.get(stem, 0) + 1):
                run = tokens[at : at + length]
                if len(run) < length:
                    break
                known = self._phrases.get(tuple(token[0] for token in run))
                if known is None:
                    continue
                said = tuple(singular(token[1]) for token in run)
                names = known.get(said, set()) if length < LOOSE else set().union(*known.values())
                for concept in sorted(names):
                    yield Mention(concept, start, run[-1][3])

    def count(self, text: str) -> Counter[str]:
        """How often the text mentions each concept."""
        return Counter(mention.concept for mention in self.mentions(text))


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
