"""SQLite: one file with all tables and their full text, and beside it what Datasette shows them by; standard library only.

Lists are JSON, which SQLite's own functions and Datasette's facets read; dates are ISO texts, true and false 1 and 0.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

from casereviews.collection.errors import CannotWrite
from casereviews.collection.output.tables import schema
from casereviews.collection.output.tables.form import About, TableForm, Unlisted
from casereviews.collection.output.tables.rows import Cell, Row
from casereviews.collection.output.tables.schema import TABLES, TYPES_OF, Column, Table
from casereviews.repository.vocabulary import Vocabulary

METADATA = ".metadata.json"
FULL_TEXT = {"reviews": ("title", "summary"), "recommendations": ("text", "addressee")}
"""Table -> the columns whose words are searched, in a table of its name and `_fts`."""
_TOKENS = "porter unicode61 remove_diacritics 2"
_TYPES = {schema.INTEGER: "INTEGER", schema.NUMBER: "REAL", schema.BOOLEAN: "INTEGER"}
FACETS = {
    "reviews": (
        "nation",
        "year",
        "publisher",
        "outcome",
        "review_type",
        "age_bands",
        "harms",
        "themes",
    ),
    "recommendations": ("addressee",),
    "facts": ("field", "origin"),
}
"""Table -> the columns whose values Datasette counts beside its rows, for every page that it shows: few, and each value of a list costs."""


class SQLiteTables:
    """Writes each row as it comes, in one transaction."""

    def __init__(self, connection: sqlite3.Connection, metadata: Path, database: str) -> None:
        self.connection, self.metadata, self.database = connection, metadata, database
        self.inserts = {
            one.name: f'INSERT INTO "{one.name}" VALUES ({", ".join("?" * len(one.columns))})'
            for one in TABLES
        }
        for one in TABLES:
            connection.execute(_made(one))
        connection.execute("CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL)")

    def write(self, table: str, row: Row) -> None:
        self.connection.execute(self.inserts[table], [*map(_cell, row.values())])

    def finish(self, about: About, unlisted: Unlisted) -> None:
        self.connection.executemany(
            "INSERT INTO about VALUES (?, ?)",
            [(name, json.dumps(value, ensure_ascii=False)) for name, value in about.items()],
        )
        for table in TABLES:
            types = TYPES_OF[table.name]
            counted = [one for one in FACETS.get(table.name, ()) if types[one] != schema.LIST]
            for column in (*(one for one, _ in table.refers), *counted):
                self.connection.execute(
                    f'CREATE INDEX "{table.name}_{column}" ON "{table.name}" ("{column}")'
                )
        for name, columns in FULL_TEXT.items():
            self.connection.execute(
                f"CREATE VIRTUAL TABLE {name}_fts USING fts5({', '.join(columns)}, content='{name}', tokenize='{_TOKENS}')"
            )
            self.connection.execute(f"INSERT INTO {name}_fts({name}_fts) VALUES ('rebuild')")
        self.connection.commit()
        self.connection.execute("ANALYZE")
        text = json.dumps(_metadata(self.database, about), ensure_ascii=False, indent=1)
        self.metadata.write_text(text + "\n", "utf-8")


def _made(table: Table) -> str:
    keys = [f"PRIMARY KEY ({', '.join(table.key)})"]
    keys += [
        f"FOREIGN KEY ({column}) REFERENCES {other}({column})" for column, other in table.refers
    ]
    return f'CREATE TABLE "{table.name}" ({", ".join([*map(_column, table.columns), *keys])})'


def _column(column: Column) -> str:
    kind = _TYPES.get(column.type, "TEXT")
    return f'"{column.name}" {kind}{" NOT NULL" if column.required else ""}'


def _cell(value: Cell) -> str | int | float | None:
    if isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if isinstance(value, date) else value


def _metadata(database: str, about: About) -> dict[str, object]:
    """What Datasette reads with `--metadata` (docs.datasette.io, "Metadata")."""
    licence, *_ = about["licenses"]  # type: ignore[misc]
    return {
        "title": about["title"],
        "description": about["description"],
        "license": licence["title"],  # type: ignore[has-type]
        "source": about["provenance"],
        "databases": {database: {"tables": {one.name: _table_metadata(one) for one in TABLES}}},
    }


def _table_metadata(table: Table) -> dict[str, object]:
    said: dict[str, object] = {
        "description": table.about,
        "columns": {one.name: one.about for one in table.columns},
    }
    if units := {one.name: one.unit for one in table.columns if one.unit}:
        said["units"] = units
    if table.name == "reviews":
        said |= {"label_column": "title", "sort_desc": "published"}
    if table.name in FACETS:
        types = TYPES_OF[table.name]
        said["facets"] = [
            {"array": one} if types[one] == schema.LIST else one for one in FACETS[table.name]
        ]
    if table.name in FULL_TEXT:
        said |= {"fts_table": f"{table.name}_fts"}
    return said


@contextmanager
def opened(folder: Path, name: str, vocabulary: Vocabulary) -> Iterator[SQLiteTables]:
    """A writer of one database and its metadata."""
    path = folder / name
    try:
        with closing(sqlite3.connect(path)) as connection:
            # The folder is thrown away when anything fails: no journal is needed, and the file is flushed when it is whole.
            connection.execute("PRAGMA journal_mode = OFF")
            connection.execute("PRAGMA synchronous = OFF")
            yield SQLiteTables(connection, folder / f"{path.stem}{METADATA}", path.stem)
    except sqlite3.OperationalError as error:
        if "fts5" not in str(error):
            raise
        raise CannotWrite(
            "this Python's SQLite has no full text search (FTS5): use another Python, or --duckdb"
        ) from error


FORM = TableForm(
    "sqlite",
    "a SQLite database to a file, and beside it what Datasette shows it by",
    opened,
    stale=("-wal", "-shm", "-journal"),
)
