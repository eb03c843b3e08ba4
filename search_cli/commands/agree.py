"""`agree`: a sheet that was coded by hand against what the program says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from casereviews.collection.output import ROWS, Answer, Column
from casereviews.collection.output.wording import counted
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, output_options
from casereviews.search_cli.progress import progress_shown
from casereviews.search_cli.user_files import name_of, text_of

if TYPE_CHECKING:
    from casereviews import Agreement

SHOWN = 10
"""So many cells, codes or ids a note names; `--json` names all."""
LEGEND = (
    "kappa: Cohen's; of a field of several values pooled over its codes. Precision and recall count codes: of the program's, of the coder's."
    " Intervals of 95%: a jackknife over reviews for kappa, Wilson's for shares (they take the codes of one review for independent)."
)


@examples(
    "agree coding/sheet.csv",
    "agree coding/sheet.csv --differences",
    "agree coding/sheet.csv --codes --csv",
)
@click.command("agree")
@click.argument("file", type=click.File("rb"))
@click.option("--codes", is_flag=True, help="A row a code instead of a row a field.")
@click.option(
    "--differences", is_flag=True, help="What one says and the other does not, with its page."
)
@output_options(*ROWS)
@click.pass_context
def command(ctx: click.Context, file: Any, codes: bool, differences: bool) -> Answer:
    """Compare FILE, the sheet of `sample --to` filled in, with what the program's rules say of its reviews.

    Kappa, precision and recall by field, with intervals. Empty cells and what is no code are named, and are in no count; what people corrected
    is not the rules', and is not compared.
    """
    if codes and differences:
        raise click.UsageError("--codes and --differences exclude each other")
    whole = differences or ctx.meta["casereviews.form"] == "json"
    with progress_shown(quiet=not whole) as progress:
        found = collection_of(ctx).agreement(
            text_of(file), where=name_of(file), differences=whole, progress=progress
        )
    notes = _notes(found)
    if differences:
        return _differing(found, notes)
    rows = _by_code(found) if codes else [_row(one.to_json()) for one in found.fields]
    columns = (
        Column("field", "Field"),
        *((Column("label", "Code"),) if codes else (Column("reviews", "Reviews", right=True),)),
        *((Column("code", "code", wide=True),) if codes else ()),
        *(
            Column(key, text, right=True, wide=True)
            for key, text in (
                (("both", "Both"), ("program_only", "Program only"), ("coder_only", "Coder only"), ("neither", "Neither"))
                if codes
                else (("missing", "Empty"), ("unread", "Not read"), ("same", "Same"))
            )
        ),
        *_measured(),
    )  # fmt: skip
    return Answer(
        payload=found.to_json(),
        columns=columns,
        rows=rows,
        notes=(*notes, LEGEND),
        empty="neither said any code",
    )


def _measured() -> Iterable[Column]:
    """Kappa and the two shares: in a table each with its interval as people read it, in CSV a column a number."""
    for key, heading in (("kappa", "Kappa"), ("precision", "Precision"), ("recall", "Recall")):
        yield Column(key, heading, right=True, words=_worded(key))
        yield Column(f"{key}_low", f"{heading}, low", right=True, wide=True)
        yield Column(f"{key}_high", f"{heading}, high", right=True, wide=True)
        if key != "kappa":
            yield Column(f"{key}_of", f"{heading}, of", right=True, wide=True)


def _row(said: Mapping[str, Any]) -> dict[str, Any]:
    """A field or code with its measures flat."""
    row = {key: value for key, value in said.items() if key not in ("codes", "several")}
    for key in ("kappa", "precision", "recall"):
        measure = said[key] or {}
        row[key] = _rounded(measure.get("value"))
        row[f"{key}_low"] = _rounded(measure.get("low"))
        row[f"{key}_high"] = _rounded(measure.get("high"))
        if key != "kappa":
            row[f"{key}_of"] = measure["of"]
            row[f"{key}_hits"] = measure["hits"]
    return row


def _by_code(found: Agreement) -> list[dict[str, Any]]:
    return [
        {"field": field.field, **_row(code.to_json())}
        for field in found.fields
        for code in field.codes
    ]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _worded(key: str) -> Any:
    def words(row: Mapping[str, Any], _: object) -> str:
        value = row.get(key)
        if value is None:
            return "–"
        low, high = row.get(f"{key}_low"), row.get(f"{key}_high")
        told = f"{value:.2f}" if low is None else f"{value:.2f} ({low:.2f} to {high:.2f})"
        return told if key == "kappa" else f"{told} {row[f'{key}_hits']}/{row[f'{key}_of']}"

    return words


def _differing(found: Agreement, notes: tuple[str, ...]) -> Answer:
    columns = (
        Column("review_id", "Review"),
        Column("title", "Title", wide=True),
        Column("field", "Field"),
        Column("code", "Code"),
        Column("said_by", "Said by"),
        Column("document_id", "Document"),
        Column("page", "Page", right=True),
        Column("evidence", "Evidence"),
        Column("seen", "Seen, no fact"),
        Column("note", "Coder's note", wide=True),
    )
    rows = [one.to_json() for one in found.differences or ()]
    told = "look: casereviews show DOCUMENT --page PAGE, or casereviews show REVIEW --why-of CODE"
    return Answer(
        payload=found.to_json(),
        columns=columns,
        rows=rows,
        notes=(*notes, told) if rows else notes,
        empty="the coder and the program say the same",
        empty_is_done=True,
    )


def _notes(found: Agreement) -> tuple[str, ...]:
    notes = [f"compared: {counted(found.reviews, 'review')}"]
    if found.not_coded:
        some = _some(found.not_coded[:SHOWN], len(found.not_coded))
        notes.append(
            f"{counted(len(found.not_coded), 'review')} not coded, every cell empty: {some}"
        )
    if uncoded := [one.field for one in found.fields if one not in found.fields_coded]:
        notes.append(f"fields that nobody coded: {', '.join(uncoded)}")
    if gaps := found.gaps:
        by_review: dict[str, list[str]] = {}
        for review, name in gaps:
            by_review.setdefault(review, []).append(name)
        told = [f"{review} ({', '.join(names)})" for review, names in by_review.items()]
        notes.append(
            f"{counted(len(gaps), 'cell')} empty, in no count: {_some(told[:SHOWN], len(told))}"
        )
    notes += [str(one) for one in found.unknown[:SHOWN]]
    if found.unknown:
        cells = {(one.review_id, one.field) for one in found.unknown}
        notes.append(
            f"{counted(len(cells), 'cell')} that cannot be read, in no count: mend them, and compare again"
        )
    notes += [f"row {one.row}: {one.review_id} left out: {one.why}" for one in found.left_out]
    if found.corrected:
        notes.append(
            f"corrected by people, compared as the rules say: {_some(found.corrected[:SHOWN], len(found.corrected))}"
        )
    if len(found.rules) > 1:
        notes.append(
            "these documents were described by different rules: `casereviews rebuild` describes all by today's"
        )
    return tuple(notes)


def _some(told: Iterable[str], of: int) -> str:
    shown = list(told)
    return ", ".join(shown) + (f", ... ({of:,} in all)" if of > len(shown) else "")
