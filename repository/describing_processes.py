"""Describing many documents in child processes: what one document does to its child costs that document only."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures import TimeoutError as OutOfTimeError
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from pebble import ProcessExpired, ProcessPool

from repository.describing import describe_document
from repository.describing.grouping_input import GroupingInput
from repository.describing.themes import ThemeFinder
from repository.model import Description, DocumentInput, Fact
from repository.vocabulary import load_themes

SECONDS = 60.0
"""A document that takes longer is stopped; a report of 40 pages takes about 0.1 s."""
GRACE_SECONDS = 10.0
POLL_SECONDS = 1.0
"""How often a silent pool is asked whether it still lives."""
FEW = 40
"""So many documents are described in this process: starting children takes longer (about a second each)."""
_DOCUMENTS_A_CHILD = 2000


@dataclass(frozen=True, slots=True)
class DescribeJob:
    """One document to describe: what is known of it, its corrections, and a digest of both."""

    given: DocumentInput
    corrected: tuple[Fact, ...]
    digest: str


@dataclass(frozen=True, slots=True)
class DescribedNow:
    """What describing gave; `error` names what went wrong, None when nothing did. `grouping` is what grouping needs."""

    description: Description
    grouping: dict[str, Any]
    error: str | None = None


def describe_each(
    jobs: Iterable[DescribeJob], *, count: int, themes_csv: Path | None, workers: int | None = None
) -> Iterator[tuple[DescribeJob, DescribedNow]]:
    """Describe `count` documents, in this process when they are few; answers come as they are done, each exactly once."""
    if not count:
        return
    children = workers or os.cpu_count() or 1
    if count <= FEW or children == 1:
        finder = ThemeFinder(load_themes(themes_csv))
        for job in jobs:
            yield job, described(job, finder)
        return
    yield from _in_children(iter(jobs), children, themes_csv)


def described(job: DescribeJob, finder: ThemeFinder) -> DescribedNow:
    """Describe one document; whatever it raises is its result."""
    try:
        description = describe_document(job.given, finder=finder)
        facts = (*description.facts, *job.corrected)
        grouping = GroupingInput.of(job.given, replace(description, facts=facts))
        return DescribedNow(description, asdict(grouping))
    except Exception as trouble:  # noqa: BLE001 - the edge of one document
        return failed(job, f"{type(trouble).__name__}: {trouble}")


def failed(job: DescribeJob, error: str) -> DescribedNow:
    """A document of which nothing can be said but where it stands: it stays in its review."""
    grouping = GroupingInput.of(replace(job.given, reading=None), Description())
    return DescribedNow(Description(), asdict(grouping), error)


_finder: ThemeFinder | None = None


def _prepare(themes_csv: Path | None) -> None:
    global _finder
    _finder = ThemeFinder(load_themes(themes_csv))


def _described(job: DescribeJob) -> DescribedNow:
    """Runs in a child."""
    assert _finder is not None
    return described(job, _finder)


def _in_children(
    jobs: Iterator[DescribeJob], children: int, themes_csv: Path | None
) -> Iterator[tuple[DescribeJob, DescribedNow]]:
    """Describe in a pool of children; a pool that breaks (a child died before it had taken its job) is made anew.

    What was under way is then tried once more: it may have been another document's fault.
    """
    again: list[DescribeJob] = []
    tried: set[str] = set()
    while True:
        running: dict[Future[DescribedNow], DescribeJob] = {}
        waiting = chain(again, jobs)
        again = []
        try:
            yield from _in_one_pool(waiting, running, children, themes_csv)
            return
        except BrokenProcessPool:
            for job in running.values():
                if job.given.document.id in tried:
                    yield job, failed(job, "ProcessExpired: describing crashed twice")
                else:
                    tried.add(job.given.document.id)
                    again.append(job)


def _in_one_pool(
    jobs: Iterator[DescribeJob],
    running: dict[Future[DescribedNow], DescribeJob],
    children: int,
    themes_csv: Path | None,
) -> Iterator[tuple[DescribeJob, DescribedNow]]:
    """Describe until nothing is left; raises BrokenProcessPool with what was under way still in `running`."""
    with ProcessPool(
        max_workers=children,
        max_tasks=_DOCUMENTS_A_CHILD,
        initializer=_prepare,
        initargs=(themes_csv,),
        context=_context(),
    ) as pool:
        heard = time.monotonic()
        try:
            while True:
                while len(running) < 2 * children and (job := next(jobs, None)) is not None:
                    # Known as running before it is given away: a pool that breaks right then loses no job.
                    held: Future[DescribedNow] = Future()
                    running[held] = job
                    future = pool.schedule(_described, args=(job,), timeout=SECONDS)
                    running[future] = running.pop(held)
                if not running:
                    return
                done, _ = wait(running, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
                if done:
                    heard = time.monotonic()
                # No job outlives its time limit, so a longer silence is a pool that lost its jobs.
                elif not pool.active or time.monotonic() - heard > SECONDS + GRACE_SECONDS:
                    raise BrokenProcessPool("the pool of children broke and answers no more")
                for each in done:
                    if isinstance(each.exception(), BrokenProcessPool):
                        raise BrokenProcessPool("the pool of children broke")
                    job = running.pop(each)
                    yield job, _outcome(each, job)
        finally:
            if running:
                pool.stop()  # type: ignore[no-untyped-call]


def _outcome(future: Future[DescribedNow], job: DescribeJob) -> DescribedNow:
    try:
        return future.result()
    except OutOfTimeError:
        return failed(job, f"TimeoutError: describing took more than {SECONDS:.0f} seconds")
    except ProcessExpired as death:
        return failed(job, f"ProcessExpired: describing crashed (exit {death.exitcode})")


def _context() -> multiprocessing.context.BaseContext:
    """Children are forked from a clean server where the system can: safe beside threads."""
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if context.get_start_method() == "forkserver":
        context.set_forkserver_preload(["repository.describing_processes"])
    return context
