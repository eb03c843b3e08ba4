"""Nights are counted, not runs: a job that is started twice, or a minute before and after midnight, counts once."""

from __future__ import annotations

import pytest

from casereviews.repository.model import SourceInfo
from casereviews.repository.nights import newest_of_nights, same_night
from casereviews.repository.record import Record
from casereviews.repository.record.outcome import SourceOutcome
from tests.repository.nights import Nights, at, link


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2026-03-01T02:00:00Z", "2026-03-01T22:00:00Z", True),
        ("2026-03-01T23:59:30Z", "2026-03-02T00:00:30Z", True),
        ("2026-03-02T00:00:30Z", "2026-03-01T23:59:30Z", True),
        ("2026-03-01T02:00:00Z", "2026-03-02T02:00:00Z", False),
        ("2026-03-01T20:00:00Z", "2026-03-02T02:00:00Z", False),
        ("2026-03-01T23:30:00Z", "2026-03-02T00:30:00+00:00", True),
        ("2026-03-01", "2026-03-02T07:00:00Z", False),
        ("2026-03-01", "2026-03-01T23:59:59Z", True),
        ("2035-01-01T02:00:00Z", "2026-03-01T02:00:00Z", False),
    ],
)
def test_one_date_or_a_few_hours_are_one_night(one: str, other: str, same: bool) -> None:
    assert same_night(one, other) is same


def test_of_each_night_the_newest_run_stands_for_it() -> None:
    runs = ["2026-03-03T00:10:00Z", "2026-03-02T23:50:00Z", "2026-03-01T02:00:00Z"]
    assert list(newest_of_nights(runs, str)) == [runs[0], runs[2]]


def run_at(nights: Nights, moment: str, names: str, *, result: str = "ok") -> list[str]:
    """A run at any moment: the names are listed, what else is known answers 404; returns the kinds of its events."""
    record, source = nights.record, nights.board.id
    run_id = record.begin_run("refresh", moment)
    record.record_sightings(run_id, source, [link(name) for name in names])
    if result == "ok":
        nights._ask(run_id, 1, "", "")
    outcome = SourceOutcome(source, result, moment, moment, listing_complete=result == "ok")
    events = record.finish_source(run_id, outcome)
    record.end_run(run_id, moment, "done", {})
    return [f"{one.kind} {one.count}" for one in events]


def test_two_runs_about_midnight_count_one_night_of_absence(nights: Nights) -> None:
    nights.first("abcd")
    told = [
        run_at(nights, moment, "bcd")
        for moment in (
            "2026-03-02T23:59:30Z",
            "2026-03-03T00:00:30Z",
            "2026-03-03T04:00:00Z",
            "2026-03-03T23:00:00Z",
            "2026-03-04T23:00:00Z",
        )
    ]
    assert told == [["missing 1"], [], [], ["missing 2"], ["removed 3", "held None"]]


def test_the_usual_number_is_of_nights_and_of_each_what_its_last_run_said(nights: Nights) -> None:
    nights.first("abcd")
    for minute in range(5):
        run_at(nights, f"2026-03-02T02:0{minute}:00Z", "ab", result="partial")
    run_at(nights, "2026-03-02T03:00:00Z", "abcd")
    assert [count for _, _, count in nights.record.yields("northmoor")] == [4, 4]


def test_a_source_whose_turn_never_came_stands_as_it_stood(nights: Nights) -> None:
    nights.first("abcd")
    before = nights.record.source_states()["northmoor"]
    for day in (2, 3):
        run_id = nights.record.begin_run("refresh", at(day))
        outcome = SourceOutcome("northmoor", "partial", at(day), at(day), asked=False)
        assert nights.record.finish_source(run_id, outcome) == ()
        nights.record.end_run(run_id, at(day), "stopped", {})
    after = nights.record.source_states()["northmoor"]
    stood = ("result", "checked_at", "last_success", "failing_since", "documents", "last_run")
    assert [getattr(after, one) for one in stood] == [getattr(before, one) for one in stood]
    assert (after.unchecked, after.unchecked_since) == (4, at(2))
    assert len(nights.record.yields("northmoor")) == 1


def test_a_source_that_was_never_asked_has_no_state(record: Record) -> None:
    record.put_source(SourceInfo("weir", "Weir", "England"))
    run_id = record.begin_run("refresh", at(1))
    record.finish_source(run_id, SourceOutcome("weir", "partial", at(1), at(1), asked=False))
    assert record.source_states() == {}
