"""Rows of a table as a data frame, with the column names of the schema."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from casereviews.collection.errors import NeedsData
from casereviews.collection.output.tables.arrow import arrow, arrow_schema, record_batches
from casereviews.collection.output.tables.rows import Row
from casereviews.collection.output.tables.schema import LIST, Table

if TYPE_CHECKING:
    import pandas
    import pyarrow


def arrow_table(table: Table, rows: Iterable[Row]) -> pyarrow.Table:
    """The rows in Arrow's types, read some thousand at a time. Raises NeedsData without pyarrow."""
    return arrow().Table.from_batches(record_batches(table, rows), arrow_schema(table))


def data_frame(table: Table, rows: Iterable[Row]) -> pandas.DataFrame:
    """The rows in pandas' types: Int64 and boolean, which have a place for what is unknown, datetime64, Python lists. Raises NeedsData."""
    try:
        import pandas
    except ImportError:
        raise NeedsData("pandas") from None
    pa = arrow()
    types = {pa.int64(): pandas.Int64Dtype(), pa.bool_(): pandas.BooleanDtype()}
    frame = arrow_table(table, rows).to_pandas(types_mapper=types.get, date_as_object=False)
    for column in table.columns:
        if column.type == LIST:
            frame[column.name] = [list(one) for one in frame[column.name]]
    return frame
