"""Names of reviews and of what only looks alike, all made up in the grammar of real ones."""

import pytest

from casereviews.crawler.parsing.links.wording import (
    LABEL,
    dates_in,
    decoy_reason,
    is_reviewish,
    status_words_in,
)

REVIEWS = [
    "Child Heron: local child safeguarding practice review",
    "CHILD T final LCSPR report 1",
    "Thematic review of training and supervision in nurseries",
    "Learning review: police training",
    "Learning from the training ship Osprey",
    "Learning from the review of staff training: Family R",
    "Training needs: learning review",
    "Baby C and the escalation policy",
    "7 minute briefing on thresholds",
    "Learning from serious case reviews: escalation",
    "Slides for team training",
    "Board response to the review of Child Q",
    "SCR action plan",
    "Serious Case Review into abuse at Fawn Lodge",
    "Executive summary",
    "Case EN12",
]
DECOYS = {
    "Serious Case Review Toolkit": "toolkit",
    "Serious case review: toolkit": "toolkit",
    "Report template for authors of SCRs": "template",
    "Rapid review referral form": "template",
    "Protocol for serious case reviews": "procedure",
    "LCSPR procedure": "procedure",
    "Training on learning from case reviews": "training",
    "Case reviews - training": "training",
    "Learning events about practice reviews": "training",
    "Practice review guidance": "guidance",
    "Learning from case reviews: guidance for staff": "guidance",
    "Domestic homicide review: guidance": "guidance",
    "How to refer a case for review": "guidance",
    "Child Safeguarding Practice Review Panel: practice guidance": "guidance",
    "Child Protection Conference flyer": "training",
    "Neglect strategy 2020-2023": "policy",
    "Policy for learning reviews": "policy",
    "Audit of learning from serious case reviews": "audit",
    "Terms of reference for the subgroup": "committee",
    "Child A annual report": "annual_report",
    "Newsletter: Child A review published": "newsletter",
    "Privacy notice": "website",
}


@pytest.mark.parametrize("name", REVIEWS)
def test_a_review_is_not_lost_to_a_word_in_its_name(name: str) -> None:
    assert decoy_reason(name) is None


@pytest.mark.parametrize(("name", "reason"), DECOYS.items())
def test_what_only_looks_like_a_review_is_known_by_its_head(name: str, reason: str) -> None:
    assert decoy_reason(name) == reason


def test_ordinary_words_after_child_are_no_label() -> None:
    names = [
        "Child Heron",
        "Baby G",
        "Family S4",
        "Young Person A",
        "CHILD T",
        "Child ‘L’",
        "Case 14",
        "FD17",
    ]
    others = [
        "Child Protection",
        "Child Safeguarding Practice",
        "Family Support",
        "Adult Services",
        "Case Reviews",
    ]
    assert [name for name in names if not LABEL.search(name)] == []
    assert [
        name for name in [*others, "Child in need", "S47 enquiries"] if LABEL.search(name)
    ] == []


def test_a_file_is_not_reviewish_because_it_speaks_of_children() -> None:
    assert not is_reviewish("Child Protection leaflet for families")
    assert is_reviewish("Adolygiad Ymarfer Plant")


def test_dates_are_found_in_every_form_that_boards_print() -> None:
    text = (
        "23 June 2021; 31st January 2018; 18 March, 2024; Tuesday, 07th Jun 2022; January 2021; (Dec 2024); 05/12/19;"
        " 07.09.18; 2019-04-29 02:52:49; 3 Mai 2023; ref 8/2020; 10-12 weeks"
    )
    assert dates_in(text) == [
        "23 June 2021",
        "31st January 2018",
        "18 March, 2024",
        "Tuesday, 07th Jun 2022",
        "January 2021",
        "Dec 2024",
        "05/12/19",
        "07.09.18",
        "2019-04-29",
        "3 Mai 2023",
    ]


def test_status_words_are_kept_as_printed() -> None:
    assert status_words_in("Overview: No longer published. Summary: available on request") == [
        "No longer published",
        "available on request",
    ]
