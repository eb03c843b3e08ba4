"""The record of a home whose config names a server, as a record.db and back: for backups, which are files."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from casereviews.repository.errors import BackupError
from casereviews.repository.home import Home
from casereviews.repository.record import dialects
from casereviews.repository.record.database import connect, migrate, open_record
from casereviews.repository.record.tables import metadata, run

AT_ONCE = 1000


def write_file(home: Home, path: Path) -> None:
    """Write the record of a home to a new record.db, as it stands at one moment. Raises HomeError, RecordServerError."""
    source, target = open_record(home, write=False), connect(path, write=True)
    try:
        migrate(target)
        with source.begin() as rows, target.begin() as out:
            _copy(rows, out)
    finally:
        source.dispose()
        target.dispose()
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode=DELETE")


def read_file(home: Home, path: Path) -> None:
    """Bring a record.db to the server of a home, in one transaction. Raises BackupError when there is a record with rows, RecordServerError."""
    source, target = _migrated(path), open_record(home, write=True, to_fill=True)
    try:
        with source.begin() as rows, target.begin() as out:
            if out.execute(select(run.c.id).limit(1)).first() is not None:
                raise BackupError(f"the server of {home.root} has a record of its own")
            _copy(rows, out)
            dialects.count_on(out, metadata.sorted_tables)
    finally:
        source.dispose()
        target.dispose()


def _migrated(path: Path) -> Engine:
    engine = connect(path, write=True)
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _copy(source: Connection, target: Connection) -> None:
    for table in metadata.sorted_tables:
        rows = source.execution_options(yield_per=AT_ONCE).execute(select(table)).mappings()
        for some in rows.partitions():
            target.execute(table.insert(), [dict(row) for row in some])
