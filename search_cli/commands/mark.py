"""`mark`: include or exclude a review, with the reason, for a systematic review's flow diagram."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from casereviews.collection.keeping.marks import DECISIONS, FIELDS
from casereviews.collection.output import ROWS, Answer, Column
from casereviews.search_cli.completing import SHOWN_IDS
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, output_options

if TYPE_CHECKING:
    from casereviews import FlowBox, Mark


@examples(
    "mark hampshire-7k3f9q exclude --reason 'no infant'",
    "mark --csv > marks-to-share.csv",
    "mark --flow",
)
@click.command("mark")
@click.argument("identifier", metavar="[ID]", required=False, shell_complete=SHOWN_IDS)
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
    collection = collection_of(ctx)
    marks = collection.marks
    if identifier is None:
        return _flow(marks.flow()) if flow else _listed(marks.all().values())
    if flow:
        raise click.UsageError("--flow counts all marks: give it without an ID")
    if decision is None:
        raise click.UsageError(f"say what to mark it: {', '.join(DECISIONS)} or clear")
    if decision == "clear":
        mark = marks.clear(identifier)
    else:
        mark = marks.put(identifier, decision, reason=reason, note=note)
    click.echo(f"{mark.review_id}: {'no mark' if decision == 'clear' else decision}", err=True)
    if ctx.meta.get("casereviews.form") == "table":
        return None
    return _listed([mark])


def _listed(marks: Iterable[Mark]) -> Answer:
    rows = [mark.to_json() for mark in marks]
    headings = ("Review", "Decision", "Reason", "Note", "When")
    columns = tuple(Column(key, text) for key, text in zip(FIELDS, headings, strict=True))
    return Answer(
        payload=rows,
        columns=columns,
        rows=rows,
        empty="nothing marked: casereviews mark ID include",
    )


def _flow(boxes: Iterable[FlowBox]) -> Answer:
    rows = [asdict(box) for box in boxes]
    columns = (
        Column("box", "Box"),
        Column("reason", "Reason"),
        Column("count", "Reviews", right=True),
    )
    return Answer(payload=rows, columns=columns, rows=rows)
