"""What may follow the colon of a code, number or date field, and which documents' values it means."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable

from casereviews.index.analysis import fold
from casereviews.index.fields import UNKNOWN, nearest
from casereviews.repository.fields import Field
from casereviews.repository.vocabulary import PACKAGED, Vocabulary
from casereviews.repository.vocabulary.codes import AGE_BANDS

_RANGE = re.compile(r"(.*?)\.\.(.*)", re.DOTALL)
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_AGE = re.compile(r"[0-9]+")
SHOWN = 60  # characters of a wrong value that a message repeats


class BadValue(ValueError):
    """The value is not one of the field's; the message says which was probably meant."""


def matching(
    field: Field,
    text: str,
    present: Iterable[tuple[str, ...]],
    vocabulary: Vocabulary = PACKAGED,
) -> tuple[frozenset[int], str]:
    """The combinations of `present` that a value means, and how it is shown.

    `present` are a column's combinations in order, () for unknown. Raises BadValue.
    """
    combinations = list(present)
    if text.lower() == UNKNOWN and not any(UNKNOWN in values for values in combinations):
        return frozenset(
            at for at, values in enumerate(combinations) if not values
        ), f"{field.query}:{UNKNOWN}"
    if field.kind in ("number", "date"):
        return _dated(field, text, combinations)
    codes = _codes(field, text, {value for values in combinations for value in values}, vocabulary)
    found = frozenset(at for at, values in enumerate(combinations) if codes.intersection(values))
    shown = " OR ".join(f'"{code}"' if " " in code else code for code in sorted(codes))
    return found, f"{field.query}:({shown})" if len(codes) > 1 else f"{field.query}:{shown}"


def _codes(field: Field, text: str, present: set[str], vocabulary: Vocabulary) -> set[str]:
    """The codes a text means: a code, its label, a theme without its group, an age in years."""
    if field.query == "age" and _AGE.fullmatch(text.strip()):
        return {_band(int(text.strip()[:9]))}
    known: dict[str, set[str]] = {}
    labels = vocabulary.labels_of(field)
    for code in present | set(labels):
        for name in (code, labels.get(code, code), _without_group(field, code)):
            known.setdefault(_key(name), set()).add(code)
    found = known.get(_key(text))
    if found:
        return found
    choices = sorted({code for codes in known.values() for code in codes})
    meant = nearest(_key(text), list(known)) if known else None
    if meant:
        code = min(known[meant])
        hint = "did you mean " + (f'"{code}"' if " " in code else code) + "?"
    elif choices:
        hint = "there are: " + ", ".join(choices[:12]) + (", …" if len(choices) > 12 else "")
    else:
        hint = "no document in the index has one"
    raise BadValue(f"{field.query} has no value “{shortened(text)}”: {hint}")


def _key(name: str) -> str:
    return "_".join(fold(part) for part in re.split(r"[\s_,()/&–-]+", name) if part)


def named(field: Field, text: str, vocabulary: Vocabulary = PACKAGED) -> str | None:
    """The code of a field's list that a text means, None when it means none."""
    labels = vocabulary.labels_of(field)
    wanted = _key(text)
    return next(
        (code for code, label in labels.items() if wanted in (_key(code), _key(label))), None
    )


def shortened(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _without_group(field: Field, code: str) -> str:
    """A theme by its short name: neglect for harm_neglect."""
    return code.partition("_")[2] or code if field.codes in ("theme", "harm", "agency") else code


def _band(years: int) -> str:
    for band, (first, last) in AGE_BANDS.items():
        if first <= years <= last:
            return band
    raise BadValue("Ages run from 0 to 17")


def _dated(
    field: Field, text: str, combinations: list[tuple[str, ...]]
) -> tuple[frozenset[int], str]:
    """Dates that lie wholly in a span: what is only known to be of 2021 is not in 2021-03."""
    low, high = _span(field, text)
    found = set()
    for at, values in enumerate(combinations):
        for value in values:
            dated = _DATE.fullmatch(value)
            if dated and low <= _first(dated) and _last(dated) <= high:
                found.add(at)
    return frozenset(found), f"{field.query}:{text}"


def _span(field: Field, text: str) -> tuple[str, str]:
    """The first and last day that a value or range means, as ISO dates; an open end reaches to the end of time."""
    parts = _RANGE.fullmatch(text)
    ends = (parts[1], parts[2]) if parts else (text, text)
    if not any(ends):
        raise BadValue(f"{field.query} takes a value or a range, such as {field.query}:2015..2020")
    read = [_DATE.fullmatch(end) if end else None for end in ends]
    for end, dated in zip(ends, read, strict=True):
        wrong = end and (dated is None or (field.kind == "number" and dated[2]))
        if wrong or (dated and not _exists(dated)):
            forms = "a year" if field.kind == "number" else "2021, 2021-03 or 2021-03-17"
            raise BadValue(
                f"{field.query} takes {forms}, or a range with two dots: “{shortened(end)}” is neither"
            )
    low = _first(read[0]) if read[0] else "0000-00-00"
    high = _last(read[1]) if read[1] else "9999-99-99"
    if low > high:
        raise BadValue(f"The range {text} ends before it begins: write {ends[1]}..{ends[0]}")
    return low, high


def _exists(dated: re.Match[str]) -> bool:
    month, day = int(dated[2] or 1), int(dated[3] or 1)
    year = int(dated[1])
    return year > 0 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def _first(dated: re.Match[str]) -> str:
    return f"{dated[1]}-{dated[2] or '01'}-{dated[3] or '01'}"


def _last(dated: re.Match[str]) -> str:
    return f"{dated[1]}-{dated[2] or '12'}-{dated[3] or '31'}"
