"""Abbreviations by nation, and the terms that search takes for one another."""

from __future__ import annotations

from casereviews.repository.vocabulary import (
    Equivalence,
    abbreviations_of,
    expansions,
    load_abbreviations,
    load_equivalences,
)


def test_an_abbreviation_is_read_by_nation() -> None:
    assert expansions("SCR", "England") == ("Serious Case Review",)
    assert expansions("SCR", "Scotland") == ("Significant Case Review",)
    assert expansions("scr") == ("Serious Case Review", "Significant Case Review")


def test_an_abbreviation_of_the_whole_kingdom_serves_every_nation() -> None:
    assert expansions("CSE", "Northern Ireland") == ("Child Sexual Exploitation",)


def test_an_unknown_abbreviation_has_no_expansion() -> None:
    assert expansions("QQQ") == ()


def test_a_term_leads_to_all_its_short_forms() -> None:
    assert abbreviations_of("local child safeguarding practice review") == ("LCSPR", "LSCPR")


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
