"""What `status` says of a cluster's health."""

from __future__ import annotations

import pytest

from casereviews.index.opensearch.health import _trouble, _used, health_of
from casereviews.repository.stores import IndexServer

GREEN = {"status": "green", "unassigned_shards": 0}


@pytest.mark.parametrize(
    ("health", "fullest", "low", "told"),
    [
        (GREEN, 84.9, "85%", ""),
        (GREEN, 85.0, "85%", "a node's disk is 85 % full"),
        (GREEN, 99.0, "20gb", ""),
        ({"status": "yellow", "unassigned_shards": 2}, 10.0, "85%", "2 copies are on no node"),
        ({"status": "red", "unassigned_shards": 4}, 10.0, "85%", "searches are refused"),
    ],
)
def test_what_somebody_should_look_at_is_said(
    health: dict[str, object], fullest: float, low: str, told: str
) -> None:
    said = _trouble(health, fullest, low)
    assert told in said
    assert bool(told) == bool(said)


def test_how_full_a_disk_is_counts_what_others_have_there() -> None:
    assert _used({"total_in_bytes": 200, "available_in_bytes": 50}) == 75.0


def test_a_cluster_that_does_not_answer_is_told_and_not_raised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CASEREVIEWS_INDEX_PASSWORD", raising=False)
    found = health_of(IndexServer(("http://127.0.0.1:9",), timeout=1))
    assert (found.state, found.version) == ("wrong", None)
    assert "cannot be reached" in found.trouble
    assert str(found).startswith("index: OpenSearch at http://127.0.0.1:9 (prefix casereviews): WRONG: ")  # fmt: skip
    unsigned = health_of(IndexServer(("http://127.0.0.1:9",), user="writer"))
    assert "no password is given for the user 'writer'" in unsigned.trouble
