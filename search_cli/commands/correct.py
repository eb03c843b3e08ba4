"""`correct`: say what a field really is; the correction wins over every rule and survives `rebuild`."""

from __future__ import annotations

import click

from casereviews.search_cli.completing import SHOWN_IDS
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of
from casereviews.search_cli.progress import progress_shown


@examples("correct hampshire-7k3f9q outcome=serious_harm --note 'page 4 says so'")
@click.command("correct")
@click.argument("identifier", metavar="ID", shell_complete=SHOWN_IDS)
@click.argument("assignment", metavar="FIELD=VALUE")
@click.option("--note", required=True, help="Why; kept with the correction.")
@click.pass_context
def command(ctx: click.Context, identifier: str, assignment: str, note: str) -> None:
    """Correct a FIELD of a review or document ID: correct hampshire-7k3f9q review_type=lcspr --note "the cover says so".

    An empty value says that the field is unknown. `same_as=ID` joins a document to another's review, `not_same_as=ID` parts
    them. Corrections stand in corrections.toml in the home, which may be edited and shared.
    """
    field, equals, value = assignment.partition("=")
    if not equals:
        raise click.UsageError("write the correction as FIELD=VALUE, such as review_type=lcspr")
    with progress_shown() as progress:
        made = collection_of(ctx).correct(
            identifier, field.strip(), value.strip(), note=note, progress=progress
        )
    click.echo(f"{made.id}: {made.field} is {made.value or 'unknown'}", err=True)
