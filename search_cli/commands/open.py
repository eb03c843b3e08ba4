"""`open`: a document as the publisher published it, from the archive or at its address."""

from __future__ import annotations

import click

from casereviews.collection.output.hostile import for_line
from casereviews.search_cli.completing import SHOWN_IDS
from casereviews.search_cli.errors import BadRequest, CannotRun
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of


@examples("open hampshire-7k3f9q --page 12", "open hampshire-7k3f9q --web --print")
@click.command("open")
@click.argument("identifier", metavar="ID", shell_complete=SHOWN_IDS)
@click.option("--page", type=click.IntRange(1), help="Open at this page of the file.")
@click.option("--web", is_flag=True, help="Open the publisher's address instead of the kept file.")
@click.option("--print", "only_print", is_flag=True, help="Print what would be opened.")
@click.pass_context
def command(
    ctx: click.Context, identifier: str, page: int | None, web: bool, only_print: bool
) -> None:
    """Open a review's best document, or a document.

    The kept file is copied to a temporary folder under a name with its right ending, so that the archive is never
    touched by the program that opens it; nobody else can read the copy, and it goes a day later, when another is opened, or
    with a withdrawal. Of a web page it is the text: its scripts never run.
    """
    collection = collection_of(ctx)
    document = collection.document(identifier)
    if web:
        target = document.url or document.landing_url
        if not target:
            raise BadRequest(f"{identifier} has no web address: it was added by hand")
    else:
        target = collection.readable_copy(document).as_uri()
    target = for_line(target)
    if page:
        target = f"{target}#page={page}"
    click.echo(target)
    if only_print:
        return
    if not target.startswith(("http://", "https://", "file://")):
        raise BadRequest(f"{target} is no address of the web: it is not opened")
    if click.launch(target) != 0:
        raise CannotRun("no program opened it: open the address above by hand")
