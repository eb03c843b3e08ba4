"""`held`: what is hidden until a person decides, and the decision to show it again."""

from __future__ import annotations

from dataclasses import asdict

import click

from casereviews.collection.output import ROWS, Answer, Column
from casereviews.search_cli.completing import HELD_IDS
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, output_options

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


@examples("held", "held release m7wemyx4gcntz")
@click.group("held", invoke_without_command=True)
@output_options(*ROWS)
@click.pass_context
def command(ctx: click.Context) -> Answer | None:
    """List what is held back, and why: reports that went sooner than their board's policy, and replaced versions.

    No other verb shows them. Decide with `held release ID` or `withdraw ID`.
    """
    if ctx.invoked_subcommand:
        return None
    rows = [asdict(item) for item in collection_of(ctx).held()]
    return Answer(payload=rows, columns=COLUMNS, rows=rows, empty="nothing is held")


@examples("held release m7wemyx4gcntz")
@command.command("release")
@click.argument("document_id", metavar="ID", shell_complete=HELD_IDS)
@click.option("--version", type=int, help="Only this replaced version.")
@click.pass_context
def release(ctx: click.Context, document_id: str, version: int | None) -> None:
    """Show a held document again (or let a replaced version rest as history)."""
    known = collection_of(ctx).release(document_id, version=version)
    click.echo(f"released {known}", err=True)
