"""A home of its own for every test, and a record to write to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from casereviews.repository.home import Home
from casereviews.repository.record import Record
from tests.repository.nights import Nights

IN_A_FOLDER, OTHER_ORDER, ON_POSTGRESQL = "folder", "other order", "postgresql"
SAMPLE = (
    "test_lock",
    "test_record_evidence",
    "test_record_migrations",
    "test_record_nights",
    "test_record_review_ids",
    "test_record_runs",
    "test_record_versions",
    "test_withdrawals",
)
"""Modules whose tests run so in every run of the live and slow tests; the others do in those of the long ones."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests of modules that say `BOTH_STORES = True` run with the record in the folder and, in live, on PostgreSQL; `files_only` marks those
    that look into SQLite's files. Where no order is asked for, SQLite also gives rows backwards: nothing may rest on it."""
    if "home" in metafunc.fixturenames and getattr(metafunc.module, "BOTH_STORES", False):
        sample = metafunc.module.__name__.rpartition(".")[2] in SAMPLE
        long = () if sample else (pytest.mark.long,)
        stores = [IN_A_FOLDER, pytest.param(OTHER_ORDER, marks=(pytest.mark.slow, *long))]
        if not hasattr(metafunc.function, "files_only"):
            stores.append(pytest.param(ON_POSTGRESQL, marks=(pytest.mark.live, *long)))
        metafunc.parametrize("home", stores, indirect=True)


@pytest.fixture
def home(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Home]:
    home = Home(tmp_path / "home").create()
    store = getattr(request, "param", IN_A_FOLDER)
    if store == ON_POSTGRESQL:
        request.getfixturevalue("postgresql").keep(home)
    if store != OTHER_ORDER:
        yield home
        return
    event.listen(Engine, "connect", _give_rows_backwards)
    try:
        yield home
    finally:
        event.remove(Engine, "connect", _give_rows_backwards)


def _give_rows_backwards(connection: sqlite3.Connection, _record: object) -> None:
    """https://www.sqlite.org/pragma.html#pragma_reverse_unordered_selects"""
    connection.execute("PRAGMA reverse_unordered_selects=ON").close()


@pytest.fixture
def record(home: Home) -> Iterator[Record]:
    with Record.open(home, write=True) as record:
        yield record


@pytest.fixture
def nights(record: Record) -> Nights:
    return Nights(record)
