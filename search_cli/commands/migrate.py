"""`migrate`: bring a home to servers, and back into its folder."""

from __future__ import annotations

import click

from casereviews.collection.output import Answer
from casereviews.collection.output.wording import counted
from casereviews.search_cli.errors import EXIT_NOTHING
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, emit, output_options
from casereviews.search_cli.progress import progress_shown


@examples("migrate --to servers.toml", "migrate --to folder", "migrate --remove-old")
@click.command("migrate")
@click.option(
    "--to",
    metavar="FILE",
    help="A TOML file with the table [stores] that config.toml is to have, or the word folder: everything comes back.",
)
@click.option(
    "--remove-old",
    is_flag=True,
    help="Take away what lies at places that the home has left, and a copy that was not finished.",
)
@click.option("--yes", is_flag=True, help="Do not ask before --remove-old takes it away.")
@output_options("json")
@click.pass_context
def command(ctx: click.Context, to: str | None, remove_old: bool, yes: bool) -> None:
    """Bring archive, record, what is derived of it and the index to the servers that FILE names, or back into the home's folder.

    All servers are asked first. Files are compared by their hashes, rows one by one, documents by number and id; only then config.toml names the
    new stores. Until then all is read and written where it was; stopped midway, the same command goes on. The old places stay as they are
    and hold what is withdrawn later: --remove-old takes them away. Exit code 1 when the archive lacks files that it should have. What people
    edit, tombstones and marks stay in the folder.
    """
    collection = collection_of(ctx)
    if (to is None) == (not remove_old):
        raise click.UsageError("say --to FILE, --to folder or --remove-old")
    if to is not None:
        with progress_shown() as progress:
            done = collection.migrate(to, progress=progress)
        if ctx.meta["casereviews.form"] == "json":
            emit(Answer(payload=done.to_json(), table=""), "json")
        else:
            brought = {
                "archive": f"{counted(done.files, 'file')} brought",
                "record": f"{counted(done.rows, 'row')} brought",
                "index": f"{counted(done.documents, 'document')} of {counted(done.reviews, 'review')} indexed",
            }
            for store in done.moved:
                click.echo(f"{store}: {brought[store]}")
            if not done.moved:
                click.echo("everything is there already")
        for place in done.left:
            click.echo(
                f"still there, and out of a withdrawal's reach: {place} (`migrate --remove-old` takes it away)",
                err=True,
            )
        for left in done.left_behind:
            click.echo(f"a copy of before had more: {left}", err=True)
        for sha256 in done.lacking:
            click.echo(
                f"NOT BROUGHT: the archive lacks {sha256}, or it is damaged (`casereviews refresh --recheck` fetches what is still published)",
                err=True,
            )
        if done.lacking:
            ctx.exit(EXIT_NOTHING)
        return
    places = collection.left_places()
    for place in places:
        click.echo(place, err=True)
    if places and not yes:
        click.confirm("Take away what lies there?", abort=True, err=True)
    with progress_shown() as progress:
        gone = collection.remove_old(progress=progress)
    if ctx.meta["casereviews.form"] == "json":
        emit(Answer(payload=gone.to_json(), table=""), "json")
    else:
        for place in gone.places:
            click.echo(f"taken away: {place}")
        if not gone.places:
            click.echo("nothing was left anywhere")
    for line in gone.left_behind:
        click.echo(str(line), err=True)
