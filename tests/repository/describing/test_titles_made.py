"""Some 400 fictional titles in the grammar of the field, whose readings were decided before any was read."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from casereviews.repository.describing.titles import read_title

MADE = Path(__file__).with_name("titles_made.csv")
FIELDS = ("review_type", "subject_labels", "document_role", "published")


def rows() -> list[dict[str, str]]:
    with MADE.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def readings(row: dict[str, str]) -> dict[str, set[str]]:
    facts = read_title(row["raw_title"], publisher=row["publisher"], nation=row["nation"] or None)
    date = f"{facts.published} {facts.precision}" if facts.published else ""
    values = (facts.review_type, "|".join(facts.subject_labels), facts.document_role, date)
    return {
        name: set(value.split("|")) if value else set()
        for name, value in zip(FIELDS, values, strict=True)
    }


def gold(row: dict[str, str]) -> dict[str, set[str]]:
    date = f"{row['published']} {row['precision']}".strip()
    return {
        name: set(value.split("|")) if value else set()
        for name, value in ((name, date if name == "published" else row[name]) for name in FIELDS)
    }


@pytest.mark.parametrize("field", FIELDS)
def test_made_titles_are_read_with_a_precision_of_98_and_a_recall_of_95_in_100(field: str) -> None:
    counts: Counter[str] = Counter()
    wrong = []
    for row in rows():
        told, wanted = readings(row)[field], gold(row)[field]
        counts.update(right=len(told & wanted), told=len(told), wanted=len(wanted))
        if told != wanted:
            wrong.append((row["raw_title"], told, wanted))
    assert counts["wanted"] > 100
    assert counts["right"] >= 0.98 * counts["told"], wrong
    assert counts["right"] >= 0.95 * counts["wanted"], wrong


def test_nine_in_ten_made_titles_are_wholly_right() -> None:
    whole = [readings(row) == gold(row) for row in rows()]
    assert len(whole) > 400
    assert sum(whole) >= 0.9 * len(whole)


def test_a_publishers_place_and_acronym_are_no_labels() -> None:
    board = "Wennol Safeguarding Board"
    assert read_title("Concise CPR – Wennol 3/2019", publisher=board).subject_labels == ()
    partnership = "Hallowshire Safeguarding Children Partnership"
    slug = read_title("hscp-lcspr-iris-briefing.pdf", publisher=partnership)
    assert slug.subject_labels == ("Iris",)


def test_capitals_after_a_noun_in_small_letters_are_a_code_whatever_they_spell() -> None:
    assert read_title("SCR Child AC and Child AM").subject_labels == ("Child AC", "Child AM")


def test_a_number_of_sisters_is_a_group_label() -> None:
    facts = read_title("Two Sisters SCR Report", nation="England")
    assert (facts.subject_labels, facts.label_kind) == (("Two Sisters",), "group")


def test_an_operation_is_a_label_whatever_its_name() -> None:
    facts = read_title("Serious Case Review: Operation Lapwing", nation="England")
    assert (facts.subject_labels, facts.label_kind) == (("Operation Lapwing",), "operation")
