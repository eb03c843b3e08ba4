"""Documents: found by their addresses, made at first sight, joined on evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from casereviews.repository import identity
from casereviews.repository.model import Document, Sighting
from casereviews.repository.record import dialects, tombstones
from casereviews.repository.record.availability import availability_of
from casereviews.repository.record.tables import (
    document,
    document_address,
    document_alias,
    event,
    review_id,
    version,
)
from casereviews.repository.vocabulary.link_titles import is_informative, without_file_notes


def find(
    c: Connection, source_id: str, addresses: Sequence[str], edition: str | None
) -> Row[Any] | None:
    """The document that a source has at one of these canonical addresses; the first address that is known counts."""
    for address in addresses:
        row = c.execute(
            select(document)
            .join(document_address, document_address.c.document_id == document.c.id)
            .where(
                document_address.c.source_id == source_id,
                document_address.c.address == address,
                document_address.c.edition == (edition or ""),
            )
        ).one_or_none()
        if row is not None:
            return row
    return None


def make(
    c: Connection, run_id: int, seen: Sighting, address: str, at: str, *, origin: str
) -> Row[Any]:
    """A new document, first sighted at a canonical address."""
    new_id = identity.document_id(seen.source_id, address, seen.edition)
    c.execute(
        document.insert().values(
            id=new_id,
            source_id=seen.source_id,
            kind=seen.kind,
            origin=origin,
            edition=seen.edition,
            file_url=seen.file_url,
            landing_url=seen.detail_url or seen.listing_url or None,
            title=title_of(seen),
            first_seen=at,
            last_seen=at,
            first_run=run_id,
            last_run=run_id,
            availability=availability_of(seen.status_words) or "available",
            missing_nights=0,
            gone_nights=0,
            rolled_off=False,
            visibility="shown",
            told=False,
        )
    )
    add_address(c, seen.source_id, address, seen.edition, new_id, "sighted", at)
    return c.execute(select(document).where(document.c.id == new_id)).one()


def row_of(c: Connection, document_id: str) -> Row[Any]:
    """A document's row."""
    return c.execute(select(document).where(document.c.id == document_id)).one()


def put_entry(c: Connection, run_id: int, seen: Sighting, address: str, at: str) -> None:
    """Make the document of a row without a link, unless it is known or withdrawn."""
    if tombstones.refuses_address(c, seen.source_id, address):
        return
    if find(c, seen.source_id, [address], seen.edition) is None:
        make(c, run_id, seen, address, at, origin="crawl")


def title_of(seen: Sighting) -> str | None:
    """What a page calls the document: its link's text, else the nearest heading that says something; None when nothing does.

    Notes on the file (its form, its size, counts of downloads) are none of its name.
    """
    said = [
        " ".join(one.split()) for one in (seen.link_text, *reversed(seen.headings)) if one.strip()
    ]
    named = (without_file_notes(one) for one in said if is_informative(one))
    return next(named, said[0] if said else None)


def add_address(
    c: Connection,
    source_id: str,
    address: str,
    edition: str | None,
    document_id: str,
    evidence: str,
    at: str,
) -> bool:
    """Say that a canonical address leads to a document, and why; False when that was known. A known address stays put."""
    values = {
        "source_id": source_id,
        "address": address,
        "edition": edition or "",
        "document_id": document_id,
        "evidence": evidence,
        "first_seen": at,
    }
    return dialects.add_unless_known(c, document_address, values)


def addresses_of(c: Connection, document_id: str) -> list[tuple[str, str]]:
    """(canonical address, evidence) of a document, oldest first."""
    rows = c.execute(
        select(document_address.c.address, document_address.c.evidence)
        .where(document_address.c.document_id == document_id)
        .order_by(document_address.c.first_seen, document_address.c.address)
    )
    return [(row.address, row.evidence) for row in rows]


def merge(c: Connection, keep: str, gone: str, reason: str) -> None:
    """Make two documents one: addresses, ids and history go to `keep`, whose content stays; `gone` stays as an alias.

    Content that only `gone` had is kept as replaced versions.
    """
    have = set(c.execute(select(version.c.sha256).where(version.c.document_id == keep)).scalars())
    last = max(
        c.execute(select(version.c.sequence).where(version.c.document_id == keep)).scalars(),
        default=0,
    )
    rows = c.execute(
        select(version).where(version.c.document_id == gone).order_by(version.c.sequence)
    ).all()
    for row in rows:
        here = and_(version.c.document_id == gone, version.c.sequence == row.sequence)
        if row.sha256 in have:
            c.execute(version.delete().where(here))
            continue
        last += 1
        state = row.state if row.state in ("held", "released", "withdrawn") else "replaced"
        c.execute(
            version.update()
            .where(here)
            .values(document_id=keep, sequence=last, number=0, state=state, settled=True)
        )
    for table in (document_address, document_alias, event, review_id):
        c.execute(table.update().where(table.c.document_id == gone).values(document_id=keep))
    c.execute(document_alias.insert().values(alias=gone, document_id=keep, reason=reason))
    c.execute(document.delete().where(document.c.id == gone))


_COLUMNS = (
    document,
    version.c.sha256,
    version.c.media_type,
    version.c.file_name,
)


def documents(
    c: Connection,
    *,
    ids: Collection[str] | None = None,
    source_id: str | None = None,
    visibility: str | None = None,
) -> Iterator[Document]:
    """Documents with their newest content, by id, one after another as they are read."""
    query = (
        select(*_COLUMNS)
        .select_from(
            document.outerjoin(
                version,
                and_(version.c.document_id == document.c.id, version.c.state == "current"),
            )
        )
        .order_by(document.c.id)
    )
    if source_id is not None:
        query = query.where(document.c.source_id == source_id)
    if visibility is not None:
        query = query.where(document.c.visibility == visibility)
    if ids is None:
        for row in c.execute(query.execution_options(yield_per=500)):
            yield from_row(row)
        return
    for start in range(0, len(wanted := sorted(ids)), 500):
        for row in c.execute(query.where(document.c.id.in_(wanted[start : start + 500]))):
            yield from_row(row)


def from_row(row: Row[Any]) -> Document:
    """The document that a row of `documents` holds."""
    return Document(
        id=row.id,
        source_id=row.source_id,
        file_url=row.file_url,
        landing_url=row.landing_url,
        kind=row.kind,
        origin=row.origin,
        first_seen=row.first_seen,
        last_seen=row.last_seen,
        availability=row.availability,
        missing_nights=row.missing_nights,
        visibility=row.visibility,
        sha256=row.sha256,
        media_type=row.media_type,
        file_name=row.file_name,
        title=row.title,
        trouble=row.trouble,
        trouble_host=row.trouble_host,
    )
