"""Documents of fictional cases joined on evidence, with reasons; different cases never."""

from __future__ import annotations

import random
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casereviews.repository.describing import describe_document
from casereviews.repository.describing.grouping import Group, GroupingInput, group
from casereviews.repository.describing.grouping.agreement import label_keys
from casereviews.repository.describing.grouping.duplicates import (
    alike_pairs,
    signature,
    similarity,
)
from casereviews.repository.model import (
    NOTHING,
    Description,
    Document,
    DocumentInput,
    Page,
    Reading,
    Sighting,
    SourceInfo,
)
from tests.repository.describing.test_context import given as described

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))
from grouping_made import make, pairwise


def doc(document_id: str, label: str | None = None, **more: object) -> GroupingInput:
    more.setdefault("source_id", "north")
    more.setdefault("publisher", "Northmoor Partnership")
    labels = tuple(label.split("|")) if label else ()
    return GroupingInput(document_id, labels=labels, **more)  # type: ignore[arg-type]


def members(groups: list[Group]) -> list[tuple[str, ...]]:
    return [one.members for one in groups]


def reasons(groups: list[Group]) -> list[str]:
    return [link.reason for one in groups for link in one.links]


def test_report_and_older_briefing_of_one_label_are_one_review() -> None:
    groups = group(
        [
            doc("a", "Child Q", review_type="lcspr", published="2021-03"),
            doc("b", "Child Q", review_type="lcspr", published="2020-01"),
        ]
    )
    assert members(groups) == [("a", "b")]
    assert reasons(groups) == ["the same label, publisher and type, at one time"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (doc("a", "Child Q", review_type="scr", published="2021"), doc("b", "Child Q", review_type="scr", published="2021", source_id="east", publisher="Eastmere Partnership")),
        (doc("a", "Child Q", review_type="scr", published="2012"), doc("b", "Child Q", review_type="scr", published="2019")),
        (doc("a", "Child Q", review_type="scr", published="2018"), doc("b", "Child Q", review_type="lcspr", published="2019")),
        (doc("a", "Child Q", review_type="scr", published="2018"), doc("b", "Child R", review_type="scr", published="2018")),
        (doc("a", "Child Q", published="2018"), doc("b", "Child Q")),
        (doc("a", "Child Q", review_type="scr", case_ref="XSB 1/2018"), doc("b", "Child Q", review_type="scr", case_ref="XSB 2/2018")),
        (doc("a", "Child Q", review_type="scr", published="2018"), doc("b", "Child Q", review_type="scr", published="2018", anonymous=True)),
    ],
)  # fmt: skip
def test_different_cases_are_kept_apart(one: GroupingInput, other: GroupingInput) -> None:
    assert members(group([one, other])) == [("a",), ("b",)]


def test_files_of_one_card_are_one_review_even_without_labels() -> None:
    groups = group(
        [
            doc("a", "Child Q", keys=("north card 1",)),
            doc("b", keys=("north card 1",)),
            doc("c", keys=("north card 2",)),
        ]
    )
    assert (members(groups), reasons(groups)) == ([("a", "b"), ("c",)], ["files of one card"])


def test_a_list_whose_one_card_holds_many_reviews_is_not_merged() -> None:
    listed = [
        doc(f"d{number}", f"Child {letter}", keys=("north card 1",))
        for number, letter in enumerate("ABCD")
    ]
    unnamed = doc("e", keys=("north card 1",))
    assert members(group([*listed, unnamed])) == [("d0",), ("d1",), ("d2",), ("d3",), ("e",)]


def test_a_document_with_a_choice_of_two_cases_joins_neither() -> None:
    old = doc("a", "Child Q", review_type="scr", published="2012")
    new = doc("b", "Child Q", review_type="scr", published="2019")
    undated = doc("c", "Child Q", review_type="scr")
    assert members(group([old, new, undated])) == [("a",), ("b",), ("c",)]


def test_a_welsh_twin_is_linked_with_its_reason() -> None:
    english = doc("a", "Child A", review_type="cpr", published="2019-03", language="en")
    welsh = doc("b", "Plentyn A", review_type="cpr", published="2019-03", language="cy")
    groups = group([english, welsh])
    assert (members(groups), reasons(groups)) == ([("a", "b")], ["Welsh and English of one review"])


def test_one_case_number_written_three_ways_is_one_case() -> None:
    numbers = ["ABC 08/2020", "ABC 8-2020", "ABC 8/2020"]
    groups = group(
        [doc(f"d{at}", case_ref=number, review_type="cpr") for at, number in enumerate(numbers)]
    )
    assert members(groups) == [("d0", "d1", "d2")]


def test_a_joint_review_on_both_boards_sites_is_one_review() -> None:
    one = doc(
        "a", "Child Q", review_type="lcspr", published="2021-03-04", areas=("Northmoor", "Eastmere")
    )
    other = doc(
        "b",
        "Child Q",
        review_type="lcspr",
        published="2021-03-04",
        areas=("Eastmere",),
        source_id="east",
        publisher="Eastmere Partnership",
    )
    assert members(group([one, other])) == [("a", "b")]


TEXT = " ".join(f"word{number * 7 % 311} said{number % 53}" for number in range(600))


def test_a_neighbours_copy_is_found_by_its_text() -> None:
    words = TEXT.split()
    words[300:303] = ["revised", "for", "publication"]
    one = doc("a", "Child Q", sketch=signature(TEXT), review_type="scr")
    copy = doc(
        "b", sketch=signature(" ".join(words)), source_id="east", publisher="Eastmere Partnership"
    )
    groups = group([one, copy])
    assert members(groups) == [("a", "b")]
    assert groups[0].links[0].reason.startswith("nearly the same text")


def test_a_form_that_boards_fill_for_one_child_after_another_joins_none_of_them() -> None:
    form = "The panel met and heard those who had known the family, and thanks them. " + TEXT
    filled = [
        doc(
            f"d{at}",
            *labels,
            sketch=signature(form.replace("word14", f"word14 {labels[0] if labels else ''}")),
            source_id=f"board{at}",
            publisher=f"Board {at}",
        )
        for at, labels in enumerate((("Child M1",), ("Child M2",), ("Heron",), (), ("Child M1",)))
    ]
    assert members(group(filled)) == [("d0", "d4"), ("d1",), ("d2",), ("d3",)]


def test_copies_of_two_boards_join_none_of_their_own_cases_by_label() -> None:
    copies = [doc("a", "Child Q", review_type="scr", published="2018", areas=("Northmoor",), text_sha256="t"),
              doc("b", "Child Q", review_type="scr", published="2018", areas=("Eastmere",), text_sha256="t", source_id="east", publisher="Eastmere Partnership")]  # fmt: skip
    own = doc(
        "c",
        "Child Q",
        review_type="scr",
        published="2018",
        areas=("Eastmere",),
        source_id="east",
        publisher="Eastmere Partnership",
    )
    assert members(group([*copies, own])) == [("a", "b"), ("c",)]


def test_an_anonymous_entry_is_joined_with_no_copy_elsewhere() -> None:
    hidden = doc(
        "a",
        "Child Q",
        anonymous=True,
        source_id="national",
        sha256="same",
        text_sha256="t",
        sketch=signature(TEXT),
    )
    named = doc("b", "Child Q", sha256="same", text_sha256="t", sketch=signature(TEXT))
    assert members(group([hidden, named])) == [("a",), ("b",)]


def test_people_join_and_part_what_rules_do_not() -> None:
    documents = [
        doc("a", "Child Q", review_type="scr", published="2018"),
        doc("b", "Child Q", review_type="scr", published="2018"),
        doc("c", "Heron"),
    ]
    groups = group(documents, same=[("c", "a")], apart=[("b", "a")])
    assert members(groups) == [("a", "c"), ("b",)]
    assert reasons(groups) == ["joined by a correction"]


def test_labels_compare_without_noun_only_where_they_are_names_or_codes() -> None:
    forms = [
        "Child Heron",
        "Heron",
        "‘Heron’",
        "Child Q",
        "Baby Q",
        "Plentyn Q",
        "EN12",
        "Child EN12",
    ]
    assert [sorted(label_keys((form,))) for form in forms] == [
        ["heron"], ["heron"], ["heron"], ["child q"], ["baby q"], ["child q"], ["en12"], ["en12"],
    ]  # fmt: skip


@given(st.integers(1, 40), st.randoms(use_true_random=False))
@pytest.mark.slow
def test_the_order_of_documents_changes_nothing(seed: int, chance: random.Random) -> None:
    made = make(4, 4, seed=seed)
    shuffled = list(made.documents)
    chance.shuffle(shuffled)
    assert group(shuffled) == group(made.documents)


def test_every_document_is_in_one_group_with_one_link_fewer_than_members() -> None:
    made = make(6, 8, seed=7)
    groups = group(made.documents)
    assert sorted(member for one in groups for member in one.members) == sorted(made.case_of)
    assert [len(one.links) for one in groups] == [len(one.members) - 1 for one in groups]


def test_made_cases_are_found_again_and_never_mixed() -> None:
    made = make(40, 10, seed=11)
    figures = pairwise(group(made.documents), made.case_of)
    assert figures["wrong"] == 0
    assert figures["f1"] >= 0.98


def test_short_texts_have_no_signature_and_are_alike_to_none() -> None:
    assert signature("too short to compare") == ()
    assert similarity((), ()) == 0.0


def test_alike_pairs_are_found_whole_and_once() -> None:
    other = " ".join(f"quite{number} other{number * 3 % 97}" for number in range(400))
    found = list(alike_pairs({"b": signature(TEXT), "a": signature(TEXT), "c": signature(other)}))
    assert found == [("a", "b", 1.0)]


PAPER = {"role": "action_plan"}


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        # A name or a code says of which report a paper is that tells neither type nor date.
        ([doc("a", "Heron", review_type="lcspr", published="2022"), doc("b", "Heron", **PAPER)], ["a b"]),
        ([doc("a", "EN12", review_type="scr"), doc("b", "EN12", role="briefing"), doc("c", "EN12", **PAPER)], ["a b c"]),
        # A letter, another board's name, a name of two cases, and two reports do not.
        ([doc("a", "Child Q", review_type="lcspr", published="2022"), doc("b", "Child Q", **PAPER)], ["a", "b"]),
        ([doc("a", "Heron", review_type="scr"), doc("b", "Heron", publisher="Eastmere Partnership", source_id="east", **PAPER)], ["a", "b"]),
        ([doc("a", "Heron", published="2012"), doc("b", "Heron", published="2021"), doc("c", "Heron", **PAPER)], ["a", "b", "c"]),
        ([doc("a", "Heron", review_type="scr"), doc("b", "Heron", review_type="sar"), doc("c", "Heron", **PAPER)], ["a", "b", "c"]),
        ([doc("a", "Heron", review_type="scr"), doc("b", "Heron")], ["a", "b"]),
        # Two letters are a code; one is given again and again.
        ([doc("a", "Child AB", review_type="scr"), doc("b", "Child AB", **PAPER)], ["a b"]),
        # A briefing's year finds its report beside papers of another Child T that say none.
        ([doc("a", "Child T", review_type="scr", published="2014"), doc("b", "Child T", review_type="scr", **PAPER),
          doc("c", "Child T", review_type="lcspr", published="2023"), doc("d", "Child T", role="briefing", published="2023-05")],
         ["a b", "c d"]),
        # One card with two reports that exclude each other: a paper that fits both is of neither.
        ([doc("a", keys=("card",), review_type="scr", published="2012"), doc("b", keys=("card",), review_type="scr", published="2021"),
          doc("c", keys=("card",), **PAPER)], ["a", "b", "c"]),
    ],
)  # fmt: skip
def test_papers_go_to_the_one_report_that_they_can_be_of(
    documents: list[GroupingInput], expected: list[str]
) -> None:
    assert [" ".join(one.members) for one in group(documents)] == expected


def numbered(
    name: str, number: str, role: str | None = None, label: str | None = None, **more: object
) -> GroupingInput:
    return doc(name, label, **{"case_ref": number, "review_type": "scr", "role": role, **more})


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        # "SCR 04" of one publisher is one review, on whatever pages its papers stand.
        ([numbered("a", "04", "overview_report"), numbered("b", "4", "briefing"), numbered("c", "05", "briefing")], ["a b", "c"]),
        ([numbered("a", "04", published="2014"), numbered("b", "04", published="2015-01")], ["a b"]),
        # Another type, another publisher, another label, dates years apart.
        ([numbered("a", "04", "overview_report"), numbered("b", "04", "briefing", review_type="lcspr")], ["a", "b"]),
        ([numbered("a", "04", "overview_report"), numbered("b", "04", "briefing", publisher="Eastmere Partnership")], ["a", "b"]),
        ([numbered("a", "04", "overview_report", label="Child Q"), numbered("b", "04", "briefing", label="Child T")], ["a", "b"]),
        ([numbered("a", "04", "overview_report", published="2012"), numbered("b", "04", "briefing", published="2019")], ["a", "b"]),
        # Two reports of one number without dates: the board may have begun anew, and a paper of either goes to none.
        ([numbered("a", "04", "overview_report"), numbered("b", "04", "overview_report"), numbered("c", "04", "briefing")], ["a", "b", "c"]),
        # A number that counts papers does not part those of one label; a reference with a year is of another kind.
        ([numbered("a", "01", "overview_report", label="Heron"), numbered("b", "02", "briefing", label="Heron")], ["a b"]),
        ([numbered("a", "04", label="Heron"), numbered("b", "PVSCP 3/2019", label="Heron")], ["a b"]),
    ],
)  # fmt: skip
def test_the_number_of_a_type_is_a_key_of_one_publisher(
    documents: list[GroupingInput], expected: list[str]
) -> None:
    assert [" ".join(one.members) for one in group(documents)] == expected


def test_papers_on_two_pages_are_joined_by_the_number_in_their_links() -> None:
    board = SourceInfo("north", "Northmoor Safeguarding Children Board", "England")
    found = []
    for page, words in (("reviews", "SCR 04 overview report"), ("learning", "SCR 04 briefing"), ("learning", "SCR 05 briefing")):  # fmt: skip
        url = f"https://north.test/{len(found)}.pdf"
        sighting = Sighting(board.id, f"https://north.test/{page}", url, link_text=words)
        made = described(board, sighting, pages=(f"An invented paper, {words}.",), url=url)
        made = replace(made, document=replace(made.document, id=words))
        found.append(GroupingInput.of(made, describe_document(made)))
    assert members(group(found)) == [("SCR 04 briefing", "SCR 04 overview report"), ("SCR 05 briefing",)]  # fmt: skip


BLANK = "This page is intentionally left blank."


@pytest.mark.parametrize(
    ("status", "text", "sha256", "joined"),
    [
        ("ok", TEXT, "one", True),
        ("needs_ocr", "", "one", True),
        ("encrypted", "", "one", True),
        ("ok", BLANK, "one", False),
        ("empty", "", "one", False),
        ("corrupt", "", "one", False),
        ("not_a_document", "", "one", False),
        ("empty", "", NOTHING, False),
        (None, "", NOTHING, False),
    ],
)
def test_files_that_say_nothing_are_never_equal(
    status: str | None, text: str, sha256: str, joined: bool
) -> None:
    board = SourceInfo("north", "Northmoor Partnership", nation="England")
    found = []
    for name in ("a", "b"):
        url = f"https://north.test/{name}.pdf"
        document = Document(name, "north", url, None, "file", "crawl", "2026-01-01", "2026-01-01", "available", 0, "shown",
                            sha256, "application/pdf", f"{name}.pdf")  # fmt: skip
        reading = status and Reading(sha256, status, "application/pdf", (Page(1, text),), text_sha256=(text and "t") or None)  # fmt: skip
        given = DocumentInput(document, board, (), reading or None)
        found.append(GroupingInput.of(given, Description()))
    assert len(group(found)) == (1 if joined else 2)
