"""`export --qdc` and `--qdpx`: what programs for qualitative analysis open."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casereviews.collection.output.wording import counted
from casereviews.search_cli.edge import tell
from casereviews.search_cli.errors import EXIT_NOTHING
from casereviews.search_cli.progress import progress_shown
from casereviews.search_cli.user_files import named_file, replace
from casereviews.search_cli.written_down import write_down

if TYPE_CHECKING:
    from collections.abc import Callable

    from casereviews import Collection, Results


def coding_options(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--qdc`, `--qdpx` and `--texts` to a verb."""
    file = click.Path(path_type=Path, dir_okay=False)
    for option in (
        click.option(
            "--texts", is_flag=True, help="With --qdpx: put the whole text of reports in."
        ),
        click.option(
            "--qdpx",
            type=file,
            help="Write a coded project for NVivo, MAXQDA, ATLAS.ti, QualCoder to this file (REFI-QDA).",
        ),
        click.option("--qdc", type=file, help="Write the codebook alone to this file (REFI-QDA)."),
    ):
        verb = option(verb)
    return verb


def write_coding(
    collection: Collection,
    found: Results | None,
    *,
    qdc: Path | None,
    qdpx: Path | None,
    texts: bool,
    names: bool,
) -> None:
    """Write the files that were asked for, whole or not at all, and say what is in them; exit 1 where there is no review to write."""
    from casereviews.collection.output.places import refuse_in_home, refuse_other_file

    for form, path in (("qdc", qdc), ("qdpx", qdpx)):
        if path is not None:
            refuse_in_home(path, collection.home.root)
            with named_file(path):
                refuse_other_file(path, form)
    if qdc is not None:
        replace(qdc, collection.codebook())
        tell(f"{qdc}: the codebook, themes, agencies and coded fields")
    if qdpx is not None:
        _write_project(collection, found, qdpx, texts=texts, names=names)


def _write_project(
    collection: Collection, found: Results | None, path: Path, *, texts: bool, names: bool
) -> None:
    from casereviews.collection.output.coding.project import WARNING
    from casereviews.repository.whole_files import replacing

    if found is not None and not found.hits:
        click.echo("nothing found: no file was written", err=True)
        sys.exit(EXIT_NOTHING)
    with named_file(path), replacing(path) as out, progress_shown() as progress:
        done = collection.write_project(out, found, texts=texts, names=names, progress=progress)
    parts = (
        counted(done.cases, "case"),
        counted(done.sources, "source"),
        counted(done.codings, "coding"),
    )
    tell(f"{path}: {', '.join(parts)}")
    write_down(collection, "qdpx", path, done.held, texts=texts)
    if done.unplaced:
        tell(
            f"{counted(done.unplaced, 'fact')} left without a coding: no sentence of this project says it"
        )
    if texts:
        tell(WARNING)
