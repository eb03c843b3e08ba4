"""Headings to sections: numbering, typography, the field's words; contents and running heads are none."""

from __future__ import annotations

import pytest

from casereviews.repository.describing.text.sections import (
    _contents_list,
    find_sections,
    heading_kind,
)
from casereviews.repository.model import Heading, Page, Reading, Section


def paper(*texts: str) -> Reading:
    return Reading(
        "0", "ok", "text/plain", tuple(Page(at, text) for at, text in enumerate(texts, 1))
    )


def kinds(reading: Reading) -> list[tuple[str, str, int]]:
    return [(part.kind, part.title, part.start_page) for part in find_sections(reading)]


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Executive Summary", "summary"),
        ("Summary of the report", "summary"),
        ("Crynodeb", "summary"),
        ("The circumstances of the case", "facts"),
        ("Chronology of key events", "facts"),
        ("Pen picture of the child", "facts"),
        ("Critical analysis", "analysis"),
        ("Key findings and learning points", "findings"),
        ("What have we learned?", "findings"),
        ("Lessons learnt", "findings"),
        ("Conclusion", "findings"),
        ("Good practice", "good_practice"),
        ("What worked well", "good_practice"),
        ("Recommendations for the Partnership", "recommendations"),
        ("Learning and recommendations", "recommendations"),
        ("Argymhellion", "recommendations"),
        ("Terms of reference", "terms_of_reference"),
        ("Statutory framework", "terms_of_reference"),
        ("Criteria for a review", "terms_of_reference"),
        ("Agencies involved in the review", "terms_of_reference"),
        ("Glossary of terms", "glossary"),
        ("Appendix B", "appendix"),
        ("Action plan", "appendix"),
        ("References", "appendix"),
        ("Introduction", None),
        ("Wednesday", None),
    ],
)
def test_a_heading_is_known_by_its_words(heading: str, kind: str | None) -> None:
    assert heading_kind(heading) == kind


def test_numbered_headings_make_sections_that_end_where_the_next_begins() -> None:
    first = "1. Introduction\nThis is a made-up report.\n2. The facts\nA child fell.\nIt rained.\n"
    second = "3. Findings\n3.1 Visits\nNobody came.\n4. Recommendations\n1. The Board should act.\n"
    assert find_sections(paper(first, second)) == (
        Section("facts", "The facts", 1, first.index("2. The"), 2, 0),
        Section("findings", "Findings", 2, 0, 2, second.index("4. Rec")),
        Section("recommendations", "Recommendations", 2, second.index("4. Rec"), 2, len(second)),
    )


def test_an_unnumbered_heading_of_the_fields_words_is_found_on_a_line_of_its_own() -> None:
    text = "EXECUTIVE SUMMARY\n\nA short account.\n\nGood practice\n\nThe nurse came back twice."
    assert kinds(paper(text)) == [
        ("summary", "EXECUTIVE SUMMARY", 1),
        ("good_practice", "Good practice", 1),
    ]


def test_a_wrapped_line_that_ends_with_a_heading_word_is_no_heading() -> None:
    text = (
        "The panel met four times in the spring and agreed that these are the main\n"
        "findings\nof the work that it was asked to do in that year."
    )
    assert kinds(paper(text)) == []


def test_a_contents_page_makes_no_sections() -> None:
    contents = "Contents\n1. Introduction ..... 2\n2. Findings ..... 3\n3. Recommendations ..... 4"
    body = "1. Introduction\nWords.\n2. Findings\nWords.\n3. Recommendations\nThe Board should act."
    assert kinds(paper(contents, body)) == [
        ("findings", "Findings", 2),
        ("recommendations", "Recommendations", 2),
    ]


def test_a_contents_page_without_leaders_makes_no_sections() -> None:
    contents = "Contents\nIntroduction 2\nFindings 3\nRecommendations 4\nGlossary 5"
    assert kinds(paper(contents, "Findings\nWords that follow here.")) == [
        ("findings", "Findings", 2)
    ]


def test_a_running_head_makes_no_sections() -> None:
    pages = [f"Overview report findings\nText of page {number}." for number in range(1, 7)]
    assert kinds(paper(*pages)) == []


def test_typography_marks_headings_that_the_words_alone_would_not() -> None:
    text = (
        "Where it went wrong: an analysis of the first year and the second\nSome words.\nAsh\nMore."
    )
    reading = Reading(
        "0",
        "ok",
        "application/pdf",
        (
            Page(
                1,
                text,
                headings=(Heading(0, text.split("\n")[0], 1), Heading(text.index("Ash"), "Ash", 1)),
            ),
        ),
    )
    assert find_sections(reading) == (
        Section(
            "analysis",
            "Where it went wrong: an analysis of the first year and the second",
            1,
            0,
            1,
            text.index("Ash"),
        ),
    )


def test_numbered_items_of_a_list_do_not_end_their_section() -> None:
    text = (
        "Recommendations\n1. Training\nThe Board should train.\n2. Records\nThe Trust should write."
    )
    assert find_sections(paper(text)) == (
        Section("recommendations", "Recommendations", 1, 0, 1, len(text)),
    )


def test_a_label_of_a_recommendation_opens_no_section() -> None:
    text = "5. Findings\nWords.\nRecommendation 1\nThe Board should act.\n6. Glossary\nWords."
    assert kinds(paper(text)) == [("findings", "Findings", 1), ("glossary", "Glossary", 1)]


def test_a_document_without_headings_has_no_sections() -> None:
    assert find_sections(paper("A letter about a fictional child.", "")) == ()


def test_the_heading_of_a_welsh_report_over_its_actions_is_recommendations() -> None:
    text = "Improving systems and practice\nThe actions are:\n1. The Board should meet."
    assert kinds(paper(text))[0][0] == "recommendations"


def test_each_line_of_a_list_of_contents_is_looked_up_once() -> None:
    class Looked(str):
        count = 0

        def __hash__(self) -> int:
            Looked.count += 1
            return super().__hash__()

    lines = ["Contents", *(f"{n}. Findings" for n in range(300)), "", "7. Findings", "Foreword"]
    assert _contents_list([Looked(line) for line in lines]) == range(302)
    assert Looked.count < 3 * len(lines)
