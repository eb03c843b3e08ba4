"""The part of derived.db that holds what is said of documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import func, inspect, select

from casereviews.repository.model import Description
from casereviews.repository.record import derived_tables as tables
from casereviews.repository.record import dialects, packing
from casereviews.repository.record.transactions import Transactions
from casereviews.repository.theme_weights import ThemeShares, shares_of, weighed

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class Described:
    """A stored description: of which bytes and input, made by which describer; `error` names what went wrong, None when fine."""

    document_id: str
    sha256: str | None
    input_digest: str
    describer: str
    error: str | None
    description: Description


class Descriptions(Transactions):
    """Descriptions by document id."""

    def save_description(
        self,
        document_id: str,
        description: Description,
        *,
        sha256: str | None,
        input_digest: str,
        describer: str,
        error: str | None = None,
        grouping: object = None,
    ) -> None:
        """Keep what is said of a document, of which bytes and input, and which describer said it.

        `grouping` is the record of what grouping needs of it, so that a quiet night unpacks no description.
        """
        with self.transaction() as c:
            values = {
                "document_id": document_id,
                "sha256": sha256,
                "input_digest": input_digest,
                "describer": describer,
                "error": error,
                "body": packing.pack(description),
                "grouping": packing.pack(grouping) if grouping is not None else None,
            }
            dialects.put(c, tables.description, values)

    def described_document(self, document_id: str) -> Described | None:
        """What is said of a document; None before it was described."""
        with self.transaction() as c:
            row = c.execute(
                select(tables.description).where(tables.description.c.document_id == document_id)
            ).one_or_none()
        if row is None:
            return None
        description = packing.unpack(row.body, Description)
        return Described(
            row.document_id,
            row.sha256,
            row.input_digest,
            row.describer,
            row.error,
            replace(description, facts=weighed(description.facts, self.theme_shares())),
        )

    def description_of(self, document_id: str) -> Description:
        """What is said of a document; an empty description before it was described."""
        found = self.described_document(document_id)
        return found.description if found else Description()

    def theme_shares(self) -> ThemeShares:
        """How common each theme is among the described documents, as it was learnt last."""
        with self.transaction() as c:
            if not inspect(c).has_table(tables.theme_shares.name):  # of an earlier version
                return ThemeShares()
            body = c.execute(select(tables.theme_shares.c.body)).scalar()
        return packing.unpack(body, ThemeShares) if body else ThemeShares()

    def learn_theme_shares(self) -> None:
        """Count anew how many documents tell of each theme, where the collection has outgrown what was counted."""
        shares = self.theme_shares()
        with self.transaction() as c:
            described = c.execute(select(func.count()).select_from(tables.description)).scalar_one()
            if not shares.outgrown(described):
                return
            bodies = c.execute(select(tables.description.c.body)).scalars().all()
            shares = shares_of(packing.unpack(body, Description).facts for body in bodies)
            c.execute(tables.theme_shares.delete())
            c.execute(tables.theme_shares.insert().values(only=1, body=packing.pack(shares)))

    def described(self) -> dict[str, tuple[str, str]]:
        """Document id -> (input digest, describer) of every description."""
        with self.transaction() as c:
            rows = c.execute(
                select(
                    tables.description.c.document_id,
                    tables.description.c.input_digest,
                    tables.description.c.describer,
                )
            )
            return {row.document_id: (row.input_digest, row.describer) for row in rows}

    def groupings(self, kind: type[Kind]) -> Iterator[Kind]:
        """What grouping needs of every described document, as the kind of record that was saved."""
        with self.transaction() as c:
            rows = c.execute(
                select(tables.description.c.grouping)
                .where(tables.description.c.grouping.is_not(None))
                .order_by(tables.description.c.document_id)
            ).all()
        for row in rows:
            yield packing.unpack(row.grouping, kind)

    def failures(self) -> dict[str, str]:
        """Document id -> error of every document whose describing failed."""
        with self.transaction() as c:
            rows = c.execute(
                select(tables.description.c.document_id, tables.description.c.error)
                .where(tables.description.c.error.is_not(None))
                .order_by(tables.description.c.document_id)
            )
            return {row.document_id: row.error for row in rows}
