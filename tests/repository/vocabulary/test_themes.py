"""Themes: what is packaged, and how a file in the home changes it without code."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest

from casereviews.repository.errors import VocabularyError
from casereviews.repository.vocabulary import GROUPS, Theme, load_themes
from casereviews.repository.vocabulary.tables import read_table
from casereviews.repository.vocabulary.themes import (
    COLUMNS,
    FOLDER,
    GROUP_LABELS,
    MAY_STAND,
    _phrase,
)

HEADER = "theme_id,group,label,phrases,sources\n"


def overlay(folder: Path, *rows: str) -> Path:
    path = folder / "themes.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), "utf-8")
    return path


def by_id(themes: tuple[Theme, ...]) -> dict[str, Theme]:
    return {theme.id: theme for theme in themes}


def test_the_packaged_themes_are_those_of_the_vocabulary_in_its_order() -> None:
    with (FOLDER / "themes.csv").open(encoding="utf-8", newline="") as lines:
        expected = [(row["theme_id"], row["group"], row["label"]) for row in csv.DictReader(lines)]
    assert [(theme.id, theme.group, theme.label) for theme in load_themes()] == expected
    assert {theme.group for theme in load_themes()} == set(GROUPS)


def test_every_packaged_theme_is_defined_in_one_sentence_of_its_own() -> None:
    told = [theme.definition for theme in load_themes()]
    assert len(set(told)) == len(told) == 79
    wrong = [said for said in told if not re.fullmatch(r"[A-Z][^.!?;_|]{30,200}\.", said)]
    assert wrong == []


def test_a_home_may_define_a_theme_and_its_phrases_leave_a_definition_as_it_is(
    tmp_path: Path,
) -> None:
    path = tmp_path / "themes.csv"
    path.write_text(
        "theme_id,definition,group,label,phrases\n"
        "child_pets,The family kept an animal.,child_factor,Pets,family pet\n"
        "harm_fii,,,,+made up fits\n"
        "harm_neglect,Needs were not met.,,,\n",
        "utf-8",
    )
    packaged, own = by_id(load_themes()), by_id(load_themes(path))
    assert own["child_pets"].definition == "The family kept an animal."
    assert own["harm_fii"].definition == packaged["harm_fii"].definition
    assert own["harm_neglect"].definition == "Needs were not met."
    assert own["harm_neglect"].strong == packaged["harm_neglect"].strong
    other = overlay(tmp_path, "child_pets,child_factor,Pets,family pet,ours")
    assert by_id(load_themes(other))["child_pets"].definition == ""


def test_every_group_has_a_name() -> None:
    assert tuple(GROUP_LABELS) == GROUPS
    assert len(set(GROUP_LABELS.values())) == len(GROUPS)


# Field terms that are normal events, services or common words: alone they are no finding about a child or of practice.
IN_COMPANY_ONLY = {
    "harm_physical_abuse": "physical harm",
    "harm_neglect": "home conditions|dehydration",
    "harm_cse": "organised networks",
    "harm_online": "online safety",
    "harm_position_of_trust": "nursery worker|foster carer|residential special school",
    "harm_cce": "national referral mechanism",
    "harm_youth_violence": "stabbed",
    "harm_accident_ingestion": "fell from",
    "child_infancy_birth": "under one",
    "child_disability": "learning disability|learning difficulties",
    "child_mental_health": "adverse childhood experiences",
    "child_other_care": "child arrangements order",
    "child_school_exclusion": "not in school",
    "child_home_education": "hidden from view",
    "parent_substance": "drug misuse",
    "parent_learning_disability": "parenting capacity assessment",
    "parent_own_history": "adverse childhood experiences|family history",
    "parent_unseen_men": "mother's partner|mother's new partner|male carers",
    "parent_resistance": "manipulative",
    "parent_criminality": "drug dealing",
    "family_domestic_abuse": "routine enquiry",
    "family_separation": "family court|cafcass",
    "family_mobility_isolation": "transient|isolated|never seen alone|large family|complex family",
    "family_covid": "virtual visits|remote contact",
    "practice_voice": "child-centred",
    "practice_was_not_brought": "did not attend",
    "practice_information_sharing": "interagency",
    "practice_thresholds": "contact and referral",
    "practice_drift_start_again": "repeat referrals",
    "practice_assessment": "risk assessment|parenting assessment|safety plan",
    "practice_cp_process": "strategy discussion|strategy meeting|section 47|child protection conference|initial child protection conference|core group|child protection medical|paediatric assessment|skeletal survey|public law outline|pre-proceedings|care proceedings|section 20|police protection|joint visit",
    "practice_records": "case records",
    "practice_supervision_workload": "agency staff",
    "practice_think_family": "whole family|adult services",
    "practice_good": "appreciative inquiry|strengths-based",
}


def test_every_strong_phrase_of_the_vocabulary_is_still_one_but_those_that_support() -> None:
    with (FOLDER / "themes.csv").open(encoding="utf-8", newline="") as lines:
        given = {row["theme_id"]: row["phrases"].split("|") for row in csv.DictReader(lines)}
    themes = by_id(load_themes())
    lost = {
        theme_id: "|".join(
            phrase
            for phrase in phrases
            if phrase[0] != "~" and phrase not in [kept.lower() for kept in themes[theme_id].strong]
        )
        for theme_id, phrases in given.items()
    }
    assert {theme_id: phrases for theme_id, phrases in lost.items() if phrases} == IN_COMPANY_ONLY


def test_a_missing_overlay_changes_nothing(tmp_path: Path) -> None:
    assert load_themes(tmp_path / "themes.csv") == load_themes()


def test_a_new_id_adds_a_theme(tmp_path: Path) -> None:
    path = overlay(tmp_path, "child_pets,child_factor,Pets,family pet|~hamster,ours")
    assert load_themes(path)[-1] == Theme(
        "child_pets", "child_factor", "Pets", ("family pet",), ("hamster",)
    )
    assert load_themes(path)[:-1] == load_themes()


def test_plain_phrases_replace_those_of_a_known_theme(tmp_path: Path) -> None:
    path = overlay(tmp_path, "harm_fii,,,made up fits|~fits|~~tests,")
    assert by_id(load_themes(path))["harm_fii"] == Theme(
        "harm_fii",
        "harm_type",
        "Fabricated or induced illness",
        ("made up fits",),
        ("fits",),
        ("tests",),
        by_id(load_themes())["harm_fii"].definition,
    )


def test_signed_phrases_add_to_and_take_from_a_known_theme(tmp_path: Path) -> None:
    before = by_id(load_themes())["harm_cse"]
    path = overlay(
        tmp_path, "harm_cse,harm_type,Child sexual exploitation,+party house|-older men,"
    )
    after = by_id(load_themes(path))["harm_cse"]
    assert after.strong == (*before.strong, "party house")
    assert after.faint == tuple(phrase for phrase in before.faint if phrase != "older men")
    assert "older men" in before.faint


def test_a_signed_phrase_of_another_strength_takes_the_place_of_its_twin(tmp_path: Path) -> None:
    path = overlay(tmp_path, "harm_neglect,,,+neglect,")
    neglect = by_id(load_themes(path))["harm_neglect"]
    assert "neglect" in neglect.strong
    assert "neglect" not in neglect.weak


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("harm_new,harm_typ,New,words,", "no group 'harm_typ'; did you mean harm_type?"),
        ("harm_new,harm_type,,words,", "harm_new has no label"),
        ("harm_new,harm_type,New,,", "harm_new has no phrases"),
        ("child_new,harm_type,New,words,", "'child_new' is no id for the group harm_type"),
        ("harm_new,harm_type,New,+words,", "harm_new is not a packaged theme"),
        ("harm_fii,,,+one|two,", "harm_fii mixes phrases"),
        ("harm_fii,,,a,", "'a' is no phrase"),
        ("harm_fii,,,{uncle} & hurt,", "no word group {uncle}"),
        ("harm_fii,,,{child hurt,", "'{child hurt' is no phrase ({ stands in it)"),
        (
            "harm_fii,,,one; two,",
            "'one; two' is no phrase (; stands in it); write words, parted by |",
        ),
        ("harm_fii,,,one & two & three,", "'one & two & three' is no phrase"),
        ("harm_fii,,,one &,", "'one &' is no phrase"),
        ("harm_fii,,,one|~~,", "'' is no phrase"),
        ("harm_cse,,,+word,", "harm_cse stands in line 2 already; write one row a theme"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(tmp_path: Path, row: str, message: str) -> None:
    path = overlay(tmp_path, "harm_cse,,,+party house,", row)
    with pytest.raises(VocabularyError) as caught:
        load_themes(path)
    assert str(caught.value).startswith(f"{path}, line 3: {message}")


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "themes.csv"
    path.write_text("id,words\nharm_fii,fits\n", "utf-8")
    with pytest.raises(VocabularyError, match="no column theme_id, group, label, phrases"):
        load_themes(path)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "themes.csv"
    path.write_bytes(HEADER.encode() + "harm_fii,,,+na\u00efve fits,\n".encode("latin-1"))
    with pytest.raises(VocabularyError, match="not UTF-8"):
        load_themes(path)


def test_a_file_that_a_spreadsheet_saved_with_a_mark_in_front_is_read(tmp_path: Path) -> None:
    path = tmp_path / "themes.csv"
    path.write_text("\ufeff" + HEADER + "harm_fii,,,made up fits,\n", "utf-8")
    assert by_id(load_themes(path))["harm_fii"].strong == ("made up fits",)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "child_foo,child_factor,Neglect,bruise",
            r"line 2: 'Neglect' is what harm_neglect is called; choose another label",
        ),
        ("harm_neglect,,,-dirty nappys", r"line 2: -dirty nappys drops a phrase that is not there"),
    ],
)
def test_a_name_that_is_taken_and_a_drop_of_nothing_are_told(tmp_path, row, said):
    path = tmp_path / "themes.csv"
    path.write_text(f"theme_id,group,label,phrases\n{row}\n", "utf-8")
    with pytest.raises(VocabularyError, match=said):
        load_themes(path)


def test_packaged_phrases_are_as_checking_them_gives_them() -> None:
    """They are taken as they stand: only a home's own are checked when they are read."""
    for file in ("themes.csv", "more_phrases.csv"):
        for line, row in read_table(FOLDER / file, COLUMNS, MAY_STAND):
            for said in filter(str.strip, row["phrases"].split("|")):
                assert _phrase(said, f"{file}, line {line}") == said


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("the nurseries ill treated him", ("nursery & ill-treated",)),
        ("a worker under pressure", ("workers & under pressure",)),
        ("two stepmen of his", ("stepman",)),
        ("the policy here", ("policies",)),
        ("a house full of boxes", ("box", "boxes")),
        ("she saw a child", ("children", "{parent} saw a child")),
        ("he was WITH a Gang".lower(), ("with a gang", "Gang")),
    ],
)
def test_a_theme_within_a_text_has_every_phrase_that_may_stand_there(
    text: str, phrases: tuple[str, ...]
) -> None:
    theme = Theme("harm_x", "harm_type", "X", phrases, weak=phrases, faint=phrases)
    assert theme.within(text) == theme


def test_a_theme_within_a_text_has_no_phrase_whose_words_are_not_there() -> None:
    theme = Theme(
        "harm_x", "harm_type", "X", ("left alone", "alone & night"), ("scald",), ("burn",)
    )
    assert theme.within("he was alone") == replace(theme, strong=(), weak=(), faint=())
