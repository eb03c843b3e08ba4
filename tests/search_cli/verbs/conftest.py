"""One small home, built once, and a way to run verbs over it or over a copy."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from casereviews.repository.home import Home
from casereviews.search_cli.main import cli
from tests.search_cli import small_home


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs verbs over one home."""

    home: Home

    def __call__(self, *words: str, stdin: str | None = None) -> Result:
        return CliRunner().invoke(cli, ["--home", str(self.home.root), *words], input=stdin)

    def ok(self, *words: str, stdin: str | None = None) -> str:
        """Standard output of a verb that must end well."""
        result = self(*words, stdin=stdin)
        assert result.exit_code == 0, (result.output, result.exception)
        return result.stdout

    def json(self, *words: str, stdin: str | None = None) -> Any:
        return json.loads(self.ok(*words, "--json", stdin=stdin))

    def review(self, title: str) -> str:
        """The id of the review one of whose documents has this title."""
        for line in self.ok("export", "--jsonl", "--names").splitlines():
            record = json.loads(line)
            if any(title in one["title"] for one in record["documents"]):
                return str(record["review_id"])
        raise AssertionError(f"no {title}")


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEREVIEWS_NOW", small_home.NOW)


@pytest.fixture
def read(built: Home) -> Runner:
    """Verbs that only read, over the one home."""
    return Runner(built)


@pytest.fixture
def change(built: Home, tmp_path: Path) -> Runner:
    """Verbs that write, over a copy of their own."""
    shutil.copytree(built.root, tmp_path / "home")
    return Runner(Home(tmp_path / "home"))
