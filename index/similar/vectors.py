"""Passage vectors of a generation: float16 segments beside the index, added to in place.

gNNN/vectors/<encoder key>/vectors.json     the segments, and which passages their rows are; replaced atomically
                           0001.npy ...      float16, shape (rows, dimension)
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casereviews.index.errors import NoIndex
from casereviews.index.similar.encoders import Encoder
from casereviews.index.similar.passages import digest_of, passages_of, telling_text
from casereviews.repository.model import PublishedDocument
from casereviews.repository.sentence_encoder import normalised
from casereviews.repository.whole_files import write_whole

if TYPE_CHECKING:
    from casereviews.repository.sentence_encoder import Vectors

# What all passages have in common says nothing of any: their mean is taken away (Mu and Viswanath, "All-but-the-top", 2018). Of
# fewer passages the mean would be too much of what one of them says.
LEAST_CENTRED = 100
MOST_SEGMENTS = 12
BATCH_DOCUMENTS = 64
_ROWS_AT_A_TIME = 1024
_SEGMENT = re.compile(r"\d{4,}\.npy")  # nothing else is opened or deleted, whatever a manifest says
Row = tuple[str, int, int, int]  # document id, page, start, end
# What reading damaged or half-written files raises.
_DAMAGE = (ValueError, KeyError, TypeError, OSError, EOFError)


@dataclass(frozen=True, slots=True)
class Match:
    """A passage and how near it is: `score` is the cosine of what is left without the mean of all, -1..1."""

    document_id: str
    page: int
    start: int
    end: int
    score: float


class Nearest(Mapping[str, list[Match]]):
    """Every document's passages by how near they are, best first; matches are made when a document is looked at. `best` has the nearest of each;
    of few passages none is `centred`, and likenesses only rank."""

    def __init__(self, loaded: _Loaded, scores: Vectors, top: int) -> None:
        self._loaded = loaded
        self._scores = scores
        self._top = top
        self.best: dict[str, float] = {}
        # What is left of a cosine without the mean says how near; with it all are near.
        self.centred = len(loaded.rows) >= LEAST_CENTRED
        firsts = [stretch.start for stretch, _ in loaded.stretches]
        if firsts:
            import numpy as np

            highest = np.maximum.reduceat(scores, firsts).tolist()
            for (_, document_id), score in zip(loaded.stretches, highest, strict=True):
                self.best[document_id] = max(score, self.best.get(document_id, score))

    def __getitem__(self, document_id: str) -> list[Match]:
        rows = [at for stretch in self._loaded.of_document[document_id] for at in stretch]
        rows.sort(key=lambda at: float(self._scores[at]), reverse=True)
        return [Match(*self._loaded.rows[at], float(self._scores[at])) for at in rows[: self._top]]

    def __contains__(self, document_id: object) -> bool:
        return document_id in self.best

    def __iter__(self) -> Iterator[str]:
        return iter(self.best)

    def __len__(self) -> int:
        return len(self.best)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """All that is read to compare: `rows` of passages, their centred vectors and the mean that was taken away, the ids of all documents,
    and the stretches of rows that are of one document."""

    rows: Sequence[Row]
    matrix: Vectors
    mean: Vectors
    documents: frozenset[str]
    stretches: Sequence[tuple[range, str]]
    of_document: Mapping[str, Sequence[range]]


class VectorStore:
    """The vectors of one encoder in one generation."""

    def __init__(self, generation: Path, key: str) -> None:
        self.folder = generation / "vectors" / key
        self._manifest = self.folder / "vectors.json"
        self._loaded: _Loaded | None = None
        self._as_of: tuple[int, int, int] | None = None

    @property
    def exists(self) -> bool:
        """True when anything was embedded with this encoder."""
        return self._manifest.is_file()

    def documents(self) -> set[str]:
        """Ids of the documents that were embedded (also those without a passage)."""
        return set(self._read()["documents"])

    def sound(self) -> bool:
        """True when the manifest can be read and every segment that it names is there and has as many rows.

        False too when numpy is not installed any more: what cannot be read cannot be purged.
        """
        try:
            import numpy as np

            for segment in self._read()["segments"]:
                rows = np.load(self._file(segment), mmap_mode="r")
                if len(rows) != len(segment["rows"]):
                    return False
        except (*_DAMAGE, ImportError):
            return False
        return True

    def complete(self, document_ids: Collection[str]) -> bool:
        """True when each of these documents was embedded and all of it can be read."""
        return self.sound() and self.documents() >= set(document_ids)

    def _start_anew(self) -> None:
        shutil.rmtree(self.folder)
        self._loaded = None

    def add(self, documents: Iterable[PublishedDocument], encoder: Encoder) -> int:
        """Embed documents' passages in batches, each batch one segment; returns the number of passages.

        A document whose telling passages are as they were is left alone, a changed one replaced.
        """
        total = 0
        if not self.sound():
            self._start_anew()
        known: dict[str, str] = self._read()["documents"]
        batch: list[PublishedDocument] = []
        for document in documents:
            if known.get(document.document_id) == digest_of(telling_text(document)):
                continue
            batch.append(document)
            if len(batch) == BATCH_DOCUMENTS:
                total += self._add_batch(batch, encoder)
                batch = []
        if batch:
            total += self._add_batch(batch, encoder)
        return total

    def remove(self, document_ids: Collection[str]) -> None:
        """Rewrite every segment that holds a row of these documents, so that no trace of them stays."""
        gone = set(document_ids)
        manifest = self._read()
        if not gone & set(manifest["documents"]):
            return
        import numpy as np

        dropped: list[Path] = []
        for segment in list(manifest["segments"]):
            keep = [i for i, row in enumerate(segment["rows"]) if row[0] not in gone]
            if len(keep) == len(segment["rows"]):
                continue
            dropped.append(self._file(segment))
            kept = np.load(self._file(segment))[keep]
            manifest["segments"].remove(segment)
            if keep:
                self._write_segment(manifest, kept, [segment["rows"][i] for i in keep])
        for document_id in gone:
            manifest["documents"].pop(document_id, None)
        self._replace(manifest)
        for file in dropped:
            file.unlink(missing_ok=True)

    def nearest(self, query: Vectors, *, top: int = 3) -> Nearest:
        """Every document's nearest passages to any row of `query` (shape (rows, dimension)), best first."""
        loaded = self._load()
        if not loaded.rows:
            return Nearest(loaded, loaded.mean, top)
        scores = (loaded.matrix @ normalised(query - loaded.mean).T).max(axis=1)
        return Nearest(loaded, scores, top)

    def compared(self) -> frozenset[str]:
        """As `documents`, of what is loaded for comparing: read once. Raises NoIndex when it cannot be read."""
        return self._load().documents

    def _add_batch(self, batch: Sequence[PublishedDocument], encoder: Encoder) -> int:
        self.remove([document.document_id for document in batch])
        manifest = self._read()
        rows: list[Row] = []
        texts: list[str] = []
        for document in batch:
            for passage in passages_of(document):
                rows.append((document.document_id, passage.page, passage.start, passage.end))
                texts.append(passage.text)
        if texts:
            self._write_segment(manifest, encoder.encode(texts).astype("float16"), rows)
        for document in batch:
            manifest["documents"][document.document_id] = digest_of(telling_text(document))
        if len(manifest["segments"]) > MOST_SEGMENTS:
            self._merge(manifest)
        else:
            self._replace(manifest)
        return len(texts)

    def _merge(self, manifest: dict[str, Any]) -> None:
        import numpy as np

        old = list(manifest["segments"])
        merged = np.concatenate([np.load(self._file(segment)) for segment in old])
        rows = [tuple(row) for segment in old for row in segment["rows"]]
        manifest["segments"] = []
        self._write_segment(manifest, merged, rows)
        self._replace(manifest)
        for segment in old:
            (self._file(segment)).unlink(missing_ok=True)

    def _write_segment(self, manifest: dict[str, Any], array: Any, rows: Sequence[Any]) -> None:
        import numpy as np

        self.folder.mkdir(parents=True, exist_ok=True)
        manifest["last"] += 1
        name = f"{manifest['last']:04d}.npy"
        with (self.folder / name).open("wb") as file:
            np.save(file, array)
            file.flush()
            os.fsync(file.fileno())
        manifest["segments"].append({"file": name, "rows": [list(row) for row in rows]})

    def _file(self, segment: Mapping[str, Any]) -> Path:
        """The file of a segment. Raises ValueError for a name that we never give."""
        name = str(segment["file"])
        if not _SEGMENT.fullmatch(name):
            raise ValueError(f"{name!r} is no segment's name")
        return self.folder / name

    def _read(self) -> dict[str, Any]:
        if not self._manifest.is_file():
            return {"last": 0, "segments": [], "documents": {}}
        manifest: dict[str, Any] = json.loads(self._manifest.read_text("utf-8"))
        return manifest

    def _stamp(self) -> tuple[int, int, int] | None:
        """Tells whether the manifest is the one that was loaded."""
        if not self._manifest.is_file():
            return None
        stat = self._manifest.stat()
        return stat.st_mtime_ns, stat.st_size, stat.st_ino

    def _replace(self, manifest: dict[str, Any]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._manifest, json.dumps(manifest))
        self._loaded = None

    def _load(self) -> _Loaded:
        """What is compared; NoIndex when it cannot be read, twice: between two reads a segment may have been replaced."""
        for last in (False, True):
            try:
                return self._read_segments()
            except _DAMAGE as error:
                if last:
                    raise NoIndex(
                        f"The vectors in {self.folder} are damaged ({type(error).__name__}): run"
                        " `casereviews rebuild --index`."
                    ) from error
        raise AssertionError("the last try returns or raises")

    def _read_segments(self) -> _Loaded:
        as_of = self._stamp()
        if self._loaded is None or as_of != self._as_of:
            import numpy as np

            self._as_of = as_of
            manifest = self._read()
            rows: list[Row] = []
            arrays = []
            for segment in manifest["segments"]:
                array = np.load(self._file(segment), mmap_mode="r")
                if len(array) != len(segment["rows"]):
                    raise ValueError(f"{segment['file']} has not the rows that the manifest says")
                arrays.append(array)
                rows += segment["rows"]
            matrix, mean = _centred(arrays)
            stretches = list(_stretches([row[0] for row in rows]))
            of_document: dict[str, list[range]] = {}
            for stretch, document_id in stretches:
                of_document.setdefault(document_id, []).append(stretch)
            documents = frozenset(manifest["documents"])
            self._loaded = _Loaded(rows, matrix, mean, documents, stretches, of_document)
        return self._loaded


def _centred(arrays: Sequence[Vectors]) -> tuple[Vectors, Vectors]:
    """All rows as one matrix of single precision, of LEAST_CENTRED and more their mean taken away, and the mean.

    Some rows at a time: as large as the whole, what is made on the way costs more than the arithmetic.
    """
    import numpy as np

    columns = arrays[0].shape[1] if arrays else 1
    matrix = np.empty((sum(map(len, arrays)), columns), np.float32)
    at = 0
    for array in arrays:
        matrix[at : at + len(array)] = array
        at += len(array)
    mean = np.zeros(columns, np.float32)
    if len(matrix) >= LEAST_CENTRED:
        mean = matrix.mean(axis=0)
        for start in range(0, len(matrix), _ROWS_AT_A_TIME):
            some = matrix[start : start + _ROWS_AT_A_TIME]
            some[:] = normalised(some - mean)
    return matrix, mean


def _stretches(ids: Sequence[str]) -> Iterator[tuple[range, str]]:
    """Runs of one id; a document's passages lie side by side where one batch wrote them."""
    start = 0
    for document_id, run in groupby(ids):
        stop = start + sum(1 for _ in run)
        yield range(start, stop), document_id
        start = stop
