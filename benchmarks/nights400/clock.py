"""The dates of the nights, the clock that is moved to them, and the nights that are unlike others."""

from __future__ import annotations

import contextlib
import os
import random
from collections.abc import Iterator
from datetime import date, timedelta

FIRST_DAY = date(2027, 1, 1)

QUIET = 9
"""Nights from a backup to the restore from it: only a withdrawal happens, so that what was told since is known to be nothing."""


def day_of(night: int) -> str:
    """The date of a night."""
    return str(FIRST_DAY + timedelta(days=night))


def move_clock(night: int, time_of_day: str) -> str:
    """Move the clock to a time of a night's date, which is returned."""
    now = f"{day_of(night)}T{time_of_day}Z"
    os.environ["CASEREVIEWS_NOW"] = now
    return now


@contextlib.contextmanager
def kept_clock() -> Iterator[None]:
    """After the block the clock is what it was before."""
    before = os.environ.get("CASEREVIEWS_NOW")
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("CASEREVIEWS_NOW", None)
        else:
            os.environ["CASEREVIEWS_NOW"] = before


class Calendar:
    """Which nights have a full disk, are missed, run twice, stay quiet, end with a restore (of the "newest" copy, or an "older" one)."""

    def __init__(self, nights: int, dice: random.Random) -> None:
        # A third of the way an older copy is restored, two thirds of the way the newest one.
        self.restores = {nights // 3 * 2 // 10 * 10 + 1: "newest"}
        self.quiet = range(0)
        if nights >= 40:
            start = nights // 3 // 10 * 10 + 1
            self.quiet = range(start, start + QUIET + 1)
            self.restores[self.quiet[-1]] = "older"
        self.full_disk = {max(nights // 4, 3)} - {*self.quiet}
        self.missed: set[int] = set()
        self.twice: set[int] = set()
        for night in range(5, nights):
            draw = dice.random()
            if not self.backs_up(night) and night not in {*self.quiet, *self.full_disk}:
                if draw < 0.02:
                    self.missed.add(night)
                elif draw < 0.05:
                    self.twice.add(night)

    @staticmethod
    def backs_up(night: int) -> bool:
        """Whether the day after a night makes a backup."""
        return night % 10 == 1

    def tells_nothing(self, night: int) -> bool:
        """Whether no run of a night comes to its end."""
        return night in self.missed or night in self.full_disk

    def special_ahead(self, night: int, nights: int) -> bool:
        """True when nights that are lost, or quiet ones, lie among so many ahead."""
        special = {*self.full_disk, *self.missed, *self.restores, *self.quiet}
        return any(one in special for one in range(night, night + nights + 1))
