"""Agreement and its uncertainty, in numbers: kappa, precision, recall, and their intervals of 95%."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from casereviews.repository.json_record import JsonRecord

Z = 1.959964
"""The normal quantile of 97.5%: two-sided intervals of 95%."""
Pair = tuple[str, str]
"""What one says of a review and what the other does, as codes of one value each."""


@dataclass(frozen=True, slots=True)
class Measure(JsonRecord):
    """A kappa, -1 to 1, with the ends of its interval; None where they cannot be told."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Share(JsonRecord):
    """`hits` of `of`, as a share 0 to 1 with the ends of its interval; None of nothing."""

    hits: int
    of: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


def share(hits: int, of: int) -> Share:
    """A share with Wilson's score interval (Wilson 1927, J Am Stat Assoc 22: 209-212), which holds for few and for extreme shares."""
    if not of:
        return Share(hits, of)
    p = hits / of
    middle = p + Z * Z / (2 * of)
    reach = Z * math.sqrt(p * (1 - p) / of + Z * Z / (4 * of * of))
    whole = 1 + Z * Z / of
    low = 0.0 if not hits else (middle - reach) / whole
    high = 1.0 if hits == of else (middle + reach) / whole
    return Share(hits, of, p, low, high)


def kappa(items: Sequence[Sequence[Pair]]) -> Measure | None:
    """Cohen's kappa (Cohen 1960, Educ Psychol Meas 20: 37-46) of one item, or pooled over several (De Vries et al. 2008, Field Methods 20: 272-282).

    An item is a field of one value or a single code (told or not); each has a pair a review, in one order of reviews. Pooled, observed
    and expected agreement are summed over the items before they are compared, so that codes that hardly occur weigh little. The interval is
    that of a jackknife over reviews (Fleiss and Davies 1982, Am J Epidemiol 115: 841-845), so that codes of one review may go together.
    None where chance alone would agree always: nobody used a second value. Where all agree there is no interval: a jackknife would give none of
    any width, whatever the number of reviews.
    """
    value = _kappa(items)
    if value is None:
        return None
    n = len(items[0])
    without = [_kappa([[*item[:at], *item[at + 1 :]] for item in items]) for at in range(n)]
    left = [one for one in without if one is not None]
    if len(left) < n or n < 2:
        return Measure(value)
    pseudo = [n * value - (n - 1) * one for one in left]
    mean = sum(pseudo) / n
    error = math.sqrt(sum((one - mean) ** 2 for one in pseudo) / (n - 1) / n)
    if error < 1e-9:
        return Measure(value)
    return Measure(value, max(-1.0, value - Z * error), min(1.0, value + Z * error))


def _kappa(items: Iterable[Sequence[Pair]]) -> float | None:
    """The sum of observed less expected agreement by that of the most it could be."""
    more, most = 0.0, 0.0
    for pairs in items:
        if not pairs:
            return None
        n = len(pairs)
        observed = sum(1 for one, other in pairs if one == other) / n
        ones, others = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
        expected = sum(ones[code] * others[code] for code in ones) / (n * n)
        more += observed - expected
        most += 1 - expected
    return more / most if most > 1e-12 else None
