"""What `status` says of the server of a record."""

from __future__ import annotations

import pytest

from casereviews.repository.servers.postgresql_health import LATE, _trouble, health_of
from casereviews.repository.stores import RecordServer


@pytest.mark.parametrize(
    ("lag", "slots", "standby", "told"),
    [
        (0.0, 0, False, ""),
        (float(LATE), 0, True, ""),
        (LATE + 1.0, 0, True, "301 s behind"),
        (0.0, 2, False, "2 replication slots are used by nobody"),
        (0.0, 2, True, ""),
    ],
)
def test_what_somebody_should_look_at_is_said(
    lag: float, slots: int, standby: bool, told: str
) -> None:
    said = _trouble(lag, slots, standby)
    assert told in said
    assert bool(told) == bool(said)


def test_a_server_that_does_not_answer_is_told_and_not_raised() -> None:
    found = health_of(RecordServer("postgresql://casereviews@127.0.0.1:9/reviews"))
    assert (found.state, found.version) == ("wrong", None)
    assert "postgresql://casereviews@127.0.0.1:9/reviews cannot be used" in found.trouble
