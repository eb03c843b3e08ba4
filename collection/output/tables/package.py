"""A Frictionless data package: a folder of CSV files and the `datapackage.json` that describes them; standard library only."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

from casereviews.collection.output.hostile import for_cell
from casereviews.collection.output.tables.descriptor import DESCRIPTOR, described
from casereviews.collection.output.tables.form import About, TableForm, Unlisted
from casereviews.collection.output.tables.rows import Cell, Row
from casereviews.collection.output.tables.schema import TABLES
from casereviews.repository.vocabulary import Vocabulary

ENDING = ".csv"


class PackageTables:
    """Writes each row as it comes."""

    def __init__(self, folder: Path, vocabulary: Vocabulary, stack: ExitStack) -> None:
        self.folder, self.vocabulary, self.stack = folder, vocabulary, stack
        self.files = {}
        for one in TABLES:
            path = folder / f"{one.name}{ENDING}"
            file = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
            self.files[one.name] = csv.writer(file, lineterminator="\r\n")
            self.files[one.name].writerow(column.name for column in one.columns)

    def write(self, table: str, row: Row) -> None:
        self.files[table].writerow(map(_cell, row.values()))

    def finish(self, about: About, unlisted: Unlisted) -> None:
        self.stack.close()
        package = described(
            self.folder,
            about,
            self.vocabulary,
            unlisted,
            ENDING,
            mediatype="text/csv",
            encoding="utf-8",
            dialect={"lineTerminator": "\r\n"},
        )
        text = json.dumps(package, ensure_ascii=False, indent=1)
        (self.folder / DESCRIPTOR).write_text(text + "\n", "utf-8")


def _cell(value: Cell) -> str:
    """As the standard reads it: lists as JSON, dates ISO, and a text that a spreadsheet would take for a formula led by an apostrophe."""
    if isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else for_cell(value)


@contextmanager
def opened(folder: Path, name: str, vocabulary: Vocabulary) -> Iterator[PackageTables]:
    """A writer of one CSV file a table, and of what describes them."""
    with ExitStack() as stack:
        yield PackageTables(folder, vocabulary, stack)


FORM = TableForm(
    "package",
    "a Frictionless data package (CSV with its schema) to a folder",
    opened,
    folder=True,
    files=(DESCRIPTOR, *(f"{one.name}{ENDING}" for one in TABLES)),
)
