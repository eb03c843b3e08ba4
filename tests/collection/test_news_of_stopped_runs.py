"""What happened in a run that was stopped is in the feed of the next."""

from __future__ import annotations

from pathlib import Path

from casereviews.collection.asking.news import for_feed
from casereviews.repository.home import Home
from casereviews.repository.model import Sighting, SourceInfo
from casereviews.repository.record import Record
from casereviews.repository.record.outcome import SourceOutcome


def test_a_feed_tells_of_the_stopped_runs_before_it_and_of_no_others(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    runs: list[int] = []
    with Record.open(home, write=True) as record:
        record.put_source(SourceInfo("weir", "Weir", "England"))
        for number, status in enumerate(["done", "done", "stopped", None, "done"]):
            at = f"2027-03-0{number + 1}T02:00:00Z"
            run = record.begin_run("refresh", at)
            url = f"http://weir.example/{number}.pdf"
            seen = [
                Sighting("weir", "http://weir.example/", one, link_text="Child A overview report")
                for one in [f"http://weir.example/{n}.pdf" for n in range(number)] + [url]
            ]
            record.record_sightings(run, "weir", seen)
            record.finish_source(run, SourceOutcome("weir", "ok", at, at, listing_complete=True))
            if status is not None:
                record.end_run(run, at, status, {})
            runs.append(run)
            if number == 3:
                record.end_run(record.begin_run("add", at), at, "done", {})
    told = for_feed(home, runs[-1])
    assert [(one.run_id, one.kind) for one in told] == [(run, "new") for run in runs[2:]]
