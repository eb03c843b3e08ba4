"""Lock, work, process, index, release: whatever step fails, the lock is free and the next run completes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from casereviews import Collection
from casereviews.collection.changing import indexing
from casereviews.collection.changing import write_cycle as cycles
from casereviews.collection.changing.write_cycle import write_cycle
from casereviews.collection.progress import SILENT
from casereviews.repository.errors import HomeLocked
from casereviews.repository.lock import read_holder, writing
from casereviews.repository.published_documents import published_ids
from casereviews.repository.record.derived import Derived


class Stopped(Exception):
    """A step failed."""


def child_q(collection: Collection) -> str:
    return collection.search('"unsafe sleep"').hits[0].review_id


@pytest.mark.parametrize("step", ["process", "bring_up_to_date"])
def test_a_step_that_fails_releases_the_lock_and_the_next_run_completes(
    change: Collection, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    review_id = child_q(change)

    def failing(*_: Any, **__: Any) -> None:
        raise Stopped

    with monkeypatch.context() as broken:
        broken.setattr(cycles, step, failing)
        with pytest.raises(Stopped):
            change.correct(review_id, "outcome", "other", note="the cover says so")
    assert read_holder(change.home) is None
    with writing(change.home, "test"):
        pass
    assert change.search("outcome:other").total == 0
    (held,) = change.held()
    change.release(held.document_id)
    assert change.search("outcome:other").hits[0].review_id == review_id
    assert change.search("quillfeather").total == 1


def test_what_is_not_shown_any_more_goes_from_the_index_whoever_forgot_to_tell_of_it(
    change: Collection,
) -> None:
    gone = change.search('"unsafe sleep"').hits[0].document_id
    with writing(change.home, "test"):
        with Derived.open(change.home, write=True) as derived:
            derived.forget_documents([gone])
        revision = indexing.record_revision(change.home)
        indexing.bring_up_to_date(change.home, changed=(), since_revision=revision)
    assert gone not in {hit.document_id for hit in change.search('"unsafe sleep"').hits}
    assert indexing.indexed_ids(change.home) == published_ids(change.home)


def test_work_that_fails_is_neither_processed_nor_indexed(
    change: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("not to be called")

    monkeypatch.setattr(cycles, "process", never)
    monkeypatch.setattr(cycles, "bring_up_to_date", never)
    with (
        pytest.raises(Stopped),
        write_cycle(change.home, "test", SILENT) as cycle,
        cycle.opened(),
    ):
        raise Stopped
    assert read_holder(change.home) is None


def test_a_home_that_is_held_is_not_written_to(change: Collection, tmp_path: Path) -> None:
    review_id = child_q(change)
    given = tmp_path / "given.pdf"
    given.write_bytes(b"%PDF-1.4")
    with writing(change.home, "refresh"):
        for verb in (
            lambda: change.correct(review_id, "outcome", "other", note="x"),
            lambda: change.release(review_id),
            lambda: change.withdraw(review_id, reason="x"),
            change.rebuild,
            lambda: change.add([str(given)], publisher="northmoor"),
            lambda: change.doctor(repair=True),
        ):
            with pytest.raises(HomeLocked, match="held by `refresh`"):
                verb()
    assert not change.home.corrections_toml.exists()


def test_an_index_that_stands_elsewhere_is_compared_whole(
    change: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a kill between record and index, what changed then is found by a cycle that changes something else."""
    review_id = child_q(change)
    with monkeypatch.context() as killed:
        killed.setattr(cycles.WriteCycle, "index", lambda *_, **__: None)
        change.correct(review_id, "outcome", "other", note="x")
    assert change.search("outcome:other").total == 0
    change.correct(review_id, "sex", "girl", note="x")
    assert change.search("outcome:other sex:girl").total == 1
