"""An occurrence of a phrase, as a concordance shows it."""

from __future__ import annotations

from dataclasses import dataclass

from casereviews.repository.json_record import JsonRecord


@dataclass(frozen=True, slots=True)
class Occurrence(JsonRecord):
    """A phrase where it stands: its page (`page` counts the file's pages from 1, `label` is the printed number) and its context."""

    review_id: str
    document_id: str
    title: str | None
    page: int
    label: str | None
    before: str
    match: str
    after: str
    file_url: str | None
