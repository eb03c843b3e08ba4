"""Writing a file whole or not at all: beside its place, flushed to the disk, then renamed over it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from casereviews.repository.this_system import flush_folder, put_in_place


def part_of(path: Path) -> Path:
    """Where a file is written before it takes its place; a kill leaves it there, and the next writing takes it over."""
    return path.with_name(path.name + ".part")


@contextmanager
def replacing(path: Path, *, part: Path | None = None) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of `path` when the block ends well and is removed when it does not.

    A reader sees the old file or the new one, also after a kill or a power cut. `part` is where it is written meanwhile, in the
    same folder (default: `part_of` it); its folder must be there.
    """
    part = part or part_of(path)
    try:
        with part.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        put_in_place(part, path)
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
