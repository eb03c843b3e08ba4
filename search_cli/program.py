"""The program `casereviews`: Ctrl-C or SIGTERM while its modules load ends it at once, told in one line."""

import os
import signal
from types import FrameType


def run() -> None:
    """Run the command line; nothing but `signal` is loaded before a stop is understood."""
    signal.signal(signal.SIGINT, _leave)
    signal.signal(signal.SIGTERM, _leave)
    from casereviews.search_cli.main import cli

    cli()


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
