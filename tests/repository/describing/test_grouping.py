"""Documents of fictional cases joined on evidence, with reasons; different cases never."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casereviews.repository.describing.grouping import Group, GroupingInput, group
from casereviews.repository.describing.grouping.agreement import label_keys
from casereviews.repository.describing.grouping.duplicates import (
    alike_pairs,
    signature,
    similarity,
)

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
