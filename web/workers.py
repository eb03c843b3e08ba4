"""Several processes that answer at one socket: each has the collection open for itself, and ends with the process that began it."""

from __future__ import annotations

import multiprocessing
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from types import FrameType
from typing import TYPE_CHECKING

from casereviews.repository.children import own_modules_only
from casereviews.web.errors import CannotServe

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

ENDS_WITHIN = 15.0
Work = Callable[[socket.socket, Callable[[Callable[[], None]], None]], None]
"""Serves at a socket until the function that it hands over (`on_end`) is called."""


@dataclass(frozen=True, slots=True)
class _Worker:
    process: SpawnProcess
    held: Connection  # closed, by us or because we are gone, it tells the worker to end


def serve_with(count: int, work: Work, bound: socket.socket) -> None:
    """Run `work` in so many processes until Ctrl-C or SIGTERM; one that is killed is begun again. `work` can be pickled.

    Raises CannotServe when one ends with an error of its own.
    """
    workers: list[_Worker] = []
    try:
        with _stopped_by_sigterm():
            workers += [_begun(work, bound) for _ in range(count)]
            while True:
                wait([one.process.sentinel for one in workers])
                for at, one in enumerate(workers):
                    if one.process.is_alive():
                        continue
                    one.held.close()
                    if (one.process.exitcode or 0) > 0:
                        raise CannotServe(
                            f"a worker ended with an error (exit {one.process.exitcode}): run `casereviews doctor`, and try it without --workers"
                        )
                    sys.stderr.write("Error: a worker was killed and is begun again.\n")
                    workers[at] = _begun(work, bound)
    except KeyboardInterrupt:
        pass
    finally:
        for one in workers:
            one.held.close()
        for one in workers:
            one.process.join(ENDS_WITHIN)
            if one.process.is_alive():
                one.process.kill()
                one.process.join()


def _begun(work: Work, bound: socket.socket) -> _Worker:
    spawning = multiprocessing.get_context("spawn")
    told, held = spawning.Pipe(duplex=False)
    with told, own_modules_only():
        process = spawning.Process(target=_work, args=(work, bound, told), daemon=False)
        process.start()
    return _Worker(process, held)


def _work(work: Work, bound: socket.socket, told: Connection) -> None:
    """In the worker: serve until whoever began it closes its end, or is gone."""

    def on_end(stop: Callable[[], None]) -> None:
        def waited() -> None:
            wait([told])
            stop()

        threading.Thread(target=waited, daemon=True).start()

    work(bound, on_end)


@contextmanager
def _stopped_by_sigterm() -> Iterator[None]:
    """SIGTERM is as Ctrl-C; where the caller is not the main thread it stays what it was."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
