"""The units and the container file of docs/serving: systemd itself reads the units, and every command in them is one that the program takes."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from casereviews.search_cli.main import cli

ROOT = Path(__file__).parents[1]
SERVING = ROOT / "docs" / "serving"
UNITS = sorted(SERVING.glob("*.service")) + sorted(SERVING.glob("*.timer"))


def taken(words: list[str]) -> dict[str, object]:
    """The options as the command line reads them; raises click's UsageError for what it does not take."""
    name, verb, rest = cli.resolve_command(click.Context(cli), words)
    assert name
    assert verb
    with verb.make_context(name, rest, parent=click.Context(cli)) as context:
        return dict(context.params)


def starts(unit: Path) -> list[str]:
    line = re.search(r"^ExecStart=(.+)$", unit.read_text("utf-8"), re.MULTILINE)
    assert line
    return shlex.split(line[1])[1:]


def test_the_units_start_what_the_program_takes() -> None:
    said = taken(starts(SERVING / "casereviews.service"))
    assert (said["workers"], said["proxy"], said["user_header"]) == (2, "127.0.0.1", "X-User")
    assert "due" in taken(starts(SERVING / "casereviews-night.service"))


def test_the_container_starts_what_the_program_takes_with_extras_that_exist() -> None:
    text = (SERVING / "Containerfile").read_text("utf-8")
    command = re.search(r"^CMD \[(.+)\]$", text, re.MULTILINE)
    extras = re.search(r"\[([a-z,]+)\]\"", text)
    assert command
    assert extras
    assert taken(re.findall(r'"([^"]+)"', command[1]))["host"] == "0.0.0.0"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert set(extras[1].split(",")) <= set(project["optional-dependencies"])


@pytest.mark.live
@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze")
def test_systemd_finds_nothing_wrong_with_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text("utf-8")
        (tmp_path / unit.name).write_text(
            text.replace("/opt/casereviews/bin/casereviews", sys.executable), "utf-8"
        )
    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / one.name) for one in UNITS)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
