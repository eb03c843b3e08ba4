"""How errors leave the command line: one message, and the exit code that their class carries (`exit_code`).

0  done
1  nothing found; or a refresh with a newly unhealthy source
2  usage, a bad query, an unknown id or value
3  could not run: locked, no index, newer home, disk full; or stopped by SIGTERM before it could tell how it went
130  stopped by Ctrl-C
"""

from __future__ import annotations

import errno
import sqlite3

import click

EXIT_NOTHING = 1
EXIT_USAGE = 2
EXIT_CANNOT_RUN = 3
EXIT_INTERRUPTED = 130

# Windows' ERROR_ACCESS_DENIED and ERROR_SHARING_VIOLATION: somebody has the file open.
_IN_USE = (5, 32)

_NOT_TAKEN = (
    "the disk cannot be read or does not take what is written ({error}): free some space, look at the disk and at the limit of "
    "file sizes (`ulimit -f`), and run the same command again"
)


class CannotRun(click.ClickException):
    """The verb could not run; exit code 3."""

    exit_code = EXIT_CANNOT_RUN


class BadRequest(click.ClickException):
    """What was asked for is not possible as asked; exit code 2."""

    exit_code = EXIT_USAGE


class Interrupted(click.ClickException):
    """Ctrl-C, outside a question; exit code 130."""

    exit_code = EXIT_INTERRUPTED

    def __init__(self) -> None:
        super().__init__(
            "stopped by Ctrl-C; what was begun is completed, or begun again, by the same command"
        )


def as_click_exception(error: Exception) -> click.ClickException | None:
    """The ClickException for an error of the rooms or of the machine, None for a defect of ours."""
    exit_code = getattr(error, "exit_code", None)
    if isinstance(exit_code, int):
        refused = click.ClickException(str(error))
        refused.exit_code = exit_code  # type: ignore[misc] # click has it on the class
        return refused
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CannotRun("the disk is full: free some space and run the same command again")
    if isinstance(error, OSError) and error.errno in (errno.EFBIG, errno.EIO):
        return CannotRun(_NOT_TAKEN.format(error=error))
    if isinstance(error, sqlite3.OperationalError) or isinstance(
        getattr(error, "orig", None), sqlite3.OperationalError
    ):  # SQLAlchemy wraps it
        text = str(error)
        if "full" in text:
            return CannotRun("the disk is full: free some space and run the same command again")
        if "disk I/O" in text:
            return CannotRun(_NOT_TAKEN.format(error=getattr(error, "orig", error)))
        if "locked" in text:
            return CannotRun("the database is busy: wait for the other run and try again")
    if isinstance(error, OSError) and error.errno == errno.EROFS:
        return CannotRun(f"{error.filename}: not writable; choose another folder with --home")
    if isinstance(error, PermissionError) and getattr(error, "winerror", 0) in _IN_USE:
        return CannotRun(
            f"{error.filename}: another program has it open, or it may not be changed: close that program and run the same command again"
        )
    if isinstance(error, PermissionError):
        return CannotRun(
            f"{error.filename}: no permission; let yourself read and change it, or choose another folder with --home"
        )
    return None
