"""The kinds of records that a notebook has: the table of each, and how a row of it is made and drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from casereviews.collection.collection import DocumentPage
from casereviews.collection.keeping.marks import Mark
from casereviews.collection.output.tables.rows import (
    Row,
    document_rows,
    fact_rows,
    recommendation_rows,
    review_rows,
)
from casereviews.collection.output.tables.schema import (
    INTEGER,
    LIST,
    NUMBER,
    TEXT,
    Column,
    Table,
    table_named,
)
from casereviews.collection.output.withholding import REAL_NAME, ExportedReview
from casereviews.index.results import Hit
from casereviews.notebook.answers import Kind
from casereviews.notebook.drawing import Drawing
from casereviews.notebook.records import (
    DocumentOfReview,
    FactOfDocument,
    RecommendationOfDocument,
    within,
)
from casereviews.repository.published_documents import Review

T = TypeVar("T")


def itself(record: T) -> Iterator[T]:
    """A record that is read as it is."""
    yield record


# ------------------------------------------------------------ reviews, documents, facts, recommendations


def _reviews(taken: ExportedReview) -> Iterator[Review]:
    yield taken.review


def _documents(taken: ExportedReview) -> Iterator[DocumentOfReview]:
    for one in taken.review.documents:
        yield within(one, DocumentOfReview, review_id=taken.review.review_id)


def _facts(taken: ExportedReview) -> Iterator[FactOfDocument]:
    for document in taken.review.documents:
        ids = {"document_id": document.document_id, "review_id": taken.review.review_id}
        for fact in document.facts:
            yield within(fact, FactOfDocument, **ids)


def _recommendations(taken: ExportedReview) -> Iterator[RecommendationOfDocument]:
    for document in taken.review.documents:
        ids = {"document_id": document.document_id, "review_id": taken.review.review_id}
        for one in document.recommendations:
            yield within(one, RecommendationOfDocument, **ids)


REVIEWS = Kind(
    "review",
    table_named("reviews"),
    _reviews,
    review_rows,
    ("Review", "Publisher", "Published", "Type", "Central themes", "Documents"),
    Drawing.review,
)
DOCUMENTS = Kind(
    "document",
    table_named("documents"),
    _documents,
    document_rows,
    ("Document", "Review", "Kind", "Published", "Pages", "Availability", "File"),
    Drawing.document,
)
FACTS = Kind(
    "fact",
    table_named("facts"),
    _facts,
    fact_rows,
    ("Review", "Field", "Value", "Evidence", "Page", "Origin", "Confidence"),
    Drawing.fact,
)
RECOMMENDATIONS = Kind(
    "recommendation",
    table_named("recommendations"),
    _recommendations,
    recommendation_rows,
    ("Review", "Number", "Recommendation", "To", "Page"),
    Drawing.recommendation,
)

# ------------------------------------------------------------ hits

_OF_REVIEWS = ("summary", "document_count", "recommendation_count", "rules_version")
_RANKED = (
    Column("rank", INTEGER, "place among what was found, from 1", required=True),
    Column("score", NUMBER, "of the ranking; to be compared within one search only", required=True),
    Column("document_id", TEXT, "the review's best document for what was asked", required=True),
)
_PAGES = (
    Column("page", INTEGER, "the page of that document's file, from 1, that says most of it"),
    Column("page_label", TEXT, "its printed number"),
    Column("snippet", TEXT, "what it says there; empty where a name is withheld"),
)
_LIKE = (
    Column("strength", TEXT, "how alike: strong, fair or weak", values=("strong", "fair", "weak")),
    Column("same", LIST, "codes of facts that both have"),
    Column("speaks_of", LIST, "what both speak of"),
)
_FIELDS = tuple(one for one in table_named("reviews").columns if one.name not in _OF_REVIEWS)


_FOUND = Table(
    "hits",
    "A row a review that was found",
    (*_RANKED, *_FIELDS, *_PAGES),
    ("rank",),
    (("review_id", "reviews"), ("document_id", "documents")),
)
_ALIKE = replace(
    _FOUND, about="A row a review that reads like a case", columns=(*_FOUND.columns, *_LIKE)
)


def _hit_row(hit: Hit) -> Row:
    # Names that were to go are gone by now; the kind of its label tells that there was one.
    withheld = hit.fields.get("label_kind") == REAL_NAME and not hit.subjects
    review = Review(hit.review_id, (), hit.fields, ())
    (of_review,) = review_rows(ExportedReview(review, withheld))
    best = hit.pages[0] if hit.pages else None
    return {
        "rank": hit.rank,
        "score": float(hit.score),
        "document_id": hit.document_id,
        **{one.name: of_review[one.name] for one in _FIELDS},
        "page": best.page if best else None,
        "page_label": best.label if best else None,
        "snippet": (best.snippet or None) if best else None,
    }


def _found_rows(hit: Hit) -> Iterator[Row]:
    yield _hit_row(hit)


def _alike_rows(hit: Hit) -> Iterator[Row]:
    why = hit.why
    yield {
        **_hit_row(hit),
        "strength": why.strength if why else None,
        "same": why.same if why else (),
        "speaks_of": why.speaks_of if why else (),
    }


FOUND = Kind(
    "review",
    _FOUND,
    itself,
    _found_rows,
    ("", "Review", "Publisher", "Published", "Type", "Pages"),
    Drawing.hit,
)
ALIKE = Kind(
    "review",
    _ALIKE,
    itself,
    _alike_rows,
    ("", "Review", "Publisher", "Published", "Type", "Why", "Passages"),
    Drawing.likeness,
)

# ------------------------------------------------------------ pages and marks

_PAGE_COLUMNS = (
    Column("document_id", TEXT, "id of the document", required=True),
    Column("page", INTEGER, "page of the file, from 1", required=True),
    Column("label", TEXT, "its printed number"),
    Column("text", TEXT, "all that can be read on it; its copyright is the board's", required=True),
    Column("url", TEXT, "the publisher's address, of a PDF that of the page"),
)
_MARKS = {
    "review_id": "id that the review has now",
    "decision": "include, exclude or maybe",
    "reason": "why it was excluded",
    "note": "anything else",
    "at": "when (ISO 8601, UTC)",
    "stage": "title_abstract or full_text; empty in one step",
    "reader": "by whom; empty what was agreed, or where there is one reader",
}


def _page_rows(page: DocumentPage) -> Iterator[Row]:
    yield {
        "document_id": page.document.document_id,
        "page": page.page,
        "label": page.label,
        "text": page.text,
        "url": page.url,
    }


def _mark_rows(mark: Mark) -> Iterator[Row]:
    yield {name: getattr(mark, name) for name in _MARKS}


PAGES = Kind(
    "page",
    Table("pages", "A row a page", _PAGE_COLUMNS, ("document_id", "page")),
    itself,
    _page_rows,
    ("Page", "Begins", "Letters"),
    Drawing.page,
)
MARKS = Kind(
    "mark",
    Table(
        "marks",
        "A row a decision that stands, for each review, stage and reader",
        tuple(Column(name, TEXT, about, required=True) for name, about in _MARKS.items()),
        ("review_id", "stage", "reader"),
        (("review_id", "reviews"),),
    ),
    itself,
    _mark_rows,
    ("Review", "Decision", "Stage", "Reader", "Reason", "Note", "When"),
    Drawing.mark,
)
