"""Files that several people change: one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casereviews.collection.errors import FileBusy
from casereviews.repository.errors import HomeError
from casereviews.repository.sqlite_files import NOT_WRITABLE

SECONDS = 10


@contextmanager
def changing_alone(path: Path) -> Iterator[None]:
    """Hold the lock of one file (its name with the ending `.lock`) while it is read, changed and written, so that nothing is lost.

    Raises FileBusy when another holds it for SECONDS, HomeError when the folder is not writable.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path.with_suffix(".lock"), timeout=SECONDS)
    try:
        lock.acquire()
    except Timeout:
        raise FileBusy(f"{path} is being changed by another run: try again") from None
    except OSError as error:
        raise HomeError(
            f"{path.parent} is not writable ({error.strerror}): {NOT_WRITABLE}"
        ) from error
    try:
        yield
    finally:
        lock.release()
