"""Taking documents and versions out of record.db, and leaving tombstones.

A tombstone holds hashes only, that of the address too: a file's name may be the very words that must go.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

from sqlalchemy import Connection, and_, func, or_, select

from casereviews.repository.identity import canonical
from casereviews.repository.model import NOTHING
from casereviews.repository.record import (
    case_names,
    changing_parameters,
    documents,
    enclosures,
    events,
    pages,
    runs,
    sightings,
    tombstones,
)
from casereviews.repository.record.outcome import Leaving
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
    source_run,
    source_state,
    url_state,
    version,
)
from casereviews.repository.tombstone_file import Tombstone

NO_HEIRS: Mapping[str, str] = MappingProxyType({})


@dataclass
class Taken:
    """What was taken out: ids, hashes of bytes, and the words that name it (ids, addresses, titles).

    `lessened` are documents that stay and lost bytes. `said` are the texts by which pages called it, `by_document`
    the files that each document lost, `kept_addresses` those of documents that stay and lost a version.
    """

    documents: set[str] = field(default_factory=set)
    reviews: set[str] = field(default_factory=set)
    hashes: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    lessened: set[str] = field(default_factory=set)
    said: set[str] = field(default_factory=set)
    by_document: dict[str, set[str]] = field(default_factory=dict)
    kept_addresses: set[str] = field(default_factory=set)

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


def take(c: Connection, leaving: Leaving) -> Taken:
    """Take out what is still there of what is to leave."""
    remaining = set(leaving.remaining) - set(leaving.documents)
    taken = take_documents(
        c,
        leaving.documents,
        remaining=remaining,
        heirs=dict(leaving.heirs),
        reason=leaving.reason,
        at=leaving.at,
    )
    taken.lessened |= remaining
    for document_id, number in leaving.versions:
        here = and_(version.c.document_id == document_id, version.c.number == number)
        if c.execute(select(version.c.sha256).where(here)).first() is not None:
            taken.add(take_version(c, document_id, number, reason=leaving.reason, at=leaving.at))
    return taken


def left_of(c: Connection, stones: Collection[Tombstone], reason: str, at: str) -> Leaving | None:
    """What the record still holds of what was withdrawn: documents by id, address, file or text, and single versions; None for nothing."""
    wanted: dict[str, set[str]] = {}
    for one in stones:
        wanted.setdefault(one.kind, set()).add(one.value)
    whole = set(
        c.execute(
            select(document.c.id).where(document.c.id.in_(wanted.get("document", ())))
        ).scalars()
    )
    # The address of a version that went alone is no reason to take the document.
    closed = {
        (one.source_id, one.value)
        for one in stones
        if one.kind == "address" and one.document_id in wanted.get("document", ())
    }
    for row in c.execute(select(document_address)):
        if (row.source_id, tombstones.hash_of(row.address)) in closed:
            whole.add(row.document_id)
    versions: set[tuple[str, int]] = set()
    for row in c.execute(select(version)):
        if row.document_id in whole:
            continue
        if row.sha256 in wanted.get("bytes", ()) or row.text_sha256 in wanted.get("text", ()):
            if row.state == "current":
                whole.add(row.document_id)
            else:
                versions.add((row.document_id, row.number))
    versions = {one for one in versions if one[0] not in whole}
    if not whole and not versions:
        return None
    return Leaving(sorted(whole), tuple(sorted(versions)), (), reason, at)


def take_documents(
    c: Connection,
    document_ids: Collection[str],
    *,
    remaining: Collection[str],
    reason: str,
    at: str,
    heirs: Mapping[str, str] = NO_HEIRS,
) -> Taken:
    """Take whole documents out, with the portfolios that hold them and all that those hold.

    `remaining` are other documents of the same review, one of which inherits its ids: that of `heirs`, where it names one ("" for none).
    """
    taken = _take(
        c,
        enclosures.families(c, document_ids),
        remaining=remaining,
        reason=reason,
        at=at,
        heirs=heirs,
    )
    taken.names -= _still_borne(c)
    clean_names(c, (), taken.names)
    runs.raise_revision(c)
    return taken


def _take(
    c: Connection,
    document_ids: Collection[str],
    *,
    remaining: Collection[str],
    reason: str,
    at: str,
    heirs: Mapping[str, str] = NO_HEIRS,
) -> Taken:
    """Exactly these documents."""
    taken = Taken()
    here = select(document.c.id).where(document.c.id.in_(sorted(document_ids)))
    for document_id in sorted(c.execute(here).scalars()):
        row = documents.row_of(c, document_id)
        _take_versions(c, taken, row, None, reason, at)
        addresses = [address for address, _ in documents.addresses_of(c, document_id)]
        _bury(c, "address", [tombstones.hash_of(one) for one in addresses], row, reason, at)
        aliases = c.execute(
            select(document_alias.c.alias)
            .where(document_alias.c.document_id == document_id)
            .order_by(document_alias.c.alias)
        ).scalars()
        _bury(c, "document", [document_id, *aliases], row, reason, at)
        taken.documents.add(document_id)
        taken.names |= {document_id, *_words_naming(row, addresses)}
        taken.said |= {row.title or ""}
        pages = _forget_addresses(c, taken, row.source_id, addresses)
        _bury(c, "page", [tombstones.hash_of(one) for one in sorted(pages)], row, reason, at)
        stay = sorted(one for one in remaining if one not in document_ids)
        heir = heirs.get(document_id, stay[0] if stay else "")
        _hand_on_ids(c, taken, row, heir, reason, at)
        for table in (document_address, document_alias):
            c.execute(table.delete().where(table.c.document_id == document_id))
        events.forget(c, event.c.document_id == document_id)
        c.execute(document.delete().where(document.c.id == document_id))
        _record_event(c, row, None, at)
    taken.lessened -= taken.documents
    return taken


def take_version(c: Connection, document_id: str, number: int, *, reason: str, at: str) -> Taken:
    """Take one version of a document out, with all bytes that said its text; the document stays.

    What pages called it before the version came that stands now goes too, and the addresses at which no version that stays was: title and
    address may be what was made anonymous. Of a portfolio the files go that none of its other versions holds; of an enclosed file the portfolio's versions with it.
    """
    taken = Taken()
    row = c.execute(select(document).where(document.c.id == document_id)).one()
    _take_versions(c, taken, row, number, reason, at)
    _forget_earlier_addresses(c, taken, row, reason, at)
    _forget_earlier_sayings(c, taken, row)
    events.forget(c, event.c.document_id == document_id, event.c.version == number)
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
    names = select(version.c.file_name).where(mine)
    taken.names |= {one for one in c.execute(names).scalars() if one}
    same = or_(version.c.sha256.in_(hashes), version.c.text_sha256.in_(texts))
    others = c.execute(select(version.c.sha256, version.c.document_id).where(same)).all()
    taken.hashes |= hashes | {one.sha256 for one in others}
    taken.by_document[row.id] = hashes
    taken.lessened |= {row.id, *(one.document_id for one in others)}
    c.execute(version.delete().where(or_(mine, same)))
    c.execute(fetch.delete().where(fetch.c.sha256.in_(taken.hashes)))
    c.execute(url_state.delete().where(url_state.c.sha256.in_(taken.hashes)))


def _forget_earlier_addresses(c: Connection, taken: Taken, row: Any, reason: str, at: str) -> None:
    """Bury the addresses of a document that are not its own now, that no page said since its version came that stands now, and that
    gave no bytes that stay; where no version stands all of them stay."""
    since = _standing_since(c, row)
    rules = runs.same_as(c, row.source_id)
    known = {address for address, _ in documents.addresses_of(c, row.id)}
    kept = {canonical(row.file_url, same_as=rules)} if row.file_url else known
    said = and_(
        sighting.c.source_id == row.source_id,
        sighting.c.address.in_(known),
        sighting.c.last_seen >= (since or ""),
    )
    kept |= set(c.execute(select(sighting.c.address).where(said)).scalars())
    staying = select(version.c.sha256).where(version.c.document_id == row.id)
    for found in c.execute(
        select(fetch.c.url, fetch.c.final_url).where(fetch.c.sha256.in_(staying))
    ):
        kept |= {canonical(one, same_as=rules) for one in found}
    gone = sorted(known - kept) if since is not None else []
    taken.kept_addresses |= {*(known - {*gone}), *({row.file_url} - {None})}
    if not gone:
        return
    taken.names |= {*gone}
    pages_of_it = _forget_addresses(c, taken, row.source_id, gone)
    here = and_(document_address.c.source_id == row.source_id, document_address.c.address.in_(gone))
    c.execute(document_address.delete().where(here))
    _bury(c, "address", map(tombstones.hash_of, gone), row, reason, at)
    _bury(c, "page", map(tombstones.hash_of, sorted(pages_of_it)), row, reason, at)


def _standing_since(c: Connection, row: Any) -> str | None:
    """When the version of a document came that stands now; None when none does."""
    here = and_(version.c.document_id == row.id, version.c.state == "current")
    found: str | None = c.execute(select(func.max(version.c.first_seen)).where(here)).scalar()
    return found


def _forget_earlier_sayings(c: Connection, taken: Taken, row: Any) -> None:
    """Drop what was said of a document until its version came that stands now, where pages say something of that one too."""
    since = _standing_since(c, row)
    if since is None:
        return
    addresses = [address for address, _ in documents.addresses_of(c, row.id)]
    said = and_(sighting.c.source_id == row.source_id, sighting.c.address.in_(addresses))
    if not c.execute(select(sighting.c.id).where(said, sighting.c.last_seen >= since)).first():
        return
    earlier = and_(said, sighting.c.last_seen < since)
    payloads = c.execute(select(sighting.c.payload).where(earlier)).scalars().all()
    c.execute(sighting.delete().where(earlier))
    others = _headings(c, row.source_id)
    for payload in map(json.loads, payloads):
        taken.names |= {payload["link_text"]} - {""}
        taken.said |= {payload["link_text"], *(set(payload["headings"]) - others)}


def _forget_addresses(
    c: Connection, taken: Taken, source_id: str, addresses: Collection[str]
) -> set[str]:
    """Drop what pages said under these addresses, and every trace of asking for them; returns the pages that spoke of nothing else."""
    said = and_(sighting.c.source_id == source_id, sighting.c.address.in_(addresses))
    payloads = c.execute(select(sighting.c.payload).where(said)).scalars().all()
    c.execute(sighting.delete().where(said))
    others = _headings(c, source_id)
    for payload in payloads:
        values = json.loads(payload)
        taken.names |= {values[name] for name in ("file_url", "link_text") if values[name]}
        taken.said |= {values["link_text"], *(set(values["headings"]) - others)}
    rules = runs.same_as(c, source_id)
    pages = _own_pages(c, source_id, map(json.loads, payloads), rules)
    wanted = {*addresses, *pages}
    taken.names |= pages
    for table in (fetch, url_state):
        key = table.c.id if table is fetch else table.c.url
        for found in c.execute(select(key, table.c.url, table.c.final_url)).all():
            if {
                canonical(found.url, same_as=rules),
                canonical(found.final_url, same_as=rules),
            } & wanted:
                taken.names |= {found.url, found.final_url}
                c.execute(table.delete().where(key == found[0]))
    changing_parameters.unname(c, source_id, addresses)
    return pages


def _headings(c: Connection, source_id: str) -> set[str]:
    """The headings above what a source's pages still say."""
    query = select(sighting.c.payload).where(sighting.c.source_id == source_id)
    return {
        one for payload in c.execute(query).scalars() for one in json.loads(payload)["headings"]
    }


def _own_pages(
    c: Connection, source_id: str, gone: Iterable[Any], rules: Iterable[tuple[str, str]]
) -> set[str]:
    """The canonical addresses of pages that said what goes and say nothing that stays; never a source's start."""
    rules = tuple(rules)
    info = runs.sources(c).get(source_id)
    staying = {canonical(one, same_as=rules) for one in (info.start_urls if info else ())}
    here = sighting.c.source_id == source_id
    for column in (sighting.c.listing_url, sighting.c.detail_url):
        staying |= set(c.execute(select(column).where(here).distinct()).scalars())
    found = {one[name] for one in gone for name in ("listing_url", "detail_url") if one[name]}
    return {canonical(one, same_as=rules) for one in found} - staying


def clean_names(
    c: Connection,
    words: Collection[str],
    names: Collection[str],
    sought: Collection[str] = (),
) -> None:
    """Take the names of a case out of what is kept of others: their sayings, titles, the log of requests, reasons and reports.

    A saying that stands on a page of the case goes; so do requests for addresses that name it, or that have what is `sought`: what nothing
    else is called.
    """
    hides = case_names.plainly(words)

    def is_asked(url: str) -> bool:
        return case_names.says(url, hides) or any(
            one in url or one in unquote(url) for one in sought
        )

    names = {name for name in names if len(name) > 3}
    sayings = select(sighting.c.id, sighting.c.source_id, sighting.c.payload)
    for row in c.execute(sayings.order_by(sighting.c.id)).all():
        if case_names.says(row.payload, hides):
            _clean_saying(c, row, hides)
    for row in c.execute(select(document.c.id, document.c.title, document.c.landing_url)).all():
        if case_names.says(row.title, hides) or case_names.says(row.landing_url, hides):
            values = {
                "title": row.title and case_names.without_words(row.title, hides),
                "landing_url": None if case_names.says(row.landing_url, hides) else row.landing_url,
            }
            c.execute(document.update().where(document.c.id == row.id).values(values))
    for table in (fetch, url_state):
        key = table.c.id if table is fetch else table.c.url
        for found in c.execute(select(key, table.c.url, table.c.final_url)).all():
            if is_asked(found.url) or is_asked(found.final_url):
                c.execute(table.delete().where(key == found[0]))
    for table, columns in (
        (event, (event.c.was, event.c.became)),
        (source_run, (source_run.c.reason,)),
        (source_state, (source_state.c.reason,)),
    ):
        for column in columns:
            for value in c.execute(select(column).distinct()).scalars().all():
                if case_names.says(value, hides) or any(name in (value or "") for name in names):
                    said = case_names.without_words(value, hides)
                    new = None if column.nullable and said.startswith("http") else said
                    c.execute(table.update().where(column == value).values({column.name: new}))
    _clean_reports(c, names, hides)


def _clean_saying(c: Connection, row: Any, hides: case_names.Hides) -> None:
    """Write a saying anew without names, or drop it where another says the same or it stands on the case's own page."""
    one = case_names.cleaned(sightings.sighting_from(row.payload), hides)
    here = sighting.c.id == row.id
    kept = c.execute(select(sighting.c.address, sighting.c.page).where(here)).one()
    digest = ""
    if one is not None:
        by = sightings.said_by(one, kept.page, pages.rules_of(c, row.source_id))
        digest = sightings.digest_of(one, kept.address, by)
    twin = select(sighting.c.id).where(
        sighting.c.source_id == row.source_id, sighting.c.digest == digest, sighting.c.id != row.id
    )
    if one is None or c.execute(twin).first() is not None:
        c.execute(sighting.delete().where(here))
        return
    values = {"payload": sightings.payload_of(one), "digest": digest}
    if one.detail_url is None:
        values["detail_url"] = None  # type: ignore[assignment]
    c.execute(sighting.update().where(here).values(values))


def _hand_on_ids(c: Connection, taken: Taken, row: Any, heir: str, reason: str, at: str) -> None:
    """A review that still has documents keeps its ids, which go to `heir`; otherwise they are buried."""
    minted = select(review_id.c.id).where(review_id.c.document_id == row.id)
    ids = list(c.execute(minted.order_by(review_id.c.ordinal)).scalars())
    if heir:
        c.execute(
            review_id.update().where(review_id.c.document_id == row.id).values(document_id=heir)
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


def _clean_reports(c: Connection, names: Collection[str], hides: case_names.Hides) -> None:
    """Take what names the documents out of the reports of past runs."""
    for found in c.execute(select(run.c.id, run.c.report)).all():
        if any(name in found.report for name in names) or case_names.says(found.report, hides):
            said = case_names.cleaned_json(without(json.loads(found.report), names), hides)
            cleaned = json.dumps(said, ensure_ascii=False)
            c.execute(run.update().where(run.c.id == found.id).values(report=cleaned))


def without(value: Any, names: Collection[str]) -> Any:
    """A JSON value without the innermost objects, list items and entries whose text holds one of these names, in whatever case."""
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
        folded = value.lower()
        return any(name.lower() in folded for name in names)
    if isinstance(value, dict):
        return any(_directly_names(one, names) for one in value.values() if isinstance(one, str))
    return False
