"""derived.db: what was read and said of the files. Disposable: made again with better rules, without the web.

There are no migrations: a file of another schema is deleted and made anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from sqlalchemy import func, select

from casereviews.repository.errors import HomeDamaged, HomeError
from casereviews.repository.home import Home
from casereviews.repository.record import derived_tables as tables
from casereviews.repository.record.database import connect
from casereviews.repository.record.derived_descriptions import Described, Descriptions
from casereviews.repository.record.derived_published_fields import (
    Publications,
    PublishedDigests,
    PublishedFields,
)
from casereviews.repository.record.derived_readings import Readings
from casereviews.repository.sealed_databases import MAKE_ANEW, check_database
from casereviews.repository.sqlite_files import open_reading, trouble_of
from casereviews.repository.whole_files import remove

__all__ = ["Derived", "Described", "PublishedDigests", "PublishedFields"]


class Derived(Readings, Descriptions, Publications):
    """Readings, descriptions, reviews and published fields of one home. Use as a context manager."""

    def __init__(self, home: Home, *, write: bool) -> None:
        self.path = home.derived_db
        if not write:
            check_database(home, self.path)
        current = self._is_current(write)
        if not current and not write:
            raise HomeError(
                f"{home.root} has not been described by this casereviews: run `casereviews rebuild`"
            )
        if not current:
            for end in ("", "-wal", "-shm"):
                remove(Path(f"{self.path}{end}"))
        self.engine = connect(self.path, write=write, remedy=MAKE_ANEW)
        if write:
            try:
                with self.engine.begin() as c:
                    tables.metadata.create_all(c)
                    if not current:
                        c.exec_driver_sql(f"PRAGMA user_version={tables.SCHEMA}")
            except BaseException:
                self.close()
                raise

    def _is_current(self, write: bool) -> bool:
        try:
            return _schema_of(self.path) == tables.SCHEMA
        except sqlite3.DatabaseError as error:
            trouble = trouble_of(self.path, error, MAKE_ANEW)
            if trouble is None or (not write and not isinstance(trouble, HomeDamaged)):
                raise
            if write:
                return False
            raise trouble from error

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


def _schema_of(path: Path) -> int | None:
    """The schema number of a derived.db; None when there is none. Raises sqlite3.Error when it is damaged."""
    if not path.exists():
        return None
    with closing(open_reading(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
