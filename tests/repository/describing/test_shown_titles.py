"""What a title is shown as: no word of the site about the file or itself, a file's name in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casereviews.repository.describing.titles.shown import shown_title

PEAR_VALE = "Pear Vale Safeguarding Children Partnership"


@pytest.mark.parametrize(
    "printed",
    [
        "Child G serious case review (PDF 1.2MB)",
        "Child G serious case review [PDF, 1.2 MB, 44 pages]",
        "Child G serious case review (file type: PDF, size: 1.2MB)",
        "Child G serious case review (password protected)",
        "Child G serious case review – password protected",
        "Password protected: Child G serious case review",
        "Protected: Child G serious case review",
        "Child G serious case review (scanned copy)",
        "Child G serious case review – read more »",
        "Child G serious case review can be downloaded here",
        "Click here for the Child G serious case review",
        "Read more about Child G serious case review",
        "Microsoft Word - Child G serious case review.doc",
        "PDF icon Child G serious case review (1.2 MB)",
        "• Child G serious case review",
        "Home > Reviews > Child G serious case review",
        f"Child G serious case review | {PEAR_VALE}",
        "Child G serious case review | Reviews | Pear Vale SCP",
        "Child G serious case review | PVSCP | Learning hub",
        "You are here: Home / Reviews / Child G serious case review",
        "Child G serious case review - External link",
        "Child G serious case review (no longer available)",
        "[Archived] Child G serious case review",
        "Child G serious case review – ask for the password",
        "Child G serious case review.pdf 800 KB",
        "Child G serious case review, file type: PDF, file size: 450 KB",
        "Please click here for the Child G serious case review",
        "Link to the Child G serious case review",
        "Downloads: Child G serious case review",
        "\N{LOCK} Child G serious case review",
        f"{PEAR_VALE} » Child G serious case review",
        f"Child G serious case review - {PEAR_VALE}",
    ],
)
def test_clutter_of_the_site_leaves_a_title(printed: str) -> None:
    assert shown_title(printed, PEAR_VALE) == "Child G serious case review"


@pytest.mark.parametrize(
    "printed",
    [
        "View from the bridge: Child G",
        "Read easy: Child G",
        "Child G | Executive summary",
        "Home Fires: Child G",
        "Child K / Child L SCR",
    ],
)
def test_words_that_only_look_like_clutter_stay(printed: str) -> None:
    assert shown_title(printed, PEAR_VALE) == printed


@pytest.mark.parametrize(
    ("printed", "labels", "shown"),
    [
        ("Lapwing-SCR-report", ("Lapwing",), "Lapwing SCR report"),
        ("CHSCB-Local-Review-X-FINAL.pdf", ("X",), "CHSCB Local Review X FINAL"),
        ("child-q-lcspr-report-(1).pdf", ("Child Q",), "Child Q LCSPR report"),
        ("SCR%20Child%20Q.pdf", ("Child Q",), "SCR Child Q"),
        ("bkscp-learning-review.pdf", (), "BKSCP learning review"),
        ("Read the full report – Jayden (password protected)", ("Jayden",), "Full report – Jayden"),
    ],
)
def test_the_name_of_a_file_is_shown_in_words(
    printed: str, labels: tuple[str, ...], shown: str
) -> None:
    assert shown_title(printed, PEAR_VALE, labels) == shown


@pytest.mark.parametrize(
    "printed",
    [
        "Co-sleeping",
        "‘Arun’ – SPR published 8th June 2021",
        f"{PEAR_VALE} – Child G serious case review",
        "Child G report (7 minute briefing)",
        "A protected child: the review of Child Q",
        "Download",
        PEAR_VALE,
    ],
)
def test_what_is_no_clutter_stays_as_it_is_printed(printed: str) -> None:
    assert shown_title(printed, PEAR_VALE) == printed


@given(st.text(max_size=80))
def test_any_text_has_a_shown_title_and_none_that_says_something_is_lost(printed: str) -> None:
    assert bool(shown_title(printed)) == bool(printed.split())
