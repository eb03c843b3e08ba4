"""Sending many things at once to a cluster, and believing of each only what the cluster says of it.

A cluster answers a bulk item by item: some may be refused for want of room or time while others are kept. What is refused for now is sent
again; what is refused for good raises. Everything is sent by an id of ours, so that twice is as once.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from casereviews.index.errors import IndexRefused, IndexUnavailable
from casereviews.index.opensearch.connection import WRITING, Servers, is_full, one_line
from casereviews.index.opensearch.documents import Kept
from casereviews.index.opensearch.state import Names

MOST_BYTES = 4_000_000
"""Letters of a request: a node keeps some of them in memory at once, and refuses what is beyond a tenth of its own."""
ATTEMPTS = 8
FIRST_WAIT = 0.1  # seconds; twice as long each time
_TOO_MANY, _FAILED = (
    429,
    500,
)  # too many at once; from here on the server's trouble, such as a part without a node

Lines = list[str]


def puts(things: Iterable[Kept], ours: Names, generation: str, serial: int) -> Iterator[Lines]:
    """The lines that keep each thing in a generation. `serial` is the run's: what a later run wrote or deleted stays as that left it,
    when a stalled node sends something of this one on late."""
    for one in things:
        head = _head(ours.index(one.index, generation), one.id, one.routing, serial)
        yield [one_line({"index": head}), one_line(one.source)]


def deletes(index: str, ids: Iterable[tuple[str, str | None]], serial: int) -> Iterator[Lines]:
    """The lines that delete each (id, what it was routed by) from an index."""
    for one, routing in ids:
        yield [one_line({"delete": _head(index, one, routing, serial)})]


def _head(index: str, one: str, routing: str | None, serial: int) -> dict[str, Any]:
    head = {"_index": index, "_id": one, "version": serial, "version_type": "external_gte"}
    return head if routing is None else {**head, "routing": routing}


def send(servers: Servers, things: Iterable[Lines]) -> int:
    """Send all, in requests of bearable size; returns how many. None is lost when this returns.

    Raises IndexUnavailable when the cluster takes some of them not even later, IndexRefused for what it never takes.
    """
    sent = size = 0
    held: list[Lines] = []
    for lines in things:
        held.append(lines)
        size += sum(map(len, lines))
        if size >= MOST_BYTES:
            _surely(servers, held)
            sent, size, held = sent + len(held), 0, []
    _surely(servers, held)
    return sent + len(held)


def _surely(servers: Servers, things: Sequence[Lines]) -> None:
    wait = FIRST_WAIT
    for attempt in range(1, ATTEMPTS + 1):
        if not things:
            return
        if attempt > 1:
            time.sleep(wait)
            wait *= 2
        body = "".join(f"{line}\n" for lines in things for line in lines)
        items = servers.ask("POST", "/_bulk", body, timeout=WRITING).get("items", [])
        if len(items) != len(things):
            raise IndexUnavailable(
                f"{servers.named()} answered for {len(items)} of {len(things)} things: run the same again"
            )
        said = [next(iter(item.values())) for item in items]
        _refuse(servers, said)
        things = [lines for lines, one in zip(things, said, strict=True) if not _is_done(one)]
    if things:
        raise IndexUnavailable(
            f"{servers.named()} took {len(things)} things not even at the {ATTEMPTS}th time (too busy, or a part of the index has no node): "
            "look at the cluster's health, and run the same again"
        )


def _is_done(item: dict[str, Any]) -> bool:
    """Whether it is kept, or gone; what was gone before is."""
    return item["status"] < 300 or (item["status"] == 404 and item.get("result") == "not_found")


def _refuse(servers: Servers, items: Iterable[dict[str, Any]]) -> None:
    """Raise for what would be refused again."""
    for one in items:
        if _is_done(one):
            continue
        error = one.get("error") or {}
        if is_full(str(error.get("reason", ""))):
            raise IndexUnavailable(servers.no_room())
        if one["status"] != _TOO_MANY and one["status"] < _FAILED:
            raise IndexRefused(
                f"{servers.named()} refused to keep {one.get('_id')} in {one.get('_index')} ({one['status']} {error.get('type', '')}): "
                "is it an OpenSearch of another version?"
            )
