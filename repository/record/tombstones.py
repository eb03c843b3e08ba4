"""What was withdrawn and never comes back: hashes and addresses, with the reason and the date, no words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy import Connection, select

from casereviews.repository.record.tables import tombstone

KINDS = ("review", "document", "bytes", "text", "address")


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
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.reason, row.at)


def buried_hashes(c: Connection) -> list[str]:
    """The SHA-256 of all bytes that were withdrawn."""
    query = select(tombstone.c.value).where(tombstone.c.kind == "bytes").distinct()
    return sorted(c.execute(query).scalars())
