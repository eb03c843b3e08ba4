"""Starts the crawling process (`casereviews.crawler.process.child`), listens to it, and stops it: the parent's side of every crawl."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.process.job import Job, write_job
from casereviews.repository import this_system
from casereviews.repository.stopping import Switch
from casereviews.repository.temporary_folders import temporary_folder

SECONDS_TO_BEGIN = 120.0
"""A child says its first word within them: it only loads Scrapy and opens the record."""

SILENCE = 25.0
"""Seconds for which a child may be silent, beyond the time that one page may take: it says every second that it lives, unless the machine is busy."""

SECONDS_AFTER_BUDGET = 10.0
"""For which the pages in hand are waited for once the time budget is used up."""

SECONDS_TO_END = 4.0
"""A child that was told to end and does not is killed."""


class Child:
    """The running child. What it writes to its standard error is in `log`.

    `in_hand` is the page that it is reading, as (source's id, address). `hung` is True once it was ended because it gave no sign of life.
    """

    def __init__(
        self, process: subprocess.Popen[str], log: Path, options: CrawlOptions, switch: Switch
    ) -> None:
        self.process = process
        self.log = log
        self.in_hand: tuple[str, str] | None = None
        self.hung = False
        self._options = options
        self._switch = switch
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self._told_to_stop: float | None = None
        left = switch.seconds_left
        self._budget_ends = None if left is None else monotonic() + left
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with suppress(ValueError, OSError):  # closed while we read
            for line in self.process.stdout:
                self._lines.put(line)
        self._lines.put(None)

    def events(self) -> Iterator[dict[str, Any]]:
        """What it tells, a JSON object a line, until it ends or is ended; other lines are left out.

        A stop is handed on as soon as it is asked for; a child that then does not end, that outlives its time budget or that gives no sign
        of life is killed.
        """
        silent = SECONDS_TO_BEGIN
        heard = monotonic()
        with self._switch.telling(lambda: self._lines.put("")):
            while True:
                if self._switch.why is not None and self._told_to_stop is None:
                    self._told_to_stop = monotonic()
                    self.say("stopped")
                ends = [heard + silent]
                if self._told_to_stop is not None:
                    ends.append(self._told_to_stop + SECONDS_TO_END)
                if self._budget_ends is not None:
                    ends.append(self._budget_ends + SECONDS_AFTER_BUDGET + SECONDS_TO_END)
                try:
                    line = self._lines.get(timeout=max(0.0, min(ends) - monotonic()))
                except Empty:
                    self.hung = min(ends) == ends[0]
                    self.process.kill()
                    return
                if line is None:
                    return
                event = _event(line)
                if event is not None:
                    heard, silent = monotonic(), self._options.page_seconds + SILENCE
                    if event["event"] == "in_hand":
                        self.in_hand = (event["source"], event["url"])
                    elif event["event"] != "alive":
                        yield event

    def say(self, word: str) -> None:
        """Tell the child something: "stopped" ends its crawl."""
        assert self.process.stdin is not None
        with suppress(OSError, ValueError):  # it has just ended
            self.process.stdin.write(word + "\n")
            self.process.stdin.flush()

    def wait(self) -> int:
        """Its exit code once it has ended; a signal's number, negative, when one ended it."""
        return self.process.wait()

    def last_words(self) -> str:
        """The last line of its log."""
        return self.log.read_text("utf-8", "replace").strip().rpartition("\n")[2]

    def stop(self) -> None:
        """End it, at last by force."""
        if self.hung:
            self.process.kill()
        if self.process.stdin is not None:
            with suppress(OSError):
                self.process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=SECONDS_TO_END)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._reader.join()
        if self.process.stdout is not None:
            self.process.stdout.close()


@contextmanager
def running(job: Job, switch: Switch, log: Path | None = None) -> Iterator[Child]:
    """The child at its job; it is stopped when the block is left, and when `switch` says so. Without `log` its log goes when it does."""
    with temporary_folder("crawl-") as folder:
        at = folder / "job.json"
        write_job(at, job)
        log = log or folder / "log"
        with log.open("a", encoding="utf-8") as errors:
            process = subprocess.Popen(
                # -P: a file in the working directory must not stand in for a module of ours or of a library.
                [sys.executable, "-P", "-m", "casereviews.crawler.process.child", str(at)],
                stdin=subprocess.PIPE,  # it closes when this process ends, however it ends
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                encoding="utf-8",
                env={
                    **os.environ,
                    "SCRAPY_SETTINGS_MODULE": "casereviews.crawler.settings",
                    "PYTHONUTF8": "1",  # its log is searched for names when one is withdrawn
                },
                **this_system.apart(),
            )
            child = Child(process, log, job.options, switch)
            try:
                yield child
            finally:
                child.stop()


def _event(line: str) -> dict[str, Any] | None:
    with suppress(json.JSONDecodeError):
        event = json.loads(line)
        if isinstance(event, dict) and "event" in event:
            return event
    return None


def ending(code: int) -> str:
    """An exit code in words."""
    return f"signal {-code}" if code < 0 else f"exit {code}"
