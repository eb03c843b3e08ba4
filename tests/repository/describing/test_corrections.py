"""Corrections: checked with the nearest right value, written so that people can edit them, latest wins."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casereviews.repository.describing.corrections import (
    Correction,
    Corrections,
    add_correction,
    checked,
    load_corrections,
)
from casereviews.repository.errors import CorrectionError
from casereviews.repository.model import Fact


def test_what_is_added_is_read_again_and_comments_of_people_stay(tmp_path: Path) -> None:
    path = tmp_path / "corrections.toml"
    first = add_correction(
        path,
        "northmoor-7k3f9q",
        "review_type",
        "scr|thematic_review",
        note="The cover says\n so.",
        made="2026-03-01",
    )
    path.write_text(path.read_text("utf-8") + "\n# looked at by two of us\n", "utf-8")
    second = add_correction(path, "northmoor-7k3f9q", "published", "17 March 2021")
    assert first == Correction(
        "northmoor-7k3f9q", "review_type", "scr|thematic_review", "The cover says so.", "2026-03-01"
    )
    assert load_corrections(path) == Corrections(
        (first, Correction("northmoor-7k3f9q", "published", "2021-03-17"))
    )
    assert second.value == "2021-03-17"
    assert "# looked at by two of us" in path.read_text("utf-8")


def test_the_latest_correction_of_a_field_becomes_the_manual_fact() -> None:
    corrections = Corrections(
        (
            Correction("d1", "sex", "girl"),
            Correction("d2", "sex", "mixed"),
            Correction("d1", "sex", "boy", "Page 3."),
        )
    )
    assert corrections.facts_for("d1", "r1") == (
        Fact("sex", "boy", "boy", "manual", 1.0, evidence="Page 3.", rule="correction"),
    )


def test_joining_and_parting_are_pairs_and_the_latest_word_counts() -> None:
    corrections = Corrections(
        (
            Correction("a", "same_as", "b"),
            Correction("c", "not_same_as", "a"),
            Correction("b", "not_same_as", "a"),
        )
    )
    assert (corrections.same, corrections.apart) == ((), (("a", "b"), ("a", "c")))
    assert corrections.facts_for("a", "b", "c") == ()


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("published", "2021-03", "2021-03"),
        ("published", "March 2021", "2021-03"),
        ("published", "2021", "2021"),
        ("areas", "Kent|hampshire", "Kent|Hampshire"),
        ("subject_labels", "Child Q | Heron", "Child Q|Heron"),
        ("age_months_min", "14", "14"),
        ("sex", "", ""),
        ("theme", "harm_neglect", "harm_neglect"),
    ],
)
def test_values_are_kept_in_their_one_form(field: str, value: str, kept: str) -> None:
    assert checked(field, value) == kept


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("review_typ=scr", "did you mean 'review_type'"),
        ("review_type=lcsp", "did you mean 'lcspr'"),
        ("published=soon", "write 2021, 2021-03"),
        ("areas=Hampshyre", "did you mean 'Hampshire'"),
        ("theme=harm_neglekt!", "did you mean 'harm_neglect'"),
        ("age_months_min=two", "whole number"),
        ("anonymous=no", "there is no field 'anonymous' to correct"),
        ("same_as=", "needs the id"),
    ],
)
def test_what_is_wrong_is_told_with_the_nearest_right_value(words: str, message: str) -> None:
    with pytest.raises(CorrectionError, match=message):
        checked(*words.split("="))


def test_a_title_is_bounded() -> None:
    assert checked("title", "W" * 1000) == "W" * 1000
    with pytest.raises(CorrectionError, match="title has 1,001 letters: write at most 1,000"):
        checked("title", "W" * 1001)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[correction]\n", "no valid TOML"),
        (
            '[[correction]]\nid = "a"\nfield = "sex"\nvalue = "gurl"\n',
            "correction 1: 'gurl' is no value of sex: did you mean 'girl'",
        ),
        (
            '[[correction]]\nid = "a"\nfeld = "sex"\nvalue = "girl"\n',
            "an entry has id, field, value",
        ),
        ('[corrections]\nid = "a"\n', "only .*correction.* entries are known"),
    ],
)
def test_a_broken_file_is_told_by_file_and_entry_and_not_written_to(
    tmp_path: Path, text: str, message: str
) -> None:
    path = tmp_path / "corrections.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(CorrectionError, match=message):
        add_correction(path, "a", "sex", "girl")
    assert path.read_text("utf-8") == text


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_note_and_label_survive_the_file(
    tmp_path_factory: pytest.TempPathFactory, label: str, note: str
) -> None:
    path = tmp_path_factory.mktemp("home") / "corrections.toml"
    made = add_correction(path, "d1", "title", label, note=note)
    assert load_corrections(path).all == (made,)


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
    if allowed:
        assert checked(field, value) == value
    else:
        with pytest.raises(CorrectionError):
            checked(field, value)
