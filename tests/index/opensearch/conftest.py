"""A node for the tests of this folder that are live, and a prefix of its own for each."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from casereviews.repository.stores import IndexServer
from tests.opensearch_nodes import Cluster, missing, nodes

_PREFIXES = (f"home{number}" for number in itertools.count(1))


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """One node, for as long as a worker's tests take."""
    pytest.importorskip("opensearchpy", reason="the extra [opensearch] is not installed")
    if lacks := missing():
        pytest.skip(lacks)
    with nodes() as started:
        yield started


@pytest.fixture
def server(cluster: Cluster) -> IndexServer:
    """Where a home of its own may keep its index."""
    return IndexServer(cluster.urls, prefix=next(_PREFIXES), replicas=0, timeout=30.0)
