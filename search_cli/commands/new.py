"""`new`: what happened to documents since a day: new, its file arrived, changed, moved, missing, removed, unlisted, returned, held, withdrawn."""

from __future__ import annotations

import click

from casereviews.collection.asking.news import KINDS
from casereviews.collection.clock import now, today
from casereviews.collection.output import ROWS, Answer
from casereviews.collection.output.feeds import NEWS_COLUMNS
from casereviews.search_cli.completing import SOURCE_IDS
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, output_options


@examples("new --since 2026-03-01", "new --kind removed --csv")
@click.command("new")
@click.option(
    "--since", metavar="DAY", help="From this day on (2026-03-01) [default: the last run]."
)
@click.option(
    "--source", "source_ids", multiple=True, help="Only of this source.", shell_complete=SOURCE_IDS
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice(KINDS),
    help="Only what happened so.",
)
@output_options(*ROWS, "atom")
@click.pass_context
def command(
    ctx: click.Context, since: str | None, source_ids: tuple[str, ...], kinds: tuple[str, ...]
) -> Answer:
    """Tell what is new since a day or since the last run."""
    collection = collection_of(ctx)
    news = collection.news(since, sources=source_ids, kinds=kinds)
    on_screen = ctx.meta.get("casereviews.form") in ("table", "json")
    taken = [one.to_json() for one in (news if on_screen else collection.without_names(news))]
    return Answer(
        payload=[one.to_json() for one in news],
        columns=NEWS_COLUMNS,
        rows=taken,
        records=taken,
        title="casereviews: what is new",
        empty="nothing new",
        accessed=today(),
        at=now(),
    )
