"""What a stopped refresh says, and what it ends with."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from casereviews import Collection
from casereviews.collection.keeping.saved_searches import SavedSearch, SavedSearches
from casereviews.repository.home import Home
from casereviews.repository.stopping import Stopped, Switch, stopping
from casereviews.search_cli.main import cli


def run(monkeypatch: pytest.MonkeyPatch, home: Path, refresh: Any) -> tuple[int, str]:
    monkeypatch.setattr(Collection, "refresh", refresh)
    result = CliRunner().invoke(cli, ["--home", str(home), "refresh"])
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("why", "well", "exit_code", "words"),
    [
        ("interrupted", True, 130, "stopped by Ctrl-C"),
        ("interrupted", False, 130, "stopped by Ctrl-C"),
        ("stopped", True, 0, "stopped by SIGTERM"),
        ("stopped", False, 1, "stopped by SIGTERM"),
        ("hung_up", True, 0, "stopped by a closed terminal"),
    ],
)
def test_ctrl_c_has_an_exit_code_of_its_own_and_the_next_run_is_spoken_of(
    why: str,
    well: bool,
    exit_code: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    barnmoor = SimpleNamespace(
        source_id="barnmoor", result="partial", events={}, left_alone={}, reason="", newly_unhealthy=False, unchecked=0
    )  # fmt: skip
    report = SimpleNamespace(
        is_well=lambda strict: well, files_not_had="", sources=(barnmoor,), to_json=lambda: {}
    )
    done = SimpleNamespace(report=report, built=None, saved=(), saved_counts={}, why_stopped=why)
    code, said = run(monkeypatch, tmp_path, lambda *_, **__: done)
    assert code == exit_code
    assert words in said
    assert "the next refresh goes on" in said


def test_a_stop_among_the_saved_searches_leaves_the_rest_to_the_next_refresh(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    searches = {name: SavedSearch(name, "neglect") for name in ("a", "b", "c")}
    saved = SavedSearches(Home(tmp_path), lambda: SimpleNamespace())  # type: ignore[arg-type]
    monkeypatch.setattr(SavedSearches, "all", lambda _: searches)
    ran: list[str] = []
    with stopping(switch=Switch()) as switch:

        def news(_: object, __: object, search: SavedSearch, at: str) -> None:
            ran.append(search.name)
            if search.name == "b":
                switch.ask("stopped")

        monkeypatch.setattr(SavedSearches, "_news", news)
        with pytest.raises(Stopped):
            saved.run_all("2027-03-01T02:00:00Z")
    assert ran == ["a", "b"]


@pytest.mark.parametrize(("why", "exit_code"), [("interrupted", 130), ("stopped", 3)])
def test_a_stop_before_the_run_has_begun_is_one_line(
    why: str, exit_code: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refresh(*_: object, **__: object) -> None:
        raise Stopped(why)

    code, said = run(monkeypatch, tmp_path, refresh)
    assert (code, said.count("\n"), "the next run goes on" in said) == (exit_code, 1, True)


def test_ctrl_c_in_any_verb_is_one_line_with_the_exit_code_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refresh(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    code, said = run(monkeypatch, tmp_path, refresh)
    assert (code, said.count("\n"), said.startswith("Error: stopped by Ctrl-C")) == (130, 1, True)
