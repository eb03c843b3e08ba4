"""What the crawler remembers between nights: robots.txt, what each page said, requests of the day.

A small SQLite file in the home that may be deleted at any time: the next run then asks for everything again. Nothing else
depends on it, so `withdraw` simply removes it.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from casereviews.repository.sqlite_files import decoded, is_not_taken
from casereviews.repository.whole_files import remove

_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
FILE_NAME = "crawl-memory.db"

WAIT = 5.0
"""Seconds for a lock that somebody else holds on the file: nothing else goes on meanwhile."""

_TABLES = """
create table if not exists pages (
    source_id text not null, url text not null, first_seen text not null, checked_at text not null,
    final_url text not null, etag text, last_modified text, said text not null, said_sha256 text not null,
    read_at text, parser text, digest text,
    primary key (source_id, url)
) without rowid;
create table if not exists robots (
    origin text primary key, fetched_at text not null, body blob not null
) without rowid;
create table if not exists requests (
    host text not null, day text not null, number integer not null, primary key (host, day)
) without rowid;
"""


@dataclass(frozen=True, slots=True)
class PageMemory:
    """One page as it was last read, at `read_at` by the parser of a digest (None: by an older casereviews). `said` is the JSON of its `Parsed`."""

    url: str
    first_seen: str
    checked_at: str
    final_url: str
    etag: str | None
    last_modified: str | None
    said: str
    said_sha256: str
    read_at: str | None = None
    parser: str | None = None


class Memory:
    """The crawler's memory in `path`; ":memory:" keeps nothing."""

    def __init__(self, path: Path | str) -> None:
        try:
            with decoded():
                self._open(path)
        except sqlite3.DatabaseError as error:  # damaged: it is only a memory
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _BUSY or is_not_taken(error):
                raise
            forget(Path(path))
            self._open(path)

    def _open(self, path: Path | str) -> None:
        # Autocommit: every statement below is one whole change. secure_delete: pages quote reports' titles.
        self.db = sqlite3.connect(str(path), isolation_level=None, timeout=WAIT)
        # A byte that changed within a text is no reason to fail: the page's digest tells.
        self.db.text_factory = lambda text: text.decode("utf-8", "replace")
        try:
            self.db.execute("pragma secure_delete = on")
            self.db.execute("pragma journal_mode = truncate")
            self.db.execute("pragma synchronous = off")
            self.db.executescript(_TABLES)
            said = self.db.execute("pragma quick_check(1)").fetchone()[0]
            if said != "ok":
                raise sqlite3.DatabaseError(said)
            self._add_columns()
        except BaseException:
            self.db.close()
            raise

    def _add_columns(self) -> None:
        """What an older casereviews remembered lacks the newest columns: its pages are read anew."""
        known = {row[1] for row in self.db.execute("pragma table_info(pages)")}
        for name in ("read_at", "parser", "digest"):
            if name not in known:
                self.db.execute(f"alter table pages add column {name} text")

    def close(self) -> None:
        self.db.close()

    def page(self, source_id: str, url: str) -> PageMemory | None:
        """What is remembered of a page; None when nothing is, or when it is not what was remembered."""
        row = self.db.execute(
            "select digest, url, first_seen, checked_at, final_url, etag, last_modified, said, said_sha256,"
            " read_at, parser from pages where source_id = ? and url = ?",
            (source_id, url),
        ).fetchone()
        if row is None:
            return None
        page = PageMemory(*row[1:])
        return page if row[0] in (None, _digest(page)) else None  # None: of an older casereviews

    def remember(self, source_id: str, page: PageMemory) -> None:
        """Keep what a page said; its first sight stays."""
        self.db.execute(
            "insert into pages (source_id, url, first_seen, checked_at, final_url, etag, last_modified, said,"
            " said_sha256, read_at, parser, digest) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (source_id, url) do update set"
            " checked_at = excluded.checked_at, final_url = excluded.final_url, etag = excluded.etag,"
            " last_modified = excluded.last_modified, said = excluded.said, said_sha256 = excluded.said_sha256,"
            " read_at = excluded.read_at, parser = excluded.parser, digest = excluded.digest",
            (
                source_id,
                page.url,
                page.first_seen,
                page.checked_at,
                page.final_url,
                page.etag,
                page.last_modified,
                page.said,
                page.said_sha256,
                page.read_at,
                page.parser,
                _digest(page),
            ),
        )

    def pages_naming(self, source_id: str, url: str) -> list[str]:
        """Addresses of the pages that named `url` as their canonical address when they were last read."""
        rows = self.db.execute(
            "select url from pages where source_id = ? and json_valid(said)"
            " and json_extract(said, '$.canonical') = ? order by url",
            (source_id, url),
        )
        return [str(row[0]) for row in rows]

    def forget_page(self, source_id: str, url: str) -> None:
        """Drop one page, so that it is read anew."""
        self.db.execute("delete from pages where source_id = ? and url = ?", (source_id, url))

    def robots(self, origin: str, *, since: str, until: str = "9999") -> bytes | None:
        """The robots.txt of "scheme://host" when it was read at or after `since`, and not after `until` (by a clock ahead)."""
        row = self.db.execute(
            "select body from robots where origin = ? and fetched_at between ? and ?",
            (origin, since, until),
        ).fetchone()
        return bytes(row[0]) if row else None

    def remember_robots(self, origin: str, fetched_at: str, body: bytes) -> None:
        self.db.execute(
            "insert or replace into robots values (?, ?, ?)", (origin, fetched_at, body)
        )

    def requests_of(self, host: str, day: str) -> int:
        """How many requests this home has made to `host` on `day` ("2026-03-01")."""
        row = self.db.execute(
            "select number from requests where host = ? and day = ?", (host, day)
        ).fetchone()
        return int(row[0]) if row else 0

    def add_requests(self, counts: Iterable[tuple[str, int]], day: str) -> None:
        """Add to the day's counts; other days' are dropped."""
        self.db.execute("delete from requests where day <> ?", (day,))
        self.db.executemany(
            "insert into requests values (?, ?, ?)"
            " on conflict (host, day) do update set number = number + excluded.number",
            [(host, day, number) for host, number in counts],
        )


def _digest(page: PageMemory) -> str:
    """Of what a page is judged by: a list that lost a link by a damaged byte would let its document be missing."""
    judged_by = page.url, page.final_url, page.etag, page.last_modified, page.said
    return hashlib.blake2b(repr(judged_by).encode("utf-8", "replace"), digest_size=16).hexdigest()


def forget(path: Path) -> None:
    """Remove the memory file and its journal."""
    for name in (path, path.with_name(path.name + "-journal")):
        remove(name)
