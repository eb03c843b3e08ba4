"""The code lists and their nearest right values."""

from __future__ import annotations

import pytest

from casereviews.repository.fields import FIELDS
from casereviews.repository.vocabulary import PACKAGED
from casereviews.repository.vocabulary.codes import (
    ADULT_TYPES,
    CODES,
    REVIEW_TYPES,
    STATUTORY_TYPES,
    TEXT_LABELS,
    labels_of,
    nearest,
    plain_name,
)
from casereviews.repository.vocabulary.rules import load_rules


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


@pytest.mark.parametrize(
    ("field", "rules", "beside"),
    [
        ("plan_status", "plans", {"none"}),
        ("living_where", "living", set()),
        ("school_status", "school", {"below_school_age"}),
        ("source_of_harm", "harm_sources", {"self", "animal", "unknown"}),
        ("methodology", "methods", set()),
    ],
)
def test_every_word_that_the_rules_write_has_a_label(
    field: str, rules: str, beside: set[str]
) -> None:
    assert set(TEXT_LABELS[field]) == beside | set(load_rules(rules).codes)


def test_no_label_is_written_as_a_code_or_stands_for_two() -> None:
    lists = [labels_of(codes) for codes in CODES] + list(TEXT_LABELS.values())
    assert [label for labels in lists for label in labels.values() if "_" in label] == []
    assert [labels for labels in lists if len(set(labels.values())) < len(labels)] == []


@pytest.mark.parametrize(
    ("field", "value", "read"),
    [
        ("review_type", "scr", "Serious Case Review"),
        ("review_type", "scr|thematic_review", "Serious Case Review, Thematic review"),
        ("theme", ("harm_neglect", "child_gone"), ["Neglect", "child_gone"]),
        ("age_band", ("under_1", "1_5"), ["under 1", "1–5"]),
        ("plan_status_now", ("s20",), ["section 20"]),
        ("plan_status_ever", "enquiry", "section 47 enquiry"),
        ("school_status", "post_16", "post-16"),
        ("title", "an_odd_title|of two", "an_odd_title|of two"),
        ("year", 2021, 2021),
        ("outcome", None, None),
    ],
)
def test_a_value_is_read_as_its_label_and_what_is_no_code_as_it_stands(
    field: str, value: object, read: object
) -> None:
    (row,) = (one for one in FIELDS if one.name == field)
    assert PACKAGED.worded(row, value) == read
