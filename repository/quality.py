"""Quality as a number: per source and field, how much is filled, conflicting and corrected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from casereviews.repository.describing.corrections import corrections_of
from casereviews.repository.describing.quality import quality
from casereviews.repository.describing.resolve import Resolved, resolve
from casereviews.repository.home import Home
from casereviews.repository.json_record import JsonRecord
from casereviews.repository.record.derived import Derived
from casereviews.repository.sealed_databases import is_described


@dataclass(frozen=True, slots=True)
class FieldQuality(JsonRecord):
    """A field over the documents of a source: how many have it, as a share (0..1), and how many were in conflict or corrected."""

    source: str
    field: str
    documents: int
    filled: int
    share: float
    conflicting: int
    corrected: int


def quality_of(home: Home) -> Iterator[FieldQuality]:
    """One row a source and field that any of its documents speaks of: counts, and the share filled (0..1)."""
    if not is_described(home):
        return
    for source_id, fields in quality(_resolved(home)).items():
        for name, count in fields.items():
            if count.filled or count.conflicting:
                yield FieldQuality(
                    source_id,
                    name,
                    count.documents,
                    count.filled,
                    round(count.filled / count.documents, 3),
                    count.conflicting,
                    count.corrected,
                )


def _resolved(home: Home) -> Iterator[tuple[str, Mapping[str, Resolved]]]:
    corrections = corrections_of(home)
    with Derived.open(home) as derived:
        for row in derived.published_fields():
            facts = derived.description_of(row.document_id).facts
            said = corrections.facts_for(row.review_id)
            own = corrections.facts_for(row.document_id)
            yield str(row.fields["source"]), resolve((*facts, *said, *own))
