"""Progress of long work on stderr: a live display on a terminal, one line a source otherwise."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import click

from casereviews.collection.progress import Progress
from casereviews.search_cli.output.hostile import for_line


class ProgressCounts(Progress):
    """Counts the events of a crawl and words those of the work after it."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def crawl(self, event: Mapping[str, Any]) -> None:
        kind, source = str(event.get("event")), str(event.get("source", ""))
        self.counts[kind] += 1
        if kind == "done":
            outcome = event.get("outcome", {})
            self.finished(source, outcome)
        else:
            self.moved(f"{self.counts['page']} pages, {self.counts['file']} files · {source}")

    def step(self, what: str, done: int, total: int | None = None) -> None:
        self.moved(f"{what} {done}" + (f" of {total}" if total else ""))

    def finished(self, source: str, outcome: Mapping[str, Any]) -> None:
        """A source is done."""

    def moved(self, text: str) -> None:
        """Something moved on."""


class ProgressLines(ProgressCounts):
    """One line a source: what a log wants."""

    def finished(self, source: str, outcome: Mapping[str, Any]) -> None:
        files = int(outcome.get("files_new", 0)) + int(outcome.get("files_changed", 0))
        click.echo(
            for_line(
                f"{source}: {outcome.get('pages', 0)} pages, {outcome.get('sighted', 0)} sighted,"
                f" {files} files fetched, {outcome.get('ended', '')}"
            ),
            err=True,
        )


class ProgressSpinner(ProgressCounts):
    """A spinner with the newest news, for people who wait."""

    def __init__(self, status: Any) -> None:
        super().__init__()
        self._status = status

    def finished(self, source: str, outcome: Mapping[str, Any]) -> None:
        self.moved(f"{self.counts['done']} sources done · {source}")

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
