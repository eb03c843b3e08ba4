"""Records as cells of a table in a notebook: what a publisher wrote is escaped, and what links is an address of `serve` or of the web."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from casereviews.collection.output.addresses import address, sentence_address, web_address
from casereviews.collection.output.citations import cited_page
from casereviews.collection.output.hostile import flat, for_line, for_snippet
from casereviews.collection.output.withholding import WITHHELD
from casereviews.collection.output.worded_facts import same_facts, value_in_words
from casereviews.repository.fields import DESCRIBED, PUBLISHED_AS

if TYPE_CHECKING:
    from casereviews.collection.collection import DocumentPage
    from casereviews.collection.keeping.marks import Mark
    from casereviews.index.results import Hit, Likeness, PageHit
    from casereviews.notebook.records import (
        DocumentOfReview,
        FactOfDocument,
        RecommendationOfDocument,
    )
    from casereviews.repository.published_documents import Review
    from casereviews.repository.typed_fields import TypedFields
    from casereviews.repository.vocabulary import Vocabulary

LETTERS = 240
"""So many letters of a text stand in a cell: a notebook is shared with its tables, and reports are their boards'."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Cells as HTML, with the labels of a vocabulary. `served` is where `casereviews serve` answers, `query` what was searched for, `exact` whether by
    exact words alone: the pages that are linked mark it."""

    vocabulary: Vocabulary
    served: str
    query: str = ""
    exact: bool = False

    # ------------------------------------------------------------ a row of each kind

    def hit(self, hit: Hit) -> Iterator[str]:
        """A review that was found, with the pages that speak of what was asked."""
        yield str(hit.rank)
        yield self._review(hit.review_id, hit.title)
        yield from self._facts(hit)
        yield self._pages_of(hit)

    def likeness(self, hit: Hit) -> Iterator[str]:
        """A review that reads like a case, and why."""
        yield str(hit.rank)
        yield self._review(hit.review_id, hit.title)
        yield from self._facts(hit)
        yield _text(self._why(hit.why)) if hit.why else ""
        yield self._pages_of(hit)

    def review(self, review: Review) -> Iterator[str]:
        """A review."""
        yield self._review(review.review_id, review.title)
        yield from self._facts(review)
        themes = review.field("central_themes") or ()
        yield _text(flat(self.vocabulary.worded(PUBLISHED_AS["central_themes"], themes)))
        yield str(len(review.documents))

    def document(self, document: DocumentOfReview) -> Iterator[str]:
        """A document of a review."""
        title = document.title or "Untitled"
        yield self._read(document.document_id, title) if document.pages else _text(title)
        yield self._review(document.review_id, document.review_id)
        yield self._worded("document_role", document.role)
        yield _text(document.published)
        yield str(document.pages)
        yield self._worded("availability", document.availability)
        theirs = web_address(document.url or document.landing_url)
        yield _link(theirs, "publisher’s") if theirs else ""

    def fact(self, fact: FactOfDocument) -> Iterator[str]:
        """A fact with the sentence that says so."""
        field = DESCRIBED.get(fact.field)
        yield self._review(fact.review_id, fact.review_id)
        yield _text(field.label if field else fact.field)
        yield _text(value_in_words(fact.field, fact.value, self.vocabulary))
        yield _text(_short(fact.evidence))
        yield self._sentence(fact.document_id, fact.page, fact.evidence)
        yield _text(fact.origin)
        yield f"{fact.confidence:.2f}"

    def recommendation(self, one: RecommendationOfDocument) -> Iterator[str]:
        """A recommendation."""
        yield self._review(one.review_id, one.review_id)
        yield _text(one.number)
        yield _text(_short(one.text))
        yield _text(one.addressee)
        yield self._sentence(one.document_id, one.page, one.text)

    def page(self, page: DocumentPage) -> Iterator[str]:
        """A page: how it begins, and how many letters it has."""
        yield self._read(
            page.document.document_id, cited_page(page.page, page.label), page=page.page
        )
        yield _text(_short(page.text))
        yield f"{len(page.text):,}"

    def mark(self, mark: Mark) -> Iterator[str]:
        """A decision on a review."""
        yield self._review(mark.review_id, mark.review_id)
        for said in (mark.decision, mark.stage, mark.reader, mark.reason, mark.note, mark.at):
            yield _text(said)

    # ------------------------------------------------------------ what rows are made of

    def _facts(self, record: TypedFields) -> Iterator[str]:
        yield _text(record.publisher)
        yield _text(record.published)
        yield self._worded("review_type", record.review_type)

    def _worded(self, name: str, value: object) -> str:
        return _text(flat(self.vocabulary.worded(DESCRIBED[name], value)))

    @property
    def _asked(self) -> dict[str, str]:
        return {"q": self.query, "exact": "1" if self.exact else ""}

    def _link_to(self, path: str, words: str) -> str:
        return _link(self.served + path, words)

    def _review(self, review_id: str, words: str | None) -> str:
        return self._link_to(address("/review", review_id, **self._asked), words or "Untitled")

    def _read(self, document_id: str, words: str, *, page: int = 1) -> str:
        return self._link_to(address("/read", document_id, page, **self._asked), words)

    def _why(self, why: Likeness) -> str:
        same = same_facts(why.facts, self.vocabulary)
        told = {one.lower() for one in same}
        reasons = [*same, *(one for one in why.speaks_of if one.lower() not in told)]
        return f"{why.strength}: {', '.join(reasons)}" if reasons else why.strength

    def _pages_of(self, hit: Hit) -> str:
        return "<br>".join(self._page_of(hit, page) for page in hit.pages)

    def _page_of(self, hit: Hit, page: PageHit) -> str:
        link = self._read(hit.document_id, cited_page(page.page, page.label), page=page.page)
        return f"{link} {_marked(page.snippet, page.matches)}".rstrip()

    def _sentence(self, document_id: str, page: int | None, sentence: str) -> str:
        if page is None:
            return ""
        if WITHHELD in sentence:  # so it stands on no page
            return self._read(document_id, f"p. {page}", page=page)
        return self._link_to(sentence_address(document_id, page, sentence), f"p. {page}")


def table(
    headings: Sequence[str], rows: Iterable[Iterable[str]], *, above: str = "", below: str = ""
) -> str:
    """A table of cells that are HTML already, with a line of text above it and one below."""
    left = ' style="text-align:left;vertical-align:top"'
    head = "".join(f"<th{left}>{_text(one)}</th>" for one in headings)
    body = "".join(
        "<tr>" + "".join(f"<td{left}>{cell}</td>" for cell in row) + "</tr>\n" for row in rows
    )
    drawn = f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>"
    around = [f"<p>{_text(line)}</p>" if line else "" for line in (above, below)]
    return "\n".join(filter(None, (around[0], drawn if body else "", around[1])))


def _text(said: object) -> str:
    """What somebody wrote, harmless and on one line."""
    return escape(for_line(str(said or "")))


def _short(text: str) -> str:
    line = for_line(text[: 4 * LETTERS])
    return line if len(line) <= LETTERS else line[: LETTERS - 1].rstrip() + "…"


def _link(href: str, words: str) -> str:
    """A link in a tab of its own."""
    return f'<a href="{escape(href)}" target="_blank" rel="noopener noreferrer">{_text(words)}</a>'


def _marked(snippet: str, matches: Sequence[tuple[int, int]]) -> str:
    """A snippet with the spans of its matches marked; what is after LETTERS is left out."""
    text = for_snippet(snippet)[:LETTERS]
    parts = []
    at = 0
    for start, end in matches:
        parts += [escape(text[at:start]), f"<mark>{escape(text[start:end])}</mark>"]
        at = end
    whole = "".join([*parts, escape(text[at:])]).replace("<mark></mark>", "")
    return whole + ("…" if len(snippet) > LETTERS else "")
