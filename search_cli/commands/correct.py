"""`correct`: say what a field really is; the correction wins over every rule and survives `rebuild`."""

from __future__ import annotations

import click

from casereviews.search_cli.options import home_of, today
from casereviews.search_cli.progress import telling


@click.command("correct")
@click.argument("identifier", metavar="ID")
@click.argument("assignment", metavar="FIELD=VALUE")
@click.option("--note", required=True, help="Why; kept with the correction.")
@click.pass_context
def command(ctx: click.Context, identifier: str, assignment: str, note: str) -> None:
    """Correct a FIELD of a review or document ID: correct hampshire-7k3f9q review_type=lcspr --note "the cover says so".

    An empty value says that the field is unknown. `same_as=ID` joins a document to another's review, `not_same_as=ID` parts
    them. Corrections stand in corrections.toml in the home, which may be edited and shared.
    """
    from casereviews.repository.describing.corrections import JOINING, add_correction
    from casereviews.repository.lock import writing
    from casereviews.repository.processing import process
    from casereviews.repository.record import Record
    from casereviews.repository.record.derived import Derived
    from casereviews.search_cli.indexing import bring_up_to_date
    from casereviews.search_cli.options import now

    field, equals, value = assignment.partition("=")
    if not equals:
        raise click.UsageError("write the correction as FIELD=VALUE, such as review_type=lcspr")
    home = home_of(ctx)
    with telling() as teller, writing(home, "correct") as vocabulary:
        with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
            known = record.resolve_id(identifier)
            if field.strip() in JOINING:
                value = record.resolve_id(value)
            before = record.revision()
            made = add_correction(
                home.corrections_toml,
                known,
                field.strip(),
                value.strip(),
                note=note,
                made=today(),
                vocabulary=vocabulary,
            )
            done = process(record, derived, now=now(), vocabulary=vocabulary, progress=teller.step)
        bring_up_to_date(
            home, changed=done.changed, gone=done.gone, since_revision=before, vocabulary=vocabulary
        )
    click.echo(f"{known}: {made.field} is {made.value or 'unknown'}", err=True)
