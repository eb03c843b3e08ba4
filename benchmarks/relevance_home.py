"""The reviews of a home as one finds them: `search` typed plainly, `similar`, and stock Whoosh and FTS5 over the same whole reports.

Only what a search shows when nothing is said of the scope is searched by any system: adult reviews are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from benchmarks.relevance_files import NotReadable, Query
from casereviews.collection.collection import Collection
from casereviews.index.errors import QueryError
from casereviews.repository.home import Home
from casereviews.repository.published_documents import published_documents

if TYPE_CHECKING:
    Ranker = Callable[[str], list[str]]


def reports_of(home: Path) -> dict[str, str]:
    """Text of every review by its id: all its documents' pages. Raises NotReadable when there is none."""
    pages: dict[str, list[str]] = {}
    for document in published_documents(Home(home)):
        if document.fields.get("scope") != "adult":
            pages.setdefault(document.review_id, []).extend(page.text for page in document.pages)
    if not pages:
        raise NotReadable(f"{home} holds no reviews")
    return {review_id: "\n".join(texts) for review_id, texts in sorted(pages.items())}


def by_review(queries: Iterable[Query], collection: Collection) -> list[Query]:
    """The queries with their grades by review id, where they stand by the path of a file's address; unknown ones stay."""
    ids: dict[str, str] = {}
    for review in collection.reviews():
        for document in review.documents:
            if document.url:
                ids[unquote(urlsplit(document.url).path)] = review.review_id
    return [replace(query, relevant=_with_ids(query.relevant, ids)) for query in queries]


def _with_ids(grades: Mapping[str, float], ids: Mapping[str, str]) -> dict[str, float]:
    return {ids.get(key, key): grade for key, grade in grades.items()}


def typed_plainly(collection: Collection, k: int) -> Ranker:
    """`search` with the words as they are typed; what it cannot read finds nothing."""

    def rank(text: str) -> list[str]:
        try:
            return [
                hit.review_id
                for hit in collection.search(text, limit=k, facets=False, most=True).hits
            ]
        except QueryError:
            return []

    return rank


def similar(collection: Collection, k: int) -> Ranker:
    """`similar` with the sentence model that the home uses."""

    def rank(text: str) -> list[str]:
        return [hit.review_id for hit in collection.similar(text, limit=k).results.hits]

    return rank
