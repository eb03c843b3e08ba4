"""Parquet: a folder with a file a table, for R's arrow, pandas, DuckDB and Spark (the extra `[data]`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from casereviews.collection.output.tables.arrow import AT_A_TIME, arrow, arrow_schema, record_batch
from casereviews.collection.output.tables.descriptor import described
from casereviews.collection.output.tables.form import About, TableForm, Unlisted
from casereviews.collection.output.tables.rows import Row
from casereviews.collection.output.tables.schema import TABLES, table_named
from casereviews.repository.vocabulary import Vocabulary

ENDING = ".parquet"
ABOUT = "about.json"
"""Where the tables come from, and what their columns mean."""


class ParquetTables:
    """Writes rows in groups of AT_A_TIME, so that no more are held than that."""

    def __init__(self, folder: Path, vocabulary: Vocabulary, stack: ExitStack) -> None:
        arrow()
        import pyarrow.parquet

        self.folder, self.vocabulary, self.stack = folder, vocabulary, stack
        self.rows: dict[str, list[Row]] = {one.name: [] for one in TABLES}
        self.files: dict[str, Any] = {
            one.name: stack.enter_context(
                pyarrow.parquet.ParquetWriter(
                    folder / f"{one.name}{ENDING}", arrow_schema(one), compression="zstd"
                )
            )
            for one in TABLES
        }

    def write(self, table: str, row: Row) -> None:
        self.rows[table].append(row)
        if len(self.rows[table]) == AT_A_TIME:
            self._flush(table)

    def finish(self, about: About, unlisted: Unlisted) -> None:
        for name in self.rows:
            self._flush(name)
        self.stack.close()
        package = described(self.folder, about, self.vocabulary, unlisted, ENDING)
        text = json.dumps(package, ensure_ascii=False, indent=1)
        (self.folder / ABOUT).write_text(text + "\n", "utf-8")

    def _flush(self, table: str) -> None:
        if self.rows[table]:
            self.files[table].write_batch(record_batch(table_named(table), self.rows[table]))
            self.rows[table] = []


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
