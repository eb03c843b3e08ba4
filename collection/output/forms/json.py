"""JSON: the contract, indented, in Unicode."""

from __future__ import annotations

import json
from collections.abc import Iterator

from casereviews.collection.output.answer import Answer
from casereviews.collection.output.form import Form
from casereviews.collection.output.hostile import for_json


def render(answer: Answer) -> Iterator[str]:
    """The payload as one JSON document."""
    yield for_json(json.dumps(answer.payload, ensure_ascii=False, indent=2))


FORM = Form("json", "JSON", "rows", "json", render)
