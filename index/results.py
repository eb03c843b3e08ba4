"""What a search gives: hits grouped by review, facets, and the JSON contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from casereviews.index.folder import Built
from casereviews.repository.fields import HIT, Field
from casereviews.repository.model import Fields, FieldValue
from casereviews.repository.typed_fields import TypedFields


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
class MarkedPage:
    """A whole page of a document with what a query finds there: `matches` are (start, end) offsets in `text`, end exclusive, as those of a
    snippet; `found_on` are the numbers of all pages of the document on which it finds something."""

    page: int
    label: str | None
    text: str
    matches: tuple[tuple[int, int], ...] = ()
    found_on: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why a review is like a case: the codes of facts that both have, by field, what both speak of, the passages that read alike.

    `strength` says how alike: "strong", "fair" or "weak".
    """

    facts: Mapping[str, Sequence[str]]
    speaks_of: tuple[str, ...]
    passages: tuple[PageHit, ...]
    strength: str = ""

    @property
    def same(self) -> tuple[str, ...]:
        """The codes that both have, each once."""
        shared = dict.fromkeys(value for values in self.facts.values() for value in values)
        return tuple(value for value in shared if value != "not_stated")

    def to_json(self) -> dict[str, Any]:
        """The reasons as the contract has them."""
        return {
            "strength": self.strength,
            "facts": {name: list(values) for name, values in self.facts.items()},
            "speaks_of": list(self.speaks_of),
            "passages": [page.to_json() for page in self.passages],
        }


@dataclass(frozen=True, slots=True)
class Hit(TypedFields):
    """A review by its best document. `fields` are that document's, `other_documents` how many more the review has.

    `lacks` is what was typed plainly and is not in it: it has most of the words, not all; where it has none, `other_words` has the concepts, in
    words, by which it tells of it. It has all, but `apart`, where they stand together nowhere. Either way it `follows` those that have all of
    them together.
    """

    rank: int
    score: float
    review_id: str
    document_id: str
    fields: Fields
    other_documents: int
    pages: tuple[PageHit, ...] = ()
    why: Likeness | None = None
    lacks: tuple[str, ...] = ()
    apart: bool = False
    other_words: tuple[str, ...] = ()

    @property
    def follows(self) -> bool:
        """True for a hit that follows those that have all that was typed, in one place."""
        return self.apart or bool(self.lacks)

    def to_json(self) -> dict[str, Any]:
        """The hit as the contract has it; what is unknown is null or an empty list. Only a file that could not be had has `trouble`,
        only a review without all that was typed plainly `lacks`, only one with none of it `other_words`, only one with all of it far apart `apart`."""
        hit: dict[str, Any] = {
            "rank": self.rank,
            "score": round(self.score, 3),
            "review_id": self.review_id,
            "document_id": self.document_id,
            **{place.hit[1]: _value(place, self.fields) for place in HIT if place.hit},
            "other_documents": self.other_documents,
            "pages": [page.to_json() for page in self.pages],
        }
        if self.trouble:
            hit |= {"trouble": self.trouble, "trouble_host": self.trouble_host}
        if self.lacks:
            hit["lacks"] = list(self.lacks)
        if self.other_words:
            hit["other_words"] = list(self.other_words)
        if self.apart:
            hit["apart"] = True
        if self.why is not None:
            hit["why"] = self.why.to_json()
        return hit


@dataclass(frozen=True, slots=True)
class Results:
    """A search's answer. `total` and `facets` count reviews, `documents` counts documents.

    All three count what has all that was asked for; `most` reviews more have most of it and follow as hits that say what they `lacks`.
    Where none has any of it, `alike` reviews read like it and are the hits. `far`: none has all, and those that have most are not close.
    """

    query: str
    understood: str
    total: int
    documents: int
    took_ms: float
    index: Built
    hits: tuple[Hit, ...]
    facets: Mapping[str, Sequence[tuple[str | None, int]]] = field(default_factory=dict)
    did_you_mean: tuple[str, ...] = ()
    most: int = 0
    alike: int = 0
    far: bool = False
    advice: tuple[str, ...] = ()

    @property
    def in_other_words(self) -> bool:
        """True where a hit has none of what was typed and tells of it in other words."""
        return any(hit.other_words for hit in self.hits)

    @property
    def only_in_other_words(self) -> bool:
        """True where so does every hit that follows."""
        return self.in_other_words and all(hit.other_words for hit in self.hits if hit.follows)

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
        if self.most:
            answer["most"] = self.most
        if self.alike:
            answer["alike"] = self.alike
        if self.far:
            answer["far"] = True
        if self.advice:
            answer["advice"] = list(self.advice)
        return answer


def _value(field: Field, fields: Fields) -> FieldValue | list[str] | None:
    """The value of a field as a hit has it: a list, a text, or null."""
    value = fields.get(field.published)
    if not field.listed:
        return value
    values = list(value) if isinstance(value, (tuple, list)) else [str(value)] if value else []
    return ("|".join(values) or None) if field.bar == "hit" else values


def published_fields(stored: Mapping[str, Any]) -> Fields:
    """The fields of a document as the index keeps them, which has lists for tuples."""
    return {
        name: tuple(map(str, value)) if isinstance(value, list) else value
        for name, value in stored.items()
    }
