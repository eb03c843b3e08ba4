"""Enclosures: the files that a portfolio carries, each a document of its own that goes where its portfolio goes.

An enclosure is known by an address of evidence "enclosed" that names its portfolio, the bytes of that, its own bytes and its file name,
so that what a portfolio's bytes hold is known without reading them again. It is asked for nowhere: what the list and its file say
of the portfolio holds for it too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Row, select

from casereviews.repository import identity
from casereviews.repository.record import documents, events, holds, tombstones, versions
from casereviews.repository.record.availability import gone_early
from casereviews.repository.record.tables import (
    document,
    document_address,
    document_alias,
    version,
)
from casereviews.repository.stopping import checkpoint

ORIGIN = "enclosed"
DEEPEST = 3
"""So many portfolios may stand one in another; the files of the next are named and not taken out."""
_HELD = "gone sooner than the source's policy"
_FOLLOWED = ("availability", "missing_nights", "landing_url", "last_seen", "last_run")


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file within a portfolio: its name there, the hash and number of its bytes, and what it was recognised as."""

    name: str
    sha256: str
    size: int
    media_type: str | None


@dataclass(frozen=True, slots=True)
class _Place:
    """One address of an enclosure; `portfolio` is the id by which the portfolio is known now."""

    portfolio: str
    holder_sha256: str
    sha256: str
    name: str
    document_id: str

    @classmethod
    def of(cls, row: Any, now_called: Mapping[str, str]) -> _Place:
        _mark, portfolio, holder, own, name = row.address.split(":", 4)
        return cls(now_called.get(portfolio, portfolio), holder, own, name, row.document_id)


def _places(c: Connection) -> list[_Place]:
    rows = c.execute(
        select(document_address.c.address, document_address.c.document_id)
        .where(document_address.c.evidence == ORIGIN)
        .order_by(document_address.c.address)
    ).all()
    if not rows:
        return []
    called = {row.alias: row.document_id for row in c.execute(select(document_alias))}
    return [_Place.of(row, called) for row in rows]


def portfolios(c: Connection) -> dict[str, str]:
    """Document id of every enclosure -> that of its portfolio."""
    return {one.document_id: one.portfolio for one in _places(c)}


def families(c: Connection, document_ids: Iterable[str]) -> set[str]:
    """These documents, the portfolios they stand in, and all that those enclose: a portfolio's bytes hold every word of its files."""
    found = set(document_ids)
    links = [(one.portfolio, one.document_id) for one in _places(c)]
    while True:
        more = {key for link in links if not found.isdisjoint(link) for key in link} - found
        if not more:
            return found & set(c.execute(select(document.c.id)).scalars())
        found |= more


def holders_of(c: Connection, sha256s: Collection[str]) -> set[str]:
    """The hashes of all portfolios that hold one of these files, or hold such a portfolio."""
    places = _places(c)
    found: set[str] = set()
    wanted = set(sha256s)
    while wanted:
        wanted = {one.holder_sha256 for one in places if one.sha256 in wanted} - found
        found |= wanted
    return found


def held_only_by(c: Connection, holders: Collection[str]) -> set[str]:
    """The hashes of files that stand in these portfolios (by hash), and neither they nor their text in any other that is kept."""
    kept = versions.all_hashes(c)
    places = _places(c)
    inside = {one.sha256 for one in places if one.holder_sha256 in holders}
    elsewhere = {
        one.sha256
        for one in places
        if one.holder_sha256 not in holders and one.holder_sha256 in kept
    }
    query = select(version.c.sha256, version.c.text_sha256).where(
        version.c.sha256.in_(inside | elsewhere), version.c.text_sha256.is_not(None)
    )
    texts = {row.sha256: row.text_sha256 for row in c.execute(query)}
    said = {texts[one] for one in elsewhere if one in texts}
    return {one for one in inside - elsewhere if texts.get(one) not in said}


def taken_with(c: Connection, sha256s: Collection[str]) -> set[str]:
    """These files, the portfolios that hold one of them, and what only those hold: a portfolio's bytes have every word of its files."""
    hashes = set(sha256s) | holders_of(c, sha256s)
    return hashes | held_only_by(c, hashes)


def without_versions(c: Connection) -> list[str]:
    """Ids of enclosures of which nothing is kept."""
    kept = set(c.execute(select(version.c.document_id).distinct()).scalars())
    return sorted(portfolios(c).keys() - kept)


def refused(c: Connection, holder_sha256: str, found: Sequence[Enclosed]) -> list[str]:
    """Ids of the documents with these portfolio bytes when one of the files in them was withdrawn; [] when none was."""
    if not any(tombstones.refuses_bytes(c, one.sha256) for one in found):
        return []
    query = select(version.c.document_id).where(version.c.sha256 == holder_sha256).distinct()
    return sorted(c.execute(query).scalars())


def depth_of(c: Connection, holder_sha256: str) -> int:
    """How many portfolios stand around the document with these bytes, at least."""
    within = portfolios(c)
    query = select(version.c.document_id).where(version.c.sha256 == holder_sha256).distinct()
    return min((_depth(key, within) for key in c.execute(query).scalars()), default=0)


def _depth(key: str, within: Mapping[str, str]) -> int:
    depth = 0
    while key in within and depth < DEEPEST:
        key, depth = within[key], depth + 1
    return depth


def follow(
    c: Connection,
    fresh: Mapping[str, Sequence[Enclosed]],
    read: Collection[str],
    months_of: Callable[[str], int],
    at: str,
) -> None:
    """Bring enclosures to what their portfolios hold now, and to how those stand.

    `fresh` says what portfolios (by hash) hold that were just read, `read` are the hashes of all that could be read: what a
    portfolio that could be read holds no more is removed, and held when that is sooner than its source's policy (`months_of`).
    """
    places = _places(c)
    holds_now = _contents(c, places)
    for sha256, found in fresh.items():
        holds_now[sha256] = {one.name: one for one in found}
    if not holds_now:
        return
    children: dict[str, dict[str, str]] = defaultdict(dict)
    for place in places:
        first = children[place.portfolio].setdefault(place.name, place.document_id)
        if first != place.document_id:
            _join(c, first, place.document_id)
    within = {key: portfolio for portfolio, known in children.items() for key in known.values()}
    standing = {*_current(c, holds_now.keys()), *children}
    for portfolio in sorted(standing, key=lambda key: (_depth(key, within), key)):
        checkpoint()
        holder = next(iter(documents.documents(c, ids=[portfolio])), None)
        if holder is None:
            continue
        known = dict(children.get(portfolio, {}))
        inside = holds_now.get(holder.sha256 or "", {})
        row = documents.row_of(c, portfolio)
        for name, file in inside.items():
            known[name] = _put(c, row, str(holder.sha256), file, known.get(name), at)
        for name, key in sorted(known.items()):
            _stand_as(c, row, key, there=name in inside)
            if name not in inside and holder.sha256 in read:
                _remove(c, row, key, months_of(row.source_id), at)


def _contents(c: Connection, places: Iterable[_Place]) -> dict[str, dict[str, Enclosed]]:
    """What portfolios hold, by the hash of theirs and the file's name."""
    found: dict[str, dict[str, Enclosed]] = defaultdict(dict)
    sizes = _arrivals(c, {one.sha256 for one in places})
    for one in places:
        if one.sha256 in sizes:
            found[one.holder_sha256][one.name] = Enclosed(one.name, one.sha256, *sizes[one.sha256])
    return found


def _arrivals(c: Connection, sha256s: Collection[str]) -> dict[str, tuple[int, str | None]]:
    query = select(version.c.sha256, version.c.size, version.c.media_type)
    return {
        row.sha256: (row.size, row.media_type)
        for row in c.execute(query.where(version.c.sha256.in_(sorted(sha256s))))
    }


def _current(c: Connection, sha256s: Iterable[str]) -> list[str]:
    query = select(version.c.document_id).where(
        version.c.state == "current", version.c.sha256.in_(sorted(sha256s))
    )
    return sorted(c.execute(query).scalars())


def _join(c: Connection, keep: str, gone: str) -> None:
    """Two portfolios became one document: what both enclose under one name is one, too."""
    if next(iter(documents.documents(c, ids=[gone])), None) is not None:
        documents.merge(c, keep, gone, "moved")


def _put(
    c: Connection, row: Row[Any], holder_sha256: str, one: Enclosed, known: str | None, at: str
) -> str:
    """Give a file of a portfolio to its document, which is made when the portfolio is new or has a file more."""
    key = known or identity.document_id(row.source_id, f"enclosed:{row.id}:{one.name}", row.edition)
    if c.execute(select(document.c.id).where(document.c.id == key)).first() is None:
        c.execute(
            document.insert().values(
                id=key,
                source_id=row.source_id,
                kind="file",
                origin=ORIGIN,
                edition=row.edition,
                file_url=_url_of(row.file_url, one.name),
                first_seen=at,
                first_run=row.last_run,
                gone_nights=0,
                rolled_off=False,
                visibility=row.visibility,
                held_since=row.held_since,
                told=True,
                **{name: getattr(row, name) for name in _FOLLOWED},
            )
        )
        events.write(
            c, kind="new", run_id=row.last_run, at=at, source_id=row.source_id, document_id=key
        )
    address = f"enclosed:{row.id}:{holder_sha256}:{one.sha256}:{one.name}"
    documents.add_address(c, row.source_id, address, row.edition, key, ORIGIN, at)
    arrival = versions.Arrival(one.sha256, one.size, one.media_type, one.name, at)
    versions.add(c, row.last_run, key, arrival)
    values = {"file_url": _url_of(row.file_url, one.name)}
    c.execute(document.update().where(document.c.id == key).values(**values))
    return key


def _url_of(portfolio_url: str | None, name: str) -> str | None:
    """Where a file of a portfolio is found: the portfolio's address, and the name within it."""
    if portfolio_url is None:
        return None
    return f"{portfolio_url}{'/' if '#' in portfolio_url else '#'}{quote(name, safe='')}"


def _stand_as(c: Connection, row: Row[Any], key: str, *, there: bool) -> None:
    """Shown, held and listed as its portfolio is; what a portfolio holds no more keeps a hold of its own."""
    values: dict[str, Any] = {"visibility": row.visibility, "held_since": row.held_since}
    if there:
        values |= {name: getattr(row, name) for name in _FOLLOWED}
        if documents.row_of(c, key).availability == "removed" != row.availability:
            events.write(
                c,
                kind="returned",
                run_id=row.last_run,
                at=row.last_seen,
                source_id=row.source_id,
                document_id=key,
            )
    elif row.visibility == "shown" and _is_held_itself(c, key):
        values = {}
    if values:
        c.execute(document.update().where(document.c.id == key).values(**values))


def _is_held_itself(c: Connection, key: str) -> bool:
    return holds.reason_of(c, key) is not None and not holds.was_released(c, key, _HELD)


def _remove(c: Connection, row: Row[Any], key: str, months: int, at: str) -> None:
    """A portfolio came without a file that it had: as with any other that its publisher took off."""
    mine = documents.row_of(c, key)
    if mine.availability == "removed":
        return
    known = {"source_id": row.source_id, "document_id": key, "run_id": row.last_run, "at": at}
    values: dict[str, Any] = {"availability": "removed"}
    events.write(c, kind="removed", became="its portfolio holds it no more", **known)
    if mine.visibility == "shown" and gone_early(mine.first_seen, at, months):
        values |= {"visibility": "held", "held_since": at}
        events.write(c, kind="held", became=_HELD, **known)
    c.execute(document.update().where(document.c.id == key).values(**values))


def follows_hold(c: Connection) -> set[str]:
    """Enclosures of portfolios that are held: the decision on those is theirs."""
    held = set(c.execute(select(document.c.id).where(document.c.visibility == "held")).scalars())
    return {key for key, portfolio in portfolios(c).items() if portfolio in held}
