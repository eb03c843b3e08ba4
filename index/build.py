"""Building the index: a whole new generation, or the night's changes in place.

A build can be stopped at any moment: `CURRENT` still names the old generation, and the next build goes on
after the last segment that was finished. An update writes its rows and its segment, then commits the rows,
then the table of contents, then index.json; what a crash leaves in between is mended by the next update.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from casereviews.index.folder import (
    Built,
    changing,
    current,
    new_generation,
    publish,
    unfinished,
    write_index_json,
)
from casereviews.index.positions import position
from casereviews.index.storage.codec import MappedStorage
from casereviews.index.storage.columns import Stored, make_columns
from casereviews.index.storage.crew import Batch, Crew, remove_folders
from casereviews.index.storage.merging import to_merge
from casereviews.index.storage.segment_builder import Finished, Maker, Taken, digest_of
from casereviews.index.storage.segments import (
    OpenSegment,
    merge,
    read_contents,
    remove_stale,
    write_contents,
)
from casereviews.index.storage.store import Store
from casereviews.repository.model import PublishedDocument

SEGMENT_WORDS = 12_000_000  # about 0.3 GB a process; 100 million words make ten segments
PARALLEL_FROM = 400_000  # words: a build that goes on beyond these starts child processes
CREW_AT_MOST = 4
ROWS_PER_COMMIT = 100

Progress = Callable[[int], None]


def build(
    index_dir: Path,
    home_id: str,
    documents: Iterable[PublishedDocument],
    *,
    revision: int,
    withdrawals: str = "",
    progress: Progress | None = None,
    processes: int | None = None,
) -> Built:
    """Makes a new generation of all documents, then replaces `CURRENT`; goes on with an unfinished one.

    `withdrawals` says which withdrawals the documents know of (`casereviews.repository.tombstone_file`); index.json keeps it.
    `progress` is called with the number of documents done. Searchers that are open keep the old generation. A large build uses
    `processes` child processes (as many as there are cores, four at most, when None; 1 uses none). Raises BuildStopped when one ends.
    """
    folder = unfinished(index_dir, home_id) or new_generation(index_dir, home_id)
    remove_folders(folder)
    work = _Work.open(folder)
    work.processes = min(os.cpu_count() or 1, CREW_AT_MOST) if processes is None else processes
    try:
        work.forget_unfinished()
        seen: set[str] = set()
        for done, document in enumerate(documents, 1):
            if document.document_id in seen:
                work.settle()  # its first version may still be with a child
            seen.add(document.document_id)
            work.take(document)
            if progress is not None:
                progress(done)
        work.flush()
        work.remove(set(work.document_ids()) - seen)
        work.store.finish_words()
        work.finish()
        built = work.describe(folder, home_id, revision, withdrawals)
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
    withdrawals: str = "",
    purge: bool = False,
) -> Built:
    """Adds, replaces and removes documents in the current generation; searches go on meanwhile.

    `gone` holds document ids. A word that no document has any more leaves the word list and the segments at once, so that nothing
    suggests it; with `purge` every segment that holds removed or replaced documents is rewritten, whatever words they had, the
    word list is held against all segments, and `pages.db` is vacuumed. Raises NoIndex or ForeignIndex.
    """
    folder, _ = current(index_dir, home_id)
    with changing(folder):
        work = _Work.open(folder, in_place=True)
        try:
            for document in work.unindexed():
                work.index(document)
            for document in changed:
                work.take(document)
            work.remove(gone)
            work.flush()
            purge = purge or bool(work.lost_words())
            work.compact(purge=purge)
            work.finish(purge=purge)
            built = work.describe(folder, home_id, revision, withdrawals)
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
    maker: Maker
    number: int
    processes: int = 1
    crew: Crew | None = None
    words_known: set[str] = field(default_factory=set)
    words_gone: set[str] = field(default_factory=set)
    indexed: set[int] = field(default_factory=set)
    added: list[int] = field(default_factory=list)
    uncommitted: int = 0

    @classmethod
    def open(cls, folder: Path, *, in_place: bool = False) -> _Work:
        storage = MappedStorage(str(folder))
        store = Store(folder / "pages.db", write=True)
        with ExitStack() as opening:
            opening.callback(store.close)
            number, segments = read_contents(storage)
            maker = Maker(storage, SEGMENT_WORDS)
            work = cls(storage, store, number, segments, in_place, maker, store.next_number())
            for segment in segments:
                with closing(OpenSegment.open(storage, segment)) as opened:
                    work.indexed.update(opened.ordinals)
            store.begin()
            opening.pop_all()
        return work

    def close(self) -> None:
        with closing(self.store):
            if self.crew is not None:
                self.crew.stop()
            self.store.rollback()

    def document_ids(self) -> list[str]:
        return [row.document_id for row in self.store.documents()]

    # -------------------------------------------------------- documents

    def forget_unfinished(self) -> None:
        """Removes rows that a stopped build stored without finishing their segment."""
        self.store.remove_numbers(set(self.store.numbers()) - self.indexed)

    def unindexed(self) -> list[PublishedDocument]:
        """Documents that a crashed update stored without naming their segment."""
        found = (
            self.store.indexed_document(n) for n in self.store.numbers() if n not in self.indexed
        )
        return [document for document in found if document is not None]

    def take(self, document: PublishedDocument) -> None:
        """Indexes a document unless exactly this one is indexed already."""
        if self.store.digest(document.document_id) != digest_of(document):
            self.index(document)

    def index(self, document: PublishedDocument) -> None:
        """Takes a document to words, here or in a child process."""
        self._note_words([document.document_id])
        number, self.number = self.number, self.number + 1
        if self.crew is not None:
            self.crew.give(number, document)
            return
        taken = self.maker.take(number, document)
        self._came_back([(number, document)], [taken], self.maker.flush_when_full())
        if self.processes > 1 and self.maker.words >= PARALLEL_FROM:
            self.flush()
            folder = self.store.path.parent
            self.crew = Crew(folder, self.processes, SEGMENT_WORDS, self._came_back)

    def settle(self) -> None:
        """Waits for the documents that child processes still have."""
        if self.crew is not None:
            self.crew.drain()

    def _came_back(self, batch: Batch, taken: Sequence[Taken], finished: Finished | None) -> None:
        """Writes the rows of documents whose words are collected, and names the segment that is finished."""
        for (number, document), row in zip(batch, taken, strict=True):
            self.store.add(number, document, digest_of(document), row.layout, row.texts)
        self.uncommitted += len(batch)
        if self.in_place:
            self.added.extend(number for number, _ in batch)
        if finished is not None:
            self._name(finished)
        elif not self.in_place and self.uncommitted >= ROWS_PER_COMMIT:
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
            old = None if number is None else self.store.indexed_document(number)
            if old is not None:
                self.words_gone.update(position(old).terms)

    def _commit_rows(self) -> None:
        self.store.commit()
        self.store.begin()
        self.uncommitted = 0

    # -------------------------------------------------------- segments

    def flush(self) -> None:
        """Writes all that is collected as segments."""
        if self.crew is not None:
            self.crew.finish()
            self.crew = None
        elif finished := self.maker.flush():
            self._name(finished)

    def _name(self, finished: Finished) -> None:
        """Makes a segment part of the index; in a full build it counts from here on."""
        new = set(finished.words) - self.words_known
        self.store.add_words(new)
        self.words_known |= new
        self.segments.append(finished.segment)
        self.indexed.update(finished.numbers)
        if not self.in_place:
            self._commit_rows()
            self._write_contents()

    def _write_contents(self) -> None:
        self.contents += 1
        write_contents(self.storage, self.contents, self.segments)

    def compact(self, *, purge: bool) -> None:
        """Drops empty segments, merges small ones, and with `purge` rewrites all that hold dropped documents."""
        live = set(self.store.numbers())
        opened = [OpenSegment.open(self.storage, segment) for segment in self.segments]
        alive = {id(each): sum(n in live for n in each.ordinals) for each in opened}
        kept = [each for each in opened if alive[id(each)]]
        together = to_merge([alive[id(each)] for each in kept])
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
        self.store.put_columns(list(self._columns()))
        if purge:
            self.store.keep_words(self._all_words())
        self.store.commit()
        self._write_contents()
        remove_stale(self.storage, self.contents, self.segments)
        self.store.settle(vacuum=purge)

    def _columns(self) -> Iterator[Stored]:
        """The columns; where documents only came, those of before with the new ones."""
        before = self.store.columns() if self.in_place and not self.store.removed else None
        if not before:
            return make_columns(self.store.documents())
        rows = (self.store.document(number) for number in self.added)
        return make_columns((row for row in rows if row is not None), before)

    def lost_words(self) -> set[str]:
        """Of the words of documents that went or were replaced, those that no document has any more."""
        if not self.words_gone:
            return set()
        live = set(self.store.numbers())
        opened = [OpenSegment.open(self.storage, segment) for segment in self.segments]
        lost = {
            word
            for word in self.words_gone
            if not any(each.has_word(word, live) for each in opened)
        }
        for each in opened:
            each.close()
        return lost

    def _all_words(self) -> set[str]:
        """The words of all segments."""
        words: set[str] = set()
        for segment in self.segments:
            with closing(OpenSegment.open(self.storage, segment)) as opened:
                words.update(opened.words())
        return words

    def describe(self, folder: Path, home_id: str, revision: int, withdrawals: str) -> Built:
        documents, reviews, words = self.store.counts()
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Built(
            folder.name,
            home_id,
            revision,
            documents,
            reviews,
            words,
            len(self.segments),
            now,
            withdrawals=withdrawals,
        )
