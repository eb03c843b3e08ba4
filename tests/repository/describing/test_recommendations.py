"""Recommendations as printed: number, whole text, addressee, page; every form of list once."""

from __future__ import annotations

from casereviews.repository.describing.recommendations import find_recommendations
from casereviews.repository.describing.recommendations.addressees import (
    addressee,
    heading_addressee,
)
from casereviews.repository.describing.text.sections import find_sections
from casereviews.repository.model import Heading, Page, Reading, Recommendation
from tests.steps import steps_of


def found(*texts: str, headings: tuple[str, ...] = ()) -> list[Recommendation]:
    pages = tuple(
        Page(
            number,
            text,
            headings=tuple(
                Heading(text.index(words), words) for words in headings if words in text
            ),
        )
        for number, text in enumerate(texts, 1)
    )
    reading = Reading("0", "ok", "application/pdf", pages)
    return list(find_recommendations(reading, find_sections(reading)))


def test_labelled_recommendations_are_read_whole_over_lines_and_pages() -> None:
    first = (
        "6. Recommendations\nThe review makes these recommendations:\n"
        "Recommendation 1: The Eastwick Partnership should agree one form for multi-\nagency visits.\n"
        "Recommendation 2: Stanmere Police must tell schools within\n"
    )
    assert found(first, "one day of each visit.\n7. Conclusion\nThe Board should be proud.") == [
        Recommendation(
            "1",
            "The Eastwick Partnership should agree one form for multi-agency visits.",
            "Eastwick Partnership",
            1,
        ),
        Recommendation(
            "2",
            "Stanmere Police must tell schools within one day of each visit.",
            "Stanmere Police",
            1,
        ),
    ]


def test_a_second_sentence_on_the_next_page_belongs_to_the_recommendation() -> None:
    pages = (
        "Recommendations\n1. The Board should act.",
        "This should be done by May.\n2. The Trust should follow.",
    )
    assert [(item.number, item.text, item.page) for item in found(*pages)] == [
        ("1", "The Board should act. This should be done by May.", 1),
        ("2", "The Trust should follow.", 2),
    ]


def test_a_numbered_list_ends_with_its_section() -> None:
    text = (
        "RECOMMENDATIONS\n1. The Board should seek assurance that agencies use the\nnew form.\n"
        "2) Review the rota.\nAPPENDIX 1\n1. Another list stands here."
    )
    assert found(text) == [
        Recommendation(
            "1", "The Board should seek assurance that agencies use the new form.", "Board", 1
        ),
        Recommendation("2", "Review the rota.", None, 1),
    ]


def test_in_a_numbered_section_only_paragraphs_that_direct_somebody_count() -> None:
    text = (
        "6. Recommendations\n6.1 The panel considered the work that is under way.\n"
        "6.2 The Board should be assured that schools keep records.\n"
        "6.3 It is recommended that Stanmere Police review how visits are noted.\n"
        "6.4 Progress will be reported."
    )
    assert [(item.number, item.addressee) for item in found(text)] == [
        ("6.2", "Board"),
        ("6.3", "Stanmere Police"),
    ]


def test_bullets_take_the_addressee_of_the_heading_above_them() -> None:
    text = (
        "7. Recommendations\n\nFor the Police:\n\n• Review the use of cameras at homes\nwith small children.\n"
        "• Audit fifty cases.\n\nFor Children's Social Care:\n\n• Record every visit.\n\n8. Conclusion\n\n• No."
    )
    assert found(text) == [
        Recommendation(
            None, "Review the use of cameras at homes with small children.", "Police", 1
        ),
        Recommendation(None, "Audit fifty cases.", "Police", 1),
        Recommendation(None, "Record every visit.", "Children's Social Care", 1),
    ]


def test_a_table_is_read_by_its_columns_and_the_action_plan_adds_nothing() -> None:
    text = (
        "Recommendations\nNo.\tRecommendation\tLead agency\tDate\n"
        "1\tReview the escalation form and tell all staff.\tPartnership\tMay 2022\n"
        "2\tTrain new health visitors in its use.\tHealth trust\tJune 2022\n"
        "Action plan\nNo.\tRecommendation\tAction\tLead\n1\tReview the escalation form and tell all staff.\tDone\tChair"
    )
    assert found(text) == [
        Recommendation("1", "Review the escalation form and tell all staff.", "Partnership", 1),
        Recommendation("2", "Train new health visitors in its use.", "Health trust", 1),
    ]


def test_prose_is_parted_where_another_body_is_addressed() -> None:
    text = (
        "Recommendations\n\nThe Partnership should ask all agencies to look at their rotas. This should be done by May. "
        "The Health Board is asked to review its letters.\n\nThe reviewer thanks all who took part."
    )
    assert found(text) == [
        Recommendation(
            None,
            "The Partnership should ask all agencies to look at their rotas. This should be done by May.",
            "Partnership",
            1,
        ),
        Recommendation(None, "The Health Board is asked to review its letters.", "Health Board", 1),
    ]


def test_recommendations_between_findings_are_found_by_their_labels() -> None:
    text = (
        "5. Findings\nWorkers did not meet.\n\nRecommendation 1\nThe Board should bring them together.\n\n"
        "Visits were late.\n\nRecommendation 2: That the Trust review its rota.\n\nRecommendation 2 was accepted."
    )
    assert found(text) == [
        Recommendation("1", "The Board should bring them together.", "Board", 1),
        Recommendation("2", "That the Trust review its rota.", "Trust", 1),
    ]


def test_lettered_parts_belong_to_the_recommendation_that_leads_into_them() -> None:
    text = (
        "Recommendations\n1. The Integrated Care Board is asked to:\na) review the discharge letter;\n"
        "b) send a copy to the health visitor.\n2. Government should consider the law."
    )
    assert found(text) == [
        Recommendation(
            "1",
            "The Integrated Care Board is asked to: a) review the discharge letter; b) send a copy to the health visitor.",
            "Integrated Care Board",
            1,
        ),
        Recommendation("2", "Government should consider the law.", "Government", 1),
    ]


def test_the_reason_that_follows_in_its_own_paragraph_is_not_part_of_the_text() -> None:
    text = (
        "5. Recommendations\n\n1.\n\nThe Board should look at one thing.\n\nThis is because it was lacking.\n\n"
        "2.\n\nThe Board should look at the other\nbefore the end of the year."
    )
    assert [(item.number, item.text) for item in found(text)] == [
        ("1", "The Board should look at one thing."),
        ("2", "The Board should look at the other before the end of the year."),
    ]


def test_a_list_that_the_summary_repeats_is_taken_once_where_it_stands_first() -> None:
    summary = "Executive summary\nWords.\nRecommendations\n1. The Board should count visits."
    main = (
        "Introduction\nWords.\n9. Recommendations\nRecommendation 1: The Board should count visits.\n"
        "Recommendation 2: The Police should count calls."
    )
    assert found(summary, main) == [
        Recommendation("1", "The Board should count visits.", "Board", 1),
        Recommendation("2", "The Police should count calls.", "Police", 2),
    ]


def test_bold_labels_are_labels_and_not_headings() -> None:
    text = "Recommendations\nRecommendation 1\nThe Board should act.\nRecommendation 2\nThe Trust must act too."
    marked = ("Recommendations\n", "Recommendation 1", "Recommendation 2")
    assert [(item.number, item.text) for item in found(text, headings=marked)] == [
        ("1", "The Board should act."),
        ("2", "The Trust must act too."),
    ]


def test_short_labels_go_on_under_another_heading() -> None:
    text = (
        "Learning and Recommendations\nR1. The Board to develop a form.\nSingle agency recommendations\n"
        "Northmoor Police\nR2. To remind officers of the form."
    )
    assert found(text) == [
        Recommendation("1", "The Board to develop a form.", "Board", 1),
        Recommendation("2", "To remind officers of the form.", "Northmoor Police", 1),
    ]


def test_welsh_recommendations_are_read() -> None:
    text = "Argymhellion\n1. Dylai'r Bwrdd adolygu ei bolisi.\n2. Dylai'r Heddlu rannu gwybodaeth.\nCasgliad\nDiwedd."
    assert found(text) == [
        Recommendation("1", "Dylai'r Bwrdd adolygu ei bolisi.", "Bwrdd", 1),
        Recommendation("2", "Dylai'r Heddlu rannu gwybodaeth.", "Heddlu", 1),
    ]


def test_without_a_section_only_what_is_called_a_recommendation_counts() -> None:
    text = "The Board should have known. It is recommended that the Board reviews its rota.\n\nThe nurse should have called."
    assert found(text) == [
        Recommendation(None, "It is recommended that the Board reviews its rota.", "Board", 1)
    ]


def test_a_document_that_recommends_nothing_has_none() -> None:
    assert found("Findings\nAll went well for Child Q.\nConclusion\nNothing more.") == []


def test_an_addressee_is_a_body_and_not_whatever_stands_before_should() -> None:
    assert (
        addressee("In addition, Children's Services must see that a manager signs.")
        == "Children's Services"
    )
    assert addressee("Recommendation for the ICB: agree a date.") == "ICB"
    assert addressee("Agree a date for the review. (Harrowdale Council)") == "Harrowdale Council"
    assert addressee("Training should be repeated every year.") is None
    assert addressee("Children who are missing should be spoken to.") is None


def test_a_heading_names_an_addressee_only_when_it_names_a_body() -> None:
    assert heading_addressee("Recommendations for Eastwick Council") == "Eastwick Council"
    assert heading_addressee("7.2 Health Trust") == "Health Trust"
    assert heading_addressee("Training") is None


def test_a_recommendation_of_many_lines_is_joined_once() -> None:
    def of_lines(count: int) -> str:
        return (
            "Recommendations\n1. The Board should assure itself\n" + "that staff know and\n" * count
        )

    found(of_lines(1))
    once, _ = steps_of(lambda: found(of_lines(200)))
    twice, items = steps_of(lambda: found(of_lines(400)))
    assert twice < 2.6 * once
    assert [len(one.text.split()) for one in items] == [5 + 4 * 400]
