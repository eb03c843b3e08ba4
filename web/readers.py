"""Threads that read the collection: each has the index open for itself, and none holds a generation that is gone.

SQLite's files belong to the thread that opened them, so every reader is a thread of its own, and only it closes what it opened.
When a reader sees another index than the last one, the others let go of theirs before the answer is given.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from casereviews.collection.collection import Collection

T = TypeVar("T")
READERS = 4
"""Two processors search; two more threads wait for a disk or a child."""


class Readers:
    """`count` threads that share a Collection. `ask` runs a function in the least busy one."""

    def __init__(
        self,
        collection: Collection,
        count: int = READERS,
        let_go: Callable[[], None] = lambda: None,
    ) -> None:
        """`let_go` is called when another index is seen, before anything is answered from it: what was kept of the last one goes."""
        self.collection = collection
        self._let_go = let_go
        self._threads = [ThreadPoolExecutor(1, f"reader-{number}") for number in range(count)]
        self._waiting = [0] * count
        self._seen: object = None
        self._lock = threading.Lock()

    async def ask(self, question: Callable[[Collection], T]) -> T:
        """What `question` gives of the collection as it stands now."""
        with self._lock:
            mine = min(range(len(self._threads)), key=self._waiting.__getitem__)
            self._waiting[mine] += 1
        asked: Future[T] = self._threads[mine].submit(self._answer, mine, question)
        return await asyncio.wrap_future(asked)

    def _answer(self, mine: int, question: Callable[[Collection], T]) -> T:
        try:
            self._let_go_of_old(mine)
            return question(self.collection)
        finally:
            with self._lock:
                self._waiting[mine] -= 1

    def _let_go_of_old(self, mine: int) -> None:
        """Close the files of an index that is no longer searched: this thread's now, those of the others when they are done."""
        now = self.collection.state()
        with self._lock:
            if now == self._seen:
                return
            self._seen = now
            others = [number for number in range(len(self._threads)) if number != mine]
            idle = [number for number in others if not self._waiting[number]]
            closing = {
                number: self._threads[number].submit(self.collection.close) for number in others
            }
        self._let_go()
        self.collection.close()
        for number in idle:
            closing[number].result()

    def close(self) -> None:
        """Let every reader finish, close its files and end."""
        for thread in self._threads:
            thread.submit(self.collection.close)
        for thread in self._threads:
            thread.shutdown()
