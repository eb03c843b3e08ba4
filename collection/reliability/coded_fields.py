"""The fields that a person can code from a report and the rules say too: those whose values are a closed list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from casereviews.collection.errors import RequestError
from casereviews.repository.describing.resolve import resolve_review
from casereviews.repository.fields import DESCRIBED, Field
from casereviews.repository.model import Fact
from casereviews.repository.published_documents import Review
from casereviews.repository.vocabulary import Vocabulary
from casereviews.repository.vocabulary.codes import close_to, plain_name

NOT_TOLD = "not_told"
"""What a coder writes where a report does not say it: an empty cell is one that nobody coded."""
USUAL = (
    "type",
    "age",
    "sex",
    "outcome",
    "harm",
    "plan",
    "source_of_harm",
    "living_where",
    "school_status",
    "known_to_services",
    "parallel_process",
    "methodology",
    "theme",
)
"""What a sheet asks for unless other fields are named: what a report tells of its case. Agencies (named, not involved), place and label are left to `--fields`."""
_UNTOLD = frozenset(
    {("sex", "not_stated"), ("known_to_services", "unknown"), ("statutory", "unknown")}
)
"""Codes by which the rules say that nothing is told."""
_CHECKS = frozenset({"circumstance"})
"""Fields that are there to check others (`describing/agreement.py`), which nobody looks up."""


@dataclass(frozen=True, slots=True)
class CodedField:
    """A field as it is coded: `key` is its name in queries and sheets, `rows` the rows of the table of fields that are published as one
    (a plan of now and of earlier), `codes` what its values are called, `meanings` what they say where the vocabulary defines them. With
    `several` a review may have more than one value."""

    key: str
    rows: tuple[Field, ...]
    codes: Mapping[str, str]
    meanings: Mapping[str, str]

    @property
    def several(self) -> bool:
        return any(row.several or row.form == "list" for row in self.rows)

    @property
    def label(self) -> str:
        return self.rows[0].label

    @property
    def says(self) -> str:
        """What it tells, in the words of the table of fields."""
        return "; or ".join(row.says for row in self.rows)

    @property
    def cannot(self) -> str:
        """What it cannot tell."""
        return "; ".join(filter(None, (row.cannot for row in self.rows)))

    def code_of(self, said: str) -> str | None:
        """The code that a code or its label means, in any case; NOT_TOLD for what says nothing; None for what is neither."""
        name = plain_name(said)
        if name == NOT_TOLD or any((row.name, name) in _UNTOLD for row in self.rows):
            return NOT_TOLD
        named = {plain_name(label): code for code, label in self.codes.items()}
        named |= {plain_name(code): code for code in self.codes}
        return named.get(name)

    def near(self, said: str) -> str | None:
        """The code most like what was written; None when nothing is near."""
        found = close_to(said, [*self.codes, *self.codes.values(), NOT_TOLD])
        return self.code_of(found[0]) if found else None


def coded_fields(vocabulary: Vocabulary, names: Sequence[str] = ()) -> tuple[CodedField, ...]:
    """The fields of these names (of queries, exports or corrections), the USUAL ones without; each once.

    Raises RequestError for what is no field, or has no closed list of values.
    """
    known = _known(vocabulary)
    spelled = {
        name: field
        for field in known.values()
        for row in field.rows
        for name in (row.name, row.published, row.query, *row.aliases)
        if name
    }
    found: dict[str, CodedField] = {}
    for name in names or USUAL:
        field = spelled.get(plain_name(name))
        if field is None:
            near = close_to(name, list(spelled))
            hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(known)}"
            raise RequestError(f"'{name}' is no field with a list of codes to code by: {hint}")
        found[field.key] = field
    return tuple(found.values())


def said_by_rules(review: Review, fields: Iterable[CodedField]) -> dict[str, frozenset[str]]:
    """The codes that the rules give a review by field, none where they tell nothing. What people corrected is left out: it is not the rules'."""
    resolved = resolve_review(
        [[fact for fact in one.facts if fact.origin != "manual"] for one in review.documents]
    )
    said: dict[str, frozenset[str]] = {}
    for field in fields:
        values = (
            value
            for row in field.rows
            if row.name in resolved
            for value in resolved[row.name].values
            if (row.name, value) not in _UNTOLD
        )
        said[field.key] = frozenset(values)
    return said


def facts_of(review: Review, field: CodedField, code: str) -> tuple[tuple[str, Fact], ...]:
    """The rules' facts that say a code of a review, each with its document's id, the surest first."""
    names = {row.name for row in field.rows}
    found = [
        (document.document_id, fact)
        for document in review.documents
        for fact in document.facts
        if fact.field in names and fact.origin != "manual" and code in fact.value.split("|")
    ]
    return tuple(sorted(found, key=lambda pair: -pair[1].confidence))


def _known(vocabulary: Vocabulary) -> dict[str, CodedField]:
    """All fields that can be coded, by key, in the order of the table of fields."""
    together: dict[str, list[Field]] = {}
    for row in DESCRIBED.values():
        codable = row.level == "review" and not row.fixed and row.name not in _CHECKS
        if codable and vocabulary.labels_of(row):
            together.setdefault(row.published or row.name, []).append(row)
    meanings = {theme.id: theme.definition for theme in vocabulary.themes}
    found = {}
    for rows in together.values():
        untold = {code for name, code in _UNTOLD if name == rows[0].name}
        labels = vocabulary.labels_of(rows[0])
        codes = {code: label for code, label in labels.items() if code not in untold}
        key = rows[0].query or rows[0].name
        found[key] = CodedField(
            key, tuple(rows), codes, {one: meanings.get(one, "") for one in codes}
        )
    return found
