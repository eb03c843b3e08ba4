"""Hits as flat rows, for the forms that have columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casereviews.collection.output.answer import Column, in_words
from casereviews.collection.output.citations import page_citation
from casereviews.repository import fields

_TROUBLE = fields.PUBLISHED_AS["trouble"]

COLUMNS = (
    Column("rank", "#", right=True),
    Column("review_id", "Review"),
    *(
        Column(one.hit[1], one.label, wide=not one.brief, words=in_words(one, one.hit[1]))
        for one in fields.COLUMNS
        if one.hit
    ),
    Column("pages", "Pages"),
    Column("trouble", _TROUBLE.label, wide=True, words=in_words(_TROUBLE, "trouble")),
)


def row_of(hit: Mapping[str, Any]) -> dict[str, Any]:
    """A hit as a flat row: pages are cited, "p. 11 (file page 12)"."""
    return {**hit, "pages": list(dict.fromkeys(map(page_citation, hit.get("pages", ()))))}
