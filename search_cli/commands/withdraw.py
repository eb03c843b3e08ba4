"""`withdraw`: take a review, a document or a version out everywhere, for good."""

from __future__ import annotations

from typing import Any

import click

from search_cli.options import home_of, now
from search_cli.output.hostile import for_line


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
    from repository.withdrawals import withdraw

    from repository.lock import writing
    from search_cli.indexing import purge_from_index

    home = home_of(ctx)
    if not yes:
        click.confirm(f"Take {identifier} out of this home for good?", abort=True, err=True)
    with writing(home, "withdraw"):
        done = withdraw(home, identifier, reason=reason, version=version, now=now())
        purge_from_index(home, done)
        findings = done.canary()
    for line in told(done):
        click.echo(line)
    for finding in findings:
        click.echo(f"STILL THERE: {for_line(str(finding))}", err=True)
    if findings:
        ctx.exit(3)


def told(done: Any) -> list[str]:
    """What was taken out, and what lies beyond reach."""
    lines = [f"withdrew {len(done.document_ids)} documents, {len(done.sha256s)} files"]
    lines += [f"out of reach: {place}" for place in done.beyond_reach]
    return lines
