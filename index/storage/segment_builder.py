"""Documents to words to segments: the part of a build that needs no database, so that it can run in child processes."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import Any

from casereviews.index.positions import Positioned, position
from casereviews.index.storage.codec import MappedStorage
from casereviews.index.storage.segments import Inverter
from casereviews.repository.model import PublishedDocument

COMPRESSION = 6


@dataclass(frozen=True, slots=True)
class Taken:
    """What a document's row holds beside the document: its layout, and its page texts compressed."""

    number: int
    layout: dict[str, Any]
    texts: list[bytes]


@dataclass(frozen=True, slots=True)
class Finished:
    """A segment whose files are written; `words` are its words without the capitals-only terms."""

    segment: Any
    numbers: list[int]
    words: list[str]


class Maker:
    """Collects documents and writes them as segments of about `segment_words` words."""

    def __init__(self, storage: MappedStorage, segment_words: int) -> None:
        self._storage = storage
        self._segment_words = segment_words
        self._inverter = Inverter()

    @property
    def words(self) -> int:
        """Words collected for the next segment."""
        return self._inverter.words

    def take(self, number: int, document: PublishedDocument) -> Taken:
        """Positions a document's words; `number` is the number of its row."""
        positioned = position(document)
        self._inverter.add(number, positioned)
        texts = [compressed(page.text) for page in document.pages]
        return Taken(number, layout_of(positioned), texts)

    def flush_when_full(self) -> Finished | None:
        """Writes the segment once it has its words."""
        return self.flush() if self.words >= self._segment_words else None

    def flush(self) -> Finished | None:
        """Writes what is collected as a segment; None when there is nothing."""
        inverter, self._inverter = self._inverter, Inverter()
        if not inverter.ordinals:
            return None
        segment = inverter.write(self._storage)
        return Finished(segment, inverter.ordinals, list(inverter.terms()))


def layout_of(positioned: Positioned) -> dict[str, Any]:
    """Where the pages and sections of a document begin and end, and how long it is."""
    return {
        "starts": positioned.page_starts,
        "sections": positioned.sections,
        "length": positioned.length,
        "words": positioned.words,
    }


def compressed(text: str) -> bytes:
    """A page's text as it is stored."""
    return zlib.compress(text.encode("utf-8", "surrogatepass"), COMPRESSION)


def digest_of(document: PublishedDocument) -> bytes:
    """A short hash of everything the index takes from a document."""
    seen = hashlib.blake2b(digest_size=16)
    said = [
        document.document_id,
        document.review_id,
        {name: document.fields[name] for name in sorted(document.fields)},
        [(page.number, page.label) for page in document.pages],
        [
            (part.kind, part.start_page, part.start, part.end_page, part.end)
            for part in document.sections
        ],
        [(advice.page, advice.text) for advice in document.recommendations],
    ]
    seen.update(json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    for page in document.pages:
        seen.update(b"\0" + page.text.encode("utf-8", "surrogatepass"))
    return seen.digest()
