"""`correct`: say what a field really is; the correction wins over every rule and survives `rebuild`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from casereviews.collection.output import ROWS, Answer
from casereviews.search_cli.completing import SHOWN_IDS
from casereviews.search_cli.edge import tell
from casereviews.search_cli.examples import examples
from casereviews.search_cli.listed_corrections import listed
from casereviews.search_cli.options import collection_of, output_options
from casereviews.search_cli.progress import progress_shown

if TYPE_CHECKING:
    from casereviews import Correction


@examples(
    "correct hampshire-7k3f9q outcome=serious_harm --note 'page 4 says so'",
    "correct hampshire-7k3f9q theme+=harm_neglect --note 'findings 2 and 3'",
    "correct hampshire-7k3f9q same_as=kent-2d8wpa --note 'one child, two boards'",
    "correct --list hampshire-7k3f9q",
    "correct --undo hampshire-7k3f9q outcome",
)
@click.command("correct")
@click.argument("identifier", metavar="[ID]", required=False, shell_complete=SHOWN_IDS)
@click.argument("assignment", metavar="[FIELD=VALUE]", required=False)
@click.option("--note", help="Why; kept with the correction, which needs it.")
@click.option(
    "--list", "all_of_them", is_flag=True, help="List the corrections, all or those of ID."
)
@click.option("--undo", is_flag=True, help="Take back the latest correction of FIELD of ID.")
@output_options(*ROWS)
@click.pass_context
def command(
    ctx: click.Context,
    identifier: str | None,
    assignment: str | None,
    note: str | None,
    all_of_them: bool,
    undo: bool,
) -> Answer | None:
    """Correct a FIELD of a review or document ID: correct hampshire-7k3f9q review_type=lcspr --note "the cover says so".

    An empty value says that the field is unknown. `theme+=ID` adds one value to a field of several and `theme-=ID` takes one
    out; the others stay as they are found. `same_as=ID` joins both reviews whole, with all that comes to them later;
    `not_same_as=ID` parts two documents. Corrections stand in corrections.toml in the home, which may be edited and shared.
    """
    if all_of_them:
        if undo or assignment or note:
            raise click.UsageError("--list takes an ID, or nothing")
        return listed(collection_of(ctx).corrections(identifier))
    if identifier is None:
        raise click.UsageError("Missing argument 'ID'.")
    if undo:
        with progress_shown() as progress:
            made = collection_of(ctx).undo_correction(
                identifier, assignment or "", progress=progress
            )
        tell(f"{made.id}: taken back: {made.field}={made.value}")
    else:
        made = _corrected(ctx, identifier, assignment or "", note)
    return None if ctx.meta.get("casereviews.form") == "table" else listed([made])


def _corrected(
    ctx: click.Context, identifier: str, assignment: str, note: str | None
) -> Correction:
    field, equals, value = assignment.partition("=")
    if not equals:
        raise click.UsageError("write the correction as FIELD=VALUE, such as review_type=lcspr")
    if note is None:
        raise click.UsageError("Missing option '--note': say why, it is kept with the correction")
    with progress_shown() as progress:
        made = collection_of(ctx).correct(
            identifier, field.strip(), value.strip(), note=note, progress=progress
        )
    tell(f"{made.id}: {_said(made)}")
    return made


def _said(made: Correction) -> str:
    change = {"+": "has", "-": "has no"}.get(made.field[-1])
    if change:
        return f"{made.field[:-1]} {change} {made.value}"
    return f"{made.field} is {made.value or 'unknown'}"
