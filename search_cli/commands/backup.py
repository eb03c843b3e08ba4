"""`backup`: a copy of what cannot be made again."""

from __future__ import annotations

from pathlib import Path

import click

from casereviews.collection.output.wording import counted
from casereviews.search_cli.errors import EXIT_NOTHING
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of
from casereviews.search_cli.progress import progress_shown


@examples("backup /mnt/backups/casereviews", "backup /mnt/backups/casereviews --keep 30")
@click.command("backup")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    help="So many copies stay, this one included [default: 14].",
)
@click.pass_context
def command(ctx: click.Context, folder: Path, keep: int | None) -> None:
    """Copy record, tombstones, archive and what people edit to DIR; run it after every `refresh`.

    Files that DIR has already are not copied again; older copies than the newest --keep go. Older copies that hold what was
    withdrawn since go. Exit code 1 when the home lacks files that it should have (they are named, `doctor` says more), or an older copy is damaged.
    """
    with progress_shown() as progress:
        done = collection_of(ctx).backup(folder, keep=keep, progress=progress)
    click.echo(str(done.copy))
    click.echo(
        f"record and settings, {counted(done.archived, 'file')} in the archive, {done.fresh} of them new",
        err=True,
    )
    if done.pruned:
        click.echo(f"{counted(len(done.pruned), 'older backup')} removed", err=True)
    if done.withdrawn:
        click.echo(
            f"{counted(len(done.withdrawn), 'older backup')} removed: they held what was withdrawn since",
            err=True,
        )
    for name in done.unclear:
        click.echo(
            f"DAMAGED: {folder / name} is no whole copy, and may hold what was withdrawn: delete that folder",
            err=True,
        )
    for sha256 in done.lacking:
        click.echo(f"NOT BACKED UP: the home's archive lacks {sha256}, or it is damaged", err=True)
    if done.lacking or done.unclear:
        ctx.exit(EXIT_NOTHING)
