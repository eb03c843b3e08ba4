"""`demo --keep-serving` and `demo --serve`: the sites go on to a second night, and what to type for it and those after it is said."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from casereviews import Collection
from casereviews.demo import sites as demo_sites
from casereviews.demo.server import DemoServer
from casereviews.demo.sites import Changes, DemoSites
from casereviews.search_cli.commands import demo
from casereviews.search_cli.main import cli


@pytest.mark.parametrize("option", ["--keep-serving", "--serve"])
def test_the_sites_change_after_the_first_night_and_are_served_on(
    sites: DemoSites, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    happened: list[Any] = []

    def build(folder: Path, *, changes: Changes | None = None) -> DemoSites:
        happened.append(changes)
        return sites

    def refreshed(*_: object, **__: object) -> Any:
        happened.append("first night")
        report = SimpleNamespace(sources=())
        return SimpleNamespace(report=report, built=None, why_stopped=None)

    monkeypatch.setattr(demo_sites, "build", build)
    monkeypatch.setattr(Collection, "refresh_from", refreshed)
    monkeypatch.setattr(DemoServer, "change_to", lambda *_: happened.append("changed"))
    monkeypatch.setattr(demo, "SEARCHES", ())
    monkeypatch.setattr(demo, "suggest", lambda _: None)
    monkeypatch.setattr(demo, "serve_on", lambda: happened.append("served on"))
    monkeypatch.setattr(demo, "serve_collection", lambda _: happened.append("served on"))
    monkeypatch.setenv("CASEREVIEWS_NOW", "2026-03-30T22:15:00Z")
    home = tmp_path / "home"
    done = CliRunner().invoke(cli, ["--home", str(home), "demo", option])
    assert done.exit_code == 0, done.output
    assert happened == [None, "first night", Changes.every(), "changed", "served on"]
    verb = f"casereviews --home {home}"
    for line in (
        f"  {verb} refresh",
        f"  {verb} new",
        f"  CASEREVIEWS_NOW=2026-03-31T12:00:00Z {verb} refresh",
        f"  CASEREVIEWS_NOW=2026-04-01T12:00:00Z {verb} refresh",
        f"  {verb} held",
    ):
        assert line in done.output.splitlines()


def test_ctrl_c_ends_the_serving_with_or_without_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", interrupted)
    demo.serve_on()
