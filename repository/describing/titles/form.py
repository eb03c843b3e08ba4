"""A raw title made plain: file names and slugs become words, quotes and dashes one form, download notes go.

Nothing here decides what a title means; `Plain.text` keeps every word that may matter.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

from casereviews.repository.vocabulary.rules import load_rules

_EXTENSION = re.compile(
    r"\.(?:pdf|docx?|pptx?|odt|odp|rtf|html?|aspx?|xlsx?|php|ashx)(?:\.html?)?\s*$", re.IGNORECASE
)
_LETTERS_MEET = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2,})")
_COPY_NUMBER = re.compile(
    r"(?<=[^\W\d])\(\d{1,3}\)$|[\s_-]+\(\d{1,3}\)$|[\s_-]+copy(?:[\s_-]*\(?\d+\)?)?$", re.IGNORECASE
)
_SIX_DIGITS = re.compile(r"(?<![^\s_-])(\d\d)(\d\d)(\d\d)(?![^\s_-])")
# "v3-14.03.2023": a date behind another number.
_JOINED_DATE = re.compile(r"(?<=\d)[-_](?=\d{1,2}\.\d{1,2}\.(?:\d\d){1,2}(?!\d))")
LATEST_OF_TWO_DIGITS = 29
"""The last year (2029) that two digits at the end of six are taken for: "210630" is no day of 2030."""
_BOARD = load_rules("bodies")["acronym"].pattern
_TYPE = re.compile("|".join(rule.words for rule in load_rules("review_acronyms")))
_SLUG_TYPE = "|".join(rule.words for rule in load_rules("review_acronyms").having("in_slugs"))
_MARKS = frozenset({"FINAL", "DRAFT", "WEB", "PUBLISHED", "REDACTED", "REPORT"})
_GLUED_LABEL = re.compile(
    r"(?<!\w)(child|baby|family)(?:-([a-z]{1,2}\d{0,2})|([a-rt-z]|[a-z]{1,2}\d{1,2}))(?!\w)"
)
_SLUG_BOARD = re.compile(r"(?<![^\W\d_])[a-z]{0,6}(?:lscb|lscp|scb|scp|sab)(?![^\W\d_])")
_DOWNLOAD_NOTE = load_rules("title_words")["download_note"].pattern
_PAIRS = (("‘", "’"), ("“", "”"), ("«", "»"), ("‹", "›"))
_STRAIGHT_PAIR = re.compile(
    r"(?<![\w'])'(?=\S)([^'\n]{0,80}?(?:\w'\w[^'\n]*)?[^\s'])'(?!\w)|(?<!\w)\"([^\"\n]{1,120})\""
)
MONTHS = frozenset(word for rule in load_rules("months") for word in rule.phrases)
# "Reveiw", "Safegaurding": two letters have changed places.
_SLIPS = re.compile(r"(?<=rev)(e)(i)(?=ws?(?!\w))|(?<=safeg)(a)(u)(?=rding)", re.IGNORECASE)
_MONTH_GLUED = re.compile(
    rf"\b({'|'.join(sorted(MONTHS, key=len, reverse=True))})(\d\d)$", re.IGNORECASE
)
_WORD_BEFORE_YEAR = re.compile(r"\b([A-Za-z]+)(?=(?:19|20)\d\d(?!\d))")
_HIDDEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Plain:
    """`text`: the plain title, quotations in “ ”; `slug`: a name without spaces, or of a file, in small letters; `capitals`: all in capitals;
    `file`: it ended as files' names do."""

    text: str
    slug: bool
    capitals: bool
    file: bool = False


def plain(raw: str) -> Plain:
    """The plain form of a raw title, link text, file name or slug; never raises on any text."""
    text = _HIDDEN.sub("", unicodedata.normalize("NFC", html.unescape(raw)))
    text = re.sub(r"\s+", " ", text).strip()
    whole, is_file, text = _from_file_name(text)
    if is_file:
        text = _SIX_DIGITS.sub(_with_dots, text)
    if whole or is_file:
        text = _JOINED_DATE.sub(" ", text)
    text = _DOWNLOAD_NOTE.sub(" ", text)
    text = _one_form(text)
    text = _SLIPS.sub(lambda slip: slip[0][::-1], text)
    # "2012Ceredigion", "December 2014NSPCC": a separator was lost
    text = re.sub(r"(?<!\w)((?:19|20)\d\d)(?=[A-Z][A-Za-z])", r"\1 – ", text)
    # "SCR2013", "Child A(2013)"
    text = re.sub(r"(?<![A-Za-z\d])([A-Z]{3,6})(?=(?:19|20)\d\d(?![\d/-]))", r"\1 ", text)
    text = re.sub(r"(?<=\w)\((?=(?:19|20)\d\d\))", " (", text)
    text = re.sub(r"(?<!\w)(?:[A-Z]\.){3,}(?!\w)", lambda dots: dots[0].replace(".", ""), text)
    text = _MONTH_GLUED.sub(r"\1 \2", text)
    text = _WORD_BEFORE_YEAR.sub(
        lambda word: f"{word[0]} " if word[0].lower() in MONTHS else word[0], text
    )
    text = re.sub(r"\s+", " ", text).strip()
    letters = [letter for letter in text if letter.isalpha()]
    slug = (whole or is_file) and _is_slug(text)
    if slug:
        if text[1:2].islower():
            text = text[:1].lower() + text[1:]
        text = _GLUED_LABEL.sub(r"\1 \2\3", text)
        text = _SLUG_BOARD.sub(lambda board: board[0].upper(), text)
    return Plain(text, slug, _is_capitals(letters), is_file)


def file_name_in_words(printed: str, labels: tuple[str, ...] = ()) -> str:
    """A file's name as people write titles ("Heron SCR report" of "Heron-SCR-report.pdf"); other words as they are.

    One in small letters gets a capital, those of its acronyms and those of `labels`, which it was read to name.
    """
    _, is_file, text = _from_file_name(printed)
    if (not is_file and len(re.findall(r"\w[-_+]\w", printed)) < 2) or text == printed:
        return printed
    text = " ".join(text.split())
    if not _is_slug(text):
        return text
    text = _SLUG_BOARD.sub(lambda board: board[0].upper(), _GLUED_LABEL.sub(r"\1 \2\3", text))
    text = re.sub(rf"(?<!\w)(?i:{_SLUG_TYPE})(?!\w)", lambda type_: type_[0].upper(), text)
    for label in labels:
        text = re.sub(rf"(?<!\w){re.escape(label)}(?!\w)", label, text, flags=re.IGNORECASE)
    return text[:1].upper() + text[1:]


def _from_file_name(text: str) -> tuple[bool, bool, str]:
    """Whether `text` is one word, whether it ended as files' names do, and its words, taken apart where it is one name."""
    if " " not in text and re.search(r"%[0-9A-Fa-f]{2}", text):
        text = unquote(text)
    printed, text = text, _EXTENSION.sub("", text)
    is_file = text != printed
    if is_file:
        text = _COPY_NUMBER.sub("", text)
    whole = " " not in text.strip()
    if whole or (is_file and len(re.findall(r"\w[-_]\w", text)) > text.count(" ")):
        text = _unjoined(text)
    elif text.count("_") >= 2 or re.search(r"\w_\w", text):
        text = text.replace("_", " ")
    return whole, is_file, text


def _with_dots(digits: re.Match[str]) -> str:
    """The day, month and year of "160519" as "16.05.2019", day first as UK dates are; "210630" can only begin with its year."""
    first, month, last = digits.groups()
    for day, year in ((first, last), (last, first)):
        if 1 <= int(day) <= 31 and 1 <= int(month) <= 12 and 4 <= int(year) <= LATEST_OF_TWO_DIGITS:
            return f"{day}.{month}.20{year}"
    return digits[0]


def _unjoined(text: str) -> str:
    """Words of a name without spaces: "Fenestra-SCR-report", "child_q_2019", "ChildQReport"."""
    text = text.replace("+", " ").replace("_", " ").replace("%20", " ")
    text = re.sub(r"(?<=[A-Za-z)])-+|-+(?=[A-Za-z(])", " ", text)
    text = re.sub(r"(?<=[A-Za-z])\.(?=[A-Za-z])", " ", text)
    text = re.sub(r"(?<=[A-Z]{3})(?=(?:child|baby|family)[A-Z])", " ", text)
    text = re.sub(
        r"\S+",
        lambda word: word[0] if _BOARD.fullmatch(word[0]) else _LETTERS_MEET.sub(" ", word[0]),
        text,
    )
    return re.sub(r"(?<=[a-z]{4})(?=(?:19|20)\d\d(?!\d))", " ", text)


def _one_form(text: str) -> str:
    for opening, closing in _PAIRS:
        text = re.sub(rf"(?<!\w){opening}([^{opening}]*?\S){closing}(?!\w)", r"“\1”", text)
    text = re.sub(r"[‘’‚‛′´`]", "'", text)
    text = re.sub(r"[„″]", '"', text)
    text = _STRAIGHT_PAIR.sub(lambda m: f"“{m.group(1) or m.group(2)}”", text)
    text = re.sub(r"[‐‑]", "-", text)
    return re.sub(r"\s*[—–−]\s*|\s+-+\s+|\s*--+\s*", " – ", text)


def _is_slug(text: str) -> bool:
    """True when every word is in small letters but those that are always in capitals ("HSCB-scr-child-a-FINAL") and, of more than one, the first ("Serious-case-review-child-t")."""
    words = re.findall(r"[^\W\d_]+", text)
    if len("".join(filter(str.islower, words[1:]))) >= 3 and words[0][1:].islower():
        words[0] = words[0].lower()
    small = [word for word in words if word.islower()]
    return len("".join(small)) >= 3 and all(
        word.isupper()
        and (len(word) <= 2 or word in _MARKS or _BOARD.fullmatch(word) or _TYPE.fullmatch(word))
        for word in words
        if not word.islower()
    )


def _is_capitals(letters: list[str]) -> bool:
    upper = sum(letter.isupper() for letter in letters)
    return len(letters) >= 12 and upper >= 0.85 * len(letters)
