"""Records of a review's parts that say of which review they are."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

from casereviews.repository.evidence_places import PlacedFact
from casereviews.repository.model import Recommendation
from casereviews.repository.published_documents import ReviewDocument

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DocumentOfReview(ReviewDocument):
    """A document, and the id of its review."""

    review_id: str = ""


@dataclass(frozen=True, slots=True)
class FactOfDocument(PlacedFact):
    """A fact with the place of its evidence, and the ids of the document that it is told of and of its review."""

    document_id: str = ""
    review_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationOfDocument(Recommendation):
    """A recommendation, and the ids of its document and review."""

    document_id: str
    review_id: str


def within(record: object, kind: type[T], **where: str) -> T:
    """A record as one of an heir of its class that says where it is from."""
    said = {one.name: getattr(record, one.name) for one in fields(record)}  # type: ignore[arg-type]
    return kind(**said, **where)
