"""A page of a report as its reader sees it: its text with what a query finds marked, and how it is cited."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from casereviews.collection.clock import today
from casereviews.collection.output.answer import Answer
from casereviews.collection.output.citations import cited, in_words
from casereviews.collection.output.forms import FORMS
from casereviews.collection.output.withholding import CitedPage, exported

if TYPE_CHECKING:
    from casereviews.index.results import MarkedPage
    from casereviews.repository.published_documents import Review, ReviewDocument
    from casereviews.repository.vocabulary import Vocabulary

CITED = ("ris", "bibtex")
"""The forms in which a page is taken as a reference (`output/forms/`)."""


@dataclass(frozen=True, slots=True)
class ReaderPage:
    """A page of a document of a review, with what a query finds on it (`marked`); `sections` are the titles of those that it is of."""

    review: Review
    document: ReviewDocument
    marked: MarkedPage
    sections: tuple[str, ...]

    @property
    def number(self) -> int:
        """The page's number in its file."""
        return self.marked.page

    @property
    def previous_found(self) -> int | None:
        """The nearest page before this one on which the query finds something."""
        return max((page for page in self.marked.found_on if page < self.number), default=None)

    @property
    def next_found(self) -> int | None:
        """The nearest page after this one on which the query finds something."""
        return min((page for page in self.marked.found_on if page > self.number), default=None)

    @property
    def url(self) -> str | None:
        """The publisher's address, of a PDF that of the page."""
        address = self.document.url
        if address and self.document.media_type == "application/pdf":
            return f"{address}#page={self.number}"
        return address


def reader_page(review: Review, document: ReviewDocument, marked: MarkedPage) -> ReaderPage:
    """A page with its sections; one that is of two, as recommendations within an appendix, has both, the outer first."""
    of = [one for one in document.sections if one.start_page <= marked.page <= one.end_page]
    titles = (one.title or one.kind.replace("_", " ") for one in of)
    return ReaderPage(review, document, marked, tuple(dict.fromkeys(titles)))


def citation(page: ReaderPage, form: str | None, vocabulary: Vocabulary) -> str:
    """The page as a reference, in one of CITED or (None) in words. Labels that are real persons' names are withheld, as in exports."""
    taken = exported(page.review, abstract=True)
    documents = taken.review.documents
    at = next(
        at for at, one in enumerate(documents) if one.document_id == page.document.document_id
    )
    of = documents[at].title if at else None
    taken = replace(taken, pages=(CitedPage(page.number, page.marked.label, of),))
    record = {
        **taken.to_json(),
        "file_url": documents[at].url,
        "pages": [one.to_json() for one in taken.pages],
    }
    if form is None:
        return in_words(cited(record, today(), vocabulary))
    answer = Answer(payload=None, records=[record], accessed=today(), vocabulary=vocabulary)
    return FORMS[form].text(answer)
