"""What a search gives: hits grouped by review, facets, and the JSON contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casereviews.index.folder import Built

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PageHit:
    """A page of a hit: `page` counts the file's pages from 1, `label` is the printed number; `matches` are offsets in `snippet`."""

    page: int
    label: str | None
    snippet: str
    matches: tuple[tuple[int, int], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The page as the contract has it."""
        return {
            "page": self.page,
            "label": self.label,
            "snippet": self.snippet,
            "matches": [list(match) for match in self.matches],
        }


@dataclass(frozen=True, slots=True)
class Hit:
    """A review by its best document. `fields` are that document's, `other_documents` how many more the review has."""

    rank: int
    score: float
    review_id: str
    document_id: str
    fields: Fields
    other_documents: int
    pages: tuple[PageHit, ...] = ()
    why: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        """The hit as the contract has it; what is unknown is null or an empty list."""
        fields = self.fields
        hit: dict[str, Any] = {
            "rank": self.rank,
            "score": round(self.score, 3),
            "review_id": self.review_id,
            "document_id": self.document_id,
            "title": fields.get("title"),
            "subjects": _listed(fields.get("subjects")),
            "review_type": fields.get("review_type"),
            "role": fields.get("document_role"),
            "publisher": fields.get("publisher"),
            "source": fields.get("source"),
            "nation": fields.get("nation"),
            "areas": _listed(fields.get("areas")),
            "published": fields.get("published"),
            "precision": fields.get("precision"),
            "themes": _listed(fields.get("themes")),
            "age_band": "|".join(_listed(fields.get("age_bands"))) or None,
            "outcome": fields.get("outcome"),
            "scope": fields.get("scope"),
            "language": fields.get("language"),
            "availability": fields.get("availability"),
            "landing_url": fields.get("landing_url"),
            "file_url": fields.get("file_url"),
            "other_documents": self.other_documents,
            "pages": [page.to_json() for page in self.pages],
        }
        if self.why is not None:
            hit["why"] = dict(self.why)
        return hit


@dataclass(frozen=True, slots=True)
class Results:
    """A search's answer. `total` and `facets` count reviews, `documents` counts documents."""

    query: str
    understood: str
    total: int
    documents: int
    took_ms: float
    index: Built
    hits: tuple[Hit, ...]
    facets: Mapping[str, Sequence[tuple[str | None, int]]] = field(default_factory=dict)
    did_you_mean: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The JSON contract of `search --json`."""
        answer: dict[str, Any] = {
            "query": self.query,
            "understood": self.understood,
            "total": self.total,
            "documents": self.documents,
            "took_ms": round(self.took_ms, 1),
            "index": {"built": self.index.built, "documents": self.index.documents},
            "facets": {
                name: [{"value": value, "count": count} for value, count in counts]
                for name, counts in self.facets.items()
            },
            "hits": [hit.to_json() for hit in self.hits],
        }
        if self.did_you_mean:
            answer["did_you_mean"] = list(self.did_you_mean)
        return answer


def _listed(value: Any) -> list[str]:
    if not value:
        return []
    return [str(one) for one in value] if isinstance(value, (list, tuple)) else [str(value)]
