"""Describing every document that is new or whose evidence changed; one that fails never stops the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from casereviews.repository.describing.corrections import Corrections
from casereviews.repository.describing.describer import describer_of
from casereviews.repository.describing.second_opinion import can_judge
from casereviews.repository.model import Document, DocumentInput, Sighting, SourceInfo
from casereviews.repository.processing.describing_children import DescribeJob, describe_each
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
from casereviews.repository.record.enclosures import DEEPEST
from casereviews.repository.record.packing import content_digest
from casereviews.repository.stopping import checkpoint
from casereviews.repository.vocabulary import Vocabulary

Step = Callable[[str, int, int | None], None]


def describe_all(
    record: Record,
    derived: Derived,
    corrections: Corrections,
    vocabulary: Vocabulary,
    step: Step,
    workers: int | None = None,
    *,
    with_second_opinion: bool = False,
) -> int:
    """Describe what is due, each committed as it is done; returns how many were.

    Due is what was never described, what another input came of, and what other rules described (`describer_of`). When the encoder of
    the second opinion cannot be loaded, documents are described without it, and anew once it can.
    """
    sources = record.sources()
    documents = record.documents()
    seen = _with_enclosed(record.all_sightings(), record.portfolios(), documents)
    standing = derived.described()
    texts = derived.text_hashes({one.sha256 for one in documents if one.sha256})
    digests = [
        _digest(one, seen.get(one.id, ()), sources[one.source_id], texts, corrections)
        for one in documents
    ]

    def due_by(describer: str) -> list[tuple[Document, str]]:
        return [
            (document, digest)
            for document, digest in zip(documents, digests, strict=True)
            if standing.get(document.id) != (digest, describer)
        ]

    describer = describer_of(vocabulary, with_second_opinion=with_second_opinion)
    due = due_by(describer)
    if due and with_second_opinion and not can_judge(vocabulary):
        with_second_opinion = False
        describer = describer_of(vocabulary)
        due = due_by(describer)
    jobs = (
        DescribeJob(
            DocumentInput(
                document,
                sources[document.source_id],
                seen.get(document.id, ()),
                derived.reading(document.sha256) if document.sha256 else None,
            ),
            corrections.facts_for(document.id),
            digest,
        )
        for document, digest in due
    )
    answers = describe_each(
        jobs,
        count=len(due),
        vocabulary=vocabulary,
        with_second_opinion=with_second_opinion,
        workers=workers,
    )
    for done, (job, now) in enumerate(answers, 1):
        derived.save_description(
            job.given.document.id,
            now.description,
            sha256=job.given.document.sha256,
            input_digest=job.digest,
            describer=describer,
            error=now.error,
            grouping=now.grouping,
        )
        step("described", done, len(due))
        checkpoint()
    derived.forget_documents(set(standing) - {one.id for one in documents})
    return len(due)


def given_of(record: Record, derived: Derived, document_id: str) -> DocumentInput:
    """All that describing looks at of one document, corrections aside. Raises UnknownId."""
    document = record.document(document_id)
    portfolios = record.portfolios()
    seen = {document_id: record.sightings_of(document_id)}
    outer = document_id
    for _ in range(DEEPEST):
        outer = portfolios.get(outer, outer)
        seen[outer] = record.sightings_of(outer)
    seen = _with_enclosed(seen, portfolios, (document,))
    reading = derived.reading(document.sha256) if document.sha256 else None
    source = record.sources()[document.source_id]
    return DocumentInput(document, source, seen.get(document_id, ()), reading)


def _with_enclosed(
    seen: dict[str, tuple[Sighting, ...]],
    portfolios: Mapping[str, str],
    documents: Iterable[Document],
) -> dict[str, tuple[Sighting, ...]]:
    """What the pages said of documents; of a portfolio's files what they said of it, but for what they call it."""
    for document in documents:
        outer = document.id
        for _ in range(DEEPEST):
            outer = portfolios.get(outer, outer)
        if outer != document.id:
            seen[document.id] = tuple(
                replace(one, file_url=document.file_url, link_text="")
                for one in seen.get(outer, ())
            )
    return seen


def _digest(
    document: Document,
    sightings: tuple[Sighting, ...],
    source: SourceInfo,
    texts: Mapping[str, str | None],
    corrections: Corrections,
) -> str:
    """A hash of all of a document that describing looks at: by the same rules the same hash means the same description."""
    return content_digest(
        [
            document.id,
            document.sha256,
            texts.get(document.sha256 or "", "unread"),
            document.file_name,
            document.availability,
            source,
            sightings,
            corrections.facts_for(document.id),
        ]
    )
