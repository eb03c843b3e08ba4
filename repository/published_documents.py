"""What other rooms may see: shown documents in their newest version, with resolved fields, pages and facts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict
from typing import Any

from casereviews.repository.describing.corrections import load_corrections
from casereviews.repository.errors import UnknownId
from casereviews.repository.fields import PUBLISHED
from casereviews.repository.home import Home
from casereviews.repository.model import Description, Fact, PublishedDocument
from casereviews.repository.processing.publishing import REPORT_FIRST
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived, View

# Each document of a review has its own.
OF_FILES = frozenset(field.published for field in PUBLISHED if field.level == "file")


def published_ids(home: Home) -> set[str]:
    """Ids of the documents that are shown; none before anything was described."""
    if not home.derived_db.exists():
        return set()
    with Derived.open(home) as derived:
        return set(derived.standing_views())


def newest_by_source(home: Home) -> dict[str, str]:
    """Source id -> the newest published date (ISO, as long as its precision) of what is shown of it."""
    newest: dict[str, str] = {}
    if not home.derived_db.exists():
        return newest
    with Derived.open(home) as derived:
        for view in derived.views():
            source, date = str(view.fields["source"]), str(view.fields.get("published", ""))
            if date > newest.get(source, ""):
                newest[source] = date
    return newest


def published(
    home: Home, *, document_ids: Collection[str] | None = None
) -> Iterator[PublishedDocument]:
    """Shown documents by id (all, or some), one at a time: memory does not grow with their number."""
    if not home.derived_db.exists():
        return
    with Derived.open(home) as derived:
        for view in derived.views(document_ids):
            yield _published(derived, view)


def _published(derived: Derived, view: View) -> PublishedDocument:
    sha256 = view.fields.get("sha256")
    reading = derived.reading(str(sha256)) if sha256 else None
    found = derived.description(view.document_id)
    description = found.description if found else Description()
    return PublishedDocument(
        document_id=view.document_id,
        review_id=view.review_id,
        fields=view.fields,
        pages=reading.pages if reading else (),
        sections=description.sections,
        recommendations=description.recommendations,
    )


def reviews(home: Home, review_ids: Collection[str] | None = None) -> Iterator[dict[str, Any]]:
    """Shown reviews as records (`review`), by id; all of them or some."""
    if not home.derived_db.exists():
        return
    with ExitStack() as stack:
        record = stack.enter_context(Record.open(home))
        derived = stack.enter_context(Derived.open(home))
        by_review: dict[str, list[View]] = {}
        for view in derived.views():
            if review_ids is None or view.review_id in review_ids:
                by_review.setdefault(view.review_id, []).append(view)
        for review_id in sorted(by_review):
            yield _review(home, record, derived, review_id, by_review[review_id])


def review(home: Home, typed: str) -> dict[str, Any]:
    """One review as a record: its fields, its documents and their facts (`show`, `export --jsonl`).

    `typed` is the id of a review or of one of its documents, older ids too. Raises UnknownId, also for what is held.
    """
    with ExitStack() as stack:
        record = stack.enter_context(Record.open(home))
        found = record.resolve_id(typed)
        derived = stack.enter_context(Derived.open(home))
        review_id = derived.review_of(found) or found
        views = list(derived.views(review_id=review_id))
        if not views:
            raise UnknownId(
                f"{typed} is not shown: `casereviews held` lists what waits for a decision"
            )
        return _review(home, record, derived, review_id, views)


def _review(
    home: Home, record: Record, derived: Derived, review_id: str, views: list[View]
) -> dict[str, Any]:
    corrections = load_corrections(home.corrections_toml)
    older = record.aliases_of(review_id)
    best = min(views, key=_best_first)
    reasons = derived.membership(review_id)
    documents = []
    for view in sorted(views, key=_best_first):
        documents.append(_document(record, derived, view, reasons.get(view.document_id, "")))
    said = corrections.facts_for(review_id, *older)
    for document in documents:
        document["facts"] += [asdict(fact) for fact in said]
        document["facts"] += [
            asdict(fact) for fact in corrections.facts_for(document["document_id"])
        ]
    fields = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in best.fields.items()
        if name not in OF_FILES
    }
    return {"review_id": review_id, "aliases": older, **fields, "documents": documents}


def _best_first(view: View) -> tuple[int, str]:
    role = view.fields.get("document_role")
    order = REPORT_FIRST.index(str(role) if role else None) if role in REPORT_FIRST else 9
    return order, view.document_id


def _document(record: Record, derived: Derived, view: View, reason: str) -> dict[str, Any]:
    described = derived.description(view.document_id)
    description = described.description if described else Description()
    sha256 = view.fields.get("sha256")
    versions = record.versions(view.document_id)
    fields = view.fields
    return {
        "document_id": view.document_id,
        "title": fields.get("title"),
        "url": fields.get("file_url"),
        "landing_url": fields.get("landing_url"),
        "role": fields.get("document_role"),
        "published": fields.get("published"),
        "language": fields.get("language"),
        "sha256": sha256,
        "media_type": fields.get("media_type"),
        "pages": derived.page_count(str(sha256)) if sha256 else 0,
        "text_status": fields.get("text_status"),
        "availability": fields.get("availability"),
        "origin": record.document(view.document_id).origin,
        "link_reason": reason,
        "versions": len({one.number for one in versions}),
        "recommendations": [asdict(one) for one in description.recommendations],
        "sections": [asdict(one) for one in description.sections],
        "facts": [asdict(fact) for fact in description.facts],
        "error": described.error if described else None,
    }


def facts_by_field(document: Mapping[str, Any]) -> dict[str, list[Fact]]:
    """The facts of a review record's document, by field, as `resolve` takes them."""
    found: dict[str, list[Fact]] = {}
    for values in document["facts"]:
        found.setdefault(values["field"], []).append(Fact(**values))
    return found
