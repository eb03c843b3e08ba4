"""What a description rests on is told by the finders that decide: with it the facts are the same, and each rests on a piece that counts."""

from __future__ import annotations

import pytest

from casereviews.repository.describing import describe_document
from casereviews.repository.describing.case import find_case_facts
from casereviews.repository.describing.evidence import (
    CARRIES,
    NOT_COUNTED,
    SUPPORTS,
    Evidence,
    by_value,
)
from casereviews.repository.describing.text.sections import find_sections
from casereviews.repository.model import (
    Document,
    DocumentInput,
    Page,
    Reading,
    Sighting,
    SourceInfo,
)

TEXT = (
    "Child Q\n\nSummary\nChild Q was a boy of four who died in May. Child Q had been neglected for months. "
    "He was on a child protection plan.\n\nTerms of reference\nWas there domestic abuse?\n\nAnalysis\n"
    "Information was not shared between the school and the health visitor. There was no evidence of sexual abuse. "
    "An earlier review concerned a girl of nine who was exploited. His mother, as a child, was neglected herself. "
    "Why was the boy, aged nine, not asked?\n\n"
    "Recommendations\n1. The partnership should train staff about self-harm.\n"
)


def described(scope: str = "child") -> tuple[list[Evidence], DocumentInput]:
    url, night = "http://northmoor.test/q.pdf", "2026-01-01T02:00:00Z"
    document = Document(
        "d1", "northmoor", url, None, "file", "listing", night, night, "available", 0, "shown", "ab", "application/pdf", "child-q.pdf"
    )  # fmt: skip
    given = DocumentInput(
        document,
        SourceInfo("northmoor", "Northmoor Safeguarding Partnership", "England", scope=scope),
        (Sighting("northmoor", "http://northmoor.test/reviews", url, link_text="Child Q"),),
        Reading("ab", "ok", "application/pdf", (Page(1, TEXT),)),
    )
    pieces: list[Evidence] = []
    describe_document(given, evidence=pieces)
    return pieces, given


def test_asking_for_evidence_changes_no_fact() -> None:
    _, given = described()
    assert describe_document(given, evidence=[]) == describe_document(given)


def test_every_fact_of_a_theme_rests_on_pieces_that_count_and_what_carries_is_a_fact() -> None:
    pieces, given = described()
    facts = [one for one in describe_document(given).facts if one.field in ("theme", "agency")]
    told = {(one.field, one.value) for one in facts}
    counted = {(one.field, one.value) for one in pieces if one.counts != NOT_COUNTED}
    assert told
    assert told <= counted
    carried = {(one.field, one.value) for one in pieces if one.counts == CARRIES}
    assert {one for one in carried if one[0] == "theme"} <= told
    for fact in facts:
        assert (fact.value, fact.evidence, fact.page, fact.standing) in {
            (one.value, one.sentence, one.page, one.standing) for one in pieces
        }


@pytest.mark.parametrize(
    ("theme", "standing", "place", "counts"),
    [
        ("harm_neglect", "case", "summary", CARRIES),
        ("practice_information_sharing", "case", "analysis", CARRIES),
        ("harm_csa_family", "denied", "analysis", NOT_COUNTED),
        ("family_domestic_abuse", "asked", "terms_of_reference", NOT_COUNTED),
        ("harm_suicide_self_harm", "wished", "recommendations", SUPPORTS),
    ],
)
def test_each_piece_has_its_place_and_standing(
    theme: str, standing: str, place: str, counts: str
) -> None:
    pieces, _ = described()
    found = {(one.standing, one.place, one.counts) for one in pieces if one.value == theme}
    assert (standing, place, counts) in found


def test_a_fact_of_the_case_is_told_by_each_sentence_that_says_it_and_what_is_only_asked_does_not_count() -> (
    None
):
    pieces, _ = described()
    ages = {(one.value, one.standing, one.counts) for one in pieces if one.field == "age_band"}
    assert ages == {("1_5", "case", CARRIES), ("6_10", "asked", NOT_COUNTED)}
    (plan,) = (one for one in pieces if one.field == "plan_status_now")
    assert (plan.value, plan.page, plan.raw) == (
        "child_protection_plan",
        1,
        "child protection plan",
    )


def test_a_piece_of_the_case_counts_as_the_finders_say_of_its_sentence_alone() -> None:
    reading = Reading("a" * 64, "ok", "application/pdf", (Page(1, TEXT),))
    pieces: list[Evidence] = []
    facts = find_case_facts(reading, find_sections(reading), labels=("Child Q",), evidence=pieces)
    for fact in facts:
        if fact.field in ("age_band", "sex", "outcome", "plan_status_now"):
            assert (fact.field, fact.value, fact.evidence, CARRIES) in {
                (one.field, one.value, one.sentence, one.counts) for one in pieces
            }


def test_nothing_of_a_child_is_told_of_an_adults_review() -> None:
    pieces, _ = described("adult")
    assert not [one for one in pieces if one.field in ("age_band", "sex", "plan_status_now")]


def test_pieces_are_by_value_each_sentence_once_and_what_carries_first() -> None:
    weak = Evidence("theme", "t", "b", "A b.", 1, "body", "case", SUPPORTS, 9.0)
    strong = Evidence("theme", "t", "a", "An a.", 2, "body", "case", CARRIES, 1.0)
    denied = Evidence("theme", "t", "c", "No c.", 1, "body", "denied", NOT_COUNTED, 0.0)
    again = Evidence("theme", "t", "a b", "An a.", 2, "body", "case", SUPPORTS, 0.3)
    assert by_value([denied, weak, again, strong]) == {("theme", "t"): (strong, weak, denied)}
