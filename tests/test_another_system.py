"""Where names of POSIX are missing and processes are spawned (`tests/another_system/sitecustomize.py` says what is played): Linux alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from casereviews.repository.this_system import FALLBACKS
from casereviews.search_cli.main import VERBS

ROOT = Path(__file__).parents[1]
REGIME = ROOT / "tests" / "another_system"
PARTS = (
    "tests/repository/test_describing_processes.py",
    "tests/repository/test_lock.py",
    "tests/test_end_to_end.py",
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="it is played on Linux"),
]


def under_the_regime(*command: str, temporary: Path) -> subprocess.CompletedProcess[str]:
    paths = (str(REGIME), *filter(None, sys.path), str(ROOT))
    return subprocess.run(
        [sys.executable, *command],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "TMPDIR": str(temporary)},
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def trial(folder: Path, *parts: str) -> dict[str, Any]:
    done = under_the_regime(str(REGIME / "trial.py"), str(folder), *parts, temporary=folder)
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


BASE = {
    "lacking": [],
    "in_use": ["unlink", "replace"],
    "statuses": {"page": "ok", "noise": "not_a_document", "empty": "empty"},
}


def test_every_module_is_imported_and_files_are_read_where_names_are_missing(
    tmp_path: Path,
) -> None:
    said = trial(tmp_path)
    assert said.pop("modules") > 400
    assert said == BASE


@pytest.mark.slow
def test_a_night_a_lock_a_backup_and_a_withdrawal_where_names_are_missing(tmp_path: Path) -> None:
    said = trial(tmp_path, "night")
    said.pop("modules")
    assert said == BASE | {
        "stopped": "stopped",
        "results": ["ok"],
        "indexed": 5,
        "locked": True,
        "backup": 5,
        "left": 0,
        "after": 4,
        "wrong": [],
    }


@pytest.mark.long
def test_every_verb_of_the_command_line_runs_where_names_are_missing(tmp_path: Path) -> None:
    done = under_the_regime(str(REGIME / "verbs.py"), str(tmp_path), temporary=tmp_path)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert (said["trouble"], said["not run"]) == ([], [])
    assert set(said["codes"]) == set(VERBS)


@pytest.mark.long
@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_the_suite_passes_where_names_are_missing(part: str, tmp_path: Path) -> None:
    done = under_the_regime(
        *("-m", "pytest", "-p", "no:cacheprovider", "-q", part), temporary=tmp_path
    )
    assert done.returncode == 0, done.stdout


def test_the_documents_name_what_stands_in_for_what_and_what_was_tried() -> None:
    architecture = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    section = architecture.partition("## Systems\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")][1:]
    assert rows == [f"| {name} | {instead} |" for name, instead in FALLBACKS.items()]
    assert "Tried on Linux only." in (ROOT / "README.md").read_text("utf-8")
