"""The forms in which reports tell an age, and the months that each may mean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casereviews.repository.describing.case.sentences import SUBJECT

DAYS_OF_MONTH = 30.44
OLDEST_CHILD = 17

_WORDS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
}
_WORDS |= {"a": 1, "an": 1}
_N = rf"(?:\d{{1,3}}|{'|'.join(sorted(list(_WORDS)[1:21], key=len, reverse=True))})\b"
_UNIT = r"(?:hours?|days?|weeks?|months?|years?|wks?|mths?|yrs?)"
_MORE = rf"(?:(?:,? (?:and|or|to|&)|,|(?= \w+ (?:months|weeks)\b)) ?(?:aged )?(?P<more>{_N})(?: (?P<more_unit>{_UNIT}))?)"
_MORE2 = rf"(?:(?:,? (?:and|or|to|&)|,) ?(?:aged )?(?P<third>{_N})(?: (?P<third_unit>{_UNIT}))?)"
FORMS = (
    # "two years and nine months old"
    (
        "adjective",
        re.compile(
            rf"\b(?P<n>{_N}) (?P<unit>years?),? (?:and )?(?P<more>{_N}) (?P<more_unit>months?|weeks?|days?) old\b"
        ),
    ),
    # "a 4-month-old boy", "six week old", "14 and 16 year old girls"
    (
        "adjective",
        re.compile(
            rf"\b(?:(?P<more>{_N}) (?:and|or|to) )?(?P<n>{_N})(?: and a half)? (?P<unit>{_UNIT}) olds?\b"
        ),
    ),
    ("adjective", re.compile(r"\b(?P<n>\d{1,2}) ?(?P<unit>y)(?:/o|o|r old|rs old)\b")),
    # "aged 15", "aged six weeks", "aged between 4 and 9", "aged 4, 7 and 9"
    (
        "aged",
        re.compile(
            rf"\b(?:aged|age of|ages of|age was|ages|age at (?:the )?(?:time of )?(?:the |his |her )?(?:death|incident|injury|review|referral)|age|turned|ages ranged from),?:?(?: just| only| about| around| approximately| nearly| almost| under| between| from| at)* (?P<n>{_N})(?: (?P<unit>{_UNIT}))?{_MORE}?{_MORE2}?(?P<half> and a half)?"
        ),
    ),
    # "boy of seven months", "two brothers of six and five", "young people of 16"
    (
        "of",
        re.compile(
            rf"\b{SUBJECT},? of (?:just |only |about |around |nearly |almost |between )?(?P<n>{_N})(?: (?P<unit>{_UNIT}))?{_MORE}?(?! (?:other|children|siblings|brothers|sisters|half|\w+ children))"
        ),
    ),
    # "died at eight days", "at 12 weeks of age", "at the age of 3"
    (
        "at",
        re.compile(
            rf"\bat (?:just |only |about |around )?(?P<n>{_N}) (?P<unit>{_UNIT})(?: of age| old)?\b"
        ),
    ),
    ("at", re.compile(rf"\b(?P<n>{_N}) (?P<unit>{_UNIT}) of age\b")),
    # "the baby lived for nine weeks"
    (
        "at",
        re.compile(
            rf"\blived (?:for )?(?:just |only )?(?P<n>{_N}) (?P<unit>(?:hours?|days?|weeks?|months?))\b"
        ),
    ),
    # "was 15 when", "who was sixteen", "he was only 14 years"
    (
        "was",
        re.compile(
            rf"\b(?:was|were|is|being)(?: just| only| about| almost| nearly)? (?P<n>{_N})(?: (?P<unit>{_UNIT}))?(?= (?:when|at the|and (?:a|in|was|had|lived)|years)\b|[.,;]|$)"
        ),
    ),
    # "Child A (15)", "Child A, 15,", "the boy, 15,"
    # a row of a family table: "Child A   7 months"
    (
        "row",
        re.compile(
            rf"\b{SUBJECT}(?: \(?(?:male|female|boy|girl|subject|child)\)?)*:? (?P<n>{_N}) (?P<unit>{_UNIT})\b(?! (?:before|after|later|earlier|ago|of|in|on|apart|into|and the))"
        ),
    ),
    (
        "bracket",
        re.compile(
            rf"\b{SUBJECT}(?: \w{{1,2}})? ?[,(] ?(?:aged )?(?P<n>\d{{1,2}})(?: (?P<unit>{_UNIT}))? ?[),]"
        ),
    ),
)
# Words that stand for an age; the months are theirs, the band only where one band holds them.
NAMED = (
    (
        re.compile(
            r"\b(?:newborn|new born|neonate|neonatal death|hours after (?:\w+ )?birth|shortly after birth|at birth)\b"
        ),
        0,
        0,
    ),
    (re.compile(r"\b(?:baby|babies|infants?|infancy|under one|under the age of one)\b"), 0, 11),
    (re.compile(r"\btoddlers?\b"), 12, 35),
    (
        re.compile(
            r"\b(?:pre ?school(?: age| aged)? (?:child|boy|girl)\w*|nursery (?:aged )?(?:child|boy|girl)\w*)\b"
        ),
        24,
        59,
    ),
    (re.compile(r"\b(?:early teens|young teenager)\b"), 144, 179),
    (re.compile(r"\b(?:mid teens)\b"), 168, 203),
    (re.compile(r"\b(?:late teens|older teenager)\b"), 192, 215),
    (
        re.compile(
            r"\b(?:teenagers?|teenaged?|adolescents?)\b(?! (?:mother|parent|pregnan|father|mum|relationship))"
        ),
        156,
        215,
    ),
)


def spans_of(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The months from..to that each number of an age expression may mean."""
    groups: dict[str, str | None] = match.groupdict()
    numbers: list[tuple[str, str | None]] = [(match["n"], groups.get("unit"))]
    for name in ("more", "third"):
        if value := groups.get(name):
            numbers.append((value, groups.get(f"{name}_unit")))
    last_unit = next((unit for _, unit in reversed(numbers) if unit), None)
    years_and_months = (
        len(numbers) == 2
        and (numbers[0][1] or "").startswith("y")
        and (numbers[1][1] or "").startswith(("m", "w"))
    )
    if years_and_months:
        years = _number(numbers[0][0])
        months = _number(numbers[1][0]) if (numbers[1][1] or "").startswith("m") else 0
        total = years * 12 + months
        if years <= OLDEST_CHILD:
            yield total, total
        return
    for word, unit in numbers:
        span = _months(_number(word), unit or last_unit or "years")
        if span is None:
            return
        yield span


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _WORDS[word]


def _months(number: int, unit: str) -> tuple[int, int] | None:
    """Months from..to of a number of hours, days, weeks, months or years; None beyond childhood."""
    if unit.startswith("h"):
        span = (0, 0)
    elif unit.startswith("d"):
        span = (int(number / DAYS_OF_MONTH),) * 2
    elif unit.startswith("w"):
        span = (int(number * 7 / DAYS_OF_MONTH),) * 2
    elif unit.startswith("m"):
        span = (number, number)
    else:
        span = (number * 12, number * 12 + 11)
    return span if span[1] <= OLDEST_CHILD * 12 + 11 else None
