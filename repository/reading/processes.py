"""Read many files in child processes: what one file does to its child costs that file only."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, Future
from concurrent.futures import TimeoutError as OutOfTimeError
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from functools import partial
from itertools import takewhile
from pathlib import Path

from pebble import ProcessExpired

from casereviews.repository import this_system
from casereviews.repository.archive import Archive
from casereviews.repository.children import Children
from casereviews.repository.errors import FileLost
from casereviews.repository.model import Reading
from casereviews.repository.reading.limits import Limits
from casereviews.repository.reading.ocr import ocr_available, waiting_pages
from casereviews.repository.reading.page_store import PageStore
from casereviews.repository.reading.reader import failed, read_file
from casereviews.repository.stopping import reading_ends

# A child stops by itself at `Limits.seconds` and keeps what it has; after this much more it is killed.
GRACE_SECONDS = 5.0
# Recognising one page may take this much longer than the budget it began within.
OCR_GRACE_SECONDS = 60.0
# Children are replaced after this many files: what a library leaks is given back.
_FILES_A_CHILD = 400


@dataclass(frozen=True, slots=True)
class ReadJob:
    """One file to read: its hash, where it lies (a file, or the archive that keeps it), and what the publisher said it is."""

    sha256: str
    place: Path | Archive
    media_type: str | None = None
    file_name: str | None = None


def read_files(
    jobs: Iterable[ReadJob],
    *,
    workers: int | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    store: PageStore | None = None,
) -> Iterator[Reading]:
    """Read files in parallel; readings come as they are done, each exactly once.

    `workers` defaults to the number of cores. At most two jobs a worker wait or run at a time, so memory does not grow with
    the number of jobs. A child that dies, hangs or outgrows its memory makes one reading that says so. Scans come last: when all else is
    read they are recognised (with the [ocr] extra and `limits.ocr`) in children with a memory limit of their own, and `store`
    keeps each of their pages as it is done. Once the run's time for reading is over (`stopping.reading_ends`) no further file is begun.
    A file that its archive has lost makes no reading. Raises ArchiveError when the archive cannot be had.
    """
    count = workers or os.cpu_count() or 1
    recognising = limits.ocr and ocr_available()
    scans: dict[ReadJob, Reading] = {}
    native = replace(limits, ocr=False)
    first = _Pass(native, count, limits.memory_mb, limits.seconds + GRACE_SECONDS, None)
    for job, reading in first.run(takewhile(_time_is_left, jobs)):
        if recognising and waiting_pages(reading):
            scans[job] = reading
            continue
        yield reading
    seconds = limits.seconds + limits.ocr_seconds + OCR_GRACE_SECONDS
    second = _Pass(limits, max(count // 2, 1), limits.ocr_memory_mb, seconds, store)
    lost: dict[str, Reading] = {}
    failed_scans: list[ReadJob] = []
    begun: set[ReadJob] = set()

    def while_time_is_left() -> Iterator[ReadJob]:
        for job in takewhile(_time_is_left, scans):
            begun.add(job)
            yield job

    for job, reading in second.run(while_time_is_left()):
        if reading.pages:
            yield reading
        else:
            failed_scans.append(job)
            lost[job.sha256] = reading
    yield from (reading for job, reading in scans.items() if job not in begun)
    stored = replace(limits, ocr_seconds=0.0)  # only pages that were recognised and kept before
    third = _Pass(stored, count, limits.memory_mb, limits.seconds + GRACE_SECONDS, store)
    for job, reading in third.run(failed_scans):
        detail = f"{reading.detail}; recognition ended: {lost[job.sha256].detail}"
        yield replace(reading, detail=detail)


def _time_is_left(_: ReadJob) -> bool:
    return not reading_ends()


@dataclass(frozen=True, slots=True)
class _Pass:
    """One pass over jobs with a pool of children of its own; `seconds` is when a child is killed."""

    limits: Limits
    count: int
    memory_mb: int
    seconds: float
    store: PageStore | None

    def run(self, jobs: Iterable[ReadJob]) -> Iterator[tuple[ReadJob, Reading]]:
        """Readings with their jobs, as they are done."""
        children: Children[ReadJob, Reading] = Children(
            work=partial(read_job, limits=self.limits, store=self.store),
            count=self.count,
            seconds=self.seconds,
            jobs_a_child=_FILES_A_CHILD,
            prepare=bound_memory,
            prepare_with=(self.memory_mb,),
            preload=(
                "casereviews.repository.reading.reader",
                "casereviews.repository.reading.preload",
            ),
        )
        with _AtHand() as at_hand:
            for job, future in children.each(at_hand.each(jobs)):
                yield at_hand.done(job), outcome(future, job, self.seconds, self.memory_mb)


class _AtHand:
    """Jobs with their files on this machine: fetched when a job's turn comes, not in its child, whose time and memory are the reader's, and
    let go when it is done."""

    def __init__(self) -> None:
        self._held: dict[ReadJob, tuple[ReadJob, ExitStack]] = {}

    def __enter__(self) -> _AtHand:
        return self

    def __exit__(self, *_: object) -> None:
        for _job, stack in self._held.values():
            stack.close()

    def each(self, jobs: Iterable[ReadJob]) -> Iterator[ReadJob]:
        """Each of `jobs`, with a path; not those whose archive has lost the file."""
        for job in jobs:
            if isinstance(job.place, Path):
                yield job
                continue
            stack = ExitStack()
            with suppress(FileLost):
                near = replace(job, place=stack.enter_context(job.place.file(job.sha256)))
                self._held[near] = job, stack
                yield near

    def done(self, near: ReadJob) -> ReadJob:
        """The job as it was given."""
        job, stack = self._held.pop(near, (near, ExitStack()))
        stack.close()
        return job


def read_job(job: ReadJob, limits: Limits, store: PageStore | None) -> Reading:
    """Runs in a child, which is given a path."""
    assert isinstance(job.place, Path)
    return read_file(
        job.place,
        sha256=job.sha256,
        media_type=job.media_type,
        file_name=job.file_name,
        limits=limits,
        store=store,
    )


def outcome(future: Future[Reading], job: ReadJob, seconds: float, memory_mb: int) -> Reading:
    """The reading of a finished job, or the name of what befell its child."""
    media_type = job.media_type or "application/octet-stream"
    try:
        return future.result()
    except OutOfTimeError:
        detail = f"killed after {seconds:.0f} seconds"
        return failed(job.sha256, "timed_out", media_type, detail, seconds)
    except ProcessExpired as death:
        code = -(death.exitcode or 0)
        if code in this_system.OUT_OF_MEMORY:
            detail = f"its reader died at the limit of {memory_mb} MB (signal {code})"
            return failed(job.sha256, "too_large", media_type, detail)
        return failed(job.sha256, "corrupt", media_type, f"its reader crashed (exit {-code})")
    except MemoryError:
        detail = f"reading it needs more than {memory_mb} MB of memory"
        return failed(job.sha256, "too_large", media_type, detail)
    except (OSError, CancelledError) as error:
        return failed(job.sha256, "corrupt", media_type, f"cannot be read: {error}")


def bound_memory(megabytes: int) -> None:
    """Let this process grow by so much address space and no more (where the system can: not on Windows)."""
    _warm_up()
    this_system.bound_memory(megabytes)


def _warm_up() -> None:
    """Load what every file needs before memory is measured."""
    from casereviews.repository.reading.formats import formats
    from casereviews.repository.reading.languages import language

    formats()
    language("A few words of plain English to load the model before the limit is set.")
