"""`add`: reports that were sent on request or come from a site that cannot be read, kept like all others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from casereviews.collection.output.hostile import for_line
from casereviews.collection.output.wording import counted
from casereviews.search_cli.completing import NATIONS, SOURCE_IDS
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of
from casereviews.search_cli.progress import progress_shown

if TYPE_CHECKING:
    from casereviews import Added

NAMED = 10  # skipped files that are named


@examples("add report.pdf --publisher hampshire --title 'Child X: Serious Case Review'")
@click.command("add")
@click.argument("what", metavar="FILE|URL|FOLDER", nargs=-1, required=True)
@click.option(
    "--publisher",
    required=True,
    help="Who published it: a source's id or name, or any name.",
    shell_complete=SOURCE_IDS,
)
@click.option("--title", default="", help="Its title, as it would stand on the board's page.")
@click.option(
    "--published", default="", help="When it was published: 2021, March 2021, 17/03/2021."
)
@click.option("--heading", default="", help="The heading it stood under, such as a review's name.")
@click.option("--nation", help="For a publisher that is in no registry.", shell_complete=NATIONS)
@click.option(
    "--scope",
    type=click.Choice(["child", "adult", "both"]),
    help="For a publisher that is in no registry [default: child].",
)
@click.option("--landing-url", default=None, help="The page where people find it.")
@click.pass_context
def command(
    ctx: click.Context,
    what: tuple[str, ...],
    publisher: str,
    title: str,
    published: str,
    heading: str,
    nation: str | None,
    scope: str | None,
    landing_url: str | None,
) -> None:
    """Add files, addresses or folders by hand: read, described, grouped and withdrawn like all others, origin manual.

    A line for each: its document's id, what became of it, its name, and what could not be read of it. Without --title
    the first page says what it is called. Ends with 1 when nothing of it could be read.
    """
    with progress_shown() as progress:
        added = collection_of(ctx).add(
            what,
            publisher=publisher,
            title=title,
            published=published,
            heading=heading,
            nation=nation,
            scope=scope,
            landing_url=landing_url,
            progress=progress,
        )
    skipped = [Path(one.name).name for one in added if one.result == "skipped"]
    asked = [one for one in added if one.result != "skipped"]
    for one in asked:
        click.echo(for_line(_line(one)))
    if skipped:
        more = f" and {len(skipped) - NAMED} more" if len(skipped) > NAMED else ""
        named = for_line(", ".join(skipped[:NAMED]))
        click.echo(
            f"skipped {counted(len(skipped), 'file')} of other endings: {named}{more}", err=True
        )
    if all(one.has_failed for one in asked):
        ctx.exit(1)


def _line(one: Added) -> str:
    """Its document's id, what became of it, its name, and in words what could not be read at once."""
    if one.result == "withdrawn":
        return f"(withdrawn before: refused) {one.name}"
    said = ": ".join(filter(None, (one.status if one.status != "ok" else "", one.detail)))
    return f"{one.document_id or '(not kept)'} {one.result} {one.name}{' - ' if said else ''}{said}"
