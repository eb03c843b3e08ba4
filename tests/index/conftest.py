"""Makes `made` importable (tests are collected in importlib mode), and closes the indexes that it opens."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="module", autouse=True)
def closed() -> Iterator[None]:
    import made

    with made.OPENED:
        yield
