"""Taking documents and versions out of record.db, and leaving tombstones.

A tombstone holds hashes only, that of the address too: a file's name may be the very words that must go.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, fields
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from casereviews.repository.identity import canonical
from casereviews.repository.model import NOTHING
from casereviews.repository.record import (
    changing_parameters,
    documents,
    enclosures,
    events,
    runs,
    tombstones,
)
from casereviews.repository.record.tables import (
    document,
    document_address,
    document_alias,
    event,
    fetch,
    review_alias,
    review_id,
    run,
    sighting,
    url_state,
    version,
)


@dataclass
class Taken:
    """What was taken out: ids, hashes of bytes, and the words that name it (ids, addresses, titles).

    `lessened` are documents that stay and lost bytes.
    """

    documents: set[str] = field(default_factory=set)
    reviews: set[str] = field(default_factory=set)
    hashes: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    lessened: set[str] = field(default_factory=set)

    def add(self, other: Taken) -> None:
        """Count what else was taken out."""
        for each in fields(self):
            getattr(self, each.name).update(getattr(other, each.name))
        self.lessened -= self.documents


def with_copies(c: Connection, document_ids: Iterable[str]) -> set[str]:
    """These documents, every other that now has the same bytes or the same text, of whichever source, and the portfolios and files of each."""
    found: set[str] = set()
    more = enclosures.families(c, document_ids)
    while more - found:
        found |= more
        more = enclosures.families(c, found | _same_now(c, found))
    return found


def _same_now(c: Connection, found: Collection[str]) -> set[str]:
    ours = version.alias("ours")
    query = (
        select(version.c.document_id)
        .join(
            ours,
            or_(version.c.sha256 == ours.c.sha256, version.c.text_sha256 == ours.c.text_sha256),
        )
        .where(version.c.state == "current", ours.c.document_id.in_(sorted(found)))
    )
    return set(c.execute(query).scalars())


def take_documents(
    c: Connection,
    document_ids: Collection[str],
    *,
    remaining: Collection[str],
    reason: str,
    at: str,
) -> Taken:
    """Take whole documents out, with the portfolios that hold them and all that those hold.

    `remaining` are other documents of the same review, one of which inherits its ids.
    """
    taken = _take(
        c, enclosures.families(c, document_ids), remaining=remaining, reason=reason, at=at
    )
    taken.lessened -= taken.documents
    taken.names -= _still_borne(c)
    _clean_reports(c, taken.names)
    runs.raise_revision(c)
    return taken


def _take(
    c: Connection,
    document_ids: Collection[str],
    *,
    remaining: Collection[str],
    reason: str,
    at: str,
) -> Taken:
    """Exactly these documents."""
    taken = Taken()
    for document_id in sorted(document_ids):
        row = c.execute(select(document).where(document.c.id == document_id)).one()
        _take_versions(c, taken, row, None, reason, at)
        addresses = [address for address, _ in documents.addresses_of(c, document_id)]
        _bury(c, "address", [tombstones.hash_of(one) for one in addresses], row, reason, at)
        aliases = c.execute(
            select(document_alias.c.alias).where(document_alias.c.document_id == document_id)
        ).scalars()
        _bury(c, "document", [document_id, *aliases], row, reason, at)
        taken.documents.add(document_id)
        taken.names |= {document_id, *_words_naming(row, addresses)}
        _forget_addresses(c, taken, row.source_id, addresses)
        _hand_on_ids(
            c, taken, row, [one for one in remaining if one not in document_ids], reason, at
        )
        for table in (document_address, document_alias, event):
            c.execute(table.delete().where(table.c.document_id == document_id))
        c.execute(document.delete().where(document.c.id == document_id))
        _record_event(c, row, None, at)
    return taken


def take_version(c: Connection, document_id: str, number: int, *, reason: str, at: str) -> Taken:
    """Take one version of a document out, with all bytes that said its text; the document stays.

    Of a portfolio the files go that none of its other versions holds; of an enclosed file the portfolio's versions with it.
    """
    taken = Taken()
    row = c.execute(select(document).where(document.c.id == document_id)).one()
    _take_versions(c, taken, row, number, reason, at)
    c.execute(event.delete().where(event.c.document_id == document_id, event.c.version == number))
    _record_event(c, row, number, at)
    for key in enclosures.without_versions(c):
        taken.add(_take(c, [key], remaining=[document_id], reason=reason, at=at))
    runs.raise_revision(c)
    taken.names -= _still_borne(c)
    return taken


def _take_versions(
    c: Connection, taken: Taken, row: Any, number: int | None, reason: str, at: str
) -> None:
    """Bury the bytes and texts of a document's versions (one of them, or all), wherever else they are kept.

    A version without a byte goes with its document and touches no other.
    """
    mine = version.c.document_id == row.id
    if number is not None:
        mine = and_(mine, version.c.number == number)
    found = c.execute(select(version.c.sha256, version.c.text_sha256).where(mine)).all()
    hashes = enclosures.taken_with(c, {one.sha256 for one in found} - {NOTHING})
    texts = set(
        c.execute(
            select(version.c.text_sha256).where(or_(mine, version.c.sha256.in_(hashes)))
        ).scalars()
    ) - {None}
    _bury(c, "bytes", sorted(hashes), row, reason, at)
    _bury(c, "text", sorted(texts), row, reason, at)
    same = or_(version.c.sha256.in_(hashes), version.c.text_sha256.in_(texts))
    others = c.execute(select(version.c.sha256, version.c.document_id).where(same)).all()
    taken.hashes |= hashes | {one.sha256 for one in others}
    taken.lessened |= {row.id, *(one.document_id for one in others)}
    c.execute(version.delete().where(or_(mine, same)))
    c.execute(fetch.delete().where(fetch.c.sha256.in_(taken.hashes)))
    c.execute(url_state.delete().where(url_state.c.sha256.in_(taken.hashes)))


def _forget_addresses(
    c: Connection, taken: Taken, source_id: str, addresses: Collection[str]
) -> None:
    """Drop what pages said under these addresses, and every trace of asking for them."""
    said = and_(sighting.c.source_id == source_id, sighting.c.address.in_(addresses))
    for payload in c.execute(select(sighting.c.payload).where(said)).scalars():
        values = json.loads(payload)
        taken.names |= {values[name] for name in ("file_url", "link_text") if values[name]}
    c.execute(sighting.delete().where(said))
    rules = runs.same_as(c, source_id)
    for table in (fetch, url_state):
        key = table.c.id if table is fetch else table.c.url
        query = select(key, table.c.url, table.c.final_url)
        if table is fetch:
            query = query.where(fetch.c.source_id == source_id)
        for found in c.execute(query).all():
            if {canonical(found.url, same_as=rules), canonical(found.final_url, same_as=rules)} & {
                *addresses
            }:
                taken.names |= {found.url, found.final_url}
                c.execute(table.delete().where(key == found[0]))
    changing_parameters.unname(c, source_id, addresses)


def _hand_on_ids(
    c: Connection, taken: Taken, row: Any, remaining: list[str], reason: str, at: str
) -> None:
    """A review that still has documents keeps its ids; otherwise they are buried."""
    ids = list(c.execute(select(review_id.c.id).where(review_id.c.document_id == row.id)).scalars())
    if remaining:
        c.execute(
            review_id.update()
            .where(review_id.c.document_id == row.id)
            .values(document_id=min(remaining))
        )
        return
    _bury(c, "review", ids, row, reason, at)
    taken.reviews |= set(ids)
    c.execute(
        review_alias.delete().where(
            or_(review_alias.c.alias.in_(ids), review_alias.c.review_id.in_(ids))
        )
    )
    c.execute(review_id.delete().where(review_id.c.id.in_(ids)))


def _bury(c: Connection, kind: str, values: Iterable[str], row: Any, reason: str, at: str) -> None:
    tombstones.bury(
        c, kind, values, source_id=row.source_id, document_id=row.id, reason=reason, at=at
    )


def _still_borne(c: Connection) -> set[str]:
    """Titles of documents that stay ("Overview report"): such words name nothing that was taken out."""
    titles = set(c.execute(select(document.c.title).distinct()).scalars())
    for payload in c.execute(select(sighting.c.payload)).scalars():
        titles.add(json.loads(payload)["link_text"])
    return {title for title in titles if title}


def _words_naming(row: Any, addresses: Iterable[str]) -> set[str]:
    return {word for word in (row.file_url, row.title, *addresses) if word}


def _record_event(c: Connection, row: Any, number: int | None, at: str) -> None:
    events.write(
        c,
        kind="withdrawn",
        run_id=None,
        at=at,
        source_id=row.source_id,
        document_id=row.id,
        version=number,
    )


def _clean_reports(c: Connection, names: Collection[str]) -> None:
    """Take what names the documents out of the reports of past runs."""
    for found in c.execute(select(run.c.id, run.c.report)).all():
        if any(name in found.report for name in names):
            cleaned = json.dumps(without(json.loads(found.report), names), ensure_ascii=False)
            c.execute(run.update().where(run.c.id == found.id).values(report=cleaned))


def without(value: Any, names: Collection[str]) -> Any:
    """A JSON value without the innermost objects, list items and entries whose text holds one of these names."""
    if isinstance(value, list):
        return [without(one, names) for one in value if not _directly_names(one, names)]
    if isinstance(value, dict):
        return {
            key: without(one, names)
            for key, one in value.items()
            if not _directly_names(key, names) and not _directly_names(one, names)
        }
    return value


def _directly_names(value: Any, names: Collection[str]) -> bool:
    """True for a text that holds a name, or an object one of whose own texts does."""
    if isinstance(value, str):
        return any(name in value for name in names)
    if isinstance(value, dict):
        return any(_directly_names(one, names) for one in value.values() if isinstance(one, str))
    return False
