"""A sheet that was coded by hand against what the rules say: how far they agree, field by field, and where they do not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Collection as Several
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from casereviews.collection.asking.reasons import OUTWEIGHED, STATES, Reason
from casereviews.collection.output.withholding import (
    ExportedReview,
    exported,
    given_fact,
    labels_withheld,
)
from casereviews.collection.progress import Progress
from casereviews.collection.reliability.coded_fields import (
    NOT_TOLD,
    CodedField,
    facts_of,
    said_by_rules,
)
from casereviews.collection.reliability.measures import Measure, Pair, Share, kappa, share
from casereviews.collection.reliability.sheet import CodedReview, FilledSheet, UnknownCode
from casereviews.repository.json_record import JsonRecord
from casereviews.repository.model import Fact
from casereviews.repository.published_documents import Review
from casereviews.repository.theme_weights import FIELD

if TYPE_CHECKING:
    from casereviews.repository.home import Home

PROGRAM, CODER = "program", "coder"
Codes = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class CodeAgreement(JsonRecord):
    """One code over the reviews that were coded: how many both say it of, one alone, neither."""

    code: str
    label: str
    both: int
    program_only: int
    coder_only: int
    neither: int
    kappa: Measure | None
    precision: Share
    recall: Share


@dataclass(frozen=True, slots=True)
class FieldAgreement(JsonRecord):
    """One field over the `reviews` whose cell was filled and read; `same` counts those of which both say the same and nothing more.

    `precision`: of the codes that the program says, the share that the coder says too; `recall`: of the coder's, the share that the program
    says. They count pairs of review and code; that a field is not told is no code. `kappa` of a field of one value has "not told" as a value
    of its own; of a field of several it is pooled over its codes, each told or not. `codes` are those that either said.
    """

    field: str
    label: str
    several: bool
    reviews: int
    missing: int
    unread: int
    same: int
    kappa: Measure | None
    precision: Share
    recall: Share
    codes: tuple[CodeAgreement, ...]


@dataclass(frozen=True, slots=True)
class Difference(JsonRecord):
    """A code that one says of a review and the other does not (`said_by`: program or coder), and where to look.

    Of the program's its surest evidence; of the coder's the most telling sentence that was seen and did not count (`seen` says why), if
    there was one. `page` counts the file's pages from 1, None for a title or listing; `note` is the coder's.
    """

    review_id: str
    title: str
    field: str
    code: str
    label: str
    said_by: str
    document_id: str | None
    page: int | None
    evidence: str
    seen: str
    note: str


@dataclass(frozen=True, slots=True)
class LeftOut(JsonRecord):
    """A row of the sheet that could not be compared, and why."""

    review_id: str
    row: int
    why: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """A filled sheet compared: `reviews` of which some cell was read, `not_coded` those of which every cell is empty. `missing` are cells
    that nobody filled, `unknown` what is no code: their cells are left out of all counts.

    `corrected` names reviews of which people corrected a coded field: the rules are compared, not the correction. `rules` are the
    digests of the rules that described these documents. `differences` are None where they were not asked for.
    """

    reviews: int
    fields: tuple[FieldAgreement, ...]
    missing: tuple[tuple[str, str], ...]
    unknown: tuple[UnknownCode, ...]
    left_out: tuple[LeftOut, ...]
    corrected: tuple[str, ...]
    rules: tuple[str, ...]
    differences: tuple[Difference, ...] | None = None
    not_coded: tuple[str, ...] = ()

    @property
    def fields_coded(self) -> tuple[FieldAgreement, ...]:
        """The fields that somebody coded of some review."""
        return tuple(one for one in self.fields if one.reviews or one.unread)

    @property
    def gaps(self) -> tuple[tuple[str, str], ...]:
        """The empty cells of reviews and of fields that were coded elsewhere in the sheet, as (review, field)."""
        coded = {one.field for one in self.fields_coded}
        return tuple(
            one for one in self.missing if one[0] not in self.not_coded and one[1] in coded
        )

    def to_json(self) -> dict[str, Any]:
        """The comparison as the contract of `agree --json` has it."""
        return {
            "reviews": self.reviews,
            "rules": list(self.rules),
            "interval": "95%: Wilson for shares, a jackknife over reviews for kappa",
            "fields": [one.to_json() for one in self.fields],
            "not_coded": list(self.not_coded),
            "missing": [{"review_id": review, "field": field} for review, field in self.missing],
            "unknown_codes": [one.to_json() for one in self.unknown],
            "left_out": [one.to_json() for one in self.left_out],
            "corrected": list(self.corrected),
            "differences": [one.to_json() for one in self.differences or ()],
        }


def agreement(
    home: Home,
    sheet: FilledSheet,
    reviews: Callable[[Several[str]], Iterable[Review]],
    reasons: Callable[[str], Iterable[Reason]] | None,
    libraries: Several[str],
    progress: Progress,
) -> Agreement:
    """A sheet compared with the rules. `reviews` gives shown reviews by id, `reasons` what was seen of one (None: no difference is listed);
    `libraries` are sources whose abstracts are their own text."""
    from casereviews.repository.published_documents import shown_review_ids
    from casereviews.repository.record.derived import Derived

    now = shown_review_ids(home, {row.review_id for row in sheet.reviews})
    rows: dict[str, CodedReview] = {}
    left_out = []
    for row in sheet.reviews:
        known = now.get(row.review_id)
        if known is None:
            left_out.append(LeftOut(row.review_id, row.row, "nothing of this id is shown here"))
        elif known in rows:
            why = f"it is {known} now, as row {rows[known].row} is"
            left_out.append(LeftOut(row.review_id, row.row, why))
        else:
            rows[known] = row
    said: dict[str, Codes] = {}
    corrected: list[str] = []
    differing: list[Difference] = []
    with Derived.open(home) as derived:
        described = derived.described()
    rules: set[str] = set()
    for number, review in enumerate(reviews(set(rows)), 1):
        row = rows[review.review_id]
        said[row.review_id] = said_by_rules(review, sheet.fields)
        rules |= {
            described[one.document_id][1]
            for one in review.documents
            if one.document_id in described
        }
        if _is_corrected(review, sheet.fields):
            corrected.append(review.review_id)
        if reasons is not None:
            abstract = review.source in libraries
            hidden = labels_withheld(review)

            def seen(
                review: Review = review, abstract: bool = abstract, hidden: frozenset[str] = hidden
            ) -> Iterator[Reason]:
                for one in reasons(review.review_id):
                    yield replace(one, fact=given_fact(one.fact, abstract, hidden))

            given = exported(review, abstract=abstract, libraries=libraries)
            differing += differences_of(sheet.fields, row, review, given, seen)
            progress.step("compared", number, len(rows))
    kept = tuple(row for row in rows.values() if row.review_id in said)
    written = {one.review_id for one in sheet.unknown}
    not_coded = tuple(
        row.review_id for row in kept if not row.codes and row.review_id not in written
    )
    return Agreement(
        reviews=len(kept) - len(not_coded),
        fields=compared(sheet, kept, said),
        missing=sheet.missing,
        unknown=sheet.unknown,
        left_out=tuple(left_out),
        corrected=tuple(corrected),
        rules=tuple(sorted(rules)),
        differences=None if reasons is None else tuple(differing),
        not_coded=not_coded,
    )


def _is_corrected(review: Review, fields: Iterable[CodedField]) -> bool:
    names = {row.name for field in fields for row in field.rows}
    return any(
        fact.origin == "manual" and fact.field in names
        for one in review.documents
        for fact in one.facts
    )


def compared(
    sheet: FilledSheet, rows: Sequence[CodedReview], said: Mapping[str, Codes]
) -> tuple[FieldAgreement, ...]:
    """The agreement by field; `rows` are those of the sheet that are compared, `said` what the rules say of each review."""
    return tuple(_field(field, sheet, rows, said) for field in sheet.fields)


def _field(
    field: CodedField, sheet: FilledSheet, rows: Sequence[CodedReview], said: Mapping[str, Codes]
) -> FieldAgreement:
    key = field.key
    coded = [row for row in rows if key in row.codes]
    pairs = [(said[row.review_id][key], row.codes[key]) for row in coded]
    ids = {row.review_id for row in rows}
    told = [code for code in field.codes if any(code in one | other for one, other in pairs)]
    both = sum(len(one & other) for one, other in pairs)
    items = [_of_code(pairs, code) for code in told] if field.several else [_of_one(pairs)]
    return FieldAgreement(
        field=key,
        label=field.label,
        several=field.several,
        reviews=len(pairs),
        missing=sum(1 for review, name in sheet.missing if name == key and review in ids),
        unread=len({one.review_id for one in sheet.unknown if one.field == key} & ids),
        same=sum(1 for one, other in pairs if one == other),
        kappa=kappa(items) if pairs and items else None,
        precision=share(both, sum(len(one) for one, _ in pairs)),
        recall=share(both, sum(len(other) for _, other in pairs)),
        codes=tuple(_code(field, pairs, code) for code in told),
    )


def _code(
    field: CodedField, pairs: Sequence[tuple[frozenset[str], frozenset[str]]], code: str
) -> CodeAgreement:
    both = sum(1 for one, other in pairs if code in one and code in other)
    program = sum(1 for one, _ in pairs if code in one)
    coder = sum(1 for _, other in pairs if code in other)
    return CodeAgreement(
        code=code,
        label=field.codes[code],
        both=both,
        program_only=program - both,
        coder_only=coder - both,
        neither=len(pairs) - program - coder + both,
        kappa=kappa([_of_code(pairs, code)]),
        precision=share(both, program),
        recall=share(both, coder),
    )


def _of_one(pairs: Iterable[tuple[frozenset[str], frozenset[str]]]) -> list[Pair]:
    return [(_one(one), _one(other)) for one, other in pairs]


def _one(codes: frozenset[str]) -> str:
    return "|".join(sorted(codes)) or NOT_TOLD


def _of_code(pairs: Iterable[tuple[frozenset[str], frozenset[str]]], code: str) -> list[Pair]:
    return [(str(code in one), str(code in other)) for one, other in pairs]


def differences_of(
    fields: Iterable[CodedField],
    row: CodedReview,
    review: Review,
    given: ExportedReview,
    reasons: Callable[[], Iterable[Reason]],
) -> Iterator[Difference]:
    """Where the rules and a coder say other codes of a review; `given` is the review as it may leave: no withheld name, no abstract's sentence.

    `reasons` tells what was seen of it and is no fact, as it may leave too; it is asked only where the coder says more than the rules.
    """
    fields = tuple(fields)
    said = said_by_rules(review, fields)
    seen: tuple[Reason, ...] | None = None
    for field in fields:
        codes = row.codes.get(field.key)
        if codes is None:
            continue
        for code in sorted(said[field.key] - codes):
            document, fact = next(iter(facts_of(given.review, field, code)), (None, None))
            yield _difference(given, row, field, code, PROGRAM, document, fact)
        for code in sorted(codes - said[field.key]):
            if seen is None:
                seen = tuple(reasons())
            best = next((one for one in seen if _is_of(one, field, code)), None)
            if best is None:
                yield _difference(given, row, field, code, CODER)
            else:
                why = ": ".join(filter(None, (_WHY.get(best.state, _WHY[OUTWEIGHED]), best.told)))
                yield _difference(given, row, field, code, CODER, best.document_id, best.fact, why)


_WHY = {**STATES, "conflicts": "told, but something else excludes it"}


def _is_of(reason: Reason, field: CodedField, code: str) -> bool:
    names = {row.name for row in field.rows}
    if "harm" in names:  # what is seen of a kind of harm is seen of the theme that it is
        names.add(FIELD)
    return reason.fact.field in names and code in reason.fact.value.split("|")


def _difference(
    given: ExportedReview,
    row: CodedReview,
    field: CodedField,
    code: str,
    said_by: str,
    document_id: str | None = None,
    fact: Fact | None = None,
    seen: str = "",
) -> Difference:
    return Difference(
        review_id=given.review.review_id,
        title=given.review.title or "Untitled",
        field=field.key,
        code=code,
        label=field.codes.get(code, code),
        said_by=said_by,
        document_id=document_id,
        page=fact.page if fact else None,
        evidence=(fact.evidence or fact.raw) if fact else "",
        seen=seen,
        note=row.note,
    )
