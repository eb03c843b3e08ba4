"""Ages as people type them."""

import pytest

from casereviews.collection.asking.described_ages import bands_told, is_unborn
from casereviews.collection.asking.described_case import FIELDS, described
from casereviews.repository.describing.case import find_case_facts
from casereviews.repository.describing.case.cast import SAID_FOR_NAMES
from casereviews.repository.describing.text.running_text import fold
from casereviews.repository.describing.themes import theme_finder
from casereviews.repository.model import Page, Reading
from casereviews.repository.vocabulary import PACKAGED


@pytest.mark.parametrize(
    ("text", "bands"),
    [
        ("15 year old girl", "11_15"),
        ("lad of 16, ninth move since he was seven", "16_17"),
        ("15yo, in care since aged six", "11_15"),
        ("5 month old", "under_1"),
        ("aged 7", "6_10"),
        ("pupil in year 9", "11_15"),
        ("a teenager", "11_15 16_17"),
        ("newborn", "under_1"),
        ("14yo lad", "11_15"),
        ("boy (13) and sister (5)", "1_5 11_15"),
        ("Children aged 2, 5 and 9", "1_5 6_10"),
        ("girl of 12", "11_15"),
        ("8/12 baby", "under_1"),
        ("F15, overdose", "11_15"),
        ("18 month old", "1_5"),
        ("four and six year old boys", "1_5 6_10"),
        ("merch 14 oed", "11_15"),
        ("babi 6 wythnos oed", "under_1"),
        ("19 year old mum with a toddler", "1_5"),
        ("17 year old mum, her partner aged 16, a new baby", "under_1"),
        ("her boyfriend is 24, she is 14", "11_15"),
        ("known for 15 years, 6 months ago dad came out of prison", ""),
        ("a two year plan, 9 calls to the police", ""),
        ("older men", ""),
        ("three children (1, 4 and 12)", "1_5 11_15"),
        ("a lad, 16 and half, sofa surfing", "16_17"),
        ("Fell from the loft. 19 months. Mum rang 999.", "1_5"),
        ("weight on the 0.4th centile, 0.5 kg lost", ""),
        ("my 13 year old and her mum", "11_15"),
        ("unborn baby, sister aged 4", "under_1 1_5"),
        ("mum is 20 weeks pregnant, boy of 3", "1_5"),
        ("mum is 30 weeks pregnant and drinks", "under_1"),
        ("twins born at 29 weeks, just home", "under_1"),
        ("girl, year 9", "11_15"),
    ],
)
def test_an_age_is_read_in_any_form_and_place_and_an_adults_is_none(text: str, bands: str) -> None:
    assert " ".join(bands_told(text)) == bands


@pytest.mark.parametrize(
    ("text", "unborn"),
    [
        ("Unborn baby, mum uses heroin.", True),
        ("Mum is 30 weeks pregnant and hears voices.", True),
        ("Unborn baby, his sister is 4.", False),
        ("Baby of 5 weeks, mum is pregnant again.", False),
        ("Fifteen and pregnant, she is 15.", False),
    ],
)
def test_an_unborn_child_is_told_from_infants(text: str, unborn: bool) -> None:
    assert is_unborn(text) is unborn
    assert described(text, PACKAGED).unsaid == ({"age_bands"} if unborn else set())


def test_the_harm_of_a_described_case_is_no_outcome_and_every_child_has_an_age() -> None:
    told = described("14 year old boy has a broken arm, his 7 year old sister is well", PACKAGED)
    assert told.facts["age_bands"] == ("6_10", "11_15")
    assert "outcome" not in described("Girl of 15, child sexual exploitation", PACKAGED).facts


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("boy touched by a cousin, his parents did not tell anybody", False),
        ("a boy of 9 is neglected and information sharing was poor", True),
    ],
)
def test_a_finding_on_practice_is_read_only_from_words_that_mean_nothing_else(text, read):
    case = described(text, PACKAGED)
    assert ("practice_information_sharing" in case.facts.get("themes", ())) == read


TOLD = (
    "A baby boy of 5 weeks with a fractured skull and bruises; the workers were under pressure. His mother, called Kirsty here, had been hit by Nial.",
    "Girl, 15, subject to a child protection plan, was exploited by older men and went missing; nobody shared information between agencies.",
    "Tomos (3) died in his cot, co-sleeping with father, who had been drinking. The nurseries had not been told of the domestic abuse.",
    "Two boys left home alone at night; the house was dirty, and there was no food in it. Health visitors did not see the children.",
)


@pytest.mark.parametrize("text", TOLD)
def test_what_is_made_ready_for_one_text_finds_what_all_phrases_find(text: str) -> None:
    reading = Reading("", "ok", "text/plain", pages=(Page(1, text),))
    within = PACKAGED.within(f"{fold(text)} {SAID_FOR_NAMES}")
    some, whole = (
        (
            find_case_facts(reading, (), summary=text, vocabulary=each),
            theme_finder(each).find(reading, (), summary=text),
        )
        for each in (within, PACKAGED)
    )
    assert some == whole
    assert whole[1]


@pytest.mark.parametrize("text", TOLD)
def test_the_facts_by_which_cases_are_compared_are_those_of_all_facts(text: str) -> None:
    reading = Reading("", "ok", "text/plain", pages=(Page(1, text),))
    some = find_case_facts(reading, (), summary=text, compared=True)
    every = find_case_facts(reading, (), summary=text)
    fields = (*FIELDS, "age_months_min", "age_months_max", "plan_status_ever")
    assert some == tuple(fact for fact in every if fact.field in fields)
