"""`doctor`: compare record, archive and index; repair what can be; warn of what will hurt later."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from casereviews.collection.output import ROWS, Answer, Column
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, output_options
from casereviews.search_cli.user_files import text_of

COLUMNS = (
    Column("check", "Check"),
    Column("state", "State"),
    Column("detail", "Detail"),
)


@examples("doctor", "doctor --deep", "doctor --repair")
@click.command("doctor")
@click.option("--repair", is_flag=True, help="Repair what can be: takes the home's lock.")
@click.option(
    "--deep",
    is_flag=True,
    help="Read every kept file and compare its hash; look for what was withdrawn, on servers too.",
)
@click.option(
    "--for",
    "file",
    metavar="FILE",
    type=click.File("rb"),
    help="Words of a report that was withdrawn, a line each (- for the keyboard): looked for in every place.",
)
@output_options(*ROWS)
@click.pass_context
def command(ctx: click.Context, repair: bool, deep: bool, file: Any) -> Answer:
    """Look the home over. Exit code 3 when something is wrong that was not repaired.

    Of what was withdrawn the home knows digests and ids alone; who still has the report gives its words by --for. Places that cannot be looked into are named.
    """
    words = [line.strip() for line in text_of(file).splitlines() if line.strip()] if file else []
    findings = collection_of(ctx).doctor(repair=repair, deep=deep, words=words)
    rows = [asdict(finding) for finding in findings]
    if any(finding.state == "wrong" for finding in findings):
        ctx.call_on_close(lambda: ctx.exit(3))
    return Answer(payload=rows, columns=COLUMNS, rows=rows)
