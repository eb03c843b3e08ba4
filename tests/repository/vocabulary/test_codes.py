"""The code lists and their nearest right values."""

from __future__ import annotations

import pytest

from casereviews.repository.vocabulary.codes import (
    ADULT_TYPES,
    CODES,
    REVIEW_TYPES,
    STATUTORY_TYPES,
    is_code,
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


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        ("review_type", "scr|thematic_review", True),
        ("review_type", "scr|thematic", False),
        ("sex", "girl|boy", False),
        ("title", "anything", True),
    ],
)
def test_several_codes_are_allowed_only_where_a_field_joins_them(
    field: str, value: str, allowed: bool
) -> None:
    assert is_code(field, value) is allowed


def test_kinds_of_types_are_types() -> None:
    assert set(REVIEW_TYPES) >= ADULT_TYPES | STATUTORY_TYPES
