"""Writing a file whole or not at all: beside its place, flushed to the disk, then renamed over it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replacing(path: Path, *, part: Path | None = None) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of `path` when the block ends well and is removed when it does not.

    A reader sees the old file or the new one, also after a kill or a power cut. `part` is where it is written meanwhile, in the
    same folder (default: the name with `.part`); its folder must be there.
    """
    part = part or path.with_name(path.name + ".part")
    try:
        with part.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def write_whole(path: Path, content: str | bytes) -> None:
    """Replace a file by bytes, or by text in UTF-8 whose line ends stay as they are."""
    with replacing(path) as out:
        out.write(content if isinstance(content, bytes) else content.encode("utf-8"))


def remove(path: Path) -> None:
    """Take away what stands at a place, a folder too; nothing when nothing does."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def flush_folder(folder: Path) -> None:
    """Make a rename last through a power cut, where the system can flush folders."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
