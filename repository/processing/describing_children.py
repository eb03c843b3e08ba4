"""Describing many documents in child processes: what one document does to its child costs that document only."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as OutOfTimeError
from dataclasses import dataclass, replace

from pebble import ProcessExpired

from casereviews.repository.children import Children
from casereviews.repository.describing import describe_document
from casereviews.repository.describing.evidence import Evidence
from casereviews.repository.describing.grouping.input import GroupingInput
from casereviews.repository.errors import VocabularyError
from casereviews.repository.model import Description, DocumentInput, Fact
from casereviews.repository.this_system import TookTooLong, has_alarm, time_limit
from casereviews.repository.vocabulary import PACKAGED, Vocabulary

SECONDS = 60.0
"""A document that takes longer is stopped; a report of 40 pages takes about 0.1 s."""
_TOO_LONG = f"TimeoutError: describing took more than {SECONDS:.0f} seconds"
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
    grouping: GroupingInput
    error: str | None = None


def describe_each(
    jobs: Iterable[DescribeJob],
    *,
    count: int,
    vocabulary: Vocabulary,
    with_second_opinion: bool = False,
    workers: int | None = None,
) -> Iterator[tuple[DescribeJob, DescribedNow]]:
    """Describe `count` documents, in this process when they are few and it can break off one that takes too long; answers come as they are done, each exactly once.

    Raises VocabularyError when a packaged rule file is wrong: that is no fault of the document at hand.
    """
    if not count:
        return
    children = workers or os.cpu_count() or 1
    if has_alarm() and (count <= FEW or children == 1):
        for job in jobs:
            yield job, described(job, vocabulary, with_second_opinion)
        return
    pool: Children[DescribeJob, DescribedNow] = Children(
        work=_described,
        count=children,
        seconds=SECONDS,
        jobs_a_child=_DOCUMENTS_A_CHILD,
        prepare=_prepare,
        prepare_with=(vocabulary, with_second_opinion),
        preload=(
            "casereviews.repository.processing.describing_children",
            "casereviews.repository.describing.describe",
        ),
    )
    for job, future in pool.each(jobs):
        yield job, _outcome(future, job)


def described(
    job: DescribeJob,
    vocabulary: Vocabulary,
    with_second_opinion: bool = False,
    evidence: list[Evidence] | None = None,
) -> DescribedNow:
    """Describe one document; whatever it raises is its result, but for VocabularyError. What was seen is added to `evidence`."""
    try:
        with time_limit(SECONDS):
            description = describe_document(
                job.given,
                vocabulary=vocabulary,
                with_second_opinion=with_second_opinion,
                evidence=evidence,
            )
            facts = (*description.facts, *job.corrected)
            grouping = GroupingInput.of(job.given, replace(description, facts=facts))
        return DescribedNow(description, grouping)
    except TookTooLong:
        return failed(job, _TOO_LONG)
    except VocabularyError:
        raise
    except Exception as trouble:  # noqa: BLE001 - the edge of one document
        return failed(job, f"{type(trouble).__name__}: {trouble}")


def failed(job: DescribeJob, error: str) -> DescribedNow:
    """A document of which nothing can be said but where it stands: it stays in its review."""
    grouping = GroupingInput.of(replace(job.given, reading=None), Description())
    return DescribedNow(Description(), grouping, error)


_vocabulary, _with_second_opinion = PACKAGED, False


def _prepare(vocabulary: Vocabulary, with_second_opinion: bool) -> None:
    global _vocabulary, _with_second_opinion
    _vocabulary, _with_second_opinion = vocabulary, with_second_opinion


def _described(job: DescribeJob) -> DescribedNow:
    """Runs in a child."""
    return described(job, _vocabulary, _with_second_opinion)


def _outcome(future: Future[DescribedNow], job: DescribeJob) -> DescribedNow:
    try:
        return future.result()
    except OutOfTimeError:
        return failed(job, _TOO_LONG)
    except ProcessExpired as death:
        return failed(job, f"ProcessExpired: describing crashed (exit {death.exitcode})")
