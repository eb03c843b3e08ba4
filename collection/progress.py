"""Who is told how long work goes on; the command line draws it, a program may count it or leave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casereviews.crawler.process.crawl import CrawlEvent


class Progress:
    """Takes the events of long work, and does nothing with them."""

    def crawl(self, event: CrawlEvent) -> None:
        """An event of the crawling process."""

    def step(self, what: str, done: int, total: int | None = None) -> None:
        """The work after the crawl: `what` is read, described, indexed..."""

    def note(self, said: str) -> None:
        """What the work did by itself that people should know: it made a damaged index anew."""

    def received(self, name: str, size: int, of: int) -> None:
        """So many bytes more of a file of `of` bytes that is fetched."""


SILENT = Progress()
