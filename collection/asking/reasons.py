"""Where every field of a review came from: the winner and the losers, with what they were read from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from casereviews.repository.describing.resolve import TAKEN_OUT, resolve
from casereviews.repository.describing.second_opinion import POOR_MATCH
from casereviews.repository.describing.standing import STANDINGS
from casereviews.repository.model import Fact
from casereviews.repository.published_documents import Review


@dataclass(frozen=True, slots=True)
class Reason:
    """One candidate value of a field of a document; `state` is wins, loses or conflicts."""

    document_id: str
    fact: Fact
    state: str

    @property
    def told(self) -> str:
        """In words whose matter the evidence is ("told of this case"), and that it is a poor match by a second opinion; empty where no sentence was judged."""
        standing = STANDINGS.get(self.fact.standing, "")
        return f"{standing}; {POOR_MATCH}" if POOR_MATCH in self.fact.rule else standing

    def to_json(self) -> dict[str, Any]:
        """The row as the contract of `show --why --json` has it."""
        said = asdict(self.fact)
        return {
            "document_id": self.document_id,
            "field": said["field"],
            "value": said["value"],
            "state": self.state,
            "raw": said["raw"],
            "origin": said["origin"],
            "page": said["page"],
            "confidence": round(self.fact.confidence, 2),
            "rule": said["rule"],
            "evidence": said["evidence"],
            "standing": said["standing"],
            "weight": said["weight"],
        }


def reasons_of(review: Review) -> Iterator[Reason]:
    """Every candidate value by document and field, the most confident first."""
    for document in review.documents:
        resolved = resolve(document.facts)
        ordered = sorted(document.facts, key=lambda one: (one.field, -one.confidence, one.value))
        for fact in ordered:
            winner = resolved.get(fact.field)
            state = "loses"
            if any(fact in one.conflicting for name, one in resolved.items() if name != fact.field):
                state = "conflicts"
            elif winner is not None and (
                fact.value in (winner.value, *winner.values)
                or (fact.origin == "manual" and fact == winner.fact)
                or fact.rule == TAKEN_OUT
            ):
                state = "wins"
            elif winner is not None and fact in winner.conflicting:
                state = "conflicts"
            yield Reason(document.document_id, fact, state)
