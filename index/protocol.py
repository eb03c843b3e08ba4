"""What searching asks of an engine, whoever keeps words, rows and pages: Whoosh's segments in a folder, or a cluster.

The lexicon is `casereviews.index.storage.lexicon.ColumnLexicon`, what is searched `casereviews.index.search.Searcher` with these parts.
Documents are known by numbers that are never used twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Any, Protocol

from casereviews.index.query.engine import Leaf, Span
from casereviews.index.query.plan import Plan
from casereviews.index.storage.store import StoredDocument
from casereviews.repository.model import Page, PublishedDocument


class Store(Protocol):
    """Rows and pages of documents, and columns. What is gone is None, or left out."""

    def column(self, name: str) -> tuple[Any, bytes] | None:
        """A column's dictionary and data (`casereviews.index.storage.columns`)."""

    def count(self) -> int:
        """How many documents there are."""

    def ids(self) -> Iterator[tuple[int, str]]:
        """Number and id of every document, in order of number."""

    def shown_ids(self) -> set[str]:
        """Ids of all reviews and documents."""

    def number_of(self, document_id: str) -> int | None:
        """A document's number."""

    def documents_of(self, review_id: str) -> list[str]:
        """Ids of a review's documents, in order of number."""

    def document(self, number: int) -> StoredDocument | None:
        """A document's row."""

    def documents(self) -> Iterator[StoredDocument]:
        """Every document's row, in order of number."""

    def indexed_document(self, number: int) -> PublishedDocument | None:
        """The document as it was given to the index; of its pages number, label and text."""

    def page(self, number: int, at: int) -> Page | None:
        """The page at index `at` of a document."""

    def pages(self, number: int) -> tuple[Page, ...]:
        """All pages of a document."""


class Engine(Protocol):
    """A plan carried out: which documents match, how well, and where."""

    def expect_sets(self, plans: Iterable[Plan]) -> None:
        """Says of which plans `matching` is asked next; an engine that is far away fetches them together."""

    def matching(self, what: Plan) -> frozenset[int]:
        """Numbers of the documents that match."""

    def ranked(self, what: Plan, leaves: Iterable[Leaf]) -> dict[int, float]:
        """The documents that match, each with its score by these leaves."""

    def scores(self, leaves: Iterable[Leaf], among: Set[int]) -> dict[int, float]:
        """Scores by leaves for the documents `among`; each document has a score."""

    def term_weights(self, terms: Iterable[str]) -> Mapping[int, float]:
        """By number the documents that have any of these terms, and what they weigh there."""

    def idf(self, documents: int) -> float:
        """How much a word says that so many documents have."""

    def spans(self, leaf: Plan, number: int) -> list[Span]:
        """Where a leaf's words, phrases and near words stand in a document, in order."""

    def first_places(self, leaf: Plan, number: int) -> Sequence[int]:
        """The rising first positions of a word or phrase in a document."""
