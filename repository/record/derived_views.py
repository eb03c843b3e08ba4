"""The part of derived.db that holds reviews and what is published of their documents."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert

from casereviews.repository.record import derived_tables as tables
from casereviews.repository.record import packing
from casereviews.repository.record.door import Door

Fields = Mapping[str, str | int | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class View:
    """One document as it is published: its review and its resolved fields.

    `digest` is of all that the index holds of it, `row_digest` of what it was made from: its row of the record and which description.
    """

    document_id: str
    review_id: str
    digest: str
    fields: Fields
    row_digest: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a stored view without unpacking it."""

    review_id: str
    digest: str
    row_digest: str


class Views(Door):
    """Memberships of reviews, and views of documents."""

    def memberships(self) -> dict[str, tuple[str, str]]:
        """Document id -> (review id, reason of its link)."""
        with self.transaction() as c:
            return {
                row.document_id: (row.review_id, row.reason)
                for row in c.execute(select(tables.member))
            }

    def save_groups(self, members: Mapping[str, tuple[str, str]], digest: str) -> None:
        """Replace all memberships: document id -> (review id, the reason of its link); `digest` is of what they rest on."""
        with self.transaction() as c:
            c.execute(delete(tables.member))
            c.execute(delete(tables.grouped))
            c.execute(tables.grouped.insert().values(only=1, digest=digest))
            if members:
                c.execute(
                    tables.member.insert(),
                    [
                        {"document_id": key, "review_id": review, "reason": reason}
                        for key, (review, reason) in sorted(members.items())
                    ],
                )

    def grouped_from(self) -> str | None:
        """The digest that the groups were saved with; None before there were any."""
        with self.transaction() as c:
            return c.execute(select(tables.grouped.c.digest)).scalar()

    def membership(self, review_id: str) -> dict[str, str]:
        """Document id -> reason of its link, of one review."""
        with self.transaction() as c:
            rows = c.execute(
                select(tables.member)
                .where(tables.member.c.review_id == review_id)
                .order_by("document_id")
            )
            return {row.document_id: row.reason for row in rows}

    def review_of(self, document_id: str) -> str | None:
        """The review that a document belongs to; None before it was grouped."""
        with self.transaction() as c:
            query = select(tables.member.c.review_id).where(
                tables.member.c.document_id == document_id
            )
            return c.execute(query).scalar()

    def standing_views(self) -> dict[str, Standing]:
        """Document id -> review and digests of every view."""
        query = select(
            tables.view.c.document_id,
            tables.view.c.review_id,
            tables.view.c.digest,
            tables.view.c.row_digest,
        )
        with self.transaction() as c:
            return {
                row.document_id: Standing(row.review_id, row.digest, row.row_digest)
                for row in c.execute(query)
            }

    def save_views(self, views: Iterable[View], gone: Iterable[str]) -> None:
        """Keep new or changed views and drop those that are no longer published."""
        with self.transaction() as c:
            for document_id in gone:
                c.execute(tables.view.delete().where(tables.view.c.document_id == document_id))
            for view in views:
                c.execute(
                    insert(tables.view)
                    .values(
                        document_id=view.document_id,
                        review_id=view.review_id,
                        digest=view.digest,
                        row_digest=view.row_digest,
                        fields=packing.pack_fields(view.fields),
                    )
                    .prefix_with("OR REPLACE")
                )

    def views(
        self, ids: Collection[str] | None = None, *, review_id: str | None = None
    ) -> Iterator[View]:
        """Views by document id: all, some, or those of one review; read in parts, so memory stays bounded."""
        query = select(tables.view.c.document_id)
        if review_id is not None:
            query = query.where(tables.view.c.review_id == review_id)
        with self.transaction() as c:
            wanted = (
                sorted(set(c.execute(query).scalars()) & set(ids))
                if ids is not None
                else (sorted(c.execute(query).scalars()))
            )
        for start in range(0, len(wanted), 200):
            part = wanted[start : start + 200]
            with self.transaction() as c:
                rows = c.execute(
                    select(tables.view)
                    .where(tables.view.c.document_id.in_(part))
                    .order_by("document_id")
                ).all()
            for row in rows:
                fields = packing.unpack_fields(row.fields)
                yield View(row.document_id, row.review_id, row.digest, fields, row.row_digest)
