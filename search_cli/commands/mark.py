"""`mark`: include or exclude a review, with the reason, for a systematic review's flow diagram."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casereviews.search_cli.errors import BadRequest, CannotRun
from casereviews.search_cli.options import home_of, now, output_options
from casereviews.search_cli.output import ROWS, Answer, Column

if TYPE_CHECKING:
    from casereviews.repository.home import Home

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
    if identifier is None:
        marks = current(home)
        return _flow(marks) if flow else _listed(marks)
    if flow:
        raise click.UsageError("--flow counts all marks: give it without an ID")
    if decision is None:
        raise click.UsageError(f"say what to mark it: {', '.join(DECISIONS)} or clear")
    if decision == "exclude" and not reason.strip():
        raise click.UsageError("an exclusion needs a reason: --reason TEXT")
    from casereviews.search_cli.review_records import record_of

    review_id = str(record_of(home, identifier)["review_id"])
    with changing(home.marks_csv):
        marks = current(home)
        if decision == "clear":
            mark = marks.pop(review_id, None)
            if mark is None:
                raise BadRequest(f"{review_id} is not marked")
        else:
            values = (review_id, decision, reason.strip(), note.strip(), now())
            mark = marks[review_id] = dict(zip(FIELDS, values, strict=True))
        store(home.marks_csv, marks)
    click.echo(f"{review_id}: {'no mark' if decision == 'clear' else decision}", err=True)
    if ctx.meta.get("casereviews.form") == "table":
        return None
    return _listed({review_id: mark})


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """Two people may mark at once: one waits for the other, and neither mark is lost."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(path.with_suffix(".lock"), timeout=10):
            yield
    except Timeout:
        raise CannotRun(f"{path} is being changed by another run: try again") from None


def current(home: Home) -> dict[str, dict[str, str]]:
    """The marks by the ids that reviews have now: of two that lead to one review since a merge, the later mark stands."""
    marks = load(home.marks_csv)
    if not marks or not home.record_db.exists():
        return marks
    from casereviews.repository.errors import UnknownId
    from casereviews.repository.record import Record

    found: dict[str, dict[str, str]] = {}
    with Record.open(home) as record:
        for review_id, mark in marks.items():
            try:
                now_named = record.resolve_id(review_id)
            except UnknownId:
                now_named = review_id
            earlier = found.get(now_named)
            if earlier is None or mark["at"] >= earlier["at"]:
                found[now_named] = {**mark, "review_id": now_named}
    return found


def load(path: Path) -> dict[str, dict[str, str]]:
    """The marks by review id; raises BadRequest naming the line when one cannot be read."""
    if not path.exists():
        return {}
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRequest(f"{path}: {error}: save it as CSV UTF-8") from error
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","  # as some Excels save it
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    marks: dict[str, dict[str, str]] = {}
    for row in reader:
        if row.get("decision") not in DECISIONS or not row.get("review_id"):
            raise BadRequest(
                f"{path}: line {reader.line_num}: a mark needs review_id and one of {', '.join(DECISIONS)}"
            )
        marks[row["review_id"]] = {name: row.get(name) or "" for name in FIELDS}
    return marks


def store(path: Path, marks: Mapping[str, Mapping[str, str]]) -> None:
    """Write the marks back, replacing the file at once."""
    temporary = path.with_suffix(".tmp")
    # With a byte-order mark: people open it in Excel.
    with temporary.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, FIELDS)
        writer.writeheader()
        writer.writerows(marks.values())
    temporary.replace(path)


def forget(home: Home, marks: Mapping[str, Mapping[str, str]], review_ids: Collection[str]) -> int:
    """Take the marks of withdrawn reviews out: their notes speak of what must go; returns how many.

    `marks` are those that stood before the withdrawal (`current`): afterwards older ids lead nowhere.
    """
    kept = {key: mark for key, mark in marks.items() if key not in review_ids}
    if len(kept) < len(marks):
        with changing(home.marks_csv):
            store(home.marks_csv, kept)
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
