"""Describing every document that is new or whose evidence changed; one that fails never stops the rest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from repository.describing import describe_document
from repository.describing.corrections import Corrections
from repository.describing.grouping import GroupingInput
from repository.describing.themes import ThemeFinder
from repository.model import Description, Document, DocumentInput, Sighting, SourceInfo
from repository.record import Record
from repository.record.derived import Derived
from repository.vocabulary import load_themes

DESCRIBER = "1"
"""Raise it when rules change: every document is then described again."""

Step = Callable[[str, int, int | None], None]


def describe_all(
    record: Record, derived: Derived, corrections: Corrections, step: Step
) -> set[str]:
    """Describe what is due; returns the ids of the documents that were described now."""
    sources = record.sources()
    documents = record.documents()
    standing = derived.described()
    finder = ThemeFinder(load_themes(record.home.themes_csv))
    rules = _themes_digest(record)
    texts = derived.text_hashes({one.sha256 for one in documents if one.sha256})
    due: list[tuple[Document, tuple[Sighting, ...], str]] = []
    for document in documents:
        sightings = record.sightings_of(document.id)
        digest = _digest(
            document, sightings, sources[document.source_id], texts, corrections, rules
        )
        if standing.get(document.id) != (digest, DESCRIBER):
            due.append((document, sightings, digest))
    for done, (document, sightings, digest) in enumerate(due, 1):
        _describe(
            derived, document, sightings, sources[document.source_id], digest, corrections, finder
        )
        step("described", done, len(due))
    derived.forget_documents(set(standing) - {one.id for one in documents})
    return {document.id for document, _, _ in due}


def _describe(
    derived: Derived,
    document: Document,
    sightings: tuple[Sighting, ...],
    source: SourceInfo,
    digest: str,
    corrections: Corrections,
    finder: ThemeFinder,
) -> None:
    reading = derived.reading(document.sha256) if document.sha256 else None
    given = DocumentInput(document, source, sightings, reading)
    error = None
    try:
        description = describe_document(given, finder=finder)
        corrected = replace(
            description, facts=(*description.facts, *corrections.facts_for(document.id))
        )
        grouping = asdict(GroupingInput.of(given, corrected))
    except Exception as trouble:  # noqa: BLE001 - the edge of one document
        error = f"{type(trouble).__name__}: {trouble}"
        description = Description()
        grouping = asdict(GroupingInput(document.id, source.id, first_seen=document.first_seen))
    derived.save_description(
        document.id,
        description,
        sha256=document.sha256,
        input_digest=digest,
        describer=DESCRIBER,
        error=error,
        grouping=grouping,
    )


def grouping_input(values: Mapping[str, Any]) -> GroupingInput:
    """What `describe_all` kept for grouping, as grouping takes it."""
    known: dict[str, Any] = {
        name: tuple(one) if isinstance(one, list) else one for name, one in values.items()
    }
    return GroupingInput(**known)


def _digest(
    document: Document,
    sightings: tuple[Sighting, ...],
    source: SourceInfo,
    texts: Mapping[str, str | None],
    corrections: Corrections,
    rules: str,
) -> str:
    """A hash of all that describing looks at: the same hash means the same description."""
    said = [
        document.id,
        document.sha256,
        texts.get(document.sha256 or "", "unread"),
        document.file_name,
        document.availability,
        asdict(source),
        [{**asdict(one), "extra": dict(one.extra)} for one in sightings],
        [asdict(fact) for fact in corrections.facts_for(document.id)],
        rules,
    ]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _themes_digest(record: Record) -> str:
    """A hash of the themes that people changed; "" when they changed none."""
    path = record.home.themes_csv
    return hashlib.blake2b(path.read_bytes(), digest_size=8).hexdigest() if path.exists() else ""
