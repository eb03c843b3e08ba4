"""A home of its own for every test, and a record to write to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from casereviews.repository.home import Home
from casereviews.repository.record import Record
from tests.repository.nights import Nights


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


@pytest.fixture
def record(home: Home) -> Iterator[Record]:
    with Record.open(home, write=True) as record:
        yield record


@pytest.fixture
def nights(record: Record) -> Nights:
    return Nights(record)
