"""`export` of tables: what is asked for is written, what was written and left out is told, and exit codes say the rest."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from casereviews.repository.home import Home
from tests.search_cli.verbs.conftest import Runner


def ids_in(path: Path) -> set[str]:
    opened = sqlite3.connect(path)
    try:
        return {key for (key,) in opened.execute("SELECT review_id FROM reviews")}
    finally:
        opened.close()


def test_an_export_says_what_it_wrote_and_what_it_left_out(read: Runner, tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    told = read("export", "--sqlite", str(path))
    assert (told.exit_code, told.stdout) == (0, "")
    lines = told.stderr.splitlines()
    assert lines[0].startswith(f"{path}: 6 reviews, 7 documents, ")
    assert lines[0].endswith(" codes")
    assert lines[1] == "6 reviews: 5 child, 1 adult"
    assert lines[2:] == [
        "left out: the texts of reports, which are their boards'",
        "left out: the labels of 1 review, which are real persons' names (--names keeps them)",
        "left out: the sentences of 1 page of libraries, which are their own text",
        "left out: 1 held document (`casereviews held`)",
    ]


def test_a_query_filters_and_marks_choose_what_tables_have(change: Runner, tmp_path: Path) -> None:
    whole, some = tmp_path / "whole.db", tmp_path / "some.db"
    change.ok("export", "--sqlite", str(whole))
    for words in (("sofa",), ("--nation", "Wales"), ("scope:all", "--year", "2021..")):
        change.ok("export", *words, "--sqlite", str(some))
        listed = change.ok("export", *words, "--jsonl").splitlines()
        assert ids_in(some) == {json.loads(line)["review_id"] for line in listed} < ids_in(whole)
    marked = min(ids_in(whole))
    change.ok("mark", marked, "include")
    change.ok("export", "mark:include", "--sqlite", str(some))
    assert ids_in(some) == {marked}
    change.ok("export", "--mark", "include", "--package", str(tmp_path / "package"))
    package = json.loads((tmp_path / "package" / "datapackage.json").read_text("utf-8"))
    assert (package["rows"]["reviews"], package["asked"]["filters"]) == (1, {"mark": ["include"]})


def test_names_are_given_where_they_are_asked_for(read: Runner, tmp_path: Path) -> None:
    path = tmp_path / "package"
    for asked, there in (((), False), (("--names",), True)):
        read.ok("export", "--package", str(path), *asked)
        text = (path / "reviews.csv").read_text("utf-8")
        assert ("Robin Brackenfield" in text) is there


def test_a_name_that_was_asked_for_is_withheld_from_what_is_told_of_the_question(
    read: Runner, tmp_path: Path
) -> None:
    path = tmp_path / "package"
    question = ("brackenfield", "--subject", "Robin", "--package", str(path))
    for asked, there in (((), False), (("--names",), True)):
        read.ok("export", *question, *asked)
        told = json.loads((path / "datapackage.json").read_text("utf-8"))
        assert told["rows"]["reviews"] == 1
        assert ("brackenfield" in json.dumps(told).lower()) is there
        assert ("robin" in json.dumps(told["asked"]).lower()) is there


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("zebra", "--sqlite", "{}/x.db"), 1, "nothing found: {}/x.db is not written"),
        (("--sqlite", "{}/x.db", "--csv"), 2, "--sqlite and --csv exclude each other"),
        (
            ("--sqlite", "{}/x.db", "--package", "{}/x"),
            2,
            "--sqlite and --package exclude each other",
        ),
        (("--sqlite", "{}/no/x.db"), 2, "there is no folder {}/no: make it first"),
        (("--package", "{}/full"), 2, "{}/full holds other things than an earlier --package"),
        (("--sqlite", "{}/full"), 2, "is a directory"),
    ],
)
def test_what_cannot_be_written_is_told_with_what_to_do(
    read: Runner, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").touch()
    told = read("export", *(word.format(tmp_path) for word in words))
    assert (told.exit_code, told.stdout) == (code, "")
    assert said.format(tmp_path) in told.stderr
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["full", "letter.txt"]


@pytest.mark.parametrize(
    "words",
    [
        ("export", "--sqlite", "{}/record.db"),
        ("export", "--package", "{}/tables"),
        ("export", "--qdpx", "{}/derived.db"),
        ("export", "--qdc", "{}/sources.toml"),
        ("sample", "--n", "1", "--to", "{}/archive"),
        ("mark", "--flow", "--svg", "{}/record.db"),
    ],
)
def test_nothing_is_written_into_the_home(
    read: Runner, built: Home, words: tuple[str, ...]
) -> None:
    before = {one: one.stat().st_mtime_ns for one in built.root.iterdir() if "shm" not in one.name}
    told = read(*(word.format(built.root) for word in words))
    assert (told.exit_code, told.stdout) == (2, "")
    assert f"lies in the home, which holds the collection: name a place outside {built.root}" in told.stderr  # fmt: skip
    assert {one: one.stat().st_mtime_ns for one in before} == before
    assert not (built.root / "tables").exists()


@pytest.mark.parametrize("form", ["--sqlite", "--duckdb", "--qdpx", "--qdc"])
def test_a_file_that_is_no_export_is_not_replaced(read: Runner, tmp_path: Path, form: str) -> None:
    thesis = tmp_path / "thesis.txt"
    thesis.write_text("a chapter", "utf-8")
    told = read("export", "sofa", form, str(thesis))
    assert (told.exit_code, thesis.read_text("utf-8")) == (2, "a chapter")
    assert f"{thesis} holds something else than an earlier {form}: name a new file" in told.stderr


@pytest.mark.parametrize("form", ["--sqlite", "--qdpx", "--qdc"])
def test_an_empty_file_and_an_earlier_export_are_replaced(
    read: Runner, tmp_path: Path, form: str
) -> None:
    place = tmp_path / "x"
    place.touch()
    read.ok("export", "sofa", form, str(place))
    before = place.stat()
    read.ok("export", "sofa", form, str(place))
    assert before.st_size
    assert place.stat().st_ino != before.st_ino


def test_a_library_that_is_missing_is_told_with_what_to_install(
    read: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    told = read("export", "--duckdb", str(tmp_path / "x.duckdb"))
    assert told.exit_code == 3
    assert 'pip install ".[data]"' in told.stderr


def test_other_rules_than_todays_are_told(
    read: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casereviews.repository.describing import describer

    monkeypatch.setattr(describer, "describer_of", lambda *_a, **_k: "of-today")
    told = read("export", "sofa", "--sqlite", str(tmp_path / "x.db"))
    assert (
        "2 documents described by other rules than this version's: `casereviews rebuild`"
        in told.stderr
    )


STOPPED = """
import sys
from casereviews import Collection, Progress
class Waiting(Progress):
    def step(self, what, done, total=None):
        if done == 3:
            print("half", flush=True)
            sys.stdin.read()
Collection(sys.argv[1]).write_tables("package", sys.argv[2], progress=Waiting())
"""


@pytest.mark.slow
def test_a_killed_export_leaves_the_earlier_one_and_the_next_clears_up(
    built: Home, read: Runner, tmp_path: Path
) -> None:
    path = tmp_path / "package"
    read.ok("export", "sofa", "--package", str(path))
    before = {one.name: one.read_bytes() for one in path.iterdir()}
    arguments = [sys.executable, "-c", STOPPED, str(built.root), str(path)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as export:
        assert export.stdout is not None
        assert export.stdout.readline().strip() == b"half"
        export.kill()
    assert {one.name: one.read_bytes() for one in path.iterdir()} == before
    assert len(list(tmp_path.iterdir())) == 2
    again = subprocess.run(arguments, input=b"", check=True, capture_output=True)
    assert b"half" in again.stdout
    assert [one.name for one in tmp_path.iterdir()] == ["package"]
    assert (path / "reviews.csv").read_bytes() != before["reviews.csv"]
