"""What was withdrawn and never comes back: hashes and addresses, with the reason and the date, no words.

They also stand outside the record (`casereviews.repository.tombstone_file`); `meta` keeps the home's key, and the digest of the file
that the record knows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from casereviews.repository import likeness
from casereviews.repository.record import dialects
from casereviews.repository.record.tables import meta, tombstone
from casereviews.repository.tombstone_file import Tombstone

KINDS = (
    "review",
    "document",
    "bytes",
    "text",
    "address",
    "page",
    "sketch",
    "nameless",
    "names",
    "label",
)
"""Ids; digests of files, texts and addresses; `page`: the address of a page of its own; `sketch`, `nameless` (a sketch without names), `names` and `label` (of a case that has
no name: "Child Q"): `repository/likeness.py`."""

BEFORE = "withdrawn before this record was restored or begun"
"""The reason of what the record learned from the tombstones outside: no reason stands there."""

_KEY, _KNOWN = "withdrawal_key", "tombstones_outside"


def hash_of(address: str) -> str:
    """How a tombstone knows an address without naming it."""
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()


def bury(
    c: Connection,
    kind: str,
    values: Iterable[str],
    *,
    source_id: str,
    document_id: str,
    reason: str,
    at: str,
) -> None:
    """Set a tombstone for each value; one that stands already is left as it is."""
    for value in values:
        if not _stands(c, kind, value, source_id):
            c.execute(
                tombstone.insert().values(
                    kind=kind,
                    value=value,
                    source_id=source_id,
                    document_id=document_id,
                    reason=reason,
                    at=at,
                )
            )


def _stands(c: Connection, kind: str, value: str, source_id: str | None = None) -> bool:
    query = select(tombstone.c.id).where(tombstone.c.kind == kind, tombstone.c.value == value)
    if source_id is not None:
        query = query.where(tombstone.c.source_id == source_id)
    return c.execute(query.limit(1)).first() is not None


def refuses_bytes(c: Connection, sha256: str) -> bool:
    """True when these bytes were withdrawn, from whichever source."""
    return _stands(c, "bytes", sha256)


def refuses_text(c: Connection, text_sha256: str) -> bool:
    """True when this text was withdrawn, from whichever source."""
    return _stands(c, "text", text_sha256)


def refuses_address(c: Connection, source_id: str, address: str) -> bool:
    """True when what stood at this canonical address of the source was withdrawn."""
    return _stands(c, "address", hash_of(address), source_id)


def buried_addresses(c: Connection, source_id: str) -> set[str]:
    """Hashes of the addresses at which something of a source was withdrawn."""
    query = select(tombstone.c.value).where(
        tombstone.c.kind == "address", tombstone.c.source_id == source_id
    )
    return set(c.execute(query).scalars())


def tombstone_of(c: Connection, withdrawn_id: str) -> tuple[str, str] | None:
    """(reason, date) of a withdrawn review or document; None when it was not."""
    row = c.execute(
        select(tombstone.c.reason, tombstone.c.at)
        .where(
            tombstone.c.value == withdrawn_id,
            tombstone.c.kind.in_(("document", "review")),
        )
        .order_by(tombstone.c.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.reason, row.at)


def buried_hashes(c: Connection) -> list[str]:
    """The SHA-256 of all bytes that were withdrawn."""
    query = select(tombstone.c.value).where(tombstone.c.kind == "bytes").distinct()
    return sorted(c.execute(query).scalars())


def refuses_page(c: Connection, source_id: str, address: str) -> bool:
    """True for the canonical address of a page that spoke of nothing but what was withdrawn."""
    return _stands(c, "page", hash_of(address), source_id)


def values(c: Connection, kind: str, source_id: str | None = None) -> tuple[str, ...]:
    """The values of all tombstones of a kind, of one source or of any."""
    query = select(tombstone.c.value).where(tombstone.c.kind == kind).distinct()
    if source_id is not None:
        query = query.where(tombstone.c.source_id == source_id)
    return tuple(c.execute(query).scalars())


RunsOf = Callable[[str, str], set[str]]
"""A text and the home's key -> its runs."""
RUNS: Mapping[str, RunsOf] = {"sketch": likeness.runs_of, "nameless": likeness.nameless_runs_of}
"""The kinds of sketches, and what each is of."""
SaidBy = Callable[[str, str, RunsOf], Collection[str]]
"""A source, a sketch and what it is of -> the runs of the other texts that the home shows of it, as far as the sketch tells of them."""


def resembled(c: Connection, source_id: str, pages: Sequence[str], said_by: SaidBy) -> str | None:
    """When the text was withdrawn that these pages of a source are nearly, or a part of, or whose case they are titled by
    (ISO 8601, UTC); None when there is none."""
    rows = c.execute(
        select(
            tombstone.c.kind,
            tombstone.c.value,
            tombstone.c.source_id,
            func.min(tombstone.c.at).label("at"),
        )
        .where(tombstone.c.kind.in_((*RUNS, "names")))
        .group_by(tombstone.c.kind, tombstone.c.value, tombstone.c.source_id)
    ).all()
    if not rows or not pages:
        return None
    secret = key(c)
    text = " ".join(pages)
    runs_by_kind = {kind: runs_of(text, secret) for kind, runs_of in RUNS.items()}

    def is_alike(row: Any) -> bool:
        if row.kind == "names":
            return likeness.is_titled(text, (row.value,), secret)
        runs = runs_by_kind[row.kind]
        if likeness.is_near_copy(row.value, runs):
            return True
        if not likeness.may_be_part(row.value, runs):
            return False
        common = (said_by(each, row.value, RUNS[row.kind]) for each in {source_id, row.source_id})
        own = runs.difference(*common)
        return likeness.is_part(row.value, own, nameless=row.kind == "nameless")

    return min((row.at for row in rows if is_alike(row)), default=None)


def last(c: Connection) -> int:
    """The number of the last tombstone, 0 before the first."""
    return int(c.execute(select(func.max(tombstone.c.id))).scalar() or 0)


def since(c: Connection, number: int) -> list[Tombstone]:
    """The tombstones after a number, as they stand outside the record."""
    query = select(tombstone).where(tombstone.c.id > number).order_by(tombstone.c.id)
    return [
        Tombstone(row.kind, row.value, row.source_id or "", row.document_id or "", row.at)
        for row in c.execute(query)
    ]


def key(c: Connection) -> str:
    """The home's key for digests; "" before the first withdrawal."""
    return _said(c, _KEY)


def put_key(c: Connection, value: str) -> None:
    """Keep the home's key."""
    _say(c, _KEY, value)


def known_outside(c: Connection) -> str:
    """The digest of the tombstones outside that the record knows; "" when it knows of none."""
    return _said(c, _KNOWN)


def know_outside(c: Connection, digest: str) -> None:
    """Say that the record has all tombstones of the file with this digest."""
    _say(c, _KNOWN, digest)


def _said(c: Connection, name: str) -> str:
    return str(c.execute(select(meta.c.value).where(meta.c.key == name)).scalar() or "")


def _say(c: Connection, name: str, value: str) -> None:
    dialects.put(c, meta, {"key": name, "value": value})
