"""An occurrence of a phrase, as a concordance shows it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Occurrence:
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

    def to_json(self) -> dict[str, Any]:
        """The row as the contract of `kwic --json` has it."""
        return asdict(self)
