"""The boxes of the PRISMA 2020 flow, counted from decisions and from the log of searches.

A record is a review: the collection has grouped its documents and copies before. Every box follows from the one above it, so that
screened = screened out + undecided on title and abstract + sought, and sought = not retrieved + assessed, and assessed = excluded + undecided + included.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from casereviews.collection.output.flow_diagram import ON_TITLE, FlowBox


@dataclass(frozen=True, slots=True)
class Screened:
    """What was decided of a review: on title and abstract, and on the full text (include, exclude, maybe, conflict; "" for nothing yet),
    and why it was excluded there."""

    review_id: str
    title: str = ""
    full: str = ""
    title_reason: str = ""
    full_reason: str = ""

    @property
    def passed(self) -> bool:
        """True when its report was wanted: let through on title and abstract, or decided on the full text."""
        return bool(self.full) or self.title == "include"


@dataclass(frozen=True, slots=True)
class Identified:
    """A logged search: its name in the flow, how many reviews it found, and which (None where an older log does not say)."""

    name: str
    count: int
    reviews: frozenset[str] | None = None


def flow_of(
    screened: Collection[Screened],
    not_had: Collection[str] = (),
    searches: Sequence[Identified] = (),
) -> tuple[FlowBox, ...]:
    """The boxes in the order of the work. `not_had` are reviews of which no file is kept.

    The boxes of identification come with `searches`; those that tell searches apart only where every one says which reviews it found.
    """
    return (*_identification(screened, searches), *_screening(screened, frozenset(not_had)))


def _identification(
    screened: Collection[Screened], searches: Sequence[Identified]
) -> Iterator[FlowBox]:
    if not searches:
        return
    total = sum(one.count for one in searches)
    yield FlowBox("identified", "", total)
    if len(searches) > 1:
        for one in searches:
            yield FlowBox("identified", one.name, one.count)
    found: set[str] = set()
    for one in searches:
        if one.reviews is None:
            return
        found |= one.reviews
    marked = {one.review_id for one in screened}
    yield FlowBox("duplicates", "", total - len(found))
    yield FlowBox("unscreened", "", len(found - marked))
    yield FlowBox("identified_otherwise", "", len(marked - found))


def _screening(screened: Collection[Screened], not_had: frozenset[str]) -> Iterator[FlowBox]:
    passed = [one for one in screened if one.passed]
    waiting = [one for one in screened if not one.passed and one.title != "exclude"]
    out = [one for one in screened if not one.passed and one.title == "exclude"]
    missing = {one for one in passed if not one.full and one.review_id in not_had}
    assessed = len(passed) - len(missing)
    excluded = [one for one in passed if one.full == "exclude"]
    undecided = Counter(_undecided(one) for one in waiting)
    undecided.update(
        _undecided(one)
        for one in passed
        if one.full not in ("include", "exclude") and one not in missing
    )
    yield FlowBox("screened", "", len(screened))
    yield FlowBox("screened_out", "", len(out))
    yield from _by_reason("screened_out", [one.title_reason for one in out if one.title_reason])
    yield FlowBox("sought", "", len(passed))
    yield FlowBox("not_retrieved", "", len(missing))
    yield FlowBox("assessed", "", assessed)
    yield from _by_reason("excluded", [one.full_reason for one in excluded])
    if not excluded:
        yield FlowBox("excluded", "", 0)
    yield FlowBox("undecided", "", undecided.total())
    for why, count in undecided.most_common():
        yield FlowBox("undecided", why, count)
    yield FlowBox("included", "", sum(one.full == "include" for one in passed))


def _by_reason(box: str, reasons: Sequence[str]) -> Iterator[FlowBox]:
    for why, count in Counter(reasons).most_common():
        yield FlowBox(box, why or "no reason given", count)


def _undecided(one: Screened) -> str:
    if one.full:
        where, said = "the full text", one.full
    elif one.title == "include":
        return "full text not assessed yet"
    else:
        where, said = ON_TITLE, one.title
    return f"readers differ on {where}" if said == "conflict" else f"maybe on {where}"
