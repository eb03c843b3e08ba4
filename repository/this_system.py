"""What this system offers for limits, files in use, signals, locks and child processes; where a name is missing, what stands in for it.

Nothing else in the project names `resource`, `fcntl`, `SIGKILL`, `SIGPROF`, `killpg`, `getuid`, `os.name`, `/proc`, `prctl` or a start method. Names are looked
up when they are used, so that every module can be imported anywhere. `FALLBACKS` says what is lost without each.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

# What locks and child processes need is loaded by those who lock and start some: every search loads this module.
if TYPE_CHECKING:
    import subprocess
    from multiprocessing.context import BaseContext

    from filelock import FileLock

FALLBACKS = {
    "resource": "readers have no limit of memory: a file that needs more is stopped by its time alone",
    "prlimit": "LibreOffice has no limit of memory and output: its time alone ends it",
    "setitimer": "a page or a document that takes too long is ended with its process, not by itself: documents are described in children",
    "killpg": "what a program started is looked for by its parent's number and ended one by one; what has left its parent stays",
    "prctl": "a child that hangs in a library's code outlives a parent that was killed",
    "forkserver": "children are spawned: each loads its modules itself and starts more slowly",
    "getuid": "whose a temporary folder is, and who else may read a home, is not looked at: Windows gives each user their own",
    "pread": "each worker of `serve --workers` knows for itself as whom and at which stage somebody marks: what the form shows holds",
    "proc": "an export that the shell sent to a file is written down without the name of that file",
    "open files": "a file that somebody reads is replaced when they are done, within seconds, and removed by the next writer",
}
"""Name of the system -> what stands in for it where it is missing. Locks need no entry: filelock has every system's own."""


def missing() -> dict[str, str]:
    """The names that this system lacks, each with what that means (`FALLBACKS`)."""
    import multiprocessing

    has = {
        "resource": _resource() is not None,
        "prlimit": hasattr(_resource(), "prlimit"),
        "setitimer": hasattr(signal, "setitimer"),
        "killpg": hasattr(os, "killpg"),
        "prctl": sys.platform == "linux",
        "forkserver": "forkserver" in multiprocessing.get_all_start_methods(),
        "getuid": hasattr(os, "getuid"),
        "pread": hasattr(os, "pread"),
        "proc": sys.platform == "linux",
        "open files": os.name == "posix",
    }
    return {name: FALLBACKS[name] for name, there in has.items() if not there}


def _resource() -> Any:
    try:
        import resource
    except ImportError:
        return None
    return resource


# ---- locks


def lock_of(path: Path) -> FileLock:
    """The system's lock on a file (fcntl's or msvcrt's); taking it never waits. It goes with the process that holds it."""
    from filelock import FileLock

    return FileLock(path, timeout=0)


# ---- files

PAUSES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
"""Seconds between the tries to replace a file that somebody reads."""

_WINDOWS_IN_USE = (5, 32)
"""ERROR_ACCESS_DENIED, which replacing an open file gives, and ERROR_SHARING_VIOLATION (Microsoft's System Error Codes)."""


def is_in_use(error: OSError) -> bool:
    """Whether an error may say no more than that somebody has the file open: so Windows refuses what others allow."""
    said = getattr(error, "winerror", None)
    if said is None:
        return os.name != "posix" and error.errno == errno.EACCES
    return said in _WINDOWS_IN_USE


def put_in_place(part: Path, path: Path) -> None:
    """Rename a file over another; where an open file cannot be replaced, as soon as those who read it are done."""
    for pause in PAUSES:
        try:
            part.replace(path)
        except PermissionError as error:
            if not is_in_use(error):
                raise
            time.sleep(pause)
        else:
            return
    part.replace(path)


def is_anothers(folder: Path) -> bool:
    """Whether a folder belongs to another user; False where users have no numbers."""
    return hasattr(os, "getuid") and folder.lstat().st_uid != os.getuid()


def rights_of(folder: Path) -> int:
    """Who may do what in a folder, as POSIX's bits; its owner alone where there are none."""
    return folder.stat().st_mode & 0o777 if os.name == "posix" else 0o700


def flush_folder(folder: Path) -> None:
    """Make a rename last through a power cut, where the system can flush folders."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# ---- signals


def _numbers(*names: str) -> frozenset[int]:
    return frozenset(int(getattr(signal, name)) for name in names if hasattr(signal, name))


HANGING_UP = _numbers("SIGHUP")
"""What comes when the terminal of a run is closed; `nohup` has it ignored."""

STOPPING = _numbers("SIGTERM", "SIGINT", "SIGBREAK") | HANGING_UP
"""Signals that ask a run to stop; SIGBREAK is Windows' Ctrl-Break."""

OUT_OF_MEMORY = _numbers("SIGKILL", "SIGABRT", "SIGTRAP", "SIGILL")
"""Signals by which a process ends that may grow no more."""


@contextmanager
def signals_told(
    handler: Callable[[int], None], at_once: Callable[[bytes], None]
) -> Iterator[None]:
    """Call `handler` with each of STOPPING that comes while the block runs, between two steps of Python.

    `at_once` gets the same numbers, as bytes, in a thread of its own: also while the main thread is inside a library. A hang-up that is ignored stays so. Outside the main
    thread nobody is told of signals, and the block just runs.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    import socket

    before: dict[int, Any] = {}

    def told(number: int, _: FrameType | None) -> None:
        handler(number)

    for number in STOPPING:
        if number in HANGING_UP and signal.getsignal(number) is signal.SIG_IGN:
            continue
        before[number] = signal.signal(number, told)
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    fd_before = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)

    def listen() -> None:
        with suppress(OSError):
            while numbers := ours.recv(16):
                at_once(bytes(one for one in numbers if one in before))

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(fd_before, warn_on_full_buffer=False)
        for number, handled in before.items():
            signal.signal(number, handled)
        theirs.close()
        listener.join()
        ours.close()


# ---- limits


class TookTooLong(BaseException):
    """Time is up for the work in hand. No Exception, so that no "whatever goes wrong" of that work takes it for its own."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TookTooLong in the block once it has used `seconds` of the processor, also inside a regular expression.

    A busy machine or a lock that is waited for costs a page none of its time.

    Without an alarm (Windows), outside the main thread and inside another time limit the block runs without one.
    """
    if (
        not hasattr(signal, "setitimer")
        or threading.current_thread() is not threading.main_thread()
        or signal.getitimer(signal.ITIMER_PROF)[0]
    ):
        yield
        return

    working = True

    def ring(_: int, __: FrameType | None) -> None:
        if working:
            raise TookTooLong

    before = signal.signal(signal.SIGPROF, ring)
    # It rings again every second: an exception that is raised in a callback of a library may be lost there.
    signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
    try:
        try:
            yield
        finally:
            working = False  # it may ring right here; what follows is then done all the same
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)
        signal.signal(signal.SIGPROF, before)


def has_alarm() -> bool:
    """Whether `time_limit` limits anything here."""
    return hasattr(signal, "setitimer")


def bound_memory(megabytes: int) -> None:
    """Let this process grow by so much address space and no more, and leave no core file.

    A system that has the call and refuses it (macOS bounds no address space) is taken as one that has it not.
    """
    resource = _resource()
    if resource is None:
        return
    limit = _address_space() + megabytes * 1_000_000
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def bound_program(pid: int, *, memory_mb: int, file_mb: int) -> None:
    """Bound the memory and the output of a program that was just started."""
    resource = _resource()
    if not hasattr(resource, "prlimit"):
        return
    memory, output = memory_mb * 1_000_000, file_mb * 1_000_000
    with suppress(ProcessLookupError, PermissionError, ValueError):
        resource.prlimit(pid, resource.RLIMIT_AS, (memory, memory))
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (output, output))


def _address_space() -> int:
    """Bytes of address space in use (Linux), else a generous guess."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return 2_000_000_000
    return pages * os.sysconf("SC_PAGE_SIZE")


# ---- child processes


def apart() -> dict[str, Any]:
    """Arguments of Popen for a child in a group of its own: a Ctrl-C on the terminal reaches us alone, and we say it once."""
    if sys.platform == "win32":
        import subprocess

        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def end_group(process: subprocess.Popen[Any]) -> None:
    """End a child that was started `apart` with all that it started, by force, and wait for it."""
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        _end_one_by_one(process.pid)
    process.wait()


def _end_one_by_one(pid: int) -> None:
    """End a process and all that it started, found by the numbers of their parents; each is held still first, so that it starts no more."""
    import psutil

    found: list[psutil.Process] = []
    with suppress(psutil.NoSuchProcess):
        found.append(psutil.Process(pid))
    for one in found:  # grows as it goes
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            one.suspend()
            for _ in range(_TRIES_TO_HOLD):
                if sys.platform == "win32" or one.status() != psutil.STATUS_RUNNING:
                    break
                time.sleep(0.001)
            found += one.children()
    for one in found:
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            one.kill()


_TRIES_TO_HOLD = 100  # milliseconds at most until a process that was told to stop stands still


# Starts a program, hands on its exit code, and ends both, with what the program started, when our end of the pipe closes.
_GUARD = """
import os, signal, subprocess, sys, threading
program = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
ending = threading.Lock()
def guard():
    os.read(0, 1)
    ending.acquire()
    {end}
threading.Thread(target=guard, daemon=True).start()
code = min(abs(program.wait()), 255)
ending.acquire()
os._exit(code)
"""
_END_GROUP = "os.killpg(os.getpid(), signal.SIGKILL)"
_END_TREE = """import psutil
    for one in (*psutil.Process().children(recursive=True), psutil.Process()):
        one.kill()"""


def guarded(command: list[str], **how: Any) -> subprocess.Popen[bytes]:
    """Start a program that knows nothing of us, in a group of its own (`apart`); it ends, with all that it started, when we do, however
    we end. `how` is Popen's; close the process's `stdin` once it has ended."""
    import subprocess

    grouped = hasattr(os, "killpg")
    guard = _GUARD.format(end=_END_GROUP if grouped else _END_TREE)
    bare = ["-S"] if grouped else []  # psutil is among the libraries, which -S leaves out
    started = [sys.executable, "-I", *bare, "-c", guard, *command]
    return subprocess.Popen(started, stdin=subprocess.PIPE, **how, **apart())


def end_with_parent() -> None:
    """From now on this process ends when its parent does, however that ends and whatever is done here then.

    The system itself sees to it (Linux). Elsewhere, and besides, whoever calls this also watches a pipe to the parent.
    """
    import multiprocessing

    if sys.platform == "linux":
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, int(signal.SIGKILL))  # PR_SET_PDEATHSIG, linux/prctl.h
    parent = multiprocessing.parent_process()
    if (
        parent is not None
    ):  # a child of multiprocessing: it knows its parent's end, also behind a server of forks
        threading.Thread(target=_end_after, args=(parent.join,), daemon=True).start()


def end_when_closed(pipe: int, said: Callable[[bytes], None]) -> None:
    """Hand each line that comes through a pipe to `said`, in a thread; end this process when the pipe closes."""

    def read() -> None:
        # Not through sys.stdin: its buffer's lock would be held when the interpreter ends.
        held = b""
        while came := os.read(pipe, 1024):
            *lines, held = (held + came).split(b"\n")
            for line in lines:
                said(line)

    threading.Thread(target=_end_after, args=(read,), daemon=True).start()


def _end_after(wait: Callable[[], Any]) -> None:
    with suppress(OSError):
        wait()
    os._exit(3)


def context_for_children(preload: Iterable[str]) -> BaseContext:
    """Children are forked from a clean server where the system can: fast, and safe beside threads. `preload`: modules they have then."""
    import multiprocessing

    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(preload))
    return context


def path_of_file(descriptor: int) -> str:
    """The path of an open file as the kernel knows it (Linux alone); "" where that cannot be told."""
    try:
        return str(Path(f"/proc/self/fd/{descriptor}").readlink())
    except OSError:
        return ""
