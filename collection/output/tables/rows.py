"""Reviews as they may leave the home, as rows of the tables: one review at a time, so that memory does not grow with the collection."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from casereviews.collection.output.tables.schema import COUNTED, FIRST, LAST, TYPES_OF
from casereviews.collection.output.withholding import ExportedReview
from casereviews.repository.evidence_places import PLACE
from casereviews.repository.fields import DESCRIBED, PUBLISHED
from casereviews.repository.model import FieldValue
from casereviews.repository.vocabulary import Vocabulary
from casereviews.repository.vocabulary.codes import CODES, TEXT_LABELS

Cell = str | int | float | bool | date | tuple[str, ...] | None
Row = dict[str, Cell]
"""Column -> value, all columns of the table in its order; None where it is unknown, () for an empty list."""

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_NAMES = tuple(dict.fromkeys(one.published for one in PUBLISHED if one.level != "file"))


def review_rows(taken: ExportedReview) -> Iterator[Row]:
    """The one row of a review in `reviews`."""
    review = taken.review
    versions = sorted({one.rules_version for one in review.documents if one.rules_version})
    row: Row = {"review_id": review.review_id}
    for name in _NAMES:
        row |= _cells("reviews", name, review.field(name))
    yield {
        **row,
        "subjects_withheld": taken.subjects_withheld,
        "summary": taken.summary or None,
        "document_count": len(review.documents),
        "recommendation_count": sum(len(one.recommendations) for one in review.documents),
        "rules_version": "|".join(versions) or None,
    }


def document_rows(taken: ExportedReview) -> Iterator[Row]:
    """The rows of a review in `documents`, the best document first."""
    for one in taken.review.documents:
        yield {
            "document_id": one.document_id,
            "review_id": taken.review.review_id,
            "title": one.title,
            "role": one.role,
            "source": one.source,
            **_cells("documents", "published", one.published),
            "language": one.language,
            "availability": one.availability,
            "landing_url": one.landing_url,
            "url": one.url,
            "trouble": one.trouble,
            "trouble_host": one.trouble_host,
            "sha256": one.sha256,
            "media_type": one.media_type,
            "text_status": one.text_status,
            "pages": one.pages,
            "versions": one.versions,
            "origin": one.origin,
            "enclosed_in": one.enclosed_in,
            "recommendation_count": len(one.recommendations),
            "rules_version": one.rules_version,
        }


def fact_rows(taken: ExportedReview) -> Iterator[Row]:
    """The rows of a review in `facts`: all candidates of all its documents, people's corrections among them."""
    for document in taken.review.documents:
        for position, fact in enumerate(document.facts, 1):
            form = DESCRIBED[fact.field].form if fact.field in DESCRIBED else "text"
            number = fact.field in COUNTED and fact.value.isdigit()
            first, last = days_of(fact.value) if form == "date" else (None, None)
            yield {
                "document_id": document.document_id,
                "review_id": taken.review.review_id,
                "position": position,
                "field": fact.field,
                "value": fact.value,
                "value_list": tuple(filter(None, fact.value.split("|")))
                if form == "list"
                else (fact.value,),
                "value_number": int(fact.value) if number else None,
                "value_first": first,
                "value_last": last,
                "raw": fact.raw or None,
                "origin": fact.origin,
                "page": fact.page,
                **{name: getattr(fact, name, None) for name in PLACE},
                "evidence": fact.evidence or None,
                "confidence": float(fact.confidence),
                "rule": fact.rule or None,
                "standing": fact.standing or None,
                "weight": fact.weight or None,
                "rules_version": document.rules_version,
            }


def recommendation_rows(taken: ExportedReview) -> Iterator[Row]:
    """The rows of a review in `recommendations`."""
    for document in taken.review.documents:
        for position, one in enumerate(document.recommendations, 1):
            yield {
                "document_id": document.document_id,
                "review_id": taken.review.review_id,
                "position": position,
                "number": one.number,
                "text": one.text,
                "addressee": one.addressee,
                "page": one.page,
                "rules_version": document.rules_version,
            }


ROWS: Mapping[str, Callable[[ExportedReview], Iterator[Row]]] = {
    "reviews": review_rows,
    "documents": document_rows,
    "facts": fact_rows,
    "recommendations": recommendation_rows,
}
"""Table -> the rows that a review has in it."""


def code_rows(vocabulary: Vocabulary, rules_version: str) -> Iterator[Row]:
    """All rows of `codes`: the lists that columns name, then the words that rules write into fields of free text."""
    themes = {one.id: one for one in vocabulary.themes}
    lists: dict[str, Mapping[str, str]] = {
        name: vocabulary.labels(name)
        for name in ("theme", "harm", "agency", *(one for one in CODES if one != "mark"))
    }
    for name, labels in {**TEXT_LABELS, **lists}.items():
        for code, label in labels.items():
            theme = themes.get(code) if name in ("theme", "harm", "agency") else None
            yield {
                "code_list": name,
                "code": code,
                "label": label,
                "theme_group": theme.group if theme else None,
                "definition": (theme.definition or None) if theme else None,
                "rules_version": rules_version,
            }


def days_of(told: str) -> tuple[date | None, date | None]:
    """The first and last day that a date as told may mean: of "2021-02" 1 and 28 February; (None, None) of what is no date."""
    match = _DATE.fullmatch(told)
    if match is None:
        return None, None
    year, month, day = (int(one) if one else 0 for one in match.groups())
    try:
        first = date(year, month or 1, day or 1)
        until = month or 12
        return first, date(year, until, day or calendar.monthrange(year, until)[1])
    except ValueError:
        return None, None


def _cells(table: str, name: str, value: FieldValue | None) -> Row:
    """The cells of a field: one, or with a date the days that it may mean."""
    kind = TYPES_OF[table][name]
    if kind == "list":
        if isinstance(value, tuple):
            return {name: value}
        return {name: tuple(filter(None, str(value or "").split("|")))}
    if kind == "integer":
        return {name: int(value) if str(value or "").isdigit() else None}  # type: ignore[arg-type]
    cell = None if value is None else str(value)
    if name + FIRST not in TYPES_OF[table]:
        return {name: cell}
    first, last = days_of(cell or "")
    return {name: cell, name + FIRST: first, name + LAST: last}
