"""What one document may cost: memory, time, pages and output."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of reading one document. Sizes in MB (1,000,000 bytes), times in seconds.

    `memory_mb` is what a child may grow by, `ocr_memory_mb` the same for recognising scans. `seconds` is for reading natively; a child is
    killed soon after. `ocr_seconds` is the budget of one document for recognition in one run: what it does not reach stays
    `needs_ocr` and goes on in the next run. `again_seconds` is what one night spends on reading known files again with a better reader. `pages` and `characters` cut what is read; `file_mb` and `inflated_mb` refuse a file.
    """

    memory_mb: int = 1000
    seconds: float = 60.0
    pages: int = 3000
    characters: int = 8_000_000
    file_mb: int = 250
    inflated_mb: int = 400
    ocr: bool = True
    ocr_seconds: float = 600.0
    ocr_memory_mb: int = 3000
    again_seconds: float = 900.0


class Deadline:
    """A moment after which reading stops between two pages, so that what was read is kept."""

    def __init__(self, seconds: float) -> None:
        self._started = time.monotonic()
        self._seconds = seconds

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self._started

    @property
    def passed(self) -> bool:
        return self.elapsed >= self._seconds
