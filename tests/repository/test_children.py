"""A pool of children that breaks: every job still has its one answer."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.process import current_process
from multiprocessing.util import get_temp_dir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from pebble import ProcessExpired, ProcessPool

from casereviews.repository import children
from casereviews.repository.children import Children, Standing
from casereviews.repository.this_system import bound_memory, missing

RIGHT = {number: math.factorial(number) for number in range(9)}


def answers(jobs: range) -> dict[int, object]:
    """What `math.factorial` gives for each job, in children."""
    pool: Children[int, int] = Children(math.factorial, 2, 20.0, 100, print, (), ())
    found: dict[int, object] = {}
    for job, future in pool.each(jobs):
        assert job not in found
        found[job] = future.exception() or future.result()
    return found


class Breaking(ProcessPool):
    """Breaks as pebble's does when a child dies before it has taken its job; `broken` of them do, then all is well."""

    broken = 0
    made = 0

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        type(self).made += 1
        self.breaks = type(self).made <= type(self).broken
        self.given = 0


class Silent(Breaking):
    """Keeps the fourth job and all after it, and says nothing more."""

    def schedule(self, *args: Any, **given: Any) -> Any:
        self.given += 1
        if self.breaks and self.given >= 4:
            return Future()
        return super().schedule(*args, **given)

    @property
    def active(self) -> bool:
        return not self.breaks and super().active


class Raising(Breaking):
    """Refuses the fourth job."""

    def schedule(self, *args: Any, **given: Any) -> Any:
        self.given += 1
        if self.breaks and self.given >= 4:
            raise BrokenProcessPool("A process in the pool was terminated abruptly")
        return super().schedule(*args, **given)


class Failing(Breaking):
    """Its fourth job ends with the pool's own trouble."""

    def schedule(self, *args: Any, **given: Any) -> Any:
        self.given += 1
        if self.breaks and self.given >= 4:
            future: Future[Any] = Future()
            future.set_exception(BrokenProcessPool("a child was gone"))
            return future
        return super().schedule(*args, **given)


@pytest.mark.parametrize("kind", [Silent, Raising, Failing])
def test_what_a_broken_pool_had_under_way_is_done_in_the_next(
    kind: type[Breaking], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kind, "broken", 1)
    monkeypatch.setattr(kind, "made", 0)
    monkeypatch.setattr(children, "ProcessPool", kind)
    monkeypatch.setattr(children, "POLL_SECONDS", 0.05)
    assert answers(range(9)) == RIGHT
    assert kind.made == 2


def test_a_job_whose_pool_breaks_twice_is_named_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Failing, "broken", 2)
    monkeypatch.setattr(Failing, "made", 0)
    monkeypatch.setattr(children, "ProcessPool", Failing)
    found = answers(range(9))
    lost = {job: answer for job, answer in found.items() if isinstance(answer, ProcessExpired)}
    assert lost
    assert {str(answer) for answer in lost.values()} == {"its child died twice"}
    assert {**found, **{job: RIGHT[job] for job in lost}} == RIGHT


def test_a_pool_that_is_silent_for_longer_than_any_job_may_take_has_lost_its_jobs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Impatient(Silent):
        """Only the first pool is given up after half a second: how long a sound one needs is not what is tried."""

        def __init__(self, **given: Any) -> None:
            super().__init__(**given)
            monkeypatch.setattr(children, "GRACE_SECONDS", -19.5 if self.breaks else 600.0)

    monkeypatch.setattr(Impatient, "broken", 1)
    monkeypatch.setattr(Impatient, "made", 0)
    monkeypatch.setattr(Impatient, "active", True)
    monkeypatch.setattr(children, "ProcessPool", Impatient)
    monkeypatch.setattr(children, "POLL_SECONDS", 0.05)
    assert answers(range(9)) == RIGHT


def test_standing_children_answer_on_after_what_a_job_does_to_one() -> None:
    of_words = Children(eval, 1, 1.0, 100, bound_memory, (300,), ())
    standing: Standing[str, int] = Standing(of_words, waits=60.0)
    try:
        assert standing.ask("6 * 7") == 42
        with pytest.raises(ZeroDivisionError):
            standing.ask("1 // 0")
        with pytest.raises(ProcessExpired):
            standing.ask("__import__('os')._exit(7)")
        with pytest.raises(TimeoutError):
            standing.ask("__import__('signal').pause()")
        if "resource" not in missing():
            with pytest.raises(MemoryError):
                standing.ask("len(bytearray(10**10))")
        assert standing.ask("6 * 7") == 42
    finally:
        standing.close()


def test_a_standing_pool_that_breaks_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing(Breaking):
        def schedule(self, *args: Any, **given: Any) -> Any:
            if self.breaks:
                raise RuntimeError("unexpected error within the pool")
            return super().schedule(*args, **given)

    Refusing.made, Refusing.broken = 0, 1
    monkeypatch.setattr(children, "ProcessPool", Refusing)
    standing: Standing[int, int] = Standing(
        Children(math.factorial, 1, 20.0, 100, print, (), ()), waits=60.0
    )
    try:
        assert standing.ask(5) == 120
        assert Refusing.made == 2
    finally:
        standing.close()


@pytest.mark.parametrize("name", ["short", "x" * 100])
def test_the_sockets_of_children_lie_where_the_next_run_removes_what_a_kill_leaves(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = vars(current_process())["_config"]
    monkeypatch.setitem(config, "tempdir", None)
    del config["tempdir"]  # what was there comes back with the end of the test
    at_exit: list[Callable[[], None]] = []
    monkeypatch.setattr(children.atexit, "register", at_exit.append)
    monkeypatch.setattr(children, "_sockets_in_a_folder", children._sockets_in_a_folder.__wrapped__)
    with TemporaryDirectory() as folder:
        place = Path(folder, name)
        place.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(place))
        Children(math.factorial, 1, 20.0, 100, print, (), ()).pool()
        if name != "short":  # too long for a socket: multiprocessing then has its own way
            assert ("tempdir" in config, at_exit, [*place.iterdir()]) == (False, [], [])
            return
        assert (place / get_temp_dir() / "in-use.lock").is_file()
        for close in at_exit:
            close()
        assert [*place.iterdir()] == []
