"""Reviews counted by one field or by two: what was collected, not how many cases there were."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casereviews.collection.clock import today
from casereviews.collection.errors import RequestError
from casereviews.collection.output.hostile import flat
from casereviews.index.storage.columns import values_of
from casereviews.repository.fields import SEARCHED
from casereviews.repository.vocabulary.codes import CODES

if TYPE_CHECKING:
    from casereviews.index.results import Hit, Results
    from casereviews.repository.vocabulary import Vocabulary

COUNTED = {field.query: field for field in SEARCHED if field.facet}
CAUTION = (
    "Counts are of what was collected. Sites delete reports after about a year and the NSPCC after five,"
    " so a trend over years tells what was still there to collect, not how many cases there were."
)
UNKNOWN = "unknown"
LONGEST_AXIS = 200
"""So many years at most are filled up: where more lie between the first and the last, one of them is misread."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Reviews by the values of a field, the unknown last; of what has an order (years, ages) no value between the first and the
    last is missing. `left_out` counts values beyond the number asked for; `reviews` all that were counted, `understood` which,
    `collected` the day of the index that they were counted in, `counted_on` the day of counting (ISO)."""

    by: str
    values: tuple[tuple[str, int], ...]
    left_out: int
    reviews: int
    understood: str
    collected: str = ""
    counted_on: str = ""


@dataclass(frozen=True, slots=True)
class CrossTable:
    """Reviews by two fields: `numbers` has a row a line, a number a head; all else as `Counts` has it."""

    by: tuple[str, str]
    lines: tuple[str, ...]
    heads: tuple[str, ...]
    numbers: tuple[tuple[int, ...], ...]
    left_out: int
    reviews: int
    understood: str
    collected: str = ""
    counted_on: str = ""


def checked(by: str) -> None:
    """Raise RequestError when reviews are not counted by this."""
    if by not in COUNTED:
        near = difflib.get_close_matches(by, COUNTED, n=1)
        hint = f"did you mean '{near[0]}'?" if near else f"there are: {', '.join(COUNTED)}"
        raise RequestError(f"reviews are not counted by '{by}': {hint}")


def labelled(by: str, code: str, vocabulary: Vocabulary) -> str:
    """A value of a counted field as people read it."""
    return flat(vocabulary.worded(COUNTED[by], code))


def counts_of(found: Results, by: str, top: int) -> Counts:
    """The hits of a search by a field: at most `top` known values."""
    counts = Counter(value for hit in found.hits for value in set(values_counted(hit, by)))
    shown, left_out = _shortened(_ordered(counts, by), by, top)
    return Counts(by, tuple(shown), left_out, found.total, found.understood, *_days(found))


def cross_table_of(found: Results, by: tuple[str, str], top: int) -> CrossTable:
    """The hits of a search by two fields, one value down, another across: at most `top` known values down."""
    cells: Counter[tuple[str, str]] = Counter()
    down: Counter[str] = Counter()
    across: Counter[str] = Counter()
    for hit in found.hits:
        lefts, tops = set(values_counted(hit, by[0])), set(values_counted(hit, by[1]))
        down.update(lefts)
        across.update(tops)
        cells.update((left, top_) for left in lefts for top_ in tops)
    heads = tuple(value for value, _ in _ordered(across, by[1]))
    kept, left_out = _shortened(_ordered(down, by[0]), by[0], top)
    lines = tuple(value for value, _ in kept)
    numbers = tuple(tuple(cells[line, head] for head in heads) for line in lines)
    asked = (found.total, found.understood, *_days(found))
    return CrossTable(by, lines, heads, numbers, left_out, *asked)


def _days(found: Results) -> tuple[str, str]:
    return found.index.built[:10], today()


def values_counted(hit: Hit, by: str) -> tuple[str, ...]:
    """What a review counts under: several values for lists, "unknown" when unsaid."""
    return values_of(hit.fields.get(COUNTED[by].published)) or (UNKNOWN,)


def _ordered(counts: Mapping[str, int], by: str) -> list[tuple[str, int]]:
    """Numbers and codes that have an order in it, all else by size; the unknown last."""
    field = COUNTED[by]
    known = [(value, count) for value, count in counts.items() if value != UNKNOWN]
    if field.ranked:
        place = {code: at for at, code in enumerate(CODES.get(field.codes, ()))}
        known.sort(key=lambda pair: (place.get(pair[0], len(place)), pair[0]))
        known = [
            (value, counts.get(value, 0)) for value in without_holes(by, [v for v, _ in known])
        ]
    else:
        known.sort(key=lambda pair: (-pair[1], pair[0]))
    return known + [(UNKNOWN, counts[UNKNOWN])] * (UNKNOWN in counts)


def without_holes(by: str, values: Sequence[str]) -> list[str]:
    """Values in their order, and those between the first and the last of them that are not among them: years, bands of age."""
    field = COUNTED[by]
    codes = list(CODES.get(field.codes, ()))
    if field.kind == "number":
        years = [int(value) for value in values if value.isdigit()]
        if len(years) == len(values) > 0 and years[-1] - years[0] < LONGEST_AXIS:
            return [str(year) for year in range(years[0], years[-1] + 1)]
    elif values and set(values) <= set(codes):
        return codes[codes.index(values[0]) : codes.index(values[-1]) + 1]
    return list(values)


def _shortened(
    pairs: Sequence[tuple[str, int]], by: str, top: int
) -> tuple[list[tuple[str, int]], int]:
    """At most `top` known values and always the unknown, and how many were left out; of years the latest stay."""
    known = [pair for pair in pairs if pair[0] != UNKNOWN]
    unknown = [pair for pair in pairs if pair[0] == UNKNOWN]
    kept = known[-top:] if COUNTED[by].kind == "number" else known[:top]
    return kept + unknown, sum(1 for _, n in known if n) - sum(1 for _, n in kept if n)
