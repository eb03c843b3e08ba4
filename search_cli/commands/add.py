"""`add`: reports that were sent on request or come from a site that cannot be read, kept like all others."""

from __future__ import annotations

import click

from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of
from casereviews.search_cli.progress import progress_shown


@examples("add report.pdf --publisher hampshire --title 'Child X: Serious Case Review'")
@click.command("add")
@click.argument("what", metavar="FILE|URL|FOLDER", nargs=-1, required=True)
@click.option(
    "--publisher", required=True, help="Who published it: a source's id or name, or any name."
)
@click.option("--title", default="", help="Its title, as it would stand on the board's page.")
@click.option(
    "--published", default="", help="When it was published: 2021, March 2021, 17/03/2021."
)
@click.option("--heading", default="", help="The heading it stood under, such as a review's name.")
@click.option("--nation", help="For a publisher that is in no registry.")
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
    """Add files, addresses or folders by hand: read, described, grouped and withdrawn like all others, origin manual."""
    with progress_shown() as progress:
        stored = collection_of(ctx).add(
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
    for one in stored:
        click.echo(f"{one.document_id or '(withdrawn before: refused)'}  {one.result}")
