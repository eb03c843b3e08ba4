"""Corrections by the ids that people type: made, looked for, taken back."""

from __future__ import annotations

from collections.abc import Sequence

from casereviews.collection.changing.write_cycle import OpenStores
from casereviews.collection.clock import today
from casereviews.repository.describing.corrections import (
    JOINING,
    Correction,
    add_correction,
    load_corrections,
    parted_field,
    refuse_contradiction,
    take_back,
)
from casereviews.repository.errors import CorrectionError, UnknownId
from casereviews.repository.fields import DESCRIBED
from casereviews.repository.home import Home
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
from casereviews.repository.vocabulary import Vocabulary
from casereviews.repository.vocabulary.codes import plain_name


def correct(
    home: Home,
    stores: OpenStores,
    identifier: str,
    field: str,
    value: str,
    note: str,
    vocabulary: Vocabulary,
) -> Correction:
    """Check a correction against the record and those before it, and add it. Raises CorrectionError, UnknownId."""
    record = stores.record
    known = record.resolve_id(identifier)
    if field in JOINING:
        # What is joined keeps the id it was called by: it leads to its own review again when the join is taken back.
        known = record.known_id(identifier)
        value = record.known_id(value) if value.strip() else ""
        _check_joining(home, stores, Correction(known, field, value), vocabulary)
    return add_correction(
        home.corrections_toml,
        known,
        field,
        value,
        note=note,
        made=today(),
        vocabulary=vocabulary,
        standing=_published(stores.derived, known),
    )


def _check_joining(home: Home, stores: OpenStores, one: Correction, vocabulary: Vocabulary) -> None:
    if not one.value:
        return  # told by what checks values
    record, derived = stores.record, stores.derived
    now = {**record.merged_documents(), **record.first_documents()}
    first, second = (now.get(key, key) for key in (one.id, one.value))
    if first == second:
        review = derived.review_of(first)
        others = sorted(set(derived.membership(review) if review else ()) - {first})
        hint = f"; the others of its review are {', '.join(others)}" if others else ""
        raise CorrectionError(
            f"{one.id} and {one.value} are one document, {first}: name another review or document{hint}"
        )
    said = load_corrections(home.corrections_toml, vocabulary).all
    refuse_contradiction((*said, one), now)


def _published(derived: Derived, known: str) -> dict[str, str]:
    """The published fields of a review, or of the review of a document, in words."""
    review = derived.review_of(known) or known
    row = next(iter(derived.published_fields(review_id=review)), None)
    return {name: str(value) for name, value in row.fields.items()} if row else {}


def corrections_about(
    said: Sequence[Correction], identifier: str, record: Record, derived: Derived
) -> tuple[Correction, ...]:
    """Those of a review, its older ids and its documents, or of a document; joins are of both their sides. Raises UnknownId."""
    wanted = record.resolve_id(identifier)

    def leads_there(name: str) -> bool:
        try:
            found = record.resolve_id(name)
        except UnknownId:
            return False
        return wanted in (found, derived.review_of(found))

    return tuple(
        one
        for one in said
        if leads_there(one.id) or (one.field in JOINING and leads_there(one.value))
    )


def undo(
    home: Home, stores: OpenStores, identifier: str, field: str, vocabulary: Vocabulary
) -> Correction:
    """Take back the latest correction that is meant; what was said before it stands again. Raises CorrectionError, UnknownId."""
    said = load_corrections(home.corrections_toml, vocabulary).all
    about = corrections_about(said, identifier, stores.record, stores.derived)
    meant = [one for one in about if _is_meant(one, field, vocabulary)]
    can_be = ", ".join(dict.fromkeys(f"{one.field}={one.value}" for one in about))
    if not meant:
        what = f"nothing of {identifier} is corrected"
        if about:
            what = f"{field} of {identifier} is not corrected: it can be {can_be}"
        raise CorrectionError(f"{what}; `casereviews correct --list` shows all corrections")
    if not field and len(meant) > 1:
        raise CorrectionError(f"say which correction of {identifier} is taken back: {can_be}")
    take_back(home.corrections_toml, meant[-1], vocabulary)
    return meant[-1]


def _is_meant(one: Correction, typed: str, vocabulary: Vocabulary) -> bool:
    """True when a correction is what was typed: nothing, a field, a field's change, or one with its value (or that value's label)."""
    field, equals, value = typed.partition("=")
    name, change = parted_field(field)
    if not name:
        return True
    if name != parted_field(one.field)[0] or (change and not one.field.endswith(change)):
        return False
    if not equals:
        return True
    if one.field in JOINING:
        return value.strip() in (one.id, one.value)
    if not change and one.field != name:
        return False
    labels = vocabulary.labels_of(DESCRIBED[name])
    forms = {plain_name(one.value), plain_name(labels.get(one.value, one.value))}
    return plain_name(value) in forms
