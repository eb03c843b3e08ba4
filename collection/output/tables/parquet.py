"""Parquet: a folder with a file a table, for R's arrow, pandas, DuckDB and Spark (the extra `[data]`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from casereviews.collection.output.tables.arrow import Groups, arrow, arrow_schema
from casereviews.collection.output.tables.descriptor import described
from casereviews.collection.output.tables.form import About, TableForm, Unlisted
from casereviews.collection.output.tables.rows import Row
from casereviews.collection.output.tables.schema import TABLES
from casereviews.repository.vocabulary import Vocabulary

ENDING = ".parquet"
ABOUT = "about.json"
"""Where the tables come from, and what their columns mean."""


class ParquetTables:
    """Writes rows in groups, so that no more are held than one of each table."""

    def __init__(self, folder: Path, vocabulary: Vocabulary, stack: ExitStack) -> None:
        arrow()
        import pyarrow.parquet

        self.folder, self.vocabulary, self.stack = folder, vocabulary, stack
        self.groups: dict[str, Groups] = {}
        for one in TABLES:
            path = folder / f"{one.name}{ENDING}"
            file = stack.enter_context(
                pyarrow.parquet.ParquetWriter(path, arrow_schema(one), compression="zstd")
            )
            self.groups[one.name] = Groups(one, file.write_table)

    def write(self, table: str, row: Row) -> None:
        self.groups[table].add(row)

    def finish(self, about: About, unlisted: Unlisted) -> None:
        for one in self.groups.values():
            one.flush()
        self.stack.close()
        package = described(self.folder, about, self.vocabulary, unlisted, ENDING)
        text = json.dumps(package, ensure_ascii=False, indent=1)
        (self.folder / ABOUT).write_text(text + "\n", "utf-8")


@contextmanager
def opened(folder: Path, name: str, vocabulary: Vocabulary) -> Iterator[ParquetTables]:
    """A writer of one file a table, and of what describes them."""
    with ExitStack() as stack:
        yield ParquetTables(folder, vocabulary, stack)


FORM = TableForm(
    "parquet",
    "Parquet files to a folder, for R, pandas and DuckDB",
    opened,
    folder=True,
    files=(ABOUT, *(f"{one.name}{ENDING}" for one in TABLES)),
)
