"""The part of derived.db that holds what was read: readings and their pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, inspect, select

from casereviews.repository.model import Page, Reading, WebText
from casereviews.repository.record import derived_tables as tables
from casereviews.repository.record import dialects, packing
from casereviews.repository.record.transactions import Transactions

if TYPE_CHECKING:
    from casereviews.repository.reading.page_store import OcrPage

AT_ONCE = 10_000
"""So many hashes in one question: PostgreSQL takes 65,535 values in a statement."""


class Readings(Transactions):
    """Files read into pages, by the SHA-256 of their bytes."""

    def save_reading(self, reading: Reading) -> None:
        """Keep a reading and its pages, in place of an older one."""
        with self.transaction() as c:
            c.execute(tables.page.delete().where(tables.page.c.sha256 == reading.sha256))
            lines = tables.recognised_lines
            c.execute(lines.delete().where(lines.c.sha256 == reading.sha256))
            values = {
                name: getattr(reading, name)
                for name in tables.reading.c.keys()  # noqa: SIM118 - a collection of columns, no dict
                if name != "pages"
            }
            values["pages"] = len(reading.pages)
            dialects.put(c, tables.reading, values)
            _put_pages(c, reading.sha256, reading.pages)
            same = tables.web_text.c.sha256 == reading.sha256
            if c.execute(tables.web_text.delete().where(same)).rowcount or reading.web is not None:
                c.execute(tables.compared.delete())
            if reading.web is not None:
                body = packing.pack(reading.web)
                c.execute(tables.web_text.insert().values(sha256=reading.sha256, body=body))

    def web_pages(self) -> set[str]:
        """The SHA-256 of every web page that was read in blocks."""
        with self.transaction() as c:
            return set(c.execute(select(tables.web_text.c.sha256)).scalars())

    def web_text(self, sha256: str) -> tuple[WebText, frozenset[int]]:
        """A web page as it was read, and the places of the blocks that are not in its reading."""
        with self.transaction() as c:
            row = c.execute(select(tables.web_text).where(tables.web_text.c.sha256 == sha256)).one()
        places = packing.unpack(row.left_out, list[int]) if row.left_out else ()
        return packing.unpack(row.body, WebText), frozenset(places)

    def left_out_of(self, reading: Reading) -> frozenset[int]:
        """The places of the blocks that are left out of a web page which was read again with the same blocks; none of any other."""
        if reading.web is None or reading.sha256 not in self.web_pages():
            return frozenset()
        page, places = self.web_text(reading.sha256)
        return places if page == reading.web else frozenset()

    def leave_out(
        self, sha256: str, places: Collection[int], pages: Sequence[Page], detail: str
    ) -> None:
        """Keep the pages of a web page without the blocks at these places, and the detail that says so."""
        with self.transaction() as c:
            c.execute(tables.page.delete().where(tables.page.c.sha256 == sha256))
            _put_pages(c, sha256, pages)
            here = tables.reading.c.sha256 == sha256
            c.execute(tables.reading.update().where(here).values(detail=detail, pages=len(pages)))
            left_out = packing.pack(sorted(places)) if places else None
            same = tables.web_text.c.sha256 == sha256
            c.execute(tables.web_text.update().where(same).values(left_out=left_out))

    def compared_from(self) -> str | None:
        """A digest of the web pages whose repeated parts were left out last; None when one was read since."""
        with self.transaction() as c:
            found: str | None = c.execute(select(tables.compared.c.digest)).scalar()
            return found

    def save_compared(self, digest: str) -> None:
        with self.transaction() as c:
            c.execute(tables.compared.delete())
            c.execute(tables.compared.insert().values(only=1, digest=digest))

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

    def save_lines(self, sha256: str, pages: Iterable[OcrPage]) -> None:
        """Keep where the lines of recognised pages stand, in place of what was known of these pages."""
        rows = [
            {"sha256": sha256, "number": page.number, "body": packing.pack(page)} for page in pages
        ]
        if rows:
            with self.transaction() as c:
                dialects.put(c, tables.recognised_lines, rows)

    def lines_of(self, sha256: str, number: int) -> OcrPage | None:
        """Where the lines of a recognised page stand; None of any other page, and of those that an earlier version recognised."""
        with self.transaction() as c:
            lines = tables.recognised_lines
            if not inspect(c).has_table(lines.name):
                return None
            here = (lines.c.sha256 == sha256) & (lines.c.number == number)
            body = c.execute(select(lines.c.body).where(here)).scalar()
        if body is None:
            return None
        from casereviews.repository.reading.page_store import OcrPage

        return packing.unpack(body, OcrPage)

    def page_count(self, sha256: str) -> int:
        """How many pages a reading has; 0 when the file was not read."""
        with self.transaction() as c:
            query = select(tables.reading.c.pages).where(tables.reading.c.sha256 == sha256)
            return int(c.execute(query).scalar() or 0)

    def text_hashes(self, sha256s: Collection[str]) -> dict[str, str | None]:
        """SHA-256 of bytes -> hash of their text, of those that were read."""
        found: dict[str, str | None] = {}
        query = select(tables.reading.c.sha256, tables.reading.c.text_sha256)
        wanted = sorted(sha256s)
        with self.transaction() as c:
            for start in range(0, len(wanted), AT_ONCE):
                some = tables.reading.c.sha256.in_(wanted[start : start + AT_ONCE])
                found |= {row.sha256: row.text_sha256 for row in c.execute(query.where(some))}
        return found

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
                c.execute(tables.web_text.delete().where(tables.web_text.c.sha256 == sha256))
                lines = tables.recognised_lines
                c.execute(lines.delete().where(lines.c.sha256 == sha256))
                c.execute(tables.reading.delete().where(tables.reading.c.sha256 == sha256))


def _put_pages(c: Connection, sha256: str, pages: Sequence[Page]) -> None:
    rows = [
        {"sha256": sha256, "number": page.number, "body": packing.pack_page(page)} for page in pages
    ]
    if rows:
        c.execute(tables.page.insert(), rows)


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
