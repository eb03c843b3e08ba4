"""A Whoosh codec for bulk reading: each term's postings lie side by side as plain arrays.

Whoosh's own codec (W3) pickles ids, weights and positions of 128 documents together, so that counting a
common word unpacks all its positions. This one keeps W3's term table, columns and segments, and writes a
term's postings as four arrays: document numbers, weights, counts, positions. Reading is a slice and
`array.frombytes`. Whoosh's own searchers cannot read these postings, and nothing here asks them to.
"""

from __future__ import annotations

import mmap
import pickle
import struct
from array import array
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3Segment, W3TermInfo, W3TermsReader
from whoosh.columns import NumericColumn
from whoosh.fields import FieldType, Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import StructFile
from whoosh.formats import Format

FIELD = "text"
ORDINALS = "ordinal"
ORDINAL_COLUMN = NumericColumn("I")
_HEADER = struct.Struct("<IIB")
_WIDE_IDS, _WIDE_COUNTS, _WIDE_POSITIONS = 1, 2, 4
_LIMIT = 0xFFFF
_OFFSET = struct.Struct("!q")  # what follows a W3TermInfo's fixed part
_INFO = W3TermInfo._struct.size


@dataclass(slots=True)
class Postings:
    """One term in one segment. `ids` rise; `weights` are quarters; `positions` holds `counts[i]` positions for each id, in order."""

    ids: array[int]
    weights: array[int]
    counts: array[int]
    positions: array[int]

    def to_bytes(self) -> bytes:
        ids, id_flag = _narrow(self.ids, _WIDE_IDS)
        counts, count_flag = _narrow(self.counts, _WIDE_COUNTS)
        positions, position_flag = _narrow(self.positions, _WIDE_POSITIONS)
        header = _HEADER.pack(len(ids), len(positions), id_flag | count_flag | position_flag)
        return b"".join((header, ids, self.weights, counts, positions))


def _narrow(values: array[int], flag: int) -> tuple[array[int], int]:
    """The values as 16-bit when they fit, and the flag that says whether they are wide."""
    if values.typecode == "H":
        return values, 0
    if values and max(values) > _LIMIT:
        return values, flag
    return array("H", values), 0


class StoredPostings:
    """One term's postings on disk; the arrays are read when asked for."""

    __slots__ = ("_at", "_data", "_flags", "count", "total")

    def __init__(self, data: Any, offset: int) -> None:
        self._data = data
        self.count, self.total, self._flags = _HEADER.unpack_from(data, offset)
        self._at = offset + _HEADER.size

    def _read(self, code: str, start: int, length: int) -> array[int]:
        values = array(code)
        values.frombytes(self._data[start : start + length * values.itemsize])
        return values

    def _layout(self) -> tuple[int, int, int]:
        weights = self._at + self.count * (4 if self._flags & _WIDE_IDS else 2)
        counts = weights + self.count * 2
        positions = counts + self.count * (4 if self._flags & _WIDE_COUNTS else 2)
        return weights, counts, positions

    def ids(self) -> array[int]:
        return self._read("I" if self._flags & _WIDE_IDS else "H", self._at, self.count)

    def weights(self) -> array[int]:
        return self._read("H", self._layout()[0], self.count)

    def counts(self) -> array[int]:
        return self._read("I" if self._flags & _WIDE_COUNTS else "H", self._layout()[1], self.count)

    def positions(self) -> array[int]:
        """The term's whole list of positions (all documents one after another)."""
        return self._read(
            "I" if self._flags & _WIDE_POSITIONS else "H", self._layout()[2], self.total
        )

    def all(self) -> Postings:
        return Postings(self.ids(), self.weights(), self.counts(), self.positions())


class PositionsFormat(Format):  # type: ignore[misc]
    """A field of Whoosh has a format; terms are made by `casereviews.index.storage.segments`, not by it."""

    def __init__(self) -> None:
        super().__init__()


class PagesOfText(FieldType):  # type: ignore[misc]
    """The one indexed field: words of title, labels, publisher, areas and all pages."""

    def __init__(self) -> None:
        self.format = PositionsFormat()
        self.stored = False


def schema() -> Schema:
    return Schema(**{FIELD: PagesOfText()})


class CaseReviewsCodec(W3Codec):  # type: ignore[misc]
    """W3 with bulk postings; see the module."""

    def field_writer(self, storage: Any, segment: Any) -> BulkFieldWriter:
        return BulkFieldWriter(self, storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> BulkTermsReader:
        name = segment.make_filename(self.TERMS_EXT)
        postings = segment.open_file(storage, self.POSTS_EXT)
        return BulkTermsReader(self, storage.open_file(name), storage.file_length(name), postings)


class BulkFieldWriter(W3FieldWriter):  # type: ignore[misc]
    """Writes whole posting lists; terms must come in the order of their bytes."""

    def add_term(self, term: bytes, postings: Postings) -> None:
        offset = self._postfile.tell()
        data = postings.to_bytes()
        self._postfile.write(data)
        info = W3TermInfo()
        info.set_extent(offset, min(len(data), 0x7FFFFFFF))
        self._tindex.add(self._fieldid.to_bytes(2, "big") + term, info.to_bytes())


class BulkTermsReader(W3TermsReader):  # type: ignore[misc]
    """Finds a term's postings, and walks all of them in order."""

    def postings(self, term: bytes) -> StoredPostings | None:
        for start, _ in self._tindex.ranges_for_key(self._keycoder(FIELD, term)):
            return self._postings_at(start)
        return None

    def between(self, first: bytes, last: bytes) -> Iterator[tuple[bytes, StoredPostings]]:
        """The terms from one to another, both with, in order: for many neighbours quicker than one by one."""
        get = self._tindex.dbfile.get
        end = self._keycoder(FIELD, last)
        for key_at, length, start, _ in self._tindex.ranges_from(self._keycoder(FIELD, first)):
            key = get(key_at, length)
            if key > end:
                return
            yield key[2:], self._postings_at(start)

    def _postings_at(self, start: int) -> StoredPostings:
        """Of a term's entry only what is needed is read: where its postings lie."""
        (offset,) = _OFFSET.unpack(self._tindex.dbfile.get(start + _INFO, _OFFSET.size))
        return StoredPostings(self._postfile.file, offset)

    def every(self) -> Iterator[tuple[bytes, StoredPostings]]:
        for key, value in self._tindex.items():
            yield (
                key[2:],
                StoredPostings(self._postfile.file, W3TermInfo.from_bytes(value).extent()[0]),
            )


class Contents(pickle.Unpickler):
    """Reads Whoosh's pickled tables of contents without running anything of them.

    Classes go by name alone, because ours have moved, and none but these is known. Segments and codecs are stand-ins that only
    hold what was said of them (`casereviews.index.storage.segments` checks it), so that no pickle can change a class of ours.
    """

    def find_class(self, module: str, name: str) -> type:
        if name in (W3Segment.__name__, CaseReviewsCodec.__name__):
            return type(name, (), {})
        for known in (defaultdict, int):
            if known.__name__ == name:
                return cast(type, known)
        raise pickle.UnpicklingError(f"an index holds no {module}.{name}")


class MappedFile(StructFile):  # type: ignore[misc]
    """A file read through a memory map: Whoosh's own opens files buffered and seeks for every lookup."""

    def __init__(self, path: Path, name: str) -> None:
        with path.open("rb") as opened:
            mapped = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
        super().__init__(mapped, name=name)
        self._map = mapped

    def get(self, position: int, length: int) -> bytes:
        return self._map[position : position + length]

    def read_pickle(self) -> Any:
        return Contents(self._map).load()


class MappedStorage(FileStorage):  # type: ignore[misc]
    """A folder whose files are opened as memory maps (they live on for a reader after they are deleted)."""

    def open_file(self, name: str, **kwargs: Any) -> StructFile:
        path = Path(self._fpath(name))
        return MappedFile(path, name) if path.stat().st_size else super().open_file(name, **kwargs)
