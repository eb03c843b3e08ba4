"""Read many files in child processes: what one file does to its child costs that file only."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from concurrent.futures import TimeoutError as OutOfTimeError
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pebble import ProcessExpired, ProcessPool

from repository.model import Reading
from repository.reading.limits import Limits
from repository.reading.reader import failed, read_file

# A child stops by itself at `Limits.seconds` and keeps what it has; after this much more it is killed.
GRACE_SECONDS = 5.0
# Children are replaced after this many files: what a library leaks is given back.
_FILES_A_CHILD = 400
_OUT_OF_MEMORY = frozenset({signal.SIGKILL, signal.SIGABRT, signal.SIGTRAP, signal.SIGILL})


@dataclass(frozen=True, slots=True)
class ReadJob:
    """One file to read: its hash, where it lies, and what the publisher said it is."""

    sha256: str
    path: Path
    media_type: str | None = None
    file_name: str | None = None


def read_files(
    jobs: Iterable[ReadJob],
    *,
    workers: int | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    progress: Callable[[Reading], None] | None = None,
) -> Iterator[Reading]:
    """Read files in parallel; readings come as they are done, each exactly once.

    `workers` defaults to the number of cores. At most two jobs a worker wait or run at a time, so memory does not grow with
    the number of jobs. A child that dies, hangs or outgrows its memory makes one reading that says so.
    """
    count = workers or os.cpu_count() or 1
    waiting = iter(jobs)
    running: dict[Future[Reading], ReadJob] = {}
    context = _context()
    with ProcessPool(
        max_workers=count,
        max_tasks=_FILES_A_CHILD,
        initializer=bound_memory,
        initargs=(limits.memory_mb,),
        context=context,
    ) as pool:
        try:
            while True:
                for job in islice(waiting, 2 * count - len(running)):
                    future: Future[Reading] = pool.schedule(
                        read_job, args=(job, limits), timeout=limits.seconds + GRACE_SECONDS
                    )
                    running[future] = job
                if not running:
                    return
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for each in done:
                    reading = outcome(each, running.pop(each), limits)
                    if progress is not None:
                        progress(reading)
                    yield reading
        finally:
            if running:
                pool.stop()  # type: ignore[no-untyped-call]


def read_job(job: ReadJob, limits: Limits) -> Reading:
    """Runs in a child."""
    return read_file(
        job.path,
        sha256=job.sha256,
        media_type=job.media_type,
        file_name=job.file_name,
        limits=limits,
    )


def outcome(future: Future[Reading], job: ReadJob, limits: Limits) -> Reading:
    """The reading of a finished job, or the name of what befell its child."""
    media_type = job.media_type or "application/octet-stream"
    try:
        return future.result()
    except OutOfTimeError:
        detail = f"killed after {limits.seconds + GRACE_SECONDS:.0f} seconds"
        return failed(job.sha256, "timed_out", media_type, detail, limits.seconds + GRACE_SECONDS)
    except ProcessExpired as death:
        code = -(death.exitcode or 0)
        if code in _OUT_OF_MEMORY:
            detail = f"its reader died at the limit of {limits.memory_mb} MB (signal {code})"
            return failed(job.sha256, "too_large", media_type, detail)
        return failed(job.sha256, "corrupt", media_type, f"its reader crashed (exit {-code})")
    except MemoryError:
        detail = f"reading it needs more than {limits.memory_mb} MB of memory"
        return failed(job.sha256, "too_large", media_type, detail)
    except (OSError, CancelledError) as error:
        return failed(job.sha256, "corrupt", media_type, f"cannot be read: {error}")


def bound_memory(megabytes: int) -> None:
    """Let this process grow by so much address space and no more (where the system can: not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    _warm_up()
    limit = _address_space() + megabytes * 1_000_000
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _warm_up() -> None:
    """Load what every file needs before memory is measured."""
    from repository.reading.formats import formats
    from repository.reading.languages import language

    formats()
    language("A few words of plain English to load the model before the limit is set.")


def _address_space() -> int:
    """Bytes of address space in use (Linux), else a generous guess."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return 2_000_000_000
    return pages * os.sysconf("SC_PAGE_SIZE")


def _context() -> multiprocessing.context.BaseContext:
    """Children are forked from a clean server that has the readers loaded: fast, and safe beside threads."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["repository.reading.reader", "repository.reading.preload"])
    return context
