"""The code lists and their nearest right values."""

from __future__ import annotations

import pytest

from casereviews.repository.vocabulary.codes import (
    ADULT_TYPES,
    CODES,
    REVIEW_TYPES,
    STATUTORY_TYPES,
    nearest,
    plain_name,
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


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Parental mental health", "parental_mental_health"),
        ("parental_mental-HEALTH", "parental_mental_health"),
        ("A child’s fear (Ynys Môn)", "a_childs_fear_ynys_mon"),
        ("A&E / 111", "a_e_111"),
        ("", ""),
    ],
)
def test_a_label_and_its_code_are_the_same_name_however_they_are_written(
    text: str, plain: str
) -> None:
    assert plain_name(text) == plain
