"""`doctor`: compare record, archive and index; repair what can be; warn of what will hurt later."""

from __future__ import annotations

from dataclasses import asdict

import click

from casereviews.collection.output import ROWS, Answer, Column
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, output_options

COLUMNS = (
    Column("check", "Check"),
    Column("state", "State"),
    Column("detail", "Detail"),
)


@examples("doctor", "doctor --deep", "doctor --repair")
@click.command("doctor")
@click.option("--repair", is_flag=True, help="Repair what can be: takes the home's lock.")
@click.option("--deep", is_flag=True, help="Read every kept file and compare its hash.")
@output_options(*ROWS)
@click.pass_context
def command(ctx: click.Context, repair: bool, deep: bool) -> Answer:
    """Look the home over. Exit code 3 when something is wrong that was not repaired."""
    findings = collection_of(ctx).doctor(repair=repair, deep=deep)
    rows = [asdict(finding) for finding in findings]
    if any(finding.state == "wrong" for finding in findings):
        ctx.call_on_close(lambda: ctx.exit(3))
    return Answer(payload=rows, columns=COLUMNS, rows=rows)
