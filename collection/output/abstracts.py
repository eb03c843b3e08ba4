"""An abstract of a review for reference managers and screening tools: what it was coded as, in words, and the first sentences of its report's own summary, with their page.

Nobody's abstract is handed on: of a library's entry the codes alone are told. What is quoted is short (LONGEST letters) and ends with a whole
sentence; a name that is withheld is withheld here too, each word of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

from casereviews.collection.output.citations import cited_page
from casereviews.collection.output.hostile import for_line
from casereviews.collection.output.withholding import REAL_NAME, name_words_withheld
from casereviews.collection.output.worded_facts import UNSAID
from casereviews.repository.fields import PUBLISHED_AS, Field
from casereviews.repository.vocabulary import PACKAGED, Vocabulary

if TYPE_CHECKING:
    from casereviews.repository.home import Home
    from casereviews.repository.model import Page, Section
    from casereviews.repository.published_documents import Review
    from casereviews.repository.record.derived import Derived

LONGEST = 1_200
AT_A_TIME, FEW = 200, 20
TOLD = (
    "review_type",
    "age_bands",
    "sex",
    "outcome",
    "harms",
    "plan_status",
    "source_of_harm",
    "central_themes",
    "themes",
)
"""Published fields that are told in words, in this order; all have closed lists of values."""
KINDS = ("summary", "facts", "findings")
"""Parts that tell what a review is about, the best first."""
_SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[\"'“‘(]*[A-Z0-9])")
_WORDS = 5
"""A sentence has so many words; what has fewer is a heading, a label or a number."""


def with_abstracts(
    home: Home, records: Iterable[Mapping[str, Any]], vocabulary: Vocabulary = PACKAGED
) -> Iterator[dict[str, Any]]:
    """Records of reviews (hits or exported reviews), each with its `abstract` ("" where there is none), its `media_type` and, of hits,
    its `central_themes`; some at a time. A record without subjects of a review whose labels are real names has the name withheld."""
    stream = iter(records)
    libraries: set[str] | None = None
    while some := list(islice(stream, AT_A_TIME)):
        if libraries is None:
            libraries = _libraries(home)
        reviews = _reviews(home, {str(one["review_id"]) for one in some if one.get("review_id")})
        for record in some:
            review = reviews.get(str(record.get("review_id")))
            # None: held or withdrawn since it was found
            if review is None:
                yield dict(record)
            else:
                yield _told(home, record, review, libraries, vocabulary)


def _reviews(home: Home, ids: Collection[str]) -> dict[str, Review]:
    from casereviews.repository.errors import UnknownId
    from casereviews.repository.published_documents import shown_review, shown_reviews

    if len(ids) > FEW:  # one look through all reviews costs less than many looks for one
        return {one.review_id: one for one in shown_reviews(home, ids)}
    found = {}
    for review_id in ids:
        with suppress(UnknownId):
            found[review_id] = shown_review(home, review_id)
    return found


def _told(
    home: Home,
    record: Mapping[str, Any],
    review: Review,
    libraries: Collection[str],
    vocabulary: Vocabulary = PACKAGED,
) -> dict[str, Any]:
    named = bool(record.get("subjects")) and not record.get("subjects_withheld")
    hidden = review.field("label_kind") == REAL_NAME and not named
    names = _list(review.field("subjects")) if hidden else ()
    best = review.document(str(record.get("document_id", review.review_id)))
    coded, quoted = coded_as(review, vocabulary), _abstract(home, review, names, libraries)
    return {
        "central_themes": _list(review.field("central_themes")),
        **record,
        "abstract": f"{name_words_withheld(coded, names)} {quoted and f'From the report: {quoted}'}".strip(),
        "media_type": best.media_type,
    }


def coded_as(review: Review, vocabulary: Vocabulary = PACKAGED) -> str:
    """What a review was coded as, in words and no report's: "Coded by rules. Type: Serious Case Review. Age: under 1. ..."; "" where nothing is known of it."""
    told: list[str] = []
    said: set[str] = set()
    for name in TOLD:
        value = review.field(name)
        codes = [one for one in (_list(value) or str(value or "").split("|")) if one]
        fresh = [one for one in codes if one not in said and one != UNSAID]
        said.update(fresh)
        if fresh:
            field = PUBLISHED_AS[name]
            told.append(f"{field.label}: {'; '.join(map(str, _words(vocabulary, field, fresh)))}.")
    return " ".join(["Coded by rules.", *told]) if told else ""


def _words(vocabulary: Vocabulary, field: Field, codes: list[str]) -> Iterable[object]:
    words = vocabulary.worded(field, codes)
    return words if isinstance(words, list) else [words]


def abstract_of(
    sections: Iterable[Section], pages: Iterable[Page], hidden: Collection[str] = ()
) -> str:
    """The first sentences of the part that tells what a report is about, and the page they begin on: "... (p. 3)". "" where it has none."""
    by_number = {page.number: page for page in pages}
    ordered = sorted(
        (one for one in sections if one.kind in KINDS), key=lambda one: KINDS.index(one.kind)
    )
    for section in ordered:
        texts = []
        for number in range(section.start_page, section.end_page + 1):
            page = by_number.get(number)
            if page is None:
                continue
            end = section.end if number == section.end_page else len(page.text)
            texts.append(
                (page, page.text[section.start if number == section.start_page else 0 : end])
            )
        if texts and (
            quoted := _first_sentences("\n".join(text for _, text in texts), section.title)
        ):
            first = texts[0][0]
            return (
                f"{name_words_withheld(quoted, hidden)} ({cited_page(first.number, first.label)})"
            )
    return ""


def _first_sentences(text: str, title: str) -> str:
    """Whole sentences from the beginning, as many as there is room for; headings and numbers are left out."""
    paragraphs = re.split(r"\n\s*\n", text)
    kept: list[str] = []
    length = 0
    for paragraph in paragraphs:
        line = for_line(paragraph)
        if title and line.lower().startswith(title.lower()):
            line = line[len(title) :].lstrip(" .:–-")
        for sentence in _SENTENCE.split(line):
            one = re.sub(r"^(?:\d+\.)*\d+\.?\s+(?=[A-Z])", "", sentence.strip())
            if len(one.split()) < _WORDS or not re.search(r"[.!?][\"'”’)]*$", one):
                continue
            if length + len(one) + 1 > LONGEST:
                return " ".join(kept)
            kept.append(one)
            length += len(one) + 1
    return " ".join(kept)


def _abstract(
    home: Home, review: Review, names: Collection[str], libraries: Collection[str]
) -> str:
    from casereviews.repository.record.derived import Derived

    if review.source in libraries:
        return ""
    with Derived.open(home) as derived:
        return summary_of(derived, review, libraries, names)


def summary_of(
    derived: Derived, review: Review, libraries: Collection[str], hidden: Collection[str] = ()
) -> str:
    """The first sentences of a review's own summary, as `abstract_of`: of its first document that has one, the report before the others, none
    of `libraries` (ids of sources whose entries are abstracts of their own). `hidden` are names that are withheld."""
    for document in review.documents:
        wanted = [one for one in document.sections if one.kind in KINDS]
        if not document.sha256 or document.source in libraries or not wanted:
            continue
        reading = derived.reading(document.sha256)
        if reading and (found := abstract_of(wanted, reading.pages, hidden)):
            return found
    return ""


def _libraries(home: Home) -> set[str]:
    """The sources whose entries are abstracts of their own."""
    from casereviews.repository.record import Record

    with Record.open(home) as record:
        return {key for key, info in record.sources().items() if info.family == "nspcc"}


def _list(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, (list, tuple)) else ()
