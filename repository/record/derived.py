"""derived.db: what was read and said of the files. Disposable: made again with better rules, without the web.

There are no migrations: a file of another schema is deleted and made anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from sqlalchemy import func, select

from casereviews.repository.errors import HomeError
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

__all__ = ["Derived", "Described", "PublishedDigests", "PublishedFields"]


class Derived(Readings, Descriptions, Publications):
    """Readings, descriptions, reviews and published fields of one home. Use as a context manager."""

    def __init__(self, home: Home, *, write: bool) -> None:
        self.path = home.derived_db
        current = _schema_of(self.path) == tables.SCHEMA
        if not current and not write:
            raise HomeError(
                f"{home.root} has not been described by this casereviews: run `casereviews rebuild`"
            )
        if not current:
            for file in (self.path, *(Path(f"{self.path}{end}") for end in ("-wal", "-shm"))):
                file.unlink(missing_ok=True)
        self.engine = connect(self.path, write=write)
        if write:
            try:
                with self.engine.begin() as c:
                    tables.metadata.create_all(c)
                    if not current:
                        c.exec_driver_sql(f"PRAGMA user_version={tables.SCHEMA}")
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


def _schema_of(path: Path) -> int | None:
    """The schema number of a derived.db; None when there is none or it is damaged."""
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(path)) as connection:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.DatabaseError:
        return None
