"""One writer a home; whoever waits is told for whom."""

import json
import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from casereviews.repository.errors import HomeError, HomeLocked
from casereviews.repository.home import Home
from casereviews.repository.lock import Holder, read_holder, writing
from casereviews.repository.stores import Stores

BOTH_STORES = True

HOLD = """
import sys
from pathlib import Path
from casereviews.repository.home import Home
from casereviews.repository.lock import writing
with writing(Home(Path(sys.argv[1])), "refresh", now=lambda: "2026-03-01T02:00:00Z"):
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(home: Home) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


def test_the_second_writer_is_told_who_holds_the_home(home: Home) -> None:
    with hold(home) as child:
        with pytest.raises(HomeLocked) as told, writing(home, "rebuild"):
            pass
        child.kill()
    assert f"held by `refresh` (process {child.pid} on " in str(told.value)
    assert "since 2026-03-01T02:00:00Z): wait until it is done" in str(told.value)


def test_what_a_killed_writer_left_behind_is_no_obstacle(home: Home) -> None:
    with hold(home) as child:
        child.kill()
        child.wait()
    left = read_holder(home)
    assert left is not None
    assert left.pid == child.pid
    with writing(home, "rebuild", now=lambda: "2026-03-02T02:00:00Z"):
        ours = read_holder(home)
        assert ours is not None
        assert replace(ours, lease="") == Holder(
            os.getpid(), socket.gethostname(), "rebuild", "2026-03-02T02:00:00Z"
        )
        assert bool(ours.lease) == (Stores.of(home).record is not None)
    assert read_holder(home) is None


def test_a_damaged_note_of_the_holder_is_passed_over(home: Home) -> None:
    (home.root / "lock.json").write_text(json.dumps(["no", "holder"]))
    assert read_holder(home) is None
    with writing(home, "refresh"):
        assert read_holder(home) is not None


def test_a_home_that_is_not_there_cannot_be_locked(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(HomeError, match="cannot lock"), writing(Home(tmp_path / "file"), "refresh"):
        pass
