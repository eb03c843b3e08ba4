"""Locks by host: of several crawling processes one asks a host, the others leave it until that one is done."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from filelock import Timeout

from casereviews.repository.this_system import lock_of


class HostLocks(Protocol):
    """Locks on hosts, by name ("board.example:"); they go with the process that holds them, however it ends."""

    def take(self, names: Collection[str]) -> bool:
        """Take all of these hosts, or none when another process has one; never waits."""

    def let_go(self, names: Collection[str]) -> None:
        """Let others ask these hosts."""

    def close(self) -> None:
        """Let go of all."""


class FileHostLocks:
    """Locks of the processes of one machine: files in a folder that all of them know."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, ExitStack] = {}

    def take(self, names: Collection[str]) -> bool:
        with ExitStack() as taken:
            held = {}
            for name in sorted(names):
                digest = hashlib.sha256(name.encode()).hexdigest()
                try:
                    taken.enter_context(lock_of(self._folder / digest).acquire())
                except Timeout:
                    return False  # and those that were taken go
                held[name] = taken.pop_all()
                taken.push(held[name])
            taken.pop_all()
        self._held |= held
        return True

    def let_go(self, names: Collection[str]) -> None:
        for name in names:
            self._held.pop(name).close()

    def close(self) -> None:
        self.let_go(list(self._held))
