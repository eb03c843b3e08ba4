"""One switch stops a run: set before anything else is done, and looked at by every stage of the work.

    with stopping(seconds=4 * 3600) as switch:
        ...
        checkpoint()        # raises Stopped once the run is to stop

SIGTERM, Ctrl-C and a terminal that is closed ask for a stop. Long work calls `checkpoint` between two of its steps, where what is done is whole; whatever does not
come to one within END_WITHIN seconds is ended with the process, as is everything by Ctrl-C after a first signal. That leaves nothing torn either: all that
a run writes is begun again, or taken back, by the next one. When the time budget is used up no more is asked of sites, and what came is read for
a while (`reading_ends`); nothing is broken off.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar

from casereviews.repository.errors import RepositoryError
from casereviews.repository.this_system import HANGING_UP, signals_told

END_WITHIN = 8.0
"""Seconds from the first signal to the end of the process, at the latest."""

READING_SHARE = 0.25
LEAST_READING = 60.0
"""What came is read for a quarter of the budget more, and for a minute at least: else a night that is always too short would never read."""

EXIT_INTERRUPTED = 130
"""Ctrl-C, as shells say it: 128 and the signal's number."""

EXIT_CANNOT_RUN = 3


class Stopped(RepositoryError):
    """The run was asked to stop. `why` is "stopped" (SIGTERM), "interrupted" (Ctrl-C) or "hung_up" (its terminal was closed)."""

    def __init__(self, why: str) -> None:
        super().__init__(WORDS[why] + ": the next run goes on")
        self.why = why
        self.exit_code = exit_code(why)


WORDS = {
    "stopped": "stopped (SIGTERM)",
    "interrupted": "stopped (Ctrl-C)",
    "hung_up": "stopped (its terminal was closed)",
}


def exit_code(why: str) -> int:
    """What a program ends with that was stopped before it could tell how it went."""
    return EXIT_INTERRUPTED if why == "interrupted" else EXIT_CANNOT_RUN


class Switch:
    """Whether a run is to stop, and why. `seconds` is its time budget, counted from now; None is none."""

    def __init__(self, seconds: float | None = None) -> None:
        self.why: str | None = None
        self._begun = time.monotonic()
        self._seconds = seconds
        self._listeners: list[Callable[[], None]] = []

    def ask(self, why: str) -> None:
        """Stop for `why`; the first reason stays. May be called by a signal's handler."""
        if self.why is None:
            self.why = why
            for listener in list(self._listeners):
                listener()

    @contextmanager
    def telling(self, listener: Callable[[], None]) -> Iterator[None]:
        """Call `listener` when a stop is asked for while the block runs; at once when it was before."""
        self._listeners.append(listener)
        if self.why is not None:
            listener()
        try:
            yield
        finally:
            self._listeners.remove(listener)

    def check(self) -> None:
        """Raise Stopped when a stop was asked for."""
        if self.why is not None:
            raise Stopped(self.why)

    @property
    def seconds_left(self) -> float | None:
        """Seconds of the budget that are left, 0.0 when it is used up; None without a budget."""
        if self._seconds is None:
            return None
        return max(0.0, self._seconds - (time.monotonic() - self._begun))

    @property
    def asks_no_more(self) -> str | None:
        """Why no site is to be asked any more: "stopped" or "budget"; None while sites may be asked."""
        if self.why is not None:
            return "stopped"
        return "budget" if self.seconds_left == 0.0 else None

    @property
    def reading_ends(self) -> bool:
        """True when no further file is to be begun tonight."""
        if self._seconds is None:
            return False
        reading = max(LEAST_READING, READING_SHARE * self._seconds)
        return time.monotonic() - self._begun >= self._seconds + reading


_switch: ContextVar[Switch | None] = ContextVar("switch", default=None)


def checkpoint() -> None:
    """Raise Stopped when the run that this is part of is to stop. Outside a run nothing happens."""
    switch = _switch.get()
    if switch is not None:
        switch.check()


def reading_ends() -> bool:
    """True when the run that this is part of has no time to begin another file."""
    switch = _switch.get()
    return switch is not None and switch.reading_ends


@contextmanager
def stopping(seconds: float | None = None, switch: Switch | None = None) -> Iterator[Switch]:
    """The run's switch, wired to SIGTERM, Ctrl-C and a closed terminal while the block runs; inside a run that has one, that one."""
    standing = _switch.get()
    if standing is not None:
        yield standing
        return
    switch = switch or Switch(seconds)
    ended = threading.Event()
    begun = False

    def asked(number: int) -> None:
        switch.ask(_why(number))

    def at_once(numbers: bytes) -> None:
        nonlocal begun
        for number in numbers:
            if begun and number == signal.SIGINT:
                _end_now(_why(number))
            if not begun:
                begun = True
                threading.Thread(target=watch, args=(_why(number),), daemon=True).start()

    def watch(why: str) -> None:
        if not ended.wait(END_WITHIN):
            _end_now(why)

    token = _switch.set(switch)
    try:
        with signals_told(asked, at_once):
            yield switch
    finally:
        ended.set()
        _switch.reset(token)


def _why(number: int) -> str:
    if number in HANGING_UP:
        return "hung_up"
    return "interrupted" if number == signal.SIGINT else "stopped"


def _end_now(why: str) -> None:
    """End the process; its children end with it, and the system takes back its locks."""
    with suppress(OSError):  # nobody listens any more
        os.write(2, f"{WORDS[why]} at once: the next run goes on\n".encode())
    os._exit(exit_code(why))
