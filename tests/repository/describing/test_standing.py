"""Denial and general talk: what a sentence says of this case and what it does not."""

from __future__ import annotations

import pytest

from casereviews.repository.describing.standing import (
    general_places,
    is_denied,
    names_a_service,
)


@pytest.mark.parametrize(
    ("sentence", "denied"),
    [
        ("there was no evidence of neglect.", True),
        ("there were no known concerns about drugs, drink or neglect.", True),
        ("neglect was not a factor.", True),
        ("neglect was investigated and ruled out.", True),
        ("the police ruled out neglect.", True),
        ("the death was not due to neglect.", True),
        ("the review did not find neglect.", True),
        ("she was never seen, but neglect was plain.", False),
        ("he was excluded from school because of neglect.", False),
        ("no father came, neglect went on.", False),
        ("there was no doubt; neglect was plain.", False),
        ("neglect was found although nobody called.", False),
    ],
)
def test_a_denial_reaches_as_far_as_its_clause(sentence: str, denied: bool) -> None:
    start = sentence.index("neglect")
    assert is_denied(sentence, start, start + len("neglect")) is denied


@pytest.mark.parametrize(
    ("sentence", "general"),
    [
        ("working together to safeguard children 2018 says so.", True),
        ("a review is held when a child dies.", True),
        ("neglect is defined as a failure.", True),
        ("if you have been affected by this, call the helpline.", True),
        ("the review was commissioned to learn from the death of a baby.", False),
        ("she was affected by the death of her brother.", False),
        ("the referral did not meet the criteria.", False),
    ],
)
def test_law_definition_and_advice_are_general(sentence: str, general: bool) -> None:
    assert bool(general_places(sentence)) is general


def test_a_weak_word_before_a_department_is_the_name_of_a_service() -> None:
    text = "the housing department and poor housing conditions"
    assert names_a_service(text, len("the housing"))
    assert not names_a_service(text, text.index("housing conditions") + len("housing"))
