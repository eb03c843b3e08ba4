"""Covers and first pages of fictional reports."""

from __future__ import annotations

import pytest

from casereviews.repository.describing.first_pages import first_page_facts
from casereviews.repository.model import (
    Document,
    DocumentInput,
    Heading,
    Page,
    Reading,
    SourceInfo,
)

SOURCE = SourceInfo(
    "northmoor", "Northmoor Safeguarding Children Partnership", "England", ("E10000014",)
)


def facts(*pages: str, source: SourceInfo = SOURCE) -> dict[str, list[tuple[str, int | None]]]:
    document = Document("d1", source.id, "https://reviews.test/a.pdf", None, "file", "listing", "2026-01-01", "2026-05-05", "available", 0, "shown", "ab", None, None)  # fmt: skip
    reading = Reading(
        "ab",
        "ok",
        "application/pdf",
        tuple(Page(number, text) for number, text in enumerate(pages, 1)),
    )
    found: dict[str, list[tuple[str, int | None]]] = {}
    for fact in first_page_facts(DocumentInput(document, source, (), reading)):
        found.setdefault(fact.field, []).append((fact.value, fact.page))
    return found


def test_a_cover_gives_type_label_role_author_and_report_month() -> None:
    cover = """Kent Safeguarding Children Board
        Serious Case Review
        Child Wren
        Overview Report
        Independent Reviewer: Dr Ann Thornley
        Final – September 2016"""
    found = facts(
        cover,
        "Introduction. This report was agreed by the board on 4 April 2017. It was published on 3 May 2018.",
    )
    assert found["review_type"] == [("scr", 1)]
    assert found["subject_labels"] == [("Child Wren", 1)]
    assert found["document_role"] == [("overview_report", 1)]
    assert found["lead_reviewer"] == [("Dr Ann Thornley", 1)]
    assert found["report_date"] == [("2016-09", 1)]
    assert found["agreed_date"] == [("2017-04-04", 2)]
    assert ("2018-05-03", 2) in found["published"]
    assert found["publisher"] == [("Kent Safeguarding Children Board", 1)]
    assert found["areas"] == [("Kent", 1)]
    assert found["draft_mark"] == [("final", 1)]


def test_the_national_cover_sheet_is_read_by_its_labels_and_the_cover_stands_behind_it() -> None:
    sheet = """Title: Serious case review: Child Wren: overview report
        LSCB: Kent Safeguarding Children Board
        Author: Ann Thornley
        Date of publication: 2017
        This copy was deposited by the board."""
    found = facts(sheet, "Serious Case Review\nChild Wren\nMarch 2016")
    assert found["published"] == [("2017", 1), ("2016-03", 2)]
    assert found["lead_reviewer"] == [("Ann Thornley", 1)]
    assert found["publisher"] == [("Kent Safeguarding Children Board", 1)]
    assert found["report_date"] == [("2016-03", 2)]
    assert found["review_type"] == [("scr", 1), ("scr", 2)]


@pytest.mark.parametrize(
    ("sentence", "field", "value"),
    [
        ("Date of incident to the child: July 2015", "incident_from", "2015-07"),
        ("The child died on 4 May 2018 at home.", "death_date", "2018-05-04"),
        (
            "The overview report was endorsed by the board on 13/08/2012.",
            "agreed_date",
            "2012-08-13",
        ),
        ("The report was presented to the board on 16 July 2012.", "presented", "2012-07-16"),
        ("Version revised 5 January 2021.", "revised", "2021-01-05"),
    ],
)
def test_dates_on_first_pages_are_facts_with_their_meaning(
    sentence: str, field: str, value: str
) -> None:
    assert facts("Serious Case Review\nChild Wren", sentence)[field] == [(value, 2)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The guidance was published on 3 May 2018.",
        "Working Together (2015) was published in March 2015.",
        "The mother died on 4 May 2001 in another town.",
    ],
)
def test_dates_of_guidance_are_not_the_reports_publication(sentence: str) -> None:
    assert "published" not in facts("Serious Case Review\nChild Wren", sentence)


def test_a_silent_cover_leaves_the_type_to_the_words_of_the_next_pages() -> None:
    body = "This child practice review was begun in spring. The child practice review looked at two years. A child practice review is a chance to learn."
    wales = SourceInfo("glan", "Glan Safeguarding Board", "Wales")
    assert facts("Wren", body, source=wales)["review_type"] == [("cpr", 1)]


def test_pages_without_text_say_nothing() -> None:
    assert facts("  ", "") == {}


def test_a_name_ends_before_a_word_of_the_next_paragraph() -> None:
    found = facts("Serious Case Review\nChild Wren\nLead reviewer: Miriam Hallett Fictional")
    assert found["lead_reviewer"] == [("Miriam Hallett", 1)]


def opening(page: Page) -> list[tuple[str, float]]:
    """The titles that a page without a list gives a file that came by hand."""
    document = Document("d1", SOURCE.id, None, None, "file", "manual", "2026-01-01", "2026-05-05", "available", 0, "shown", "ab", None, "scan0001.pdf", None)  # fmt: skip
    reading = Reading("ab", "ok", "application/pdf", (page,))
    found = first_page_facts(DocumentInput(document, SOURCE, (), reading))
    return [(fact.value, fact.confidence) for fact in found if fact.field == "title"]


def test_a_file_that_came_by_hand_is_called_what_its_first_page_says() -> None:
    logo = "Pear Vale\n\nA Year of Learning in Barnmoor\n\nThe harvest was late."
    headings = (Heading(0, "Pear Vale", 3), Heading(11, "A Year of Learning in Barnmoor", 1))
    assert opening(Page(1, logo, headings=headings)) == [("A Year of Learning in Barnmoor", 0.4)]
    assert opening(Page(1, "7\n\nLearning from Barnmoor\n\nIt began in the autumn.")) == [
        ("Learning from Barnmoor", 0.4)
    ]
    running = "The nursery worker wrote to the health visitor in the autumn, and a month went by."
    assert opening(Page(1, running)) == []
