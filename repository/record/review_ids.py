"""Review ids: minted once from a review's first document, kept for ever.

Every id belongs to its first document; every document is in one group; so every id always leads to a review. A merge
leaves the younger id as an alias, a split gives it back to its first document.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import Connection, func, select

from casereviews.repository import identity
from casereviews.repository.record.tables import (
    document,
    document_alias,
    review_alias,
    review_id,
)


def assign(
    c: Connection, groups: Sequence[Collection[str]], national: Collection[str], at: str
) -> dict[str, str]:
    """Give every group of document ids its review id; returns document id -> review id.

    A group whose documents have ids keeps the oldest, the others become its aliases. Otherwise one is minted from its
    first-sighted document; of those that came in the same night the publisher's own goes before a national list's
    (`national`: source ids), then the id decides, so that a killed night mints what an undisturbed one would have.
    """
    owned = _ids_by_document(c)
    about = _first_order(c, national)
    result: dict[str, str] = {}
    live_of: dict[str, str] = {}
    for members in sorted(
        (sorted(group) for group in groups), key=lambda g: about[_first(g, about)]
    ):
        ids = sorted(one for member in members for one in owned.get(member, ()))
        if not ids:
            ids = [(_last_ordinal(c) + 1, _mint(c, _first(members, about), at))]
        live = ids[0][1]
        for _, other in ids[1:]:
            live_of[other] = live
        result.update(dict.fromkeys(members, live))
    c.execute(review_alias.delete())
    for alias, live in sorted(live_of.items()):
        c.execute(review_alias.insert().values(alias=alias, review_id=live))
    return result


def _ids_by_document(c: Connection) -> dict[str, list[tuple[int, str]]]:
    owned: dict[str, list[tuple[int, str]]] = {}
    for row in c.execute(select(review_id).order_by(review_id.c.ordinal)):
        owned.setdefault(row.document_id, []).append((row.ordinal, row.id))
    return owned


def _first_order(c: Connection, national: Collection[str]) -> Mapping[str, tuple[bool, str]]:
    rows = c.execute(select(document.c.id, document.c.source_id))
    return {row.id: (row.source_id in national, row.id) for row in rows}


def _first(members: Iterable[str], about: Mapping[str, tuple[bool, str]]) -> str:
    return min(members, key=lambda member: about[member])


def _last_ordinal(c: Connection) -> int:
    return int(c.execute(select(func.max(review_id.c.ordinal))).scalar() or 0)


def _mint(c: Connection, document_id: str, at: str) -> str:
    source_id = c.execute(
        select(document.c.source_id).where(document.c.id == document_id)
    ).scalar_one()
    length = 6
    while True:
        new = identity.review_id(source_id, document_id, length)
        taken = c.execute(select(review_id.c.id).where(review_id.c.id == new)).first()
        if taken is None:
            break
        length += 1
    c.execute(
        review_id.insert().values(
            id=new, ordinal=_last_ordinal(c) + 1, document_id=document_id, minted=at
        )
    )
    return new


def live_id(c: Connection, review: str) -> str | None:
    """The review that an id leads to now; None when it was never minted."""
    alias = c.execute(
        select(review_alias.c.review_id).where(review_alias.c.alias == review)
    ).scalar()
    if alias is not None:
        return str(alias)
    return c.execute(select(review_id.c.id).where(review_id.c.id == review)).scalar()


def aliases_of(c: Connection, review: str) -> list[str]:
    """Older ids that lead to this review."""
    query = select(review_alias.c.alias).where(review_alias.c.review_id == review)
    return sorted(c.execute(query).scalars())


def live_document(c: Connection, text: str) -> str | None:
    """The document that an id leads to now; None when there is none."""
    found = c.execute(select(document.c.id).where(document.c.id == text)).scalar()
    if found is not None:
        return str(found)
    return c.execute(
        select(document_alias.c.document_id).where(document_alias.c.alias == text)
    ).scalar()


def by_first_document(c: Connection) -> dict[str, str]:
    """Document id -> the review id that was minted from it, as it leads now."""
    aliases = {row.alias: row.review_id for row in c.execute(select(review_alias))}
    rows = c.execute(select(review_id).order_by(review_id.c.ordinal))
    return {row.document_id: aliases.get(row.id, row.id) for row in rows}


def minted_from(c: Connection) -> dict[str, str]:
    """Every review id, those that now lead elsewhere too -> the document that it belongs to."""
    return {row.id: row.document_id for row in c.execute(select(review_id))}


def aliases(c: Connection) -> dict[str, list[str]]:
    """Review id -> the older ids that lead to it, of every review that has some."""
    found: dict[str, list[str]] = {}
    for row in c.execute(select(review_alias).order_by(review_alias.c.alias)):
        found.setdefault(row.review_id, []).append(row.alias)
    return found


def merged_documents(c: Connection) -> dict[str, str]:
    """The ids of documents that became part of others -> those."""
    return {row.alias: row.document_id for row in c.execute(select(document_alias))}


def known_ids(c: Connection) -> list[str]:
    """Every id that resolves: of reviews, their aliases, and documents."""
    return sorted(
        [
            *c.execute(select(review_id.c.id)).scalars(),
            *c.execute(select(document.c.id)).scalars(),
        ]
    )
