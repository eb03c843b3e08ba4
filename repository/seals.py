"""Seals: what files were when their last writer left them, and which are not so any more.

A seal is a file's size, its times and a digest of its bytes. A file that still has its size and times is taken as whole, which
costs one look at the folder; any other is doubted, and its bytes are read once. What was found whole under other times (a copied
or restored home) is noted where that can be written, so that it is not read again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from casereviews.repository.whole_files import write_whole

NOTES = "checked.json"
"""Beside what is sealed: name -> times and digest of files that were read through and found whole. May be deleted at any time."""


class Times(NamedTuple):
    """What a look at the folder tells: the size, and when bytes and entry last changed (ns; a copy has times of its own)."""

    size: int
    modified: int
    changed: int


class Seal(NamedTuple):
    """A file as its last writer left it; `digest` is BLAKE2b of 16 bytes, hexadecimal."""

    size: int
    modified: int
    changed: int
    digest: str


Seals = Mapping[str, Seal]
_read_whole: dict[Path, tuple[Times, str]] = {}
"""What this process has read through: searches of one process ask again and again."""


def seal(folder: Path, names: Collection[str], before: Seals) -> dict[str, Seal]:
    """The seals of files in a folder; bytes are read only of those that are not as they were `before`."""
    sealed = {}
    for name in sorted(names):
        times = _times(folder / name)
        known = before.get(name)
        if known is None or Times(*known[:3]) != times:
            known = Seal(*times, digest_of(folder / name))
        sealed[name] = known
    return sealed


def broken(folder: Path, seals: Seals, *, read: bool = False) -> Iterator[tuple[str, str]]:
    """(name, what is wrong with it) of the files that are not as they were sealed; with `read` the bytes of all are compared."""
    notes: dict[str, Any] | None = None
    noted = False
    for name, sealed in seals.items():
        path = folder / name
        try:
            times = _times(path)
            if times == Times(*sealed[:3]) and not read:
                continue
            if path.is_dir():
                yield name, "is a folder, not a file"
                continue
            if times.size != sealed.size:
                yield name, f"has {times.size:,} bytes instead of {sealed.size:,}"
                continue
            if _read_whole.get(path) == (times, sealed.digest) and not read:
                continue
            if notes is None:
                notes = read_notes(folder)
            if notes.get(name) == [*times, sealed.digest] and not read:
                continue
            if digest_of(path) != sealed.digest:
                yield name, "is not as it was written"
                continue
        except OSError as error:
            gone = isinstance(error, FileNotFoundError)
            yield name, "is missing" if gone else f"cannot be read ({error.strerror})"
            continue
        _read_whole[path] = (times, sealed.digest)
        notes[name] = [*times, sealed.digest]
        noted = True
    if noted and notes is not None:
        with contextlib.suppress(OSError):  # a home that may only be read is read through each time
            write_whole(folder / NOTES, json.dumps(notes))


def read_notes(folder: Path) -> dict[str, Any]:
    """What was found whole under other times than those of its seal; empty when nothing was."""
    try:
        notes = json.loads((folder / NOTES).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return notes if isinstance(notes, dict) else {}


def read_seals(said: object) -> dict[str, Seal]:
    """Seals as JSON has them. Raises ValueError, TypeError when they are not."""
    if not isinstance(said, dict):
        raise ValueError("no table of files")
    return {
        str(name): Seal(int(size), int(modified), int(changed), str(digest))
        for name, (size, modified, changed, digest) in said.items()
    }


def digest_of(path: Path) -> str:
    """The digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _times(path: Path) -> Times:
    found = path.stat()
    return Times(found.st_size, found.st_mtime_ns, found.st_ctime_ns)
