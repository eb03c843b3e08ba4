"""The shorthand of notes, spelled out."""

import pytest

from casereviews.collection.asking.shorthand import spelled_out


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("MO and FA both smoke", "mother and father both smoke"),
        ("a 7 mo old, Mo's ex", "a 7 month old, mother's ex"),
        ("3/52 old, # clavicle", "3 weeks old, fractured clavicle"),
        ("scanned at 31/40, care 24/7, born 1/12/2019", "scanned at 31 weeks of pregnancy, care 24/7, born 1/12/2019"),
        ("4yo m, dad cant cope", "4 year old boy, dad can't cope"),
        ("14f, LAC, hx of CSE", "14 year old girl, looked after child, history of child sexual exploitation"),
        ("my brothers lad, mums new fella", "my brother's lad, mum's new fella"),
        ("sibs w asthma, 2 appts missed", "siblings with asthma, 2 appointments missed"),
    ],
)  # fmt: skip
def test_shorthand_is_spelled_out(typed: str, said: str) -> None:
    assert spelled_out(typed) == said


@pytest.mark.parametrize(
    "text",
    [
        "She fell 15m from a balcony.",
        "He plays for Harrow Town FC in the FA cup.",
        "merch yn dod i'w hystafell",
        "a mother of three who wants help",
    ],
)
def test_other_words_stay_as_they_are(text: str) -> None:
    assert spelled_out(text) == text
