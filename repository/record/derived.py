"""derived.db: what was read and said of the files. Disposable: made again with better rules, without the web.

There are no migrations: a file of another schema is deleted and made anew. Where the record is on a server, so is this, in a schema beside
it: who reads on another machine sees pages and facts there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, func, select

from casereviews.repository.errors import HomeDamaged, HomeError
from casereviews.repository.home import Home
from casereviews.repository.record import derived_tables as tables
from casereviews.repository.record import dialects
from casereviews.repository.record.database import connect
from casereviews.repository.record.derived_descriptions import Described, Descriptions
from casereviews.repository.record.derived_published_fields import (
    Publications,
    PublishedDigests,
    PublishedFields,
)
from casereviews.repository.record.derived_readings import Readings
from casereviews.repository.sealed_databases import MAKE_ANEW, check_database
from casereviews.repository.servers import postgresql
from casereviews.repository.sqlite_files import open_reading, trouble_of
from casereviews.repository.stores import RecordServer, Stores
from casereviews.repository.whole_files import remove

__all__ = ["Derived", "Described", "PublishedDigests", "PublishedFields"]


class Derived(Readings, Descriptions, Publications):
    """Readings, descriptions, reviews and published fields of one home. Use as a context manager."""

    def __init__(self, home: Home, *, write: bool) -> None:
        server = Stores.of(home).record
        self.engine, current = (
            _open_file(home, write=write) if server is None else _open_on(server, home, write=write)
        )
        if write:
            try:
                with self.engine.begin() as c:
                    if not current:
                        dialects.drop_all(c)
                    tables.metadata.create_all(c)
                    dialects.settle(c)
                    if not current:
                        dialects.put_number(c, tables.SCHEMA)
            except BaseException:
                self.close()
                raise

    @classmethod
    def open(cls, home: Home, *, write: bool = False) -> Derived:
        """Open it; a writer makes it anew when it is missing, damaged or of another schema, a reader raises HomeError."""
        return cls(home, write=write)

    def counts(self) -> dict[str, int]:
        """How many readings, pages, descriptions, published documents and reviews there are."""
        with self.transaction() as c:
            numbers = {
                table.name: int(c.execute(select(func.count()).select_from(table)).scalar_one())
                for table in (
                    tables.reading,
                    tables.page,
                    tables.description,
                    tables.published_fields,
                )
            }
            distinct = select(func.count(tables.member.c.review_id.distinct()))
            return numbers | {"review": int(c.execute(distinct).scalar_one())}

    def forget_documents(self, document_ids: Iterable[str]) -> None:
        """Drop all that is said of documents; the rest must then be grouped again."""
        with self.transaction() as c:
            for document_id in document_ids:
                for table in (tables.description, tables.published_fields, tables.member):
                    c.execute(table.delete().where(table.c.document_id == document_id))
                c.execute(tables.grouped.delete())


def forget(home: Home) -> None:
    """Take away all that was read and described: whoever writes next makes it anew."""
    server = Stores.of(home).record
    if server is None:
        for end in ("", "-wal", "-shm"):
            remove(Path(f"{home.derived_db}{end}"))
    else:
        postgresql.forget_derived(server)


def _open_file(home: Home, *, write: bool) -> tuple[Engine, bool]:
    """An engine over derived.db, and whether its tables are those of this casereviews."""
    path = home.derived_db
    if not write:
        check_database(home, path)
    current = _is_current(path, write)
    if not current and not write:
        raise _not_described(home)
    if not current:
        forget(home)
    return connect(path, write=write, remedy=MAKE_ANEW), current


def _open_on(server: RecordServer, home: Home, *, write: bool) -> tuple[Engine, bool]:
    schema = server.schema + postgresql.DERIVED
    connection = postgresql.connect(server, schema=schema, verb="derived")
    try:
        if write:
            postgresql.make_schemas(server, connection, home.id)
        else:
            postgresql.check_home(server, connection, home.id)
        current = postgresql.derived_tables_of(server, connection) == tables.SCHEMA
        if not current and not write:
            raise _not_described(home)
    except BaseException:
        connection.close()
        raise
    return dialects.engine_on(server, home, schema, connection, write=write), current


def _not_described(home: Home) -> HomeError:
    return HomeError(
        f"{home.root} has not been described by this casereviews: run `casereviews rebuild`"
    )


def _is_current(path: Path, write: bool) -> bool:
    try:
        return _schema_of(path) == tables.SCHEMA
    except sqlite3.DatabaseError as error:
        trouble = trouble_of(path, error, MAKE_ANEW)
        if trouble is None or (not write and not isinstance(trouble, HomeDamaged)):
            raise
        if write:
            return False
        raise trouble from error


def _schema_of(path: Path) -> int | None:
    """The schema number of a derived.db; None when there is none. Raises sqlite3.Error when it is damaged."""
    if not path.exists():
        return None
    with closing(open_reading(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
