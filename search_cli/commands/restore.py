"""`restore`: a backup becomes a home again."""

from __future__ import annotations

from pathlib import Path

import click

from casereviews.collection.output.wording import counted
from casereviews.search_cli.edge import tell
from casereviews.search_cli.errors import EXIT_NOTHING
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of
from casereviews.search_cli.progress import progress_shown


@examples("restore /mnt/backups/casereviews")
@click.command("restore")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--copy", metavar="NAME", help="This copy of DIR [default: the newest].")
@click.pass_context
def command(ctx: click.Context, folder: Path, copy: str | None) -> None:
    """Bring a copy that `backup DIR` made back into --home, then make readings, descriptions and index again.

    The home is an empty or a new folder, or one whose record.db was lost (a damaged one: move it away first). What people edited
    there since stays. What was withdrawn after the copy was made stays withdrawn. Exit code 1 when the backup lacks files.
    """
    with progress_shown() as progress:
        done, rebuilt = collection_of(ctx).restore(folder, copy=copy, progress=progress)
    click.echo(
        f"restored {done.copy} (made {done.made}): {counted(done.archived, 'file')}, "
        f"{counted(rebuilt.built.documents, 'document')} of {counted(rebuilt.built.reviews, 'review')} indexed",
        err=True,
    )
    for name in done.passed_over:
        click.echo(
            f"passed over: {folder / name} is younger, but no whole copy (it has no copy.json)",
            err=True,
        )
    for name in done.kept:
        tell(f"left as it is in the home: {name} (the copy has another one)")
    for sha256 in done.lacking:
        click.echo(
            f"NOT RESTORED: the backup lacks {sha256}, or it is damaged (`casereviews refresh --recheck` fetches what is still published)",
            err=True,
        )
    if done.lacking:
        ctx.exit(EXIT_NOTHING)
