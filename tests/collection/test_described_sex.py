"""The sex of described children, by the words for them and by what pronouns can mean."""

import pytest

from casereviews.collection.asking.described_sex import sex_told


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("lad of 16 excluded again", "boy"),
        ("Girls aged 3 and 6 in one bed.", "girl"),
        ("my nephew has a broken wrist", "boy"),
        ("two brothers, 4 and 7, home alone", "boy"),
        ("a boy of 8 and his 5 year old sister", "mixed"),
        ("One daughter and two sons at home.", "mixed"),
        ("A pregnant 14 year old went missing.", "girl"),
    ],
)
def test_a_noun_tells_the_sex(text: str, sex: str) -> None:
    assert sex_told(text) == sex


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("Girl of 13, older lads wait for her outside.", "girl"),
        ("Her brothers follow a girl of 16 to college.", "girl"),
        ("Boy of 12 stabbed by another boy, mum's brother saw it.", "boy"),
        ("My daughter's bloke hurt my grandson.", "boy"),
        ("The foster carer's son has been filming our two girls.", "girl"),
    ],
)
def test_who_else_is_there_tells_nothing_of_the_child(text: str, sex: str) -> None:
    assert sex_told(text) == sex


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("The toddler was found in her cot, dad asleep.", "girl"),
        ("Baby hurt while dad was minding him.", "boy"),
        ("A pupil told the nurse he is hungry.", "boy"),
        ("Kids of 4 and 7, dad hit mum and choked her twice.", ""),
        ("Mum is bipolar, voices tell her to run. Baby due soon.", ""),
        ("The baby is quiet around him, mum's boyfriend minds them.", ""),
        ("15 year old sees a youth leader, he is 29.", ""),
    ],
)
def test_a_pronoun_tells_the_sex_where_it_can_mean_nobody_else(text: str, sex: str) -> None:
    assert sex_told(text) == sex
