"""The part of derived.db that holds what was read: readings and their pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.dialects.sqlite import insert

from casereviews.repository.model import Page, Reading
from casereviews.repository.record import derived_tables as tables
from casereviews.repository.record import packing
from casereviews.repository.record.transactions import Transactions


class Readings(Transactions):
    """Files read into pages, by the SHA-256 of their bytes."""

    def save_reading(self, reading: Reading) -> None:
        """Keep a reading and its pages, in place of an older one."""
        with self.transaction() as c:
            c.execute(tables.page.delete().where(tables.page.c.sha256 == reading.sha256))
            values = {
                name: getattr(reading, name)
                for name in tables.reading.c.keys()  # noqa: SIM118 - a collection of columns, no dict
                if name != "pages"
            }
            values["pages"] = len(reading.pages)
            c.execute(insert(tables.reading).values(values).prefix_with("OR REPLACE"))
            if reading.pages:
                c.execute(
                    tables.page.insert(),
                    [
                        {
                            "sha256": reading.sha256,
                            "number": page.number,
                            "body": packing.pack_page(page),
                        }
                        for page in reading.pages
                    ],
                )

    def reading(self, sha256: str) -> Reading | None:
        """A reading with its pages; None when the file was not read."""
        with self.transaction() as c:
            row = c.execute(
                select(tables.reading).where(tables.reading.c.sha256 == sha256)
            ).one_or_none()
            if row is None:
                return None
            bodies = c.execute(
                select(tables.page.c.body)
                .where(tables.page.c.sha256 == sha256)
                .order_by(tables.page.c.number)
            ).scalars()
            return _reading_from(row, tuple(packing.unpack_page(body) for body in bodies))

    def page_count(self, sha256: str) -> int:
        """How many pages a reading has; 0 when the file was not read."""
        with self.transaction() as c:
            query = select(tables.reading.c.pages).where(tables.reading.c.sha256 == sha256)
            return int(c.execute(query).scalar() or 0)

    def text_hashes(self, sha256s: Collection[str]) -> dict[str, str | None]:
        """SHA-256 of bytes -> hash of their text, of those that were read."""
        with self.transaction() as c:
            rows = c.execute(
                select(tables.reading.c.sha256, tables.reading.c.text_sha256).where(
                    tables.reading.c.sha256.in_(sorted(sha256s))
                )
            )
            return {row.sha256: row.text_sha256 for row in rows}

    def read_hashes(self) -> set[str]:
        """The SHA-256 of everything that was read."""
        with self.transaction() as c:
            return set(c.execute(select(tables.reading.c.sha256)).scalars())

    def readings(self) -> list[Reading]:
        """Every reading without its pages, by hash."""
        with self.transaction() as c:
            rows = c.execute(select(tables.reading).order_by(tables.reading.c.sha256))
            return [_reading_from(row, ()) for row in rows]

    def reading_statuses(self) -> dict[str, str]:
        """SHA-256 -> status of every reading."""
        with self.transaction() as c:
            query = select(tables.reading.c.sha256, tables.reading.c.status)
            return {row.sha256: row.status for row in c.execute(query)}

    def forget_readings(self, sha256s: Iterable[str]) -> None:
        """Drop readings and their pages."""
        with self.transaction() as c:
            for sha256 in sha256s:
                c.execute(tables.page.delete().where(tables.page.c.sha256 == sha256))
                c.execute(tables.reading.delete().where(tables.reading.c.sha256 == sha256))


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
