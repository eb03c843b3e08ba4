"""Rows of a table as an Arrow table and as a data frame, with the column names and types of the schema."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from itertools import islice
from typing import Any

from casereviews.collection.errors import CollectionError
from casereviews.collection.output.tables.rows import Row
from casereviews.collection.output.tables.schema import (
    BOOLEAN,
    DATE,
    INTEGER,
    LIST,
    NUMBER,
    TEXT,
    Table,
)

AT_A_TIME = 5_000
"""So many rows are Python objects at once; Arrow holds them in a fraction of the space."""


class NoDataFrames(CollectionError):
    """Data frames need an extra that is not installed."""

    def __init__(self, missing: str) -> None:
        super().__init__(
            f'tables need the extra [data] ({missing} is missing): pip install "casereviews[data]"'
        )


def arrow_table(table: Table, rows: Iterable[Row]) -> Any:
    """A `pyarrow.Table` of the rows; lists as lists, dates as days, None where a value is unknown. Raises NoDataFrames."""
    pa = _library("pyarrow")
    types = {
        TEXT: pa.string(),
        INTEGER: pa.int64(),
        NUMBER: pa.float64(),
        BOOLEAN: pa.bool_(),
        DATE: pa.date32(),
        LIST: pa.list_(pa.string()),
    }
    schema = pa.schema([pa.field(one.name, types[one.type]) for one in table.columns])
    every = iter(rows)
    batches = []
    while some := list(islice(every, AT_A_TIME)):
        batches.append(pa.RecordBatch.from_pylist(some, schema))
    return pa.Table.from_batches(batches, schema)


def data_frame(table: Table, rows: Iterable[Row]) -> Any:
    """A `pandas.DataFrame` of the rows: numbers are nullable Int64, dates datetime64, lists Python lists. Raises NoDataFrames."""
    pd = _library("pandas")
    pa = _library("pyarrow")
    nullable = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    frame = arrow_table(table, rows).to_pandas(types_mapper=nullable.get, date_as_object=False)
    for column in table.columns:
        if column.type == LIST:
            frame[column.name] = [list(one) for one in frame[column.name]]
    return frame


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise NoDataFrames(error.name or name) from None
