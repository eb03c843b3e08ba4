"""Nights one after the other: what happens at the boards, a run, the looks at what it told and shows, the day after it."""

from __future__ import annotations

import contextlib
import random
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.nights400.by_day import Operator
from benchmarks.nights400.clock import Calendar, kept_clock, move_clock
from benchmarks.nights400.happenings import Happenings
from benchmarks.nights400.homes import Homes, Saved
from benchmarks.nights400.known import PATIENCE, Truth
from benchmarks.nights400.shown import Shown
from benchmarks.nights400.sites import SHAPES, Server, serving
from benchmarks.nights400.told import Told
from benchmarks.warm_child import warm_children
from casereviews.crawler.options import CrawlOptions

MOST_BROKEN = 5
"""Nights that may break off with an error that no one expected; after so many the rest tells nothing."""


class Years:
    """The boards, the operator and the oracle over one home."""

    def __init__(self, folder: Path, server: Server, *, nights: int, sites: int, seed: int) -> None:
        self.nights = nights
        self.resolve = {"*.nights.test": f"127.0.0.1:{server.port}"}
        self.truth = Truth(seed)
        self.homes = Homes(folder, self.truth)
        self.told = Told(self.truth, self.homes)
        self.shown = Shown(self.truth, self.homes)
        dice = random.Random(f"script {seed}")
        self.happenings = Happenings(self.truth, dice)
        self.operator = Operator(
            self.truth, self.homes, dice, self.happenings, self.told, self.shown
        )
        self.saved: Saved | None = None
        self.seconds: list[float] = []
        """What each run took."""
        self.truth.boards = [server.add(shape) for shape in dice.sample(SHAPES, sites)]
        for board in self.truth.boards:
            for _ in range(dice.randint(5, 7)):
                self.happenings.publish(board)
        self.calendar = Calendar(nights, dice)

    def run(self) -> None:
        """All nights; one that breaks off is something wrong, and the next one follows."""
        broken = 0
        for night in range(self.nights):
            self.truth.night = night
            try:
                self.one()
            except Exception as error:  # noqa: BLE001 - whatever ends a night is a finding
                self.truth.say(f"the night broke off with {type(error).__name__}: {error}")
                broken += 1
                if broken == MOST_BROKEN:
                    self.truth.say("the nights after it were not run")
                    return
            if night % 20 == 0:
                print(
                    f"night {night}: {len(self.truth.wrong)} wrong, {time.process_time():.0f} s of this process",
                    file=sys.stderr,
                    flush=True,
                )
        self.settle()

    def one(self) -> None:
        """One night and the day after it."""
        night, calendar = self.truth.night, self.calendar
        self.happenings.draw(calendar)
        self.truth.put_off(told_nothing=calendar.tells_nothing(night))
        if night not in calendar.missed:
            self.refresh("02:00:00")
            if night in calendar.full_disk:
                self.look_after_full_disk()
            self.told.listen()
            if night in calendar.twice:
                self.refresh("14:00:00")
                self.told.listen()
            self.shown.look()
            if night not in calendar.full_disk:
                self.operator.operate(calendar)
        if calendar.backs_up(night):
            self.back_up()
        if night in calendar.restores:
            self.restore(calendar.restores[night])
        if night % 20 == 0:
            self.shown.check_index()

    def refresh(self, time_of_day: str, *, recheck: bool = False) -> None:
        """One run over all boards."""
        night = self.truth.night
        now = move_clock(night, time_of_day)
        options = CrawlOptions(
            delay=0.0, retries=0, backoff=0.01, now=now, resolve=self.resolve, recheck_all=recheck, hosts_at_once=12
        )  # fmt: skip
        start = time.monotonic()
        full = night in self.calendar.full_disk
        with full_disk(full):
            try:
                sources = [one.source for one in self.truth.boards]
                done = self.homes.collection.refresh_from(sources, options)
            except Exception as error:  # noqa: BLE001 - whatever ends a night is a finding
                if not full or getattr(error, "exit_code", 0) != 3:
                    self.truth.say(f"the run ended with {type(error).__name__}: {error}")
                self.truth.counts["runs that could not go on"] += 1
                return
        if done.why_stopped is not None:
            raise KeyboardInterrupt
        self.seconds.append(time.monotonic() - start)
        self.truth.counts["runs"] += 1
        # The feed after a night that broke off tells of that one too.
        after_full_disk = night - 1 in self.calendar.full_disk
        self.told.check_run(done.report.run_id, feed_too=not after_full_disk)

    def look_after_full_disk(self) -> None:
        """Nothing but the index may be unfinished."""
        for one in self.homes.collection.doctor():
            if one.state == "wrong" and "index" not in one.check:
                self.truth.say(f"after the full disk: {one.check}: {one.detail}")

    def back_up(self) -> None:
        """A copy; the one at the beginning of the quiet nights is what is restored later."""
        move_clock(self.truth.night, "22:00:00")
        saved = self.homes.back_up()
        if self.truth.night in self.calendar.quiet:
            self.saved = saved
        if self.truth.night % 50 == 1:
            self.shown.check_nothing_is_left()

    def restore(self, which: str) -> None:
        """The home is lost and brought back from the newest copy or an older one."""
        move_clock(self.truth.night, "23:00:00")
        # Whoever follows by the last id goes on with it: no id is given twice.
        self.homes.restore(self.saved if which == "older" else None)
        self.told.listen()
        self.shown.look()

    def settle(self) -> None:
        """The last nights: nothing happens, no site fails, everything is read in full."""
        for board in self.truth.boards:
            board.trouble = ""
        for _ in range(PATIENCE + 3):
            self.truth.night += 1
            self.happenings.flip_on()
            self.refresh("02:00:00", recheck=True)
            self.told.listen()
        for _, _, known in self.truth.papers():
            for one in known.awaited:
                one.until = min(one.until, self.truth.night - 1)
        self.shown.look()
        self.shown.check_index()
        move_clock(self.truth.night, "22:00:00")
        self.homes.back_up()
        for check in self.homes.collection.doctor(deep=True):
            if check.state == "wrong":
                self.truth.say(f"doctor: {check.check}: {check.detail}")
        self.shown.check_nothing_is_left()


@contextlib.contextmanager
def full_disk(full: bool) -> Iterator[None]:
    """A disk on which no file may grow beyond 48 KB, for the block and its children."""
    if not full:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (48 * 1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def simulate(folder: Path, *, nights: int, sites: int, seed: int) -> Years:
    """All nights below a folder."""
    with kept_clock(), serving() as server, warm_children(folder):
        years = Years(folder, server, nights=nights, sites=sites, seed=seed)
        years.run()
        years.homes.collection.close()
        return years
