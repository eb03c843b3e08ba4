"""Corrections as rows, for the verbs that list them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from casereviews.collection.output import Answer, Column

if TYPE_CHECKING:
    from casereviews import Correction

COLUMNS = (
    Column("id", "ID"),
    Column("field", "Field"),
    Column("value", "Value"),
    Column("note", "Note"),
    Column("made", "Made"),
)
WITH_EVIDENCE = (
    *COLUMNS,
    Column("page", "Page", right=True),
    Column("evidence", "Evidence"),
    Column("by", "By", wide=True),
    Column("start", "Start", wide=True),
    Column("end", "End", wide=True),
)
"""Of what came back from a coded project."""


def listed(corrections: Iterable[Correction]) -> Answer:
    """The corrections in all forms of rows."""
    rows = [one.to_json() for one in corrections]
    return Answer(
        payload=rows,
        columns=COLUMNS,
        rows=rows,
        empty="nothing is corrected: casereviews correct ID FIELD=VALUE --note WHY",
    )
