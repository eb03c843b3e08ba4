"""Texts with choices become one sentence each."""

from __future__ import annotations

from random import Random

import pytest

from casereviews.demo.wording import UnknownSlot, worded


def test_choices_are_made_and_names_filled_in() -> None:
    readings = {
        worded("[The nurse|A visitor] [saw|met [and weighed|and held]] {subject}.", Random(n), {"subject": "Child Q"})
        for n in range(60)
    }  # fmt: skip
    assert readings == {
        f"{who} {did} Child Q."
        for who in ("The nurse", "A visitor")
        for did in ("saw", "met and weighed", "met and held")
    }


def test_a_capital_slot_gives_a_capital_and_sentences_begin_with_one() -> None:
    slots = {"subject": "the children", "mother": "the mother"}
    text = "{Subject} slept. [she|he] said so. {mother} agreed."
    assert worded(text, Random(1), slots) in {
        "The children slept. She said so. The mother agreed.",
        "The children slept. He said so. The mother agreed.",
    }


def test_a_name_that_the_case_lacks_is_an_error_that_shows_the_text() -> None:
    with pytest.raises(UnknownSlot, match=r"hostel.*Moved to"):
        worded("Moved to {hostel}.", Random(1), {"subject": "Leo"})


def test_choices_marked_with_an_outcome_are_for_reviews_of_that_outcome() -> None:
    text = "[death:[She died|She was killed]|harm:She recovered] [in spring|death:in autumn]."
    readings = {worded(text, Random(n), {"outcome": "death"}) for n in range(60)}
    assert readings == {
        f"{end} {when}."
        for end in ("She died", "She was killed")
        for when in ("in spring", "in autumn")
    }
    assert worded(text, Random(1), {"outcome": "harm"}) == "She recovered in spring."
