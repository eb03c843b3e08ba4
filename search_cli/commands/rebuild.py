"""`rebuild`: make readings, descriptions or the index again from what is kept, without the web."""

from __future__ import annotations

import click

from casereviews.collection.output.wording import counted
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of
from casereviews.search_cli.progress import progress_shown


@examples("rebuild", "rebuild --index")
@click.command("rebuild")
@click.option(
    "--reading", is_flag=True, help="Read again what a better reader could now read, and only that."
)
@click.option("--describing", is_flag=True, help="Describe every document again.")
@click.option("--index", "only_index", is_flag=True, help="Build the index (and vectors) anew.")
@click.option(
    "--everything", is_flag=True, help="Throw all that is derived away and make it again."
)
@click.pass_context
def command(
    ctx: click.Context, reading: bool, describing: bool, only_index: bool, everything: bool
) -> None:
    """Make derived things again: readings, descriptions, groups, index.

    Without options: describe every document by the rules of this version, then build the index anew. Searches go on
    meanwhile; stopped midway, the next rebuild or refresh goes on.
    """
    with progress_shown() as progress:
        done = collection_of(ctx).rebuild(
            reading=reading,
            describing=describing,
            index=only_index,
            everything=everything,
            progress=progress,
        )
    if reading:
        click.echo(f"{counted(done.read_again, 'file')} read again", err=True)
    click.echo(
        f"{counted(done.built.documents, 'document')} of {counted(done.built.reviews, 'review')} indexed",
        err=True,
    )
