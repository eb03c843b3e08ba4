"""`rebuild`: make readings, descriptions or the index again from what is kept, without the web."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from casereviews.search_cli.errors import CannotRun
from casereviews.search_cli.options import home_of, now
from casereviews.search_cli.output.wording import counted
from casereviews.search_cli.progress import telling

if TYPE_CHECKING:
    from casereviews.repository.home import Home
    from casereviews.repository.vocabulary import Vocabulary

Step = Callable[[str, int, "int | None"], None]


@click.command("rebuild")
@click.option(
    "--reading", is_flag=True, help="Read again what a better reader could now read, and only that."
)
@click.option("--describing", is_flag=True, help="Describe every document again.")
@click.option("--index", "only_index", is_flag=True, help="Build the index (and vectors) anew.")
@click.option(
    "--everything", is_flag=True, help="Throw all that is derived away and make it again."
)
@click.pass_context
def command(
    ctx: click.Context, reading: bool, describing: bool, only_index: bool, everything: bool
) -> None:
    """Make derived things again: readings, descriptions, groups, index.

    Without options: describe every document by the rules of this version, then build the index anew. Searches go on
    meanwhile; stopped midway, the next rebuild or refresh goes on.
    """
    from casereviews.repository.lock import writing
    from casereviews.search_cli.indexing import bring_up_to_date, build_anew

    home = home_of(ctx)
    if not home.record_db.exists():
        raise CannotRun(
            "nothing was collected yet: run `casereviews refresh` or `casereviews demo`"
        )
    with telling() as teller, writing(home, "rebuild") as vocabulary:
        if everything:
            home.derived_db.unlink(missing_ok=True)
        if everything or reading or describing or not only_index:
            again = describing or not (reading or only_index)
            _process(
                home, reading=reading, describing=again, vocabulary=vocabulary, step=teller.step
            )
        if only_index or everything or not reading:
            built = build_anew(home, vocabulary=vocabulary, progress=teller.step)
        else:
            built = bring_up_to_date(home, vocabulary=vocabulary, progress=teller.step)
    click.echo(
        f"{counted(built.documents, 'document')} of {counted(built.reviews, 'review')} indexed",
        err=True,
    )


def _process(
    home: Home, *, reading: bool, describing: bool, vocabulary: Vocabulary, step: Step
) -> None:
    from casereviews.repository.processing import process
    from casereviews.repository.reading import better_could_read
    from casereviews.repository.record import Record
    from casereviews.repository.record.derived import Derived

    with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
        run_id = record.begin_run("rebuild", now())
        if reading:
            again = [item.sha256 for item in derived.readings() if better_could_read(item)]
            derived.forget_readings(again)
            click.echo(f"{len(again)} files are read again", err=True)
        if describing:
            derived.forget_documents(list(derived.described()))
        process(record, derived, now=now(), vocabulary=vocabulary, progress=step)
        record.end_run(run_id, now(), "done", {})
