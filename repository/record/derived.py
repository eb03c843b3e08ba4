"""derived.db: what was read and said of the files. Disposable: made again with better rules, without the web.

There are no migrations: a file of another schema is deleted and made anew.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from repository.errors import HomeError
from repository.home import Home
from repository.model import Description, Page, Reading
from repository.record import derived_tables, packing
from repository.record.database import connect
from repository.record.derived_tables import SCHEMA
from repository.record.derived_tables import description as _description
from repository.record.derived_tables import member as _member
from repository.record.derived_tables import page as _page
from repository.record.derived_tables import reading as _reading
from repository.record.derived_tables import view as _view

Fields = Mapping[str, str | int | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Described:
    """A stored description: of which bytes and input, made by which describer; `error` names what went wrong, None when fine."""

    document_id: str
    sha256: str | None
    input_digest: str
    describer: str
    error: str | None
    description: Description


@dataclass(frozen=True, slots=True)
class View:
    """One document as it is published: its review, its resolved fields, and a digest of all that the index holds of it."""

    document_id: str
    review_id: str
    digest: str
    fields: Fields


class Derived:
    """Readings, descriptions, reviews and views of one home. Use as a context manager."""

    def __init__(self, home: Home, *, write: bool) -> None:
        self.path = home.derived_db
        current = _schema_of(self.path) == SCHEMA
        if not current and not write:
            raise HomeError(
                f"{home.root} has not been described by this casereviews: run `casereviews rebuild`"
            )
        if not current:
            for file in (self.path, *(Path(f"{self.path}{end}") for end in ("-wal", "-shm"))):
                file.unlink(missing_ok=True)
        self.engine = connect(self.path, write=write)
        if not current:
            with self.engine.begin() as c:
                derived_tables.metadata.create_all(c)
                c.exec_driver_sql(f"PRAGMA user_version={SCHEMA}")

    @classmethod
    def open(cls, home: Home, *, write: bool = False) -> Derived:
        """Open it; a writer makes it anew when it is missing, damaged or of another schema, a reader raises HomeError."""
        return cls(home, write=write)

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def __enter__(self) -> Derived:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        with self.engine.begin() as connection:
            yield connection

    # ---- readings

    def save_reading(self, reading: Reading) -> None:
        """Keep a reading and its pages, in place of an older one."""
        with self._transaction() as c:
            c.execute(_page.delete().where(_page.c.sha256 == reading.sha256))
            values = {
                name: getattr(reading, name)
                for name in _reading.c.keys()  # noqa: SIM118 - a collection of columns, no dict
                if name != "pages"
            }
            values["pages"] = len(reading.pages)
            c.execute(insert(_reading).values(values).prefix_with("OR REPLACE"))
            if reading.pages:
                c.execute(
                    _page.insert(),
                    [
                        {
                            "sha256": reading.sha256,
                            "number": page.number,
                            "body": packing.pack_page(page),
                        }
                        for page in reading.pages
                    ],
                )

    def reading(self, sha256: str, *, pages: bool = True) -> Reading | None:
        """A reading; without its pages when they are not wanted; None when the file was not read."""
        with self._transaction() as c:
            row = c.execute(select(_reading).where(_reading.c.sha256 == sha256)).one_or_none()
            if row is None:
                return None
            bodies = (
                c.execute(
                    select(_page.c.body).where(_page.c.sha256 == sha256).order_by(_page.c.number)
                ).scalars()
                if pages
                else ()
            )
            return _reading_from(row, tuple(packing.unpack_page(body) for body in bodies))

    def page_count(self, sha256: str) -> int:
        """How many pages a reading has; 0 when the file was not read."""
        with self._transaction() as c:
            query = select(_reading.c.pages).where(_reading.c.sha256 == sha256)
            return int(c.execute(query).scalar() or 0)

    def text_hashes(self, sha256s: Collection[str]) -> dict[str, str | None]:
        """SHA-256 of bytes -> hash of their text, of those that were read."""
        with self._transaction() as c:
            rows = c.execute(
                select(_reading.c.sha256, _reading.c.text_sha256).where(
                    _reading.c.sha256.in_(sorted(sha256s))
                )
            )
            return {row.sha256: row.text_sha256 for row in rows}

    def read_hashes(self) -> set[str]:
        """The SHA-256 of everything that was read."""
        with self._transaction() as c:
            return set(c.execute(select(_reading.c.sha256)).scalars())

    def readings(self) -> list[Reading]:
        """Every reading without its pages, by hash."""
        with self._transaction() as c:
            rows = c.execute(select(_reading).order_by(_reading.c.sha256))
            return [_reading_from(row, ()) for row in rows]

    def forget_readings(self, sha256s: Iterable[str]) -> None:
        """Drop readings and their pages."""
        with self._transaction() as c:
            for sha256 in sha256s:
                c.execute(_page.delete().where(_page.c.sha256 == sha256))
                c.execute(_reading.delete().where(_reading.c.sha256 == sha256))

    # ---- descriptions

    def save_description(
        self,
        document_id: str,
        description: Description,
        *,
        sha256: str | None,
        input_digest: str,
        describer: str,
        error: str | None = None,
        grouping: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep what is said of a document, of which bytes and input, and which describer said it.

        `grouping` is what grouping needs of it, so that a quiet night unpacks no description.
        """
        with self._transaction() as c:
            c.execute(
                insert(_description)
                .values(
                    document_id=document_id,
                    sha256=sha256,
                    input_digest=input_digest,
                    describer=describer,
                    error=error,
                    body=packing.pack_description(description),
                    grouping=packing.pack(grouping) if grouping is not None else None,
                )
                .prefix_with("OR REPLACE")
            )

    def description(self, document_id: str) -> Described | None:
        """What is said of a document; None before it was described."""
        with self._transaction() as c:
            row = c.execute(
                select(_description).where(_description.c.document_id == document_id)
            ).one_or_none()
        if row is None:
            return None
        return Described(
            row.document_id,
            row.sha256,
            row.input_digest,
            row.describer,
            row.error,
            packing.unpack_description(row.body),
        )

    def described(self) -> dict[str, tuple[str, str]]:
        """Document id -> (input digest, describer) of every description."""
        with self._transaction() as c:
            rows = c.execute(
                select(
                    _description.c.document_id,
                    _description.c.input_digest,
                    _description.c.describer,
                )
            )
            return {row.document_id: (row.input_digest, row.describer) for row in rows}

    def groupings(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """(document id, what grouping needs of it) of every described document."""
        with self._transaction() as c:
            rows = c.execute(
                select(_description.c.document_id, _description.c.grouping).where(
                    _description.c.grouping.is_not(None)
                )
            ).all()
        for row in rows:
            yield row.document_id, packing.unpack(row.grouping)

    def memberships(self) -> dict[str, tuple[str, str]]:
        """Document id -> (review id, reason of its link)."""
        with self._transaction() as c:
            return {
                row.document_id: (row.review_id, row.reason) for row in c.execute(select(_member))
            }

    def failures(self) -> dict[str, str]:
        """Document id -> error of every document whose describing failed."""
        with self._transaction() as c:
            rows = c.execute(
                select(_description.c.document_id, _description.c.error).where(
                    _description.c.error.is_not(None)
                )
            )
            return {row.document_id: row.error for row in rows}

    # ---- reviews and views

    def save_groups(self, members: Mapping[str, tuple[str, str]]) -> None:
        """Replace all memberships: document id -> (review id, the reason of its link)."""
        with self._transaction() as c:
            c.execute(delete(_member))
            if members:
                c.execute(
                    _member.insert(),
                    [
                        {"document_id": key, "review_id": review, "reason": reason}
                        for key, (review, reason) in sorted(members.items())
                    ],
                )

    def membership(self, review_id: str) -> dict[str, str]:
        """Document id -> reason of its link, of one review."""
        with self._transaction() as c:
            rows = c.execute(
                select(_member).where(_member.c.review_id == review_id).order_by("document_id")
            )
            return {row.document_id: row.reason for row in rows}

    def review_of(self, document_id: str) -> str | None:
        """The review that a document belongs to; None before it was grouped."""
        with self._transaction() as c:
            query = select(_member.c.review_id).where(_member.c.document_id == document_id)
            return c.execute(query).scalar()

    def view_digests(self) -> dict[str, str]:
        """Document id -> digest of every view."""
        with self._transaction() as c:
            return {
                row.document_id: row.digest
                for row in c.execute(select(_view.c.document_id, _view.c.digest))
            }

    def save_views(self, views: Iterable[View], gone: Iterable[str]) -> None:
        """Keep new or changed views and drop those that are no longer published."""
        with self._transaction() as c:
            for document_id in gone:
                c.execute(_view.delete().where(_view.c.document_id == document_id))
            for view in views:
                c.execute(
                    insert(_view)
                    .values(
                        document_id=view.document_id,
                        review_id=view.review_id,
                        digest=view.digest,
                        fields=packing.pack_fields(view.fields),
                    )
                    .prefix_with("OR REPLACE")
                )

    def views(
        self, ids: Collection[str] | None = None, *, review_id: str | None = None
    ) -> Iterator[View]:
        """Views by document id: all, some, or those of one review; read in parts, so memory stays bounded."""
        query = select(_view.c.document_id)
        if review_id is not None:
            query = query.where(_view.c.review_id == review_id)
        with self._transaction() as c:
            wanted = (
                sorted(set(c.execute(query).scalars()) & set(ids))
                if ids is not None
                else (sorted(c.execute(query).scalars()))
            )
        for start in range(0, len(wanted), 200):
            part = wanted[start : start + 200]
            with self._transaction() as c:
                rows = c.execute(
                    select(_view).where(_view.c.document_id.in_(part)).order_by("document_id")
                ).all()
            for row in rows:
                fields = packing.unpack_fields(row.fields)
                yield View(row.document_id, row.review_id, row.digest, fields)

    def counts(self) -> dict[str, int]:
        """How many readings, pages, descriptions, views and reviews there are."""
        with self._transaction() as c:
            numbers = {
                table.name: int(c.execute(select(func.count()).select_from(table)).scalar_one())
                for table in (_reading, _page, _description, _view)
            }
            distinct = select(func.count(_member.c.review_id.distinct()))
            return numbers | {"review": int(c.execute(distinct).scalar_one())}

    def forget_documents(self, document_ids: Iterable[str]) -> None:
        """Drop all that is said of documents."""
        with self._transaction() as c:
            for document_id in document_ids:
                for table in (_description, _view, _member):
                    c.execute(table.delete().where(table.c.document_id == document_id))


def _reading_from(row: Row[Any], pages: tuple[Page, ...]) -> Reading:
    return Reading(
        sha256=row.sha256,
        status=row.status,
        media_type=row.media_type,
        pages=pages,
        detail=row.detail,
        language=row.language,
        text_sha256=row.text_sha256,
        reader=row.reader,
        title=row.title,
        seconds=row.seconds,
    )


def _schema_of(path: Path) -> int | None:
    """The schema number of a derived.db; None when there is none or it is damaged."""
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(path)) as connection:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.DatabaseError:
        return None
