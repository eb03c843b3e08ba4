"""Ages as people type them."""

import pytest

from casereviews.collection.asking.described_ages import bands_told
from casereviews.collection.asking.described_case import described
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
    ],
)
def test_an_age_is_read_in_any_form_and_place_and_an_adults_is_none(text: str, bands: str) -> None:
    assert " ".join(bands_told(text)) == bands


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
