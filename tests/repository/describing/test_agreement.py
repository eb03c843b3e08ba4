"""Facts that cannot be true together are marked; facts that can are left in peace."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from casereviews.repository.describing.agreement import (
    TWO_SEXES,
    without_themes_of_infants,
)
from casereviews.repository.describing.case import find_case_facts
from casereviews.repository.describing.finder_input import FinderInput
from casereviews.repository.describing.finders.life import find
from casereviews.repository.describing.resolve import ADDED, TAKEN_OUT, clashing, resolve
from casereviews.repository.describing.text.sections import find_sections
from casereviews.repository.model import Fact, Page, Reading


def said(field: str, value: str, evidence: str = "", rule: str = "") -> Fact:
    return Fact(field, value, value, "text", 0.8, 1, evidence, rule)


def read(text: str, *labels: str) -> list[Fact]:
    reading = Reading("a" * 64, "text", "application/pdf", (Page(1, text),))
    sections = find_sections(reading)
    given = FinderInput(reading, sections, "", labels)
    facts = [*find_case_facts(reading, sections, labels=labels), *find(given)]
    return [*facts, said("subject_labels", "|".join(labels))]


def pairs(facts: Iterable[Fact]) -> set[tuple[str, str]]:
    """What excludes each other, as field=value."""
    return {(f"{a.field}={a.value}", f"{b.field}={b.value}") for a, b in clashing([*facts])}


@pytest.mark.parametrize(
    ("text", "circumstance"),
    [
        ("Child Q was a girl of eight. In May Child Q was pregnant.", "pregnant"),
        ("Child Q, a girl of six, lived in Barnmoor. Child Q gave birth in the spring.", "pregnant"),
        ("Child Q was a boy of nine. Child Q became a father.", "parent"),
        ("Child Q was four months old. Child Q drove a stolen car.", "driving"),
        ("Child Q was a boy of twelve. Child Q had a driving licence.", "licence"),
        ("Child Q was a girl of eight. Child Q left Barnmoor with her husband.", "married"),
        ("Child Q was a boy of seven. Child Q worked as a cleaner.", "employed"),
        ("Child Q was a boy of ten. Child Q was at university.", "university"),
        ("Child Q was a boy of ten. Child Q had retired.", "adult"),
        ("Child Q was a girl of eight. Child Q was in Year 9.", "school_year_9"),
        ("Child Q was ten months old. Child Q started Year 1.", "school_year_1"),
    ],
)  # fmt: skip
def test_a_child_too_young_for_what_is_told_of_it_is_a_conflict(
    text: str, circumstance: str
) -> None:
    assert f"circumstance={circumstance}" in {other for _, other in pairs(read(text, "Child Q"))}


@pytest.mark.parametrize(
    "text",
    [
        "Child Q was a girl of fifteen. In May Child Q was pregnant.",
        "Child Q was a girl of eight. Child Q's mother was pregnant.",
        "Child Q was a girl of eight. Her mother was tired; she was pregnant.",
        "Child Q was a girl of eight. Child Q was not pregnant.",
        "Child Q was a girl of eight. Years later Child Q became a mother.",
        "Child Q was a girl of eight. At 14 Child Q was pregnant.",
        "The abuse began when Child Q was six. Child Q was in Year 9.",
        "Child Q was a boy of ten. Child Q wanted to be a father.",
        "Child Q was a boy of ten. Child Q sat in the car while his father drove the van.",
        "Child Q was a boy of ten. Child Q was in Year 5.",
        "Child Q was a boy of ten. Child Q was in Year 6 with older children.",
        "Child Q was a boy of ten. Child Q was driven to school. Child Q worked hard.",
        "Child Q was a boy of ten. An earlier review told of a girl who was pregnant.",
    ],
)
def test_what_a_child_of_that_age_may_be_or_what_is_told_of_others_is_no_conflict(
    text: str,
) -> None:
    assert pairs(read(text, "Child Q")) == set()


@pytest.mark.parametrize(
    "later",
    [
        "Child Q now lives with an aunt.",
        "Child Q still goes to a school in Barnmoor.",
        "Child Q has since been adopted.",
        "Child Q continues to make progress.",
    ],
)
def test_a_death_and_the_same_childs_life_after_it_are_a_conflict(later: str) -> None:
    facts = read(f"Child Q was a girl of eight. Child Q died in May. Child Q was killed. {later}", "Child Q")  # fmt: skip
    dead = said("outcome", "death")
    assert ("outcome=death", "circumstance=alive") in pairs([*facts, dead])


@pytest.mark.parametrize(
    ("later", "labels"),
    [
        ("Her brother now lives with an aunt.", "Child Q"),
        ("Child Q's mother is doing well.", "Child Q"),
        ("Child Q survived the first attack.", "Child Q"),
        ("The record says that Child Q is thriving.", "Child Q"),
        ("Child Q was thriving.", "Child Q"),
        ("Child R now lives with an aunt.", "Child Q|Child R"),
        ("He now lives in Pear Vale.", "Child Q"),
    ],
)
def test_the_life_of_another_or_before_the_death_is_no_conflict(later: str, labels: str) -> None:
    facts = read(f"Child Q was a girl of eight. Child Q died in May. {later}", *labels.split("|"))
    assert pairs([*facts, said("outcome", "death")]) == set()


@pytest.mark.parametrize(
    ("printed", "low", "high", "clash"),
    [
        ("Child Q, born 3 May 2010, died 9 June 2019", 48, 59, True),
        ("Child Q, born 3 May 2010, died 9 June 2019", 108, 119, False),
        ("Child Q, born 3 May 2010, died 9 June 2019", 107, 107, False),
        ("Child Q, born 2010, died June 2019", 101, 101, False),
        ("Child Q, died 9 June 2019", 48, 59, False),
        ("Children Q and R, born 3 May 2010 and born 4 May 2012, died 9 June 2019", 48, 59, False),
    ],
)
def test_an_age_is_checked_against_printed_days_of_birth_and_death(
    printed: str, low: int, high: int, clash: bool
) -> None:
    death = said("death_date", "2019-06-09", printed)
    ages = said("age_months_min", str(low)), said("age_months_max", str(high))
    assert bool(clashing([death, *ages])) == clash


@pytest.mark.parametrize(
    ("evidence", "months", "clash"),
    [
        ("The unborn baby was made subject of a child protection plan.", 40, True),
        ("A pre-birth plan was in place.", 40, True),
        ("The unborn baby was made subject of a child protection plan.", 3, False),
        ("He was on a child protection plan and his mother was pregnant.", 40, False),
    ],
)
def test_a_plan_of_before_birth_is_none_of_a_child_of_three(
    evidence: str, months: int, clash: bool
) -> None:
    plan = said("plan_status_now", "child_protection_plan", evidence)
    assert bool(clashing([plan, said("age_months_min", str(months))])) == clash


@pytest.mark.parametrize(
    ("labels", "number", "clash"),
    [
        ("Child A|Child B|Child C", "2", True),
        ("Child A|Child B", "2", False),
        ("Child A|Child B", "1", False),
        ("Child A|Ash", "2", False),
        ("Child A|Baby A|Child C", "2", False),
    ],
)
def test_more_labels_than_children_that_are_counted_are_a_conflict(
    labels: str, number: str, clash: bool
) -> None:
    facts = [said("subject_labels", labels), said("n_subjects", number)]
    assert bool(clashing(facts)) == clash


def test_two_sexes_that_are_told_alike_are_a_conflict_and_no_guess() -> None:
    text = "Child Q was a boy who lived in Barnmoor. Child Q was a girl who liked Pear Vale."
    facts = read(text, "Child Q")
    sex = resolve(facts)["sex"]
    assert (sex.value, sex.fact.rule) == ("not_stated", TWO_SEXES)
    assert {fact.value for fact in sex.conflicting} == {"boy", "girl"}
    assert [{*pair} for pair in pairs(facts)] == [{"sex=boy", "sex=girl"}]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Child Q was a boy. Child Q had a sister, a girl of four.", "Child Q"),
        ("Child Q was a boy and Child R was a girl.", "Child Q|Child R"),
        ("Two children lived there. One was a boy. One was a girl.", "Family V"),
    ],
)
def test_a_sex_of_somebody_else_is_no_conflict(text: str, labels: str) -> None:
    facts = read(text, *labels.split("|"))
    assert not [pair for pair in pairs(facts) if pair[0].startswith("sex=")]


def test_a_conflict_stands_in_both_fields() -> None:
    age, fact = (
        said("age_months_max", "80"),
        said("circumstance", "pregnant", "Child Q was pregnant."),
    )
    both = resolve([age, fact])
    assert both["age_months_max"].conflicting == (fact,)
    assert both["circumstance"].conflicting == (age,)


@pytest.mark.parametrize(
    ("theme", "months", "excluded"),
    [
        ("child_mental_health", 11, True),
        ("child_substance", 3, True),
        ("child_mental_health", 60, False),
        ("harm_neglect", 11, False),
    ],
)
def test_a_theme_that_no_infant_can_have_is_marked(theme: str, months: int, excluded: bool) -> None:
    found = pairs([said("age_months_max", str(months)), said("theme", theme)])
    assert (found == {(f"age_months_max={months}", f"theme={theme}")}) is excluded


@pytest.mark.parametrize(
    ("months", "left"),
    [((24,), False), ((30, 100), False), ((3,), True), ((30, 6), True), ((), True)],
)
def test_bruises_of_babies_are_no_theme_where_every_child_is_two_and_older(
    months: tuple[int, ...], left: bool
) -> None:
    ages = [said("age_months_min", str(each)) for each in months]
    bruise, other = said("theme", "harm_infant_bruising"), said("theme", "harm_neglect")
    found = without_themes_of_infants([*ages, bruise, other])
    assert found == [*ages, *([bruise] if left else []), other]


@pytest.mark.parametrize("origin", ["text", "manual"])
def test_a_theme_that_the_age_excludes_is_kept_as_a_conflict_only_unless_people_said_it(
    origin: str,
) -> None:
    theme = replace(said("theme", "child_mental_health"), origin=origin)
    age = said("age_months_max", "4")
    resolved = resolve([theme, said("theme", "harm_neglect"), age])["theme"]
    assert ("child_mental_health" in resolved.values) == (origin == "manual")
    assert age in resolved.conflicting


@pytest.mark.parametrize(
    ("value", "raw", "rule"), [("harm_cse", "", ADDED), ("", "harm_neglect", TAKEN_OUT)]
)
def test_a_correction_of_one_theme_brings_back_none_that_the_age_excludes(
    value: str, raw: str, rule: str
) -> None:
    excluded, stays = said("theme", "child_mental_health"), said("theme", "practice_voice")
    weighed = [replace(one, field="central_theme") for one in (excluded, stays)]
    found = [excluded, stays, *weighed, said("theme", "harm_neglect"), said("age_months_max", "4")]
    change = Fact("theme", value, raw, "manual", 1.0, rule=rule)
    resolved = resolve([*found, change])
    for name in ("theme", "central_theme"):
        assert "practice_voice" in resolved[name].values
        assert "child_mental_health" not in resolved[name].values
    kept = resolve([*found, change, replace(excluded, origin="manual", rule=ADDED)])
    assert "child_mental_health" in kept["theme"].values
    assert "child_mental_health" in kept["central_theme"].values


def test_a_plan_that_the_age_excludes_is_a_conflict_only() -> None:
    resolved = resolve([said("plan_status_now", "care_leaver"), said("age_months_max", "120")])
    assert resolved["plan_status_now"].value is None
    assert len(resolved["plan_status_now"].conflicting) == 1


@pytest.mark.parametrize(("months", "clash"), [("100", True), ("200", False)])
def test_leaving_care_of_a_young_child_is_its_parents(months: str, clash: bool) -> None:
    theme = replace(said("theme", "child_looked_after"), raw="pathway plan")
    assert bool(clashing([theme, said("age_months_max", months)])) == clash
