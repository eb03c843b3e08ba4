"""Describing in child processes: the same answers, and a child's death costs one document."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest

from casereviews.repository.model import Document, DocumentInput, Fact, Page, Reading, SourceInfo
from casereviews.repository.processing import describing_children
from casereviews.repository.processing.describing_children import (
    FEW,
    DescribedNow,
    DescribeJob,
    describe_each,
)
from casereviews.repository.vocabulary import PACKAGED

NORTHMOOR = SourceInfo("northmoor", "Northmoor Safeguarding Partnership", "England")


class Deadly(tuple[Fact, ...]):
    """Corrections that end the process that looks at them."""

    def __iter__(self) -> Iterator[Fact]:
        os._exit(3)


def test_a_document_that_takes_too_long_is_given_up_in_this_process_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def hangs(*_: object, **__: object) -> None:
        re.match("(a*)*b", "a" * 60)

    monkeypatch.setattr(describing_children, "describe_document", hangs)
    monkeypatch.setattr(describing_children, "SECONDS", 0.05)
    ((_, now),) = describe_each([job("a")], count=1, vocabulary=PACKAGED)
    assert now.error is not None
    assert now.error.startswith("TimeoutError: describing took more than")


def job(name: str, corrected: tuple[Fact, ...] = ()) -> DescribeJob:
    document = Document(
        id=name,
        source_id="northmoor",
        file_url=f"http://northmoor.test/{name}.pdf",
        landing_url=None,
        kind="file",
        origin="crawl",
        first_seen="2026-03-01T02:00:00Z",
        last_seen="2026-03-01T02:00:00Z",
        availability="available",
        missing_nights=0,
        visibility="shown",
        sha256=name * 64,
        media_type="application/pdf",
        file_name=f"{name}.pdf",
        title=f"Child {name.upper()}: Serious Case Review (March 2021)",
    )
    text = f"Child {name.upper()}, a fictional baby of four months, died after unsafe sleep."
    reading = Reading(name * 64, "ok", "application/pdf", (Page(1, text),))
    return DescribeJob(DocumentInput(document, NORTHMOOR, (), reading), corrected, name)


def described(jobs: list[DescribeJob], count: int) -> dict[str, DescribedNow]:
    answers = describe_each(iter(jobs), count=count, vocabulary=PACKAGED, workers=2)
    return {one.digest: answer for one, answer in answers}


@pytest.mark.slow
def test_children_say_what_this_process_says_and_a_death_costs_one_document() -> None:
    jobs = [job(name) for name in "abcd"]
    here = described(jobs, count=len(jobs))
    assert all(answer.error is None and answer.description.facts for answer in here.values())
    deadly = job("x", Deadly())
    there = described([*jobs[:2], deadly, *jobs[2:]], count=FEW + 1)
    lost = there.pop("x")
    assert there == here
    assert lost.error is not None
    assert lost.error.startswith("ProcessExpired: describing crashed")
    assert (lost.description.facts, lost.grouping.document_id) == ((), "x")


def test_what_describing_raises_is_the_documents_result() -> None:
    wrong = job("b", (Fact("outcome", "death", "died", "manual", "no number"),))  # type: ignore[arg-type]
    found = described([job("a"), wrong, job("c")], count=3)
    assert [name for name, answer in found.items() if answer.error] == ["b"]
    assert str(found["b"].error).startswith("TypeError: ")


def test_nothing_due_starts_nothing() -> None:
    assert described([], count=0) == {}


def test_where_nothing_breaks_off_a_long_one_a_single_document_is_described_in_a_child(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pools: list[int] = []

    class NoChildren(describing_children.Children):  # type: ignore[type-arg]
        def each(self, jobs: object) -> Iterator[object]:
            pools.append(self.count)
            return iter(())

    monkeypatch.setattr(describing_children, "Children", NoChildren)
    monkeypatch.setattr(describing_children, "has_alarm", lambda: False)
    assert [*describe_each([job("a")], count=1, vocabulary=PACKAGED, workers=1)] == []
    assert pools == [1]
