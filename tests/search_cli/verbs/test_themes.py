"""`themes list`: what each theme means, its group, and how many reviews of the home carry it."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest

from casereviews.repository.home import Home
from casereviews.repository.vocabulary import load_themes
from casereviews.repository.vocabulary.themes import GROUP_LABELS
from tests.search_cli.verbs.conftest import Runner

KEYS = ["id", "label", "group", "group_label", "definition", "reviews"]


def test_every_theme_and_agency_is_listed_with_what_it_means(read: Runner) -> None:
    rows = read.json("themes", "list")
    assert [list(row) for row in rows] == [KEYS] * 79
    told = [(row["id"], row["label"], row["group"], row["definition"]) for row in rows]
    assert told == [(one.id, one.label, one.group, one.definition) for one in load_themes()]
    assert all(row["group_label"] == GROUP_LABELS[row["group"]] for row in rows)


def test_reviews_are_counted_as_stats_counts_them_and_those_of_none_are_nought(
    read: Runner,
) -> None:
    result = read("themes", "list", "--json")
    counts = {row["id"]: row["reviews"] for row in read.json("themes", "list")}
    for by in ("theme", "agency"):
        for row in read.json("stats", "--by", by, "--top", "100"):
            if row[by] != "unknown":
                assert counts.pop(row[by]) == row["reviews"] > 0
    assert set(counts.values()) == {0}
    assert "counted: 5 reviews (everything; adult reviews hidden" in result.stderr


def test_a_person_reads_names_and_csv_has_codes_beside_them(read: Runner) -> None:
    lines = read.ok("themes", "list", "--group", "agency").splitlines()
    assert lines[0].split() == ["Id", "Theme", "Group", "Reviews", "What", "is", "the", "case"]
    assert len(lines) == 15
    police = next(line for line in lines if line.startswith("agency_police"))
    assert "  Police  " in police
    assert "  Agency  " in police
    rows = list(csv.DictReader(io.StringIO(read.ok("themes", "list", "--csv").lstrip("\ufeff"))))
    assert set(rows[0]) == set(KEYS)
    assert (rows[0]["group"], rows[0]["group_label"]) == ("harm_type", "Kind of harm")
    assert "| Kind of harm |" in read.ok("themes", "list", "--markdown").splitlines()[2]


@pytest.mark.parametrize("said", ["parent_factor", "Parents and carers", "PARENT-FACTOR"])
def test_a_group_is_asked_for_by_its_code_or_its_name(read: Runner, said: str) -> None:
    rows = read.json("themes", "list", "--group", said, "--group", "agency")
    assert {row["group"] for row in rows} == {"parent_factor", "agency"}
    assert len(rows) == 22


@pytest.mark.parametrize(
    ("said", "hint"), [("practise_issue", "did you mean practice_issue?"), ("zzz", "there are:")]
)
def test_an_unknown_group_names_the_nearest(read: Runner, said: str, hint: str) -> None:
    wrong = read("themes", "list", "--group", said)
    assert (wrong.exit_code, hint in wrong.stderr, wrong.stdout) == (2, True, "")


def test_a_home_without_reviews_has_themes_says_so_and_is_not_made(tmp_path: Path) -> None:
    empty = Runner(Home(tmp_path / "none"))
    listed = empty("themes", "list", "--json")
    assert (listed.exit_code, "nothing was collected yet" in listed.stderr) == (0, True)
    rows = empty.json("themes", "list")
    assert (len(rows), {row["reviews"] for row in rows}) == (79, {None})
    assert not (tmp_path / "none").exists()


def test_a_lost_index_is_named_and_not_taken_for_a_home_without_reviews(change: Runner) -> None:
    shutil.rmtree(change.home.index)
    damaged = change("themes", "list")
    assert (damaged.exit_code, "index" in damaged.stderr) == (3, True)


def test_a_theme_of_the_homes_own_is_listed_last_with_its_definition_and_its_reviews(
    change: Runner,
) -> None:
    change.home.themes_csv.write_text(
        "theme_id,group,label,definition,phrases\n"
        "child_sofas,child_factor,Sleeping on sofas,The child slept on a sofa.,sofa beside\n"
        "child_kites,child_factor,Kites,,kite flying\n",
        "utf-8",
    )
    change.ok("rebuild")
    *_, sofas, kites = change.json("themes", "list")
    assert sofas == {
        "id": "child_sofas",
        "label": "Sleeping on sofas",
        "group": "child_factor",
        "group_label": "The child",
        "definition": "The child slept on a sofa.",
        "reviews": 1,
    }
    assert (kites["definition"], kites["reviews"]) == ("", 0)
