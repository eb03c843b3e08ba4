"""Tables as Apache Arrow (the extra `[data]`): what Parquet files, DuckDB and data frames are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from casereviews.collection.errors import NeedsData
from casereviews.collection.output.tables import schema
from casereviews.collection.output.tables.rows import Row
from casereviews.collection.output.tables.schema import Column, Table

if TYPE_CHECKING:
    import pyarrow

AT_A_TIME = 1_000
"""Rows that are held as Python's own; in Arrow they take a tenth."""
GROUP_BYTES = 8_000_000
"""So much of a table is written at once: about 15,000 facts, 3,000 reviews."""


def arrow() -> Any:
    """The library; NeedsData where it is not installed."""
    try:
        import pyarrow
    except ImportError:
        raise NeedsData("pyarrow") from None
    return pyarrow


def arrow_schema(table: Table) -> pyarrow.Schema:
    """The columns of a table in Arrow's types, each with its meaning as metadata (`description`, `unit`)."""
    pa = arrow()
    types = {
        schema.TEXT: pa.string(),
        schema.INTEGER: pa.int64(),
        schema.NUMBER: pa.float64(),
        schema.BOOLEAN: pa.bool_(),
        schema.DATE: pa.date32(),
        schema.LIST: pa.list_(pa.string()),
    }
    fields = [
        pa.field(one.name, types[one.type], not one.required, _metadata(one))
        for one in table.columns
    ]
    return pa.schema(fields, {"description": table.about, "schema_version": schema.SCHEMA_VERSION})


def _metadata(column: Column) -> dict[str, str]:
    return {"description": column.about} | ({"unit": column.unit} if column.unit else {})


def record_batch(table: Table, rows: Sequence[Row]) -> pyarrow.RecordBatch:
    """Rows of a table as one batch of `arrow_schema(table)`."""
    pa, shape = arrow(), arrow_schema(table)
    arrays = [pa.array([row[one.name] for row in rows], one.type) for one in shape]
    return pa.RecordBatch.from_arrays(arrays, schema=shape)


def record_batches(table: Table, rows: Iterable[Row]) -> Iterator[pyarrow.RecordBatch]:
    """Rows of a table as batches of AT_A_TIME rows."""
    stream = iter(rows)
    while some := list(islice(stream, AT_A_TIME)):
        yield record_batch(table, some)


class Groups:
    """Takes the rows of a table, and gives them to `written` as Arrow tables of some GROUP_BYTES."""

    def __init__(self, table: Table, written: Callable[[pyarrow.Table], object]) -> None:
        self.table, self.written = table, written
        self.rows: list[Row] = []
        self.batches: list[pyarrow.RecordBatch] = []
        self.size = 0

    def add(self, row: Row) -> None:
        """One row more."""
        self.rows.append(row)
        if len(self.rows) == AT_A_TIME:
            self._pack()
            if self.size >= GROUP_BYTES:
                self.flush()

    def flush(self) -> None:
        """Give what is left."""
        self._pack()
        if self.batches:
            self.written(arrow().Table.from_batches(self.batches))
            self.batches, self.size = [], 0

    def _pack(self) -> None:
        if self.rows:
            self.batches.append(record_batch(self.table, self.rows))
            self.size += self.batches[-1].nbytes
            self.rows = []
