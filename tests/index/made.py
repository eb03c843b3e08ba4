"""Small fictional documents, and an index of them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from casereviews.index.build import build
from casereviews.index.query.understand import understand
from casereviews.index.search import Searcher, open_index
from casereviews.repository.model import Page, PublishedDocument, Recommendation, Section

HOME = "a-home"
OPENED = ExitStack()
"""What `opened` opened: conftest.py closes it after each module's tests."""


def document(
    name: str,
    *pages: str,
    review: str | None = None,
    title: str = "A review",
    sections: Sequence[Section] = (),
    recommendations: Sequence[Recommendation] = (),
    **fields: object,
) -> PublishedDocument:
    """A document; `pages` are numbered from 1 and printed one less, as after a cover."""
    said = {"title": title, "source": "s", "scope": "child", "availability": "available", **fields}
    return PublishedDocument(
        document_id=name,
        review_id=review or f"r-{name}",
        fields=said,
        pages=tuple(
            Page(n, text, str(n - 1) if n > 1 else None) for n, text in enumerate(pages, 1)
        ),
        sections=tuple(sections),
        recommendations=tuple(recommendations),
    )


def indexed(folder: Path, documents: Sequence[PublishedDocument]) -> Searcher:
    """An index of the documents, opened."""
    build(folder, HOME, documents, revision=1)
    return opened(folder)


def opened(folder: Path, home_id: str = HOME) -> Searcher:
    """The index in a folder as it stands now."""
    return OPENED.enter_context(open_index(folder, home_id))


def found(searcher: Searcher, query: str, **options: object) -> list[str]:
    """Ids of the best documents of all hits, best first."""
    return [hit.document_id for hit in searcher.search(query, **options).hits]


def matching_documents(searcher: Searcher, text: str) -> set[str]:
    """Ids of all documents that match, unranked."""
    found = understand(
        text, searcher.lexicon, filters={}, exact=False, vocabulary=searcher.vocabulary
    )
    ids = {row.n: row.document_id for row in searcher.store.documents()}
    return {ids[number] for number in searcher.engine.matching(found.plan)}
