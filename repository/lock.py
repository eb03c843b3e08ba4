"""The one lock of a home: whoever writes holds it.

The operating system's lock on the file `lock` decides; `lock.json` beside it only says who holds it, so what
a dead process left behind is no obstacle.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from filelock import Timeout

from casereviews.repository.errors import HomeError, HomeLocked
from casereviews.repository.home import Home
from casereviews.repository.this_system import lock_of
from casereviews.repository.vocabulary import Vocabulary, load_vocabulary
from casereviews.repository.whole_files import write_whole


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock: process id, host name, the verb it runs, and since when (ISO 8601, UTC)."""

    pid: int
    host: str
    verb: str
    since: str


def utc_now() -> str:
    """The time of the system's clock as the record writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _holder_file(home: Home) -> Path:
    return home.root / "lock.json"


def read_holder(home: Home) -> Holder | None:
    """What `lock.json` says; it may speak of a process that is dead. None when there is none or it is damaged."""
    try:
        return msgspec.json.decode(_holder_file(home).read_bytes(), type=Holder)
    except (OSError, ValueError):  # msgspec's errors are ValueErrors
        return None


@contextmanager
def writing(home: Home, verb: str, *, now: Callable[[], str] = utc_now) -> Iterator[Vocabulary]:
    """Hold the lock of `home` while the block runs, which is given the home's vocabulary: made and checked before all else.

    A child process that the holder starts (the crawl) works under its parent's lock and does not take it again.
    Raises VocabularyError when the home's `themes.csv` is wrong (nothing is changed then), HomeLocked, at once, when another
    process holds the lock, and HomeError when the lock file cannot be written.
    """
    vocabulary = load_vocabulary(home)
    lock = lock_of(home.lock)
    try:
        lock.acquire()
    except Timeout:
        raise HomeLocked(_locked_message(home)) from None
    except OSError as error:
        raise HomeError(
            f"cannot lock {home.root} ({error.strerror}): run `casereviews refresh` or `casereviews demo` to make "
            "a home, or choose another folder with --home"
        ) from error
    try:
        holder = Holder(os.getpid(), socket.gethostname(), verb, now())
        write_whole(_holder_file(home), msgspec.json.encode(holder).decode() + "\n")
        try:
            yield vocabulary
        finally:
            _holder_file(home).unlink(missing_ok=True)
    finally:
        lock.release()


def _locked_message(home: Home) -> str:
    holder = read_holder(home)
    if holder is None:
        return f"another process is writing to {home.root}: wait until it is done, then try again"
    return (
        f"{home.root} is held by `{holder.verb}` (process {holder.pid} on {holder.host}, since "
        f"{holder.since}): wait until it is done, or stop that process, then try again"
    )
