"""Ctrl-C or SIGTERM while the program's modules load ends it at once, told in one line."""

import os
import signal
from types import FrameType
from typing import Any

_before: dict[int, Any] = {}


def loading() -> None:
    """From now on a stop ends the program; called before anything else is loaded. What is ignored (`nohup`, `&`) stays so."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            _before[number] = signal.signal(number, _leave)


def loaded() -> None:
    """The verb is loaded: from now on a stop is the verb's own (`repository/stopping.py`), or ends it as Python does."""
    while _before:
        signal.signal(*_before.popitem())


def _leave(number: int, _: FrameType | None) -> None:
    """The exit codes of `errors.py`: nothing was begun that could be left half done."""
    interrupted = number == signal.SIGINT
    how = "Ctrl-C" if interrupted else "SIGTERM"
    os.write(2, f"Error: stopped by {how} before it began\n".encode())
    os._exit(130 if interrupted else 3)
