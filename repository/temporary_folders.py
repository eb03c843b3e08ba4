"""Folders for what is needed while a job runs; those of runs that were killed are removed by the next."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from filelock import Timeout

from casereviews.repository.this_system import is_anothers, lock_of

PREFIX = "casereviews-"
_IN_USE = "in-use.lock"
"""The file in a folder that its process holds a lock on: the system lets go of it when the process ends, however it ends."""

LEFT_AFTER = 3600.0
"""Seconds. A folder that has not got its name yet is left so long to a process that may be about to take its lock."""


@contextmanager
def temporary_folder(job: str = "", *, place: Path | None = None) -> Iterator[Path]:
    """A new folder in `place` (the system's temporary folder by default), gone when the block is left; `job` says in its name what it is for."""
    within = str(place or tempfile.gettempdir())
    _remove_left_ones(within)
    # Under another name till the lock is held, so that no other process can take it for one that was left.
    made = Path(tempfile.mkdtemp(prefix=f".{PREFIX}", dir=within))
    lock = lock_of(made / _IN_USE)
    lock.acquire()
    folder = made.with_name(f"{PREFIX}{job}{made.name.removeprefix('.' + PREFIX)}")
    try:
        made.rename(folder)
    except OSError:  # Windows moves no folder with an open file
        folder = made
    try:
        yield folder
    finally:
        lock.release()
        shutil.rmtree(folder, ignore_errors=True)


@cache
def _remove_left_ones(place: str) -> None:
    """Remove this user's folders whose process is gone; once in a process."""
    held = Path(place).glob(f"{PREFIX}*/{_IN_USE}")
    begun = (one for one in Path(place).glob(f".{PREFIX}*") if _is_old(one))
    for folder in (*(marker.parent for marker in held), *begun):
        with suppress(OSError, Timeout):
            if folder.is_symlink() or is_anothers(folder):
                continue
            with lock_of(folder / _IN_USE):
                pass
            # Nobody else takes it: its own process is gone. Windows removes no file that is locked.
            shutil.rmtree(folder, ignore_errors=True)


def _is_old(folder: Path) -> bool:
    with suppress(OSError):
        return time.time() - folder.lstat().st_mtime > LEFT_AFTER
    return False
