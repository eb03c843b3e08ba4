"""Whose review it is on a site that an adults' and a children's board share; and the role that siblings give a report."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casereviews.repository.describing import describe_document
from casereviews.repository.describing.grouping import GroupingInput
from casereviews.repository.model import DocumentInput, Sighting, SourceInfo
from tests.repository.describing.test_context import given, resolved, seen

JOINT = SourceInfo(
    "larkmoor", "Larkmoor Safeguarding Children Partnership", "England", scope="both"
)
EVERYBODY = replace(JOINT, publisher="Larkmoor Safeguarding Partnership")
ADULTS = "Larkmoor Safeguarding Adults Board"
CHILDREN = "Larkmoor Safeguarding Children Partnership"


def covered(source: SourceInfo, sighting: Sighting, *lines: str) -> DocumentInput:
    text = "\n".join((*lines, "", "This invented review looks at how agencies helped."))
    return given(source, sighting, pages=(text,), url="https://reviews.test/files/1.pdf")


@pytest.mark.parametrize("source", [JOINT, EVERYBODY], ids=["children's name", "everybody's name"])
@pytest.mark.parametrize(
    ("title", "cover", "publisher"),
    [
        ("Safeguarding Adults Review – Adult K", ADULTS, ADULTS),
        (
            "Safeguarding Adults Review – Adult K",
            "Larkmoor Safeguarding Adults Partnership",
            "Larkmoor Safeguarding Adults Partnership",
        ),
        ("Serious Case Review – Child K", CHILDREN, CHILDREN),
    ],
)
def test_the_board_on_the_cover_is_the_publisher_on_a_joint_site(source, title, cover, publisher):
    made = covered(source, seen(source, title), cover, title)
    assert resolved(made)["publisher"].value == publisher


def test_a_heading_names_the_board_where_the_cover_does_not():
    title = "Safeguarding Adults Review – Adult K"
    made = covered(
        JOINT, seen(JOINT, title, headings=("Reviews", f"Reviews of the {ADULTS}")), title
    )
    assert resolved(made)["publisher"].value == ADULTS


@pytest.mark.parametrize(
    ("source", "title", "cover"),
    [
        # another place's board, a board of the other kind, no joint site, a title that tells no type
        (JOINT, "Safeguarding Adults Review – Adult K", "Northvale Safeguarding Adults Board"),
        (JOINT, "Safeguarding Adults Review – Adult K", CHILDREN),
        (replace(JOINT, scope="child"), "Serious Case Review – Child K", ADULTS),
        (JOINT, "Adult K", ADULTS),
    ],
)
def test_else_the_site_is_the_publisher(source, title, cover):
    assert (
        resolved(covered(source, seen(source, title), cover, title))["publisher"].value
        == source.publisher
    )


def test_a_briefing_that_names_no_board_stays_with_the_report_that_does():
    title = "Safeguarding Adults Review – Adult K"
    report = covered(JOINT, seen(JOINT, title), ADULTS, title)
    briefing = covered(JOINT, seen(JOINT, f"{title}: 7 minute briefing"), title)
    owners = {GroupingInput.of(one, describe_document(one)).publisher for one in (report, briefing)}
    assert owners == {JOINT.publisher}


def test_siblings_on_its_page_tell_the_role_of_a_report_that_says_only_its_label():
    alone = given(JOINT, seen(JOINT, "Child Fern"))
    among = given(JOINT, seen(JOINT, "Child Fern", extra={"siblings_say": "overview report"}))
    assert "document_role" not in resolved(alone)
    role = resolved(among)["document_role"]
    assert (role.value, role.fact.rule) == ("overview_report", "siblings on its page")
