"""`briefing`: what many reviews say of one matter, drafted from their own sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casereviews.collection.output import Answer
from casereviews.collection.output.wording import counted
from casereviews.search_cli.errors import BadRequest
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, filter_options, output_options, write
from casereviews.search_cli.written_down import file_of_stdout, write_down

if TYPE_CHECKING:
    from casereviews.collection.briefing.records import Briefing

ENDINGS = (".md", ".html", ".docx")


@examples("briefing 'bruis* (baby OR infant)'", "briefing --theme neglect --to neglect.docx")
@click.command("briefing")
@click.argument("query", nargs=-1)
@filter_options
@click.option(
    "--to",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help=f"Write it to this file, as its ending says: {', '.join(ENDINGS)}.",
)
@output_options("json")
@click.pass_context
def command(
    ctx: click.Context,
    query: tuple[str, ...],
    filters: Mapping[str, Sequence[str]],
    file: Path | None,
) -> Answer | None:
    """Draft a briefing of the reviews that match QUERY and the filters, as Markdown.

    How many they are; what happened, what was found wanting, recommended and done well, in sentences that are the reports' own, each with
    review, page and link. Nothing is written by a model; read every sentence on its page before you rely on it.
    """
    if file is not None and file.suffix.lower() not in ENDINGS:
        raise BadRequest(f"{file}: a briefing is written as {', '.join(ENDINGS)}: choose an ending")
    collection = collection_of(ctx)
    briefing = collection.briefing(" ".join(query), filters=filters)
    if not briefing.reviews or ctx.meta["casereviews.form"] == "json":
        return Answer(
            payload=briefing.to_json(),
            rows=[{"review": 1}] if briefing.reviews else [],
            empty=f"no review matches ({briefing.understood}): ask for less",
        )
    if file is None:
        from casereviews.collection.briefing.markdown import markdown

        write(iter([markdown(briefing)]), newline=False)
        if place := file_of_stdout():
            write_down(collection, "briefing", place, _quoted(briefing))
        return None
    _written(briefing, file)
    write_down(collection, "briefing", file, _quoted(briefing))
    click.echo(
        f"{file}: {counted(len(briefing.quotations), 'quotation')} of {counted(briefing.reviews, 'review')}",
        err=True,
    )
    return None


def _quoted(briefing: Briefing) -> list[tuple[str, list[str]]]:
    return [(one.review_id, [one.document_id]) for one in briefing.quotations]


def _written(briefing: Briefing, file: Path) -> None:
    from casereviews.collection.briefing import html, markdown, word
    from casereviews.search_cli.user_files import replace

    kind = file.suffix.lower()
    if kind == ".docx":
        replace(file, word.docx(briefing))
    else:
        replace(file, html.page(briefing) if kind == ".html" else markdown.markdown(briefing))
