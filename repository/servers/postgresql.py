"""The record on a PostgreSQL server, as far as it takes no tables: connections, what their errors mean, whose a schema is, and the one
writer of all machines.

Each home has two schemas: `casereviews` (or what config.toml names) for the record, and the same with `_derived` for what was read and
described. In the first stands one row of `home`: the id of the home that it belongs to, and the number of the lease under which it is written.

A writer holds a lock of the server on a connection of its own (https://www.postgresql.org/docs/current/explicit-locking.html, advisory
locks) and raises the lease when it takes it. Each transaction that writes asks whether both are still so, under a second lock that
all of them wait for: who lost the connection writes no more, also where nobody has noticed yet.
"""

from __future__ import annotations

import hashlib
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from casereviews.repository.errors import (
    HomeDamaged,
    HomeError,
    HomeLocked,
    RecordServerError,
)
from casereviews.repository.stores import RECORD_PASSWORD, RecordServer

if TYPE_CHECKING:
    import psycopg

OLDEST = 12
"""The oldest release that is taken."""

WAIT_SECONDS = 30
"""So long a transaction waits for another, as SQLite's do."""

ANSWER_SECONDS = 10
"""So long a server may take to let one in."""

SILENT_SECONDS = (30, 10, 3)
"""After which silence of the other side it is asked whether it is there, how long between two questions, and after how many it is gone."""

DERIVED = "_derived"
_HOME = "home"
_ESCAPE = "\ufdd0"
"""PostgreSQL keeps no NUL. It stands as this letter, which is none (https://www.unicode.org/faq/private_use.html), and a zero."""

_LOOPBACK = ("", "localhost", "127.0.0.1", "::1")


def connect(server: RecordServer, *, schema: str = "", verb: str = "") -> psycopg.Connection:
    """A connection in autocommit whose tables are those of a schema (by default the record's); `verb` is what the server's operator sees.

    Raises RecordServerError, with what to do, when there is no server, it refuses, is too old or has no Unicode.
    """
    try:
        import psycopg
    except ModuleNotFoundError as error:
        raise RecordServerError(
            "a record on PostgreSQL needs psycopg, of the extra [postgresql]: "
            'pip install ".[postgresql]"'
        ) from error
    try:
        connection = psycopg.connect(server.url, autocommit=True, **_options(server, verb))
    except psycopg.Error as error:
        raise _refused(server, error) from None  # the cause says the same in more lines
    try:
        _check(server, connection)
        _keep_all_letters(connection)
        # What a schema's name may be made of: `stores`.
        connection.execute(
            f'SET search_path TO "{schema or server.schema}"; SET lock_timeout = {WAIT_SECONDS * 1000}'
        )
    except psycopg.Error as error:
        connection.close()
        raise trouble_of(server, error) or error from None
    except BaseException:
        connection.close()
        raise
    return connection


def _options(server: RecordServer, verb: str) -> dict[str, Any]:
    parts = urlsplit(server.url)
    said = parse_qs(parts.query)
    idle, between, times = SILENT_SECONDS
    options: dict[str, Any] = {
        "application_name": f"casereviews {verb}"[:60],
        "connect_timeout": ANSWER_SECONDS,
        "prepare_threshold": None,  # a statement that was prepared fails once its tables are made anew
        "keepalives_idle": idle,
        "keepalives_interval": between,
        "keepalives_count": times,
    }
    if server.password is not None:
        options["password"] = server.password
    named = parts.netloc.rpartition("@")[2].split(",")
    hosts = {re.sub(r":\d+$", "", one) for one in named}
    hosts |= set(said.get("host", ()))
    if server.ca is not None:
        options |= {"sslrootcert": str(server.ca), "sslmode": "verify-full"}
    elif any(one.strip("[]") not in _LOOPBACK and not one.startswith("/") for one in hosts):
        options["sslmode"] = "require"
    return {name: value for name, value in options.items() if name not in said}


def _check(server: RecordServer, connection: psycopg.Connection) -> None:
    release = connection.info.server_version
    if release < OLDEST * 10_000:
        raise RecordServerError(
            f"{place_of(server)} is PostgreSQL {release // 10_000}: casereviews needs {OLDEST} or newer; "
            "upgrade it, or name another server in config.toml"
        )
    letters = connection.info.parameter_status("server_encoding")
    if letters != "UTF8":
        raise RecordServerError(
            f"{place_of(server)} keeps text as {letters}, which lacks letters of reports: make a database for casereviews with "
            "CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0, and name it in config.toml"
        )


def _keep_all_letters(connection: psycopg.Connection) -> None:
    from psycopg.types.string import StrDumperUnknown, TextLoader

    class Written(StrDumperUnknown):
        def dump(self, obj: str) -> Any:
            if "\0" in obj or _ESCAPE in obj:
                obj = obj.replace(_ESCAPE, _ESCAPE * 2).replace("\0", f"{_ESCAPE}0")
            return super().dump(obj)

    escape = _ESCAPE.encode()

    class Read(TextLoader):
        def load(self, data: Any) -> str:
            text = bytes(data)
            found = text.decode()
            return _ESCAPED.sub(_letter, found) if escape in text else found

    connection.adapters.register_dumper(str, Written)
    for name in ("text", "varchar"):
        connection.adapters.register_loader(name, Read)


_ESCAPED = re.compile(f"{_ESCAPE}(.)", re.DOTALL)


def _letter(match: re.Match[str]) -> str:
    return "\0" if match[1] == "0" else match[1]


def place_of(server: RecordServer) -> str:
    """A server and its database as messages name them: user, host, database."""
    parts = urlsplit(server.url)
    return f"postgresql://{parts.netloc}{parts.path}"


# ---- what errors mean

_WORDS = (
    # What libpq and the server say while they let nobody in, which has no code.
    (
        re.compile(r"password|authentication|pg_hba", re.IGNORECASE),
        f"give the password of its user by {RECORD_PASSWORD} or ~/.pgpass, or let the server's operator see to pg_hba.conf",
    ),
    (
        re.compile(r"role .* (does not exist|is not permitted)"),
        "let the server's operator make the user (CREATE ROLE ... LOGIN), or name another in config.toml",
    ),
    (
        re.compile(r"database .* does not exist"),
        "make the database (CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0), or name another in config.toml",
    ),
    (
        re.compile(r"permission denied for database|CONNECT privilege"),
        "let the server's operator GRANT CONNECT, CREATE ON DATABASE to its user",
    ),
    (
        re.compile(r"certificate|SSL|root\.crt", re.IGNORECASE),
        "name the file of the authority that signed its certificate as record_ca in config.toml; "
        "a server elsewhere is spoken to over TLS only",
    ),
    (
        re.compile(r"too many (clients|connections)|remaining connection slots"),
        "wait until others are done, or let its operator raise max_connections",
    ),
    (
        re.compile(r"starting up|shutting down|recovery"),
        "wait until it is up, then run the same command again",
    ),
)
_NO_ANSWER = "see that it runs and that this machine reaches it (config.toml says where it is), then run the same command again"

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_LOST = ("08", "57P01", "57P02", "57P03", "57P05", "25P03")
_CODES = {
    "42501": "let the server's operator give its user the right: GRANT CREATE ON DATABASE, and the ownership of its two schemas",
    "53100": "its disk is full: let its operator free some space, and run the same command again",
    "53200": "it has no memory left: let its operator look at it, and run the same command again",
    "53300": "wait until others are done, or let its operator raise max_connections",
    "25006": "it takes no writes (a standby?): name the server that does in config.toml",
    "40001": "the answer was cut off by what a standby had to take in: run the same command again",
    "57014": "it took longer than the server lets (statement_timeout): let its operator raise that for this user",
    "58030": "it cannot read or write its files: let its operator look at its disk",
}
_BUSY = ("55P03", "40P01")
_DAMAGED = ("XX001", "XX002")


def trouble_of(server: RecordServer, error: BaseException | None) -> HomeError | None:
    """The error that tells what psycopg's `error` says of a server and what to do; None when it speaks of something else, a fault of ours."""
    import psycopg

    if not isinstance(error, psycopg.Error):
        return None
    code, said = error.sqlstate or "", _in_one_line(error)
    if code.startswith(_LOST) or (not code and isinstance(error, psycopg.OperationalError)):
        return RecordServerError(
            f"the connection to {place_of(server)} is lost ({said}): what was begun and not finished was taken back; "
            "run the same command again when the server is up"
        )
    if code in _BUSY:
        return HomeLocked(
            f"another run writes to {place_of(server)} for longer than {WAIT_SECONDS} s: wait until it is done, then try again"
        )
    if code in _DAMAGED:
        return HomeDamaged(
            f"{place_of(server)} is damaged ({said}): let its operator restore it (docs/OPERATIONS.md)"
        )
    if code in _CODES:
        return RecordServerError(f"{place_of(server)} refuses ({said}): {_CODES[code]}")
    return None


def _refused(server: RecordServer, error: psycopg.Error) -> RecordServerError:
    said = _in_one_line(error)
    advice = next((what for words, what in _WORDS if words.search(said)), _NO_ANSWER)
    return RecordServerError(f"{place_of(server)} cannot be used ({said}): {advice}")


def _in_one_line(error: BaseException) -> str:
    """What it says first; never with the password, whatever a server may repeat of it."""
    said = " ".join((str(error).strip() or type(error).__name__).split("\n")[0].split())
    return said.removeprefix("connection failed: ")[:300]


@contextmanager
def telling(server: RecordServer) -> Iterator[None]:
    """What psycopg raises in the block is raised as what it means."""
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        raise trouble_of(server, error) or error from error


# ---- whose a schema is, and what is in it


def make_schemas(server: RecordServer, connection: psycopg.Connection, home_id: str) -> None:
    """Make the two schemas of a home where they are not there, and write down whose they are. Raises as `check_home`."""
    with telling(server), connection.transaction():
        _wait_for(connection.execute, "schemas", server)
        for schema in (server.schema, server.schema + DERIVED):
            if not _has(connection, f'"{schema}".{_HOME}'):
                known = connection.execute("SELECT to_regnamespace(%s)", (schema,)).fetchone()
                if known is None or known[0] is None:
                    connection.execute(f'CREATE SCHEMA "{schema}"')
                _refuse_used(server, connection, schema)
                connection.execute(
                    f'CREATE TABLE "{schema}".{_HOME} (only_one integer PRIMARY KEY CHECK (only_one = 1), id text NOT NULL, '
                    "tables integer, lease bigint NOT NULL DEFAULT 0, holder text NOT NULL DEFAULT '')"
                )
                connection.execute(
                    f'INSERT INTO "{schema}".{_HOME} (only_one, id) VALUES (1, %s)', (home_id,)
                )
        check_home(server, connection, home_id)


def _refuse_used(server: RecordServer, connection: psycopg.Connection, schema: str) -> None:
    used = connection.execute(
        "SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace(%s) LIMIT 1", (schema,)
    ).fetchone()
    if used is not None:
        raise RecordServerError(
            f"the schema {schema} in {place_of(server)} has tables that are none of casereviews': "
            'name another (record_schema = "...") in config.toml'
        )


def check_home(server: RecordServer, connection: psycopg.Connection, home_id: str) -> bool:
    """Whether the record's schema is there; raises RecordServerError when it belongs to another home."""
    if not _has(connection, f'"{server.schema}".{_HOME}'):
        return False
    row = connection.execute(f'SELECT id FROM "{server.schema}".{_HOME}').fetchone()
    if row is None or row[0] != home_id:
        raise RecordServerError(
            f"the schema {server.schema} in {place_of(server)} belongs to another home: copy home.json of that home here to use it from "
            'two machines, or name another schema (record_schema = "...") in config.toml'
        )
    return True


def revision_of(
    server: RecordServer, connection: psycopg.Connection, home_id: str | None
) -> str | None:
    """The revision of the record's tables; None when there are none yet. Raises as `check_home`, unless no id is given."""
    with telling(server):
        if home_id is not None and not check_home(server, connection, home_id):
            return None
        if not _has(connection, f'"{server.schema}".alembic_version'):
            return None
        query = f'SELECT version_num FROM "{server.schema}".alembic_version'
        row = connection.execute(query).fetchone()
        return None if row is None else str(row[0])


def holds_record(server: RecordServer, home_id: str | None) -> bool:
    """Whether the server holds the record of a home."""
    with connect(server) as connection:
        return revision_of(server, connection, home_id) is not None


def holds_rows(server: RecordServer, home_id: str | None) -> bool:
    """Whether the record of a home has a run, a document or a tombstone."""
    with connect(server) as connection:
        if revision_of(server, connection, home_id) is None:
            return False
        with telling(server):
            asked = (
                f"EXISTS (SELECT 1 FROM {one} LIMIT 1)" for one in ("run", "document", "tombstone")
            )
            row = connection.execute(f"SELECT {' OR '.join(asked)}").fetchone()
            return bool(row and row[0])


def derived_tables_of(server: RecordServer, connection: psycopg.Connection) -> int | None:
    """The number of the tables that stand in the derived schema; None when there are none."""
    with telling(server):
        if not _has(connection, f'"{server.schema}{DERIVED}".{_HOME}'):
            return None
        query = f'SELECT tables FROM "{server.schema}{DERIVED}".{_HOME}'
        row = connection.execute(query).fetchone()
        return None if row is None or row[0] is None else int(row[0])


def is_described(server: RecordServer) -> bool:
    """Whether anything was read and described yet."""
    with connect(server) as connection:
        return derived_tables_of(server, connection) is not None


def forget_derived(server: RecordServer) -> None:
    """Say that what was read and described is of no use: whoever writes next drops it and makes it anew."""
    schema = server.schema + DERIVED
    with connect(server, schema=schema) as connection, telling(server), connection.transaction():
        if _has(connection, f'"{schema}".{_HOME}'):
            wait_to_write(connection.execute, server, schema)
            connection.execute(f"UPDATE {_HOME} SET tables = NULL")


def _has(connection: psycopg.Connection, table: str) -> bool:
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (table,)).fetchone()
    return bool(row and row[0])


# ---- one writer


@dataclass(frozen=True, slots=True)
class Lease:
    """By which a transaction knows that its run is still the one writer: the number, and the server's process that holds the lock."""

    number: int
    process: int

    def __str__(self) -> str:
        return f"{self.number}:{self.process}"

    @classmethod
    def read(cls, said: str) -> Lease | None:
        """The lease that `str` wrote; None of anything else."""
        match = re.fullmatch(r"(\d+):(\d+)", said)
        return cls(int(match[1]), int(match[2])) if match else None


class WriterLock:
    """The lock of the one writer of a home, on all machines: held from `acquire` until `release`, or until the connection is lost."""

    def __init__(self, server: RecordServer, verb: str) -> None:
        self._server = server
        self._connection = connect(server, verb=f"{verb} on {socket.gethostname()}")

    def acquire(self, home_id: str, holder: str) -> Lease:
        """Take the lock at once or raise HomeLocked; `holder` is what others are told then. Raises RecordServerError as `make_schemas`."""
        connection, server = self._connection, self._server
        make_schemas(server, connection, home_id)
        with telling(server):
            for name, value in zip(("idle", "interval", "count"), SILENT_SECONDS, strict=True):
                # So that a machine that is gone holds the lock no longer than about a minute.
                connection.execute(f"SET tcp_keepalives_{name} = {value}")
            connection.execute("SET idle_in_transaction_session_timeout = 0")
            if connection.info.server_version >= 140_000:
                connection.execute("SET idle_session_timeout = 0")
            taken = connection.execute("SELECT pg_try_advisory_lock(%s)", (_key(server, "writer"),))
            if not _said(taken):
                who = _said(connection.execute(f'SELECT holder FROM "{server.schema}".{_HOME}'))
                raise HomeLocked(
                    f"the record in {place_of(server)} is held by {who or 'another run'}: wait until it is done, or stop that process, "
                    "then try again"
                )
            with connection.transaction():
                for schema in (server.schema, server.schema + DERIVED):
                    wait_to_write(connection.execute, server, schema)
                number = connection.execute(
                    f'UPDATE "{server.schema}".{_HOME} SET lease = lease + 1, holder = %s RETURNING lease',
                    (holder,),
                )
            return Lease(int(_said(number)), connection.info.backend_pid)

    def release(self) -> None:
        """Let go of it: the server frees the lock with the connection."""
        self._connection.close()


Execute = Callable[..., Any]
"""Carries out a statement and its parameters, by psycopg or by SQLAlchemy; its answer has `fetchone`."""


def wait_to_write(execute: Execute, server: RecordServer, schema: str) -> None:
    """Wait within a transaction until no other writes to a schema; as long as the transaction, none does."""
    _wait_for(execute, f"writing {schema}", server)


def refuse_lost(execute: Execute, server: RecordServer, lease: Lease) -> None:
    """Raise HomeLocked when the lock that a lease came with is not held any more; nothing was written then."""
    key = _key(server, "writer") & 0xFFFFFFFFFFFFFFFF
    held = execute(
        f"SELECT (SELECT lease FROM \"{server.schema}\".{_HOME}) = %s AND EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
        "AND classid = %s AND objid = %s AND objsubid = 1 AND granted AND pid = %s)",
        (lease.number, key >> 32, key & 0xFFFFFFFF, lease.process),
    )
    if not _said(held):
        raise HomeLocked(
            f"this run no longer holds the record in {place_of(server)}: its connection was lost, or another run took over. Nothing more "
            "was written; run the same command again, which goes on where it stopped"
        )


def _wait_for(execute: Execute, what: str, server: RecordServer) -> None:
    execute("SELECT pg_advisory_xact_lock(%s)", (_key(server, what),))


def _key(server: RecordServer, what: str) -> int:
    """The number of a lock: a server's locks have no names (https://www.postgresql.org/docs/current/functions-admin.html)."""
    digest = hashlib.sha256(f"casereviews {server.schema} {what}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _said(cursor: Any) -> Any:
    row = cursor.fetchone()
    return None if row is None else row[0]
