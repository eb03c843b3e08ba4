"""Jobs in child processes: what one job does to its child costs that job only, and none is lost with its pool.

Every pool of processes starts under `own_modules_only`: multiprocessing's helpers are started with `-c`, which alone would
put the working directory first on their path, where a `json.py` or `casereviews.py` of somebody else may lie.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice
from multiprocessing.process import current_process
from types import ModuleType
from typing import Any, Generic, TypeVar

from pebble import ProcessExpired, ProcessPool

from casereviews.repository.stopping import checkpoint
from casereviews.repository.temporary_folders import temporary_folder
from casereviews.repository.this_system import context_for_children, end_with_parent

Job = TypeVar("Job")
Answer = TypeVar("Answer")

POLL_SECONDS = 1.0
"""How often a silent pool is asked whether it still lives."""
GRACE_SECONDS = 10.0
"""A pool that is silent for so much longer than a job may take has lost its jobs."""


@dataclass(frozen=True, slots=True)
class Children(Generic[Job, Answer]):
    """What runs in children, and how: `work` on one job each, killed after `seconds`; a child is replaced after `jobs_a_child`.

    `prepare(*prepare_with)` runs once in each child before its first job. `preload` names the modules that children have
    from the start.
    """

    work: Callable[[Job], Answer]
    count: int
    seconds: float
    jobs_a_child: int
    prepare: Callable[..., None]
    prepare_with: tuple[Any, ...]
    preload: tuple[str, ...]

    def each(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Future[Answer]]]:
        """Every job exactly once with its future, as they are done.

        The future holds the answer, what the work raised, TimeoutError or pebble's ProcessExpired. At most two jobs a
        child wait or run at a time, so memory does not grow with the number of jobs. A pool that breaks (a child that dies
        before it has taken its job can leave it without a word) is made anew; what was under way is tried once more.
        A run that is stopped ends its children, at work or not; so does a parent's end, whatever they are at.
        """
        waiting = iter(jobs)
        again: list[Job] = list(islice(waiting, 1))
        tried: list[Job] = []
        while again:
            running: dict[Future[Answer], Job] = {}
            left = chain(again, waiting)
            again = []
            try:
                yield from self._in_one_pool(left, running)
            except BrokenProcessPool:
                for job in running.values():
                    if any(job is one for one in tried):
                        yield job, _lost()
                    else:
                        again.append(job)
                tried = list(again)
                again = again or list(islice(waiting, 1))

    def _in_one_pool(
        self, jobs: Iterator[Job], running: dict[Future[Answer], Job]
    ) -> Iterator[tuple[Job, Future[Answer]]]:
        """Work until no job is left; raises BrokenProcessPool with what was under way still in `running`."""
        with (
            own_modules_only(),
            self.pool() as pool,
        ):
            heard = time.monotonic()
            try:
                while True:
                    for job in islice(jobs, 2 * self.count - len(running)):
                        # Known as running before it is given away: a pool that breaks right then loses no job.
                        held: Future[Answer] = Future()
                        running[held] = job
                        future = pool.schedule(self.work, args=(job,), timeout=self.seconds)
                        running[future] = running.pop(held)
                    if not running:
                        return
                    done, _ = wait(running, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
                    checkpoint()
                    if done:
                        heard = time.monotonic()
                    elif not pool.active or self._too_silent(time.monotonic() - heard):
                        raise BrokenProcessPool("the pool of children broke and answers no more")
                    for each in done:
                        if isinstance(each.exception(), BrokenProcessPool):
                            raise BrokenProcessPool("the pool of children broke")
                        yield running.pop(each), each
            finally:
                if running:
                    pool.stop()  # type: ignore[no-untyped-call]

    def pool(self) -> ProcessPool:
        """A pool of such children; it is begun under `own_modules_only`."""
        _sockets_in_a_folder()
        return ProcessPool(
            max_workers=self.count,
            max_tasks=self.jobs_a_child,
            initializer=_begin,
            initargs=(self.prepare, self.prepare_with),
            context=context_for_children(self.preload),
        )

    def _too_silent(self, seconds: float) -> bool:
        """No job outlives its time limit, so a longer silence is a pool that lost its jobs."""
        return seconds > self.seconds + GRACE_SECONDS


class Standing(Generic[Job, Answer]):
    """Children that wait for jobs until they are closed: what a long process asks of them, one job a question, from any thread.

    They begin with the first question. While they stand, `own_modules_only` holds for the whole process.
    """

    def __init__(self, children: Children[Job, Answer], *, waits: float) -> None:
        """A question is given up after `waits` seconds, however many are asked before it."""
        self._children = children
        self._waits = waits
        self._changing = threading.Lock()
        self._open = ExitStack()
        self._pool: ProcessPool | None = None

    def ask(self, job: Job) -> Answer:
        """The answer to one job. Raises what its work raised, TimeoutError (its own, or the wait's), or pebble's ProcessExpired.

        A pool that breaks is made anew, and the job tried once more.
        """
        for _ in range(2):
            pool = self._standing()
            try:
                future = pool.schedule(
                    self._children.work, args=(job,), timeout=self._children.seconds
                )
            except RuntimeError:  # it broke or was closed meanwhile
                self._drop(pool)
                continue
            try:
                answer: Answer = future.result(self._waits)
            except BrokenProcessPool:
                self._drop(pool)
            except TimeoutError:
                future.cancel()  # type: ignore[no-untyped-call]
                raise
            else:
                return answer
        raise ProcessExpired("its child died twice", code=1)  # type: ignore[no-untyped-call]

    def _standing(self) -> ProcessPool:
        with self._changing:
            if self._pool is None:
                self._open.enter_context(own_modules_only())
                self._pool = self._children.pool()
            return self._pool

    def _drop(self, pool: ProcessPool) -> None:
        with self._changing:
            if self._pool is pool:
                self._end()

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
            self._pool = None
            self._open.close()

    def close(self) -> None:
        """End the children, at work or not."""
        with self._changing:
            self._end()


class _NoProgram(ModuleType):
    """Stands for the program that calls us: without a file there is nothing for children to run."""


@contextmanager
def own_modules_only() -> Iterator[None]:
    """Python processes started while the block runs do not look for modules in the working directory (PYTHONSAFEPATH, as `-P`),
    nor do they run the program that calls us once more, as multiprocessing has its children do."""
    before = os.environ.get("PYTHONSAFEPATH")
    os.environ["PYTHONSAFEPATH"] = "1"
    main = sys.modules["__main__"]
    if not isinstance(main, _NoProgram):
        sys.modules["__main__"] = _NoProgram("__main__")
    try:
        yield
    finally:
        if not isinstance(main, _NoProgram):
            sys.modules["__main__"] = main
        if before is None:
            os.environ.pop("PYTHONSAFEPATH", None)
        else:
            os.environ["PYTHONSAFEPATH"] = before


_LONGEST_SOCKET = 103
"""Bytes of a socket's path on macOS, which allows the fewest (sys/un.h)."""
_SOCKET_NAME = "/listener-12345678"
"""As multiprocessing names the socket of its server of forks (`connection.arbitrary_address`)."""


@cache
def _sockets_in_a_folder() -> None:
    """Have multiprocessing keep its sockets in a `temporary_folder` of this process: its own (`pymp-...`) stays for ever when the
    process is killed. Where the path would be too long for a socket it keeps its own. `_config` is what `multiprocessing.util.get_temp_dir` reads."""
    opened = ExitStack()
    folder = str(opened.enter_context(temporary_folder("children-")))
    if len(os.fsencode(folder + _SOCKET_NAME)) > _LONGEST_SOCKET:
        opened.close()
        return
    atexit.register(opened.close)
    vars(current_process())["_config"].setdefault("tempdir", folder)


def _begin(prepare: Callable[..., None], prepare_with: tuple[Any, ...]) -> None:
    """Runs in a child before its first job."""
    end_with_parent()
    prepare(*prepare_with)


def _lost() -> Future[Any]:
    future: Future[Any] = Future()
    death = ProcessExpired("its child died twice", code=1)  # type: ignore[no-untyped-call]
    future.set_exception(death)
    return future
