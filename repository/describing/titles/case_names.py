"""Which words can be the name of a case: pseudonyms and names, as against the everyday words of titles."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

from casereviews.repository import vocabulary
from casereviews.repository.vocabulary.rules import load_rules

FOLDER = Path(vocabulary.__file__).parent

_NAME = re.compile(r"(?:Mc|Mac|O'|Fitz)?[A-Z][a-zà-öø-ÿŵŷ]+(?:[-'][A-Z][a-zà-öø-ÿŵŷ]+)*")
_RULES = load_rules("label_words")
_ENDINGS = _RULES["everyday_ending"]
_ALL_THE_SAME = frozenset(_RULES["name_all_the_same"].phrases)
_SURNAMES = frozenset(_RULES["surname"].phrases)


@cache
def first_names() -> frozenset[str]:
    """Known first names, lower case."""
    return _words("first_names.txt")


@cache
def everyday_words() -> frozenset[str]:
    """Words that are no name: the file of such words, and every word of the themes and abbreviations, lower case."""
    words = set(_words("not_names.txt"))
    for name, columns in (
        ("themes.csv", ("label", "phrases")),
        ("abbreviations.csv", ("expansion",)),
    ):
        with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                for column in columns:
                    words.update(re.findall(r"[a-z][a-z'-]+", row[column].lower()))
    return frozenset(words)


@cache
def acronyms() -> frozenset[str]:
    """Abbreviations of the field in capitals: never the code of a case on their own."""
    with (FOLDER / "abbreviations.csv").open(encoding="utf-8", newline="") as lines:
        return frozenset(row["abbreviation"].upper() for row in csv.DictReader(lines))


def is_name(word: str, *, capitals: bool = False) -> bool:
    """True when `word` can be a name: a capital letter and no everyday word, or a known first name.

    `capitals` says that the whole title is in capitals, so that the letters tell nothing.
    """
    folded = word.lower()
    if folded.endswith("'s"):
        folded, word = folded[:-2], word[:-2]
    if folded in first_names() or folded in _ALL_THE_SAME:
        return word[:1].isupper()
    if _is_everyday(folded) or _ENDINGS.fits(folded):
        return False
    if capitals:
        return len(word) >= 3 and word.isalpha()
    return len(word) >= 2 and bool(_NAME.fullmatch(word))


def is_family_name(word: str) -> bool:
    """True when `word` can be the name of a family: more can than can be a first name ("Manning", "White")."""
    folded = word.lower()
    everyday = _is_everyday(folded) and folded not in _SURNAMES
    return is_name(word) or (not everyday and len(word) >= 3 and bool(_NAME.fullmatch(word)))


def _is_everyday(folded: str) -> bool:
    return folded in everyday_words() or folded.rstrip("s") in everyday_words()


def _words(name: str) -> frozenset[str]:
    text = (FOLDER / name).read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word.lower() for line in lines for word in line.split())
