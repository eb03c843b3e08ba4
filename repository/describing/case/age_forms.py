"""The forms in which reports tell an age, and the months that each may mean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casereviews.repository.vocabulary.rules import load_rules

DAYS_OF_MONTH = 30.44
OLDEST_CHILD = 17

FORMS = load_rules("ages")
_SHORT_OF = load_rules("age_circumstances")["short_of"]
_BEFORE = 45  # characters before a number that say it is not reached yet
_WORDS = {word: at for at, word in enumerate(load_rules("numbers")["number"].phrases, 1)}
_NAMED_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
]
_ORDINALS = {word: at for at, word in enumerate(_NAMED_ORDINALS, 1)}
_ORDINALS |= {
    f"{at}{end}": at for at in range(1, OLDEST_CHILD + 2) for end in ("st", "nd", "rd", "th")
}


def spans_of(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The months from..to that each number of an age expression may mean."""
    groups: dict[str, str | None] = match.groupdict()
    at = match.start("n")
    short = _SHORT_OF.fits(match.string[max(0, at - _BEFORE) : at])
    birthday = _ORDINALS.get(match["n"])
    unit = groups.get("unit")
    if birthday and unit:  # "on the twelfth day of life", "in her ninth year"
        if (span := _months(birthday - 1, unit)) is not None:
            yield span
        return
    if birthday or (short and (unit or "y").startswith("y") and not groups.get("more")):
        years = (birthday or _number(match["n"])) - short
        if 0 <= years <= OLDEST_CHILD:
            yield years * 12, years * 12 + 11
        return
    numbers: list[tuple[str, str | None]] = [(match["n"], unit)]
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
    word = word.rstrip("½")
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
