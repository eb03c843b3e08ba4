"""Plain words: how practitioners and reports say the same thing, as concepts with a weight.

`plain_words.csv` is ours: concept, weight (how much sharing it says of two cases being alike: 0.3 for what nearly every
case has, 1.8 for what few have), words (bar-joined, any of which tells of the concept; `~word` is one that means something else as
often, such as "scan": it makes texts more alike and is no reason by itself).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from casereviews.repository.errors import VocabularyError
from casereviews.repository.vocabulary.tables import read_table

FILE = Path(__file__).parent / "plain_words.csv"


@dataclass(frozen=True, slots=True)
class PlainConcept:
    """A concept, its weight above 0, and the words and phrases that tell of it, as written; `loose` are those that often mean something else."""

    name: str
    weight: float
    phrases: tuple[str, ...]
    loose: frozenset[str] = frozenset()


@cache
def load_plain_words(file: Path = FILE) -> tuple[PlainConcept, ...]:
    """The concepts in the file's order; raises VocabularyError naming file and line of a wrong row."""
    concepts = []
    names: set[str] = set()
    for line, row in read_table(file, ("concept", "weight", "words")):
        where = f"{file.name}, line {line}"
        try:
            weight = float(row["weight"])
        except ValueError:
            raise VocabularyError(
                f"{where}: weight must be a number, not {row['weight']!r}"
            ) from None
        words = [word.strip() for word in row["words"].split("|")]
        phrases = tuple(word.removeprefix("~") for word in words)
        if weight <= 0 or not all(phrases):
            raise VocabularyError(
                f"{where}: a concept needs a weight above 0 and words without gaps"
            )
        if row["concept"] in names:
            raise VocabularyError(f"{where}: the concept {row['concept']!r} stands twice")
        names.add(row["concept"])
        loose = frozenset(word[1:] for word in words if word.startswith("~"))
        concepts.append(PlainConcept(row["concept"], weight, phrases, loose))
    return tuple(concepts)
