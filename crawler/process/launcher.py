"""Starts the crawling process (`casereviews.crawler.process.child`), listens to it, and stops it: the parent's side of every crawl."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from casereviews.crawler.process.job import Job, write_job
from casereviews.repository.temporary_folders import temporary_folder

SECONDS_TO_END = 10.0
"""A child that was told to end and does not is killed."""


class Child:
    """The running child. What it writes to its standard error is in `log`."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process = process
        self.log = log

    def events(self) -> Iterator[dict[str, Any]]:
        """What it tells, a JSON object a line, until it ends; other lines are left out."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with suppress(json.JSONDecodeError):
                event = json.loads(line)
                if isinstance(event, dict) and "event" in event:
                    yield event

    def wait(self) -> int:
        """Its exit code once it has ended; a signal's number, negative, when one ended it."""
        return self.process.wait()

    def last_words(self) -> str:
        """The last line of its log."""
        return self.log.read_text("utf-8", "replace").strip().rpartition("\n")[2]

    @contextmanager
    def given_our_signals(self) -> Iterator[None]:
        """Hand SIGTERM and SIGINT to the child while the block runs (in the main thread, where handlers can be set)."""

        def hand_on(number: int, _: object) -> None:
            with suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGTERM)

        before: dict[int, Any] = {}
        for number in (int(signal.SIGTERM), int(signal.SIGINT)):
            with suppress(ValueError):  # not the main thread
                before[number] = signal.signal(number, hand_on)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def stop(self) -> None:
        """End it, at last by force."""
        if self.process.stdin is not None:
            with suppress(OSError):
                self.process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=SECONDS_TO_END)
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


@contextmanager
def running(job: Job, log: Path | None = None) -> Iterator[Child]:
    """The child at its job; it is stopped when the block is left. Without `log` its log goes when it does."""
    with temporary_folder("crawl-") as folder:
        at = folder / "job.json"
        write_job(at, job)
        log = log or folder / "log"
        with log.open("w", encoding="utf-8") as errors:
            process = subprocess.Popen(
                # -P: a file in the working directory must not stand in for a module of ours or of a library.
                [sys.executable, "-P", "-m", "casereviews.crawler.process.child", str(at)],
                stdin=subprocess.PIPE,  # never written to: it closes when this process ends, however it ends
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                encoding="utf-8",
                env={**os.environ, "SCRAPY_SETTINGS_MODULE": "casereviews.crawler.settings"},
                start_new_session=True,  # a Ctrl-C on the terminal reaches us alone, and we pass it on once
            )
            child = Child(process, log)
            try:
                yield child
            finally:
                child.stop()


def ending(code: int) -> str:
    """An exit code in words."""
    return f"signal {-code}" if code < 0 else f"exit {code}"
