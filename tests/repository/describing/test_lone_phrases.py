"""How much evidence makes a theme present: one further phrase alone does not, support does, nor does what was only wished for."""

from __future__ import annotations

import pytest

from casereviews.repository.describing.standing import ASKED, CASE, WISHED, standing_of
from casereviews.repository.describing.themes import theme_finder
from casereviews.repository.model import Page, Reading, Section
from casereviews.repository.vocabulary import PACKAGED


def strength(text: str, theme: str, kind: str = "body") -> float:
    """The confidence in a theme of a text of one section, 0 where it is not told."""
    filler = "The family lived in Pear Vale and were seen by many people. " * 30
    page = Page(1, f"{text} {filler}")
    reading = Reading("a" * 64, "ok", "application/pdf", (page,))
    sections = (Section(kind, "Part", 1, 1, 0, len(page.text)),) if kind != "body" else ()
    facts = theme_finder(PACKAGED).find(reading, sections)
    return next((one.confidence for one in facts if one.value == theme), 0.0)


def test_a_further_phrase_alone_is_worth_less_than_one_with_support() -> None:
    alone = "His mother was sentenced to a community order."
    support = f"{alone} She had been in prison before."
    assert 0 < strength(alone, "parent_criminality") < strength(support, "parent_criminality")


def test_checks_and_halls_are_no_themes() -> None:
    assert strength("His criminal record check was clear.", "parent_criminality") == 0


@pytest.mark.parametrize(
    ("sentence", "standing"),
    [
        ("she was told by one service that it should not be her who asked.", CASE),
        ("agencies should share records.", WISHED),
        ("early on an officer wrote that it might be a case of forced marriage.", ASKED),
        ("this local child safeguarding practice review concerns a boy of four.", CASE),
    ],
)
def test_what_was_wished_or_supposed_then(sentence: str, standing: str) -> None:
    assert standing_of(sentence) == standing
