"""Where every field of a review came from: the winner and the losers, what they were read from, all evidence of them, and what was seen and not counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from casereviews.collection.errors import RequestError
from casereviews.repository.describing.evidence import (
    CARRIES,
    MENTIONED,
    NOT_COUNTED,
    SUPPORTS,
    Evidence,
    by_value,
)
from casereviews.repository.describing.resolve import TAKEN_OUT, Resolved, clashing, resolve
from casereviews.repository.describing.second_opinion import POOR_MATCH
from casereviews.repository.describing.standing import CASE, STANDINGS
from casereviews.repository.evidence_places import PLACE
from casereviews.repository.fields import DESCRIBED
from casereviews.repository.model import Fact
from casereviews.repository.published_documents import Review
from casereviews.repository.theme_weights import FIELD, FIELDS_OF_THEMES
from casereviews.repository.vocabulary import Vocabulary
from casereviews.repository.vocabulary.codes import close_to, plain_name

WHOSE = {
    "harm_type": "the child",
    "child_factor": "the child",
    "parent_factor": "the family",
    "family_environment": "the family",
    "practice_issue": "practice",
}
"""Whose matter a theme of a group is."""
OUTWEIGHED, TOO_LITTLE = "outweighed", "too_little"
STATES = {
    NOT_COUNTED: "seen, not counted",
    TOO_LITTLE: "too little: nothing carries it",
    OUTWEIGHED: "told, but outweighed",
}
"""Why what was seen is no fact, with the words for it: states of a reason beside wins, loses and conflicts."""
_TOLD_ONCE = frozenset({"agency", "age_months_min", "age_months_max"})
"""Fields of which no mention is told beside the facts: every agency is one, and ages are told as bands."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One candidate value of a field of a document, or what was seen and is no fact.

    `state` is wins, loses or conflicts; of a mention one of STATES, and its `fact` holds the most telling piece. `pieces` is all
    evidence of the value, the most telling first. `against` are the facts that it cannot be true together with.
    """

    document_id: str
    fact: Fact
    state: str
    pieces: tuple[Evidence, ...] = ()
    against: tuple[Fact, ...] = ()

    @property
    def is_mention(self) -> bool:
        """True for what was seen and is no fact."""
        return self.state in STATES

    @property
    def told(self) -> str:
        """In words whose matter the evidence is ("told of this case"), and that it is a poor match by a second opinion; empty where no sentence was judged."""
        standing = STANDINGS.get(self.fact.standing, "")
        return f"{standing}; {POOR_MATCH}" if POOR_MATCH in self.fact.rule else standing

    def to_json(self, most: int | None = None) -> dict[str, Any]:
        """The row as the contract of `show --why --json` has it; with `most` so many of its pieces, and how many `more` there are.

        A mention's field is `mentioned_theme` for a theme, else `mentioned` and the field's name. `start`, `end` and `end_page` are those
        of a `PlacedFact`, None of a mention.
        """
        said = asdict(self.fact)
        pieces = self.pieces[:most]
        return {
            "document_id": self.document_id,
            "field": _mention_of(said["field"]) if self.is_mention else said["field"],
            "value": said["value"],
            "state": self.state,
            "raw": said["raw"],
            "origin": said["origin"],
            "page": said["page"],
            **{name: said.get(name) for name in PLACE},
            "confidence": round(self.fact.confidence, 2),
            "rule": said["rule"],
            "evidence": said["evidence"],
            "standing": said["standing"],
            "weight": said["weight"],
            "pieces": [
                {
                    "page": one.page,
                    "place": one.place,
                    "raw": one.raw,
                    "sentence": one.sentence,
                    "standing": one.standing,
                    "counts": one.counts,
                }
                for one in pieces
            ],
            "more": len(self.pieces) - len(pieces),
            "against": [{"field": one.field, "value": one.value} for one in self.against],
        }


def _mention_of(field: str) -> str:
    return MENTIONED if field == FIELD else f"mentioned_{field}"


def standing_in_words(piece: Evidence, group: str | None = None) -> str:
    """How a piece stands, as people read it: whose matter it is (`group` is that of its theme), and whether it counts."""
    words = STANDINGS.get(piece.standing, "")
    if piece.standing == CASE and group in WHOSE:
        words = f"{words}: {WHOSE[group]}"
    if piece.counts == NOT_COUNTED:
        return f"not counted: {words}"
    if group == "agency":
        return "named"
    if piece.counts == SUPPORTS:
        return f"supports only: {words}" + (" in weak words" if piece.standing == CASE else "")
    return words


def reasons_of(
    review: Review, evidence: Mapping[str, Iterable[Evidence]] | None = None
) -> Iterator[Reason]:
    """Every candidate value by document and field, the most confident first; then what was seen of each document and is no fact.

    `evidence` has what was seen of the documents by id (`processing.seen_evidence`).
    """
    for document in review.documents:
        resolved = resolve(document.facts)
        pairs = clashing(document.facts)
        seen = dict(by_value((evidence or {}).get(document.document_id, ())))
        ordered = sorted(document.facts, key=lambda one: (one.field, -one.confidence, one.value))
        known = set()
        for fact in ordered:
            key = (FIELD if fact.field in FIELDS_OF_THEMES else fact.field, fact.value)
            known.add(key)
            yield Reason(
                document.document_id,
                fact,
                _state(fact, resolved),
                _with_own(fact, seen.get(key, ())),
                tuple(b if fact == a else a for a, b in pairs if fact in (a, b)),
            )
        for (field, value), pieces in seen.items():
            if (field, value) not in known and field not in _TOLD_ONCE:
                yield _mention(document.document_id, field, value, pieces)


def conflicts_of(review: Review) -> tuple[tuple[Fact, Fact], ...]:
    """The pairs of facts of one document that cannot be true together, each once: a status of now and of ever by one sentence is one."""
    told: dict[tuple[str, str, str, str], tuple[Fact, Fact]] = {}
    for document in review.documents:
        for one, other in clashing(document.facts):
            told.setdefault((one.field, one.value, other.value, other.evidence), (one, other))
    return tuple(told.values())


def reasons_named(
    reasons: Iterable[Reason], said: str, vocabulary: Vocabulary
) -> tuple[str, tuple[Reason, ...]]:
    """What a theme, an agency or a field is called, and the reasons of it. `said` is its id or its label in any case; RequestError for another."""
    names = {plain_name(theme.id): theme.id for theme in vocabulary.themes}
    names |= {plain_name(theme.label): theme.id for theme in vocabulary.themes}
    fields = {plain_name(one.name): one.name for one in DESCRIBED.values()}
    fields |= {plain_name(one.label): one.name for one in DESCRIBED.values()}
    key = plain_name(said)
    if key not in names and key not in fields:
        near = close_to(key, [*names, *fields], 1)
        hint = f"did you mean {near[0]}?" if near else "`casereviews themes list` has all themes"
        raise RequestError(f"there is no theme or field {said}: {hint}")
    if field := fields.get(key):
        return DESCRIBED[field].label, tuple(one for one in reasons if one.fact.field == field)
    theme = names[key]
    return vocabulary.labels_of(DESCRIBED[FIELD]).get(theme, theme), tuple(
        one for one in reasons if one.fact.value == theme
    )


def _state(fact: Fact, resolved: Mapping[str, Resolved]) -> str:
    winner = resolved.get(fact.field)
    if any(fact in one.conflicting for name, one in resolved.items() if name != fact.field):
        return "conflicts"
    if winner is not None and (
        fact.value in (winner.value, *winner.values)
        or (fact.origin == "manual" and fact == winner.fact)
        or fact.rule == TAKEN_OUT
    ):
        return "wins"
    return "conflicts" if winner is not None and fact in winner.conflicting else "loses"


def _with_own(fact: Fact, pieces: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """The pieces of a fact, its own evidence first."""
    if not fact.evidence or not fact.standing:
        return pieces
    own = [one for one in pieces if (one.page, one.sentence) == (fact.page, fact.evidence)]
    others = tuple(one for one in pieces if one not in own)
    if own:
        return (*own, *others)
    said = (fact.field, fact.value, fact.raw, fact.evidence, fact.page)
    return (Evidence(*said, "", fact.standing, CARRIES), *others)


def _mention(document_id: str, field: str, value: str, pieces: tuple[Evidence, ...]) -> Reason:
    best = pieces[0]
    state = {CARRIES: OUTWEIGHED, SUPPORTS: TOO_LITTLE}.get(best.counts, NOT_COUNTED)
    fact = Fact(
        field,
        value,
        best.raw,
        "text" if best.page is not None else "listing",
        0.0,
        best.page,
        best.sentence,
        f"seen in {best.place}",
        best.standing,
    )
    return Reason(document_id, fact, state, pieces)
