"""`status`: how every source is doing, what was kept and read, and what to do about what is wrong."""

from __future__ import annotations

import click

from casereviews.collection.output import ROWS, Answer, Column
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, output_options

COLUMNS = (
    Column("source", "Source"),
    Column("publisher", "Publisher", wide=True),
    Column("result", "Result"),
    Column("documents", "Documents", right=True),
    Column("usual", "Usual", right=True),
    Column("newest", "Newest"),
    Column("last_success", "Last success"),
    Column("failing_since", "Failing since", wide=True),
    Column("unchecked_since", "Not checked since", wide=True),
    Column("reason", "Why", wide=True),
    Column("advice", "What to do"),
)


@examples("status --failing")
@click.command("status")
@click.option("--failing", is_flag=True, help="Only sources that need a look.")
@output_options(*ROWS)
@click.pass_context
def command(ctx: click.Context, failing: bool) -> Answer:
    """Show how every source ended its last run, against its own history, and how the home's servers are, where it has any.

    Exit code 3 when the index is damaged, or a server cannot be used: how the others are is told all the same.
    """
    status = collection_of(ctx).status(failing=failing, servers=True)
    notes = [str(one) for one in status.stores]
    notes += [f"{name.replace('_', ' ')}: {count}" for name, count in status.totals.items()]
    if status.damage or any(one.state == "wrong" for one in status.stores):
        ctx.call_on_close(lambda: ctx.exit(3))
    if status.run_goes_on:
        notes.append(
            "the last run did not end: it goes on, or it was killed; the next refresh completes it"
        )
    return Answer(
        payload=status.to_json(),
        columns=COLUMNS,
        rows=[source.to_json() for source in status.sources],
        notes=tuple(notes),
        empty="no source needs a look",
    )
