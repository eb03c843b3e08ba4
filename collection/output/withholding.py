"""What may leave the home: no report's text, no abstract's sentence, and real persons' names only when asked for."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from casereviews.repository.evidence_places import PLACE
from casereviews.repository.fields import DESCRIBED
from casereviews.repository.json_record import JsonRecord

if TYPE_CHECKING:
    from casereviews.index.results import Hit
    from casereviews.repository.model import Fact, Fields, FieldValue, Recommendation
    from casereviews.repository.published_documents import Review, ReviewDocument

NOT_EXPORTED = ("recommendations", "sections", "error", "link_reason")
FACT = ("field", "value", "raw", "origin", "page", "evidence", "confidence")
# NSPCC's abstracts are the NSPCC's text: what was read from them is kept, their sentences are not handed on.
ABSTRACT_ORIGINS = ("listing", "page", "text")
PDF = "application/pdf"
REAL_NAME = "real_name"
WITHHELD = "[name withheld]"


@dataclass(frozen=True, slots=True)
class CitedPage(JsonRecord):
    """A page that is cited with a review; `of` names its document where it is not the one whose address the review gives."""

    page: int
    label: str | None
    of: str | None


@dataclass(frozen=True, slots=True)
class ExportedReview:
    """A review as it is taken away; `subjects_withheld` says that its labels are a real person's names and were left out.

    `pages` are the best ones of the search that found it, `summary` the first sentences of its report's own summary, where they were asked for.
    """

    review: Review
    subjects_withheld: bool = False
    pages: tuple[CitedPage, ...] = ()
    summary: str = ""

    def to_json(self) -> dict[str, Any]:
        """The review as the contract of `export --jsonl` has it."""
        out = self.review.to_json()
        del out["aliases"]
        documents = out.pop("documents")
        if self.subjects_withheld:
            out["subjects_withheld"] = True
        for document in documents:
            for name in NOT_EXPORTED:
                del document[name]
            document["facts"] = [
                {name: fact[name] for name in FACT} | {name: fact.get(name) for name in PLACE}
                for fact in document["facts"]
            ]
        return {**out, "documents": documents}


def exported(
    review: Review,
    *,
    abstract: bool,
    libraries: Collection[str] = (),
    names: bool = False,
    hit: Hit | None = None,
    summary: str = "",
) -> ExportedReview:
    """A review as it is taken away. `abstract` says that its source is a library whose abstracts are its own text, `libraries` are the
    ids of all such sources, of which it may have a document; `names` keeps the labels that are real persons' names, `hit` is what a
    search found of it."""
    hidden = labels_withheld(review, names=names)
    withheld = review.field("label_kind") == REAL_NAME and not names
    fields = _fields_withheld(review.fields, hidden) if withheld else review.fields
    documents = tuple(
        _document(one, abstract or one.source in libraries, hidden) for one in review.documents
    )
    given = replace(review, fields=fields, documents=documents)
    cited = _pages_cited(given, hit) if hit else ()
    return ExportedReview(given, withheld, cited, name_words_withheld(summary, hidden))


def labels_withheld(review: Review, *, names: bool = False) -> frozenset[str]:
    """The labels of a review that are a real person's names and are left out; none with `names`."""
    withheld = review.field("label_kind") == REAL_NAME and not names
    return frozenset(review.subjects) if withheld else frozenset()


def labels_of_hit_withheld(hit: Hit, *, names: bool = False) -> frozenset[str]:
    """As `labels_withheld`, of a hit."""
    withheld = hit.fields.get("label_kind") == REAL_NAME and not names
    return frozenset(hit.subjects) if withheld else frozenset()


def _pages_cited(review: Review, hit: Hit) -> tuple[CitedPage, ...]:
    titles = {one.document_id: one.title for one in review.documents[1:]}
    of = titles.get(hit.document_id)
    return tuple(CitedPage(page.page, page.label, of) for page in hit.pages)


def without_name(hit: Hit) -> Hit:
    """A hit as reference managers and spreadsheets get it: without labels that are real persons' names.

    The terminal and `--json` show what the publisher shows.
    """
    if hit.fields.get("label_kind") != REAL_NAME:
        return hit
    fields = _fields_withheld(hit.fields, frozenset(hit.subjects))
    return _without_snippets(replace(hit, fields=fields))


def shared(hit: Hit, *, libraries: Collection[str], names: bool = False) -> Hit:
    """A hit as it stands in what is shared: as `without_name` has it unless `names`, and without what a library's own page says."""
    hit = hit if names else without_name(hit)
    media_type = str(hit.fields.get("media_type") or "")
    theirs = is_of_library(hit.source, media_type, libraries)
    return _without_snippets(hit) if theirs else hit


def is_of_library(source: str | None, media_type: str | None, libraries: Collection[str]) -> bool:
    """True for a library's own page; a PDF that it holds is a report."""
    return source in libraries and media_type != PDF


def _without_snippets(hit: Hit) -> Hit:
    pages = tuple(replace(page, snippet="", matches=()) for page in hit.pages)
    why = hit.why and replace(
        hit.why,
        passages=tuple(replace(page, snippet="", matches=()) for page in hit.why.passages),
    )
    return replace(hit, pages=pages, why=why)


def without(text: str, hidden: Collection[str]) -> str:
    """The text without the labels, however their letters and spaces are written."""
    for label in hidden:
        written = r"\s+".join(map(re.escape, label.split()))
        text = re.sub(written, WITHHELD, text, flags=re.IGNORECASE) if written else text
    return text


_NOT_NAMES = frozenset(
    {"and", "the", "of", "child", "baby", "children", "family", "young", "person"}
)


def name_words_withheld(text: str, hidden: Collection[str]) -> str:
    """Running text without the labels and without any word of them: a report calls a child by one name after the first time."""
    text = without(text, hidden)
    for word in {word for label in hidden for word in re.findall(r"[^\W\d_]{2,}", label)}:
        if word.lower() not in _NOT_NAMES:
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", WITHHELD, text, flags=re.IGNORECASE)
    return text


def _fields_withheld(given: Fields, hidden: Collection[str]) -> Fields:
    fields: dict[str, FieldValue] = {**given, "subjects": ()}
    for name in ("title", "case_ref", "keywords"):
        if name in fields:
            fields[name] = _words_withheld(fields[name], hidden)
    for name in ("landing_url", "file_url"):
        if fields.get(name) and address_without(str(fields[name]), hidden) is None:
            del fields[name]
    return fields


def _words_withheld(value: FieldValue, hidden: Collection[str]) -> FieldValue:
    if isinstance(value, tuple):
        return tuple(name_words_withheld(one, hidden) for one in value)
    return name_words_withheld(str(value), hidden)


def address_without(address: str | None, hidden: Collection[str]) -> str | None:
    """An address, None when it spells a label, or when a word of its path is one of a label's."""
    if not address or not hidden:
        return address
    path = re.sub(r"[\W_]+", " ", unquote(re.sub(r"^[\w+.-]+://[^/]*", "", address)))
    if any(_slug(label) in _slug(address) for label in hidden):
        return None
    return address if name_words_withheld(path, hidden) == path else None


def _document(document: ReviewDocument, abstract: bool, hidden: frozenset[str]) -> ReviewDocument:
    # A page of a library is its own text; a PDF that it holds is a report.
    theirs = abstract and document.media_type != PDF
    facts = tuple(
        given_fact(fact, abstract and (theirs or fact.page is None), hidden)
        for fact in document.facts
        if not (hidden and fact.field == "subject_labels")
    )
    recommendations = () if theirs else document.recommendations
    document = replace(document, facts=facts, recommendations=recommendations)
    if not hidden:
        return document
    return replace(
        document,
        title=name_words_withheld(document.title or "", hidden),
        url=address_without(document.url, hidden),
        landing_url=address_without(document.landing_url, hidden),
        link_reason=name_words_withheld(document.link_reason, hidden),
        recommendations=tuple(_recommendation(one, hidden) for one in recommendations),
        sections=tuple(
            replace(one, title=name_words_withheld(one.title, hidden)) for one in document.sections
        ),
    )


def _recommendation(one: Recommendation, hidden: frozenset[str]) -> Recommendation:
    return replace(
        one,
        text=name_words_withheld(one.text, hidden),
        addressee=one.addressee and name_words_withheld(one.addressee, hidden),
    )


def given_fact(fact: Fact, abstract: bool, hidden: frozenset[str]) -> Fact:
    """A fact as it may leave: without the labels `hidden`, and without the sentence where it is of a library's `abstract`."""
    if abstract and fact.origin in ABSTRACT_ORIGINS:
        fact = replace(fact, evidence="", raw=fact.value)
    field = DESCRIBED.get(fact.field)
    # A body or a place may bear a word of a name and tells nothing of the child by it.
    fixed = field is not None and (
        field.codes or field.place or field.name == "publisher" or field.form in ("date", "number")
    )
    said = without if fixed else name_words_withheld
    return replace(
        fact,
        value=said(fact.value, hidden),
        raw=name_words_withheld(fact.raw, hidden),
        evidence=name_words_withheld(fact.evidence, hidden),
    )


def _slug(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())
