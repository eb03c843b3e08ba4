"""What a format module takes and gives: the opening of a file, and its content as pages."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from casereviews.repository.model import Attached, Page, WebText
from casereviews.repository.reading.limits import Deadline, Limits

OPENING_BYTES = 8192


@dataclass
class Opening:
    """A file before it is read: its first bytes, its size, and what its zip directory names (if it is a zip).

    `data` is given for a file that stands inside another and is held in memory; `depth` counts how many stand around it.
    """

    path: Path
    media_type: str | None = None
    file_name: str | None = None
    data: bytes | None = None
    depth: int = 0

    def inside(self, data: bytes) -> Opening:
        """The opening of a file that this one holds."""
        return Opening(self.path, data=data, depth=self.depth + 1)

    @property
    def source(self) -> Path | io.BytesIO:
        """What a zip is opened from."""
        return self.path if self.data is None else io.BytesIO(self.data)

    @cached_property
    def head(self) -> bytes:
        """The first 8 KB."""
        if self.data is not None:
            return self.data[:OPENING_BYTES]
        with self.path.open("rb") as file:
            return file.read(OPENING_BYTES)

    @cached_property
    def size(self) -> int:
        return self.path.stat().st_size if self.data is None else len(self.data)

    @cached_property
    def members(self) -> dict[str, int]:
        """Names and inflated sizes of a zip's members; empty when it is no sound zip."""
        if not self.head.startswith(b"PK"):
            return {}
        try:
            with zipfile.ZipFile(self.source) as archive:
                return {info.filename: info.file_size for info in archive.infolist()}
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
            return {}

    def member(self, name: str, limit: int) -> bytes:
        """At most `limit` bytes of one member of a zip; b"" when it is not there or damaged."""
        try:
            with zipfile.ZipFile(self.source) as archive, archive.open(name) as file:
                return file.read(limit)
        except (KeyError, zipfile.BadZipFile, OSError, ValueError, RuntimeError, EOFError):
            return b""
        except zipfile.zlib.error:  # type: ignore[attr-defined]
            return b""

    def whole(self) -> bytes:
        return self.path.read_bytes() if self.data is None else self.data


@dataclass(frozen=True, slots=True)
class Content:
    """What a format found in a file.

    `status` is ok, partial or timed_out, with `detail` saying what is missing. `layout_pages` counts the pages that needed the slower path for columns and tables.
    `attached` are the files it carries, `enclosed` those that it publishes: its own pages are then a placeholder, and none.
    """

    pages: tuple[Page, ...]
    title: str | None = None
    status: str = "ok"
    detail: str = ""
    layout_pages: int = 0
    attached: tuple[Attached, ...] = ()
    enclosed: tuple[Attached, ...] = ()
    web: WebText | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """One format: see `casereviews.repository.reading.formats`."""

    name: str
    media_type: str
    looks_like: Callable[[Opening], bool]
    read: Callable[[Opening, Limits, Deadline], Content]
    rank: int = 50
