"""What a tab offers, and how completion is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from click.shell_completion import BashComplete

from casereviews import Collection
from casereviews.repository.home import Home
from casereviews.search_cli.commands.completion import MARK, installed, script_of
from casereviews.search_cli.main import cli


@pytest.fixture(scope="module")
def home(built: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("saved") / "home")
    shutil.copytree(built.root, home.root)
    with Collection(home) as collection:
        collection.saved.add("sleeping", "sleep")
    return home


def offered(home: Home, *words: str) -> list[str]:
    shell = BashComplete(cli, {}, "casereviews", "_CASEREVIEWS_COMPLETE")
    *given, typed = words
    return [
        one.value for one in shell.get_completions(["--home", str(home.root), *given], typed)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "among"),
    [
        (("search", "--theme", "harm_neg"), "harm_neglect"),
        (("search", "--nation", "eng"), "England"),
        (("search", "--source", "north"), "northmoor"),
        (("search", "--nation", "North"), "Northern_Ireland"),
        (("sources", "show", "hamp"), "hampshire"),
        (("sources", "list", "--nation", "nor"), "Northern_Ireland"),
        (("sources", "list", "--family", "wo"), "wordpress"),
        (("refresh", "--source", "hamp"), "hampshire"),
        (("saved", "run", "sl"), "sleeping"),
        (("saved", "remove", ""), "sleeping"),
        (("wit",), "withdraw"),
    ],
)
def test_values_are_offered(home: Home, words: tuple[str, ...], among: str) -> None:
    assert among in offered(home, *words)


@pytest.mark.parametrize("verb", ["show", "open", "mark", "correct", "similar", "withdraw"])
def test_ids_of_what_is_shown_are_offered(home: Home, verb: str) -> None:
    ids = offered(home, verb, "northmoor-")
    assert ids
    assert all(one.startswith("northmoor-") for one in ids)


def test_what_is_held_is_offered_only_where_it_is_decided(home: Home) -> None:
    with Collection(home) as collection:
        (held,) = {one.document_id for one in collection.held()}
    assert held in offered(home, "held", "release", held[:3])
    assert held in offered(home, "withdraw", held[:3])
    assert held not in offered(home, "show", held[:3])


def test_a_name_that_completion_writes_with_an_underscore_is_understood(home: Home) -> None:
    with Collection(home) as collection:
        assert collection.registry.known(nation="northern_ireland")
        assert collection.search(filters={"nation": ["Northern_Ireland"]}).total == 0
        assert collection.search(filters={"nation": ["england"]}).total > 0


def test_a_tab_is_silent_without_a_home_and_over_a_broken_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = Home(tmp_path / "home").create()
    broken.record_db.write_bytes(b"noise" * 100)
    broken.saved_toml.write_bytes(b"\xff[[")
    for words in (("show", "a"), ("saved", "run", ""), ("held", "release", "")):
        assert offered(broken, *words) == []
        assert offered(Home(tmp_path / "none"), *words) == []
    assert capsys.readouterr() == ("", "")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_kept_in_a_file_that_the_shell_reads_once(shell: str, tmp_path: Path) -> None:
    rc = tmp_path / f".{shell}rc"
    rc.write_text("alias ll='ls -l'")
    for _ in range(2):
        file, read_by = installed(shell, script_of(shell), tmp_path)
    assert "_CASEREVIEWS_COMPLETE" in file.read_text()
    lines = rc.read_text().splitlines()
    assert lines[0] == "alias ll='ls -l'"
    assert len([line for line in lines if line.endswith(MARK)]) == (0 if shell == "fish" else 1)
    assert (read_by is None) == (shell == "fish")


def test_bash_takes_the_script(tmp_path: Path) -> None:
    file, _ = installed("bash", script_of("bash"), tmp_path)
    said = subprocess.run(
        ["bash", "--norc", "-c", f'. "{file}" && complete -p casereviews'],
        capture_output=True,
        text=True,
        env={**os.environ, "HOME": str(tmp_path)},
        check=False,
    )
    if "nosort" in said.stderr or said.returncode == 127:
        pytest.skip("this bash is older than 4.4")
    assert "casereviews" in said.stdout, said.stderr
