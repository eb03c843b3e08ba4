"""What pages said, kept raw: one row per different saying, moved forward while it is still said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, func, select

from casereviews.repository.identity import address_of, canonical
from casereviews.repository.model import Sighting
from casereviews.repository.record import case_names, documents, pages, runs, tombstones
from casereviews.repository.record.tables import document_address, sighting, source_run

HEALTHY = ("ok", "unchanged")
READ_IN_FULL = (*HEALTHY, "partial")
"""Results of a run whose list may have been read in full: it is partial too when only files could not be had."""


def record_sightings(
    c: Connection,
    run_id: int,
    source_id: str,
    seen: Iterable[Sighting],
    at: str,
    page_url: str | None = None,
) -> int:
    """Keep what one page said on this run; returns how many sayings are new.

    An unchanged saying only moves its last run. A row without a link becomes a document of its own at once: there
    is no file to wait for. Hand over a page's sightings together: a kill then loses a page, never a part of one. `page_url` is
    the address under which the page was asked for.
    """
    rules = runs.same_as(c, source_id)
    given = pages.rules_of(c, source_id)
    page = pages.key_of(page_url, given) if page_url else None
    buried = tombstones.buried_addresses(c, source_id)
    fresh = 0
    said = _next_position(c, run_id, source_id)
    withdrawn = case_names.WithdrawnCases(c, source_id)
    for position, one in enumerate(map(writable, seen), said):
        address = address_of(one, rules)
        if (buried and tombstones.hash_of(address) in buried) or withdrawn.row_names(one):
            continue
        one = withdrawn.without(one)
        by = said_by(one, page, given)
        fresh += put(c, run_id, one, address, at, position, page=page, by=by, rules=rules)
        if one.kind == "entry":
            documents.put_entry(c, run_id, one, address, at)
    return fresh


def _next_position(c: Connection, run_id: int, source_id: str) -> int:
    """How many sayings of a run came before: the order in which its pages name documents."""
    last = c.execute(
        select(func.max(sighting.c.position)).where(
            sighting.c.source_id == source_id, sighting.c.last_run == run_id
        )
    ).scalar()
    return 0 if last is None else last + 1


def put(
    c: Connection,
    run_id: int,
    one: Sighting,
    address: str,
    at: str,
    position: int = 0,
    *,
    page: str | None = None,
    by: str = "",
    rules: tuple[tuple[str, str], ...] | None = None,
) -> bool:
    """Keep one saying under the address that it speaks of; True when it is new.

    `position` counts the sayings of the run before it, `page` is the page that says it (`pages.key_of`), `by` is what `said_by`
    says: the same words on two pages are two sayings. `rules` are the source's.
    """
    payload = payload_of(one)
    digest = digest_of(one, address, by)
    moved = c.execute(
        sighting.update()
        .where(sighting.c.source_id == one.source_id, sighting.c.digest == digest)
        .values(last_run=run_id, last_seen=at, position=position, page=page)
    ).rowcount
    if moved:
        return False
    rules = runs.same_as(c, one.source_id) if rules is None else rules
    c.execute(
        sighting.insert().values(
            source_id=one.source_id,
            address=address,
            edition=one.edition or "",
            listing_url=canonical(one.listing_url, same_as=rules),
            detail_url=one.detail_url and canonical(one.detail_url, same_as=rules),
            digest=digest,
            payload=payload,
            position=position,
            first_run=run_id,
            last_run=run_id,
            first_seen=at,
            last_seen=at,
            page=page,
        )
    )
    return True


def last_healthy_runs(c: Connection) -> dict[str, int]:
    """Source id -> number of the last run in which its whole listing was read in good health."""
    rows = c.execute(
        select(source_run.c.source_id, func.max(source_run.c.run_id).label("last"))
        .where(source_run.c.result.in_(READ_IN_FULL), source_run.c.listing_complete)
        .group_by(source_run.c.source_id)
    )
    return {row.source_id: row.last for row in rows}


def sightings_of(c: Connection, document_id: str) -> tuple[Sighting, ...]:
    """What the pages last said of a document; see `by_document`."""
    return by_document(c, document_id).get(document_id, ())


def by_document(c: Connection, document_id: str | None = None) -> dict[str, tuple[Sighting, ...]]:
    """What the pages last said of documents (all, or one): of every page the newest sayings, in the page's order.

    Pages that said something when the source's list was last read in good health count, so that a night that went
    wrong half-way takes nothing away.
    """
    query = (
        select(
            document_address.c.document_id,
            sighting.c.source_id,
            sighting.c.listing_url,
            sighting.c.detail_url,
            sighting.c.last_run,
            sighting.c.payload,
        )
        .select_from(sighting.join(document_address, on_address()))
        .order_by(
            document_address.c.document_id,
            sighting.c.listing_url,
            sighting.c.detail_url.nulls_first(),
            sighting.c.id,
        )
    )
    if document_id is not None:
        query = query.where(document_address.c.document_id == document_id)
    healthy = last_healthy_runs(c)
    return {
        key: _newest(tuple(rows), healthy)
        for key, rows in groupby(c.execute(query).all(), key=lambda row: str(row.document_id))
    }


def _newest(rows: Sequence[Any], healthy: Mapping[str, int]) -> tuple[Sighting, ...]:
    """The sayings of one document that count, of all that were ever said of it."""
    since = min(max(row.last_run for row in rows), healthy.get(rows[0].source_id, 0))
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


def digest_of(one: Sighting, address: str, by: str = "") -> str:
    """By which a saying is known again; one without a link and an address speaks of one file only. `by`: `said_by`."""
    said = address if one.file_url is None and one.kind != "entry" else ""
    return hashlib.sha256(
        f"{by}{said}{payload_of(one)}".encode("utf-8", "surrogatepass")
    ).hexdigest()


def said_by(one: Sighting, page: str | None, given: tuple[tuple[str, str], ...]) -> str:
    """The page that says it, where it is not the page that a reader would go to; "" where it is. `given`: `pages.rules_of`."""
    own = pages.key_of(one.detail_url or one.listing_url, given)
    return "" if page is None or page == own else page


def payload_of(one: Sighting) -> str:
    """A sighting as JSON, the same for equal sightings."""
    return json.dumps(msgspec.to_builtins(one), ensure_ascii=False, sort_keys=True)


def writable(one: Sighting) -> Sighting:
    """The sighting, with "?" for halves of characters: JSON from the web may hold some, and no file can."""
    payload = payload_of(one)
    clean = payload.encode("utf-8", "replace").decode("utf-8")
    return one if clean == payload else sighting_from(clean)


def sighting_from(payload: str) -> Sighting:
    """The sighting that `payload_of` wrote."""
    return msgspec.json.decode(payload, type=Sighting)
