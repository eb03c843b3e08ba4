"""Locks by host: of several crawling processes one asks a host, the others leave it until that one is done.

Processes of one run share a folder. Where the record is on PostgreSQL the locks are the server's
(https://www.postgresql.org/docs/current/explicit-locking.html, advisory locks), known to all machines and homes that use the database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from filelock import Timeout

from casereviews.repository.home import Home
from casereviews.repository.servers import postgresql
from casereviews.repository.stores import RecordServer, Stores
from casereviews.repository.this_system import lock_of


class HostLocks(Protocol):
    """Locks on hosts, by name ("board.example:"); they go with the process that holds them, however it ends."""

    def take(self, names: Collection[str]) -> bool:
        """Take all of these hosts, or none when another process has one; never waits."""

    def let_go(self, names: Collection[str]) -> None:
        """Let others ask these hosts."""

    def check(self) -> None:
        """Raise HomeError when what was taken is no longer held."""

    def close(self) -> None:
        """Let go of all."""


def host_locks(home: Home, folder: str | None) -> HostLocks | None:
    """The locks by which crawls of a home leave each other's hosts alone: the record's server's, else those in `folder`; None without either.

    Raises RecordServerError when the server cannot be had."""
    server = Stores.of(home).record
    if server is not None:
        return ServerHostLocks(server)
    return None if folder is None else FileHostLocks(Path(folder))


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

    def check(self) -> None:
        """The system takes no lock away."""

    def close(self) -> None:
        self.let_go(list(self._held))


class ServerHostLocks:
    """Locks of a PostgreSQL server, on a connection of their own: they go with it, so `check` asks whether it stands."""

    def __init__(self, server: RecordServer) -> None:
        self._server = server
        self._connection = postgresql.connect(server, verb="hosts")

    def take(self, names: Collection[str]) -> bool:
        taken: list[str] = []
        for name in sorted(names):
            if not self._ask("SELECT pg_try_advisory_lock(%s)", name):
                self.let_go(taken)
                return False
            taken.append(name)
        return True

    def let_go(self, names: Collection[str]) -> None:
        for name in names:
            self._ask("SELECT pg_advisory_unlock(%s)", name)

    def _ask(self, query: str, name: str) -> bool:
        digest = hashlib.sha256(f"casereviews host {name}".encode()).digest()
        key = int.from_bytes(digest[:8], "big", signed=True)
        with postgresql.telling(self._server):
            row = self._connection.execute(query, (key,)).fetchone()
        return row is not None and bool(row[0])

    def check(self) -> None:
        with postgresql.telling(self._server):
            self._connection.execute("SELECT 1")

    def close(self) -> None:
        self._connection.close()
