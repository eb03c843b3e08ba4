"""Linux, playing a system that is not POSIX (Windows, as Python's documentation says what is available there).

A Python that has this folder on its PYTHONPATH is under this regime, and so is every Python that it starts:

- names of `os` and `signal` and modules that Windows lacks are missing, and /proc is not there, for this project's own modules;
  Python itself and the libraries keep theirs, for those that Windows gets take other ways there than those that Linux gets
- processes are spawned, not forked
- a file that this process holds open or mapped is not removed and not replaced, nor is a folder with one in it moved

What it cannot play: other processes that hold a file, names that Windows reserves, its signals and its consoles.
"""

from __future__ import annotations

import builtins
import multiprocessing
import multiprocessing.context
import os
import shutil
import signal
import sys
from types import FrameType, ModuleType
from typing import Any

OURS = "casereviews"

# https://docs.python.org/3/library/os.html: "Availability: Unix", or Linux, alone.
_OS = frozenset(
    [
        "chown",
        "chroot",
        "confstr",
        "confstr_names",
        "copy_file_range",
        "ctermid",
        "environb",
        "eventfd",
        "fchdir",
        "fchmod",
        "fchown",
        "fdatasync",
        "fork",
        "forkpty",
        "fpathconf",
        "fstatvfs",
        "getegid",
        "getenvb",
        "geteuid",
        "getgid",
        "getgrouplist",
        "getgroups",
        "getloadavg",
        "getpgid",
        "getpgrp",
        "getpriority",
        "getrandom",
        "getresgid",
        "getresuid",
        "getsid",
        "getuid",
        "getxattr",
        "initgroups",
        "killpg",
        "pread",
        "lchown",
        "listxattr",
        "lockf",
        "major",
        "makedev",
        "memfd_create",
        "minor",
        "mkfifo",
        "mknod",
        "nice",
        "openpty",
        "pathconf",
        "pathconf_names",
        "pidfd_open",
        "pipe2",
        "posix_fadvise",
        "posix_fallocate",
        "posix_openpt",
        "posix_spawn",
        "posix_spawnp",
        "pread",
        "preadv",
        "pwrite",
        "pwritev",
        "readv",
        "register_at_fork",
        "removexattr",
        "sched_getaffinity",
        "sched_get_priority_max",
        "sched_get_priority_min",
        "sched_getparam",
        "sched_getscheduler",
        "sched_rr_get_interval",
        "sched_setaffinity",
        "sched_setparam",
        "sched_setscheduler",
        "sched_yield",
        "sendfile",
        "setegid",
        "seteuid",
        "setgid",
        "setgroups",
        "setns",
        "setpgid",
        "setpriority",
        "setregid",
        "setresgid",
        "setresuid",
        "setreuid",
        "setsid",
        "setuid",
        "setxattr",
        "splice",
        "statvfs",
        "statvfs_result",
        "sync",
        "sysconf",
        "sysconf_names",
        "tcgetpgrp",
        "tcsetpgrp",
        "ttyname",
        "uname",
        "uname_result",
        "unshare",
        "wait",
        "wait3",
        "wait4",
        "waitid",
        "WNOHANG",
        "WIFEXITED",
        "WIFSIGNALED",
        "WEXITSTATUS",
        "WTERMSIG",
        "writev",
        "O_ACCMODE",
        "O_ASYNC",
        "O_CLOEXEC",
        "O_DIRECT",
        "O_DIRECTORY",
        "O_DSYNC",
        "O_LARGEFILE",
        "O_NDELAY",
        "O_NOATIME",
        "O_NOCTTY",
        "O_NOFOLLOW",
        "O_NONBLOCK",
        "O_PATH",
        "O_RSYNC",
        "O_SYNC",
        "O_TMPFILE",
    ]
)
# https://docs.python.org/3/library/signal.html
_WINDOWS_SIGNALS = (
    "SIGABRT",
    "SIGFPE",
    "SIGILL",
    "SIGINT",
    "SIGSEGV",
    "SIGTERM",
    "SIG_DFL",
    "SIG_IGN",
)
_SIGNAL = frozenset(
    name
    for name in dir(signal)
    if (name.startswith("SIG") and name.isupper() and name not in _WINDOWS_SIGNALS)
    or name.startswith(("ITIMER", "pthread", "sigt", "sigw", "sigp"))
    or name in ("alarm", "pause", "setitimer", "getitimer", "siginterrupt")
)
_MODULES = frozenset(
    (
        "curses",
        "crypt",
        "fcntl",
        "grp",
        "nis",
        "posix",
        "pty",
        "pwd",
        "readline",
        "resource",
        "spwd",
        "syslog",
        "termios",
        "tty",
    )
)
_OTHERWISE = {"os": {"name": "nt"}, "sys": {"platform": "elsewhere"}}


def _is_ours(names: dict[str, Any] | None) -> bool:
    spec = (names or {}).get("__spec__")
    name = spec.name if spec is not None else (names or {}).get("__name__", "")
    return name == OURS or name.startswith(f"{OURS}.")


def _lacking(module: ModuleType, absent: frozenset[str], otherwise: dict[str, str]) -> None:
    """Let a module lack names, or say otherwise, when one of ours asks."""

    class Lacking(ModuleType):
        def __getattribute__(self, name: str) -> Any:
            if (name in absent or name in otherwise) and _is_ours(sys._getframe(1).f_globals):
                if name in otherwise:
                    return otherwise[name]
                raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")
            return super().__getattribute__(name)

    module.__class__ = Lacking


_import = builtins.__import__


def _without_modules(name: str, globals: Any = None, *rest: Any, **named: Any) -> Any:
    if name in _MODULES and _is_ours(globals):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)
    return _import(name, globals, *rest, **named)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """What Windows does not do, or what /proc would tell; an audit hook (https://peps.python.org/pep-0578/) that stops it."""
    if event == "open" and isinstance(arguments[0], str) and arguments[0].startswith("/proc/"):
        if _asked_by_us(sys._getframe(1)):
            raise FileNotFoundError(2, "No such file or directory", arguments[0])
    elif event == "os.remove":
        _refuse_open(_whole(arguments[0], arguments[1]))
    elif event == "os.rename":
        for path, folder in ((arguments[0], arguments[2]), (arguments[1], arguments[3])):
            _refuse_open(_whole(path, folder))


def _asked_by_us(frame: FrameType | None) -> bool:
    """Whether one of ours asked, itself or through Python's own `pathlib`, `os` and the like."""
    while frame is not None:
        if _is_ours(frame.f_globals):
            return True
        if frame.f_globals is globals() or "site-packages" in frame.f_code.co_filename:
            return False
        frame = frame.f_back
    return False


def _whole(path: Any, folder: int) -> str:
    path = os.fsdecode(path)
    if folder not in (-1, None) and not os.path.isabs(path):  # noqa: PTH117
        path = os.path.join(os.readlink(f"/proc/self/fd/{folder}"), path)  # noqa: PTH118, PTH115
    head, tail = os.path.split(path)
    return os.path.join(os.path.realpath(head), tail)  # noqa: PTH118


def _refuse_open(path: str) -> None:
    for held in _held():
        if held == path or held.startswith(path + "/"):
            # As Windows says it: [WinError 32]
            raise PermissionError(
                13, "The process cannot access the file because it is being used", path
            )


def _held() -> list[str]:
    """Paths of the files that this process has open or mapped; folders are none."""
    found: list[str] = []
    for fd in os.listdir("/proc/self/fd"):  # noqa: PTH208
        try:
            path = os.readlink(f"/proc/self/fd/{fd}")  # noqa: PTH115
        except OSError:
            continue
        if path.startswith("/") and not os.path.isdir(path):  # noqa: PTH112
            found.append(path)
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:  # noqa: PTH123
        found.extend(line[line.index("/") :].rstrip("\n") for line in maps if "/" in line)
    return found


def begin() -> None:
    _lacking(os, _OS, _OTHERWISE["os"])
    _lacking(sys, frozenset(), _OTHERWISE["sys"])
    _lacking(signal, _SIGNAL, {})
    builtins.__import__ = _without_modules
    for method in ("fork", "forkserver"):
        multiprocessing.context._concrete_contexts.pop(method, None)
    multiprocessing.set_start_method("spawn")
    multiprocessing.get_all_start_methods = lambda: ["spawn"]
    shutil._use_fd_functions = False  # as on Windows, folders are removed by names
    sys.addaudithook(_refuse)


begin()
