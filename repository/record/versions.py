"""Versions: a document's content over time. The hash of the bytes decides when they come, the hash of the text once read.

Bytes arrive unsettled. Settling compares their text with that of the bytes before: the same usable text is the
same version; without a text layer the bytes decide. A later, better reading never makes a version.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, Row, and_, or_, select

from casereviews.repository.record import events, flips
from casereviews.repository.record.availability import gone_early
from casereviews.repository.record.outcome import Event, Version
from casereviews.repository.record.tables import version

HTML = "text/html"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Bytes that came for a document: what the fetch said of them."""

    sha256: str
    size: int
    media_type: str | None
    file_name: str | None
    at: str


def add(c: Connection, run_id: int, document_id: str, new: Arrival) -> str:
    """Give a document its newest bytes; returns new (its first), changed or same."""
    rows = _rows(c, document_id)
    current = next((row for row in rows if row.state == "current"), None)
    if current is not None and current.sha256 == new.sha256:
        return "same"
    if current is not None:
        twin = _same_text_twin(rows, current, new.sha256)
        if twin is not None:
            _set(c, current, state="same_text")
            _set(c, twin, state="current")
            return "same"
        served = _served_in_turn(rows, current, new.sha256)
        if served is not None:
            was, again = served
            _set(c, current, state=was.state, held_since=was.held_since)
            _set(c, again, state="current", held_since=None)
            return "changed"
        _set(c, current, state="replaced")
    last = rows[-1] if rows else None
    c.execute(
        version.insert().values(
            document_id=document_id,
            sequence=last.sequence + 1 if last else 1,
            number=last.number + 1 if last else 1,
            sha256=new.sha256,
            state="current",
            settled=False,
            media_type=new.media_type,
            file_name=new.file_name,
            size=new.size,
            first_run=run_id,
            first_seen=new.at,
        )
    )
    return "new" if current is None else "changed"


def _same_text_twin(rows: list[Row[Any]], current: Row[Any], sha256: str) -> Row[Any] | None:
    """Earlier bytes of the same version that a site serves again (some stamp each download)."""
    for row in rows:
        if row.sha256 == sha256 and row.state == "same_text" and row.number == current.number:
            return row
    return None


def _served_in_turn(
    rows: list[Row[Any]], current: Row[Any], sha256: str
) -> tuple[Row[Any], Row[Any]] | None:
    """(an earlier version with the current bytes, the newest one with the bytes that came) where a site serves both in turn.

    Each was put back once before, as a version of its own: from then on no night makes another.
    """
    settled = [row for row in rows if row.settled]
    ours = [row for row in settled if row.sha256 == current.sha256 and row is not current]
    theirs = [row for row in settled if row.sha256 == sha256]
    if not current.settled or not ours or len(theirs) < 2 or theirs[-1].state == "withdrawn":
        return None
    return ours[-1], theirs[-1]


@dataclass(frozen=True, slots=True)
class Settled:
    """What settling a document found: its events, and bytes that need not be kept."""

    events: tuple[Event, ...]
    dropped: tuple[str, ...]


def settle(
    c: Connection,
    document_id: str,
    source_id: str,
    texts: Mapping[str, str | None],
    months: int,
    is_withdrawn: Callable[[str], bool] = lambda text: False,
    *,
    served: bool = True,
) -> Settled:
    """Decide what a document's unsettled bytes are, oldest first.

    `texts` maps the SHA-256 of bytes to the hash of their text (None without a usable text layer); bytes that are
    not in it have not been read and stay unsettled, and so do later ones; settled bytes may have another hash now that a better
    reader read them. `months` is how long the source says that a report
    stays. A page that was served with other bytes and the same text is dropped again: pages carry a nonce a night. A page that no
    site served (`served`) but a portfolio holds is kept as it is.
    """
    told: list[Event] = []
    dropped: list[str] = []
    before: Row[Any] | None = None
    for row in _rows(c, document_id):
        if row.settled:
            before = row
            continue
        if row.sha256 not in texts:
            break
        text = texts[row.sha256]
        if text is not None and is_withdrawn(text):
            break
        if before is None:
            _set(c, row, text_sha256=text, settled=True, number=1)
        elif text is not None and text in (before.text_sha256, texts.get(before.sha256)):
            if row.media_type == HTML and served:
                _drop(c, row, before)
                dropped.append(row.sha256)
                continue
            _set(c, row, text_sha256=text, settled=True, number=before.number)
            told += _record_event(c, row, source_id, "changed_bytes", before.number)
        else:
            number = before.number + 1
            _set(c, row, text_sha256=text, settled=True, number=number)
            told += _record_event(c, row, source_id, "changed_text", number)
        before = _again(c, row)
    told += _set_states(c, document_id, source_id, months)
    still = set(c.execute(select(version.c.sha256).where(version.c.sha256.in_(dropped))).scalars())
    return Settled(tuple(told), tuple(sha for sha in dropped if sha not in still))


def _drop(c: Connection, row: Row[Any], before: Row[Any]) -> None:
    c.execute(version.delete().where(_here(row)))
    if row.state == "current":
        _set(c, before, state="current")


def _set_states(c: Connection, document_id: str, source_id: str, months: int) -> list[Event]:
    """What is older than the current version is same_text, replaced or, when replaced early, held."""
    rows = [row for row in _rows(c, document_id) if row.settled]
    current = next((row for row in rows if row.state == "current"), None)
    if current is None:
        return []
    told: list[Event] = []
    first_of: dict[int, Row[Any]] = {}
    for row in rows:
        first_of.setdefault(row.number, row)
    for row in rows:
        if row.number == current.number and row.state == "replaced":
            _set(c, row, state="same_text")
        elif row.number < current.number and row.state in ("replaced", "same_text"):
            after = first_of.get(row.number + 1, current)
            early = row.number > 0 and gone_early(
                first_of[row.number].first_seen, after.first_seen, months
            )
            if not early or row.held_since is not None:
                continue
            _set(c, row, state="held", held_since=after.first_seen)
            if first_of[row.number] is row and not _told_enough(c, document_id, "held", after):
                told.append(
                    events.write(
                        c,
                        kind="held",
                        run_id=after.first_run,
                        at=after.first_seen,
                        source_id=source_id,
                        document_id=document_id,
                        version=row.number,
                        became="replaced sooner than the source's policy",
                    )
                )
    return told


def _told_enough(c: Connection, document_id: str, kind: str, row: Row[Any]) -> bool:
    most = flips.MOST_VERSIONS
    return flips.is_told_enough(c, document_id, kind, row.first_seen, most=most)


def _record_event(
    c: Connection, row: Row[Any], source_id: str, kind: str, number: int
) -> list[Event]:
    if _told_enough(c, row.document_id, kind, row):
        return []
    written = events.write(
        c,
        kind=kind,
        run_id=row.first_run,
        at=row.first_seen,
        source_id=source_id,
        document_id=row.document_id,
        version=number,
    )
    return [written]


def _rows(c: Connection, document_id: str) -> list[Row[Any]]:
    return list(
        c.execute(
            select(version).where(version.c.document_id == document_id).order_by(version.c.sequence)
        )
    )


def _here(row: Row[Any]) -> Any:
    return and_(version.c.document_id == row.document_id, version.c.sequence == row.sequence)


def _set(c: Connection, row: Row[Any], **values: Any) -> None:
    c.execute(version.update().where(_here(row)).values(**values))


def _again(c: Connection, row: Row[Any]) -> Row[Any]:
    return c.execute(select(version).where(_here(row))).one()


def versions(c: Connection, document_id: str) -> list[Version]:
    """Every state of a document's content, oldest first."""
    return [_version(row) for row in _rows(c, document_id)]


def holds(c: Connection, document_id: str, sha256: str) -> bool:
    """True when some state of a document has these bytes."""
    return any(row.sha256 == sha256 for row in _rows(c, document_id))


def waiting(c: Connection) -> list[Version]:
    """What must be read: the current content of every document, and all that is not settled yet."""
    query = (
        select(version)
        .where(or_(version.c.state == "current", version.c.settled.is_(False)))
        .order_by(version.c.document_id, version.c.sequence)
    )
    return [_version(row) for row in c.execute(query)]


def all_hashes(c: Connection) -> set[str]:
    """The SHA-256 of every kept state of every document."""
    return set(c.execute(select(version.c.sha256)).scalars())


def _version(row: Row[Any]) -> Version:
    return Version(**{field.name: getattr(row, field.name) for field in fields(Version)})
