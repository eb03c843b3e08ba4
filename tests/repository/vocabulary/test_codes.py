"""The code lists and their nearest right values."""

from __future__ import annotations

import pytest

from casereviews.repository.vocabulary.codes import (
    ADULT_TYPES,
    CODES,
    REVIEW_TYPES,
    STATUTORY_TYPES,
    nearest,
)


@pytest.mark.parametrize(
    ("word", "choice"),
    [
        ("LCSPR", "lcspr"),
        ("learning review", "learning_review"),
        ("thematic-review", "thematic_review"),
        ("lscpr", "lcspr"),
        ("zzz", None),
    ],
)
def test_the_nearest_code_is_named(word: str, choice: str | None) -> None:
    assert nearest(word, CODES["review_type"]) == choice


def test_kinds_of_types_are_types() -> None:
    assert set(REVIEW_TYPES) >= ADULT_TYPES | STATUTORY_TYPES
