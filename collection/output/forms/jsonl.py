"""JSON lines: one record a line."""

from __future__ import annotations

import json
from collections.abc import Iterator

from casereviews.collection.output.answer import Answer
from casereviews.collection.output.form import Form
from casereviews.collection.output.hostile import for_json


def render(answer: Answer) -> Iterator[str]:
    """Every record as one line of JSON, streamed."""
    for record in answer.records:
        yield for_json(json.dumps(record, ensure_ascii=False))


FORM = Form("jsonl", "JSON, one record a line", "records", "jsonl", render, streamed=True)
