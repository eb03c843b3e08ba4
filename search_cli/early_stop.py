"""Ctrl-C or SIGTERM while the program's modules load ends it at once, told in one line."""

import os
import signal
from types import FrameType


def loading() -> None:
    """From now on a stop ends the program; called before anything else is loaded."""
    signal.signal(signal.SIGINT, _leave)
    signal.signal(signal.SIGTERM, _leave)


def loaded() -> None:
    """The verb is loaded: from now on a stop is the verb's own (`repository/stopping.py`), or ends it as Python does."""
    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _leave(number: int, _: FrameType | None) -> None:
    """The exit codes of `errors.py`: nothing was begun that could be left half done."""
    interrupted = number == signal.SIGINT
    how = "Ctrl-C" if interrupted else "SIGTERM"
    os.write(2, f"Error: stopped by {how} before it began\n".encode())
    os._exit(130 if interrupted else 3)
