"""CSV as Excel wants it: a byte-order mark, CRLF, and no cell that is read as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from casereviews.collection.output.answer import Answer
from casereviews.collection.output.form import Form
from casereviews.collection.output.hostile import for_cell

BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as the machine's old code page


def render(answer: Answer) -> Iterator[str]:
    """A heading row of keys, then the rows; lists joined by "; ".

    The day of access and a caution stand in columns of their own: a line above or below would be no row.
    """
    buffer = io.StringIO()
    buffer.write(BYTE_ORDER_MARK)
    writer = csv.writer(buffer, lineterminator="\r\n")
    keys = [column.key for column in answer.columns]
    said = {"accessed": answer.accessed, "caution": answer.caution}
    same = {key: value for key, value in said.items() if value and key not in keys}
    writer.writerow([for_cell(key) for key in (*keys, *same)])
    for row in answer.rows:
        writer.writerow([*(for_cell(row.get(key)) for key in keys), *same.values()])
        if buffer.tell() > 65_536:
            yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text


FORM = Form(
    "csv",
    "CSV that opens right in Excel",
    "rows",
    "csv",
    render,
    streamed=True,
    cites=True,
    ends_lines=True,
)
