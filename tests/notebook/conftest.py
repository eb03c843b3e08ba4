"""The small home as a notebook asks it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import casereviews
from casereviews import Notebook
from casereviews.repository.home import Home
from tests.search_cli import small_home


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEREVIEWS_NOW", small_home.NOW)


@pytest.fixture
def cases(built: Home) -> Iterator[Notebook]:
    with casereviews.open(built.root) as cases:
        yield cases


@pytest.fixture
def named(built: Home) -> Iterator[Notebook]:
    """The same with the labels that are real persons' names."""
    with casereviews.open(built.root, names=True) as cases:
        yield cases
