"""Threads that read: each has files of its own, and lets go of those of an index that is gone."""

import asyncio
import threading

from casereviews import Collection
from casereviews.web.readers import Readers


class Watched(Collection):
    """A collection that writes down who closed it, and whose index changes when it is told to."""

    def __init__(self, home) -> None:
        super().__init__(home)
        self.now = 1
        self.closed: list[str] = []

    def state(self):
        return self.now

    def close(self) -> None:
        self.closed.append(threading.current_thread().name)
        super().close()


def test_when_another_index_is_seen_every_reader_lets_go_in_its_own_thread(tmp_path) -> None:
    collection = Watched(tmp_path)
    readers = Readers(collection, 3)
    asyncio.run(readers.ask(lambda one: one))
    collection.closed.clear()
    asyncio.run(readers.ask(lambda one: one))
    assert collection.closed == []
    collection.now = 2
    assert asyncio.run(readers.ask(lambda one: list(collection.closed))) == sorted(
        collection.closed, key=collection.closed.index
    )
    assert sorted(collection.closed) == ["reader-0_0", "reader-1_0", "reader-2_0"]
    readers.close()


def test_a_busy_reader_is_not_waited_for_and_lets_go_when_it_is_done(tmp_path) -> None:
    collection = Watched(tmp_path)
    readers = Readers(collection, 2)
    entered, go_on = threading.Event(), threading.Event()

    def slow(_: Collection) -> str:
        entered.set()
        go_on.wait()
        return "done"

    async def both() -> tuple[str, list[str]]:
        first = asyncio.ensure_future(readers.ask(slow))
        await asyncio.to_thread(entered.wait)
        collection.now = 2
        collection.closed.clear()
        quick = await readers.ask(lambda one: list(collection.closed))
        go_on.set()
        return await first, quick

    assert asyncio.run(both()) == ("done", ["reader-1_0"])
    readers.close()
    assert collection.closed.count("reader-0_0") == 2  # when it was done, and at the end


def test_an_error_is_given_to_who_asked_and_frees_the_reader(tmp_path) -> None:
    readers = Readers(Watched(tmp_path), 1)

    async def wrong() -> object:
        try:
            return await readers.ask(lambda _: 1 / 0)
        except ZeroDivisionError:
            return await readers.ask(lambda _: "free")

    assert asyncio.run(wrong()) == "free"
    readers.close()
