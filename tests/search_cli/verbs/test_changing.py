"""The verbs that write: `saved`, `mark`, `correct`, `held release`, `withdraw`, `rebuild`, `doctor`, `add`, `model`."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from casereviews.collection.changing.doctor import drive_of
from casereviews.collection.collection import Collection
from casereviews.collection.keeping import sentence_model as model
from casereviews.repository.archive import FolderArchive
from casereviews.repository.canary import canary
from casereviews.repository.home import Home
from casereviews.repository.lock import writing
from casereviews.repository.processing import process
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
from tests.crawler.server import Answer, serving
from tests.search_cli import small_home
from tests.search_cli.verbs.conftest import Runner


def run_all(home: Home) -> dict[str, int]:
    """Run every saved search as a refresh does; name -> number of new reviews."""
    with Collection(home) as collection:
        ran = collection.saved.run_all(small_home.NOW)
    return {one.name: len(one.new) for one in ran if not one.trouble}


SPACE = "{http://www.w3.org/2005/Atom}"


def test_a_saved_search_is_checked_listed_run_and_removed(change: Runner) -> None:
    assert change("saved", "add", "bad", "natoin:Wales").exit_code == 2
    change.ok("saved", "add", "sleep", '"unsafe sleep"', "--nation", "England")
    assert change("saved", "add", "sleep", "again").exit_code == 2
    assert change.json("saved", "list") == [
        {
            "name": "sleep",
            "query": '"unsafe sleep"',
            "filters": ["nation=England"],
            "exact": False,
            "grammar": 2,
            "refreshed": None,
        }
    ]
    (hit,) = change.json("saved", "run", "sleep")["hits"]
    assert hit["review_id"] == change.review("Child Q (March 2021)")
    wrong = change("saved", "run", "slep")
    assert (wrong.exit_code, "did you mean 'sleep'?" in wrong.stderr) == (2, True)
    change.ok("saved", "remove", "sleep")
    assert change("saved", "list").exit_code == 1


def test_a_refresh_writes_what_a_saved_search_found_since_its_last_run(change: Runner) -> None:
    change.ok("saved", "add", "sleep", '"unsafe sleep"')
    assert run_all(change.home) == {"sleep": 1}
    folder = change.home.feeds / "saved"
    review = change.review("Child Q (March 2021)")
    assert [
        one["review_id"] for one in json.loads((folder / "sleep.new.json").read_text())["new"]
    ] == [review]
    assert (folder / "sleep.atom").read_text("utf-8").count("<entry>") == 1
    assert review in (folder / "sleep.md").read_text("utf-8").replace("\\", "")
    assert run_all(change.home) == {"sleep": 0}
    assert change("saved", "run", "sleep", "--new").exit_code == 1
    assert "on a sofa" not in "".join(path.read_text("utf-8") for path in folder.iterdir())


def test_a_search_is_saved_only_when_the_index_understands_it(change: Runner) -> None:
    for words in (("nation:Narnia",), ("sofa", "--nation", "Narnia"), ('"open',)):
        assert change("saved", "add", "wrong", *words).exit_code == 2
    assert change("saved", "add", "Bad Name", "sofa").exit_code == 2
    assert not change.home.saved_toml.exists()
    assert "understood: sofa" in change("saved", "add", "right", "sofa").stderr


def test_a_second_run_by_hand_says_that_nothing_is_new(change: Runner) -> None:
    change.ok("saved", "add", "sleep", '"unsafe sleep"')
    assert change.json("saved", "run", "sleep", "--new")["new"] == 1
    again = change("saved", "run", "sleep", "--new")
    assert (again.exit_code, "nothing new since its last run" in again.stderr) == (1, True)
    assert change.json("saved", "run", "sleep")["total"] == 1
    assert run_all(change.home) == {"sleep": 1}


def test_one_saved_search_that_cannot_run_stops_no_other(change: Runner) -> None:
    change.ok("saved", "add", "sleep", '"unsafe sleep"')
    good = change.home.saved_toml.read_text("utf-8")
    change.home.saved_toml.write_text(
        '[[search]]\nname = "old"\nquery = "natoin:Wales"\n' + good, "utf-8"
    )
    with Collection(change.home) as collection:
        bad, ran = collection.saved.run_all(small_home.NOW)
    assert "saved search 'old' was not run" in bad.trouble
    assert (ran.name, len(ran.new), ran.trouble) == ("sleep", 1, "")
    change.home.saved_toml.write_text("[[search]\n", "utf-8")
    with Collection(change.home) as collection:
        (bad,) = collection.saved.run_all(small_home.NOW)
    assert "no saved search was run" in bad.trouble
    change.home.saved_toml.write_text(good + good, "utf-8")
    assert "there are two searches 'sleep'" in change("saved", "list").stderr


def test_real_names_stay_out_of_saved_results_and_feeds(change: Runner) -> None:
    change.ok("saved", "add", "harm", '"physical abuse"')
    assert run_all(change.home) == {"harm": 1}
    taken = [change.ok("saved", "run", "harm", f"--{form}") for form in ("csv", "ris", "atom")]
    folder = change.home.feeds / "saved"
    for text in (*taken, *(path.read_text("utf-8") for path in folder.iterdir())):
        assert "Brackenfield" not in text
    assert "Robin Brackenfield" in change.ok("saved", "run", "harm", "--json")


def test_a_held_review_leaves_the_saved_results(change: Runner) -> None:
    (held,) = change.json("held")
    change.ok("held", "release", held["document_id"])
    change.ok("saved", "add", "lane", "quillfeather")
    assert run_all(change.home) == {"lane": 1}
    change.ok("withdraw", held["document_id"], "--reason", "asked", "--yes")
    review = held["review_id"] or held["document_id"]
    folder = change.home.feeds / "saved"
    assert change("saved", "run", "lane").exit_code == 1
    assert not any(review in path.read_text("utf-8") for path in folder.iterdir())
    assert not any(held["document_id"] in path.read_text("utf-8") for path in folder.iterdir())


def test_a_wrong_line_of_a_file_of_queries_is_named(change: Runner, tmp_path: Path) -> None:
    file = tmp_path / "queries.txt"
    file.write_bytes("\ufeffsofa\r\n\r\n# a remark\r\nnatoin:Wales\r\n".encode())
    result = change("saved", "batch", str(file), "--json")
    assert [(row["line"], row["query"]) for row in json.loads(result.stdout)] == [
        (1, "sofa"),
        (4, "natoin:Wales"),
    ]
    assert "line 4 could not be understood" in result.stderr
    file.write_bytes(b"caf\xe9\n")
    told = change("saved", "batch", str(file))
    assert (told.exit_code, "is not UTF-8" in told.stderr) == (2, True)


def test_a_file_of_queries_gives_one_table(change: Runner) -> None:
    rows = change.json("saved", "batch", "-", stdin="# two queries\nsofa\nneglect AND (\n")
    assert [(row["line"], row.get("reviews"), "error" in row) for row in rows] == [
        (2, 1, False),
        (3, None, True),
    ]


def test_marks_need_a_reason_to_exclude_and_count_for_the_flow_diagram(change: Runner) -> None:
    q, r = change.review("Child Q (March 2021)"), change.review("Child R (2019)")
    assert change("mark", q, "exclude").exit_code == 2
    change.ok("mark", q, "exclude", "--reason", "no infant", "--note", "second reader agrees")
    change.ok("mark", r, "include")
    assert [(row["review_id"], row["decision"]) for row in change.json("mark")] == [
        (q, "exclude"),
        (r, "include"),
    ]
    assert [(row["box"], row["reason"], row["count"]) for row in change.json("mark", "--flow")] == [
        ("screened", "", 2),
        ("screened_out", "", 0),
        ("sought", "", 2),
        ("not_retrieved", "", 0),
        ("assessed", "", 2),
        ("excluded", "no infant", 1),
        ("undecided", "", 0),
        ("included", "", 1),
    ]
    change.ok("mark", q, "clear")
    assert change("mark", q, "clear").exit_code == 2


def test_a_mark_is_answered_in_the_form_that_was_asked_for(change: Runner) -> None:
    q = change.review("Child Q (March 2021)")
    assert change("mark", q, "exclude", "--reason", "  ").exit_code == 2
    assert change("mark", q, "--flow").exit_code == 2
    expected = {"review_id": q, "decision": "maybe", "reason": "", "note": "", "at": small_home.NOW}
    assert change.json("mark", q, "maybe") == [expected]
    assert change.json("mark", q, "clear") == [expected]
    assert change("mark").exit_code == 1


@pytest.mark.slow
def test_marks_of_reviews_that_became_one_are_one_mark(
    change: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = change.json("show", change.review("Child Q (March 2021)"))
    first, second = (one["document_id"] for one in review["documents"])
    change.ok("correct", first, f"not_same_as={second}", "--note", "another child")
    parted = [change.json("show", one)["review_id"] for one in (first, second)]
    (other,) = set(parted) - {review["review_id"]}
    change.ok("mark", review["review_id"], "maybe")
    monkeypatch.setenv("CASEREVIEWS_NOW", "2026-03-02T08:00:00Z")
    change.ok("mark", other, "exclude", "--reason", "Quillon said so")
    change.home.corrections_toml.unlink()
    change.ok("rebuild")
    (mark,) = change.json("mark")
    assert (mark["review_id"], mark["decision"]) == (review["review_id"], "exclude")
    assert change.json("mark", "--flow")[0]["count"] == 1
    change.ok("withdraw", other, "--reason", "asked", "--yes")
    assert change("mark").exit_code == 1
    assert "Quillon" not in change.home.marks_csv.read_text("utf-8-sig")


def test_marks_that_a_spreadsheet_saved_are_read(change: Runner) -> None:
    q = change.review("Child Q (March 2021)")
    change.home.marks_csv.write_text(
        f"\ufeffreview_id;decision;reason;note;at\r\n{q};exclude;Môr, only;;2026\r\n", "utf-8"
    )
    assert change.json("mark")[0]["reason"] == "Môr, only"
    change.ok("mark", change.review("Child R (2019)"), "include")
    assert change.home.marks_csv.read_bytes().startswith(b"\xef\xbb\xbf")
    change.home.marks_csv.write_bytes(b"review_id,decision,reason\nx,exclude,M\xf4r\n")
    told = change("mark")
    assert (told.exit_code, "save it as CSV UTF-8" in told.stderr) == (2, True)
    change.home.marks_csv.write_text('review_id,decision\n"a",include\nb,perhaps\n', "utf-8")
    assert "line 3: a mark needs" in change("mark").stderr


@pytest.mark.slow
def test_marks_made_at_once_are_all_kept(change: Runner) -> None:
    ids = [change.review(title) for title in ("Child Q (March 2021)", "Child R (2019)")]
    ids.append(change.review("Child Practice Review: Child Q"))
    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda one: _mark(change, one), ids))
    assert made == [0, 0, 0]
    assert sorted(row["review_id"] for row in change.json("mark")) == sorted(ids)


def _mark(change: Runner, review: str) -> int:
    line = [
        "-m",
        "casereviews.search_cli.main",
        "--home",
        str(change.home.root),
        "mark",
        review,
        "include",
    ]
    return subprocess.run([sys.executable, *line], capture_output=True, check=False).returncode


def test_a_correction_wins_is_found_and_survives_a_rebuild(change: Runner) -> None:
    review = change.review("Child Practice Review: Child Q")
    wrong = change("correct", review, "outcome=deth", "--note", "x")
    assert (wrong.exit_code, "did you mean 'death'?" in wrong.stderr) == (2, True)
    assert change("correct", review, "outcome", "--note", "x").exit_code == 2
    change.ok("correct", review, "outcome=serious_harm", "--note", "the last page says so")
    assert change.json("search", "exploited", "--outcome", "serious_harm")["total"] == 1
    change.ok("rebuild", "--everything")
    assert change.json("show", review)["outcome"] == "serious_harm"
    rows = change.json("show", review, "--why")
    assert ("serious_harm", "wins", "manual") in [
        (row["value"], row["state"], row["origin"]) for row in rows if row["field"] == "outcome"
    ]


def test_one_theme_is_added_and_taken_out_corrections_are_listed_and_taken_back(
    change: Runner,
) -> None:
    review = change.review("Child Practice Review: Child Q")
    before = change.json("show", review)["themes"]
    assert change("correct", review, "theme+=child_missing").exit_code == 2  # without a note
    wrong = change("correct", review, "theme+=child_misssing", "--note", "x")
    assert (wrong.exit_code, "did you mean 'child_missing'" in wrong.stderr) == (2, True)
    change.ok("correct", review, "theme+=child_missing", "--note", "page 2")
    change.ok("correct", review, f"theme-={before[0]}", "--note", "of another child")
    assert change.json("show", review)["themes"] == ["child_missing", *before[1:]]
    assert change.json("search", "exploited", "--theme", "child_missing")["total"] == 1
    states = {(row["raw"], row["state"]) for row in change.json("show", review, "--why") if row["origin"] == "manual"}  # fmt: skip
    assert states == {("child_missing", "wins"), (before[0], "wins")}
    listed = change.json("correct", "--list", review)
    assert [(row["field"], row["value"], row["note"]) for row in listed] == [
        ("theme+", "child_missing", "page 2"),
        ("theme-", before[0], "of another child"),
    ]
    assert change.json("correct", "--list") == listed
    several = change("correct", "--undo", review)
    assert (several.exit_code, "theme+=child_missing, theme-=" in several.stderr) == (2, True)
    change.ok("correct", "--undo", review, "theme-")
    change.ok("correct", "--undo", review, "theme")
    assert change.json("show", review)["themes"] == before
    assert change("correct", "--list").exit_code == 1
    assert change("correct", "--undo", review).exit_code == 2


@pytest.mark.slow
def test_reviews_are_joined_by_either_id_and_given_back(change: Runner) -> None:
    one, other = change.review("Child Q (March 2021)"), change.review("Child R (2019)")
    files = {each["document_id"] for key in (one, other) for each in change.json("show", key)["documents"]}  # fmt: skip
    for wrong in (one, f"{one}x", change.json("show", one)["documents"][0]["document_id"]):
        assert change("correct", one, f"same_as={wrong}", "--note", "x").exit_code == 2
    change.ok("correct", other, f"same_as={one}", "--note", "one child")
    for key in (one, other):
        assert {each["document_id"] for each in change.json("show", key)["documents"]} == files
    chain = change("correct", one, f"same_as={other}x", "--note", "x")
    assert (chain.exit_code, f"did you mean {other}?" in chain.stderr) == (2, True)
    change.ok("correct", "--undo", one, "same_as")
    assert change.json("show", other)["review_id"] == other


def test_two_documents_are_parted_and_joined_by_hand(change: Runner) -> None:
    review = change.json("show", change.review("Child Q (March 2021)"))
    first, second = (one["document_id"] for one in review["documents"])
    change.ok("correct", first, f"not_same_as={second}", "--note", "another child")
    assert len({change.json("show", one)["review_id"] for one in (first, second)}) == 2
    change.home.corrections_toml.unlink()
    change.ok("rebuild")
    assert change.json("show", second)["review_id"] == review["review_id"]


def test_a_released_report_is_shown_and_found_at_once(change: Runner) -> None:
    (held,) = change.json("held")
    assert change("held", "release", "nothing").exit_code == 2
    change.ok("held", "release", held["document_id"])
    assert change("held").exit_code == 1
    assert change.json("search", "quillfeather")["total"] == 1
    assert change.ok("show", held["document_id"]).startswith("The publisher has removed this")


def fill_every_corner(change: Runner) -> None:
    """Saved results, feeds, logs, reports, crawl memory, marks and a correction that name Child Q."""
    home, review = change.home, change.review("Child Q (March 2021)")
    change.ok("saved", "add", "sleep", '"unsafe sleep"')
    run_all(home)
    change.ok("correct", review, "outcome=death", "--note", "the fictional sofa")
    change.ok("mark", review, "include", "--note", "the fictional sofa")
    file = "http://northmoor.test/child-q.pdf"
    (home.logs / "refresh.log").write_text(f"fetched {file}\nfetched another\n", "utf-8")
    (home.reports / "latest.json").write_text(
        json.dumps({"files": [{"url": file}, {"url": "x"}]}), "utf-8"
    )
    (home.feeds / "new.atom").write_text(f"<feed><link href='{file}'/></feed>", "utf-8")
    home.crawl_memory.write_bytes(file.encode())


def test_what_would_be_withdrawn_is_shown_before_it_is_asked(change: Runner) -> None:
    review = change.review("Child Q (March 2021)")
    told = change("withdraw", review, "--reason", "x", stdin="n\n")
    assert told.exit_code == 1
    for shown in ("Child Q", "Northmoor Safeguarding Partnership", "http://northmoor.test/child-q"):
        assert told.stderr.count(shown) >= 2
    assert f"Take {review} out of this home for good?" in told.stderr
    change.ok("show", review)


def test_a_withdrawn_review_is_nowhere_and_the_others_are_untouched(change: Runner) -> None:
    fill_every_corner(change)
    home, review = change.home, change.review("Child Q (March 2021)")
    before = {
        one["review_id"]: one
        for one in map(json.loads, change.ok("export", "--jsonl", "--names").splitlines())
    }
    hashes = [one["sha256"] for one in before.pop(review)["documents"]]
    words = [
        "unsafe sleep on a sofa",
        "safer sleep advice is given",
        "the fictional sofa",
        "child-q.pdf",
    ]
    assert {one.what for one in canary(home, hashes, words)} == {*hashes, *words}
    said = change.ok("withdraw", review, "--reason", "the board asked", "--yes")
    assert said.startswith("withdrew 2 documents, 2 files\nout of reach: backups")
    assert canary(home, hashes, words) == []
    assert (home.logs / "refresh.log").read_text("utf-8") == "fetched another\n"
    assert json.loads((home.reports / "latest.json").read_text("utf-8")) == {
        "files": [{"url": "x"}]
    }
    after = change.ok("export", "--jsonl", "--names").splitlines()
    assert {one["review_id"]: one for one in map(json.loads, after)} == before
    gone = change("show", review)
    assert (gone.exit_code, "was withdrawn on 2026-03-01: the board asked" in gone.stderr) == (
        2,
        True,
    )


def test_a_withdrawal_reaches_vectors_saved_results_and_feeds(change: Runner) -> None:
    np = pytest.importorskip("numpy")
    pytest.importorskip("wordllama")
    fill_every_corner(change)
    change.ok("rebuild", "--index")
    change.ok("saved", "run", "sleep")
    review = change.review("Child Q (March 2021)")
    kept = change.json("show", change.review("Child R (2019)"))["documents"][0]["document_id"]
    gone = {one["document_id"] for one in change.json("show", review)["documents"]}
    before = _vectors(change, np)
    assert gone | {kept} <= set(before)
    change.ok("withdraw", review, "--reason", "the board asked", "--yes")
    after = _vectors(change, np)
    assert set(after) == set(before) - gone
    assert after[kept] == before[kept]
    held = [path.read_bytes() for path in change.home.index.rglob("*.npy")]
    assert held
    for row in (row for key in gone for row in before[key]):
        assert not any(row in bytes_ for bytes_ in held)
    words = [review, "Child Q (March 2021)", *gone]
    for folder in (change.home.feeds, change.home.index, change.home.reports):
        for path in (path for path in folder.rglob("*") if path.is_file()):
            assert not any(word.encode() in path.read_bytes() for word in words), path


@pytest.mark.parametrize(
    "how", ["older version", "other table", "other home", "unfinished", "no CURRENT"]
)
def test_a_withdrawal_reaches_an_index_that_cannot_be_opened(change: Runner, how: str) -> None:
    home, review = change.home, change.review("Child Q (March 2021)")
    folder = home.index / (home.index / "CURRENT").read_text("utf-8").strip()
    if how == "unfinished":
        shutil.copytree(folder, home.index / "g009")
        (home.index / "g009" / "index.json").unlink()
        (home.index / "g009" / "building.json").write_text("{}", "utf-8")
    elif how == "no CURRENT":
        (home.index / "CURRENT").unlink()
    else:
        said = json.loads((folder / "index.json").read_text("utf-8"))
        wrong = {"older version": {"schema": 1}, "other table": {"fields": "another"}}
        said.update(wrong.get(how, {"home": "another"}))
        (folder / "index.json").write_text(json.dumps(said), "utf-8")
    change.ok("withdraw", review, "--reason", "the board asked", "--yes")
    assert canary(home, (), ["unsafe sleep on a sofa", "safer sleep advice is given"]) == []
    assert change("search", "sofa").exit_code == 1
    assert change.json("search", "exploited")["total"] == 1


def _vectors(change: Runner, np: Any) -> dict[str, list[bytes]]:
    """The bytes of every vector of every document that the index of the home has."""
    found: dict[str, list[bytes]] = {}
    for manifest in change.home.index.rglob("vectors.json"):
        for segment in json.loads(manifest.read_text("utf-8"))["segments"]:
            array = np.load(manifest.parent / segment["file"])
            for row, one in zip(segment["rows"], array, strict=True):
                found.setdefault(row[0], []).append(one.tobytes())
    return found


def test_what_was_withdrawn_is_refused_when_it_is_offered_again(
    change: Runner, tmp_path: Path
) -> None:
    change.ok("withdraw", change.review("Child Q (March 2021)"), "--reason", "asked", "--yes")
    file = tmp_path / "again.pdf"
    file.write_bytes(small_home.pdf(small_home.REPORT_Q))
    assert "withdrawn before: refused" in change.ok("add", str(file), "--publisher", "Elsewhere")
    assert change("search", "sofa").exit_code == 1


def test_one_document_of_a_review_can_go_alone(change: Runner) -> None:
    review = change.review("Child Q (March 2021)")
    report, summary = (one["document_id"] for one in change.json("show", review)["documents"])
    change.ok("withdraw", report, "--reason", "asked", "--yes")
    left = change.json("show", review)
    assert [one["document_id"] for one in left["documents"]] == [summary]
    assert canary(change.home, (), ["beside a parent", "professional curiosity about who"]) == []
    assert change.json("search", '"unsafe sleep"')["documents"] == 1


def test_a_withdrawal_that_was_killed_is_completed_by_the_same_call(
    change: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, review = change.home, change.review("Child Q (March 2021)")
    hashes = [one["sha256"] for one in change.json("show", review)["documents"]]
    with monkeypatch.context() as patched:
        patched.setattr("casereviews.repository.withdrawals.process", _killed)
        assert isinstance(
            change("withdraw", review, "--reason", "asked", "--yes").exception, _Killed
        )
    assert canary(home, hashes, ["unsafe sleep on a sofa"]) != []
    said = change.ok("withdraw", review, "--reason", "asked", "--yes")
    assert (
        said
        == "was withdrawn before: all places are cleaned again (its words are no longer known, so only its files were looked for)\n"
    )
    assert canary(home, hashes, ["unsafe sleep on a sofa"]) == []


class _Killed(Exception):
    pass


def _killed(*_: object, **__: object) -> None:
    raise _Killed


def test_an_index_that_was_behind_is_whole_after_a_withdrawal(change: Runner) -> None:
    (held,) = change.json("held")
    with (
        writing(change.home, "test"),
        Record.open(change.home, write=True) as record,
        Derived.open(change.home, write=True) as derived,
    ):
        record.release(held["document_id"], at=small_home.NOW)
        process(record, derived, now=small_home.NOW)
    assert change("search", "quillfeather").exit_code == 1
    change.ok("withdraw", change.review("Child Q (March 2021)"), "--reason", "x", "--yes")
    assert change.json("search", "quillfeather")["total"] == 1


def test_a_withdrawal_is_asked_about_and_can_be_left(change: Runner) -> None:
    review = change.review("Child Q (March 2021)")
    assert change("withdraw", review, "--reason", "x", stdin="n\n").exit_code == 1
    assert change.json("show", review)["review_id"] == review


@pytest.mark.parametrize(
    "how", [(), ("--reading",), ("--describing",), ("--index",), ("--everything",)]
)
def test_every_rebuild_gives_the_same_records(change: Runner, how: tuple[str, ...]) -> None:
    before = change.ok("export", "--jsonl")
    done = change("rebuild", *how)
    assert (done.exit_code, "7 documents of 6 reviews indexed" in done.stderr) == (0, True)
    assert change.ok("export", "--jsonl") == before
    assert change.json("search", "sofa")["total"] == 1


def test_a_locked_home_is_told_and_exits_3(change: Runner) -> None:
    with writing(change.home, "refresh"):
        result = change("rebuild")
    assert (result.exit_code, "is held by `refresh`" in result.stderr) == (3, True)


def states(change: Runner, *words: str) -> dict[str, str]:
    result = change("doctor", *words, "--json")
    return {row["check"]: row["state"] for row in json.loads(result.stdout)}


def test_a_well_home_is_said_to_be_well(change: Runner) -> None:
    assert change("doctor", "--deep").exit_code == 0
    found = states(change)
    assert {found[name] for name in ("record.db", "derived.db", "archive", "index")} == {"well"}


def test_a_missing_and_a_damaged_file_are_wrong_and_exit_3(change: Runner) -> None:
    archive = FolderArchive(change.home.archive)
    first, second, *_ = archive.hashes()
    archive.delete(first)
    result = change("doctor")
    assert result.exit_code == 3
    assert "1 file missing" in result.stdout
    archive.path(second).write_bytes(b"damaged")
    assert "1 file damaged" in change("doctor", "--deep").stdout


def test_strays_old_logs_and_a_stale_index_are_repaired(change: Runner) -> None:
    FolderArchive(change.home.archive).put(b"nobody names this")
    old = change.home.logs / "old.log"
    old.write_text("old", "utf-8")
    os.utime(old, (0, time.time() - 200 * 86_400))
    (change.home.index / "CURRENT").unlink()
    assert states(change) | {"space": "well"} == {
        "record.db": "well",
        "derived.db": "well",
        "archive": "warning",
        "index": "wrong",
        "space": "well",
        "logs": "warning",
    }
    assert change("doctor", "--repair").exit_code == 0
    assert not old.exists()
    found = states(change)
    assert (found["archive"], found["index"], "logs" in found) == ("well", "well", False)
    assert change.json("search", "sofa")["total"] == 1


def test_a_damaged_database_is_told(change: Runner) -> None:
    change.home.derived_db.write_bytes(b"SQLite format 3\x00" + b"\xff" * 4096)
    result = change("doctor")
    assert (result.exit_code, "rebuild --everything" in result.stdout) == (3, True)
    change.ok("rebuild", "--everything")
    assert change("doctor").exit_code == 0


def test_the_kind_of_drive_is_that_of_the_nearest_mount() -> None:
    mounts = [("/", "ext4"), ("/srv", "nfs4"), ("/srv/local", "xfs")]
    assert [drive_of(Path(one), lambda: mounts) for one in ("/srv/a", "/srv/local/b", "/c")] == [
        "nfs4",
        "xfs",
        "ext4",
    ]


def test_a_file_is_added_with_what_is_said_of_it(change: Runner, tmp_path: Path) -> None:
    file = tmp_path / "sent.html"
    file.write_bytes(
        small_home.html("Review", "This fictional review tells of a girl of nine who went missing.")
    )
    said = ("--title", "Learning Review: Child Z", "--published", "March 2020", "--nation", "Wales")
    line = change.ok("add", str(file), "--publisher", "Fictional Trust", *said)
    record = change.json("show", line.split()[0])
    assert (record["title"], record["published"], record["nation"], record["publisher"]) == (
        "Learning Review: Child Z",
        "2020-03",
        "Wales",
        "Fictional Trust",
    )
    assert record["documents"][0]["origin"] == "manual"
    assert change.ok("add", str(file), "--publisher", "Fictional Trust").split()[1] == "same"
    assert change.json("search", "missing", "--nation", "Wales")["total"] == 1


def test_a_folder_is_added_whole_and_what_is_no_report_is_left(
    change: Runner, tmp_path: Path
) -> None:
    folder = tmp_path / "sent"
    (folder / "more").mkdir(parents=True)
    for name in ("a.html", "more/b.html"):
        (folder / name).write_bytes(
            small_home.html(f"Review {name}", f"A fictional review in file {name}.")
        )
    (folder / "list.xlsx").write_bytes(b"x")
    assert change("add", str(folder), "--publisher", "Trust", "--title", "One").exit_code == 2
    assert len(change.ok("add", str(folder), "--publisher", "Trust").splitlines()) == 2
    assert change("add", str(tmp_path / "nowhere"), "--publisher", "Trust").exit_code == 2


def test_an_address_is_added_through_the_crawler(change: Runner) -> None:
    body = small_home.pdf(
        [("Serious Case Review: Child V", "A fictional review of a boy and a canal.")]
    )
    with serving({"/v.pdf": Answer(body, media_type="application/pdf")}) as site:
        line = change.ok(
            "add", f"{site.url}/v.pdf", "--publisher", "Fictional Trust", "--title", "Child V"
        )
        assert site.asked[0].path == "/robots.txt"
    record = change.json("show", line.split()[0])
    assert record["documents"][0]["origin"] == "manual"
    assert change.json("search", "canal")["total"] == 1


def test_a_sentence_model_is_used_shown_and_forgotten(change: Runner, tmp_path: Path) -> None:
    wrong = change("model", "use", str(tmp_path))
    # Without the extra no folder can be used; with it, this one lacks its files.
    extra = all(map(importlib.util.find_spec, ("onnxruntime", "tokenizers", "numpy")))
    named = "model.onnx" if extra else 'pip install ".[semantic]"'
    assert (wrong.exit_code, named in wrong.stderr) == (3, True)
    change.home.config_toml.write_text(f'model = "{tmp_path}"\n', "utf-8")
    assert change.ok("model", "show").strip() == f"sentence model in {tmp_path}"
    change.ok("model", "forget")
    assert "wordllama" in change.ok("model", "show") or "no sentence model" in change.ok(
        "model", "show"
    )


def test_a_model_is_fetched_and_a_wrong_file_is_refused(
    change: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = b"fictional weights"
    file = model.ModelFile(
        "onnx/model.onnx", "model.onnx", len(body), hashlib.sha256(body).hexdigest()
    )
    monkeypatch.setattr(model, "FILES", (file,))
    path = f"/{model.MODEL}/resolve/{model.REVISION}/onnx/model.onnx"
    with serving(
        {path: Answer(b"something else!!!", media_type="application/octet-stream")}
    ) as site:
        wrong = change("model", "fetch", "--host", site.url)
    assert (wrong.exit_code, "is not the pinned file" in wrong.stderr) == (2, True)
    for host in ("http://models.test", "http://127.0.0.1.models.test"):
        refused = change("model", "fetch", "--host", host)
        assert (refused.exit_code, "by https only" in refused.stderr) == (2, True)
    assert list((change.home.root / "models").rglob("*.onnx*")) == []
    with serving({path: Answer(body, media_type="application/octet-stream")}) as site:
        change.ok("model", "fetch", "--host", site.url)
        change.ok("model", "fetch", "--host", site.url)
        assert len(site.asked) == 1
    assert "all-MiniLM-L6-v2" in change.ok("model", "show")
