"""The switch of a run: who asks, who is told, and what happens to those who do not listen."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from casereviews.repository import children, stopping
from casereviews.repository.children import Children
from casereviews.repository.model import Reading
from casereviews.repository.reading import ReadJob, processes
from casereviews.repository.reading.reader import failed
from casereviews.repository.stopping import Stopped, Switch, checkpoint, reading_ends


@pytest.mark.parametrize(
    ("number", "why", "exit_code"),
    [(signal.SIGTERM, "stopped", 3), (signal.SIGINT, "interrupted", 130)],
)
def test_a_signal_stops_the_run_at_its_next_step(
    number: signal.Signals, why: str, exit_code: int
) -> None:
    before = signal.getsignal(number)
    with stopping.stopping() as switch:
        checkpoint()
        signal.raise_signal(number)
        assert (switch.why, switch.asks_no_more) == (why, "stopped")
        with pytest.raises(Stopped, match="the next run goes on") as stopped:
            checkpoint()
    assert stopped.value.exit_code == exit_code
    assert signal.getsignal(number) == before
    checkpoint()  # outside a run nothing is stopped


def test_the_first_reason_stays_and_every_listener_is_told_once() -> None:
    switch = Switch()
    told: list[str] = []
    with switch.telling(lambda: told.append("early")):
        switch.ask("interrupted")
        switch.ask("stopped")
        with switch.telling(lambda: told.append("late")):
            pass
    assert (switch.why, told) == ("interrupted", ["early", "late"])


def test_a_part_of_a_run_has_the_runs_own_switch_and_budget() -> None:
    with stopping.stopping(60.0) as outer, stopping.stopping(5.0) as inner:
        assert inner is outer


@pytest.mark.parametrize(
    ("budget", "passed", "asks_no_more", "ends_reading"),
    [
        (None, 1e9, None, False),
        (0.0, 0.0, "budget", False),
        (0.0, 60.0, "budget", True),
        (3600.0, 3599.0, None, False),
        (3600.0, 3600.0, "budget", False),
        (3600.0, 4499.0, "budget", False),
        (3600.0, 4500.0, "budget", True),
    ],
)
def test_a_budget_ends_asking_and_then_reading(
    budget: float | None,
    passed: float,
    asks_no_more: str | None,
    ends_reading: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(stopping.time, "monotonic", lambda: clock[0])
    with stopping.stopping(budget) as switch:
        clock[0] += passed
        assert (switch.asks_no_more, reading_ends()) == (asks_no_more, ends_reading)
        checkpoint()  # a budget breaks nothing off


def test_a_stopped_run_ends_its_children_at_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a pool: the loop that waits for children is the one that listens."""
    ended: list[bool] = []

    class Pool:
        active = True

        def __init__(self, **_: object) -> None: ...

        def __enter__(self) -> Pool:
            return self

        def __exit__(self, *_: object) -> None: ...

        def schedule(self, *_: object, **__: object) -> children.Future[int]:
            return children.Future()  # never done

        def stop(self) -> None:
            ended.append(True)

    monkeypatch.setattr(children, "ProcessPool", Pool)
    monkeypatch.setattr(children, "POLL_SECONDS", 0.0)
    pool: Children[int, int] = Children(abs, 2, 20.0, 100, print, (), ())
    switch = Switch()
    switch.ask("stopped")
    with stopping.stopping(switch=switch), pytest.raises(Stopped):
        list(pool.each([1, 2, 3]))
    assert ended == [True]


def test_no_file_is_begun_once_the_time_for_reading_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jobs = [ReadJob(str(number) * 64, Path(f"{number}.pdf")) for number in range(3)]
    begun: list[str] = []
    over: list[bool] = []

    def run(_: object, wanted: Iterable[ReadJob]) -> Iterator[tuple[ReadJob, Reading]]:
        for job in wanted:
            begun.append(job.sha256[0])
            if len(begun) == 2:
                over.append(True)
            yield job, failed(job.sha256, "needs_ocr", "application/pdf", "a scan")

    monkeypatch.setattr(processes, "reading_ends", lambda: bool(over))
    monkeypatch.setattr(processes, "ocr_available", lambda: True)
    monkeypatch.setattr(processes, "waiting_pages", lambda _: (1,))
    monkeypatch.setattr(processes._Pass, "run", run)
    told = list(processes.read_files(jobs, workers=1))
    # The third file is the next night's; of the two scans what was read without recognition is kept.
    assert begun == ["0", "1"]
    assert [(one.sha256[0], one.status) for one in told] == [
        ("0", "needs_ocr"),
        ("1", "needs_ocr"),
    ]


DEAF = (
    "import os, re, signal, sys\nfrom casereviews.repository import stopping\n"
    "stopping.END_WITHIN = float(sys.argv[1])\n"
    "with stopping.stopping():\n"
    "    for number in sys.argv[2:]:\n        os.kill(os.getpid(), int(number))\n"
    "    input()\n    print('over')\n"
)


@pytest.mark.parametrize(
    ("within", "numbers", "exit_code"),
    [
        ("0.0", [signal.SIGTERM], 3),
        ("0.0", [signal.SIGINT], 130),
        ("1e6", [signal.SIGINT, signal.SIGINT], 130),
        ("1e6", [signal.SIGTERM, signal.SIGINT], 130),
    ],
)
def test_a_run_that_comes_to_no_step_is_ended_and_a_second_ctrl_c_ends_at_once(
    within: str, numbers: list[signal.Signals], exit_code: int
) -> None:
    run = subprocess.Popen(
        [sys.executable, "-c", DEAF, within, *(str(int(one)) for one in numbers)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert run.stdin is not None
    assert run.wait() == exit_code
    assert run.stdout is not None
    assert run.stderr is not None
    assert (run.stdout.read(), b"the next run goes on" in run.stderr.read()) == (b"", True)
    for pipe in (run.stdin, run.stdout, run.stderr):
        pipe.close()
