"""`held`: what came back to its list is told and released together, and what was not checked for absence is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from casereviews.repository.home import Home
from casereviews.repository.record import Record
from tests.repository.nights import Nights, at
from tests.search_cli.verbs.conftest import Runner


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    """Two reports that were taken off their list; one is listed again, and half of the list could not be read."""
    monkeypatch.setenv("CASEREVIEWS_NOW", at(6))
    home = Home(tmp_path / "home").create()
    with Record.open(home, write=True) as record:
        nights = Nights(record)
        nights.first("abcdef")
        for day in (2, 3, 4):
            nights.night(day, "abcd", there="ef")
        nights.night(5, "abce", there="df", complete=False, result="partial")
    return Runner(home)


def test_what_is_listed_again_is_told_and_released_at_once(run: Runner) -> None:
    again = {one["file_url"][-5]: one["listed_again"] for one in run.json("held")}
    assert again == {"e": at(5), "f": None}
    told = run("held")
    said = " ".join((told.stdout + told.stderr).split())
    assert "listed again: 1; `casereviews held release --all`" in said
    assert "not checked for absence: 1 of northmoor since 2026-03-05" in said
    assert run("held", "release").exit_code == 2
    assert run("held", "release", "--source", "northmore").exit_code == 2
    released = run("held", "release", "--source", "northmoor")
    assert "released 1 that are listed again; 1 stay held" in released.stderr
    assert [one["file_url"][-5] for one in run.json("held")] == ["f"]
    assert run("held", "release", "--all").exit_code == 1
