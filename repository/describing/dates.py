"""Dates in UK and Welsh forms, each with its precision and what the words around it say it is.

A date is only read where a UK pattern stands, day first; periods ("2014-2017", "from ... to ..."), years of guidance
("Working Together 2018") and years of annual reports are found too and marked, so that nobody takes them for a date
of publication.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from casereviews.repository.vocabulary.rules import load_rules

EARLIEST = 1945  # the oldest review in the NSPCC's national collection
LATEST = 2099

MONTHS = {word: int(rule.code) for rule in load_rules("months") for word in rule.phrases}
_CALENDAR = load_rules("calendar")
_MONTH = "(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?:19|20)\d\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_ORDINAL = rf"(?:\s?{_CALENDAR['ordinal'].words}\b)?"
_WEEKDAY = rf"(?:{_CALENDAR['weekday'].words}\b[,.]?\s+)?"

_DATE = re.compile(
    rf"""
    (?P<iso>(?<![\d./-])(?P<iy>{_YEAR})[-/.](?P<im>0[1-9]|1[0-2])[-/.](?P<id>0[1-9]|[12]\d|3[01])
        (?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\d/-]))
  | (?P<ym>(?<![\w./-])(?P<vy>{_YEAR})[-/](?P<vm>0[1-9]|1[0-2])(?![\w/-]|\.\d))
  | (?P<dmy>(?<![\d./v-])(?P<nd>{_DAY})(?P<sep>\s?[./-]\s?|\s(?=\d\d?\s{_YEAR}\b))(?P<nm>0?[1-9]|1[0-2])(?P=sep)(?P<ny>{_YEAR}|\d\d)(?![\d/-]|\.\d))
  | (?P<text>\b{_WEEKDAY}(?:the\s+)?(?P<td>{_DAY}){_ORDINAL}(?:\s+(?:day\s+)?(?:of|o))?[\s./-]*(?P<tm>{_MONTH})[\s,./-]*'?(?P<ty>{_YEAR}|(?<=['\s./-])\d\d)(?!\d))
  | (?P<us>\b(?P<um>{_MONTH})\s+(?P<ud>{_DAY}){_ORDINAL}[,\s]+(?P<uy>{_YEAR})\b)
  | (?P<month>\b(?:{_MONTH}\s?/\s?)?(?P<mm>{_MONTH})(?:\s+of)?[\s,./-]*(?P<my>{_YEAR}|'\d\d(?!\d)|(?<=-)\d\d(?![\d-])|(?<=\s)(?:0[4-9]|[1-4]\d)(?=\s*$))(?!\d))
  | (?P<packed>(?<![\d.])(?:(?P<py>{_YEAR})(?P<pm>0[1-9]|1[0-2])(?P<pd>0[1-9]|[12]\d|3[01])|(?P<qd>0[1-9]|[12]\d|3[01])(?P<qm>0[1-9]|1[0-2])(?P<qy>{_YEAR}))(?!\d))
  | (?P<numbers>(?<![\w./-])(?:(?P<om>0?[1-9]|1[0-2])\s?[./]\s?|(?P<hm>0[1-9]|1[0-2])-)(?P<oy>{_YEAR})(?![\w/]|[.-]\d))
  | (?P<season>\b{_CALENDAR["season"].words}[\s,]+(?P<sy>{_YEAR})\b)
  | (?P<partial>\b{_WEEKDAY}{_DAY}{_ORDINAL}\s+(?:of\s+)?{_MONTH}(?!\w)|(?<![\d.])(?:0?[1-9]|[12]\d|3[01])\.(?:0[1-9]|1[0-2])(?![\d.]))
  | (?P<year>(?<![\w/.£-])(?P<yy>{_YEAR})(?![\w/]|-\d|\.\d))
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SPAN_OF_YEARS = re.compile(
    rf"(?<![\w/.])(?:{_YEAR})(?:\s?[-–/]\s?\d\d(?![\d/.-])|\s*(?:[-–/&]|{_CALENDAR['joins_years'].words})\s*(?:{_YEAR}))(?![\w/])",
    re.IGNORECASE,
)
# The number of a review: after the acronym of its type ("CPR 04/2019", "APR 03 2022", which is no April), a board's
# code ("CTMSB 8/2020") or a word for number.
_CODE = re.compile(
    rf"""
    (?<![\w/.-])(?:
        (?:{"|".join(rule.words for rule in load_rules("review_acronyms"))})(?:[\s:-]+[A-Z]{{2,8}})?[\s:.-]*\d{{1,3}}\s?[\s/-]\s?
      | (?!(?i:{_MONTH}|dates?\b|(?:{"|".join(rule.words for rule in load_rules("date_labels"))})))
        (?:[A-Z]{{3,8}}(?:\s[A-Z]{{3,8}})?|[Rr]ef(?:erence)?\.?|[Nn]o\.?|[Nn]umber)[\s:.-]+[A-Z]?\d{{1,3}}\s?[/-]\s?
    )(?:19|20)\d\d(?![\w/]|-\d)
    """,
    re.VERBOSE,
)
_MONTHS = "|".join(sorted(MONTHS, key=len, reverse=True))
_DASH = re.compile(
    rf"(?:(?<=\d)(?<!\d{{4}})|(?<=\d{{4}})(?=.\d\d[‒–−-]\d)|\b(?:{_MONTHS}))[‒–−](?=\d|(?:{_MONTHS})\b)",
    re.IGNORECASE,
)
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u2007\u2009\u202f", " "),
        **dict.fromkeys("‘’ʼ′", "'"),
        "\u2010": "-",
        "\u2011": "-",
    }
)
_JOINS_PERIOD = re.compile(rf"\s*(?:[-–&]|{_CALENDAR['joins_dates'].words})?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in a text: `iso` as long as its `precision` (day, month, year); both empty for a date without a year.

    `meaning` is what the words around say: published, report_date, agreed, revised, uploaded, presented, incident, death,
    birth, commissioned, removed, period, guidance or None (they say nothing).
    """

    start: int
    end: int
    raw: str
    iso: str
    precision: str
    meaning: str | None = None


def find_dates(text: str, *, masked: Sequence[tuple[int, int]] = ()) -> list[DateMention]:
    """The dates in `text`, in order; `masked` spans (case references) are left out."""
    printed = text
    if not text.isascii():
        text = _DASH.sub(lambda match: match.group(0)[:-1] + "-", text.translate(_SIGNS))
    masked = [*masked, *(match.span() for match in _CODE.finditer(text))]
    periods = [match.span() for match in _SPAN_OF_YEARS.finditer(text)]
    periods = [span for span in periods if not _inside_longer_date(text, span)]
    found: list[DateMention] = []
    for match in _DATE.finditer(text):
        if any(match.start() < end and start < match.end() for start, end in masked):
            continue
        mention = _mention(match)
        if mention is None:
            continue
        if match.lastgroup == "year" or mention.precision == "year":
            inside = any(start <= match.start() < end for start, end in periods)
            if inside:
                mention = replace(mention, meaning="period")
        if printed is not text:
            mention = replace(mention, raw=printed[mention.start : mention.end].strip())
        found.append(mention)
    return _with_meanings(text, found)


def read_date(text: str) -> tuple[str, str] | None:
    """The one date a short string holds, as (ISO, precision); None when it holds none or several different ones."""
    dates = {(mention.iso, mention.precision) for mention in find_dates(text) if mention.iso}
    return dates.pop() if len(dates) == 1 else None


def before(first: str, second: str) -> bool:
    """True when `first` surely lies before `second`, comparing only as far as both are precise."""
    length = min(len(first), len(second))
    return first[:length] < second[:length]


def _inside_longer_date(text: str, span: tuple[int, int]) -> bool:
    """True for "2019-04-29", or "May 2019 - 12 June": a longer date than a span of years stands there."""
    return bool(re.match(rf"{_YEAR}-\d\d-\d\d", text[span[0] : span[0] + 10]))


def _mention(match: re.Match[str]) -> DateMention | None:
    kind = next(name for name in _KINDS if match.group(name) is not None)
    raw = match.group(0).strip()
    if kind == "partial":
        return DateMention(match.start(), match.end(), raw, "", "")
    year, month, day = (match.group(part) if part else None for part in _parts(kind, match))
    if kind == "ym" and int(month or 0) > int((year or "")[2:]):
        return None  # "2011-12" is a span of years, "2021-03" is none
    iso = _iso(year, month, day)
    if iso is None:
        return None
    precision = {4: "year", 7: "month", 10: "day"}[len(iso)]
    return DateMention(match.start(), match.end(), raw, iso, precision)


_KINDS = (
    "iso",
    "ym",
    "dmy",
    "text",
    "us",
    "month",
    "packed",
    "numbers",
    "season",
    "partial",
    "year",
)


def _parts(kind: str, match: re.Match[str]) -> tuple[str, str | None, str | None]:
    if kind == "packed":
        return ("py", "pm", "pd") if match.group("py") else ("qy", "qm", "qd")
    names: dict[str, tuple[str, str | None, str | None]] = {
        "iso": ("iy", "im", "id"),
        "ym": ("vy", "vm", None),
        "dmy": ("ny", "nm", "nd"),
        "text": ("ty", "tm", "td"),
        "us": ("uy", "um", "ud"),
        "month": ("my", "mm", None),
        "numbers": ("oy", "om" if match.group("om") else "hm", None),
        "season": ("sy", None, None),
        "year": ("yy", None, None),
    }
    return names[kind]


def _iso(year: str | None, month: str | None, day: str | None) -> str | None:
    number = int((year or "0").lstrip("'"))
    if number < 100:
        number += 2000 if number < EARLIEST - 1900 else 1900
    if not EARLIEST <= number <= LATEST:
        return None
    if month is None:
        return f"{number:04d}"
    word = month.lower().rstrip(".")
    month_number = int(word) if word.isdigit() else MONTHS[word]
    if day is None:
        return f"{number:04d}-{month_number:02d}"
    if int(day) > calendar.monthrange(number, month_number)[1]:
        return None
    return f"{number:04d}-{month_number:02d}-{int(day):02d}"


# Words that label a date, the nearest before it wins; a story must lead straight into the date with a preposition.
_LABEL, _STORY = (
    re.compile("|".join(f"(?P<{rule.code}>{rule.words})" for rule in load_rules(name)), re.I)
    for name in ("date_labels", "date_stories")
)
_AROUND = load_rules("date_circumstances")
_TOLD_AFTER = ("incident", "death")
_AFTER_PUBLISHED = re.compile(
    rf"^[\s)\]]*[-–,(]?\s*(?:\(|\[)?{_AROUND['published_after'].words}\b", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"(?<=[a-z]{4}[.!?]|\w\w\w\)[.!?])\s+(?=[A-Z“\"'‘])")
_AFTER_ANNUAL = re.compile(rf"^\s*{_AROUND['annual_after'].words}", re.IGNORECASE)


def _with_meanings(text: str, found: list[DateMention]) -> list[DateMention]:
    settled: list[DateMention] = []
    for place, mention in enumerate(found):
        if mention.meaning is None:
            start = found[place - 1].end if place else 0
            after = text[mention.end : found[place + 1].start if place + 1 < len(found) else None]
            before_text = _of_its_sentence(text[max(start, mention.start - 90) : mention.start])
            meaning = _meaning(before_text, after, mention)
            mention = replace(mention, meaning=meaning)
        settled.append(mention)
    for place in range(len(settled) - 1):
        first, second = settled[place], settled[place + 1]
        if _is_period(text, first, second):
            settled[place] = replace(first, meaning="period")
            settled[place + 1] = replace(second, meaning="period")
    return settled


def _is_period(text: str, first: DateMention, second: DateMention) -> bool:
    """Two dates with nothing or only "to", "and", a dash between them, of one precision and rising."""
    between = text[first.end : second.start]
    if "\n" in between or not _JOINS_PERIOD.fullmatch(between) or not second.iso:
        return False
    if not first.iso:  # "1 April to 31 March 2019"
        return bool(between.strip())
    same = first.precision == second.precision
    return same and first.iso < second.iso and second.meaning in (None, "period")


def _meaning(before_text: str, after: str, mention: DateMention) -> str | None:
    guidance = _AROUND["guidance"].search(before_text) if mention.precision == "year" else None
    if guidance and (not guidance["paper"] or re.search(r"\w", after)):
        return "guidance"  # but the year that ends the title of a guidance is its own
    if mention.precision == "year" and (
        _AROUND["annual"].fits(before_text) or _AFTER_ANNUAL.match(after)
    ):
        return "period"
    label = _last(_LABEL, before_text)
    if label is not None:
        name = str(label.lastgroup)
        gap = before_text[label.end() :]
        if name == "revised" and _AROUND["and_published"].fits(gap):
            return "published"
        if name == "published" and _AROUND["bound"].fits(gap):
            return "period"
        if name == "published" and _AROUND["other_paper"].fits(before_text[: label.start()]):
            return "guidance"
        if name == "published" or len(gap) <= 40:
            story = _story(gap)
            return story or name
    if _AFTER_PUBLISHED.match(after):
        return "published"
    if _AROUND["preposition"].fits(before_text) and _is_publishing(after):
        return "published"
    if story := _story(before_text):
        return story
    return next((name for name in _TOLD_AFTER if _AROUND[name].fits(after)), None)


def _of_its_sentence(before_text: str) -> str:
    """What stands before a date in its own sentence: no label reaches over the end of another."""
    *_, last = _SENTENCE_END.split(before_text)
    return last if re.search(r"\w", last) else before_text


def _is_publishing(after: str) -> bool:
    """True for "In 2019 [Family G was published]": the sentence says what was published then, and gives no other date for it."""
    sentence = _SENTENCE_END.split(after)[0]
    told = _AROUND["was_published"].search(sentence)
    if told is None or _last(_STORY, sentence[: told.start()]):
        return False
    return len(sentence) < len(after) or not _AROUND["preposition"].fits(after)


def _story(words: str) -> str | None:
    if not _AROUND["preposition"].fits(words):
        return None
    teller = _last(_STORY, words)
    if teller is None or re.search(r"[;:|]|\s[-–]\s", words[teller.end() :]):
        return None
    return str(teller.lastgroup)


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return max(pattern.finditer(text), key=lambda match: match.start(), default=None)
