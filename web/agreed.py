"""Lines that all workers of a run read and add to, in a file that has no name: it ends with them, whatever ends them."""

from __future__ import annotations

import os
import pathlib
import tempfile
from typing import Any

AT_ONCE = 1 << 16


class AgreedLines:
    """What any of the workers added, in its order. Goes to a spawned worker as it is."""

    def __init__(self) -> None:
        fd, path = tempfile.mkstemp()
        os.close(fd)
        self._fd = os.open(path, os.O_RDWR | os.O_APPEND)
        pathlib.Path(path).unlink()
        self._read = 0
        self._rest = b""

    def add(self, line: str) -> None:
        """Add one line. Appending is one step for the system, so that no two are mixed."""
        os.write(self._fd, line.encode() + b"\n")

    def new(self) -> list[str]:
        """The lines that this worker has not been given yet, its own among them."""
        found = self._rest
        while some := os.pread(self._fd, AT_ONCE, self._read):
            found += some
            self._read += len(some)
        *whole, self._rest = found.split(b"\n")
        return [line.decode() for line in whole]

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._fd)

    def __getstate__(self) -> Any:
        from multiprocessing.reduction import DupFd

        return DupFd(self._fd)

    def __setstate__(self, handed: Any) -> None:
        self._fd = handed.detach()
        self._read, self._rest = 0, b""
