"""`withdraw`: take a review, a document or a version out everywhere, for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from casereviews.search_cli.options import home_of, now
from casereviews.search_cli.output.hostile import for_line
from casereviews.search_cli.output.wording import counted

if TYPE_CHECKING:
    from casereviews.repository.withdrawals import Withdrawal


@click.command("withdraw")
@click.argument("identifier", metavar="ID")
@click.option("--reason", required=True, help="Why: it is kept with the tombstone.")
@click.option("--version", type=int, help="Only this version of a document.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def command(
    ctx: click.Context, identifier: str, reason: str, version: int | None, yes: bool
) -> None:
    """Take ID out of archive, databases, index, page texts, vectors, feeds, saved results and logs.

    A tombstone (hashes, address, reason, date) stops it from coming back. Afterwards every file under the home is
    searched for its bytes and words, and what was found or could not be reached is said.
    """
    from casereviews.repository.lock import writing
    from casereviews.repository.withdrawals import withdraw
    from casereviews.search_cli.commands.mark import current, forget
    from casereviews.search_cli.indexing import purge_from_index
    from casereviews.search_cli.kept_files import forget_copies

    home = home_of(ctx)
    if not yes:
        click.confirm(f"Take {identifier} out of this home for good?", abort=True, err=True)
    with writing(home, "withdraw") as vocabulary:
        marks = current(home)
        done = withdraw(
            home, identifier, reason=reason, version=version, now=now(), vocabulary=vocabulary
        )
        purge_from_index(home, done, vocabulary)
        forget_copies(done.document_ids)
        unmarked = forget(home, marks, done.review_ids)
        findings = done.canary()
    for line in told(done):
        click.echo(line)
    if unmarked:
        click.echo(f"took out {counted(unmarked, 'mark')} (marks.csv)")
    for finding in findings:
        click.echo(
            f"STILL THERE: {for_line(f'{finding.path} ({finding.where}): {finding.what}')}",
            err=True,
        )
    if findings:
        ctx.exit(3)


def told(done: Withdrawal) -> list[str]:
    """What was taken out, and what lies beyond reach."""
    if not done.document_ids and not done.touched_ids:
        return ["was withdrawn before; what may have been left of it is gone"]
    lines = [
        f"withdrew {counted(len(done.document_ids), 'document')}, {counted(len(done.sha256s), 'file')}"
    ]
    lines += [f"out of reach: {place}" for place in done.beyond_reach]
    return lines
