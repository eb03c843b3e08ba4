"""Recognised pages kept one by one, so that recognition goes on where it was stopped."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec

from casereviews.repository.reading.pdf.lines import Line
from casereviews.repository.whole_files import write_whole

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class OcrPage:
    """What recognition found on one page: lines with their places in points, and its confidence (0..1).

    The page was turned by `quarters` of a circle against the clock, and then by `slope` (radians, downwards to the right) until its
    lines lay straight: `width`, `height` and the lines' places are those of the turned page.
    """

    number: int
    width: float
    height: float
    confidence: float
    lines: tuple[Line, ...]
    quarters: int = 0
    slope: float = 0.0


class PageStore(Protocol):
    """Keeps recognised pages by the hash of their file and their number; used from child processes."""

    def get(self, sha256: str, number: int) -> OcrPage | None: ...

    def put(self, sha256: str, page: OcrPage) -> None: ...


@dataclass(frozen=True, slots=True)
class FolderPageStore:
    """A folder a file, a small JSON file a page, each written whole or not at all."""

    root: Path

    def get(self, sha256: str, number: int) -> OcrPage | None:
        """A page recognised before, None when there is none or its file is damaged."""
        try:
            return msgspec.json.decode(self._place(sha256, number).read_bytes(), type=OcrPage)
        except (OSError, ValueError):
            return None

    def put(self, sha256: str, page: OcrPage) -> None:
        """Keep a page."""
        place = self._place(sha256, page.number)
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, msgspec.json.encode(page).decode())

    def pages(self, sha256: str) -> list[OcrPage]:
        """Every page of a file that is kept here, in order."""
        names = sorted(self._folder(sha256).glob("*.json"))
        kept = (self.get(sha256, int(name.stem)) for name in names)
        return [page for page in kept if page is not None]

    def forget(self, sha256: str) -> None:
        """Delete all pages of a file: its reading is complete and kept, or it was withdrawn."""
        shutil.rmtree(self._folder(sha256), ignore_errors=True)

    def _folder(self, sha256: str) -> Path:
        if not _SHA256.fullmatch(sha256):
            raise ValueError(f"{sha256!r} is no SHA-256")
        return self.root / sha256

    def _place(self, sha256: str, number: int) -> Path:
        return self._folder(sha256) / f"{int(number):06d}.json"
