"""`methods`: the text of a methods section, of what the home knows of itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from casereviews.collection.output import Answer
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, output_options, write
from casereviews.search_cli.user_files import name_of, text_of


@examples(
    "methods > methods.txt", "methods --log searches.jsonl --sheet coding/sheet.csv > methods.txt"
)
@click.command("methods")
@click.option(
    "--log",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The searches of `search --log`, as a table and in the flow of records.",
)
@click.option(
    "--sheet", type=click.File("rb"), help="A filled sheet of `sample`: what `agree` says of it."
)
@output_options("json")
@click.pass_context
def command(ctx: click.Context, log: Path | None, sheet: Any) -> Answer | None:
    """Print the text of a methods section, as Markdown.

    What was collected, when and from whom; what is missing; by which rules reviews were described, and how reliably; searches and
    screening. All numbers are looked up in the home; what it does not know is not said.
    """
    collection = collection_of(ctx)
    searches = collection.logged_searches(log) if log else ()
    agreement = None
    if sheet is not None:
        agreement = collection.agreement(text_of(sheet), where=name_of(sheet), differences=False)
    methods = collection.methods(searches=searches, agreement=agreement)
    if ctx.meta["casereviews.form"] == "json":
        return Answer(payload=methods.to_json(), rows=[{"methods": 1}])
    from casereviews.collection.reliability.methods_text import methods_markdown

    write(iter([methods_markdown(methods)]), newline=False)
    return None
