"""A fact belongs to the person of whom it is said."""

from __future__ import annotations

import pytest

from casereviews.repository.describing.case import find_case_facts
from casereviews.repository.describing.finder_input import FinderInput
from casereviews.repository.describing.finders.told_of_child import find
from casereviews.repository.describing.resolve import resolve
from casereviews.repository.fields import as_number
from casereviews.repository.model import Fact, Page, Reading


def told(text: str, *labels: str) -> dict[str, str]:
    reading = Reading("a" * 64, "text", "application/pdf", (Page(1, text),))
    return {
        fact.field: fact.value for fact in reversed(find_case_facts(reading, (), labels=labels))
    }


@pytest.mark.parametrize(
    ("label", "text", "outcome"),
    [
        ("Child K", "Child K was found unresponsive by his aunt and could not be resuscitated.", "death"),
        ("Ella", "Ella died by her own hand. Her mother had survived an overdose in the spring.", "death"),
        ("Child K", "Police found Child K dead in a cot.", "death"),
        ("Child K", "Paramedics were unable to save Child K, who had swallowed tablets.", "death"),
        ("Finn", "Finn's body was recovered from the river.", "death"),
        ("Child K", "In May Child K suffered a cardiac arrest from which he did not recover.", "death"),
        ("Child K", "Child K's killing was, the judge said, a slow one.", "death"),
        ("Child E|Adult F", "Child E, who had turned eight, and her mother, Adult F, were killed.", "death"),
        ("Child P", "Child P had a ruptured liver. He nearly died. His sister had died in 2009.", "serious_harm"),
        ("Child R", "After the murder of Child R's mother Child R was treated for burns.", "serious_harm"),
        ("Child B", "Child B was shaken by a childminder, who was convicted of cruelty.", "serious_harm"),
        ("Child B", "A review does not decide how a child died. Child B has a broken arm.", "serious_harm"),
        ("Child M", "Child M, aged 16, stabbed another boy to death and was convicted of murder.", "other"),
        ("Child T", "This review followed the conviction of a young person for serious offences. Child T had been neglected.", "other"),
        ("Child T", "Child T, a boy, attacked a stranger. Child T had been beaten in June.", "other"),
        ("Child Q", "The panel offers its condolences to the family. Child Q is known to five agencies.", "death"),
        ("Child B", "Child B left home. Nobody was injured by Child B.", "other"),
        ("Q7", "Date of death: February 2015. She was found at midday in her bedroom by her aunt. Q7 was neglected.", "death"),
        ("Child P", "Child P, a baby, twice needed care in hospital for episodes that threatened life.", "serious_harm"),
        ("Child L", "Child L is alive and well and has read this report.", "other"),
        ("Child L", "Child L swam. The cause of death was given as unascertained.", "death"),
        ("Child L", "Child L was seriously neglected. Her father was killed. The inquest was heard in March.", "serious_harm"),
        ("Child L", "The review is about Child L, a girl who was seriously harmed. The post-mortem was read.", "serious_harm"),
        ("Child L", "Child L is a boy. He met a nurse. He died the next day.", "death"),
    ],
)  # fmt: skip
def test_an_outcome_is_what_happened_to_the_child(label: str, text: str, outcome: str) -> None:
    assert told(text, *label.split("|"))["outcome"] == outcome


@pytest.mark.parametrize(
    ("label", "text", "band"),
    [
        ("Child Q", "Child Q, then three, was found in the cold. Sibling 1 (8) lives with an aunt.", "1_5"),
        ("Tilly", "Tilly was twelve. A man of 34 said to her that he was fourteen.", "11_15"),
        ("Mali", "A 14-year-old girl, Mali, was harmed. Mali's own father died when she was two.", "11_15"),
        ("Child S", "Child S died twelve days before her first birthday. Two boys, aged 10 and 7, are well.", "under_1"),
        ("Child W", "At thirteen Child W took an overdose.", "11_15"),
        ("Child A|Child B", "Child A was a girl of six and her brother, Child B, was twelve. Both were harmed.", "6_10|11_15"),
        ("Child Z", "This review was held because a girl of 15 came to harm. In this report the name Child Z is used.", "11_15"),
        ("Child Z", "Child Z (the name was chosen by an aunt) was a girl of fourteen who sang.", "11_15"),
        ("Nursery F", "This review is about several children aged between one and three.", "1_5"),
        ("Child AL", "AL was three. AL lost weight.", "1_5"),
        ("Child Q", "Child Q was born in March 2014 and died in June 2017.", "1_5"),
        ("Child Q", "Child Q (DOB: 14/02/2006) was taken to hospital with injuries on 20 August 2018.", "11_15"),
        ("Child Q", "Child Q, a Year 8 pupil, was found hanging at home and died.", "11_15"),
        ("Child Q", "Child Q was in Reception when the injuries were seen.", "1_5"),
        ("Child Q", "Child Q died two days short of a sixteenth birthday.", "11_15"),
        ("Child Q", "Child Q died a fortnight before turning thirteen.", "11_15"),
        ("Child Q", "Child Q would have been 18 in the summer. Child Q died in May.", "16_17"),
        ("Child Q", "Child Q was not yet two when she was scalded.", "1_5"),
        ("Child Q", "Child Q took his own life. He was 17.", "16_17"),
        ("Child Q", "Child Q died on the twelfth day of life.", "under_1"),
        ("Kai", "Excluded at 13, Kai was 16 when he was stabbed.", "16_17"),
        ("Lowri", "At the time of her death Lowri was 15; her brothers were 9 and 11.", "11_15"),
        ("Sam and Joe", "This review is about two brothers, Sam (10) and Joe (12), who were neglected.", "6_10|11_15"),
        ("Child Q", "A child of two, Child Q, was hurt.", "1_5"),
        ("", "Sudden unexpected deaths in infancy reviewed as a group.", "under_1"),
        ("Child P", "Child P was 15 in 2012, when a teacher abducted her.", "11_15"),
        ("Child P", "Child P was nine in May 2012, when he was stabbed.", "6_10"),
        ("Taylor", "Taylor died at 15 of an overdose.", "11_15"),
        ("Child P", "Child P was hurt in 2012, when only eight.", "6_10"),
    ],
)  # fmt: skip
def test_an_age_is_the_childs_own(label: str, text: str, band: str) -> None:
    assert told(text, *label.split("|"))["age_band"] == band


@pytest.mark.parametrize(
    ("label", "text", "sex"),
    [
        ("Child K", "Child K lived with his mother. She was ill, and her sister helped her.", "boy"),
        ("Baby M", "Because of her first two children the mother was seen. Baby M was well.", "not_stated"),
        ("Child Q", "Child Q was a brother to two older girls.", "boy"),
        ("Child Q", "Child Q was described by staff as a cheerful boy who loved trains.", "boy"),
        ("Child Q", "Child Q is a girl. Her brother is a boy of two.", "girl"),
        ("Child Q", "Child Q (female, 15) was reported missing.", "girl"),
        ("Child Q", "Child Q was left with her mother's partner. He told police that Child Q fell.", "girl"),
        ("Child Teal|Child Heron", "The boy, Teal, died in May. The girl, Heron, was hurt.", "mixed"),
        ("Child Q", "It does not say whether the child was a son or a daughter. Child Q and his aunt moved.", "not_stated"),
        ("Child N", "The report does not give the child's sex. Child N and his mother moved.", "not_stated"),
        ("Child A|Child B", "Child A was a girl and her brother, Child B, was harmed.", "mixed"),
    ],
)  # fmt: skip
def test_a_sex_is_the_childs_own(label: str, text: str, sex: str) -> None:
    assert told(text, *label.split("|"))["sex"] == sex


def test_children_of_one_family_are_not_aged_one() -> None:
    assert "age_band" not in told("Two children of one family died in a fire.", "Family V")


def test_a_report_that_keeps_the_age_back_has_none() -> None:
    assert "age_band" not in told(
        "She has asked that her age should not appear. Z has a sister of 9."
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kaden was a Black boy of Caribbean heritage.", {("ethnicity", "Black")}),
        ("Kaden has cerebral palsy.", {("disability", "physical disability")}),
        ("His mother has a learning disability. Kaden swam.", set()),
        ("The family was not known to social care.", {("known_to_services", "universal_only")}),
        (
            "Kaden had been a child in need for eight months.",
            {("known_to_services", "social_care")},
        ),
        ("For neglect there was a child in need plan.", {("known_to_services", "social_care")}),
        ("His father had been in care from the age of eight. Kaden swam.", set()),
        ("The family was offered early help.", set()),
        (
            "An extended review is held in the same circumstances where the child was on the child protection register.",
            set(),
        ),
        ("The inquest was heard in March.", {("parallel_process", "inquest")}),
    ],
)
def test_what_is_told_of_the_child(text: str, expected: set[tuple[str, str]]) -> None:
    reading = Reading("a" * 64, "text", "application/pdf", (Page(1, text),))
    found = find(FinderInput(reading, (), "", ("Kaden",)))
    assert {(fact.field, fact.value) for fact in found} == expected


def test_facts_that_exclude_each_other_are_conflicts() -> None:
    age = Fact("age_months_max", "131", "ten", "text", 0.8)
    leaver = Fact("plan_status_ever", "care_leaver", "care leaver", "text", 0.6)
    both = resolve([age, leaver])
    assert both["age_months_max"].conflicting == (leaver,)
    assert both["plan_status_ever"].conflicting == (age,)


def test_ages_are_numbers_in_json_and_codes_stay_text() -> None:
    assert as_number("age_months_min", "36") == 36
    assert as_number("sex", "girl") == "girl"
