"""Reviews and the pages of their documents, as they may leave in a project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from casereviews.collection.output.coding.project import state_of
from casereviews.collection.output.coding.sources import Source, source_of
from casereviews.collection.output.withholding import ExportedReview, is_of_library, labels_withheld
from casereviews.repository.home import Home
from casereviews.repository.model import Page
from casereviews.repository.published_documents import Review, ReviewDocument, shown_review
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived


def leaving(
    home: Home, taken: Iterable[ExportedReview], *, texts: bool, names: bool = False
) -> Iterator[tuple[Review, Sequence[Source], str]]:
    """Each review with its sources and its state (`project.state_of`); `texts` gives report text where it is a report's.

    The page of a library is its own text, so that of such a page its evidence alone leaves, if any may.
    """
    with Record.open(home) as record, Derived.open(home) as derived:
        libraries = {key for key, info in record.sources().items() if info.family == "nspcc"}

        def pages_of(document: ReviewDocument) -> Sequence[Page] | None:
            theirs = is_of_library(document.source, document.media_type, libraries)
            if theirs or not (texts and document.sha256):
                return None
            reading = derived.reading(document.sha256)
            return reading.pages or None if reading else None

        for one in taken:
            review = one.review
            hidden: frozenset[str] = frozenset()
            if one.subjects_withheld:
                hidden = labels_withheld(shown_review(home, review.review_id), names=names)
            sources = [
                source_of(review, document, pages_of(document), hidden)
                for document in review.documents
            ]
            yield review, sources, state_of(review)
