"""The files that were collected, each under the SHA-256 of its bytes: `archive/ab/abcdef…`.

An archive is a folder, or a bucket of a server (`s3_archive.py`). In a folder a file is written beside its place, flushed to the disk
and renamed: after a kill or a full disk there is the whole file or none. What arrives is never trusted with a name: only its hash forms the path.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from casereviews.repository.errors import ArchiveError, FileLost
from casereviews.repository.left_behind import LeftBehind, Sought
from casereviews.repository.this_system import flush_folder
from casereviews.repository.whole_files import remove, replacing

_HASH = re.compile(r"[0-9a-f]{64}")
_INCOMING = ".incoming-"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the archive: its hash, its size in bytes, and whether it was not there before."""

    sha256: str
    size: int
    fresh: bool


def sha256_of(body: bytes | Path) -> tuple[str, int]:
    """The SHA-256 (hexadecimal) and the size in bytes of a body or a file, read in pieces."""
    if isinstance(body, bytes):
        return hashlib.sha256(body).hexdigest(), len(body)
    digest, size = hashlib.sha256(), 0
    try:
        with body.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except OSError as error:
        raise FileLost(f"cannot read {body} ({error.strerror}): check the disk") from error
    return digest.hexdigest(), size


def place_of(sha256: str) -> str:
    """Where a file stands in any archive: "ab/abcdef…"; ArchiveError when it is no SHA-256."""
    if not _HASH.fullmatch(sha256):
        raise ArchiveError(f"{sha256!r} is not a SHA-256: the record is damaged, run `doctor`")
    return f"{sha256[:2]}/{sha256}"


class Archive(Protocol):
    """What is asked of an archive. Files are named by their SHA-256, sizes are bytes; only the holder of the home's lock writes.

    Everything raises ArchiveError when the archive itself cannot be had (a full disk, a server that is down, slow or refuses), and
    FileLost, one of them, when only that file cannot: it is missing, damaged or cannot be read.
    """

    def __contains__(self, sha256: str) -> bool: ...

    def size(self, sha256: str) -> int | None:
        """The size of a kept file; None when it is not kept."""

    def among(self, sha256s: Collection[str]) -> set[str]:
        """Those of these files that are kept."""

    def put(self, body: bytes | Path) -> Kept:
        """Keep a body; a file that is there already and whole is left as it is, a damaged one replaced. Nothing half-written stays."""

    def read(self, sha256: str) -> bytes:
        """The bytes; FileLost when they are not there, or not those that were kept."""

    def file(self, sha256: str, *, checked: bool = False) -> AbstractContextManager[Path]:
        """A file of this machine with the bytes, while the block runs, not to be changed; FileLost when there is none.

        With `checked` also when they are not those that were kept.
        """

    def is_whole(self, sha256: str) -> bool:
        """True when the file is there and its bytes still have this hash."""

    def delete(self, sha256: str) -> bool:
        """Take a file out; False when it was not there."""

    def sizes(self) -> Iterator[tuple[str, int]]:
        """The hash and the size of every file that is kept, in order of their hashes."""

    def hashes(self) -> Iterator[str]:
        """The hash of every file that is kept, in order."""

    def sweep(self) -> int:
        """Remove what a killed process left half-written; returns how many. Only under the lock."""

    def claim(self) -> None:
        """Make the place this home's where it is nobody's. Raises ArchiveError where it is another home's."""

    def give_up(self) -> None:
        """Let the place be nobody's, once every file was taken out."""

    def left_behind(self, sha256s: Collection[str]) -> tuple[LeftBehind, ...]:
        """What the store may still hold of files that were taken out of it."""

    def sought(self, sha256s: Collection[str], words: Collection[str] = ()) -> tuple[Sought, ...]:
        """Where in a store withdrawn files were looked for, and `words` in the files that stay; () of a folder of the home, in which
        `canary` looks."""


@dataclass(frozen=True, slots=True)
class FolderArchive:
    """An archive in a folder of this machine; see `Archive` for what is said of each method there."""

    root: Path

    def path(self, sha256: str) -> Path:
        """Where the file with this hash stands or would stand; ArchiveError when it is no SHA-256."""
        return self.root / place_of(sha256)

    def __contains__(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def size(self, sha256: str) -> int | None:
        path = self.path(sha256)
        return path.stat().st_size if path.is_file() else None

    def among(self, sha256s: Collection[str]) -> set[str]:
        return {one for one in sha256s if one in self}

    def put(self, body: bytes | Path) -> Kept:
        sha256, size = sha256_of(body)
        target = self.path(sha256)
        with suppress(FileLost):  # one that cannot be read is replaced like one that is damaged
            if self.is_whole(sha256):
                return Kept(sha256, size, fresh=False)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if target.is_dir():
                remove(target)
            self._write(target, body)
        except OSError as error:
            raise ArchiveError(
                f"cannot keep a file of {size} bytes in {self.root} ({error.strerror}): "
                "make room on the disk and run again"
            ) from error
        return Kept(sha256, size, fresh=True)

    def _write(self, target: Path, body: bytes | Path) -> None:
        handle, name = tempfile.mkstemp(prefix=_INCOMING, dir=target.parent)
        os.close(handle)
        with replacing(target, part=Path(name)) as out:
            if isinstance(body, bytes):
                out.write(body)
                return
            with body.open("rb") as source:
                shutil.copyfileobj(source, out, _CHUNK)

    def read(self, sha256: str) -> bytes:
        try:
            body = self.path(sha256).read_bytes()
        except OSError as error:
            raise FileLost(lacking(sha256, error.strerror)) from error
        if sha256_of(body)[0] != sha256:
            raise FileLost(damaged(sha256))
        return body

    @contextmanager
    def file(self, sha256: str, *, checked: bool = False) -> Iterator[Path]:
        path = self.path(sha256)
        if not path.is_file():
            raise FileLost(lacking(sha256, "no such file"))
        if checked and not self.is_whole(sha256):
            raise FileLost(damaged(sha256))
        yield path

    def is_whole(self, sha256: str) -> bool:
        return sha256 in self and sha256_of(self.path(sha256))[0] == sha256

    def delete(self, sha256: str) -> bool:
        target = self.path(sha256)
        try:
            if target.is_dir() and not target.is_symlink():  # damage, or somebody's mistake
                shutil.rmtree(target)
            else:
                target.unlink()
        except FileNotFoundError:
            return False
        flush_folder(target.parent)
        return True

    def sizes(self) -> Iterator[tuple[str, int]]:
        for sha256 in self.hashes():
            if (size := self.size(sha256)) is not None:  # a folder may bear such a name
                yield sha256, size

    def hashes(self) -> Iterator[str]:
        for folder in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            for file in sorted(folder.iterdir()):
                if _HASH.fullmatch(file.name):
                    yield file.name

    def sweep(self) -> int:
        left = list(self.root.glob(f"*/{_INCOMING}*"))
        for file in left:
            file.unlink(missing_ok=True)
        return len(left)

    def claim(self) -> None:
        """A folder of the home is the home's."""

    def give_up(self) -> None:
        for folder in self.root.glob("[0-9a-f][0-9a-f]"):
            with suppress(OSError):  # there is still something in it, of somebody else
                folder.rmdir()

    def left_behind(self, sha256s: Collection[str]) -> tuple[LeftBehind, ...]:
        return ()

    def sought(self, sha256s: Collection[str], words: Collection[str] = ()) -> tuple[Sought, ...]:
        return ()


def lacking(sha256: str, why: str | None) -> str:
    """What is said of a file that is not there."""
    return f"the archive lacks {sha256} ({why}): run `doctor`, then `refresh --recheck`"


def damaged(sha256: str) -> str:
    """What is said of a file whose bytes are not those that were kept."""
    return (
        f"the kept file {sha256} is damaged: `casereviews refresh --recheck` fetches it again where it is still "
        "published, else restore it from a backup"
    )
