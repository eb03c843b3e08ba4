"""`mark`: include or exclude a review, with the reason, for a systematic review's flow diagram."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import click

from search_cli.errors import BadRequest
from search_cli.options import home_of, now, output_options
from search_cli.output import ROWS, Answer, Column

DECISIONS = ("include", "exclude", "maybe")
FIELDS = ("review_id", "decision", "reason", "note", "at")


@click.command("mark")
@click.argument("identifier", metavar="[ID]", required=False)
@click.argument("decision", type=click.Choice([*DECISIONS, "clear"]), required=False)
@click.option("--reason", default="", help="Why, in the words of your protocol.")
@click.option("--note", default="", help="Anything else.")
@click.option("--flow", is_flag=True, help="Counts for the flow diagram instead of the list.")
@output_options(*ROWS)
@click.pass_context
def command(
    ctx: click.Context,
    identifier: str | None,
    decision: str | None,
    reason: str,
    note: str,
    flow: bool,
) -> Answer | None:
    """Mark a review ID include, exclude or maybe; without an ID, list the marks.

    The marks stand in `marks.csv` in the home, which may be edited and shared. An exclusion needs a reason (PRISMA 2020,
    item 16b).
    """
    home = home_of(ctx)
    marks = load(home.marks_csv)
    if identifier is None:
        return _flow(marks) if flow else _listed(marks)
    if decision is None:
        raise click.UsageError(f"say what to mark it: {', '.join(DECISIONS)} or clear")
    if decision == "exclude" and not reason:
        raise click.UsageError("an exclusion needs a reason: --reason TEXT")
    from search_cli.reviews import record_of

    review_id = str(record_of(home, identifier)["review_id"])
    if decision == "clear":
        if marks.pop(review_id, None) is None:
            raise BadRequest(f"{review_id} is not marked")
    else:
        values = (review_id, decision, reason, note, now())
        marks[review_id] = dict(zip(FIELDS, values, strict=True))
    store(home.marks_csv, marks)
    click.echo(f"{review_id}: {decision}", err=True)
    return None


def load(path: Path) -> dict[str, dict[str, str]]:
    """The marks by review id; raises BadRequest naming the line when one cannot be read."""
    if not path.exists():
        return {}
    marks: dict[str, dict[str, str]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row.get("decision") not in DECISIONS or not row.get("review_id"):
                raise BadRequest(
                    f"{path}: line {len(marks) + 2}: a mark needs review_id and one of {', '.join(DECISIONS)}"
                )
            marks[row["review_id"]] = {name: row.get(name) or "" for name in FIELDS}
    return marks


def store(path: Path, marks: Mapping[str, Mapping[str, str]]) -> None:
    """Write the marks back, replacing the file at once."""
    temporary = path.with_suffix(".tmp")
    with temporary.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        writer.writerows(marks.values())
    temporary.replace(path)


def forget(path: Path, review_ids: Collection[str]) -> int:
    """Take the marks of withdrawn reviews out: their notes speak of what must go; returns how many."""
    marks = load(path)
    kept = {key: mark for key, mark in marks.items() if key not in review_ids}
    if len(kept) < len(marks):
        store(path, kept)
    return len(marks) - len(kept)


def _listed(marks: Mapping[str, Mapping[str, str]]) -> Answer:
    rows = list(marks.values())
    headings = ("Review", "Decision", "Reason", "Note", "When")
    columns = tuple(Column(key, text) for key, text in zip(FIELDS, headings, strict=True))
    return Answer(
        payload=rows,
        columns=columns,
        rows=rows,
        empty="nothing marked: casereviews mark ID include",
    )


def _flow(marks: Mapping[str, Mapping[str, Any]]) -> Answer:
    """Screened, included, undecided, and excluded by reason: the boxes of the PRISMA 2020 flow diagram."""
    decisions = Counter(mark["decision"] for mark in marks.values())
    reasons = Counter(mark["reason"] for mark in marks.values() if mark["decision"] == "exclude")
    rows: list[dict[str, Any]] = [
        {"box": "screened", "reason": "", "count": len(marks)},
        {"box": "included", "reason": "", "count": decisions["include"]},
        {"box": "undecided", "reason": "", "count": decisions["maybe"]},
        *({"box": "excluded", "reason": why, "count": n} for why, n in reasons.most_common()),
    ]
    columns = (
        Column("box", "Box"),
        Column("reason", "Reason"),
        Column("count", "Reviews", right=True),
    )
    return Answer(payload=rows, columns=columns, rows=rows)
