"""Temporary folders of runs that are over, however they ended."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from casereviews.repository import temporary_folders
from casereviews.repository.temporary_folders import temporary_folder

HOLDS = """
import sys, tempfile
tempfile.tempdir = sys.argv[1]
from casereviews.repository.temporary_folders import temporary_folder
with temporary_folder("crawl-") as folder:
    (folder / "report").write_text("Child Wren")
    print(folder.name, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    temporary_folders._remove_left_ones.cache_clear()
    return tmp_path


def test_a_folder_is_gone_when_its_job_is_done(place: Path) -> None:
    with temporary_folder("job-") as folder:
        assert folder.parent == place
        assert folder.name.startswith("casereviews-job-")
    assert [*place.iterdir()] == []


def test_what_a_kill_left_before_a_folder_had_its_name_is_removed_after_an_hour(
    place: Path,
) -> None:
    empty, with_lock, new = (place / f".casereviews-{name}" for name in ("a", "b", "c"))
    for folder in (empty, with_lock, new):
        folder.mkdir()
    (with_lock / "in-use.lock").touch()
    for folder in (empty, with_lock):
        os.utime(folder, (0, 0))
    with temporary_folder():
        assert [one for one in place.iterdir() if one.name.startswith(".")] == [new]


def test_the_next_run_removes_what_a_killed_one_left_and_nothing_of_a_live_one(place: Path) -> None:
    others = [place / "casereviews-open-wren", place / "casereviews-notes", place / "other"]
    for other in others:
        other.mkdir()
    command = [sys.executable, "-c", HOLDS, str(place)]
    held = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert held.stdout is not None
        name = held.stdout.readline().strip()
        with temporary_folder():
            assert (place / name / "report").is_file()
        held.kill()
        held.wait()
        assert (place / name).is_dir()
        temporary_folders._remove_left_ones.cache_clear()  # as in another process
        with temporary_folder():
            assert not (place / name).exists()
    finally:
        held.kill()
        held.communicate()
    assert sorted(place.iterdir()) == sorted(others)


def test_a_folder_that_could_not_be_renamed_is_removed_when_it_is_old(place: Path) -> None:
    """Windows renames no folder with an open file: one that was killed keeps its first name."""
    old, new = place / ".casereviews-old", place / ".casereviews-new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "in-use.lock").touch()
    before = time.time() - temporary_folders.LEFT_AFTER - 60
    for path in (old / "in-use.lock", old):
        os.utime(path, (before, before))
    with temporary_folder():
        assert (old.exists(), new.exists()) == (False, True)
