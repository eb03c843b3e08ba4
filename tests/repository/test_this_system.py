"""What the system offers, and what stands in for it where a name is missing."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import subprocess
import sys
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from types import ModuleType

import psutil  # noqa: F401 - now: it asks which system this is
import pytest

from casereviews.repository import this_system
from casereviews.repository.sqlite_files import address_of
from casereviews.repository.this_system import (
    FALLBACKS,
    PAUSES,
    TookTooLong,
    apart,
    bound_memory,
    bound_program,
    context_for_children,
    end_group,
    end_with_parent,
    flush_folder,
    is_anothers,
    is_in_use,
    lock_of,
    missing,
    rights_of,
    signals_told,
    time_limit,
)
from casereviews.repository.whole_files import write_whole

ROOT = Path(__file__).parents[2]
ROOMS = ("crawler", "repository", "index", "collection", "search_cli", "demo", "web", "notebook")
ONLY_HERE = re.compile(
    r"SIGKILL|SIGPROF|SIGALRM|setitimer|killpg|import resource\b|import fcntl|\"/proc|prctl|get_all_start_methods|start_new_session"
    r"|getuid|os\.name|O_DIRECTORY|O_NOFOLLOW|SIGHUP|SIGUSR|import (?:pwd|grp|termios)\b"
)
HANGS = re.compile(r"(a*)*b")
TEXT = "a" * 60


def test_no_other_module_names_what_only_some_systems_have() -> None:
    found = {
        str(path.relative_to(ROOT))
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        if ONLY_HERE.search(path.read_text("utf-8"))
    }
    assert found == {"repository/this_system.py"}


needs_alarm = pytest.mark.skipif("setitimer" in missing(), reason="no alarm here")


@needs_alarm
def test_a_regular_expression_that_would_never_end_is_ended() -> None:
    with pytest.raises(TookTooLong), time_limit(0.05):
        HANGS.match(TEXT)


@needs_alarm
def test_work_that_catches_every_exception_is_ended_too_and_leaves_no_alarm() -> None:
    before = signal.getsignal(signal.SIGPROF)

    def tries_again() -> None:
        while True:
            try:
                HANGS.match(TEXT)
            except Exception:  # noqa: BLE001 - as a parser that goes on whatever goes wrong
                continue

    with pytest.raises(TookTooLong), time_limit(0.05):
        tries_again()
    assert signal.getsignal(signal.SIGPROF) == before
    assert signal.getitimer(signal.ITIMER_PROF)[0] == 0.0


def test_a_limit_inside_a_limit_leaves_the_outer_one_in_force() -> None:
    with time_limit(60):
        outer = signal.getsignal(signal.SIGPROF)
        with time_limit(30):
            assert signal.getsignal(signal.SIGPROF) == outer
        assert signal.getitimer(signal.ITIMER_PROF)[0] > 0


class AnotherOs(ModuleType):
    """`os` under another name; what it has is this system's, as it is when it is asked for."""

    name = "nt"

    def __getattr__(self, asked: str) -> object:
        return getattr(os, asked)


def without(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system on which every name is missing."""
    monkeypatch.delattr(signal, "setitimer", raising=False)
    monkeypatch.delattr(os, "killpg", raising=False)
    monkeypatch.delattr(os, "pread", raising=False)
    monkeypatch.delattr(os, "getuid", raising=False)
    monkeypatch.setattr(this_system, "os", AnotherOs("os"))
    monkeypatch.setattr(sys, "platform", "elsewhere")
    monkeypatch.setitem(sys.modules, "resource", None)
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])


def test_a_system_without_the_names_says_what_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch)
    assert missing() == FALLBACKS


def test_a_system_without_the_names_works_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch)
    with time_limit(0.0):
        pass
    bound_memory(1)
    bound_program(os.getpid(), memory_mb=1, file_mb=1)
    assert context_for_children(()).get_start_method() == "spawn"
    program = subprocess.Popen(
        [sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE, **apart()
    )
    end_group(program)
    assert program.returncode != 0
    assert program.stdin is not None
    program.stdin.close()
    end_with_parent()


@pytest.mark.parametrize("grouped", [True, False])
def test_a_program_is_ended_with_what_it_started(
    grouped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not grouped:
        monkeypatch.delattr(os, "killpg", raising=False)
    grandchild = f"{sys.executable} -S -c 'input()'"
    program = subprocess.Popen(
        ["sh", "-c", f"echo begun; {grandchild}; echo over"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        **apart(),
    )
    assert program.stdout is not None
    assert program.stdin is not None
    assert program.stdout.readline() == b"begun\n"
    end_group(program)
    assert program.stdout.read() == b""  # its grandchild, which holds it too, is gone
    program.stdout.close()
    program.stdin.close()


CHILD = (
    "import re\nfrom casereviews.repository.this_system import end_with_parent\n"
    "end_with_parent()\nprint('hangs', flush=True)\nre.match('(a*)*b', 'a' * 60)\n"
)
PARENT = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', sys.argv[1]])\n"


@pytest.mark.skipif("prctl" in missing(), reason="only Linux ends a child that hangs in a library")
def test_a_child_that_hangs_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, CHILD], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"hangs\n"
    parent.kill()
    assert parent.stdout.read() == b""  # the pipe closes with the last process that holds it
    parent.wait()
    parent.stdout.close()


GUARDING = (
    "import os, sys\nfrom casereviews.repository.this_system import guarded\n"
    "if sys.argv[1] == 'one by one': del os.killpg\n"
    "guarded(['sh', '-c', 'echo begun; sh -c \"read nothing < fifo\"; echo over']).wait()\n"
)


@pytest.mark.skipif("killpg" in missing(), reason="no groups of processes here")
@pytest.mark.parametrize("how", ["as a group", "one by one"])
def test_a_program_that_knows_nothing_of_us_ends_when_we_are_killed(
    how: str, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "fifo")  # what reads it waits for ever
    parent = subprocess.Popen(
        [sys.executable, "-c", GUARDING, how], cwd=tmp_path, stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"begun\n"
    parent.kill()
    assert parent.stdout.read() == b""
    parent.wait()
    parent.stdout.close()


def test_signals_are_told_twice_and_handlers_come_back() -> None:
    before = {number: signal.getsignal(number) for number in this_system.STOPPING}
    handled: list[int] = []
    at_once: list[bytes] = []
    with signals_told(handled.append, at_once.append):
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGINT)
    assert handled == [signal.SIGTERM, signal.SIGINT]
    assert b"".join(at_once) == bytes(handled)
    assert {number: signal.getsignal(number) for number in this_system.STOPPING} == before


@pytest.mark.skipif("SIGHUP" not in dir(signal), reason="no terminal hangs up there")
@pytest.mark.parametrize("ignored", [False, True])
def test_a_terminal_that_is_closed_stops_a_run_that_does_not_ignore_it(ignored: bool) -> None:
    handled: list[int] = []
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN if ignored else signal.SIG_DFL)
    try:
        with signals_told(handled.append, lambda _: None):
            signal.raise_signal(signal.SIGHUP)
        assert handled == ([] if ignored else [signal.SIGHUP])
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_lock_that_is_held_is_not_waited_for(tmp_path: Path) -> None:
    from filelock import Timeout

    with lock_of(tmp_path / "lock"), pytest.raises(Timeout):
        lock_of(tmp_path / "lock").acquire()


class InUse(PermissionError):
    """What Windows says of a file that somebody has open."""

    def __init__(self, winerror: int) -> None:
        super().__init__(13, "Permission denied")
        self.winerror = winerror


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (InUse(32), True),
        (InUse(5), True),
        (InUse(3), False),
        (PermissionError(13, "Permission denied"), False),
    ],
)
def test_a_file_in_use_is_known_by_what_windows_says(error: OSError, expected: bool) -> None:
    assert is_in_use(error) is expected


def test_where_it_says_no_number_a_refusal_may_be_a_file_in_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(this_system, "os", AnotherOs("os"))
    assert is_in_use(PermissionError(13, "Permission denied"))
    assert not is_in_use(FileNotFoundError(2, "No such file or directory"))


def refusing(monkeypatch: pytest.MonkeyPatch, error: OSError, times: int) -> list[float]:
    """Let a rename be refused so many times; gives the list of the pauses that are made."""
    paused: list[float] = []
    replace = Path.replace

    def refused(part: Path, path: Path) -> Path:
        if len(paused) < times:
            raise error
        return replace(part, path)

    monkeypatch.setattr(Path, "replace", refused)
    monkeypatch.setattr("time.sleep", paused.append)
    return paused


def test_a_file_that_is_read_meanwhile_is_replaced_when_they_are_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused = refusing(monkeypatch, InUse(5), 3)
    write_whole(tmp_path / "index.json", "new")
    assert (tmp_path / "index.json").read_text("utf-8") == "new"
    assert paused == list(PAUSES[:3])


def test_a_file_that_stays_in_use_is_told_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused = refusing(monkeypatch, InUse(32), 99)
    (tmp_path / "index.json").write_text("old", "utf-8")
    with pytest.raises(PermissionError):
        write_whole(tmp_path / "index.json", "new")
    assert paused == list(PAUSES)
    assert {one.name: one.read_text("utf-8") for one in tmp_path.iterdir()} == {"index.json": "old"}


def test_a_right_that_is_lacking_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused = refusing(monkeypatch, PermissionError(13, "Permission denied"), 99)
    with pytest.raises(PermissionError):
        write_whole(tmp_path / "index.json", "new")
    assert paused == []


@pytest.mark.skipif("resource" in missing(), reason="no limits here")
def test_a_system_that_refuses_a_limit_does_without(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    refused: list[int] = []

    def refuse(which: int, _: object) -> None:
        refused.append(which)
        raise ValueError("current limit exceeds maximum limit")  # as macOS says

    monkeypatch.setattr(resource, "setrlimit", refuse)
    bound_memory(1)
    assert refused == [resource.RLIMIT_AS, resource.RLIMIT_CORE]


def test_folders_and_rights_are_taken_as_one_s_own_where_users_have_no_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o777)
    assert (is_anothers(tmp_path), rights_of(tmp_path)) == (False, 0o777)
    without(monkeypatch)
    assert (is_anothers(tmp_path), rights_of(tmp_path)) == (False, 0o700)
    flush_folder(tmp_path / "none")  # nothing is flushed, so nothing is missed


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (PurePosixPath("/srv/a home/50% #?.db"), "file:///srv/a%20home/50%25%20%23%3F.db"),
        (PureWindowsPath(r"C:\Users\Ann\record.db"), "file:///C:/Users/Ann/record.db"),
        (PureWindowsPath(r"\\board\shared\record.db"), "file:////board/shared/record.db"),
    ],
)
def test_sqlite_gets_an_address_of_any_path(path: PurePath, expected: str) -> None:
    assert address_of(path) == expected
