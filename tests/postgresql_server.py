"""A throwaway PostgreSQL on this machine, for tests: a cluster of its own in a folder, on a free port of the loopback.

    with running(folder) as server:
        server.keep(home)

Debian's package `postgresql` has the programs; PostgreSQL refuses to run as root, so root starts it as nobody.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from casereviews.repository.home import Home

if TYPE_CHECKING:
    import psycopg

T = TypeVar("T")

SUPERUSER, PASSWORD = "keeper", "not-a-secret-of-anybody"
USER, DATABASE = "casereviews", "reviews"
"""Whom the homes of tests sign on as: owns the database, and may do no more than that."""

SECONDS = 60.0


def programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs; None where there is none."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(versions, key=lambda one: one.parent.name.zfill(4), reverse=True)
    return next((one for one in folders if (one / "postgres").is_file()), None)


def missing() -> str:
    """Why no server can be started here; "" where one can."""
    if find_spec("psycopg") is None:
        return "psycopg is not installed here"
    if programs() is None:
        return "PostgreSQL's programs (Debian: postgresql) are not installed here"
    if os.name != "posix" or (os.geteuid() == 0 and shutil.which("setpriv") is None):
        return "PostgreSQL does not run as root, and there is no setpriv here"
    return ""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A cluster in `folder`; `url` is what a home's config says, without the password."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{DATABASE}"

    def keep(self, home: Home) -> Home:
        """Have a home's config name this server, with a schema of its own; returns the home. Its password is in the environment (`PASSWORD`)."""
        schema = "h" + hashlib.sha256(str(home.root).encode()).hexdigest()[:16]
        said = f'[stores]\nrecord = "{self.url}"\nrecord_schema = "{schema}"\n'
        before = home.config_toml.read_text("utf-8") if home.config_toml.exists() else ""
        home.config_toml.write_text(f"{before}\n{said}", encoding="utf-8")
        return home

    def make(self) -> None:
        """Make the cluster, with a user and a database for homes."""
        self.folder.mkdir(parents=True, exist_ok=True)
        word = self.folder / "word"
        word.write_text(PASSWORD, encoding="utf-8")
        if os.geteuid() == 0:
            for each in (self.folder, word):
                shutil.chown(each, "nobody", "nogroup")
            for parent in self.folder.parents:
                if parent.stat().st_mode & 0o001 == 0 and parent.stat().st_uid == 0:
                    parent.chmod(parent.stat().st_mode | 0o011)  # pytest's folders are root's alone
        self._run(
            "initdb",
            *("-D", str(self.data), "-U", SUPERUSER, "--pwfile", str(word), "-A", "scram-sha-256"),
            *("-E", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions"),
        )
        self.start()
        with self.connect(database="postgres") as c:
            c.execute(f"CREATE ROLE casereviews LOGIN PASSWORD '{PASSWORD}'")
            # Another order than the record's: what is meant to be in order must say so.
            c.execute(
                "CREATE DATABASE reviews OWNER casereviews TEMPLATE template0 ENCODING 'UTF8' "
                "LOCALE_PROVIDER icu ICU_LOCALE 'en-GB' LOCALE 'C.UTF-8'"
            )

    def start(self) -> None:
        """Start it and wait until it answers."""
        said = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "shared_buffers": "16MB",
            "fsync": "off",  # a server that is killed loses nothing by it; a machine would
            "max_connections": "40",
            "max_wal_size": "64MB",
            "min_wal_size": "32MB",
            **self.settings,
        }
        import psycopg

        options = [part for name, value in said.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self._command("postgres", "-D", str(self.data), *options),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                self.connect(database="postgres").close()
                return
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    said_by_it = (self.folder / "log").read_text("utf-8", errors="replace")
                    raise RuntimeError(f"PostgreSQL does not start: {said_by_it[-800:]}") from None
                time.sleep(0.05)

    def connect(
        self, user: str = SUPERUSER, database: str = DATABASE
    ) -> psycopg.Connection[tuple[object, ...]]:
        """A connection in autocommit, by default as the superuser."""
        import psycopg

        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=user,
            dbname=database,
            password=PASSWORD,
            autocommit=True,
        )

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it at once (SIGINT: a fast shutdown), or let it crash (SIGQUIT: it recovers when it starts again)."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait(SECONDS)
        self.process = None

    def _command(self, program: str, *arguments: str) -> list[str]:
        folder = programs()
        assert folder is not None
        command = [str(folder / program), *arguments]
        if os.geteuid() != 0:
            return command
        return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *command]

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            self._command(program, *arguments), check=True, capture_output=True, cwd=self.folder
        )


@contextmanager
def running(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A new cluster while the block runs."""
    server = Server(folder, settings or {})
    try:
        server.make()
        yield server
    finally:
        server.stop()


def files_only(test: T) -> T:
    """Marks a test that looks into SQLite's files: where others of its module run on both stores, it does not."""
    test.files_only = True  # type: ignore[attr-defined]
    return test
