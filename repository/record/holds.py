"""What is hidden until a person decides."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, and_, func, select

from casereviews.repository.errors import UnknownId
from casereviews.repository.record import events, runs
from casereviews.repository.record.outcome import Held
from casereviews.repository.record.tables import document, event, review_id, version

GONE = "gone sooner than its publisher's policy"
OFF_LIST = "taken off the list, file still public"
GONE_EARLY = "gone sooner than the source's policy"
FOR_ABSENCE = (OFF_LIST, GONE_EARLY)
"""Reasons, as their events say, of which a return to the list may be the end; what is held for another is decided one by one."""

REPLACED = "replaced sooner than its publisher's policy"
NEAR_COPY = "looks like what was withdrawn on {}"


MANY = 3
"""More replaced versions of one document are one row: its file says another thing at every download."""


def held(c: Connection) -> list[Held]:
    """Every held document and every held version of a document that is not itself held, by source and id.

    Versions that say the same are one row, the newest of them; so are more than MANY of one document.
    """
    publishers = {key: info.publisher for key, info in runs.sources(c).items()}
    minted = {
        row.document_id: row.id
        for row in c.execute(select(review_id).order_by(review_id.c.ordinal.desc()))
    }

    def hidden(row: Row[Any], document_id: str, number: int | None, reason: str) -> Held:
        return Held(
            document_id=document_id,
            version=number,
            review_id=minted.get(document_id),
            source_id=row.source_id,
            publisher=publishers.get(row.source_id, row.source_id),
            title=row.title,
            file_url=row.file_url,
            first_seen=row.first_seen,
            held_since=row.held_since,
            reason=reason,
            listed_again=came_back.get(document_id) if number is None else None,
        )

    came_back = _listed_again(c)
    whole = select(document).where(document.c.visibility == "held").order_by(document.c.id)
    found: dict[tuple[str, int | None], Held] = {
        (row.id, None): hidden(row, row.id, None, _why(c, row)) for row in c.execute(whole)
    }
    versions = (
        select(version, document.c.source_id, document.c.title, document.c.file_url)
        .join(document, document.c.id == version.c.document_id)
        .where(version.c.state == "held")
        .order_by(version.c.document_id, version.c.sequence)
    )
    by_document: dict[str, dict[str, Row[Any]]] = {}
    for row in c.execute(versions):
        if (row.document_id, None) not in found:
            by_document.setdefault(row.document_id, {})[row.text_sha256 or row.sha256] = row
    for document_id, replaced in by_document.items():
        rows = {row.number: row for row in replaced.values()}
        named = sorted(rows) if len(rows) <= MANY else [max(rows)]
        for number in named:
            earlier = f", and {len(rows) - 1} earlier ones" if len(rows) > MANY else ""
            found[document_id, number] = hidden(
                rows[number], document_id, number, REPLACED + earlier
            )
    return sorted(
        found.values(), key=lambda one: (one.source_id, one.document_id, one.version or 0)
    )


def _why(c: Connection, row: Row[Any]) -> str:
    """Why a document is held, as it stands now: a file may go, or come back, later."""
    held_for = reason_of(c, row.id)
    if held_for and held_for.startswith(NEAR_COPY.format("")):
        return held_for
    off_list = row.availability == "unlisted" or (
        row.availability != "removed" and reason_of(c, row.id) == OFF_LIST
    )
    return OFF_LIST if off_list else GONE


def _listed_again(c: Connection) -> dict[str, str]:
    """Documents that were held for their absence and that their list names again -> since when."""
    rows = c.execute(
        select(document.c.id, func.coalesce(func.max(event.c.at), document.c.last_seen).label("at"))
        .select_from(
            document.outerjoin(
                event,
                and_(
                    event.c.document_id == document.c.id,
                    event.c.kind == "returned",
                    event.c.became.is_(None),
                ),
            )
        )
        .where(
            document.c.visibility == "held",
            document.c.missing_nights == 0,
            document.c.availability.not_in(("missing", "removed", "unlisted")),
        )
        .group_by(document.c.id)
    )
    return {row.id: row.at for row in rows if reason_of(c, row.id) in FOR_ABSENCE}


def release_returned(c: Connection, source_id: str | None, at: str) -> list[str]:
    """Show every held document that its list names again, of one source or of all; returns their ids.

    What is still off its list, and what was replaced, is decided one by one.
    """
    back = [
        one.document_id
        for one in held(c)
        if one.listed_again is not None and source_id in (None, one.source_id)
    ]
    for document_id in back:
        release(c, document_id, None, at)
    return back


def _history(c: Connection, document_id: str) -> list[Row[Any]]:
    query = select(event.c.kind, event.c.became).where(
        event.c.document_id == document_id,
        event.c.version.is_(None),
        event.c.kind.in_(("held", "released")),
    )
    return list(c.execute(query.order_by(event.c.id)))


def reason_of(c: Connection, document_id: str) -> str | None:
    """Why a document was held last; None when it never was."""
    return next(
        (row.became for row in reversed(_history(c, document_id)) if row.kind == "held"), None
    )


def hold(c: Connection, document_id: str, reason: str, at: str) -> bool:
    """Hide a shown document until a person decides; False when it is hidden already, or was released for that reason."""
    row = c.execute(select(document).where(document.c.id == document_id)).one()
    if row.visibility != "shown" or was_released(c, document_id, reason):
        return False
    c.execute(
        document.update()
        .where(document.c.id == document_id)
        .values(visibility="held", held_since=at)
    )
    events.write(
        c,
        kind="held",
        run_id=row.last_run,
        at=at,
        source_id=row.source_id,
        document_id=document_id,
        became=reason,
    )
    runs.raise_revision(c)
    return True


def was_released(c: Connection, document_id: str, reason: str) -> bool:
    """True when a document was held for a reason and shown again: it is not held for that reason again."""
    held_for = None
    for row in _history(c, document_id):
        if row.kind == "held":
            held_for = row.became
        elif held_for == reason:
            return True
    return False


def release(c: Connection, document_id: str, number: int | None, at: str) -> None:
    """Show a held document again, or let one of its replaced versions rest (`number`); UnknownId when it is not held."""
    row = c.execute(select(document).where(document.c.id == document_id)).one()
    if number is None and row.visibility == "held":
        c.execute(
            document.update()
            .where(document.c.id == document_id)
            .values(visibility="shown", held_since=None)
        )
    elif number is None or not _release_version(c, document_id, number):
        what = document_id if number is None else f"version {number} of {document_id}"
        raise UnknownId(f"{what} is not held: `casereviews held` lists what is")
    events.write(
        c,
        kind="released",
        run_id=None,
        at=at,
        source_id=row.source_id,
        document_id=document_id,
        version=number,
    )
    runs.raise_revision(c)


def _release_version(c: Connection, document_id: str, number: int) -> bool:
    """Let a held version rest, with all that its row in `held` stands for."""
    rows = c.execute(
        select(version).where(version.c.document_id == document_id, version.c.state == "held")
    ).all()
    by_text = {(row.text_sha256 or row.sha256): row.number for row in rows}
    many = len(by_text) > MANY and number == max(by_text.values())
    texts = {row.text_sha256 or row.sha256 for row in rows if many or row.number == number}
    numbers = {row.number for row in rows if (row.text_sha256 or row.sha256) in texts}
    return bool(
        c.execute(
            version.update()
            .where(
                and_(
                    version.c.document_id == document_id,
                    version.c.number.in_(numbers),
                    version.c.state == "held",
                )
            )
            .values(state="released")
        ).rowcount
    )
