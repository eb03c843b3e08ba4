"""`withdraw`: take a review, a document or a version out everywhere, for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from casereviews.collection.output import Answer
from casereviews.collection.output.hostile import for_line
from casereviews.collection.output.wording import counted
from casereviews.search_cli.completing import ANY_IDS
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, emit, output_options

if TYPE_CHECKING:
    from casereviews import Withdrawal


@examples("withdraw hampshire-7k3f9q --reason 'the board asked'")
@click.command("withdraw")
@click.argument("identifier", metavar="ID", shell_complete=ANY_IDS)
@click.option("--reason", required=True, help="Why: it is kept with the tombstone.")
@click.option("--version", type=int, help="Only this version of a document.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@output_options("json")
@click.pass_context
def command(
    ctx: click.Context, identifier: str, reason: str, version: int | None, yes: bool
) -> None:
    """Take ID out of archive, databases, index, page texts, vectors, feeds, saved results and logs.

    Title, publisher and address of every document that goes are shown before it is asked. A tombstone (hashes, reason, date) stops
    it from coming back. Afterwards every file under the home is searched for its bytes, words, names and addresses, and what
    was found or could not be reached is said, with what to do: exports that this home knows of (`exports.jsonl`) are named by date. What was stopped midway is finished by the next command that writes.
    Of servers it is said what they still hold and until when: exit code 3 when something is left that does not go by itself.
    """
    collection = collection_of(ctx)
    for one in collection.to_withdraw(identifier, version=version):
        which = f"version {version} of " if version else ""
        said = f"{which}{one.document_id} {one.title} - {one.publisher} {one.address}"
        click.echo(for_line(said.rstrip()), err=True)
    if not yes:
        what = f"version {version} of {identifier}" if version else identifier
        click.confirm(f"Take {what} out of this home for good?", abort=True, err=True)
    done = collection.withdraw(identifier, reason=reason, version=version)
    if ctx.meta["casereviews.form"] == "json":
        emit(Answer(payload=done.to_json(), table=""), "json")
    else:
        for line in (*taken_out(done.withdrawal), *done.exported(), *done.going()):
            click.echo(line)
        if done.marks:
            click.echo(f"took out {counted(done.marks, 'mark')} (marks.csv)")
    for line in (*done.unseen(), *done.left()):
        click.echo(for_line(line), err=True)
    if done.stays:
        ctx.exit(3)


def taken_out(done: Withdrawal) -> list[str]:
    """What was taken out, and what lies beyond reach."""
    if not done.document_ids and not done.touched_ids:
        return [
            "was withdrawn before: all places are cleaned again (its words are no longer known, so only its files were looked for)"
        ]
    lines = [
        f"withdrew {counted(len(done.document_ids), 'document')}, {counted(len(done.sha256s), 'file')}"
    ]
    lines += [f"out of reach: {place}" for place in done.beyond_reach]
    return lines
