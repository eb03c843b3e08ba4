"""Deleting on PostgreSQL for good: what a server still holds of deleted rows, until when, and looking for words there.

A deleted row stays in its table until the table is written anew (VACUUM FULL), and in the write-ahead log until its segments are gone or
written over: a checkpoint does not remove all of them, it keeps some under a new name for use, with what they held
(https://www.postgresql.org/docs/current/wal-configuration.html). So they are written over, where the server lets: a switch of segments
fills what is left of one with zeros. Standbys, archived segments, backups and logs are the operator's, and are named.

What is not left in question: no samples of texts are kept (`record.dialects.settle`), statements carry no values, so neither the server's
list of statements nor its log has them unless it logs every statement, and temporary files go with their query.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casereviews.repository.canary import Needles
from casereviews.repository.left_behind import LeftBehind, Sought
from casereviews.repository.servers.postgresql import DERIVED, WAIT_SECONDS, connect, telling
from casereviews.repository.stores import RecordServer

if TYPE_CHECKING:
    import psycopg

STORE = "record"
MOST_SEGMENTS = 64
"""So many segments of the log are written over at most: 1 GiB at their usual size."""

GRANTS = (
    "let its operator GRANT pg_monitor, pg_checkpoint TO this user (PostgreSQL 15 or newer) and GRANT EXECUTE ON FUNCTION pg_switch_wal() TO "
    "it, then give the same `casereviews withdraw` again, which cleans once more"
)
AGAIN = "give the same `casereviews withdraw` again, which cleans once more"
_DELETE = "let its operator delete those from before today"
_FORBIDDEN = "42501"
_BUSY = "55P03"


def purge(server: RecordServer, schemas: Sequence[str]) -> tuple[LeftBehind, ...]:
    """Write the tables of schemas anew without deleted rows, and the log over; returns what is left. Raises RecordServerError.

    Whoever reads from a table for longer than `postgresql.WAIT_SECONDS` keeps its deleted rows there, which is told.
    """
    with connect(server, verb="purge") as connection, telling(server):
        return tuple(_Purge(server, connection).run(schemas))


@dataclass(frozen=True, slots=True)
class _Purge:
    server: RecordServer
    connection: psycopg.Connection

    def run(self, schemas: Sequence[str]) -> Iterator[LeftBehind]:
        self.connection.execute("SET statement_timeout = 0")
        yield from self._snapshots()
        for schema in schemas:
            yield from self._tables(schema)
        yield from self._log()
        yield from self._elsewhere()

    def _left(self, place: str, what_to_do: str, until: datetime | None = None) -> LeftBehind:
        at = None if until is None else until.strftime("%Y-%m-%dT%H:%M:%SZ")
        return LeftBehind(STORE, place, at, what_to_do)

    def _tables(self, schema: str) -> Iterator[LeftBehind]:
        import psycopg

        found = self.connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(%s) AND relkind = 'r' ORDER BY 1",
            (schema,),
        ).fetchall()
        for (table,) in found:
            try:
                self.connection.execute(f'VACUUM (FULL, ANALYZE) "{schema}"."{table}"')
            except psycopg.Error as error:
                if error.sqlstate != _BUSY:
                    raise
                yield self._left(
                    f"deleted rows of {schema}.{table}, which others read for too long", AGAIN
                )

    def _snapshots(self) -> Iterator[LeftBehind]:
        """Who may still see rows of before, after a while in which they may be done: for them VACUUM leaves those."""
        ours = self._value("SELECT (txid_current() & 4294967295)::text")
        deadline = time.monotonic() + WAIT_SECONDS
        asked = (
            "SELECT pid, application_name FROM pg_stat_activity WHERE datname = current_database() AND backend_xmin IS NOT NULL "
            "AND pid <> pg_backend_pid() AND age(backend_xmin) > age(%s::xid) ORDER BY 1"
        )
        while rows := self.connection.execute(asked, (ours,)).fetchall():
            if time.monotonic() > deadline:
                break
            time.sleep(0.1)
        for pid, name in rows:
            yield self._left(
                f"deleted rows that the connection {pid} ({name or 'without a name'}) may still see",
                f"end it (SELECT pg_terminate_backend({pid})), then {AGAIN}",
            )
        hidden = self._value(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename <> current_user "
            "AND NOT pg_has_role(current_user, 'pg_read_all_stats', 'MEMBER')"
        )
        if hidden:
            yield self._left(
                f"deleted rows, should one of {hidden} connections of other users still see them",
                f"let its operator GRANT pg_read_all_stats TO this user, then {AGAIN}",
            )
        for gid in self._rows(
            "SELECT gid FROM pg_prepared_xacts WHERE database = current_database()"
        ):
            yield self._left(
                f"deleted rows that the prepared transaction {gid[0]} may still see",
                f"end it, then {AGAIN}",
            )

    def _log(self) -> Iterator[LeftBehind]:
        place = "the write-ahead log (pg_wal)"
        checkpoint, switch = self._may("CHECKPOINT"), self._may("SELECT pg_switch_wal()")
        if not switch:
            self._fill()
        self._may("CHECKPOINT")
        segments = self._rows_if_allowed("SELECT 1 FROM pg_ls_waldir() LIMIT 1")
        if checkpoint and switch and segments is not None:
            left = self._write_over()
            if left:
                kept = self._value("SELECT count(*) FROM pg_replication_slots")
                why = (
                    "a replication slot keeps them: let its operator look at pg_replication_slots"
                    if kept
                    else "its settings keep them (wal_keep_size, archive_command): let its operator look at them"
                )
                yield self._left(f"{left} segments of {place}", f"{why}, then {AGAIN}")
            return
        # The next checkpoint removes what it does not keep for use; it begins, and takes, no longer than this.
        soon = datetime.now(UTC) + timedelta(seconds=2 * self._seconds("checkpoint_timeout"))
        removed = (
            self._setting("wal_recycle") == "off"
            and self._setting("wal_keep_size") in ("0", "")
            and self._setting("archive_mode") == "off"
            and not self._value("SELECT count(*) FROM pg_replication_slots")
        )
        yield self._left(place, GRANTS, soon if removed else None)

    def _write_over(self) -> int:
        """Have the segments that hold what was there before now removed, or written over; returns how many still hold it."""
        before = self._value("SELECT pg_walfile_name(pg_current_wal_lsn())")
        self._switch()
        moment = self._value("SELECT clock_timestamp()")
        deadline = time.monotonic() + 2
        while self._value("SELECT clock_timestamp()") < moment + timedelta(seconds=1):
            time.sleep(0.05)  # the times of files are known by the second
            if time.monotonic() > deadline:
                break
        self._may("CHECKPOINT")
        asked = (
            "SELECT count(*) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$' "
            "AND (name <= %s OR modification <= %s)"
        )
        goes_elsewhere = self._value("SELECT count(*) FROM pg_stat_replication") or (
            self._setting("archive_mode") != "off"
        )
        for _ in range(0 if goes_elsewhere else MOST_SEGMENTS):
            if not self._value(asked, before, moment):
                break
            self._switch()
        else:
            self._may("CHECKPOINT")
        self._switch()  # the last one was written over in part
        return int(self._value(asked, before, moment))

    def _switch(self) -> None:
        """A segment in which nothing was written is not switched."""
        self.connection.execute("SELECT pg_logical_emit_message(false, 'casereviews', '')")
        self.connection.execute("SELECT pg_switch_wal()")

    def _fill(self) -> None:
        """Write a segment full, for want of the right to switch: the one with what was deleted may then go."""
        for _ in range(17):
            self.connection.execute(
                "SELECT pg_logical_emit_message(false, 'casereviews', repeat(' ', 1048576))"
            )

    def _elsewhere(self) -> Iterator[LeftBehind]:
        standbys = self._value("SELECT count(*) FROM pg_stat_replication")
        if standbys:
            yield self._left(
                f"the log of {standbys} standbys",
                "let their operator make a restartpoint (CHECKPOINT) on each, with wal_recycle = off",
            )
        if self._setting("archive_mode") != "off":
            yield self._kept("archived segments of the log")
        if self._setting("log_statement") in ("mod", "all") or (
            self._setting("log_min_duration_statement") != "-1"
            and self._setting("log_parameter_max_length") != "0"
        ):
            yield self._left(
                "its log, which has statements and their values", "let its operator delete it"
            )
        yield self._kept("dumps, base backups and snapshots of its disk")

    def _kept(self, place: str) -> LeftBehind:
        """What nobody sees from here, and whose end its operator may have said in config.toml."""
        days = self.server.keeps_deleted
        if days is None:
            return self._left(
                place,
                f"{_DELETE}, or say by record_keeps_deleted = DAYS in config.toml for how long they are kept",
            )
        return self._left(
            place, f"{_DELETE} to end it sooner", datetime.now(UTC) + timedelta(days=days)
        )

    def _may(self, statement: str) -> bool:
        return self._rows_if_allowed(statement) is not None

    def _rows_if_allowed(self, statement: str) -> list[Any] | None:
        """None where the user lacks the right."""
        import psycopg

        try:
            cursor = self.connection.execute(statement)
            return cursor.fetchall() if cursor.description else []
        except psycopg.Error as error:
            if error.sqlstate != _FORBIDDEN:
                raise
            return None

    def _rows(self, statement: str) -> list[Any]:
        return self.connection.execute(statement).fetchall()

    def _value(self, statement: str, *values: object) -> Any:
        row = self.connection.execute(statement, values or None).fetchone()
        return None if row is None else row[0]

    def _setting(self, name: str) -> str:
        return str(self._value("SELECT current_setting(%s, true)", name))

    def _seconds(self, name: str) -> int:
        return int(self._value("SELECT setting::int FROM pg_settings WHERE name = %s", name))


# ---- looking for words


def seek(
    server: RecordServer, words: Sequence[str], sha256s: Collection[str] = ()
) -> tuple[Sought, ...]:
    """Look for withdrawn words and hashes in every row of a home's schemas and, where this machine has them and may read them, in the server's
    files; places that cannot be looked into are named with the reason. Raises RecordServerError.

    Of long texts a file has pieces of 2,000 bytes, so that a word which is cut by their border is found in the rows alone; of pages, which
    are packed, so are those after the first piece.
    """
    needles = Needles.of(sha256s, words)
    with connect(server, verb="doctor") as connection, telling(server):
        found = [_in_rows(server, connection, needles)]
        return (*found, *_in_files(server, connection, needles), *_beyond(server, connection))


def _in_rows(server: RecordServer, connection: psycopg.Connection, needles: Needles) -> Sought:
    said: set[str] = set()
    schemas = (server.schema, server.schema + DERIVED)
    with connection.transaction():
        tables = connection.execute(
            "SELECT relnamespace::regnamespace::text, relname FROM pg_class WHERE relnamespace::regnamespace::text = ANY(%s) "
            "AND relkind = 'r' ORDER BY 1, 2",
            (list(schemas),),
        ).fetchall()
        for schema, table in tables:
            with connection.cursor(name="seek") as rows:
                rows.execute(f'SELECT * FROM "{schema}"."{table}"')
                for row in rows:
                    for value in row:
                        said |= needles.in_value(value)
    return Sought(STORE, f"rows of {' and '.join(schemas)}", tuple(sorted(said)))


_FILES = {
    "the write-ahead log (pg_wal)": ("pg_wal",),
    "files of the database": ("base/{database}", "base/pgsql_tmp"),
    "files of replication, statistics and the log": (
        "pg_replslot",
        "pg_stat",
        "pg_stat_tmp",
        "log",
    ),
}


def _in_files(
    server: RecordServer, connection: psycopg.Connection, needles: Needles
) -> Iterator[Sought]:
    folder, why = _folder_of(connection)
    row = connection.execute(
        "SELECT oid::text FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    database = row[0] if row else ""
    for place, parts in _FILES.items():
        said: set[str] = set()
        unread = why
        for part in parts if folder is not None else ():
            assert folder is not None
            for path in sorted((folder / part.format(database=database)).rglob("*")):
                try:
                    if path.is_file():
                        said |= needles.in_file(path)
                except FileNotFoundError:
                    continue  # it went meanwhile
                except OSError as error:
                    unread = f"{path} cannot be read ({error.strerror})"
        yield Sought(STORE, place, tuple(sorted(said)), unread)


def _folder_of(connection: psycopg.Connection) -> tuple[Path | None, str]:
    """The server's folder of data, and why it cannot be looked into."""
    import psycopg

    try:
        row = connection.execute("SELECT current_setting('data_directory')").fetchone()
    except psycopg.Error as error:
        if error.sqlstate != _FORBIDDEN:
            raise
        return None, "where they lie is not told to this user (GRANT pg_read_all_settings)"
    folder = Path(str(row[0] if row else ""))
    try:
        lines = (folder / "postmaster.pid").read_text("utf-8").splitlines()
    except OSError as error:
        return None, f"{folder} is on another machine, or may not be read ({error.strerror})"
    if len(lines) < 4 or lines[3].strip() != str(connection.info.port):
        return None, f"{folder} of this machine is that of another server"
    return folder, ""


def _beyond(server: RecordServer, connection: psycopg.Connection) -> Iterator[Sought]:
    """What no look from here can prove."""
    said = connection.execute(
        "SELECT (SELECT count(*) FROM pg_stat_replication), current_setting('archive_mode')"
    ).fetchone()
    standbys, archive = said or (0, "off")
    if standbys:
        yield Sought(STORE, f"{standbys} standbys", (), "they are other servers")
    if archive != "off":
        yield Sought(STORE, "archived segments of the log", (), "where they lie is not known")
    yield Sought(STORE, "dumps, base backups and snapshots", (), "where they lie is not known")
