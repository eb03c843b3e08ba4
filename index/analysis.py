"""Text to words: what counts as a word, how it is folded, and which words are forms of one another.

A word is a run of letters and digits. `Child Q`, `7/2020` and `non-accidental` give two words each, `A&E`
gives one; case, accents and the possessive 's do not matter. One word is one position. Words are indexed
as they are written; forms of a word (`neglect`, `neglected`) are brought together when a query asks for
them, by `kin`, so that exact and inexact searches read the same postings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

_MARKS = (
    "\u0300-\u036f\u00ad"  # combining accents and the soft hyphen belong to the word they stand in
)
_PLAIN = re.compile(r"\w(?:&\w\b|\w*(?:'\w+)*)")
_FULL = re.compile(rf"\w(?:&\w\b|[\w{_MARKS}]*(?:['’ʼ][\w{_MARKS}]+)*)")
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "’": "'", "ʼ": "'"}
)
CASED = "^"  # leads the second term of a short word in capitals: CP is indexed as cp and as ^CP
BEGINNING = "*"  # leads the term of all words that begin so: `*neg` sums up neglect, negative...
BEGINNING_LENGTH = 3
# Two of these side by side are a term of their own, `of the`, because each alone has hundreds of places in every report.
COMMON = frozenset(
    [
        "a",
        "all",
        "also",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "but",
        "by",
        "did",
        "for",
        "from",
        "had",
        "has",
        "have",
        "he",
        "her",
        "his",
        "if",
        "in",
        "is",
        "it",
        "no",
        "not",
        "of",
        "on",
        "or",
        "she",
        "that",
        "the",
        "their",
        "there",
        "they",
        "this",
        "to",
        "was",
        "were",
        "when",
        "which",
        "who",
        "with",
        "would",
    ]
)
_CAPITALS = re.compile(r"([A-Z]{2,4})(?:['’ʼ]?s)?")

_IRREGULAR = {
    "children": "child",
    "men": "man",
    "women": "woman",
    "people": "person",
    "persons": "person",
    "feet": "foot",
    "teeth": "tooth",
    "mice": "mouse",
    "lives": "life",
    "knives": "knife",
    "thieves": "thief",
    "halves": "half",
    "learnt": "learn",
    "manoeuvre": "maneuver",
    "manoeuvres": "maneuver",
    "manoeuvred": "maneuver",
    "manoeuvring": "maneuver",
}
_SPELLINGS = (
    (r"wives$", "wife"),  # midwives
    (r"(?<=[a-z]{2})iz(e|es|ed|er|ers|ing|ation|ations|ational)$", r"is\1"),
    (r"yz(e|es|ed|er|ers|ing)$", r"ys\1"),
    (
        r"(behavi|neighb|hum|rum|tum|col|fav|hon|lab|harb|endeav|vap|savi?|rig|vig|od|cand|demean|succ|parl|glam|ferv|val|arm|clam)our",
        r"\1or",
    ),
    (r"(p|h)ae(?=[dm])", r"\1e"),
    (r"^(gyn|an)ae", r"\1e"),
    (r"^foet", "fet"),
    (r"oedema", "edema"),
    (r"^(cent|fib|lit|met|theat)re(s?)$", r"\1er\2"),
    (r"^programmes?$", "program"),
    (r"(judg|acknowledg|abridg)ement", r"\1ment"),
    (r"^(def|off|lic|pret)ense", r"\1ence"),
    (r"^practis", "practic"),
    (r"^(enrol|fulfil|instal|wil|skil)l(?=ment|ful)", r"\1"),
    (r"^(counsel|fuel|initial)l(ed|ing|ors?)$", r"\1\2"),
    (r"(dial|catal|anal|monol)ogue(s?)$", r"\1og\2"),
    (r"rrhoea", "rrhea"),
    (r"aemi(as?|c)$", r"emi\1"),
    (r"^(c|f)ae(?=sar|c)", r"\1e"),
    (r"^(?:ae(?=tiol)|oe(?=soph|str))", "e"),
    (r"^sceptic", "skeptic"),
    (r"^pyjama", "pajama"),
    (r"^mould", "mold"),
    (r"^woollen", "woolen"),
    (r"^jewellery$", "jewelry"),
    (r"^yoghurt", "yogurt"),
    (r"^grey", "gray"),
    (r"^mom(s|my|mies)?$", r"mum\1"),
)
# One look tells of most words that no spelling fits.
_ANY_SPELLING = re.compile("|".join(f"(?:{pattern})" for pattern, _ in _SPELLINGS))


def raw_words(text: str) -> list[str]:
    """The words of a text as written, in order."""
    return (_PLAIN if text.isascii() else _FULL).findall(text.replace("_", " "))


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the words of a text are (start, end exclusive); the same words in the same order as `raw_words`."""
    pattern = _PLAIN if text.isascii() else _FULL
    return map(re.Match.span, pattern.finditer(text.replace("_", " ")))


@lru_cache(maxsize=500_000)
def fold(word: str) -> str:
    """A word as it is indexed: lower case, without accents, apostrophes and the possessive 's."""
    folded = word.casefold()
    if not folded.isascii():
        split = unicodedata.normalize("NFKD", folded).casefold().translate(_LETTERS)
        folded = "".join(letter for letter in split if letter.isalnum() or letter in "&'")
    if "'" in folded:
        folded = folded.removesuffix("'s").replace("'", "")
    return folded or word.casefold()


def words(text: str) -> list[str]:
    """The folded words of a text, in order: `words("A&E saw Child Q's mother") == ["a&e", "saw", "child", "q", "mother"]`."""
    return [fold(word) for word in raw_words(text)]


def cased(word: str) -> str | None:
    """The capitals-only term of a short word in capitals (`CP`, `CPs` and `CP's` give `^CP`), None for any other."""
    found = _CAPITALS.fullmatch(word)
    return CASED + found[1] if found else None


def british(word: str) -> str:
    """A folded word in one spelling: American and British variants give the same."""
    if _ANY_SPELLING.search(word):
        for pattern, replacement in _SPELLINGS:
            word = re.sub(pattern, replacement, word)
    return word


@cache
def plurals_of_abbreviations() -> dict[str, str]:
    """Abbreviations by their plural (`scrs` is `scr`): a stemmer takes no s from a word without vowels."""
    from casereviews.repository.vocabulary import load_abbreviations

    shorts = {fold(row.short) for row in load_abbreviations() if row.short.isalpha()}
    return {f"{short}s": short for short in shorts if f"{short}s" not in shorts}


@cache
def _stemmer() -> Any:
    from Stemmer import Stemmer

    return Stemmer("english")


@lru_cache(maxsize=200_000)
def forms_digested() -> object:
    """What decides the families of forms beside the stemmer: an index made with others has other families."""
    return sorted(_IRREGULAR.items()), _SPELLINGS


def kin(word: str) -> str:
    """The name of the family of forms that a folded word belongs to: the stem of its British spelling.

    `kin("children") == kin("child")`, `kin("organized") == kin("organisation")` as Porter's second English
    stemmer has it. Words with digits and one-letter words are families of their own.
    """
    if len(word) < 3 or not word.isalpha():
        return word
    word = _IRREGULAR.get(word) or plurals_of_abbreviations().get(word, word)
    return str(_stemmer().stemWord(british(word)))
