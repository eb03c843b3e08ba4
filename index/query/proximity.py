"""Words side by side and words near each other, within one document: pure functions over rising positions.

Places are the rising first positions of something that is `length` words long.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence

from casereviews.index.positions import Range

Places = Sequence[int]
Group = tuple[Places, int]  # places, and how many words long each is
_CHUNK = 256
_BISECT_COST = 4  # a bisection costs about as much as taking so many numbers into a set


def sequence_places(words: Sequence[tuple[int, Places]]) -> list[int]:
    """Where words stand side by side: each is (how many words after the first, its places)."""
    rarest, places = min(words, key=lambda each: len(each[1]))
    others = [(step - rarest, other) for step, other in words if step != rarest]
    found: list[int] = []
    for first in range(0, len(places), _CHUNK):
        starts: Collection[int] = places[first : first + _CHUNK]
        for step, other in others:
            starts = _followed(starts, step, other)
            if not starts:
                break
        found.extend(sorted(map((-rarest).__add__, starts)))
    return found


def _followed(starts: Collection[int], step: int, other: Places) -> Collection[int]:
    """The starts that have one of the others `step` words on."""
    low = bisect_left(other, min(starts) + step)
    high = bisect_right(other, max(starts) + step, low)
    if len(starts) * _BISECT_COST < high - low:
        return [start for start in starts if _has(other, start + step)]
    if not isinstance(starts, set):
        starts = set(starts)
    starts.intersection_update(map((-step).__add__, other[low:high]))
    return starts


def _has(places: Places, wanted: int) -> bool:
    at = bisect_left(places, wanted)
    return at < len(places) and places[at] == wanted


def within(group: Group, ranges: Sequence[Range]) -> Group:
    """Those places whose words all lie in one of the ranges (in order, not overlapping)."""
    places, length = group
    found: list[int] = []
    for start, end in ranges:
        low = bisect_left(places, start)
        found.extend(places[low : bisect_right(places, end - length, low)])
    return found, length


def chain_ends(items: Sequence[Sequence[Group]], distance: int) -> list[Group]:
    """The places of the last item that close a chain: one place of each item, each near the one before it.

    An item is one or more groups of different lengths (`infant OR "young child"`). Words side by side are 1 apart; places that
    share a word are not near each other, so that the same word never counts twice.
    """
    reached = list(items[0])
    for item in items[1:]:
        reached = _close(item, reached, distance)
    return reached


def chains(items: Sequence[Sequence[Group]], distance: int) -> list[list[Group]]:
    """For every item those of its places that belong to a chain."""
    kept = [list(items[0])]
    for item in items[1:]:
        kept.append(_close(item, kept[-1], distance))
    for at in range(len(kept) - 2, -1, -1):
        kept[at] = _close(kept[at], kept[at + 1], distance)
    return kept


def _close(groups: Sequence[Group], others: Sequence[Group], distance: int) -> list[Group]:
    """Of each group the places that have one of the others before or after them within reach."""
    found = []
    for places, length in groups:
        near = [
            _within_reach(places, length, other, other_length, distance)
            for other, other_length in others
            if other and places
        ]
        if len(near) == 1:
            found.append((near[0], length))
        elif near:
            found.append((sorted(set().union(*near)), length))
    return [group for group in found if group[0]]


def _within_reach(
    places: Places, length: int, others: Places, other_length: int, distance: int
) -> list[int]:
    """Places p with another q: q follows p's last word, or p follows q's, by at most `distance`."""
    after, before = length + distance - 1, other_length + distance - 1
    if len(places) > 4 * len(others):
        found: set[int] = set()
        for other in others:
            low = bisect_left(places, other - after)
            middle = bisect_right(places, other - length, low)
            found.update(places[low:middle])
            low = bisect_left(places, other + other_length, middle)
            found.update(places[low : bisect_right(places, other + before, low)])
        return sorted(found)
    kept = []
    for place in places:
        at = bisect_left(others, place - before)
        if at < len(others) and others[at] <= place - other_length:
            kept.append(place)
            continue
        at = bisect_left(others, place + length, at)
        if at < len(others) and others[at] <= place + after:
            kept.append(place)
    return kept


def least_gap(one: Places, other: Places) -> int:
    """The least distance between two lists of places: 1 when two are side by side; 0 never."""
    if len(one) > len(other):
        one, other = other, one
    least = 1 << 30
    last = len(other)
    for place in one:
        at = bisect_left(other, place)
        if at < last:
            least = min(least, max(other[at] - place, 1))
        if at:
            least = min(least, place - other[at - 1])
        if least == 1:
            return 1
    return least
