"""Opening the two databases, and migrating the precious one.

Those of a folder are SQLite; where config.toml names a server, both are schemas of it (`casereviews.repository.servers.postgresql`). Write-ahead logging lets people search while the night job writes; secure_delete overwrites what is deleted, so that a
withdrawn report leaves nothing in freed pages.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from casereviews.repository.errors import HomeDamaged, HomeError, HomeTooNew
from casereviews.repository.home import Home
from casereviews.repository.left_behind import LeftBehind
from casereviews.repository.record import dialects
from casereviews.repository.sealed_databases import RESTORE, check_database, refuse_lost_record
from casereviews.repository.servers import postgresql, postgresql_purging
from casereviews.repository.sqlite_files import (
    BUSY_SECONDS,
    open_reading,
    trouble_of,
)
from casereviews.repository.stores import RecordServer, Stores

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
"""Every revision of record.db, oldest first; the last is what this version of casereviews reads."""

OLDEST_READ = "0002"
"""From this revision on an older record is read before a writer has migrated it: in a copy in memory, which is migrated instead."""

_MIGRATIONS = Path(__file__).parent / "migrations"


def connect(path: Path, *, write: bool, remedy: str = RESTORE) -> Engine:
    """An engine over one SQLite file; a reader's connections cannot write, and leave nothing beside it.

    A writer's transactions begin at once as writers, so that two processes under one lock (the night job and its
    crawl) wait for each other instead of failing half-way. What SQLite says of a damaged file is raised as HomeDamaged with `remedy`.
    """

    def connection() -> sqlite3.Connection:
        if not write:
            return open_reading(path)
        return sqlite3.connect(str(path), timeout=BUSY_SECONDS, check_same_thread=False)

    def tell(context: ExceptionContext) -> None:
        trouble = trouble_of(path, context.original_exception, remedy)
        if trouble is not None:
            raise trouble from context.original_exception

    engine = create_engine(URL.create("sqlite", database=str(path)), creator=connection)
    event.listen(engine, "handle_error", tell)
    _prepare(engine, write=write)
    return engine


def _prepare(engine: Engine, *, write: bool) -> None:
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        said = (
            ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON")
            if write
            else ("query_only=ON",)
        )
        try:
            for one in ("foreign_keys=ON", *said):
                connection.execute(f"PRAGMA {one}").close()
        except BaseException:
            connection.close()  # nobody else does: of a damaged file, the pool never had it
            raise

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)


def open_record(home: Home, *, write: bool, to_fill: bool = False) -> Engine:
    """The engine of the record at the newest revision.

    A writer makes or migrates it first; record.db after a copy (`record.db.before-<revision>`, kept until the next migration or
    withdrawal), for which on a server its operator's backups stand. A reader never does: it reads a copy of record.db in memory (from
    OLDEST_READ on). Raises HomeTooNew when a newer casereviews wrote it, HomeError when a reader finds none or one that is older still,
    or when it is damaged, RecordServerError when its server cannot be used. A server's record may be lost when the caller brings it back
    (`to_fill`).
    """
    server = Stores.of(home).record
    if server is not None:
        return _open_on(server, home, write=write, to_fill=to_fill)
    check_database(home, home.record_db)
    revision = read_revision(home.record_db)
    _refuse_other(home, str(home.record_db), revision)
    if revision == REVISIONS[-1]:
        return connect(home.record_db, write=write)
    if not write and revision is not None and revision >= OLDEST_READ:
        return _copy_in_memory(home.record_db)
    if not write:
        raise _nothing_to_read(home, str(home.record_db), revision)
    if revision is not None:
        copy_before(home.record_db, REVISIONS[-1])
    return _migrated(connect(home.record_db, write=True))


def _open_on(server: RecordServer, home: Home, *, write: bool, to_fill: bool) -> Engine:
    connection = postgresql.connect(server, verb="record")
    try:
        if write:
            postgresql.make_schemas(server, connection, home.id)
        revision = postgresql.revision_of(server, connection, home.id)
        record = f"the record in {postgresql.place_of(server)}"
        if revision is not None or not to_fill:
            _refuse_other(home, record, revision)
        if not write and revision != REVISIONS[-1]:
            raise _nothing_to_read(home, record, revision)
    except BaseException:
        connection.close()
        raise
    engine = dialects.engine_on(server, home, server.schema, connection, write=write)
    return engine if revision == REVISIONS[-1] else _migrated(engine)


def _refuse_other(home: Home, record: str, revision: str | None) -> None:
    if revision is None:
        refuse_lost_record(home)
    elif revision not in REVISIONS:
        raise HomeTooNew(
            f"{record} has revision {revision}, this casereviews knows up to {REVISIONS[-1]}: "
            "upgrade casereviews, or choose another folder with --home"
        )


def _nothing_to_read(home: Home, record: str, revision: str | None) -> HomeError:
    return HomeError(
        f"{home.root} holds no reviews yet: run `casereviews refresh` or `casereviews demo` first"
        if revision is None
        else f"{record} was written by an older casereviews: run `casereviews refresh` or "
        "`casereviews rebuild` once, which bring it up to date"
    )


def _migrated(engine: Engine) -> Engine:
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _copy_in_memory(path: Path) -> Engine:
    """An engine over a copy of an older record.db that is at the newest revision; the file stays as it is."""
    engine = create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    _prepare(engine, write=False)
    copy = engine.raw_connection().driver_connection
    assert isinstance(copy, sqlite3.Connection)
    with closing(open_reading(path)) as older:
        older.backup(copy)
    copy.execute("PRAGMA query_only=OFF")
    migrate(engine)
    copy.execute("PRAGMA query_only=ON")
    return engine


def read_revision(path: Path) -> str | None:
    """The revision of a record.db without changing it; None when there is none yet. Raises HomeDamaged, HomeError."""
    if not path.exists() or (path.is_file() and path.stat().st_size == 0):
        return None
    try:
        with closing(open_reading(path)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            if not tables:
                return None
            row = (
                connection.execute("SELECT version_num FROM alembic_version").fetchone()
                if "alembic_version" in tables
                else None
            )
    except sqlite3.DatabaseError as error:
        trouble = trouble_of(path, error, RESTORE)
        if trouble is None:
            raise
        raise trouble from error
    if row is None and "document" in tables:
        raise HomeDamaged(f"{path} is damaged (it says no revision): {RESTORE}")
    return None if row is None else str(row[0])


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring a record to a revision, in one transaction: after a kill it is at the old one or at the new one."""
    from alembic import command  # imported late: reading needs none of it
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            dialects.settle(connection)
    except OperationalError as error:
        raise HomeError(
            f"cannot write {engine.url.database} ({error.orig}): check the disk and the rights of the folder"
        ) from error


def copies_before(path: Path) -> list[Path]:
    """The copies that migrations left beside a record.db."""
    return sorted(path.parent.glob(f"{path.name}.before-*"))


def copy_before(path: Path, revision: str) -> Path:
    """Copy a record.db, its log included, to `record.db.before-<revision>`; an older copy goes."""
    for old in copies_before(path):
        old.unlink()
    target = path.with_name(f"{path.name}.before-{revision}")
    with (
        closing(sqlite3.connect(path)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    return target


def scrub(*engines: Engine) -> tuple[LeftBehind, ...]:
    """Leave nothing of deleted rows; returns what a server still holds of them."""
    schemas: dict[RecordServer, list[str]] = {}
    for engine in engines:
        if engine.dialect.name == "sqlite":
            _scrub_file(engine)
        else:
            said = engine.get_execution_options()
            schemas.setdefault(said["server"], []).append(said["schema"])
    return tuple(
        one for server, names in schemas.items() for one in postgresql_purging.purge(server, names)
    )


def _scrub_file(engine: Engine) -> None:
    """Write the log back, cut it to nothing and rebuild the file."""
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM"):
            cursor.execute(statement).fetchall()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        cursor.close()
    finally:
        connection.close()
