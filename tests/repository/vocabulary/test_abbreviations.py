"""Abbreviations by nation, and the terms that search takes for one another."""

from __future__ import annotations

from casereviews.repository.vocabulary import (
    Equivalence,
    load_abbreviations,
    load_equivalences,
)


def test_an_abbreviation_has_its_readings_by_nation() -> None:
    rows = [row for row in load_abbreviations() if row.short in ("SCR", "CSE")]
    assert [(row.expansion, row.nations) for row in rows] == [
        ("Serious Case Review", ("England", "Wales", "Jersey", "Guernsey")),
        ("Significant Case Review", ("Scotland",)),
        ("Child Sexual Exploitation", ("UK",)),
    ]


def test_short_forms_that_are_words_must_stand_in_capitals() -> None:
    short = {row.short: row.in_capitals_only for row in load_abbreviations()}
    assert {name: short[name] for name in ("DNA", "SEND", "CP", "CO", "CAFCASS", "MARAC")} == {
        "DNA": True,
        "SEND": True,
        "CP": True,
        "CO": True,
        "CAFCASS": False,
        "MARAC": False,
    }


def test_equivalences_say_how_terms_relate() -> None:
    assert (
        Equivalence(
            "same",
            ("non-accidental head injury", "abusive head trauma", "shaken baby"),
            "shaken baby is the older term",
        )
        in load_equivalences()
    )
    assert [row.terms[0] for row in load_equivalences() if row.relation == "broader"] == [
        "criminal exploitation",
        "extra-familial harm",
    ]


def test_no_term_is_in_two_rows_of_same() -> None:
    terms = [term for row in load_equivalences() if row.relation == "same" for term in row.terms]
    assert len(terms) == len(set(terms))
