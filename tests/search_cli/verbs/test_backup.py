"""`backup` and `restore`: the home that comes back answers as the one that was lost, and a withdrawal outlives both."""

from __future__ import annotations

import shutil
from pathlib import Path

from casereviews.repository.archive import FolderArchive
from casereviews.repository.home import Home
from tests.search_cli.verbs.conftest import Runner


def found(run: Runner) -> list[tuple[str, str]]:
    hits = run.json("search", "child", "--scope", "all")["hits"]
    return [(hit["review_id"], hit["title"]) for hit in hits]


def test_a_restored_home_answers_as_the_one_that_was_backed_up(
    change: Runner, tmp_path: Path
) -> None:
    change.ok("mark", change.review("Child Q (March 2021)"), "include", "--reason", "fits")
    before, held, backups = found(change), change.json("held"), str(tmp_path / "backups")
    copy = change.ok("backup", backups).strip()
    assert (Path(copy) / "copy.json").is_file()
    shutil.rmtree(change.home.root)
    change.ok("restore", backups)
    assert (found(change), change.json("held")) == (before, held)
    assert change.home.marks_csv.is_file()
    assert change("restore", backups).exit_code == 3, "a home with a record is not overwritten"


def test_what_is_missing_is_named_and_the_exit_code_says_so(change: Runner, tmp_path: Path) -> None:
    lost = next(FolderArchive(change.home.archive).hashes())
    FolderArchive(change.home.archive).delete(lost)
    made = change("backup", str(tmp_path / "backups"))
    assert made.exit_code == 1
    assert f"NOT BACKED UP: the home's archive lacks {lost}" in made.stderr
    younger = tmp_path / "backups" / "2099-01-01T00-00-00Z"
    younger.mkdir()
    made = change("backup", str(tmp_path / "backups"))
    assert made.exit_code == 1
    assert f"DAMAGED: {younger} is no whole copy" in made.stderr
    restored = Runner(Home(tmp_path / "again"))("restore", str(tmp_path / "backups"))
    assert f"passed over: {younger} is younger, but no whole copy" in restored.stderr


def test_nothing_is_made_where_nothing_was_collected_or_backed_up(tmp_path: Path) -> None:
    run = Runner(Home(tmp_path / "none"))
    assert run("backup", str(tmp_path / "backups")).exit_code == 3
    (tmp_path / "empty").mkdir()
    refused = run("restore", str(tmp_path / "empty"))
    assert refused.exit_code == 3
    assert "has no backup" in refused.stderr
    assert not (tmp_path / "none").exists()


def test_what_was_withdrawn_leaves_the_older_copies_and_never_comes_back(
    change: Runner, tmp_path: Path
) -> None:
    backups = tmp_path / "backups"
    change.ok("backup", str(backups))
    aside = tmp_path / "taken-away"
    shutil.copytree(backups, aside)
    review = change.review("Child R (2019)")
    change.ok("withdraw", review, "--reason", "the board asked", "--yes")
    made = change("backup", str(backups))
    assert made.exit_code == 0
    assert "1 older backup removed: they held what was withdrawn since" in made.stderr
    assert len(list(backups.glob("*/copy.json"))) == 1

    # A copy from before the withdrawal, taken away meanwhile, beside the newest: the tombstones of the newest count.
    (old,) = aside.glob("*/copy.json")
    shutil.copytree(old.parent, backups / "2000-01-01T00-00-00Z")
    shutil.copytree(aside / "archive", backups / "archive", dirs_exist_ok=True)
    again = Runner(Home(tmp_path / "again"))
    again.ok("restore", str(backups), "--copy", "2000-01-01T00-00-00Z")
    assert found(again) == found(change)
    assert again("show", review).exit_code == 2
    title = b"Child R (2019)"
    assert not any(
        title in path.read_bytes() for path in again.home.root.rglob("*") if path.is_file()
    )
