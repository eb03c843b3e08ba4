"""The worth of phrases: counted where a report tells them of its case, beside the themes that it has."""

from __future__ import annotations

from benchmarks.phrase_worth import Report, measure
from casereviews.repository.describing.themes import theme_finder
from casereviews.repository.model import Page, Reading
from casereviews.repository.vocabulary import PACKAGED


def report(name: str, text: str, *themes: str) -> Report:
    return Report(name, Reading(name, "ok", "text/plain", (Page(1, text),)), frozenset(themes))


def test_a_phrase_is_right_in_a_report_with_its_theme_and_wrong_in_another() -> None:
    phrases, themes, wanted = measure(
        (
            report("Ash", "The family was evicted in May.", "family_housing_poverty"),
            report("Elm", "The family was evicted in June."),
            report("Oak", "The family was never evicted.", "family_housing_poverty"),
        ),
        theme_finder(PACKAGED),
    )
    worth = phrases["family_housing_poverty", "evicted"]
    assert (worth.right, worth.wrong, worth.precision) == (["Ash"], ["Elm"], 0.5)
    assert themes["family_housing_poverty"].precision == 0.5
    assert wanted["family_housing_poverty"] == 2
