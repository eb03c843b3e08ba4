"""`themes`: what each theme and agency means, and how many reviews carry it."""

from __future__ import annotations

import click

from casereviews.collection.asking.listed_themes import GROUPS
from casereviews.collection.output import ROWS, Answer, Column
from casereviews.collection.output.wording import counted
from casereviews.search_cli.completing import completed
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, output_options

COLUMNS = (
    Column("id", "Id"),
    Column("label", "Theme"),
    Column("group", "Group", words=lambda row, _: row["group_label"]),
    Column("group_label", "Group's name", wide=True),
    Column("reviews", "Reviews", right=True),
    Column("definition", "What is the case"),
)


@examples("themes list --group agency", "themes list --csv > themes.csv")
@click.group("themes")
def command() -> None:
    """The themes and agencies that reviews are described by."""


@examples("themes list --group parent_factor", "themes list --json")
@command.command("list")
@click.option(
    "--group",
    "groups",
    multiple=True,
    help=f"Only this group: {', '.join(GROUPS)}.",
    shell_complete=completed(lambda _: GROUPS),
)
@output_options(*ROWS)
@click.pass_context
def list_(ctx: click.Context, groups: tuple[str, ...]) -> Answer:
    """List the themes: id, name, group, definition, and how many reviews carry it, counted as `stats --by theme` counts.

    A home's own `themes.csv` adds to them and changes them. Search for one by its id or its name: `search --theme neglect`.
    """
    listed = collection_of(ctx).themes(groups)
    rows = [one.to_json() for one in listed.themes]
    note = "nothing was collected yet, so no reviews are counted: run `casereviews refresh` or `casereviews demo`"
    if listed.of is not None:
        note = f"counted: {counted(listed.of, 'review')} ({listed.understood})"
    return Answer(payload=rows, columns=COLUMNS, rows=rows, notes=(note,))
