"""The files that were collected, each under the SHA-256 of its bytes: `archive/ab/abcdef…`.

A file is written beside its place, flushed to the disk and renamed: after a kill or a full disk there is the
whole file or none. What arrives is never trusted with a name: only its hash forms the path.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from casereviews.repository.errors import ArchiveError
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
        raise ArchiveError(f"cannot read {body} ({error.strerror}): check the disk") from error
    return digest.hexdigest(), size


@dataclass(frozen=True, slots=True)
class Archive:
    """The archive folder of one home. Only the holder of the lock writes to it."""

    root: Path

    def path(self, sha256: str) -> Path:
        """Where the file with this hash stands or would stand; ArchiveError when it is no SHA-256."""
        if not _HASH.fullmatch(sha256):
            raise ArchiveError(f"{sha256!r} is not a SHA-256: the record is damaged, run `doctor`")
        return self.root / sha256[:2] / sha256

    def __contains__(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def put(self, body: bytes | Path) -> Kept:
        """Keep a body; a file that is there already and whole is left as it is, a damaged one replaced.

        Raises ArchiveError when it cannot be written, such as on a full disk; nothing half-written stays.
        """
        sha256, size = sha256_of(body)
        target = self.path(sha256)
        with suppress(ArchiveError):  # one that cannot be read is replaced like one that is damaged
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
        """The bytes; ArchiveError when they are not there, or not those that were kept."""
        try:
            body = self.path(sha256).read_bytes()
        except OSError as error:
            raise ArchiveError(
                f"the archive lacks {sha256} ({error.strerror}): run `doctor`, then `refresh --recheck`"
            ) from error
        if sha256_of(body)[0] != sha256:
            raise ArchiveError(_damaged(sha256))
        return body

    def check(self, sha256: str) -> None:
        """Raise ArchiveError when a file is there and its bytes are not those that were kept."""
        if sha256 in self and not self.is_whole(sha256):
            raise ArchiveError(_damaged(sha256))

    def delete(self, sha256: str) -> bool:
        """Take a file out; False when it was not there."""
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

    def hashes(self) -> Iterator[str]:
        """The hash of every file that is kept, in order."""
        for folder in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            for file in sorted(folder.iterdir()):
                if _HASH.fullmatch(file.name):
                    yield file.name

    def is_whole(self, sha256: str) -> bool:
        """True when the file is there and its bytes still have this hash."""
        return sha256 in self and sha256_of(self.path(sha256))[0] == sha256

    def sweep(self) -> int:
        """Remove what a killed process left half-written; returns how many files. Only under the lock."""
        left = list(self.root.glob(f"*/{_INCOMING}*"))
        for file in left:
            file.unlink(missing_ok=True)
        return len(left)


def _damaged(sha256: str) -> str:
    return (
        f"the kept file {sha256} is damaged: `casereviews refresh --recheck` fetches it again where it is still "
        "published, else restore it from a backup"
    )
