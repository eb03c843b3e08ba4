"""What two cases have in common, and not only their texts."""

import pytest

from casereviews.index.similar.concepts import finder
from casereviews.index.similar.matters import ADULTS, CHILDS, matters, matters_of_report

FINDER = finder()


def told(text: str) -> set[tuple[str, str]]:
    return matters(text, list(FINDER.told(text)))


def of_report(text: str, concept: str) -> set[tuple[str, str]]:
    return matters_of_report(text, list(FINDER.told(text)), {concept})


@pytest.mark.parametrize(
    ("text", "concept", "whose"),
    [
        ("Mum grew up in care.", "looked_after", ADULTS),
        ("He is looked after by the council.", "looked_after", CHILDS),
        ("Her dad, who's deaf, signs to them.", "disability", ADULTS),
        ("She is deaf and signs.", "disability", CHILDS),
        ("Mum took an overdose.", "overdose", ADULTS),
        ("Mum says he took an overdose.", "overdose", CHILDS),
        ("They have not slept since the suicide of their father.", "suicide", ADULTS),
        ("The nurse saw a bruise.", "bruise", CHILDS),
        ("There was a bruise on his mother.", "bruise", ADULTS),
        ("There was a bruise on her mother's baby.", "bruise", CHILDS),
    ],
)
def test_a_state_is_of_the_child_or_of_the_adult_beside_it(
    text: str, concept: str, whose: str
) -> None:
    assert {who for name, who in told(text) if name == concept} == {whose}


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("Babies and small children have a voice: weight, gaze, startle, sleep.", "baby"),
        ("Services for disabled children are services to parents.", "disability"),
        ("Behaviour hid abuse, especially boys already excluded from school.", "not_in_school"),
        ("Foster carers described the twins now.", "looked_after"),
        ("Research has shown that obesity often follows neglect.", "obesity"),
        ("How well was the overdose understood?", "overdose"),
    ],
)
def test_what_a_report_says_at_large_asks_or_tells_of_afterwards_is_no_matter_of_its_case(
    text: str, concept: str
) -> None:
    assert any(one.concept == concept for one in FINDER.told(text))
    assert of_report(text, concept) == set()


def test_what_a_report_tells_of_its_case_is_a_matter_of_it() -> None:
    assert of_report("The baby was cold.", "baby") == {("baby", CHILDS)}
    assert of_report("Her mother was in care as a child.", "looked_after") == {
        ("looked_after", ADULTS)
    }


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("a man who runs the after-school club", "agency_schools"),
        ("a review of non-accidental injury", "accident"),
        ("groomed by an adult posing as a teenager", "teenager"),
        ("open to us since they were born", "new_birth"),
        ("the mother's sister could describe it", "siblings"),
        ("a teacher's purse went missing", "missing"),
        ("pictures sent to a 'girl' on an app", "girl"),
        ("the ward sister rang", "siblings"),
        ("a skeletal survey was done", "starvation"),
    ],
)
def test_words_that_are_part_of_others_tell_of_nothing(text: str, concept: str) -> None:
    assert concept not in FINDER.count(text)


def test_a_missed_appointment_or_a_bath_is_no_reason_by_itself() -> None:
    for text, concept in (("missed appointments", "medical_neglect"), ("in the bath", "drowning")):
        assert [one.loose for one in FINDER.told(text) if one.concept == concept] == [True]
