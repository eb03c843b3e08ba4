"""Denial and general talk: what a sentence says of this case and what it does not."""

from __future__ import annotations

import pytest

from casereviews.repository.describing.standing import (
    general_places,
    is_denied,
    is_of_own_childhood,
    is_said_of_another,
    is_without_fault,
    names_a_service,
    standing_of,
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


@pytest.mark.parametrize(
    ("sentence", "standing"),
    [
        ("the flat was cold and neglect was plain to all who came.", "case"),
        ("a mark on the baby had been seen by two nurses.", "case"),
        ("nobody asked how the children slept.", "case"),
        ("it should have been recorded at the time.", "case"),
        ("the trust has accepted that he was not seen.", "case"),
        ("the family lived at nine addresses in four years.", "case"),
        ("her brother and two other children were looked after.", "case"),
        ("an earlier review concerned a boy who had been exploited.", "other_case"),
        ("a sister partnership has reported on a coach who abused his place.", "other_case"),
        ("elsewhere a young woman took her own life.", "other_case"),
        ("research has long shown that the two go together.", "at_large"),
        ("depression affects at least one mother in ten.", "at_large"),
        ("young people may hide despair behind a joke.", "at_large"),
        ("infants under one are at greatest risk of such injuries.", "at_large"),
        ("how well was the voice of the child heard?", "asked"),
        ("to consider whether thresholds were understood.", "asked"),
        ("every agency should record who lives in the home.", "wished"),
        ("the police have retrained call takers in domestic abuse.", "since"),
        ("lado: the officer to whom allegations against staff are reported.", "law"),
        ("accounts were received from: school; youth justice service.", "law"),
    ],
)
def test_a_sentence_tells_of_this_case_or_of_something_else(sentence: str, standing: str) -> None:
    assert standing_of(sentence) == standing


@pytest.mark.parametrize(
    ("sentence", "words", "denied"),
    [
        ("no agency had any information that pointed to drug use.", "drug use", True),
        ("the records do not suggest drug use, and nobody thought of it.", "drug use", True),
        ("signs of drug use were looked for and there was no trace.", "drug use", True),
        ("drug use played no part in what happened.", "drug use", True),
        ("she did not go missing at any time.", "go missing", True),
        ("both went to school and neither was excluded.", "excluded", True),
        ("the cause was an illness and not drug use.", "drug use", True),
        ("staff did not recognise the drug use.", "drug use", False),
        ("she was not asked about drug use in the home.", "drug use", False),
        ("no information was shared about drug use.", "drug use", False),
    ],
)
def test_denial_in_its_forms(sentence: str, words: str, denied: bool) -> None:
    start = sentence.index(words)
    assert is_denied(sentence, start, start + len(words)) is denied


@pytest.mark.parametrize(
    ("sentence", "words", "faultless"),
    [
        ("the review found no fault with supervision.", "supervision", True),
        ("records were in good order.", "records", True),
        ("there was no evidence of supervision.", "supervision", False),
        ("supervision was not offered.", "supervision", False),
    ],
)
def test_practice_is_undone_only_where_no_fault_was_found(
    sentence: str, words: str, faultless: bool
) -> None:
    start = sentence.index(words)
    assert is_without_fault(sentence, start, start + len(words)) is faultless


def test_whose_state_and_whose_childhood_it_is() -> None:
    assert is_said_of_another("his mother had a moderate learning disability.", 26)
    assert not is_said_of_another("his mother said that he had a learning disability.", 32)
    assert is_of_own_childhood("her mother had been in care as a child.")
    assert not is_of_own_childhood("the boy lived with his mother.")
