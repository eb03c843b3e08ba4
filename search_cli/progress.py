"""Progress of long work on stderr: a live display on a terminal, one line a source otherwise."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import click

from casereviews.collection.output.hostile import for_line
from casereviews.collection.progress import Progress

if TYPE_CHECKING:
    from casereviews import CrawlEvent, CrawlOutcome


class ProgressCounts(Progress):
    """Counts the events of a crawl and words those of the work after it."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def crawl(self, event: CrawlEvent) -> None:
        self.counts[event.event] += 1
        if event.outcome is not None:
            self.finished(event.outcome)
        else:
            self.moved(f"{self.counts['page']} pages, {self.counts['file']} files · {event.source}")

    def step(self, what: str, done: int, total: int | None = None) -> None:
        self.moved(f"{what} {done}" + (f" of {total}" if total else ""))

    def note(self, said: str) -> None:
        click.echo(for_line(said), err=True)

    def finished(self, outcome: CrawlOutcome) -> None:
        """A source is done."""

    def moved(self, text: str) -> None:
        """Something moved on."""


class ProgressLines(ProgressCounts):
    """One line a source: what a log wants."""

    def finished(self, outcome: CrawlOutcome) -> None:
        files = outcome.files_new + outcome.files_changed
        click.echo(
            for_line(
                f"{outcome.source_id}: {outcome.pages} pages, {outcome.sighted} sighted,"
                f" {files} files fetched, {outcome.ended}"
            ),
            err=True,
        )


class ProgressSpinner(ProgressCounts):
    """A spinner with the newest news, for people who wait."""

    def __init__(self, status: Any) -> None:
        super().__init__()
        self._status = status

    def finished(self, outcome: CrawlOutcome) -> None:
        self.moved(f"{self.counts['done']} sources done · {outcome.source_id}")

    def moved(self, text: str) -> None:
        self._status.update(for_line(text))


@contextmanager
def progress_shown(quiet: bool = False) -> Iterator[ProgressCounts]:
    """Progress as it fits stderr: nothing when quiet, a spinner on a terminal, a line a source otherwise."""
    if quiet:
        yield ProgressCounts()
    elif sys.stderr.isatty():
        from rich.console import Console

        with Console(stderr=True).status("starting") as status:
            yield ProgressSpinner(status)
    else:
        yield ProgressLines()


class Received(Progress):
    """A bar for each file that is fetched, as click draws it."""

    def __init__(self) -> None:
        self._name = ""
        self._stack = ExitStack()

    def __enter__(self) -> Received:
        return self

    def __exit__(self, *what: object) -> None:
        self._stack.close()

    def received(self, name: str, size: int, of: int) -> None:
        if name != self._name:
            self._stack.close()
            self._name = name
            self._bar = self._stack.enter_context(click.progressbar(length=of, label=name))
        self._bar.update(size)
