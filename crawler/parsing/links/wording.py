"""What the words of a link, a heading or a card say: a review, one of its papers, a label, a date, a status, or a decoy.

The words are the vocabulary's own (`repository/vocabulary/rules/`), those that describing reads titles by.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from casereviews.repository.describing.dates import find_dates
from casereviews.repository.vocabulary import decoys
from casereviews.repository.vocabulary.decoys import names_paper, names_review
from casereviews.repository.vocabulary.link_titles import without_file_notes
from casereviews.repository.vocabulary.rules import load_rules

LINK_WORDS = load_rules("link_words")
_YEAR = LINK_WORDS["year"]
_DIGITS = re.compile(r"\d\d")
_TIME = re.compile(r"[T ]\d\d:\d\d.*$")
_STATUS = load_rules("status_words").lacking("said_as_status")

_NOUNS = load_rules("label_nouns")
_LABELS = load_rules("label_words")
_IN_LINKS = [word for rule in _NOUNS.having("in_links") for word in rule.phrases]
_CODED = [word for rule in _NOUNS.having("in_links_coded") for word in rule.phrases]
_TITLES = [word for rule in _NOUNS.having("title") for word in rule.phrases]


def _either(words: list[str], case: str = "title") -> str:
    return "(?:" + "|".join(getattr(word, case)() for word in words).replace(" ", r"\s+") + ")"


LABEL = re.compile(
    rf"\b{_either([*_IN_LINKS, *_LABELS['in_links'].phrases])}\s+[\"'“‘(]?"
    rf"(?:[A-Z]{{1,2}}\d{{0,4}}\b(?!['’][a-z])|\d{{1,3}}\b|(?!{_LABELS['ordinary'].words}\b)[A-Z][a-z]+\b)"
    rf"|\b{_either(_CODED)}\s+(?:No\.?\s*|Number\s+)?(?:[A-Z]{{1,4}}\d{{0,4}}\b(?![a-z])|\d{{1,3}}\b)"
    rf"|\b{_either(_IN_LINKS, 'upper')}\s+[\"'“‘(]?[A-Z]{{1,2}}\d{{0,3}}\b"
    rf"|\b(?!S(?:11|17|20|31|47|157|175)\b)[A-Z]{{1,3}}\d{{2,3}}\b|\b{_either(_TITLES)}\s+[A-Z]"
)
"""The label of a case as links have it: "Child Heron", "Family S4", "Case 14", "FD17", "Mr T"; no section of an Act."""

MONTH = "|".join(rule.words for rule in load_rules("months"))
_WEEKDAY = r"(?:(?:Mon|Tues?|Wednes|Thurs?|Fri|Satur|Sun)(?:day)?,?\s+)?"
DATE = re.compile(
    rf"\b{_WEEKDAY}\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?(?:{MONTH})\b\.?,?\s+(?:19|20)\d\d\b"
    rf"|\b(?:{MONTH})\b\.?,?\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?(?:19|20)\d\d\b"
    r"|\b(?:19|20)\d\d-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./](?:(?:19|20)\d\d|\d\d)\b",
    re.I,
)


def words_of(text: str, url: str | None = None) -> str:
    """A link's text with the words of its file's name: hyphens, underscores and %20 become spaces."""
    name = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2]) if url else ""
    stem = re.sub(r"\.[A-Za-z]{2,5}$", "", name)
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"[-_+]+", " ", stem))
    return f"{text} {spaced}".strip()


def decoy_reason(text: str, *, place: bool = False) -> str | None:
    """Why a file of this name is no review, None when nothing says so; `place`: a page or a heading of this name."""
    return decoys.decoy_reason(text, labelled=bool(LABEL.search(text)), place=place)


def is_reviewish(text: str) -> bool:
    """True when a text speaks of a review, one of its documents or a case."""
    return names_review(text) or names_paper(text) or bool(LABEL.search(text))


def year_of(heading: str) -> str | None:
    """The (first) year of a heading that says nothing else: "2019", "Reviews published in 2018", "2018/19"."""
    found = _YEAR.search(heading)
    return str(found["year"]) if found else None


def dates_in(text: str) -> list[str]:
    """Dates to the month or day as printed, in order, each once; whose they are is for `said_dates` to say."""
    if not _DIGITS.search(text):
        return []
    found = [one for one in find_dates(text) if one.precision in ("month", "day")]
    return list(dict.fromkeys(_TIME.sub("", one.raw) for one in found))


def says_nothing(text: str) -> bool:
    """True for words that only say to go on, or tell of the file: "Read more", "Download", "PDF 842 KB", ""."""
    text = without_file_notes(text)
    return any(LINK_WORDS[code].search(text) for code in ("empty", "more", "onward"))


def only_dates(text: str) -> bool:
    """True for a text that is a date or a year and nothing else."""
    if year_of(text):
        return True
    return any(text.replace(date, "").strip(" ,.:-–()") == "" for date in dates_in(text))


def status_words_in(text: str) -> list[str]:
    """Status words as printed, in order, each once."""
    return list(dict.fromkeys(hit.match.group(0) for hit in _STATUS.places(text)))
