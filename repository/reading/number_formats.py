"""Numbers and days as a spreadsheet's format code prints them: `#,##0.0`, `0%`, `"£"0,"k"`, `mmm-yy`.

Source: ECMA-376 part 1, 18.8.31 (numFmts). Months and days of the week are English, as Office prints them for British readers.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.|\[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]|\[(?P<bracket>[^\]]*)\]|'
    r"(?P<half>AM/PM|A/P)|(?P<day>y+|m+|d+|h+|s+)|(?P<number>[0#?][0#?,.]*|\.[0#?]+)|(?P<percent>%)|(?P<odd>[@E])|(?P<plain>.)",
    re.IGNORECASE | re.DOTALL,
)
_COLOUR = re.compile(
    r"(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+)$", re.IGNORECASE
)
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_LAST_DAY = 2_957_003  # of the year 9999, counted from the later of the two
_MOST, _MOST_DECIMALS = 10**16, 10  # together they stay within what decimals hold exactly


def plainly(number: float) -> str:
    """A number without the noise of binary fractions."""
    return f"{number:.10g}"


def printed(number: float, code: str, *, from_1904: bool = False) -> str | None:
    """A number as its format prints it; None for formats that are not understood (fractions, powers of ten, conditions).

    `from_1904`: days are counted from 1904 instead of 1900, as Excel for the Macintosh did.
    """
    if code.strip().casefold() in ("", "general"):
        return plainly(number)
    sections = _sections(code)
    place = 1 if number < 0 else 2 if number == 0 else 0
    own = 0 < place < len(sections)
    tokens = sections[place if own else 0]
    if any(_unknown(token) for token in tokens):
        return None
    if any(token["day"] for token in tokens):
        return _day(number, tokens, _EPOCH_1904 if from_1904 else _EPOCH)
    return _number(number, tokens, signed=not own)


def _sections(code: str) -> list[list[re.Match[str]]]:
    """The parts of a format for positive numbers, negative ones, nothing, and words."""
    sections: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(code):
        if token["plain"] == ";":
            sections.append([])
        else:
            sections[-1].append(token)
    return sections


def _unknown(token: re.Match[str]) -> bool:
    bracket = token["bracket"]
    return bool(token["odd"]) or (bracket is not None and not _COLOUR.match(bracket))


def _literal(token: re.Match[str]) -> str:
    """The letters that a part of a format stands for by itself."""
    words = (token["quoted"], token["escaped"], token["currency"], token["plain"])
    return next((each for each in words if each), "") or ("%" if token["percent"] else "")


def _number(number: float, tokens: list[re.Match[str]], *, signed: bool) -> str | None:
    patterns = [token for token in tokens if token["number"]]
    if len(patterns) > 1 or (patterns and any(token["plain"] == "/" for token in tokens)):
        return None
    value = Decimal(repr(abs(number))).scaleb(2 * sum(1 for each in tokens if each["percent"]))
    if value > _MOST:
        return None
    digits = _digits(value, patterns[0]["number"]) if patterns else ""
    text = "".join(digits if token["number"] else _literal(token) for token in tokens)
    minus = signed and number < 0 and any(each in digits for each in "123456789")
    return ("-" if minus else "") + text.strip()


def _digits(value: Decimal, pattern: str) -> str:
    """The digits of a number by a pattern such as `#,##0.0` or `0,,` (in millions)."""
    whole, _point, part = pattern.partition(".")
    bare = pattern.rstrip(",")
    value = value.scaleb(-3 * (len(pattern) - len(bare)))
    whole, part = whole.rstrip(","), part.rstrip(",")[:_MOST_DECIMALS]
    rounded = value.quantize(Decimal(1).scaleb(-len(part)), ROUND_HALF_UP)
    before, _point, after = f"{rounded:f}".partition(".")
    before = before.lstrip("0").rjust(sum(1 for sign in whole if sign == "0"), "0")
    if "," in whole and before:
        before = f"{int(before):,}".rjust(len(before))
    least = len(part.rstrip("#?"))
    after = after[:least] + after[least:].rstrip("0")
    return f"{before}.{after}" if after else before


def _day(number: float, tokens: list[re.Match[str]], epoch: datetime) -> str | None:
    if not 0 <= number < _LAST_DAY or any(token["number"] for token in tokens):
        return None
    day = epoch + timedelta(seconds=round(number * 86_400))
    halves = any(token["half"] for token in tokens)
    timed = [token for token in tokens if token["day"]]
    parts = []
    for token in tokens:
        if token["half"]:
            parts.append("AM" if day.hour < 12 else "PM")
        elif token["day"]:
            parts.append(_part(day, token["day"].lower(), _beside(timed, token), halves))
        else:
            parts.append(_literal(token))
    return "".join(parts).strip()


def _beside(timed: list[re.Match[str]], token: re.Match[str]) -> bool:
    """True where an m stands for minutes: after hours or before seconds."""
    place = timed.index(token)
    before = timed[place - 1]["day"].lower() if place else ""
    after = timed[place + 1]["day"].lower() if place + 1 < len(timed) else ""
    return before.startswith("h") or after.startswith("s")


def _part(day: datetime, code: str, minutes: bool, halves: bool) -> str:
    letter, length = code[0], len(code)
    if letter == "y":
        return f"{day.year:04}" if length > 2 else f"{day.year % 100:02}"
    if letter in "md" and length > 2 and not (letter == "m" and minutes):
        names = ("%b", "%B") if letter == "m" else ("%a", "%A")
        named = day.strftime(names[length > 3])
        return named[0] if letter == "m" and length == 5 else named
    hour = (day.hour % 12 or 12) if halves else day.hour
    value = {
        "m": day.minute if minutes else day.month,
        "d": day.day,
        "h": hour,
        "s": day.second,
    }[letter]
    return f"{value:02}" if length > 1 else str(value)
