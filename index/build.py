"""Building the index: a whole new generation, or the night's changes in place.

A build can be stopped at any moment: `CURRENT` still names the old generation, and the next build goes on
after the last segment that was finished. An update writes its rows and its segment, then commits the rows,
then the table of contents, then index.json; what a crash leaves in between is mended by the next update.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.codec import MappedStorage
from index.columns import make_columns
from index.folder import Built, current, new_generation, publish, unfinished, write_index_json
from index.positions import Positioned, position
from index.segments import (
    Inverter,
    OpenSegment,
    merge,
    read_contents,
    remove_stale,
    write_contents,
)
from index.store import Store
from repository.model import PublishedDocument

SEGMENT_WORDS = 12_000_000  # about 0.5 GB while inverting; 100 million words make nine segments
ROWS_PER_COMMIT = 100
SEGMENTS_AT_MOST = 18
TIER_FIRST = 40  # segments of fewer documents are of tier 0; each next tier is four times larger
TIER_WIDTH = 4
TIERS = 4

Progress = Callable[[int], None]


def build(
    index_dir: Path,
    home_id: str,
    documents: Iterable[PublishedDocument],
    *,
    revision: int,
    progress: Progress | None = None,
    built_at: str | None = None,
) -> Built:
    """Makes a new generation of all documents, then replaces `CURRENT`; goes on with an unfinished one.

    `progress` is called with the number of documents done. Searchers that are open keep the old generation.
    """
    folder = unfinished(index_dir, home_id) or new_generation(index_dir, home_id)
    work = _Work.open(folder)
    try:
        work.forget_unfinished()
        seen: set[str] = set()
        for done, document in enumerate(documents, 1):
            seen.add(document.document_id)
            work.take(document)
            if progress is not None:
                progress(done)
        work.remove(set(work.document_ids()) - seen)
        work.flush()
        work.store.finish_words()
        work.finish()
        built = work.describe(folder, home_id, revision, built_at)
    finally:
        work.close()
    publish(index_dir, folder, built)
    return built


def update(
    index_dir: Path,
    home_id: str,
    changed: Iterable[PublishedDocument],
    gone: Collection[str],
    *,
    revision: int,
    purge: bool = False,
    built_at: str | None = None,
) -> Built:
    """Adds, replaces and removes documents in the current generation; searches go on meanwhile.

    `gone` holds document ids. With `purge` the words of removed and replaced documents leave the disk at once: their
    segments are rewritten and `pages.db` is vacuumed. Raises NoIndex or ForeignIndex.
    """
    folder, _ = current(index_dir, home_id)
    work = _Work.open(folder, in_place=True)
    try:
        for document in work.unindexed():
            work.index(document)
        for document in changed:
            work.take(document)
        work.remove(gone)
        work.flush()
        work.compact(purge=purge)
        work.finish(purge=purge)
        built = work.describe(folder, home_id, revision, built_at)
        write_index_json(folder, built)
    finally:
        work.close()
    return built


@dataclass(slots=True)
class _Work:
    """A generation that is being written."""

    storage: MappedStorage
    store: Store
    contents: int
    segments: list[Any]
    in_place: bool
    inverter: Inverter = field(default_factory=Inverter)
    words_known: set[str] = field(default_factory=set)
    words_gone: set[str] = field(default_factory=set)
    indexed: set[int] = field(default_factory=set)
    uncommitted: int = 0

    @classmethod
    def open(cls, folder: Path, *, in_place: bool = False) -> _Work:
        storage = MappedStorage(str(folder))
        store = Store(folder / "pages.db", write=True)
        number, segments = read_contents(storage)
        work = cls(storage, store, number, segments, in_place)
        for segment in segments:
            opened = OpenSegment.open(storage, segment)
            work.indexed.update(opened.ordinals)
            opened.close()
        store.begin()
        return work

    def close(self) -> None:
        self.store.rollback()
        self.store.close()

    def document_ids(self) -> list[str]:
        return [row.document_id for row in self.store.documents()]

    # -------------------------------------------------------- documents

    def forget_unfinished(self) -> None:
        """Removes rows that a stopped build stored without finishing their segment."""
        self.store.remove_numbers(set(self.store.numbers()) - self.indexed)

    def unindexed(self) -> list[PublishedDocument]:
        """Documents that a crashed update stored without naming their segment."""
        found = (self.store.published(n) for n in self.store.numbers() if n not in self.indexed)
        return [document for document in found if document is not None]

    def take(self, document: PublishedDocument) -> None:
        """Indexes a document unless exactly this one is indexed already."""
        if self.store.digest(document.document_id) != digest_of(document):
            self.index(document)

    def index(self, document: PublishedDocument) -> None:
        positioned = position(document)
        self._note_words([document.document_id])
        number = self.store.add(document, digest_of(document), _layout(positioned))
        self.inverter.add(number, positioned)
        if self.inverter.words >= SEGMENT_WORDS:
            self.flush()
        self.uncommitted += 1
        if not self.in_place and self.uncommitted >= ROWS_PER_COMMIT:
            self._commit_rows()

    def remove(self, document_ids: Iterable[str]) -> None:
        document_ids = list(document_ids)
        self._note_words(document_ids)
        self.store.remove(document_ids)

    def _note_words(self, document_ids: Iterable[str]) -> None:
        """Remembers the words of documents that go, for the word list."""
        if not self.in_place:
            return
        for document_id in document_ids:
            number = self.store.number_of(document_id)
            old = None if number is None else self.store.published(number)
            if old is not None:
                self.words_gone.update(position(old).terms)

    def _commit_rows(self) -> None:
        self.store.commit()
        self.store.begin()
        self.uncommitted = 0

    # -------------------------------------------------------- segments

    def flush(self) -> None:
        """Writes the collected documents as a segment; in a full build it counts from here on."""
        if not self.inverter.ordinals:
            return
        new = set(self.inverter.terms()) - self.words_known
        self.store.add_words(new)
        self.words_known |= new
        self.segments.append(self.inverter.write(self.storage))
        self.indexed.update(self.inverter.ordinals)
        self.inverter = Inverter()
        if not self.in_place:
            self._commit_rows()
            self._write_contents()

    def _write_contents(self) -> None:
        self.contents += 1
        write_contents(self.storage, self.contents, self.segments)
        remove_stale(self.storage, self.contents, self.segments)

    def compact(self, *, purge: bool) -> None:
        """Drops empty segments, merges small ones, and with `purge` rewrites all that hold dropped documents."""
        live = set(self.store.numbers())
        opened = [OpenSegment.open(self.storage, segment) for segment in self.segments]
        alive = {id(each): sum(n in live for n in each.ordinals) for each in opened}
        kept = [each for each in opened if alive[id(each)]]
        together = _to_merge([alive[id(each)] for each in kept])
        groups = [[kept[at] for at in together]] if together else []
        for at, each in enumerate(kept):
            if at not in together and purge and alive[id(each)] < len(each.ordinals):
                groups.append([each])
        rewritten = {id(each) for group in groups for each in group}
        segments = [each.segment for each in kept if id(each) not in rewritten]
        segments += [merge(self.storage, group, live) for group in groups]
        for each in opened:
            each.close()
        self.segments = [segment for segment in segments if segment is not None]

    def finish(self, *, purge: bool = False) -> None:
        """Commits rows and columns, then the table of contents; then tidies up."""
        self.store.put_columns(make_columns(self.store.documents()))
        if purge:
            self.store.remove_words(self._lost_words())
        self.store.commit()
        self._write_contents()
        self.store.settle(vacuum=purge)

    def _lost_words(self) -> set[str]:
        """Of the words of documents that went, those that no segment has any more."""
        opened = [OpenSegment.open(self.storage, segment) for segment in self.segments]
        lost = {
            word
            for word in self.words_gone
            if not any(each.postings(word.encode("utf-8", "surrogatepass")) for each in opened)
        }
        for each in opened:
            each.close()
        return lost

    def describe(self, folder: Path, home_id: str, revision: int, built_at: str | None) -> Built:
        documents = reviews = words = 0
        seen = set()
        for row in self.store.documents():
            documents += 1
            words += row.layout["words"]
            if row.review_id not in seen:
                seen.add(row.review_id)
                reviews += 1
        now = built_at or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Built(
            folder.name, home_id, revision, documents, reviews, words, len(self.segments), now
        )


def _to_merge(sizes: list[int]) -> set[int]:
    """Which segments to merge into one, by their numbers of documents.

    Four of one tier become one of the next, so that 60 nights of ten documents rewrite each document at most
    three times; beyond SEGMENTS_AT_MOST the smallest go together.
    """
    tiers: dict[int, set[int]] = {}
    for at, size in enumerate(sizes):
        tier = 0 if size < TIER_FIRST else 1 + int(math.log(size / TIER_FIRST, TIER_WIDTH))
        if tier < TIERS:
            tiers.setdefault(tier, set()).add(at)
    for tier in sorted(tiers):
        if len(tiers[tier]) >= TIER_WIDTH:
            return tiers[tier]
    if len(sizes) > SEGMENTS_AT_MOST:
        smallest = sorted(range(len(sizes)), key=sizes.__getitem__)
        return set(smallest[: len(sizes) - SEGMENTS_AT_MOST + 1])
    return set()


def _layout(positioned: Positioned) -> dict[str, object]:
    return {
        "starts": positioned.page_starts,
        "sections": positioned.sections,
        "length": positioned.length,
        "words": positioned.words,
    }


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
