"""The floor, and what a reason may be."""

from casereviews.index.similar.closeness import (
    FLOOR,
    LEAST,
    USUAL_COSINE,
    Shared,
    strength,
    tells_what,
)
from casereviews.index.similar.finding import distinct
from casereviews.index.similar.passages import tells_of_method


def test_what_happened_is_close_and_only_who_was_there_is_not():
    alike = Shared(6.0, 0.8, 0.5, 0.4, 2, 0.7, 0.0)
    nothing = Shared(0.0, 0.0, 0.0, 0.3, 0, 0.0, 0.0)
    assert strength(alike.closeness) == "strong"
    assert nothing.closeness < FLOOR
    assert [name for name in ("girl", "agency_police", "bruise") if tells_what(name)] == ["bruise"]


def test_a_reason_is_said_once():
    said = ["Police", "police", "bruise", "Bruises in babies"]
    assert distinct(said) == ["Police", "Bruises in babies"]


def test_a_passage_on_the_method_is_told_from_one_on_the_case():
    assert tells_of_method("The family did not wish to take part, and this is respected by us all.")
    assert tells_of_method("Overview Report")
    told = "A bruise was seen at the clinic, and nobody asked how it had come about there."
    assert not tells_of_method(told)


def test_who_a_child_is_tells_nothing_of_what_happened():
    assert not any(map(tells_what, ("girl", "ethnicity", "child_race_ethnicity", "agency_police")))
    assert tells_what("harm_neglect")


def test_a_passage_is_like_a_description_as_far_as_its_report_has_the_words():
    def closeness(words, cosine):
        return Shared(1.0, 0.3, words, cosine, 0, 0.0, 0.0).closeness

    assert closeness(0.0, 0.4) == closeness(0.0, 0.1)
    assert closeness(0.5, 0.4) > closeness(0.5, 0.1)
    assert closeness(0.5, None) == closeness(0.5, USUAL_COSINE)


def test_a_rough_closeness_rises_through_the_bounds_of_the_other():
    def closeness(weight):
        return Shared(weight, 0.0, 0.0, 0.2, 0, -0.2, 0.9, rough=True).closeness

    rising = [closeness(at / 4) for at in range(24)]
    assert rising == sorted(rising)
    assert rising[0] < LEAST < FLOOR < rising[-1]
    assert Shared(9.0, 1.0, 1.0, 1.0, 2, 1.0, 0.0, rough=True).closeness <= 1.0
