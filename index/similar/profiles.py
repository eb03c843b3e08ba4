"""What each document of a generation speaks of: `similar.db`, postings of concepts.

document (id, length, norm)       length: mentions in its telling passages; norm: size of its concept vector
mention  (concept, document, n)
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from casereviews.index.errors import IndexDamaged, damage_named
from casereviews.index.similar.concepts import ConceptFinder
from casereviews.index.similar.passages import digest_of, telling_text
from casereviews.repository.model import PublishedDocument
from casereviews.repository.sqlite_files import decoded, open_reading

FILE = "similar.db"
# Saturation and length normalisation in the manner of BM25; chosen on the development queries (benchmarks/relevance.py).
K1, B = 1.2, 0.3
# How far a document's own size counts against it, the average one's size making up the rest (pivoted normalisation: Singhal,
# Buckley and Mitra, 1996): whole, a document of two concepts would be a perfect match of anything. Cross-validated.
SLOPE = 0.35
# The norm of a document that was added and not weighed yet, as after a stop between the two.
UNWEIGHED = -1.0

_TABLES = """
CREATE TABLE IF NOT EXISTS document (id TEXT PRIMARY KEY, digest TEXT NOT NULL,
    length INTEGER NOT NULL, norm REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mention (concept TEXT, document TEXT, n INTEGER NOT NULL,
    PRIMARY KEY (concept, document)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS mention_by_document ON mention (document);
"""


class Profiles:
    """The concept postings of one generation.

    To write, give the `vocabulary` (`ConceptFinder.fingerprint`): profiles of another one are emptied first, and a damaged file
    is made anew. Reading a damaged file raises IndexDamaged, and so does changing one whose damage shows only then.
    """

    def __init__(self, generation: Path, *, vocabulary: int | None = None) -> None:
        self._path = generation / FILE
        self._read: dict[str, list[tuple[str, int]]] = {}
        if vocabulary is not None:
            if self._path.is_symlink() and not self._path.exists():  # a link to nowhere
                self._path.unlink()
            with damage_named(self._path):
                self._db = self._made_writable(vocabulary)
        else:
            with damage_named(self._path):
                self._db = open_reading(self._path)

    def _made_writable(self, vocabulary: int) -> sqlite3.Connection:
        try:
            with decoded():
                return self._writable(vocabulary)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise  # locked, or the disk is full: the file is as it was
            self._path.unlink(missing_ok=True)
            return self._writable(vocabulary)

    def _writable(self, vocabulary: int) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, isolation_level=None)
        try:
            database.execute("PRAGMA secure_delete = ON")
            database.executescript(_TABLES)
            if database.execute("PRAGMA user_version").fetchone()[0] != vocabulary:
                database.executescript(
                    "BEGIN IMMEDIATE; DELETE FROM mention; DELETE FROM document;"
                    f"PRAGMA user_version = {vocabulary:d}; COMMIT"
                )
        except BaseException:
            database.close()
            raise
        return database

    @staticmethod
    def complete(generation: Path, document_ids: Collection[str], *, vocabulary: int) -> bool:
        """True when each of these documents has a profile of this vocabulary, and all are weighed."""
        if not (generation / FILE).exists():
            return False
        try:
            with closing(Profiles(generation)) as profiles:
                version = profiles._db.execute("PRAGMA user_version").fetchone()[0]
                unweighed = profiles._db.execute(
                    "SELECT COUNT(*) FROM document WHERE norm = ?", (UNWEIGHED,)
                ).fetchone()[0]
                return (
                    version == vocabulary
                    and not unweighed
                    and profiles.documents() >= set(document_ids)
                )
        except (sqlite3.DatabaseError, IndexDamaged):
            return False

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def documents(self) -> set[str]:
        """Ids of the documents that have a profile."""
        return {row[0] for row in self._db.execute("SELECT id FROM document")}

    def add(self, documents: Iterable[PublishedDocument], finder: ConceptFinder) -> None:
        """Add or replace documents' profiles, all in one transaction; `weigh` is to follow when all are added."""
        with self._change():
            for document in documents:
                text = telling_text(document)
                digest = digest_of(text)
                if self._digest(document.document_id) != digest:
                    self._put(document.document_id, digest, finder.count(text))

    @contextmanager
    def _change(self) -> Iterator[None]:
        """What is changed in the block, as a whole or not at all."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._db.execute("COMMIT")
        except BaseException as error:
            with suppress(sqlite3.Error):
                self._db.rollback()
            if isinstance(error, sqlite3.DatabaseError):
                with damage_named(self._path):
                    raise
            raise

    def _digest(self, document_id: str) -> str | None:
        found = self._db.execute("SELECT digest FROM document WHERE id = ?", (document_id,))
        return next((row[0] for row in found), None)

    def _put(self, document_id: str, digest: str, counts: Counter[str]) -> None:
        self._remove(document_id)
        self._db.execute(
            "INSERT INTO document VALUES (?, ?, ?, ?)",
            (document_id, digest, counts.total(), UNWEIGHED),
        )
        self._db.executemany(
            "INSERT INTO mention VALUES (?, ?, ?)",
            ((concept, document_id, n) for concept, n in counts.items()),
        )

    def remove(self, document_ids: Collection[str]) -> None:
        """Take documents' profiles out."""
        with self._change():
            for document_id in document_ids:
                self._remove(document_id)

    def _remove(self, document_id: str) -> None:
        self._read.clear()
        self._db.execute("DELETE FROM document WHERE id = ?", (document_id,))
        self._db.execute("DELETE FROM mention WHERE document = ?", (document_id,))

    def weigh(self, finder: ConceptFinder) -> None:
        """Measure every document's vector anew: how rare a concept is depends on all documents."""
        with self._change():
            squares = {name: weight**2 for name, weight in self._weights(finder.weights).items()}
            self._db.create_function(
                "square", 1, lambda name: squares.get(name, 0.0), deterministic=True
            )
            self._db.execute(
                "UPDATE document SET norm = (SELECT COALESCE(SUM(square(concept)), 0) FROM mention"
                " WHERE document = document.id)"
            )

    def _weights(self, own: Mapping[str, float]) -> dict[str, float]:
        """Each concept's weight times how rare it is (the idf of BM25)."""
        total = self._db.execute("SELECT COUNT(*) FROM document").fetchone()[0]
        found = self._db.execute("SELECT concept, COUNT(*) FROM mention GROUP BY concept")
        return {concept: own.get(concept, 0.0) * _rarity(total, n) for concept, n in found}

    def scores(self, query: Mapping[str, int], own: Mapping[str, float]) -> dict[str, float]:
        """Documents that share a concept with the query and how much: shared weight over the document's own size.

        Raises IndexDamaged when the file is damaged.
        """
        with damage_named(self._path):
            return self._scores(query, own)

    def _scores(self, query: Mapping[str, int], own: Mapping[str, float]) -> dict[str, float]:
        total, length = self._db.execute(
            "SELECT COUNT(*), COALESCE(AVG(length), 1) FROM document"
        ).fetchone()
        if not total:
            return {}
        sums: dict[str, float] = {}
        documents = {
            row[0]: (row[1], row[2])
            for row in self._db.execute("SELECT id, length, norm FROM document")
        }
        for concept in query:
            postings = self._postings(concept)
            gain = (own.get(concept, 0.0) * _rarity(total, len(postings))) ** 2
            for document, n in postings:
                pull = K1 * (1 - B + B * documents[document][0] / max(length, 1))
                sums[document] = sums.get(document, 0.0) + gain * n * (K1 + 1) / (n + pull)
        sizes = {document: math.sqrt(max(norm, 0.0)) for document, (_, norm) in documents.items()}
        average = sum(sizes.values()) / total
        return {
            document: score / ((1 - SLOPE) * average + SLOPE * sizes[document])
            for document, score in sums.items()
            if score > 0
        }

    def rarity(self, query: Mapping[str, int], own: Mapping[str, float]) -> dict[str, float]:
        """The weight of each of these concepts times how rare it is; one that no document has is the rarest."""
        total = self._db.execute("SELECT COUNT(*) FROM document").fetchone()[0]
        return {
            name: own.get(name, 0.0) * _rarity(total, len(self._postings(name))) for name in query
        }

    def shared(self, document_id: str, query: Mapping[str, int]) -> list[str]:
        """Concepts of the query that the document mentions too."""
        found = self._db.execute("SELECT concept FROM mention WHERE document = ?", (document_id,))
        return [row[0] for row in found if row[0] in query]

    def having(self, query: Mapping[str, int]) -> dict[str, set[str]]:
        """The concepts of the query that each document mentions too, by document id."""
        found: dict[str, set[str]] = {}
        for concept in query:
            for document, _ in self._postings(concept):
                found.setdefault(document, set()).add(concept)
        return found

    def _postings(self, concept: str) -> list[tuple[str, int]]:
        """The documents that mention a concept and how often: read once, for all that is asked of one question."""
        if concept not in self._read:
            self._read[concept] = self._db.execute(
                "SELECT document, n FROM mention WHERE concept = ?", (concept,)
            ).fetchall()
        return self._read[concept]


def _rarity(total: int, documents: int) -> float:
    """How rare a concept is that so many of all documents mention (the idf of BM25)."""
    return math.log(1 + (total - documents + 0.5) / (documents + 0.5))
