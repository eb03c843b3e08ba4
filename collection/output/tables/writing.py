"""Writing tables: each review is taken, its rows are written, and it is let go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from casereviews.collection.output.tables import duckdb, package, parquet, sqlite
from casereviews.collection.output.tables.form import TableForm
from casereviews.collection.output.tables.placing import NothingWritten, placed
from casereviews.collection.output.tables.provenance import Circumstances, Tally
from casereviews.collection.output.tables.rows import ROWS, code_rows
from casereviews.collection.output.withholding import ExportedReview
from casereviews.collection.progress import SILENT, Progress

FORMS: Mapping[str, TableForm] = {
    one.FORM.name: one.FORM for one in (parquet, duckdb, sqlite, package)
}
"""The forms of tables by name."""


@dataclass(frozen=True, slots=True)
class Written:
    """Tables that were written to `path`. `rows` counts the rows of each table, `scopes` reviews by scope (child, adult...);
    `left_out` says in words what the tables do not have, `described_before` counts documents that other rules than today's described, `review_ids`
    are those of the reviews that they hold: where there is none, nothing was written."""

    path: Path
    form: str
    rows: Mapping[str, int]
    scopes: Mapping[str, int]
    left_out: tuple[str, ...]
    described_before: int
    review_ids: tuple[str, ...]


def write_tables(
    form: TableForm,
    path: Path,
    reviews: Iterable[ExportedReview],
    given: Circumstances,
    progress: Progress = SILENT,
) -> Written:
    """Write the tables of reviews to a file or folder, whole or not at all; of no review nothing is written.

    Raises RequestError for a place that is not replaced or whose folder is missing, NeedsData without the extra [data], CannotWrite.
    """
    tally = Tally(given)
    try:
        with (
            placed(path, form) as folder,
            form.open(folder, path.name, given.vocabulary) as writer,
        ):
            for done, review in enumerate(reviews, 1):
                for table, rows in ROWS.items():
                    for row in rows(review):
                        tally.row(table, row)
                        writer.write(table, row)
                tally.review(review)
                progress.step("reviews written", done)
            if not tally.review_ids:
                raise NothingWritten
            for row in code_rows(given.vocabulary, given.rules_version):
                tally.row("codes", row)
                writer.write("codes", row)
            writer.finish(tally.about(), tally.unlisted)
    except NothingWritten:
        pass
    return Written(
        path,
        form.name,
        dict(tally.rows),
        dict(tally.scopes.most_common()),
        tally.left_out(),
        tally.rules.total() - tally.rules[given.rules_version],
        tuple(tally.review_ids),
    )
