"""Several processes that make segments at once; the parent hands out documents and writes all rows.

Each child has a folder of its own inside the generation, because Whoosh puts columns together in a folder of a fixed name; the parent
moves a finished segment's files beside the others before it is named. A child has one batch at a time, so
neither side ever waits for the other with a full pipe. A parent that dies closes the pipes, and its children end.
"""

from __future__ import annotations

import contextlib
import shutil
import signal
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from casereviews.index.errors import BuildStopped
from casereviews.index.storage.codec import MappedStorage
from casereviews.index.storage.segment_builder import Finished, Maker, Taken
from casereviews.repository.children import own_modules_only
from casereviews.repository.model import PublishedDocument
from casereviews.repository.stopping import checkpoint
from casereviews.repository.this_system import end_with_parent

BATCH = 600_000  # characters: about 100,000 words, 0.3 s of work
LOOK_SECONDS = 1.0  # how often a silent crew's parent looks whether the run is to stop
FOLDER = "child-"
Batch = list[tuple[int, PublishedDocument]]
Reply = tuple[list[Taken], Finished | None]


class Crew:
    """Children that take documents to words. `done` is called in the parent with each batch and what became of it."""

    def __init__(
        self,
        folder: Path,
        size: int,
        segment_words: int,
        done: Callable[[Batch, list[Taken], Finished | None], None],
    ) -> None:
        self._folder = folder
        self._done = done
        self._batch: Batch = []
        self._characters = 0
        self._busy: dict[Connection, Batch] = {}
        self._children: list[BaseProcess] = []
        self._idle: list[Connection] = []
        self._folders: dict[Connection, Path] = {}
        spawn = get_context("spawn")
        for number in range(size):
            place = folder / f"{FOLDER}{number}"
            place.mkdir()
            ours, theirs = spawn.Pipe()
            child = spawn.Process(
                target=_child, args=(theirs, str(place), segment_words), daemon=True
            )
            with own_modules_only():
                child.start()
            theirs.close()
            self._children.append(child)
            self._idle.append(ours)
            self._folders[ours] = place

    def give(self, number: int, document: PublishedDocument) -> None:
        """Hands a document out, with others; earlier ones may come back through `done` meanwhile."""
        self._batch.append((number, document))
        self._characters += sum(len(page.text) for page in document.pages)
        if self._characters >= BATCH:
            self._hand_out()

    def drain(self) -> None:
        """Waits until everything that was handed out has come back."""
        if self._batch:
            self._hand_out()
        while self._busy:
            connection, reply = self._next_reply()
            self._handle(connection, reply)
            self._idle.append(connection)

    def finish(self) -> None:
        """Takes the last, smaller segments, and lets the children go."""
        self.drain()
        for connection in self._idle:
            connection.send(None)
            self._busy[connection] = []
        self._idle = []
        while self._busy:
            connection, reply = self._next_reply()
            self._handle(connection, reply)
            connection.close()
        for child in self._children:
            child.join()
        self.stop()

    def stop(self) -> None:
        """Ends the children, also in the middle of their work."""
        for child in self._children:
            if child.is_alive():
                child.kill()
            child.join()
        remove_folders(self._folder)

    def _hand_out(self) -> None:
        batch, self._batch, self._characters = self._batch, [], 0
        if self._idle:
            connection = self._idle.pop()
            self._send(connection, batch)
            return
        connection, reply = self._next_reply()
        before = self._busy[connection]
        self._send(connection, batch)  # first, so that the child goes on while rows are written
        self._handle(connection, reply, before)

    def _send(self, connection: Connection, batch: Batch) -> None:
        try:
            connection.send(batch)
        except OSError:
            raise _stopped() from None
        self._busy[connection] = batch

    def _next_reply(self) -> tuple[Connection, Reply]:
        while not (ready := wait(list(self._busy), timeout=LOOK_SECONDS)):
            checkpoint()
        connection = ready[0]
        assert isinstance(connection, Connection)
        try:
            return connection, connection.recv()
        except (EOFError, OSError):
            raise _stopped() from None

    def _handle(self, connection: Connection, reply: Reply, batch: Batch | None = None) -> None:
        taken, finished = reply
        if batch is None:
            batch = self._busy.pop(connection)
        if finished is not None:
            for file in self._folders[connection].glob(f"{finished.segment.segment_id()}.*"):
                file.replace(self._folder / file.name)
        self._done(batch, taken, finished)


def remove_folders(folder: Path) -> None:
    """Removes what children left behind in a generation."""
    for place in folder.glob(f"{FOLDER}*"):
        shutil.rmtree(place)


def _stopped() -> BuildStopped:
    return BuildStopped(
        "A process that was building the index ended (was memory short?): "
        "run `casereviews rebuild` again, it goes on where it stopped."
    )


def _child(connection: Connection, folder: str, segment_words: int) -> None:
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's; the pipe then ends
    maker = Maker(MappedStorage(folder), segment_words)
    with contextlib.suppress(EOFError, OSError):  # the parent is gone
        while (batch := connection.recv()) is not None:
            taken = [maker.take(number, document) for number, document in batch]
            connection.send((taken, maker.flush_when_full()))
        connection.send(([], maker.flush()))
