"""What each document of a generation speaks of: `similar.db`, postings of concepts.

document (id, length, norm, whole_length, whole_norm)   length: mentions in its telling passages; norm: size of its concept vector
mention  (concept, document, n, whole)                  n: told of in its telling passages; whole: and mentioned on all its other pages
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import cached_property
from pathlib import Path

from casereviews.index.errors import IndexDamaged, damage_named
from casereviews.index.similar.concepts import ConceptFinder
from casereviews.index.similar.passages import digest_of, telling_text, whole_text
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
    length INTEGER NOT NULL, norm REAL NOT NULL, whole_length INTEGER NOT NULL, whole_norm REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mention (concept TEXT, document TEXT, n INTEGER NOT NULL, whole INTEGER NOT NULL,
    PRIMARY KEY (concept, document)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS mention_by_document ON mention (document);
"""
# Where mentions, their number in a document, and the size of its vector stand.
_TELLING = ("n", "length", "norm")
_WHOLE = ("whole", "whole_length", "whole_norm")


class Profiles:
    """The concept postings of one generation.

    To write, give the `vocabulary` (`ConceptFinder.fingerprint`): profiles of another one are emptied first, and a damaged file
    is made anew. Reading a damaged file raises IndexDamaged, and so does changing one whose damage shows only then.
    """

    def __init__(self, generation: Path, *, vocabulary: int | None = None) -> None:
        self._path = generation / FILE
        self._read: dict[tuple[str, str], list[tuple[str, int]]] = {}
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
            emptied = ""
            if database.execute("PRAGMA user_version").fetchone()[0] != vocabulary:
                emptied = (
                    "DROP TABLE IF EXISTS mention; DROP TABLE IF EXISTS document;"
                    f"PRAGMA user_version = {vocabulary:d};"
                )
            database.executescript(f"BEGIN IMMEDIATE; {emptied} {_TABLES} COMMIT")
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
                text, whole = telling_text(document), whole_text(document)
                digest = digest_of(f"{text}\0{whole}")
                if self._digest(document.document_id) != digest:
                    told = finder.count(text)
                    spoken = finder.spoken(whole)
                    spoken.subtract(finder.spoken(text))
                    self._put(document.document_id, digest, told, told + spoken)

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

    def _put(self, document_id: str, digest: str, told: Counter[str], whole: Counter[str]) -> None:
        self._remove(document_id)
        self._db.execute(
            "INSERT INTO document VALUES (?, ?, ?, ?, ?, ?)",
            (document_id, digest, told.total(), UNWEIGHED, whole.total(), UNWEIGHED),
        )
        self._db.executemany(
            "INSERT INTO mention VALUES (?, ?, ?, ?)",
            (
                (concept, document_id, told[concept], whole[concept])
                for concept in told.keys() | whole.keys()
            ),
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
            for count, _, norm in (_TELLING, _WHOLE):
                weights = self._weights(finder.weights, count)
                squares = {name: weight**2 for name, weight in weights.items()}
                self._db.create_function("square", 1, squares.get, deterministic=True)
                self._db.execute(
                    f"UPDATE document SET {norm} = (SELECT COALESCE(SUM(square(concept)), 0) FROM mention"
                    f" WHERE document = document.id AND {count} > 0)"
                )

    def _weights(self, own: Mapping[str, float], count: str) -> dict[str, float]:
        """Each concept's weight times how rare it is (the idf of BM25), of the mentions that `count` counts."""
        total = self._db.execute("SELECT COUNT(*) FROM document").fetchone()[0]
        found = self._db.execute(
            f"SELECT concept, COUNT(*) FROM mention WHERE {count} > 0 GROUP BY concept"
        )
        return {concept: own.get(concept, 0.0) * _rarity(total, n) for concept, n in found}

    def scores(
        self, query: Mapping[str, int], own: Mapping[str, float], *, whole: bool = False
    ) -> dict[str, float]:
        """Documents that share a concept with the query and how much: shared weight over the document's own size; by its telling passages, or
        by the `whole` report.

        Raises IndexDamaged when the file is damaged.
        """
        with damage_named(self._path):
            return self._scores(query, own, _WHOLE if whole and self._has_whole else _TELLING)

    @cached_property
    def _has_whole(self) -> bool:
        """False for profiles of an earlier version, which have the telling passages alone until they are made anew."""
        columns = self._db.execute("PRAGMA table_info(mention)")
        return "whole" in {row[1] for row in columns}

    def _scores(
        self, query: Mapping[str, int], own: Mapping[str, float], columns: tuple[str, str, str]
    ) -> dict[str, float]:
        count, of_length, of_norm = columns
        documents = {
            row[0]: (row[1], row[2])
            for row in self._db.execute(f"SELECT id, {of_length}, {of_norm} FROM document")
        }
        total = len(documents)
        if not total:
            return {}
        length = sum(each for each, _ in documents.values()) / total
        sums: dict[str, float] = {}
        for concept in query:
            postings = self._postings(concept, count)
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
        found = self._db.execute(
            "SELECT concept FROM mention WHERE document = ? AND n > 0", (document_id,)
        )
        return [row[0] for row in found if row[0] in query]

    def having(self, query: Mapping[str, int]) -> dict[str, set[str]]:
        """The concepts of the query that each document mentions too, by document id."""
        found: dict[str, set[str]] = {}
        for concept in query:
            for document, _ in self._postings(concept):
                found.setdefault(document, set()).add(concept)
        return found

    def _postings(self, concept: str, count: str = "n") -> list[tuple[str, int]]:
        """The documents that mention a concept and how often: read once, for all that is asked of one question."""
        key = concept, count
        if key not in self._read:
            self._read[key] = self._db.execute(
                f"SELECT document, {count} FROM mention WHERE concept = ? AND {count} > 0",
                (concept,),
            ).fetchall()
        return self._read[key]


def _rarity(total: int, documents: int) -> float:
    """How rare a concept is that so many of all documents mention (the idf of BM25)."""
    return math.log(1 + (total - documents + 0.5) / (documents + 0.5))
