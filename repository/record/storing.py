"""A fetched file becomes a document's newest bytes: which document, on evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from casereviews.repository import identity
from casereviews.repository.model import NOTHING, Fetch, Sighting
from casereviews.repository.record import (
    documents,
    events,
    runs,
    sightings,
    tombstones,
    troubles,
    versions,
    withdrawing,
)
from casereviews.repository.record.outcome import Stored
from casereviews.repository.record.tables import document, document_address, sighting, version
from casereviews.repository.record.versions import Arrival


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a file was sighted, and where its redirects led, all canonical."""

    sighted: str
    redirects: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return (self.sighted, *self.redirects)


def addresses_for(c: Connection, seen: Sighting, done: Fetch, sha256: str) -> Addresses:
    """The addresses that identify a fetched file.

    A file that came without an address (added by hand) is known by its bytes. A redirect is evidence unless it leads to a
    signed address, which is another one each time, or back to a list, which is how sites hide that a file is gone.
    """
    rules = runs.same_as(c, seen.source_id)
    if seen.file_url is None:
        return Addresses(f"bytes:{sha256}", ())
    sighted = identity.address_of(seen, rules)
    lists = {identity.canonical(seen.listing_url, same_as=rules)}
    info = runs.sources(c).get(seen.source_id)
    if info is not None:
        lists |= {identity.canonical(url, same_as=rules) for url in info.start_urls}
    led: list[str] = []
    for url in (*done.redirects, done.final_url):
        address = identity.canonical(url, same_as=rules)
        if address not in (sighted, *led, *lists) and not identity.is_signed(address):
            led.append(address)
    return Addresses(sighted, tuple(led))


def refuse(c: Connection, seen: Sighting, where: Addresses, sha256: str, at: str) -> bool:
    """True when these bytes or what stood at these addresses were withdrawn; a new address of them is closed too.

    A document that was listed there and waited for its file turns out to be what was withdrawn, and goes.
    """
    closed = any(tombstones.refuses_address(c, seen.source_id, address) for address in where.all)
    if not closed and not tombstones.refuses_bytes(c, sha256):
        return False
    known = documents.find(c, seen.source_id, [where.sighted], seen.edition)
    if known is not None and not troubles.has_content(c, known):
        reason = "the same file as one that was withdrawn"
        withdrawing.take_documents(c, [known.id], remaining=(), reason=reason, at=at)
    elif not closed and known is None:
        tombstones.bury(
            c,
            "address",
            [tombstones.hash_of(where.sighted)],
            source_id=seen.source_id,
            document_id="",
            reason="the same file as one that was withdrawn",
            at=at,
        )
        c.execute(
            sighting.delete().where(
                sighting.c.source_id == seen.source_id, sighting.c.address == where.sighted
            )
        )
    return True


def store(
    c: Connection, run_id: int, seen: Sighting, where: Addresses, new: Arrival, *, origin: str
) -> Stored:
    """Give the file to its document, which is made when it is new."""
    row = documents.find(c, seen.source_id, [where.sighted], seen.edition)
    led = documents.find(c, seen.source_id, where.redirects, seen.edition)
    if row is not None and led is not None and row.id != led.id:
        row = _join(c, row, led, where.sighted, new.sha256)
    elif row is None:
        row = led
    if row is None:
        row = documents.make(c, run_id, seen, where.sighted, new.at, origin=origin)
    documents.add_address(c, seen.source_id, where.sighted, seen.edition, row.id, "sighted", new.at)
    if seen.file_url is None:
        sightings.put(c, run_id, seen, where.sighted, new.at)
    awaited = row.told and not troubles.has_content(c, row)
    moved = row.told and not awaited
    _add_redirects(c, run_id, row, seen, where.redirects, new.at, moved=moved)
    result = versions.add(c, run_id, row.id, new)
    c.execute(
        document.update()
        .where(document.c.id == row.id)
        .values(last_seen=new.at, last_run=run_id, kind=seen.kind, trouble=None, trouble_host=None)
    )
    if awaited:
        events.write(
            c,
            kind="file_arrived",
            run_id=run_id,
            at=new.at,
            source_id=seen.source_id,
            document_id=row.id,
        )
    return Stored(result, row.id, new.sha256)


def _join(c: Connection, sighted: Row[Any], led: Row[Any], address: str, sha256: str) -> Row[Any]:
    """A known document's address now leads to another's: one document when they ever held the same bytes (a file without any proves nothing).

    So are two of which one was never had: the sighted one is what it leads to, and the other is what came here before. Otherwise
    the link has a new target: from now on the address belongs to the document that it leads to.
    """
    if not troubles.has_content(c, sighted) and troubles.has_content(c, led):
        documents.merge(c, led.id, sighted.id, "redirect")
        return led
    if not troubles.has_content(c, led) and versions.holds(c, sighted.id, sha256):
        documents.merge(c, sighted.id, led.id, "redirect")
        return sighted
    theirs = select(version.c.sha256).where(
        version.c.document_id == led.id, version.c.sha256 != NOTHING
    )
    shared = c.execute(
        select(version.c.sha256)
        .where(version.c.document_id == sighted.id, version.c.sha256.in_(theirs))
        .limit(1)
    ).first()
    if shared is None:
        c.execute(
            document_address.update()
            .where(
                document_address.c.source_id == sighted.source_id,
                document_address.c.address == address,
                document_address.c.edition == (sighted.edition or ""),
            )
            .values(document_id=led.id, evidence="redirect")
        )
        return led
    keep, gone = sorted((sighted, led), key=lambda row: (row.first_run, row.id))
    documents.merge(c, keep.id, gone.id, "redirect")
    return keep


def _add_redirects(
    c: Connection,
    run_id: int,
    row: Row[Any],
    seen: Sighting,
    redirects: Sequence[str],
    at: str,
    *,
    moved: bool,
) -> None:
    """Redirects of a known document that were not known say that it moved, where it was `moved`: its file had come before."""
    fresh = [
        address
        for address in redirects
        if documents.add_address(c, seen.source_id, address, seen.edition, row.id, "redirect", at)
    ]
    if fresh and moved:
        events.write(
            c,
            kind="moved",
            run_id=run_id,
            at=at,
            source_id=seen.source_id,
            document_id=row.id,
            was=row.file_url,
            became=fresh[-1],
        )


def link_addresses(
    c: Connection, source_id: str, url: str, twins: Sequence[str], evidence: str, at: str
) -> None:
    """Say that addresses are twins of a known document's: rel=canonical, shortlink.

    A twin that is another document's already stays so; an address that no document has is left for the day
    that it is stored. One under which a document was withdrawn is nobody's.
    """
    rules = runs.same_as(c, source_id)
    addresses = [identity.canonical(one, same_as=rules) for one in (url, *twins)]
    row = documents.find(c, source_id, addresses, None)
    if row is None:
        return
    for address in addresses:
        if not tombstones.refuses_address(c, source_id, address):
            documents.add_address(c, source_id, address, None, row.id, evidence, at)
