"""The sheet that a coder fills in, the codebook beside it, and the way back: blind, as spreadsheets open it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from casereviews.collection.errors import RequestError
from casereviews.collection.keeping.marks import csv_rows
from casereviews.collection.output.forms.csv import BYTE_ORDER_MARK
from casereviews.collection.output.hostile import for_cell
from casereviews.collection.output.wording import counted
from casereviews.collection.reliability.coded_fields import NOT_TOLD, CodedField, coded_fields
from casereviews.collection.reliability.sampling import Sample
from casereviews.repository.json_record import JsonRecord
from casereviews.repository.vocabulary import Vocabulary

SHEET, CODEBOOK, HOW = "sheet.csv", "codebook.csv", "HOW-TO-CODE.txt"
REVIEW, NOTE = "review_id", "note"
_GIVEN = (REVIEW, "title", "documents", "links")
_BETWEEN = re.compile(r"[;|\n]")


@dataclass(frozen=True, slots=True)
class UnknownCode(JsonRecord):
    """What was written in a cell and cannot be read: `row` as a spreadsheet counts it, `mend` what to write."""

    row: int
    review_id: str
    field: str
    written: str
    mend: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.review_id}: {self.field}: '{self.written}' {self.mend}"


@dataclass(frozen=True, slots=True)
class CodedReview:
    """A row of a filled sheet: by field the codes (none where the coder wrote NOT_TOLD); a field whose cell is empty or cannot be read is absent."""

    review_id: str
    row: int
    codes: dict[str, frozenset[str]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """A sheet as it was read back: `missing` are the cells that nobody filled, as (review, field)."""

    fields: tuple[CodedField, ...]
    reviews: tuple[CodedReview, ...]
    missing: tuple[tuple[str, str], ...]
    unknown: tuple[UnknownCode, ...]


def files_of(sample: Sample) -> dict[str, str]:
    """The files of a sample by name: the sheet, its codebook, how to code."""
    return {
        SHEET: sheet_csv(sample),
        CODEBOOK: codebook_csv(sample.fields),
        HOW: how_to_code(sample),
    }


def sheet_csv(sample: Sample) -> str:
    """A row a review: what it is and where to read it, then an empty cell for each field, and room for a note."""
    keys = [field.key for field in sample.fields]
    rows = [
        (
            one.review_id,
            one.title,
            "\n".join(
                f"{key}: {title} ({counted(pages, 'page')})" for key, title, pages in one.documents
            ),
            "\n".join(one.links),
            *("" for _ in keys),
            "",
        )
        for one in sample.reviews
    ]
    return _csv([(*_GIVEN, *keys, NOTE), *rows])


def codebook_csv(fields: Iterable[CodedField]) -> str:
    """A row a code: its field, what it is called, and what it means where the vocabulary or the table of fields says so."""
    rows: list[Sequence[str]] = [("field", "values", "code", "label", "means")]
    for field in fields:
        how = "several" if field.several else "one"
        limits = f" Limits: {field.cannot}." if field.cannot else ""
        rows.append((field.key, how, "", field.label, f"{field.says}.{limits}"))
        rows += [
            (field.key, how, code, label, field.meanings[code])
            for code, label in field.codes.items()
        ]
        rows.append((field.key, how, NOT_TOLD, "not told", "no document of the review says it"))
    return _csv(rows)


def how_to_code(sample: Sample) -> str:
    """How the sample was drawn, how to fill the sheet, and what to do with it then, as Markdown."""
    by = " and ".join(sample.by)
    drawn = sum(1 for one in sample.strata if one.drawn)
    lines = [
        "# A sample to code by hand",
        "",
        f"{counted(len(sample.reviews), 'review')} of {sample.frame:,} ({sample.understood}), drawn with seed {sample.seed}"
        f" from the index of {sample.collected}.",
    ]
    if by:
        lines.append(
            f"Stratified by {by}, in proportion, rounded by largest remainders:"
            f" {counted(drawn, 'stratum').replace('stratums', 'strata')} of {len(sample.strata):,} have a review in it."
        )
    if sample.without_file:
        lines.append(f"Left out, for no file of them is kept: {', '.join(sample.without_file)}.")
    lines += [
        "",
        "## How to fill it",
        "",
        f"- Open `{SHEET}` in Excel or LibreOffice (UTF-8, comma). Save it as CSV UTF-8.",
        "- Read all documents of a review: `casereviews open DOCUMENT_ID`, or its link."
        " `show`, `search` and `export` tell what the program says: leave them until you have coded.",
        f"- Write codes of `{CODEBOOK}`, or their labels. Where a field takes several values, part them by a semicolon.",
        f"- Write `{NOT_TOLD}` where no document says it. An empty cell counts as not coded.",
        f"- `{NOTE}` is yours: pages, doubts. `agree` shows it beside what differs.",
        "",
        "## Then",
        "",
        f"    casereviews agree {SHEET}",
        "",
    ]
    return "\n".join(lines)


def filled_sheet(text: str, where: str, vocabulary: Vocabulary) -> FilledSheet:
    """A sheet as its coder gave it back, `where` it was read from. Its columns tell which fields were coded.

    Raises RequestError when it has no column `review_id` or no field, names a field that is none, or a review twice.
    """
    names, rows = csv_rows(where, text.removeprefix(BYTE_ORDER_MARK))
    if REVIEW not in names:
        raise RequestError(
            f"{where} has no column {REVIEW}: give the {SHEET} that `casereviews sample --to` wrote, filled in and saved as CSV"
        )
    asked = [name for name in names if name and name not in (*_GIVEN, NOTE)]
    if not asked:
        raise RequestError(f"{where} has no column of a field: `casereviews sample` writes them")
    fields = coded_fields(vocabulary, asked)
    if len(fields) < len(asked):
        raise RequestError(f"{where} has two columns of one field: leave one")
    reviews: dict[str, CodedReview] = {}
    missing: list[tuple[str, str]] = []
    unknown: list[UnknownCode] = []
    for number, (_, row) in enumerate(rows, 2):  # a cell of several lines is one row to its coder
        review_id = row[REVIEW].strip()
        if not review_id:
            if any(row.values()):
                raise RequestError(f"{where}: row {number}: no {REVIEW}")
            continue
        if review_id in reviews:
            raise RequestError(
                f"{where}: row {number}: {review_id} stands in row {reviews[review_id].row} too: leave one"
            )
        codes: dict[str, frozenset[str]] = {}
        for field, name in zip(fields, asked, strict=True):
            written = [part.strip() for part in _BETWEEN.split(row[name]) if part.strip()]
            if wrong := _wrong(field, written):
                unknown += [
                    UnknownCode(number, review_id, field.key, said, mend) for said, mend in wrong
                ]
            elif written:
                found = {field.code_of(part) or "" for part in written}
                codes[field.key] = frozenset(found - {NOT_TOLD})
            else:
                missing.append((review_id, field.key))
        reviews[review_id] = CodedReview(review_id, number, codes, row.get(NOTE, "").strip())
    if not reviews:
        raise RequestError(f"{where} has no row of a review")
    if not unknown and not any(one.codes for one in reviews.values()):
        raise RequestError(f"{where} is not filled in: no cell of a field has a code")
    return FilledSheet(fields, tuple(reviews.values()), tuple(missing), tuple(unknown))


def _wrong(field: CodedField, written: Sequence[str]) -> list[tuple[str, str]]:
    """What of a cell cannot be read, and what to write instead."""
    found = []
    for part in written:
        if field.code_of(part) is None:
            near = field.near(part)
            hint = f"did you mean {near}?" if near else f"{CODEBOOK} lists the codes"
            found.append((part, f"is no code: {hint}"))
    codes = {field.code_of(part) for part in written}
    if found or len(codes) < 2:
        return found
    if NOT_TOLD in codes:
        return [("; ".join(written), "cannot stand beside a code: leave one")]
    return (
        [] if field.several else [("; ".join(written), "are several codes: this field takes one")]
    )


def _csv(rows: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO()
    buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows([for_cell(cell) for cell in row] for row in rows)
    return buffer.getvalue()
