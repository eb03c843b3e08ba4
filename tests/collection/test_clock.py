"""The clock: it runs, or stands where a test or a demonstration has set it."""

import pytest

from casereviews.collection.clock import VARIABLE, fixed, now, today
from casereviews.collection.errors import RequestError


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        ("2026-03-01T02:00:00Z", "2026-03-01T02:00:00Z"),
        ("2026-03-01", "2026-03-01T00:00:00Z"),
        ("2026-03-01T01:30:00+02:00", "2026-02-28T23:30:00Z"),
        ("2026-03-01 02:00", "2026-03-01T02:00:00Z"),
    ],
)
def test_a_fixed_moment_is_a_stamp_of_utc_however_it_is_written(
    said: str, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, said)
    assert (fixed(), now(), today()) == (moment, moment, moment[:10])


@pytest.mark.parametrize("said", ["nonsense", "2026-13-45", "tomorrow", "0"])
def test_what_is_no_moment_is_refused_before_anything_is_written(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, said)
    with pytest.raises(RequestError, match="is no moment: write it as"):
        now()


def test_an_empty_variable_fixes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")
    assert fixed() is None
