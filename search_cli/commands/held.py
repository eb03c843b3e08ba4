"""`held`: what is hidden until a person decides, and the decision to show it again."""

from __future__ import annotations

from dataclasses import asdict

import click

from casereviews.collection.output import ROWS, Answer, Column
from casereviews.search_cli.completing import HELD_IDS, SOURCE_IDS
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
    Column("listed_again", "Listed again"),
    Column("review_id", "Review", wide=True),
    Column("file_url", "File", wide=True),
)


@examples("held", "held release m7wemyx4gcntz")
@click.group("held", invoke_without_command=True)
@output_options(*ROWS)
@click.pass_context
def command(ctx: click.Context) -> Answer | None:
    """List what is held back, and why: reports that went sooner than their board's policy, and replaced versions.

    No other verb shows them. Decide with `held release ID` or `withdraw ID`; what its list names again ("Listed again") is released
    together with `held release --source ID` or `--all`. Below stands which sources were not checked for absence, and since when.
    """
    if ctx.invoked_subcommand:
        return None
    collection = collection_of(ctx)
    rows = [asdict(item) for item in collection.held()]
    notes = [str(one) for one in collection.unchecked()]
    if back := sum(row["listed_again"] is not None for row in rows):
        notes.append(f"listed again: {back}; `casereviews held release --all` shows them again")
    return Answer(
        payload=rows, columns=COLUMNS, rows=rows, notes=tuple(notes), empty="nothing is held"
    )


@examples("held release m7wemyx4gcntz", "held release --source hampshire")
@command.command("release")
@click.argument("document_id", metavar="ID", required=False, shell_complete=HELD_IDS)
@click.option("--version", type=int, help="Only this replaced version.")
@click.option(
    "--source",
    metavar="ID",
    shell_complete=SOURCE_IDS,
    help="All that this source's list names again.",
)
@click.option("--all", "every", is_flag=True, help="All that is on its list again.")
@click.pass_context
def release(
    ctx: click.Context,
    document_id: str | None,
    version: int | None,
    source: str | None,
    every: bool,
) -> None:
    """Show a held document again (or let a replaced version rest as history), or all that came back to their lists.

    What is still off its list is released by its ID alone: look at each.
    """
    if [document_id is not None, source is not None, every].count(True) != 1:
        raise click.UsageError("give one of: an ID, --source ID, --all")
    if version is not None and document_id is None:
        raise click.UsageError("--version goes with an ID")
    collection = collection_of(ctx)
    if document_id is not None:
        known = collection.release(document_id, version=version)
        click.echo(f"released {known}", err=True)
        return
    shown = collection.release_returned(source)
    off = [one for one in collection.held() if source in (None, one.source_id)]
    stay = f"; {len(off)} stay held, to be looked at one by one" if off else ""
    click.echo(f"released {len(shown)} that are listed again{stay}", err=True)
    if not shown:
        ctx.exit(1)
