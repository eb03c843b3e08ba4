"""DuckDB: one file with all tables, lists as lists, dates as dates, each column with its meaning (the extra `[data]`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from casereviews.collection.errors import CannotWrite, NeedsData
from casereviews.collection.output.tables import schema
from casereviews.collection.output.tables.arrow import Groups, arrow
from casereviews.collection.output.tables.form import About, TableForm, Unlisted
from casereviews.collection.output.tables.rows import Row
from casereviews.collection.output.tables.schema import TABLES, Column, Table
from casereviews.repository.vocabulary import Vocabulary

MOST_MEMORY = "128MB"
"""What DuckDB may hold while it writes: by itself it takes most of the machine's."""
_TYPES = {
    schema.TEXT: "VARCHAR",
    schema.INTEGER: "BIGINT",
    schema.NUMBER: "DOUBLE",
    schema.BOOLEAN: "BOOLEAN",
    schema.DATE: "DATE",
    schema.LIST: "VARCHAR[]",
}


class DuckDBTables:
    """Writes rows in groups, so that no more are held than one of each table."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.groups = {one.name: Groups(one, partial(self._insert, one.name)) for one in TABLES}
        for one in TABLES:
            for statement in _made(one):
                connection.execute(statement)

    def write(self, table: str, row: Row) -> None:
        self.groups[table].add(row)

    def finish(self, about: About, unlisted: Unlisted) -> None:
        for one in self.groups.values():
            one.flush()
        self.connection.execute("CREATE TABLE about (name VARCHAR NOT NULL, value JSON NOT NULL)")
        self.connection.executemany(
            "INSERT INTO about VALUES (?, ?)",
            [(name, json.dumps(value, ensure_ascii=False)) for name, value in about.items()],
        )
        self.connection.execute("CHECKPOINT")

    def _insert(self, table: str, rows: Any) -> None:
        self.connection.register("rows_to_write", rows)
        self.connection.execute(f'INSERT INTO "{table}" SELECT * FROM rows_to_write')
        self.connection.unregister("rows_to_write")


def _made(table: Table) -> Iterator[str]:
    """The statements that make a table and say what it and its columns mean."""
    columns = ", ".join(map(_column, table.columns))
    yield f'CREATE TABLE "{table.name}" ({columns})'
    yield f'COMMENT ON TABLE "{table.name}" IS {_quoted(table.about)}'
    for one in table.columns:
        unit = f" ({one.unit})" if one.unit else ""
        yield f'COMMENT ON COLUMN "{table.name}"."{one.name}" IS {_quoted(one.about + unit)}'


def _column(column: Column) -> str:
    return f'"{column.name}" {_TYPES[column.type]}{" NOT NULL" if column.required else ""}'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def opened(folder: Path, name: str, vocabulary: Vocabulary) -> Iterator[DuckDBTables]:
    """A writer of one database."""
    try:
        import duckdb
    except ImportError:
        raise NeedsData("duckdb") from None
    arrow()
    try:
        with closing(
            duckdb.connect(str(folder / name), config={"memory_limit": MOST_MEMORY})
        ) as connection:
            yield DuckDBTables(connection)
    except duckdb.Error as error:
        raise CannotWrite(f"DuckDB cannot write its file: {error}") from error


FORM = TableForm("duckdb", "a DuckDB database to a file", opened, stale=(".wal",))
