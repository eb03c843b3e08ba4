"""Sentences as a report might have them that tell of a theme: what a second opinion compares evidence with, beside the definition.

They stand in `theme_examples.csv`, one a row, and are invented: none is of a real report. A home's own themes have none.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from casereviews.repository.vocabulary.tables import read_table
from casereviews.repository.vocabulary.themes import FOLDER


@cache
def load_theme_examples() -> Mapping[str, tuple[str, ...]]:
    """The example sentences by theme id."""
    examples: dict[str, tuple[str, ...]] = {}
    for _, row in read_table(FOLDER / "theme_examples.csv", ("theme_id", "sentence")):
        examples[row["theme_id"]] = (*examples.get(row["theme_id"], ()), row["sentence"])
    return examples
