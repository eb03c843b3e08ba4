"""docs/BEYOND-ONE-MACHINE.md: its table of servers is read, its commands are there, and it names all that can be said."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest

from casereviews.repository import stores
from casereviews.repository.stores import NAMES, Stores
from casereviews.search_cli.main import cli

PAGE = Path(__file__).parents[1] / "docs" / "BEYOND-ONE-MACHINE.md"
TEXT = PAGE.read_text("utf-8")
LINES = [line[4:] for line in TEXT.splitlines() if line.startswith("    ")]


def table() -> dict[str, object]:
    """The table [stores] that is shown."""
    shown = LINES[LINES.index("[stores]") :]
    lines = [line for line in shown if re.match(r"\[stores\]|\w+ = ", line)]
    return dict(tomllib.loads("\n".join(lines))["stores"])


def test_the_servers_that_are_shown_are_read(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("x", "utf-8")
    said = {
        name: str(tmp_path / "ca.pem") if name.endswith("_ca") else value
        for name, value in table().items()
    }
    found = Stores.said(tmp_path / "servers.toml", said)
    assert found.record
    assert found.archive
    assert found.index
    assert found.index.user == "casereviews"


def test_every_line_that_can_be_said_is_on_the_page() -> None:
    every = set().union(*NAMES.values())
    assert [name for name in sorted(every) if name not in TEXT] == []
    assert set(table()) <= every
    for variable in (stores.RECORD_PASSWORD, stores.INDEX_PASSWORD, "AWS_SECRET_ACCESS_KEY"):
        assert f"`{variable}`" in TEXT


COMMANDS = sorted(
    {
        *(line.partition("#")[0].strip() for line in LINES if line.startswith("casereviews ")),
        *re.findall(r"`(casereviews [^`]+)`", TEXT),
    }
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_one(command: str) -> None:
    _, verb, *words = shlex.split(command.replace(" N", " 2").replace("...", ""))
    context = click.Context(cli)
    found = cli.get_command(context, verb)
    assert found is not None
    known = {name for parameter in found.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known | {"--home"}
