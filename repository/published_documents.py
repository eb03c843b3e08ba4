"""What other rooms may see: shown documents in their newest version, with resolved fields, pages and facts."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from casereviews.repository.describing.corrections import Corrections, corrections_of
from casereviews.repository.errors import UnknownId
from casereviews.repository.evidence_places import placed as placed_facts
from casereviews.repository.fields import PUBLISHED, as_number
from casereviews.repository.file_trouble import trouble_worded
from casereviews.repository.home import Home
from casereviews.repository.json_record import JsonRecord
from casereviews.repository.model import (
    Description,
    Fact,
    Fields,
    FieldValue,
    PublishedDocument,
    Recommendation,
    Section,
)
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived, PublishedFields
from casereviews.repository.record.enclosures import ORIGIN as ENCLOSED
from casereviews.repository.sealed_databases import is_described
from casereviews.repository.stopping import checkpoint
from casereviews.repository.typed_fields import TypedFields
from casereviews.repository.vocabulary.codes import REPORT_FIRST


@dataclass(frozen=True, slots=True)
class ReviewDocument(JsonRecord):
    """One shown document of a review, with all that was read of it.

    `pages` counts the file's pages, `versions` the states of its text; `link_reason` says why it belongs to the review, `error`
    why it could not be described. `facts` are all candidates, people's corrections among them. `trouble` names why its file could
    not be had when it was last asked for, `trouble_host` where; None when it came. `enclosed_in` is the document id of the portfolio
    that holds it (`origin` enclosed); None for any other. `source` is the id of the registry entry that it was collected from, `rules_version`
    names what described it (`describing.describer`).
    """

    document_id: str
    title: str | None
    url: str | None
    landing_url: str | None
    role: str | None
    published: str | None
    language: str | None
    sha256: str | None
    media_type: str | None
    pages: int
    text_status: str | None
    availability: str | None
    origin: str
    link_reason: str
    versions: int
    recommendations: tuple[Recommendation, ...] = ()
    sections: tuple[Section, ...] = ()
    facts: tuple[Fact, ...] = ()
    error: str | None = None
    trouble: str | None = None
    trouble_host: str | None = None
    enclosed_in: str | None = None
    source: str | None = None
    rules_version: str | None = None

    def trouble_told(self, source: str | None = None) -> str:
        """Why its file could not be had, and whether an earlier copy is kept; "" when it came. `source` is the registry entry's id."""
        if not self.trouble:
            return ""
        why = trouble_worded(self.trouble, self.trouble_host, source)
        kept = " on the last visit, the last copy is kept" if self.sha256 else ""
        return f"its file could not be had{kept}: {why}"


@dataclass(frozen=True, slots=True)
class Review(TypedFields):
    """A shown review: its published fields (those of its best document), older ids, and its documents, the best first."""

    review_id: str
    aliases: tuple[str, ...]
    fields: Fields
    documents: tuple[ReviewDocument, ...]

    def field(self, name: str) -> FieldValue | None:
        """A published field, None when it is unknown."""
        return self.fields.get(name)

    def document(self, document_id: str) -> ReviewDocument:
        """The document of an id; for any other id the best one."""
        named = (one for one in self.documents if one.document_id == document_id)
        return next(named, self.documents[0])

    def to_json(self) -> dict[str, Any]:
        """The review as the contract of `show --json` has it."""
        fields = {
            name: list(value) if isinstance(value, tuple) else as_number(name, value)
            for name, value in self.fields.items()
        }
        documents = [document.to_json() for document in self.documents]
        return {
            "review_id": self.review_id,
            "aliases": list(self.aliases),
            **fields,
            "documents": documents,
        }


AT_A_TIME = 100
"""Reviews whose published fields are read at once."""

# Each document of a review has its own.
OF_FILES = frozenset(field.published for field in PUBLISHED if field.level == "file")


def published_ids(home: Home) -> set[str]:
    """Ids of the documents that are shown; none before anything was described."""
    if not is_described(home):
        return set()
    with Derived.open(home) as derived:
        return set(derived.published_digests())


def newest_by_source(home: Home) -> dict[str, str]:
    """Source id -> the newest published date (ISO, as long as its precision) of what is shown of it."""
    newest: dict[str, str] = {}
    if not is_described(home):
        return newest
    with Derived.open(home) as derived:
        for row in derived.published_fields():
            source, date = str(row.fields["source"]), str(row.fields.get("published", ""))
            if date > newest.get(source, ""):
                newest[source] = date
    return newest


def shown_review_ids(home: Home, typed: Collection[str]) -> dict[str, str]:
    """Ids of reviews or documents, older ones too -> the ids of the reviews that they name; those of which nothing is shown are left out."""
    if not typed or not is_described(home):
        return {}
    found = {}
    with Record.open(home) as record, Derived.open(home) as derived:
        shown = {row.review_id for row in derived.published_fields()}
        for one in typed:
            try:
                known = record.resolve_id(one)
            except UnknownId:
                continue
            review_id = derived.review_of(known) or known
            if review_id in shown:
                found[one] = review_id
    return found


def reviews_by(home: Home, *fields: str) -> dict[str, set[str]]:
    """Values of published fields of shown documents, such as addresses -> the ids of the reviews that have them."""
    found: dict[str, set[str]] = {}
    if is_described(home):
        with Derived.open(home) as derived:
            for row in derived.published_fields():
                for name in fields:
                    if value := row.fields.get(name):
                        found.setdefault(str(value), set()).add(row.review_id)
    return found


def reviews_without_files(home: Home) -> set[str]:
    """Ids of the shown reviews of which no file is kept: listed only, or not to be had."""
    if not is_described(home):
        return set()
    with Derived.open(home) as derived:
        rows = list(derived.published_fields())
    return {row.review_id for row in rows} - {
        row.review_id for row in rows if row.fields.get("sha256")
    }


def published_documents(
    home: Home, *, document_ids: Collection[str] | None = None
) -> Iterator[PublishedDocument]:
    """Shown documents by id (all, or some), one at a time: memory does not grow with their number."""
    if not is_described(home):
        return
    with Derived.open(home) as derived:
        for row in derived.published_fields(document_ids):
            checkpoint()
            yield _document_with_pages(derived, row)


def _document_with_pages(derived: Derived, row: PublishedFields) -> PublishedDocument:
    sha256 = row.fields.get("sha256")
    reading = derived.reading(str(sha256)) if sha256 else None
    description = derived.description_of(row.document_id)
    return PublishedDocument(
        document_id=row.document_id,
        review_id=row.review_id,
        fields=row.fields,
        pages=reading.pages if reading else (),
        sections=description.sections,
        recommendations=description.recommendations,
    )


def shown_reviews(
    home: Home, review_ids: Collection[str] | None = None, *, placed: bool = False
) -> Iterator[Review]:
    """Shown reviews by id; all of them or some. `placed` reads their pages and says where evidence stands (`evidence_places.PlacedFact`)."""
    if not is_described(home):
        return
    with ExitStack() as stack:
        record = stack.enter_context(Record.open(home))
        derived = stack.enter_context(Derived.open(home))
        by_review: dict[str, list[str]] = {}
        for document_id, row in derived.published_digests().items():
            if review_ids is None or row.review_id in review_ids:
                by_review.setdefault(row.review_id, []).append(document_id)
        corrections = _corrections(home, record)
        # Some at a time: memory does not grow with what the documents say.
        ordered = sorted(by_review)
        for start in range(0, len(ordered), AT_A_TIME):
            some = ordered[start : start + AT_A_TIME]
            rows: dict[str, list[PublishedFields]] = {review_id: [] for review_id in some}
            for one in derived.published_fields([key for it in some for key in by_review[it]]):
                if one.review_id in rows:
                    rows[one.review_id].append(one)
            for review_id in some:
                if rows[review_id]:  # it may have been withdrawn since
                    review = _review(record, derived, corrections, review_id, rows[review_id])
                    yield _placed_all(review, derived) if placed else review


def with_places(home: Home, review: Review) -> Review:
    """A review whose facts say where their evidence stands, as `placed` ones of `shown_reviews` do."""
    with Derived.open(home) as derived:
        return _placed_all(review, derived)


def _placed_all(review: Review, derived: Derived) -> Review:
    documents = tuple(_placed(one, derived) for one in review.documents)
    return replace(review, documents=documents)


def shown_review(home: Home, typed: str) -> Review:
    """One review with its documents and their facts.

    `typed` is the id of a review or of one of its documents, older ids too. Raises UnknownId, also for what is held.
    """
    with ExitStack() as stack:
        record = stack.enter_context(Record.open(home))
        found = record.resolve_id(typed)
        derived = stack.enter_context(Derived.open(home))
        review_id = derived.review_of(found) or found
        rows = list(derived.published_fields(review_id=review_id))
        if not rows:
            raise UnknownId(
                f"{typed} is not shown: `casereviews held` lists what waits for a decision"
            )
        return _review(record, derived, _corrections(home, record), review_id, rows)


def _corrections(home: Home, record: Record) -> Corrections:
    return corrections_of(home).renamed(record.merged_documents())


def _review(
    record: Record,
    derived: Derived,
    corrections: Corrections,
    review_id: str,
    rows: list[PublishedFields],
) -> Review:
    older = record.aliases_of(review_id)
    rows = sorted(rows, key=_best_first)
    reasons = derived.membership(review_id)
    of_review = corrections.facts_for(review_id, *older)
    documents = []
    for row in rows:
        corrected = (*of_review, *corrections.facts_for(row.document_id))
        reason = reasons.get(row.document_id, "")
        documents.append(_document(record, derived, row, reason, corrected))
    fields = {name: value for name, value in rows[0].fields.items() if name not in OF_FILES}
    return Review(review_id, tuple(older), fields, tuple(documents))


def _placed(document: ReviewDocument, derived: Derived) -> ReviewDocument:
    reading = derived.reading(document.sha256) if document.sha256 else None
    facts = placed_facts(document.facts, reading.pages if reading else ())
    return replace(document, facts=tuple(facts))


def _best_first(row: PublishedFields) -> tuple[int, str]:
    role = row.fields.get("document_role")
    order = REPORT_FIRST.index(str(role) if role else None) if role in REPORT_FIRST else 9
    return order, row.document_id


def _document(
    record: Record, derived: Derived, row: PublishedFields, reason: str, corrected: tuple[Fact, ...]
) -> ReviewDocument:
    described = derived.described_document(row.document_id)
    description = described.description if described else Description()
    said = {name: str(value) for name, value in row.fields.items()}
    sha256 = said.get("sha256")
    origin = record.document(row.document_id).origin
    return ReviewDocument(
        document_id=row.document_id,
        title=said.get("title"),
        url=said.get("file_url"),
        landing_url=said.get("landing_url"),
        role=said.get("document_role"),
        published=said.get("published"),
        language=said.get("language"),
        sha256=sha256,
        media_type=said.get("media_type"),
        pages=derived.page_count(sha256) if sha256 else 0,
        text_status=said.get("text_status"),
        availability=said.get("availability"),
        origin=origin,
        link_reason=reason,
        versions=len({one.number for one in record.versions(row.document_id)}),
        recommendations=description.recommendations,
        sections=description.sections,
        facts=(*description.facts, *corrected),
        error=described.error if described else None,
        trouble=said.get("trouble"),
        trouble_host=said.get("trouble_host"),
        enclosed_in=record.portfolios()[row.document_id] if origin == ENCLOSED else None,
        source=said.get("source"),
        rules_version=described.describer if described else None,
    )
