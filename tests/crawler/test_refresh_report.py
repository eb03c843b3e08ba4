"""The report of a run: what it counts, when the run is well, and how it is kept."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from casereviews.crawler.refresh import (
    RefreshReport,
    SourceReport,
    _with_events,
    due_sources,
    longest_waiting_first,
    next_due,
    report_text,
    write_report,
)
from casereviews.crawler.sources import Source
from casereviews.repository.home import Home
from casereviews.repository.processing import Processed
from casereviews.repository.record.outcome import Event, SourceState

FINE = SourceReport("north", "North Board", "ok", "", "unchanged", {"new": 2}, {"pages": 1}, {"policy": 3}, None, 1.5)  # fmt: skip
BAD = replace(FINE, source_id="south", publisher="South Board", result="broken", reason="its list answers with status 404", events={}, left_alone={})  # fmt: skip
DEAD = {"http_404": {"a.test": 2}, "robots": {"b.test": 1}}
LACKING = replace(FINE, result="partial", reason="3 of 9 files could not be had: ...", counts={"sighted": 9}, file_troubles=DEAD, list_read=True)  # fmt: skip
PROCESSED = Processed(frozenset(["d1"]), frozenset(), 2, 2, {}, 1, 7)


def report(*sources: SourceReport) -> RefreshReport:
    events = tuple(
        Event(number, 4, "2026-03-01T02:00:00Z", "north", f"d{number}", "new") for number in (1, 2)
    )
    return RefreshReport(
        4, "2026-03-01T02:00:00Z", "2026-03-01T02:10:00Z", False, sources, events, PROCESSED, 6
    )


def quiet(count: int) -> list[SourceReport]:
    return [replace(FINE, source_id=f"s{number}", result="unchanged") for number in range(count)]


@pytest.mark.parametrize(
    ("sources", "well", "strictly"),
    [
        ([FINE], True, True),
        # It was well yesterday: somebody must look.
        ([*quiet(9), BAD], False, False),
        # It has been told before, and one of ten is no bad night.
        ([*quiet(9), replace(BAD, was="broken")], True, False),
        # Never asked before and broken at once.
        ([*quiet(9), replace(BAD, was=None)], False, False),
        # Told before, but more than a quarter of all.
        ([*quiet(2), replace(BAD, was="broken")], False, False),
        ([*quiet(3), replace(BAD, was="broken")], True, False),
        # Some files of a list that was read whole could not be had: for the strict only.
        ([replace(LACKING, was=None)], True, False),
        ([LACKING] * 4, True, False),
        # None of its files could be had.
        ([replace(LACKING, counts={"sighted": 3})], False, False),
        # Its list was not read whole either.
        ([replace(LACKING, list_read=False)], False, False),
        ([], True, True),
    ],
)
def test_a_run_is_well_unless_a_source_is_newly_ill_or_too_many_are(
    sources: list[SourceReport], well: bool, strictly: bool
) -> None:
    made = report(*sources)
    assert (made.is_well(), made.is_well(strict=True)) == (well, strictly)


def test_the_text_names_what_needs_a_look_first_and_then_what_each_source_gave() -> None:
    assert report_text(report(FINE, BAD)) == (
        "Refresh 4: 2026-03-01T02:00:00Z to 2026-03-01T02:10:00Z\n"
        "Events: 2 new\n"
        "Sources: 1 broken, 1 ok\n"
        "  NEW broken            south: its list answers with status 404\n"
        "      to look: casereviews sources check south\n"
        "  north: 2 new; left alone: 3 policy\n"
    )


def test_a_stopped_run_and_undescribed_documents_are_told() -> None:
    failed = replace(PROCESSED, failed={"d9": "ValueError: odd"})
    text = report_text(replace(report(), stopped=True, processed=failed))
    assert "It was stopped; the next run goes on." in text.splitlines()
    assert text.splitlines()[-1] == "Could not be described: d9"


def test_the_report_is_kept_under_its_own_name_and_as_the_latest(tmp_path: Path) -> None:
    home = Home(tmp_path)
    made = report(FINE, BAD)
    write_report(home, made)
    assert sorted(path.name for path in home.reports.iterdir()) == [
        "latest.json", "latest.txt", "refresh-2026-03-01T020000Z-4.json", "refresh-2026-03-01T020000Z-4.txt",
    ]  # fmt: skip
    text = (home.reports / "latest.json").read_text("utf-8")
    assert text.isascii()  # titles of pages: no terminal obeys what stands in them
    kept = json.loads(text)
    assert kept == made.to_json()
    assert (kept["results"], kept["newly_unhealthy"], kept["events"]) == (
        {"ok": 1, "broken": 1},
        ["south"],
        {"new": 2},
    )


def source(name: str, status: str = "unverified") -> Source:
    url = f"http://{name}.test/"
    return Source(name, name, "England", "listing", (url,), (f"{name}.test",), status=status)


def test_due_sources_are_those_that_waited_longest_first_and_never_those_that_are_off() -> None:
    def state(name: str, checked: str) -> SourceState:
        return SourceState(name, "ok", "", 1, checked, checked, None, None, 3, 3, None, {}, {})

    states = {
        "yesterday": state("yesterday", "2026-03-01T02:00:00Z"),
        "tonight": state("tonight", "2026-03-02T01:00:00Z"),
        "long-ago": state("long-ago", "2026-01-01T02:00:00Z"),
    }
    sources = [source("tonight"), source("yesterday"), source("off", "off"), source("long-ago"), source("never")]  # fmt: skip
    due = due_sources(sources, states, "2026-03-02T02:00:00Z")
    assert [one.id for one in due] == ["never", "long-ago", "yesterday"]
    first = longest_waiting_first(sources, states, "2026-03-02T02:00:00Z")
    assert [one.id for one in first] == ["off", "never", "long-ago", "yesterday", "tonight"]


def test_a_source_that_ran_by_a_clock_that_was_ahead_is_due_now_and_not_in_ten_years() -> None:
    ran = "2035-03-02T02:00:00Z"
    ahead = SourceState("ahead", "ok", "", 1, ran, ran, None, None, 3, 3, None, {}, {})
    due = due_sources([source("ahead")], {"ahead": ahead}, "2026-03-02T02:00:00Z")
    assert [one.id for one in due] == ["ahead"]


def test_files_that_could_not_be_had_are_counted_by_reason_and_host() -> None:
    made = report(LACKING, replace(LACKING, source_id="south"), FINE)
    assert made.to_json()["file_troubles"] == {"http_404": {"a.test": 4}, "robots": {"b.test": 2}}
    assert made.to_json()["sources"][0]["file_troubles"] == DEAD
    line = "Files that could not be had: 6 (4 http_404 at a.test, 2 robots at b.test)"
    assert line in report_text(made).splitlines()
    assert made.newly_unhealthy == ()


def test_a_night_on_which_a_text_changed_or_a_version_was_held_says_so() -> None:
    at = "2026-03-01T02:05:00Z"
    happened = [
        Event(3, 4, at, "north", "d1", "changed_text", version=2),
        Event(4, 4, at, "north", "d1", "held", version=1),
        Event(5, 4, at, "elsewhere", "d9", "new"),
    ]
    unchanged = replace(FINE, result="unchanged", events={})
    told = _with_events(unchanged, happened)
    assert (told.result, told.events) == ("ok", {"changed_text": 1, "held": 1})
    assert _with_events(replace(BAD, events={}), happened).result == "broken"


def test_the_report_says_of_which_sources_documents_were_not_checked_for_absence() -> None:
    one = replace(FINE, unchecked=4, unchecked_since="2026-02-20T02:00:00Z")
    assert "Not checked for absence: 4 of north since 2026-02-20" in report_text(report(one))
    (said,) = report(one).to_json()["sources"]
    assert (said["unchecked"], said["unchecked_since"]) == (4, "2026-02-20T02:00:00Z")


def test_when_the_next_source_is_due_is_said() -> None:
    def state(name: str, checked: str) -> SourceState:
        return SourceState(name, "ok", "", 1, checked, checked, None, None, 3, 3, None, {}, {})

    sources = [source("tonight"), source("later"), source("never")]
    states = {
        "tonight": state("tonight", "2026-03-02T01:00:00Z"),
        "later": state("later", "2026-03-02T03:00:00Z"),
    }
    assert next_due(sources, states) == "2026-03-02T21:00:00Z"
    assert next_due(sources, {}) is None


def test_a_source_whose_turn_never_came_is_not_newly_ill() -> None:
    late = replace(FINE, result="partial", reason="it was not begun", asked=False)
    assert (late.newly_unhealthy, replace(late, asked=True).newly_unhealthy) == (False, True)
    assert report(*quiet(9), late).is_well()
    assert not report(*quiet(1), late).is_well()
