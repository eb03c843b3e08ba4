"""`held`: what is hidden until a person decides, and the decision to show it again."""

from __future__ import annotations

from dataclasses import asdict

import click

from casereviews.search_cli.errors import CannotRun
from casereviews.search_cli.options import home_of, now, output_options
from casereviews.search_cli.output import ROWS, Answer, Column

COLUMNS = (
    Column("document_id", "Document"),
    Column("version", "Version", right=True),
    Column("title", "Title"),
    Column("publisher", "Publisher"),
    Column("first_seen", "First seen"),
    Column("held_since", "Held since"),
    Column("reason", "Why"),
    Column("review_id", "Review", wide=True),
    Column("file_url", "File", wide=True),
)


@click.group("held", invoke_without_command=True)
@output_options(*ROWS)
@click.pass_context
def command(ctx: click.Context) -> Answer | None:
    """List what is held back: reports that vanished sooner than their board's policy, and replaced versions.

    No other verb shows them. Decide with `held release ID` or `withdraw ID`.
    """
    if ctx.invoked_subcommand:
        return None
    from casereviews.repository.record import Record

    home = home_of(ctx)
    if not home.record_db.exists():
        raise CannotRun(
            "nothing was collected yet: run `casereviews refresh` or `casereviews demo`"
        )
    with Record.open(home) as record:
        rows = [asdict(item) for item in record.held()]
    return Answer(payload=rows, columns=COLUMNS, rows=rows, empty="nothing is held")


@command.command("release")
@click.argument("document_id", metavar="ID")
@click.option("--version", type=int, help="Only this replaced version.")
@click.pass_context
def release(ctx: click.Context, document_id: str, version: int | None) -> None:
    """Show a held document again (or let a replaced version rest as history)."""
    from casereviews.repository.lock import writing
    from casereviews.repository.processing import process
    from casereviews.repository.record import Record
    from casereviews.repository.record.derived import Derived
    from casereviews.search_cli.indexing import bring_up_to_date

    home = home_of(ctx)
    with writing(home, "held release") as vocabulary:
        with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
            known = record.resolve_document(document_id)
            before = record.revision()
            record.release(known, at=now(), version=version)
            done = process(record, derived, now=now(), vocabulary=vocabulary)
        bring_up_to_date(
            home, changed=done.changed, gone=done.gone, since_revision=before, vocabulary=vocabulary
        )
    click.echo(f"released {known}", err=True)
