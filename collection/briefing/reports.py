"""The reports that a briefing quotes: read for sentences, each quotation with its page and link, and how much each may say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection as Several
from dataclasses import dataclass, field

from casereviews.collection.briefing.records import Quotation
from casereviews.collection.briefing.sentences import Sentence, quotable, stands_on
from casereviews.collection.briefing.topic import Topic
from casereviews.collection.output.withholding import REAL_NAME, address_without, without
from casereviews.repository.describing.evidence import Evidence
from casereviews.repository.describing.themes import theme_finder
from casereviews.repository.model import Reading
from casereviews.repository.published_documents import Review, ReviewDocument
from casereviews.repository.record.derived import Derived
from casereviews.repository.vocabulary import Vocabulary

MOST_OF_REVIEW, MOST_OF_PUBLISHER = 3, 8
"""Quotations of one review and of one publisher in one part of the briefing."""
ALIKE_QUOTES = 0.5
"""Two quotations with this share of their words are one to a reader: boards repeat their own turns of phrase."""
_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class ReadReport:
    """A review that was read for sentences, with the document that they stand in."""

    review: Review
    document: ReviewDocument
    reading: Reading
    sentences: tuple[Sentence, ...]

    def names(self, topic: Topic) -> bool:
        """Whether a sentence that is told of its case names the topic."""
        return any(topic.is_named(one.folded) for one in self.sentences)

    @property
    def central(self) -> frozenset[str]:
        return frozenset(_values(self.review, "central_themes"))


@dataclass(slots=True)
class Room:
    """How much one review, one publisher may still say in a part of the briefing; and that nothing is said twice in any."""

    said: list[frozenset[str]]
    alike: float = ALIKE_QUOTES
    of_review: Counter[str] = field(default_factory=Counter)
    of_publisher: Counter[str] = field(default_factory=Counter)

    def takes(self, review: Review, folded: str) -> bool:
        """Whether a sentence of a review has room; then it is counted."""
        words = frozenset(re.findall(r"\w+", folded))
        publisher = review.publisher or ""
        if (
            self.of_review[review.review_id] >= MOST_OF_REVIEW
            or self.of_publisher[publisher] >= MOST_OF_PUBLISHER
            or any(len(words & one) >= self.alike * len(words | one) for one in self.said)
        ):
            return False
        self.said.append(words)
        self.of_review[review.review_id] += 1
        self.of_publisher[publisher] += 1
        return True


def own_documents(review: Review, abstracts: Several[str]) -> tuple[ReviewDocument, ...]:
    """The documents of a review that have pages; of a library with abstracts only files, because a page of it is the library's own text."""
    return tuple(
        one
        for one in review.documents
        if one.sha256 and one.pages and (review.source not in abstracts or one.media_type == _PDF)
    )


def read_report(derived: Derived, vocabulary: Vocabulary, review: Review) -> ReadReport | None:
    """A review with the sentences of its best document that has text, in English where there is one; None without."""
    documents = review.documents
    for document in sorted(documents, key=lambda one: one.language == "cy"):
        reading = derived.reading(document.sha256 or "")
        if reading is None or not any(page.text.strip() for page in reading.pages):
            continue
        pieces: list[Evidence] = []
        theme_finder(vocabulary).find(reading, document.sections, evidence=pieces)
        hidden = hidden_labels(review)
        told = tuple(quotable(reading, document.sections, pieces, document.facts, hidden))
        return ReadReport(review, document, reading, told)
    return None


def hidden_labels(review: Review) -> frozenset[str]:
    """The labels that are a real person's names."""
    return frozenset(review.subjects) if review.field("label_kind") == REAL_NAME else frozenset()


def _values(review: Review, name: str) -> tuple[str, ...]:
    value = review.field(name)
    return value if isinstance(value, tuple) else (str(value),) if value else ()


def quotation_of(
    review: Review, document: ReviewDocument, text: str, number: int, label: str | None
) -> Quotation:
    hidden = hidden_labels(review)
    address = address_without(document.url, hidden)
    if address is None or not address.startswith(("http://", "https://")):
        address = address_without(document.landing_url, hidden)
    elif document.media_type == _PDF:
        address = f"{address}#page={number}"
    year = (review.published or "")[:4]
    title = without(document.title or review.title or "Untitled", hidden)
    return Quotation(
        text,
        review.review_id,
        document.document_id,
        title,
        review.publisher or "",
        int(year) if year else None,
        number,
        label,
        address,
    )


def quote_of(read: ReadReport, sentence: Sentence) -> Quotation | None:
    """A sentence with its page, once more compared with what stands there."""
    page = next((one for one in read.reading.pages if one.number == sentence.page), None)
    if page is None or not stands_on(sentence.text, page.text):
        return None
    return quotation_of(read.review, read.document, sentence.text, page.number, page.label)
