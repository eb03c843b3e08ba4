"""CSL-JSON (Citation Style Language 1.0.2, `csl-data.json`) as Zotero, pandoc and Quarto read it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from casereviews.collection.output.answer import Answer
from casereviews.collection.output.citations import Citation, cited
from casereviews.collection.output.form import Form
from casereviews.collection.output.hostile import for_json


def render(answer: Answer) -> Iterator[str]:
    """One list of reports; an item a line."""
    lead = "["
    for record in answer.records:
        item = _item(cited(record, answer.accessed, answer.vocabulary))
        yield lead + "\n" + for_json(json.dumps(item, ensure_ascii=False))
        lead = ","
    yield "[]\n" if lead == "[" else "\n]\n"


def _item(citation: Citation) -> dict[str, Any]:
    body = [{"literal": citation.publisher}] if citation.publisher else []
    listed = citation.listed_at and f"Listed at {citation.listed_at}"
    item = {
        "id": citation.key,
        "type": "report",
        "title": citation.title,
        "author": body,
        "publisher": citation.publisher,
        "genre": citation.kind,
        "issued": _date(citation.date),
        "accessed": _date(tuple(citation.accessed.split("-"))) if citation.accessed else None,
        "URL": citation.url,
        "abstract": citation.abstract,
        "keyword": ", ".join(word.replace(",", " /") for word in citation.keywords),
        "language": citation.language,
        "note": "; ".join(filter(None, (*citation.pages, citation.note, listed))),
    }
    return {key: value for key, value in item.items() if value}


def _date(parts: tuple[str, ...]) -> dict[str, Any] | None:
    numbers = [int(part) for part in parts if part.isdigit()]
    return {"date-parts": [numbers]} if numbers else None


FORM = Form(
    "csl-json",
    "CSL-JSON, for Zotero and pandoc",
    "records",
    "json",
    render,
    streamed=True,
    cites=True,
    ends_lines=True,
    abstracts=True,
)
