"""What every test runs under: none fails because the machine is busy."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from casereviews.repository.home import Home
from casereviews.repository.stores import RECORD_PASSWORD
from tests import postgresql_server
from tests.search_cli import small_home

settings.register_profile(
    "casereviews", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("casereviews")

# The benchmarks are no installed package: they are found beside the tests, also by a bare `pytest`.
sys.path.append(str(Path(__file__).parents[1]))

# A run that a shell began in its background ignores Ctrl-C, and so would every program that a test starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are called by their argument's name: of those that hold the time of their making, two workers would make two tests."""
    return argname if isinstance(val, bytes) else None


FIRST = (
    "test_three_seasons.py",
    "test_end_to_end.py",
    "test_forty_nights.py",
    "test_kills.py",
    "test_wordpress_structures.py",
    "test_wordpress.py",
    "test_wagtail.py",
    "test_covered_text.py",
    "test_crawl.py",
)
"""Files that take longest: begun first, so that no worker sits with one of them while the others have nothing left."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first; each file's own order stays."""
    items.sort(key=lambda item: item.path.name not in FIRST)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The small home, made once; tests that change it take a copy."""
    return small_home.make(Home(tmp_path_factory.mktemp("small") / "home"))


@pytest.fixture(autouse=True)
def no_width_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some runners export how wide their terminal is: a test that means a width says it."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture(scope="session")
def postgresql_of_all(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[postgresql_server.Server]:
    """A server that tests share; each home has a schema of its own."""
    if reason := postgresql_server.missing():
        pytest.skip(reason)
    with postgresql_server.running(tmp_path_factory.mktemp("postgresql") / "server") as server:
        yield server


@pytest.fixture
def postgresql(
    postgresql_of_all: postgresql_server.Server, monkeypatch: pytest.MonkeyPatch
) -> postgresql_server.Server:
    """That server, whose password is in the environment."""
    monkeypatch.setenv(RECORD_PASSWORD, postgresql_server.PASSWORD)
    return postgresql_of_all
