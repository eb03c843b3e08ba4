"""`demo --keep-serving`: the sites go on to a second night, and what to type for it is said."""

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


def test_the_sites_change_after_the_first_night_and_are_served_on(
    sites: DemoSites, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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
    home = tmp_path / "home"
    done = CliRunner().invoke(cli, ["--home", str(home), "demo", "--keep-serving"])
    assert done.exit_code == 0, done.output
    assert happened == [None, "first night", Changes.every(), "changed", "served on"]
    for line in (f"casereviews --home {home} refresh", f"casereviews --home {home} new"):
        assert line in done.output


def test_ctrl_c_ends_the_serving_with_or_without_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", interrupted)
    demo.serve_on()
