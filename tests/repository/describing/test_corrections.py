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
    refuse_contradiction,
    take_back,
)
from casereviews.repository.describing.resolve import ADDED, TAKEN_OUT
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
        ("theme+", "Neglect|practice_voice", "harm_neglect|practice_voice"),
        ("theme -", "harm_neglect", "harm_neglect"),
        ("subject_labels+", "Heron", "Heron"),
        ("age_months_max", "1440", "1440"),
        ("outcome", "Serious harm", "serious_harm"),
        ("review_type", "Serious Case Review|Thematic review", "scr|thematic_review"),
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
        ("theme=harm_neglekt", "did you mean 'harm_neglect' or "),
        ("theme+=harm_neglekt", "did you mean 'harm_neglect' or "),
        ("theme-=zzzz", "it can be agency|it can be child_"),
        ("theme+=", "needs the value"),
        ("sex+=girl", "sex has one value: write sex=VALUE"),
        ("same_as+=a", "no field 'same_as'"),
        ("age_months_min=1441", "0 to 1440 .120 years."),
        ("age_months_max=-1", "whole number of months"),
        ("published=1899", "from 1945 on"),
        ("death_date=2027-01-01", "later than 2026-11-28"),
        ("published=2026-12", "later than 2026-11-28"),
        ("incident_from=2027", "later than 2026-11-28"),
    ],
)
def test_what_is_wrong_is_told_with_the_nearest_right_value(words: str, message: str) -> None:
    with pytest.raises(CorrectionError, match=message):
        checked(*words.split("="), made="2026-11-28")


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


def test_single_values_are_added_and_taken_out_and_the_latest_word_on_each_counts() -> None:
    said = [("theme+", "a|b"), ("theme-", "b"), ("theme-", "c"), ("theme+", "c")]
    corrections = Corrections(tuple(Correction("r1", *one) for one in said))
    facts = [(fact.value, fact.raw, fact.rule) for fact in corrections.facts_for("r1")]
    assert facts == [("a", "a", ADDED), ("", "b", TAKEN_OUT), ("c", "c", ADDED)]
    whole = Corrections((*corrections.all, Correction("r1", "theme", "d")))
    assert [fact.value for fact in whole.facts_for("r1")] == ["d"]


def test_a_theme_that_the_home_has_no_more_stays_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "corrections.toml"
    path.write_text('[[correction]]\nid = "r"\nfield = "theme+"\nvalue = "harm_ours"\n', "utf-8")
    assert load_corrections(path).all == (Correction("r", "theme+", "harm_ours"),)


def test_the_least_age_is_never_above_the_most(tmp_path: Path) -> None:
    path = tmp_path / "corrections.toml"
    with pytest.raises(CorrectionError, match="age_months_min 30 is above age_months_max 24"):
        add_correction(path, "r", "age_months_min", "30", standing={"age_months_max": "24"})
    add_correction(path, "r", "age_months_min", "20", standing={"age_months_max": "24"})
    text = '[[correction]]\nid = "r"\nfield = "age_months_max"\nvalue = "12"\n'
    path.write_text(path.read_text("utf-8") + text, "utf-8")
    with pytest.raises(CorrectionError, match="r: age_months_min 20 is above"):
        load_corrections(path)


@pytest.mark.parametrize(
    ("before", "last", "against"),
    [
        ([("a", "same_as", "b"), ("b", "same_as", "c")], ("a", "not_same_as", "c"), "b same_as=c"),
        ([("a", "not_same_as", "c"), ("b", "same_as", "c")], ("a", "same_as", "b"), "a not_same_as=c"),
        ([("a", "same_as", "b")], ("doc-a", "not_same_as", "b"), None),
        ([("a", "not_same_as", "b")], ("b", "same_as", "a"), None),
        ([("a", "not_same_as", "b"), ("c", "same_as", "d")], ("b", "same_as", "c"), None),
    ],
)  # fmt: skip
def test_a_join_that_a_parting_forbids_is_refused_by_name(
    before: list[tuple[str, str, str]], last: tuple[str, str, str], against: str | None
) -> None:
    said = [Correction(*one) for one in (*before, last)]
    now = {key: f"doc-{key}" for key in "abcd"}
    if against is None:
        refuse_contradiction(said, now)
    else:
        with pytest.raises(CorrectionError, match=f"correct --undo {against}"):
            refuse_contradiction(said, now)


def test_what_is_taken_back_leaves_the_rest_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "corrections.toml"
    first = add_correction(path, "r", "sex", "girl", note="x")
    path.write_text(path.read_text("utf-8") + "\n# looked at by two of us\n", "utf-8")
    second = add_correction(path, "r", "sex", "boy", note="y")
    take_back(path, second)
    assert load_corrections(path).all == (first,)
    assert "# looked at by two of us" in path.read_text("utf-8")
