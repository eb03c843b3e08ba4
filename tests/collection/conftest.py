"""One small home, built once; tests that change it take a copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from casereviews import Collection
from casereviews.repository.home import Home
from tests.search_cli import small_home


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEREVIEWS_NOW", small_home.NOW)


@pytest.fixture
def read(built: Home) -> Iterator[Collection]:
    """The collection, for what only reads."""
    with Collection(built) as collection:
        yield collection


@pytest.fixture
def change(built: Home, tmp_path: Path) -> Iterator[Collection]:
    """A collection of its own, for what writes."""
    shutil.copytree(built.root, tmp_path / "home")
    with Collection(tmp_path / "home") as collection:
        yield collection
