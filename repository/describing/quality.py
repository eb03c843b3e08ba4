"""Quality as a number: per source and field, how many documents have a value, a conflict, a correction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from casereviews.repository.describing.resolve import Resolved
from casereviews.repository.fields import DESCRIBED


@dataclass(slots=True)
class FieldQuality:
    """Counts of one field over the `documents` of one source."""

    documents: int = 0
    filled: int = 0
    conflicting: int = 0
    corrected: int = 0


def quality(
    resolved: Iterable[tuple[str, Mapping[str, Resolved]]],
) -> dict[str, dict[str, FieldQuality]]:
    """Counts by source id and field name, for every field of the table but the technical `seen`.

    `resolved` gives, for each document, its source's id and its resolved fields.
    """
    table: dict[str, dict[str, FieldQuality]] = {}
    for source_id, fields in resolved:
        row = table.setdefault(
            source_id, {name: FieldQuality() for name in DESCRIBED if name != "seen"}
        )
        for name, count in row.items():
            count.documents += 1
            value = fields.get(name)
            if value is None:
                continue
            count.filled += value.value is not None
            count.conflicting += bool(value.conflicting)
            count.corrected += value.corrected
    return dict(sorted(table.items()))
