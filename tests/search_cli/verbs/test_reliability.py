"""`sample`, `agree`, `methods` and `mark import`, as people type them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.search_cli import small_home
from tests.search_cli.verbs.conftest import Runner


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def fill(sheet: Path, **cells: str) -> list[dict[str, str]]:
    """Fill every row of a sheet alike, and save it as a spreadsheet would."""
    rows = [{**row, **cells} for row in table(sheet.read_text("utf-8"))]
    with sheet.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return rows


def test_a_sample_is_drawn_written_filled_and_compared(read: Runner, tmp_path: Path) -> None:
    folder = tmp_path / "coding"
    words = (
        "sample",
        "--n",
        "3",
        "--by",
        "nation,year",
        "--seed",
        "7",
        "--fields",
        "sex,outcome,harm",
    )
    told = read(*words, "--to", str(folder))
    assert told.exit_code == 0
    assert "drawn: 3 reviews of 4 (everything; adult reviews hidden" in told.stderr
    assert "seed 7" in told.stderr
    assert "strata by nation and year: 4, in proportion, rounded by largest remainders; 1 too small for a review (1 review in them)" in told.stderr  # fmt: skip
    assert "left out, for no file of them is kept: library-" in told.stderr
    sheet = folder / "sheet.csv"
    assert sorted(one.name for one in folder.iterdir()) == ["HOW-TO-CODE.txt", "codebook.csv", "sheet.csv"]  # fmt: skip
    again = read.json(*words)
    assert [one["review_id"] for one in again["reviews"]] == [row["review_id"] for row in table(sheet.read_text("utf-8"))]  # fmt: skip
    refused = read(*words, "--to", str(folder))
    assert (refused.exit_code, "may be filled in: choose another folder" in refused.stderr) == (2, True)  # fmt: skip
    empty = read("agree", str(sheet))
    assert (empty.exit_code, "is not filled in" in empty.stderr) == (2, True)
    fill(sheet, sex="girl", outcome="Death", harm="neglet")
    told = read("agree", str(sheet))
    assert told.exit_code == 0
    assert "outcome" in told.stdout
    assert "'neglet' is no code: did you mean harm_neglect?" in told.stderr
    assert "3 cells that cannot be read, in no count" in told.stderr
    rows = table(read.ok("agree", str(sheet), "--csv"))
    assert [row["field"] for row in rows] == ["sex", "outcome", "harm"]
    assert (rows[1]["reviews"], rows[1]["recall_of"], rows[2]["unread"]) == ("3", "3", "3")
    found = read.json("agree", str(sheet))
    assert set(found) == {"reviews", "not_coded", "rules", "interval", "fields", "missing", "unknown_codes", "left_out", "corrected", "differences"}  # fmt: skip
    listed = table(read.ok("agree", str(sheet), "--differences", "--csv"))
    assert len(listed) == len(found["differences"]) > 0
    codes = table(read.ok("agree", str(sheet), "--codes", "--csv"))
    assert {row["code"] for row in codes if row["field"] == "outcome"} >= {"death"}
    text = read.ok("methods", "--sheet", str(sheet))
    assert "A filled sheet of 3 reviews was compared" in text
    assert "| Outcome |" in text


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("sample", "--by", "yeer"), 2, "did you mean 'year'"),
        (("sample", "--fields", "titel"), 2, "no field with a list of codes"),
        (("sample", "--n", "0"), 2, "0"),
        (("sample", "zzznothing"), 1, "no review to draw from"),
        (("agree", "-"), 2, "has no column review_id"),
        (("agree", "-", "--codes", "--differences"), 2, "exclude each other"),
        (("methods", "--log", "nowhere.jsonl"), 2, "there is no nowhere.jsonl"),
        (("mark", "import", "-"), 2, "neither CSV nor RIS"),
        (("mark", "import"), 2, "Missing argument 'FILE'"),
    ],
)
def test_what_was_asked_wrongly_says_what_to_type(
    read: Runner, words: tuple[str, ...], code: int, said: str
) -> None:
    told = read(*words, stdin="plain words\n")
    assert (told.exit_code, said in told.stderr) == (code, True), told.stderr


def test_a_workbook_is_refused_with_how_to_save_it(read: Runner, tmp_path: Path) -> None:
    book = tmp_path / "sheet.xlsx"
    book.write_bytes(b"PK\x03\x04 and more")
    told = read("agree", str(book))
    assert (told.exit_code, "save it as CSV UTF-8" in told.stderr) == (2, True)


def test_methods_have_the_log_and_marks_and_no_withheld_name(
    change: Runner, tmp_path: Path
) -> None:
    log = tmp_path / "log.jsonl"
    change.ok("search", "unsafe sleep", "--log", str(log))
    change.ok("mark", "include", "--matching", "sofa")
    text = change.ok("methods", "--log", str(log))
    assert "1 search from 2026-03-01 to 2026-03-01." in text
    assert "| unsafe sleep |" in text
    assert "| Reviews included |  | 1 |" in text
    assert "brackenfield" not in text.lower()
    assert small_home.ABSTRACT not in text
    said = change.json("methods", "--log", str(log))
    assert (said["runs"], said["held"], len(said["searches"])) == (5, 1, 1)


def test_decisions_are_imported_told_and_not_made_twice(change: Runner, tmp_path: Path) -> None:
    q, r = change.review("Child Q (March 2021)"), change.review("Child R (2019)")
    file = tmp_path / "articles.csv"
    file.write_text(
        "key,title,url,notes\n"
        f'rayyan-1,T,,"casereviews:{q} | RAYYAN-INCLUSION: {{""Ash""=>""Included"", ""Ben""=>""Excluded""}} | RAYYAN-EXCLUSION-REASONS: adult"\n'
        'rayyan-2,Serious Case Review: Child R (2019),,"RAYYAN-INCLUSION: {""Ash""=>""Included""}"\n'
        "rayyan-3,U,,\n",
        "utf-8",
    )
    tried = change("mark", "import", str(file), "--dry-run")
    assert tried.exit_code == 0
    assert "Rayyan: 3 records; would mark: 2 decisions on 1 review" in tried.stderr
    assert change("mark").exit_code == 1  # nothing was marked
    told = change("mark", "import", str(file))
    assert "without a decision: 1 record" in told.stderr
    assert f"row 3 left out: nothing here has its id or its address (Serious Case Review: Child R (2019)); {r} has this title" in told.stderr  # fmt: skip
    assert "readers differ on 1 review of it" in told.stderr
    marks = change.json("mark")
    assert [(one["reader"], one["decision"], one.get("reason")) for one in marks] == [
        ("Ash", "include", ""),
        ("Ben", "exclude", "adult"),
    ]
    again = json.loads(change.ok("mark", "import", str(file), "--json"))
    assert (again["marks"], again["standing"]) == ([], 2)
    assert set(again) == {"tool", "dry_run", "records", "marks", "standing", "by_address", "undecided", "left_out", "conflicts"}  # fmt: skip
