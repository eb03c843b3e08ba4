"""Who is told how long work goes on; the command line draws it, a program may count it or leave it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Progress:
    """Takes the events of long work, and does nothing with them."""

    def crawl(self, event: Mapping[str, Any]) -> None:
        """An event of the crawling process: started, page, file, in_vain or done, with its `source`."""

    def step(self, what: str, done: int, total: int | None = None) -> None:
        """The work after the crawl: `what` is read, described, indexed..."""

    def received(self, name: str, size: int, of: int) -> None:
        """So many bytes more of a file of `of` bytes that is fetched."""


SILENT = Progress()
