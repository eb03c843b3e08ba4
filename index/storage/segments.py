"""Writing Whoosh segments: from documents, and from other segments.

Whoosh's own writer sorts (term, document) pairs on disk. Here a segment's worth of documents is inverted in
memory and its terms are written once, in order. Segments are bounded by words, which bounds memory, makes
each a checkpoint of a long build, and keeps the rewriting after a withdrawal short.
"""

from __future__ import annotations

import heapq
import re
import shutil
import sys
from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from whoosh.codec.whoosh3 import W3Segment
from whoosh.index import TOC

from casereviews.index.analysis import BEGINNING, CASED
from casereviews.index.positions import Positioned
from casereviews.index.storage.codec import (
    FIELD,
    ORDINAL_COLUMN,
    ORDINALS,
    BulkTermsReader,
    CaseReviewsCodec,
    MappedStorage,
    Postings,
    StoredPostings,
    schema,
)
from casereviews.repository.this_system import is_in_use

INDEX_NAME = "MAIN"
NO_WORDS = CASED + BEGINNING
_SEGMENT_ID = re.compile(r"[0-9a-z]{16}")


@dataclass(slots=True)
class Inverter:
    """Collects documents for one segment. Ordinals are the documents' numbers in the store, rising."""

    ordinals: list[int] = field(default_factory=list)
    words: int = 0
    _terms: dict[str, Postings] = field(default_factory=dict)

    def add(self, ordinal: int, document: Positioned) -> None:
        number = len(self.ordinals)
        self.ordinals.append(ordinal)
        self.words += document.words
        terms, weights = self._terms, document.weights
        for term, positions in document.terms.items():
            postings = terms.get(term)
            if postings is None:
                postings = terms[term] = Postings(array("I"), array("H"), array("I"), array("I"))
            postings.ids.append(number)
            postings.weights.append(weights[term])
            postings.counts.append(len(positions))
            postings.positions.extend(positions)

    def terms(self) -> Iterator[str]:
        """The words collected, without the terms that are no words."""
        return filter(_is_word, self._terms)

    def write(self, storage: MappedStorage) -> W3Segment:
        """Writes the segment's files; it is part of the index once a table of contents names it."""
        encoded = sorted((term.encode("utf-8", "surrogatepass"), term) for term in self._terms)
        return write_segment(
            storage, self.ordinals, ((data, self._terms[term]) for data, term in encoded)
        )


def write_segment(
    storage: MappedStorage, ordinals: Sequence[int], terms: Iterable[tuple[bytes, Postings]]
) -> W3Segment:
    """A segment of these documents from terms in byte order."""
    codec = CaseReviewsCodec()
    segment = codec.new_segment(storage, INDEX_NAME)
    documents = codec.per_document_writer(storage, segment)
    for number, ordinal in enumerate(ordinals):
        documents.start_doc(number)
        documents.add_column_value(ORDINALS, ORDINAL_COLUMN, ordinal)
        documents.finish_doc()
    documents.close()
    segment.set_doc_count(len(ordinals))
    writer = codec.field_writer(storage, segment)
    writer.start_field(FIELD, schema()[FIELD])
    for term, postings in terms:
        writer.add_term(term, postings)
    writer.finish_field()
    writer.close()
    return segment


@dataclass(slots=True)
class OpenSegment:
    """A segment opened for reading. `ordinals[i]` is the store's number of the segment's document i."""

    segment: W3Segment
    terms: BulkTermsReader
    ordinals: array[int]

    @classmethod
    def open(cls, storage: MappedStorage, segment: W3Segment) -> OpenSegment:
        codec = segment.codec()
        count = segment.doc_count_all()
        reader = codec.per_document_reader(storage, segment).column_reader(ORDINALS, ORDINAL_COLUMN)
        return cls(segment, codec.terms_reader(storage, segment), _ordinals(reader, count))

    def postings(self, term: bytes) -> StoredPostings | None:
        return self.terms.postings(term)

    def between(self, first: bytes, last: bytes) -> Iterator[tuple[bytes, StoredPostings]]:
        """The terms from one to another, both with, in order."""
        return self.terms.between(first, last)

    def has_word(self, word: str, live: Collection[int]) -> bool:
        """True when a document whose number is in `live` has the word."""
        found = self.postings(word.encode("utf-8", "surrogatepass"))
        return found is not None and any(self.ordinals[at] in live for at in found.ids())

    def words(self) -> Iterator[str]:
        """Every word, without the terms that are no words."""
        for data, _ in self.terms.every():
            term = data.decode("utf-8", "surrogatepass")
            if _is_word(term):
                yield term

    def close(self) -> None:
        self.terms.close()


def _is_word(term: str) -> bool:
    return term[0] not in NO_WORDS and " " not in term


def _ordinals(reader: Any, count: int) -> array[int]:
    """A whole column at once (Whoosh reads a document at a time); its bytes are in network order."""
    ordinals = array("I")
    ordinals.frombytes(reader._dbfile.get(reader._basepos, count * ordinals.itemsize))
    if sys.byteorder == "little":
        ordinals.byteswap()
    return ordinals


def merge(
    storage: MappedStorage, segments: Sequence[OpenSegment], live: Collection[int]
) -> W3Segment | None:
    """One new segment of the documents of several whose ordinals are in `live`; None when there are none.

    A word that only dropped documents had is not in it.
    """
    kept: list[list[int]] = []  # for each segment: new number of each old one, or -1
    ordinals: list[int] = []
    for segment in segments:
        numbers = []
        for ordinal in segment.ordinals:
            numbers.append(len(ordinals) if ordinal in live else -1)
            if ordinal in live:
                ordinals.append(ordinal)
        kept.append(numbers)
    if not ordinals:
        return None
    return write_segment(storage, ordinals, _merged_terms(segments, kept))


def _merged_terms(
    segments: Sequence[OpenSegment], kept: list[list[int]]
) -> Iterator[tuple[bytes, Postings]]:
    def walk(number: int) -> Iterator[tuple[bytes, int, StoredPostings]]:
        for term, stored in segments[number].terms.every():
            yield term, number, stored

    walks = [walk(number) for number in range(len(segments))]
    for term, group in groupby(heapq.merge(*walks, key=itemgetter(0, 1)), key=itemgetter(0)):
        merged = Postings(array("I"), array("H"), array("I"), array("I"))
        for _, number, stored in group:
            _append_kept(merged, stored.all(), kept[number])
        if merged.ids:
            yield term, merged


def _append_kept(merged: Postings, postings: Postings, numbers: list[int]) -> None:
    new = [numbers[old] for old in postings.ids]
    if min(new) >= 0:
        merged.ids.extend(new)
        merged.weights.extend(postings.weights)
        merged.counts.extend(array("I", postings.counts))
        merged.positions.extend(array("I", postings.positions))
        return
    at = 0
    for number, weight, count in zip(new, postings.weights, postings.counts, strict=True):
        if number >= 0:
            merged.ids.append(number)
            merged.weights.append(weight)
            merged.counts.append(count)
            merged.positions.extend(array("I", postings.positions[at : at + count]))
        at += count


def read_contents(storage: MappedStorage) -> tuple[int, list[Any]]:
    """The newest table of contents: its number and its segments; (-1, []) when there is none."""
    number = TOC._latest_generation(storage, INDEX_NAME)
    if number < 0:
        return -1, []
    said = TOC.read(storage, INDEX_NAME, gen=number, schema=schema()).segments
    return number, [_segment(one) for one in said]


def _segment(said: Any) -> W3Segment:
    """A segment from what a table of contents says of it: its id, which names its files, and its number of documents."""
    segment_id, count = said.segid, said._doccount
    if not (isinstance(segment_id, str) and _SEGMENT_ID.fullmatch(segment_id)):
        raise ValueError(f"{segment_id!r} is no segment's id")
    if type(count) is not int or count < 0:
        raise ValueError(f"{count!r} is no number of documents")
    return W3Segment(CaseReviewsCodec(), INDEX_NAME, doccount=count, segid=segment_id)


def write_contents(storage: MappedStorage, number: int, segments: Sequence[Any]) -> None:
    """Makes these segments the index, in one rename."""
    TOC(schema(), list(segments), number).write(storage, INDEX_NAME)


def remove_stale(storage: MappedStorage, number: int, segments: Sequence[Any]) -> None:
    """Deletes older tables of contents and the files of segments that are no longer named."""
    named = tuple(f"{segment.segment_id()}." for segment in segments)
    current = TOC._filename(INDEX_NAME, number)
    for name in storage.list():
        if name == f"{INDEX_NAME}.tmp":
            shutil.rmtree(storage._fpath(name))  # where Whoosh puts columns together
        elif (
            name.startswith((f"{INDEX_NAME}_", f"_{INDEX_NAME}_"))
            and name != current
            and not name.startswith(named or ("\0",))
        ):
            try:
                storage.delete_file(name)
            except (
                PermissionError
            ) as error:  # somebody searches in it: the next writer takes it away
                if not is_in_use(error):
                    raise
