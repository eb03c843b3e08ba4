"""`show --why` as people read it: each value with all that it rests on, and what was seen and not counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from casereviews.collection.output import Answer
from casereviews.collection.output.hostile import flat, for_line
from casereviews.collection.output.worded_facts import fact_in_words
from casereviews.repository.fields import DESCRIBED
from casereviews.repository.theme_weights import CENTRAL_FIELD

if TYPE_CHECKING:
    from casereviews import Reason, Review, Vocabulary
    from casereviews.repository.describing.evidence import Evidence

MOST = 5
"""So many pieces of evidence of a value are told; `--why-of` tells them all."""
MOST_OF_A_MENTION = 2
_ONE = frozenset({"agency", "age_months_min", "age_months_max", "n_subjects"})
"""Fields of which one piece is enough: an agency is only named, and the age's own row has the others."""
EVERY_PIECE = 1_000
_ORDER = {name: at for at, name in enumerate(DESCRIBED)}


def why_answer(
    review: Review, reasons: Iterable[Reason], vocabulary: Vocabulary, said: str | None = None
) -> Answer:
    """Every field's winner and losers with their evidence, then what is no fact; of one theme or field alone where it is `said`.

    A field bears the name that `correct` takes. Raises RequestError when there is no theme or field of that name.
    """
    from casereviews.collection.asking.reasons import reasons_named

    reasons, most, empty = tuple(reasons), MOST, "nothing was read of it yet"
    if said:
        name, reasons = reasons_named(reasons, said, vocabulary)
        most, empty = EVERY_PIECE, f"no words for it were seen in {review.review_id}: {name}"
    payload = [reason.to_json(most) for reason in reasons]
    if not reasons:
        return Answer(payload=payload, empty=empty)
    return Answer(
        payload=payload, table=lambda: drawn(review, reasons, vocabulary, most if said else None)
    )


def drawn(
    review: Review, reasons: Iterable[Reason], vocabulary: Vocabulary, most: int | None = None
) -> Any:
    """The reasons of each document under its title; at `most` so many pieces of each, or a few."""
    from rich.console import Group
    from rich.text import Text

    parts: list[Any] = []
    document, mentioning = "", False
    for reason in _in_order(reasons):
        if reason.document_id != document:
            parts += [Text("")] if document else []
            document, mentioning = reason.document_id, False
            title = review.document(document).title or "Untitled"
            parts += [Text(for_line(title), "bold"), Text(document, "cyan")]
        if reason.fact.field == CENTRAL_FIELD:
            continue  # its theme is told with its weight
        if reason.is_mention and not mentioning:
            mentioning = True
            parts += [Text(""), Text("Seen, and no fact of this document", "bold")]
        parts.append(_headline(reason, vocabulary))
        few = 1 if reason.fact.field in _ONE else MOST
        parts += _pieces(
            reason, vocabulary, most or (MOST_OF_A_MENTION if reason.is_mention else few)
        )
    return Group(*parts)


def _in_order(reasons: Iterable[Reason]) -> list[Reason]:
    """The reasons by document, facts before mentions, fields as in the table of fields."""
    reasons = list(reasons)
    documents = list(dict.fromkeys(reason.document_id for reason in reasons))
    return sorted(
        reasons,
        key=lambda one: (
            documents.index(one.document_id),
            one.is_mention,
            _ORDER.get(one.fact.field, len(_ORDER)),
        ),
    )


def _headline(reason: Reason, vocabulary: Vocabulary) -> Any:
    """Field, value and how it fares, parted by two blanks."""
    from rich.text import Text

    from casereviews.collection.asking.reasons import STATES
    from casereviews.search_cli.output.terminal import hanging

    fact = reason.fact
    field = DESCRIBED.get(fact.field)
    value = flat(vocabulary.worded(field, fact.value)) if field else fact.value
    line = Text(for_line(value or "(none)"))
    told = [STATES.get(reason.state, reason.state)]
    if not reason.is_mention:
        told += [fact.weight, fact.origin, f"confidence {fact.confidence:.2f}"]
        if not reason.pieces:
            told += [f"p. {fact.page}" if fact.page else "", for_line(fact.raw)]
        told += [f"not with {fact_in_words(one, vocabulary)}" for one in reason.against]
    line.append("  " + " · ".join(one for one in told if one), "dim")
    return hanging(Text(f"{for_line(fact.field)}  ", "bold"), line)


def _pieces(reason: Reason, vocabulary: Vocabulary, most: int) -> Iterator[Any]:
    """Each piece: page, part of the document, how it stands and counts; its sentence below."""
    from rich.text import Text

    from casereviews.collection.asking.reasons import standing_in_words
    from casereviews.search_cli.output.terminal import hanging

    group = next((one.group for one in vocabulary.themes if one.id == reason.fact.value), None)
    for piece in reason.pieces[:most]:
        where = [f"p. {piece.page}" if piece.page else "", piece.place.replace("_", " ")]
        told = [*where, standing_in_words(piece, group)]
        yield hanging(Text("    "), Text(" · ".join(one for one in told if one), "dim"))
        yield hanging(Text("      "), _sentence(piece))
    if len(reason.pieces) > most:
        yield Text(f"    and {len(reason.pieces) - most:,} more", "dim")


def _sentence(piece: Evidence) -> Any:
    """A sentence with the words that speak of the value in bold."""
    from rich.text import Text

    text = Text(for_line(piece.sentence))
    at = text.plain.casefold().find(for_line(piece.raw).casefold()) if piece.raw else -1
    if at >= 0:
        text.stylize("bold", at, at + len(piece.raw))
    return text
