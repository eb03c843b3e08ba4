"""Review: what is known of it and where it says so, its documents, its recommendations, what happened when, and reviews like it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casereviews.collection.collection import Collection
from casereviews.collection.output.addresses import sentence_address
from casereviews.collection.output.hostile import for_line
from casereviews.collection.output.worded_facts import GONE, fact_in_words, same_facts
from casereviews.repository.fields import DESCRIBED
from casereviews.repository.theme_weights import CENTRAL_FIELD
from casereviews.web.dates import date_in_words
from casereviews.web.evidence import (
    Told,
    name_of,
    sentence_marked,
    state_of,
    told_fact,
    told_fields,
    value_of,
)
from casereviews.web.marking import Marking, undecided
from casereviews.web.reading import reading
from casereviews.web.rendering import shown

if TYPE_CHECKING:
    from casereviews import Reason, Review, Vocabulary

MOST_PIECES = 5
"""So many pieces of evidence of a value are told, as by `casereviews show --why`."""
ALIKE = 10
NO_DAY_OF_THE_CASE = ("seen",)
"""Dates that say when we looked: what was seen is told night by night."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A row of the timeline: an ISO date as exact as it is known, the same in words, what was then, and where it says so."""

    iso: str
    when: str
    what: str
    told: Told


def page(request: Request, collection: Collection) -> Response:
    """A review by its id, an older one, or that of one of its documents: what `casereviews show` shows."""
    review = collection.review(request.path_params["review"])
    vocabulary = collection.vocabulary
    marking: Marking = request.app.state.marking
    return shown(
        request,
        "review.html",
        review=review,
        query=request.query_params.get("q", ""),
        gone=GONE.get(str(review.field("availability")), ""),
        fields=told_fields(review, vocabulary),
        conflicts=[
            " and ".join(fact_in_words(fact, vocabulary) for fact in pair)
            for pair in collection.conflicts(review)
        ],
        timeline=timeline(review, collection),
        recommended=sum(len(document.recommendations) for document in review.documents),
        markable=marking.markable(request, collection, review.review_id),
        how=marking.marked_as(request),
        sentence_address=sentence_address,
        GONE=GONE,
        date_in_words=date_in_words,
        vocabulary=vocabulary,
    )


def timeline(review: Review, collection: Collection) -> list[Moment]:
    """The dates that a review states, each once, and what happened to its documents at their publishers, oldest first."""
    moments: dict[tuple[str, str], Moment] = {}
    for moment in _stated(review):
        known = moments.get((moment.iso, moment.what))
        if known is None or (moment.told.href and not known.told.href):
            moments[moment.iso, moment.what] = moment
    titles = {one.document_id: one.title for one in review.documents}
    happened = [
        Moment(
            one.at,
            date_in_words(one.at),
            f"Collected: {one.what}",
            Told("", for_line(titles.get(one.document_id) or one.title)),
        )
        for one in collection.history(review)
    ]
    return sorted([*moments.values(), *happened], key=lambda one: one.iso)


def _stated(review: Review) -> Iterator[Moment]:
    from casereviews.collection.asking.reasons import reasons_of

    for reason in reasons_of(review):
        fact, field = reason.fact, DESCRIBED.get(reason.fact.field)
        if reason.state != "wins" or not fact.value or field is None or field.form != "date":
            continue
        if field.name not in NO_DAY_OF_THE_CASE:
            told = told_fact(reason.document_id, fact, "")
            yield Moment(fact.value, date_in_words(fact.value), field.label, told)


@dataclass(frozen=True, slots=True)
class Row:
    """One candidate value of a document: its field, its value and how it fares in words, its pieces of evidence and how many more there are."""

    field: str
    value: str
    state: str
    pieces: tuple[Told, ...]
    more: int


def why(request: Request, collection: Collection) -> Response:
    """Where every field came from, the losers too, and what was seen and not counted: `casereviews show --why`."""
    identifier = request.path_params["review"]
    review = collection.review(identifier)
    reasons = [
        one for one in collection.reasons(identifier) if one.fact.field != CENTRAL_FIELD
    ]  # a central theme is told with its weight
    vocabulary = collection.vocabulary
    documents = [
        (
            document,
            _rows([one for one in own if not one.is_mention], vocabulary),
            _rows([one for one in own if one.is_mention], vocabulary),
        )
        for document in review.documents
        for own in ([one for one in reasons if one.document_id == document.document_id],)
    ]
    return shown(request, "why.html", review=review, documents=documents)


def _rows(reasons: list[Reason], vocabulary: Vocabulary) -> list[Row]:
    order = {name: at for at, name in enumerate(DESCRIBED)}
    reasons = sorted(reasons, key=lambda one: order.get(one.fact.field, len(order)))
    return [
        Row(
            name_of(one),
            value_of(one, vocabulary),
            " · ".join(
                part
                for part in (
                    state_of(one),
                    one.fact.weight,
                    one.told,
                    *(f"not with {fact_in_words(other, vocabulary)}" for other in one.against),
                )
                if part
            ),
            tuple(_pieces(one)),
            max(len(one.pieces) - MOST_PIECES, 0),
        )
        for one in reasons
    ]


def _pieces(reason: Reason) -> Iterator[Told]:
    if not reason.pieces:
        yield told_fact(reason.document_id, reason.fact, "")
    for piece in reason.pieces[:MOST_PIECES]:
        sentence = sentence_marked(piece.sentence, piece.raw)
        if piece.page:
            href = sentence_address(reason.document_id, piece.page, piece.sentence)
            yield Told("", f"page {piece.page}", sentence, href)
        else:
            yield Told("", for_line(piece.place.replace("_", " ")), sentence)


def alike(request: Request, collection: Collection) -> Response:
    """Reviews like this one: `casereviews similar ID`."""
    review = collection.review(request.path_params["review"])
    found = collection.similar(review_id=review.review_id, limit=ALIKE)
    marking: Marking = request.app.state.marking
    markables = marking.markables(
        request, collection, [hit.review_id for hit in found.results.hits]
    )
    return shown(
        request,
        "alike.html",
        review=review,
        found=found,
        markables=markables,
        how=marking.marked_as(request),
        next=undecided(markables),
        same_facts=same_facts,
        vocabulary=collection.vocabulary,
    )


ROUTES = (
    Route("/review/{review}", reading(page)),
    Route("/review/{review}/why", reading(why)),
    Route("/review/{review}/similar", reading(alike)),
)
