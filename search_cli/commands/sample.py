"""`sample`: reviews drawn to be coded by hand, and the sheet for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from casereviews.collection.output import ROWS, Answer, Column
from casereviews.collection.output.places import refuse_in_home
from casereviews.collection.output.wording import counted
from casereviews.search_cli.errors import BadRequest
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, filter_options, output_options, parted
from casereviews.search_cli.written_down import write_down

if TYPE_CHECKING:
    from casereviews import Sample

COLUMNS = (
    Column("review_id", "Review"),
    Column("title", "Title"),
    Column("documents", "Documents", right=True),
    Column("links", "Where", wide=True),
)


@examples(
    "sample --n 40 --by year,nation --to coding",
    "sample --n 40 --by year,nation --seed 7 --to coding",
    "sample neglect --n 20 --fields age,sex,outcome,theme --to coding",
)
@click.command("sample")
@click.argument("query", nargs=-1)
@filter_options
@click.option("--n", type=click.IntRange(1), default=40, show_default=True, help="So many reviews.")
@click.option(
    "--by", multiple=True, metavar="FIELD,...", help="Stratify by these facets, in proportion."
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    help="Draw the same sample again [default: a new one, which is told].",
)
@click.option(
    "--fields",
    multiple=True,
    metavar="FIELD,...",
    help="What is to be coded [default: what a report tells of its case].",
)
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the sheet to fill, its codebook and how to code to this folder.",
)
@output_options(*ROWS)
@click.pass_context
def command(
    ctx: click.Context,
    query: tuple[str, ...],
    filters: Mapping[str, Sequence[str]],
    n: int,
    by: tuple[str, ...],
    seed: int | None,
    fields: tuple[str, ...],
    folder: Path | None,
) -> Answer:
    """Draw reviews that match QUERY and the filters (all of children without), to be coded by hand.

    The same home, question and seed give the same reviews. The sheet says where to read each and nothing of what the program says of it;
    `agree` compares it with that when it is filled. Reviews of which no file is kept are left out, and named.
    """
    collection = collection_of(ctx)
    sample = collection.sample(
        " ".join(query), n=n, by=parted(by), seed=seed, fields=parted(fields), filters=filters
    )
    notes = _notes(sample)
    if folder is not None and sample.reviews:
        refuse_in_home(folder, collection.home.root)
        _write(sample, folder)
        write_down(collection, "sample", folder, ((one.review_id, ()) for one in sample.reviews))
        notes = (
            *notes,
            f"{folder}: fill in sheet.csv, then: casereviews agree {folder / 'sheet.csv'}",
        )
    elif sample.reviews:
        notes = (*notes, "--to FOLDER writes the sheet to fill")
    rows = [
        {
            "review_id": one.review_id,
            "title": one.title,
            "documents": len(one.documents),
            "links": list(one.links),
        }
        for one in sample.reviews
    ]
    return Answer(
        payload=sample.to_json(),
        columns=COLUMNS,
        rows=rows,
        notes=notes,
        empty=f"no review to draw from ({sample.understood}): ask for less",
    )


def _notes(sample: Sample) -> tuple[str, ...]:
    drawn = counted(len(sample.reviews), "review")
    notes = [f"drawn: {drawn} of {sample.frame:,} ({sample.understood}); seed {sample.seed}"]
    if sample.asked > len(sample.reviews):
        notes.append(f"{sample.asked:,} were asked for: there are no more")
    if sample.by:
        none = [one for one in sample.strata if not one.drawn]
        told = f"strata by {' and '.join(sample.by)}: {len(sample.strata):,}, in proportion, rounded by largest remainders"
        if none:
            left = sum(one.reviews for one in none)
            told += f"; {len(none):,} too small for a review ({counted(left, 'review')} in them)"
        notes.append(told)
    if sample.without_file:
        notes.append(f"left out, for no file of them is kept: {', '.join(sample.without_file)}")
    return tuple(notes)


def _write(sample: Sample, folder: Path) -> None:
    """The files of a sample in a folder, which is made; a sheet that stands there may be filled, and is not replaced."""
    from casereviews.collection.reliability.sheet import files_of
    from casereviews.search_cli.user_files import named_file, replace

    files = files_of(sample)
    there = [name for name in files if (folder / name).exists()]
    if there:
        raise BadRequest(
            f"{folder / there[0]} is there already, and may be filled in: choose another folder"
        )
    with named_file(folder):
        folder.mkdir(exist_ok=True)
    for name, text in files.items():
        replace(folder / name, text)
