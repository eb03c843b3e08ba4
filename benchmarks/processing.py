"""What a night costs after the crawl: many small documents read and described, then a night with nothing new, one with ten new.

`python benchmarks/processing.py --documents 2000` prints a table and writes JSON with `--json FILE`.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from pathlib import Path

from casereviews.repository.home import Home
from casereviews.repository.model import Fetch, Sighting, SourceInfo
from casereviews.repository.processing import process
from casereviews.repository.record import Record, SourceOutcome
from casereviews.repository.record.derived import Derived

SOURCES = 20
NEW = 10


def page(source: int, number: int) -> bytes:
    """A small fictional briefing, no two alike."""
    label = f"{chr(65 + number % 26)}{number}"
    said = f"This fictional briefing {source * 7919 + number} is about Child {label}, a baby who was neglected. "
    return f"<html><body><h1>Child {label}</h1><p>{said * 20}</p></body></html>".encode()


def night(record: Record, day: int, numbers: range, stored: range) -> None:
    """Every source's list names `numbers`; files of `stored` came."""
    at = f"2026-03-{day:02}T02:00:00Z"
    run_id = record.begin_run("refresh", at)
    for source in range(SOURCES):
        key = f"board-{source}"
        record.put_source(SourceInfo(key, f"Fictional Board {source}", "England"))
        seen = [
            Sighting(
                key,
                f"http://{key}.test/reviews",
                f"http://{key}.test/{number}.html",
                kind="page",
                link_text=f"Child {chr(65 + number % 26)}{number}: Serious Case Review 20{10 + number % 15}",
            )
            for number in numbers
        ]
        record.record_sightings(run_id, key, seen)
        for number, one in zip(numbers, seen, strict=True):
            if number in stored:
                url = str(one.file_url)
                done = Fetch(key, url, url, at, 200, media_type="text/html")
                record.store_file(run_id, one, done, page(source, number))
        record.finish_source(run_id, SourceOutcome(key, "ok", at, at, listing_complete=True))


def main() -> None:
    """Run the three nights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    each = given.documents // SOURCES
    more = max(NEW // SOURCES, 1)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home").create()
        with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
            plan = (
                ("first night", range(each), range(each)),
                ("nothing new", range(each), range(0)),
                (f"{more * SOURCES} new", range(each + more), range(each, each + more)),
            )
            for day, (name, numbers, stored) in enumerate(plan, 1):
                night(record, day, numbers, stored)
                started = time.perf_counter()
                done = process(record, derived, now=f"2026-03-{day:02}T03:00:00Z")
                rows.append(
                    {
                        "night": name,
                        "read": done.read,
                        "described": done.described,
                        "changed": len(done.changed),
                        "seconds": round(time.perf_counter() - started, 2),
                        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                    }
                )
    print(f"{'night':<14}{'read':>7}{'described':>11}{'changed':>9}{'seconds':>9}{'peak MB':>9}")
    for row in rows:
        print(
            f"{row['night']:<14}{row['read']:>7}{row['described']:>11}{row['changed']:>9}"
            f"{row['seconds']:>9}{row['peak_mb']:>9}"
        )
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1), "utf-8")


if __name__ == "__main__":
    main()
