"""`corrections`: all that people corrected, and what comes back from a coded project."""

from __future__ import annotations

from pathlib import Path

import click

from casereviews.collection.output import ROWS, Answer
from casereviews.collection.output.hostile import for_line
from casereviews.collection.output.wording import counted
from casereviews.search_cli.edge import tell
from casereviews.search_cli.examples import examples
from casereviews.search_cli.listed_corrections import WITH_EVIDENCE, listed
from casereviews.search_cli.options import collection_of, output_options
from casereviews.search_cli.progress import progress_shown


@examples("corrections", "corrections import neglect-coded.qdpx --dry-run")
@click.group("corrections", invoke_without_command=True)
@output_options(*ROWS)
@click.pass_context
def command(ctx: click.Context) -> Answer | None:
    """List all corrections, as `correct --list` does, or take codings back with `corrections import FILE`."""
    if ctx.invoked_subcommand:
        return None
    return listed(collection_of(ctx).corrections())


@examples("corrections import coded.qdpx --dry-run", "corrections import coded.qdpx")
@command.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@output_options(*ROWS)
@click.pass_context
def import_(ctx: click.Context, file: Path, dry_run: bool) -> Answer:
    """Take back what was changed in a coded project FILE (.qdpx) that `export --qdpx` made, as corrections with their evidence.

    A theme or agency that was given to a passage is added with page, passage and coder; one that was moved has the new passage as its evidence; one
    that lies on no source of its case any more is taken out. A case's variable that was changed is corrected, where it is a field of the review.
    Codes that are not ours, cases and sources that are not known again, texts that were changed and reviews that were described anew
    since are counted and named, and nothing of them is applied. The same file again changes nothing.
    """
    with progress_shown() as progress:
        done = collection_of(ctx).import_codings(file, dry_run=dry_run, progress=progress)
    for one in done.left_out:
        tell(for_line(f"not applied: {one.what} {one.name}: {one.why}"))
    what = "would be made" if dry_run else "made"
    told = f"{counted(done.reviews, 'review')} of this home in {for_line(file.name)} ({done.origin}): {counted(len(done.corrections), 'correction')} {what}"
    notes = [told]
    if done.standing:
        notes.append(f"{done.standing:,} stand already")
    if done.further:
        notes.append(
            f"{counted(done.further, 'further passage')} with a code that stands by another passage of its document: not kept"
        )
    if done.left_out:
        notes.append(f"{len(done.left_out):,} not applied, named above")
    return Answer(
        payload=done.to_json(),
        columns=WITH_EVIDENCE,
        rows=[one.to_json() for one in done.corrections],
        notes=tuple(notes),
        empty="nothing changes",
        empty_is_done=True,
    )
