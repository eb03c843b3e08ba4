"""`pages.db`: beside each Whoosh generation, the page texts, what hits show, the columns and the words.

    documents   one row a document: its fields, the first position of each page, its parts
    pages       page texts, compressed; id = document number << 16 | page index
    columns     one blob a field: a code for every document (see `casereviews.index.storage.columns`)
    words       every word of the index, the family it belongs to (`kin`), and itself backwards

A document is found only while its row is here: postings of numbers without a row are skipped, so replacing
a document needs no change to the Whoosh segment that holds its old words. Numbers are never used twice.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from casereviews.index.analysis import kin
from casereviews.repository.model import Page, PublishedDocument, Recommendation, Section
from casereviews.repository.sqlite_files import open_reading

PAGE_BITS = 16
_TABLES = """
CREATE TABLE IF NOT EXISTS documents (
    n INTEGER PRIMARY KEY AUTOINCREMENT, document_id TEXT NOT NULL UNIQUE, review_id TEXT NOT NULL,
    digest BLOB NOT NULL, fields TEXT NOT NULL, layout TEXT NOT NULL, parts TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS documents_by_review ON documents (review_id);
CREATE TABLE IF NOT EXISTS pages (
    id INTEGER PRIMARY KEY, number INTEGER NOT NULL, label TEXT, text BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS columns (
    name TEXT PRIMARY KEY, dictionary TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS words (form TEXT PRIMARY KEY, kin TEXT NOT NULL, tail TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_WORD_INDEXES = (
    "CREATE INDEX IF NOT EXISTS words_by_kin ON words (kin)",
    "CREATE INDEX IF NOT EXISTS words_by_tail ON words (tail)",
)


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document's row. `layout` is what `casereviews.index.positions` found: starts of pages, sections, weighted length."""

    n: int
    document_id: str
    review_id: str
    fields: dict[str, Any]
    layout: dict[str, Any]

    @property
    def starts(self) -> list[int]:
        """The first position of each page."""
        return list(self.layout["starts"])


class Store:
    """`pages.db` of one generation. One writer; any number of readers, also while it writes."""

    def __init__(self, path: Path, *, write: bool = False) -> None:
        self.path = path
        self.removed = 0  # documents deleted since this was opened
        self.db = sqlite3.connect(path, isolation_level=None) if write else open_reading(path)
        try:
            if write:
                self.db.execute("PRAGMA journal_mode = WAL")
                self.db.execute("PRAGMA synchronous = NORMAL")
                self.db.execute("PRAGMA secure_delete = ON")
                self.db.executescript(_TABLES)
            else:
                # SQLite opens its files at the first query: they must be open before a newer generation deletes them.
                self.db.execute("SELECT 1 FROM documents LIMIT 1").fetchall()
        except BaseException:
            self.db.close()
            raise

    def close(self) -> None:
        self.db.close()

    # ------------------------------------------------------------ writing

    def begin(self) -> None:
        self.db.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self.db.execute("COMMIT")

    def rollback(self) -> None:
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")

    def next_number(self) -> int:
        """The number after all that were ever used."""
        row = self.db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'documents'").fetchone()
        return int(row[0]) + 1 if row else 1

    def add(
        self,
        number: int,
        document: PublishedDocument,
        digest: bytes,
        layout: Mapping[str, object],
        texts: Sequence[bytes],
    ) -> None:
        """Stores a document, with its compressed page texts, in place of the one of its id."""
        self.remove([document.document_id])
        parts = {
            "sections": [asdict(section) for section in document.sections],
            "recommendations": [asdict(advice) for advice in document.recommendations],
        }
        self.db.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                number,
                document.document_id,
                document.review_id,
                digest,
                _json(dict(document.fields)),
                _json(layout),
                _json(parts),
            ),
        )
        self.db.executemany(
            "INSERT INTO pages (id, number, label, text) VALUES (?, ?, ?, ?)",
            (
                (number << PAGE_BITS | at, page.number, page.label, text)
                for at, (page, text) in enumerate(zip(document.pages, texts, strict=True))
            ),
        )

    def remove(self, document_ids: Iterable[str]) -> list[int]:
        """Deletes documents and their pages; returns the numbers they had."""
        numbers = [
            number
            for document_id in document_ids
            for (number,) in self.db.execute(
                "SELECT n FROM documents WHERE document_id = ?", (document_id,)
            )
        ]
        self.remove_numbers(numbers)
        return numbers

    def remove_numbers(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self.removed += 1
            self.db.execute("DELETE FROM documents WHERE n = ?", (number,))
            self.db.execute(
                "DELETE FROM pages WHERE id BETWEEN ? AND ?",
                (number << PAGE_BITS, (number + 1 << PAGE_BITS) - 1),
            )

    def add_words(self, forms: Iterable[str]) -> None:
        """Adds those words that are not known yet."""
        wanted = sorted(forms)
        for first in range(0, len(wanted), 500):
            some = wanted[first : first + 500]
            marks = ",".join("?" * len(some))
            rows = self.db.execute(f"SELECT form FROM words WHERE form IN ({marks})", some)
            known = {form for (form,) in rows}
            self.db.executemany(
                "INSERT INTO words VALUES (?, ?, ?)",
                ((form, kin(form), form[::-1]) for form in some if form not in known),
            )

    def keep_words(self, forms: Collection[str]) -> None:
        """Removes every word that is not one of these."""
        listed = [form for (form,) in self.db.execute("SELECT form FROM words")]
        self.db.executemany(
            "DELETE FROM words WHERE form = ?", ((form,) for form in listed if form not in forms)
        )

    def finish_words(self) -> None:
        """Makes the indexes by family and by ending (once a build has all words)."""
        for statement in _WORD_INDEXES:
            self.db.execute(statement)

    def put_columns(self, columns: Iterable[tuple[str, str, bytes]]) -> None:
        self.db.execute("DELETE FROM columns")
        self.db.executemany("INSERT INTO columns VALUES (?, ?, ?)", columns)

    def settle(self, *, vacuum: bool = False) -> None:
        """Moves the write-ahead log into the file; with `vacuum`, nothing of deleted rows stays on disk."""
        if vacuum:
            self.db.execute("VACUUM")
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    # ------------------------------------------------------------ reading

    def get(self, key: str) -> str | None:
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def put(self, key: str, value: str) -> None:
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def numbers(self) -> list[int]:
        return [number for (number,) in self.db.execute("SELECT n FROM documents ORDER BY n")]

    def digest(self, document_id: str) -> bytes | None:
        row = self.db.execute(
            "SELECT digest FROM documents WHERE document_id = ?", (document_id,)
        ).fetchone()
        return None if row is None else bytes(row[0])

    def documents(self) -> Iterator[StoredDocument]:
        """Every document, in order of number."""
        for n, document_id, review_id, fields, layout in self.db.execute(
            "SELECT n, document_id, review_id, fields, layout FROM documents ORDER BY n"
        ):
            yield StoredDocument(n, document_id, review_id, json.loads(fields), json.loads(layout))

    def ids(self) -> Iterator[tuple[int, str]]:
        """Number and id of every document, in order of number."""
        yield from self.db.execute("SELECT n, document_id FROM documents ORDER BY n")

    def shown_ids(self) -> set[str]:
        """Ids of all reviews and documents."""
        rows = self.db.execute("SELECT review_id, document_id FROM documents")
        return {one for both in rows for one in both}

    def count(self) -> int:
        """How many documents there are."""
        return int(self.db.execute("SELECT COUNT(*) FROM documents").fetchone()[0])

    def counts(self) -> tuple[int, int, int]:
        """How many documents, reviews and words of pages there are."""
        row = self.db.execute(
            "SELECT COUNT(*), COUNT(DISTINCT review_id), SUM(json_extract(layout, '$.words')) FROM documents"
        ).fetchone()
        return row[0], row[1], row[2] or 0

    def columns(self) -> dict[str, tuple[Any, bytes]]:
        """All columns by name."""
        rows = self.db.execute("SELECT name, dictionary, data FROM columns")
        return {name: (json.loads(said), bytes(data)) for name, said, data in rows}

    def document(self, number: int) -> StoredDocument | None:
        row = self.db.execute(
            "SELECT document_id, review_id, fields, layout FROM documents WHERE n = ?", (number,)
        ).fetchone()
        if row is None:
            return None
        return StoredDocument(number, row[0], row[1], json.loads(row[2]), json.loads(row[3]))

    def number_of(self, document_id: str) -> int | None:
        row = self.db.execute(
            "SELECT n FROM documents WHERE document_id = ?", (document_id,)
        ).fetchone()
        return None if row is None else int(row[0])

    def documents_of(self, review_id: str) -> list[str]:
        return [
            document_id
            for (document_id,) in self.db.execute(
                "SELECT document_id FROM documents WHERE review_id = ? ORDER BY n", (review_id,)
            )
        ]

    def page(self, number: int, at: int) -> Page | None:
        """The page at index `at` of a document."""
        row = self.db.execute(
            "SELECT number, label, text FROM pages WHERE id = ?", (number << PAGE_BITS | at,)
        ).fetchone()
        return None if row is None else Page(row[0], _text(row[2]), row[1])

    def pages(self, number: int) -> tuple[Page, ...]:
        rows = self.db.execute(
            "SELECT number, label, text FROM pages WHERE id BETWEEN ? AND ? ORDER BY id",
            (number << PAGE_BITS, (number + 1 << PAGE_BITS) - 1),
        )
        return tuple(Page(page, _text(text), label) for page, label, text in rows)

    def indexed_document(self, number: int) -> PublishedDocument | None:
        """The document as it was given to the index; of its pages number, label and text."""
        row = self.db.execute(
            "SELECT document_id, review_id, fields, parts FROM documents WHERE n = ?", (number,)
        ).fetchone()
        if row is None:
            return None
        parts = json.loads(row[3])
        fields = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in json.loads(row[2]).items()
        }
        return PublishedDocument(
            row[0],
            row[1],
            fields,
            self.pages(number),
            tuple(Section(**section) for section in parts["sections"]),
            tuple(Recommendation(**advice) for advice in parts["recommendations"]),
        )

    def column(self, name: str) -> tuple[Any, bytes] | None:
        row = self.db.execute(
            "SELECT dictionary, data FROM columns WHERE name = ?", (name,)
        ).fetchone()
        return None if row is None else (json.loads(row[0]), bytes(row[1]))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _text(data: bytes) -> str:
    return zlib.decompress(data).decode("utf-8", "surrogatepass")
