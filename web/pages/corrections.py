"""Corrections: say what a field of a review or document really is, see what was said, and take it back; only where the operator allows changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from casereviews.collection.collection import Collection
from casereviews.collection.errors import RequestError
from casereviews.collection.output.addresses import address
from casereviews.collection.output.hostile import flat, for_line
from casereviews.repository.errors import CorrectionError
from casereviews.repository.fields import DESCRIBED, Field
from casereviews.web.changes import a_word, changed_once, changing
from casereviews.web.dates import date_in_words
from casereviews.web.marking import said_of
from casereviews.web.reading import Fields, reading
from casereviews.web.rendering import shown

if TYPE_CHECKING:
    from casereviews import Correction, Review, Vocabulary

CHANGES = True
JOINING = {
    "same_as": "Is the same case as another review (joins both)",
    "not_same_as": "Is another document than this one (parts two)",
}
"""What joins and parts, which takes another id instead of a value."""
CORRECTED = {name: field for name, field in DESCRIBED.items() if not field.fixed}
HOW = {
    "+": "It has this too",
    "-": "It has not this",
    "": "It has exactly this, and nothing else",
}
ADDED = "+"
"""What is offered first of a field of several values: it leaves the others as they are."""
FORMS = {
    "date": "A year, month or day, such as 2021, 2021-03 or 2021-03-08.",
    "number": "A whole number of months.",
}
SEVERAL = "Several are parted by a bar: neglect | police."


@dataclass(frozen=True, slots=True)
class FieldNow:
    """A field that may be corrected, and what it is now, in words ("" where that is unknown, or stands on no page of the review)."""

    name: str
    label: str
    now: str


def corrections(request: Request, collection: Collection) -> Response:
    """All that was corrected: `casereviews correct --list`."""
    return shown(
        request,
        "corrections.html",
        said=_latest_first(collection.corrections()),
        word=a_word(),
        field_label=field_label,
        value_label=value_label,
        vocabulary=collection.vocabulary,
        date_in_words=date_in_words,
    )


def _latest_first(said: tuple[Correction, ...]) -> list[Correction]:
    return list(reversed(said))


def field_label(name: str) -> str:
    """What the field of a correction is called, with what is done: "Themes: has also"."""
    plain = name.rstrip("+-")
    label = JOINING.get(plain) or (DESCRIBED[plain].label if plain in DESCRIBED else plain)
    change = {"+": ": has also", "-": ": has not"}.get(name[-1:], "")
    return for_line(label + change)


def value_label(one: Correction, vocabulary: Vocabulary) -> str:
    """The value of a correction in words."""
    field = DESCRIBED.get(one.field.rstrip("+-"))
    if field is None or not one.value:
        return for_line(one.value) or "unknown"
    parts = one.value.split("|") if field.several or field.form == "list" else [one.value]
    return ", ".join(for_line(flat(vocabulary.worded(field, part))) for part in parts)


def fields(request: Request, collection: Collection) -> Response:
    """The fields of a review, or of one of its documents, each to be corrected, and what was corrected of it."""
    identifier = request.path_params["id"]
    review = collection.review(identifier)
    vocabulary = collection.vocabulary
    return shown(
        request,
        "correct.html",
        review=review,
        identifier=identifier,
        document=next((one for one in review.documents if one.document_id == identifier), None),
        fields=[
            FieldNow(name, field.label, now_of(review, field, vocabulary))
            for name, field in CORRECTED.items()
        ],
        said=_latest_first(collection.corrections(identifier)),
        word=a_word(),
        JOINING=JOINING,
        field_label=field_label,
        value_label=value_label,
        vocabulary=vocabulary,
        date_in_words=date_in_words,
    )


def now_of(review: Review, field: Field, vocabulary: Vocabulary) -> str:
    """What a field of a review is published as, in words."""
    if not field.published:
        return ""
    value = review.field(field.published)
    if value in (None, "", ()):
        return ""
    values = value if isinstance(value, tuple) else (value,)
    return ", ".join(for_line(flat(vocabulary.worded(field, one))) for one in values)


def one_field(request: Request, collection: Collection) -> Response:
    """The form for one field."""
    return _form(request, collection, {})


def _form(request: Request, collection: Collection, said: Fields, *, wrong: str = "") -> Response:
    identifier, name = request.path_params["id"], request.path_params["field"]
    field = CORRECTED.get(name)
    if field is None and name not in JOINING:
        raise HTTPException(404)
    review = collection.review(identifier)
    vocabulary = collection.vocabulary
    several = field is not None and (field.several or field.form == "list")
    return shown(
        request,
        "correct_field.html",
        400 if wrong else 200,
        review=review,
        identifier=identifier,
        name=name,
        label=field.label if field else JOINING[name],
        now=now_of(review, field, vocabulary) if field else "",
        several=several,
        HOW=HOW,
        how=said_of(said, "how") if said else ADDED,
        value=said_of(said, "value"),
        note=said_of(said, "note"),
        hint=_hint(name, field, several),
        possible=sorted(set(vocabulary.labels_of(field).values())) if field else [],
        wrong=wrong,
        word=a_word(),
        joining=name in JOINING,
    )


def _hint(name: str, field: Field | None, several: bool) -> str:
    if field is None:
        return "The id of the other, as it stands under its heading."
    said = FORMS.get(field.form, "") or (SEVERAL if several else "")
    return f"{said} Leave it empty to say that it is unknown.".strip()


def correct(request: Request, collection: Collection, said: Fields) -> Response:
    """Correct it: `casereviews correct ID FIELD=VALUE --note WHY`. What is wrong is told at the field, with what is possible."""
    identifier, name = request.path_params["id"], request.path_params["field"]
    value, note, how = (said_of(said, one) for one in ("value", "note", "how"))
    if how not in HOW or (name not in CORRECTED and name not in JOINING):
        raise RequestError("choose a field of the list")
    if not note:
        return _form(request, collection, said, wrong="Say why: it is kept with the correction")
    try:
        changed_once(
            request,
            said,
            lambda: collection.correct(identifier, name + how, value, note=note),
        )
    except CorrectionError as error:
        return _form(request, collection, said, wrong=str(error))
    return RedirectResponse(address("/correct", identifier) + "#said", 303)


def undo(request: Request, collection: Collection, said: Fields) -> Response:
    """Take the correction back that a form names: `casereviews correct --undo`."""
    identifier, name, value = (said_of(said, one) for one in ("id", "field", "value"))
    changed_once(request, said, lambda: collection.undo_correction(identifier, f"{name}={value}"))
    about = said_of(said, "about")
    return RedirectResponse(address("/correct", about) if about else "/corrections", 303)


ROUTES = (
    Route("/corrections", reading(corrections)),
    Route("/corrections/undo", changing(undo), methods=["POST"]),
    Route("/correct/{id}", reading(fields)),
    Route("/correct/{id}/{field}", reading(one_field), methods=["GET"]),
    Route("/correct/{id}/{field}", changing(correct), methods=["POST"]),
)
