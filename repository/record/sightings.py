"""What pages said, kept raw: one row per different saying, moved forward while it is still said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, and_, func, select

from repository.identity import address_of, canonical
from repository.model import Sighting
from repository.record import documents, runs, tombstones
from repository.record.tables import document_address, sighting, source_run

HEALTHY = ("ok", "unchanged")


def record_sightings(
    c: Connection, run_id: int, source_id: str, seen: Iterable[Sighting], at: str
) -> int:
    """Keep what one page said on this run; returns how many sayings are new.

    An unchanged saying only moves its last run. A row without a link becomes a document of its own at once: there
    is no file to wait for. Hand over a page's sightings together: a kill then loses a page, never a part of one.
    """
    rules = runs.same_as(c, source_id)
    fresh = 0
    for one in seen:
        address = address_of(one, rules)
        if tombstones.refuses_address(c, source_id, address):
            continue
        payload = payload_of(one)
        digest = hashlib.sha256(payload.encode("utf-8", "surrogatepass")).hexdigest()
        moved = c.execute(
            sighting.update()
            .where(sighting.c.source_id == source_id, sighting.c.digest == digest)
            .values(last_run=run_id, last_seen=at)
        ).rowcount
        if not moved:
            fresh += 1
            c.execute(
                sighting.insert().values(
                    source_id=source_id,
                    address=address,
                    edition=one.edition or "",
                    listing_url=canonical(one.listing_url, same_as=rules),
                    detail_url=one.detail_url and canonical(one.detail_url, same_as=rules),
                    digest=digest,
                    payload=payload,
                    first_run=run_id,
                    last_run=run_id,
                    first_seen=at,
                    last_seen=at,
                )
            )
        if one.kind == "entry":
            documents.put_entry(c, run_id, one, address, at)
    return fresh


def last_healthy_run(c: Connection, source_id: str) -> int:
    """The number of the last run in which the source's whole listing was read in good health; 0 before the first."""
    found = c.execute(
        select(func.max(source_run.c.run_id)).where(
            source_run.c.source_id == source_id,
            source_run.c.result.in_(HEALTHY),
            source_run.c.listing_complete,
        )
    ).scalar()
    return int(found or 0)


def sightings_of(c: Connection, document_id: str) -> tuple[Sighting, ...]:
    """What the pages last said of a document: of every page the newest sayings, in the page's order.

    Pages that said something when the source's list was last read in good health count, so that a night that went
    wrong half-way takes nothing away.
    """
    rows = c.execute(
        select(sighting)
        .select_from(sighting.join(document_address, on_address()))
        .where(document_address.c.document_id == document_id)
        .order_by(sighting.c.listing_url, sighting.c.detail_url, sighting.c.id)
    ).all()
    if not rows:
        return ()
    since = min(max(row.last_run for row in rows), last_healthy_run(c, rows[0].source_id))
    newest: dict[tuple[str, str | None], int] = {}
    for row in rows:
        page = (row.listing_url, row.detail_url)
        newest[page] = max(row.last_run, newest.get(page, since))
    return tuple(
        sighting_from(row.payload)
        for row in rows
        if row.last_run == newest[(row.listing_url, row.detail_url)]
    )


def on_address() -> Any:
    """The join of sightings with the addresses of documents."""
    return and_(
        sighting.c.source_id == document_address.c.source_id,
        sighting.c.address == document_address.c.address,
        sighting.c.edition == document_address.c.edition,
    )


def payload_of(one: Sighting) -> str:
    """A sighting as JSON, the same for equal sightings."""
    values = {item.name: getattr(one, item.name) for item in fields(one)}
    values["extra"] = dict(one.extra)
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def sighting_from(payload: str) -> Sighting:
    """The sighting that `payload_of` wrote."""
    values = json.loads(payload)
    for name in ("headings", "dates", "status_words"):
        values[name] = tuple(values[name])
    return Sighting(**values)
