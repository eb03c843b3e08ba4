"""Seals: what files were when their last writer left them, and which are not so any more.

A seal is a file's size, the time of its last change and a digest of its bytes. A file that still has its size and time is taken as
whole, which costs one look at the folder, also in a copy that kept the times; any other is doubted, and its bytes are read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple


class Seal(NamedTuple):
    """A file as its last writer left it: bytes, time of its last change (ns), BLAKE2b of 16 bytes (hexadecimal)."""

    size: int
    modified: int
    digest: str


Seals = Mapping[str, Seal]
_read_whole: dict[Path, tuple[int, int, str]] = {}
"""What this process has read through: searches of one process ask again and again."""


def seal(folder: Path, names: Collection[str], before: Seals) -> dict[str, Seal]:
    """The seals of files in a folder; bytes are read only of those that are not as they were `before`."""
    sealed = {}
    for name in sorted(names):
        times = _times(folder / name)
        known = before.get(name)
        if known is None or known[:2] != times:
            known = Seal(*times, digest_of(folder / name))
        sealed[name] = known
    return sealed


def broken(folder: Path, seals: Seals, *, read: bool = False) -> Iterator[tuple[str, str]]:
    """(name, what is wrong with it) of the files that are not as they were sealed; with `read` the bytes of all are compared."""
    for name, sealed in seals.items():
        path = folder / name
        try:
            times = _times(path)
            if times == sealed[:2] and not read:
                continue
            if path.is_dir():
                yield name, "is a folder, not a file"
            elif times[0] != sealed.size:
                yield name, f"has {times[0]:,} bytes instead of {sealed.size:,}"
            elif _read_whole.get(path) != (*times, sealed.digest) or read:
                if digest_of(path) != sealed.digest:
                    yield name, "is not as it was written"
                else:
                    _read_whole[path] = (*times, sealed.digest)
        except OSError as error:
            gone = isinstance(error, FileNotFoundError)
            yield name, "is missing" if gone else f"cannot be read ({error.strerror})"


def read_seals(said: object) -> dict[str, Seal]:
    """Seals as JSON has them. Raises ValueError, TypeError when they are not."""
    if not isinstance(said, dict):
        raise ValueError("no table of files")
    return {
        str(name): Seal(int(size), int(modified), str(digest))
        for name, (size, modified, digest) in said.items()
    }


def digest_of(path: Path) -> str:
    """The digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _times(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns
