"""The part of derived.db that holds reviews and what is published of their documents."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select

from casereviews.repository.model import Fields
from casereviews.repository.record import derived_tables as tables
from casereviews.repository.record import dialects, packing
from casereviews.repository.record.transactions import Transactions


@dataclass(frozen=True, slots=True)
class PublishedFields:
    """A published document: its review and its resolved fields.

    `digest` is of all that the index holds of it, `row_digest` of what it was made from: its row of the record and which description.
    """

    document_id: str
    review_id: str
    digest: str
    fields: Fields
    row_digest: str = ""


@dataclass(frozen=True, slots=True)
class PublishedDigests:
    """A document's review, and digests of its published fields and of what they were made from."""

    review_id: str
    digest: str
    row_digest: str


class Publications(Transactions):
    """Memberships of reviews, and the published fields of documents."""

    def memberships(self) -> dict[str, tuple[str, str]]:
        """Document id -> (review id, reason of its link)."""
        with self.transaction() as c:
            return {
                row.document_id: (row.review_id, row.reason)
                for row in c.execute(select(tables.member).order_by("document_id"))
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

    def published_digests(self) -> dict[str, PublishedDigests]:
        """Document id -> review and digests of every published document."""
        query = select(
            tables.published_fields.c.document_id,
            tables.published_fields.c.review_id,
            tables.published_fields.c.digest,
            tables.published_fields.c.row_digest,
        )
        with self.transaction() as c:
            return {
                row.document_id: PublishedDigests(row.review_id, row.digest, row.row_digest)
                for row in c.execute(query)
            }

    def save_published_fields(self, rows: Iterable[PublishedFields], gone: Iterable[str]) -> None:
        """Keep new or changed fields and drop those of documents that are no longer published."""
        with self.transaction() as c:
            for document_id in gone:
                c.execute(
                    tables.published_fields.delete().where(
                        tables.published_fields.c.document_id == document_id
                    )
                )
            for row in rows:
                values = {
                    "document_id": row.document_id,
                    "review_id": row.review_id,
                    "digest": row.digest,
                    "row_digest": row.row_digest,
                    "fields": packing.pack(row.fields),
                }
                dialects.put(c, tables.published_fields, values)

    def published_fields(
        self, ids: Collection[str] | None = None, *, review_id: str | None = None
    ) -> Iterator[PublishedFields]:
        """Published fields by document id: all, some, or those of one review; read in parts, so memory stays bounded."""
        query = select(tables.published_fields.c.document_id)
        if review_id is not None:
            query = query.where(tables.published_fields.c.review_id == review_id)
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
                    select(tables.published_fields)
                    .where(tables.published_fields.c.document_id.in_(part))
                    .order_by("document_id")
                ).all()
            for row in rows:
                fields = packing.unpack(row.fields, dict[str, str | int | tuple[str, ...]])
                yield PublishedFields(
                    row.document_id, row.review_id, row.digest, fields, row.row_digest
                )
