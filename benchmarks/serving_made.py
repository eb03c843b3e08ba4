"""A home with record, archive and index of many made-up PDF reports, for reader pages: `python -m benchmarks.serving_made DIR [--reports 1500] [--pages 8]`.

Pages have the layouts of `reading_made` (a third with columns or tables), every word is made up. What stands in DIR already is not made again.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.reading_made import make_mixed
from casereviews.repository.home import Home
from casereviews.repository.model import Fetch, Sighting, SourceInfo
from casereviews.repository.record import Record, SourceOutcome

AT = "2026-03-01T02:00:00Z"
BOARD = "board-of-pear-vale"
COMPLEX = 0.3


def stored(home: Home, reports: int, pages: int) -> None:
    """Write the reports into the record and the archive, as the night of their publication does."""
    with (
        Record.open(home, write=True) as record,
        tempfile.TemporaryDirectory() as folder,
    ):
        run = record.begin_run("refresh", AT)
        record.put_source(SourceInfo(BOARD, "Fictional Board of Pear Vale", "England"))
        seen = [
            Sighting(
                BOARD,
                f"http://{BOARD}.test/reviews",
                f"http://{BOARD}.test/{number}.pdf",
                link_text=f"Child {chr(65 + number % 26)}{number}: Serious Case Review 20{10 + number % 15}",
            )
            for number in range(reports)
        ]
        record.record_sightings(run, BOARD, seen)
        for number, one in enumerate(seen):
            made = make_mixed(Path(folder) / "report.pdf", pages, number, COMPLEX)
            url = str(one.file_url)
            fetch = Fetch(BOARD, url, url, AT, 200, media_type="application/pdf")
            record.store_file(run, one, fetch, made.path.read_bytes())
        record.finish_source(run, SourceOutcome(BOARD, "ok", AT, AT, listing_complete=True))
        record.end_run(run, AT, "done", {})


def main() -> None:
    """Make the home and process it as `rebuild` does."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--reports", type=int, default=1500)
    parser.add_argument("--pages", type=int, default=8)
    said = parser.parse_args()
    home = Home(said.home).create()
    if not home.record_db.exists():
        stored(home, said.reports, said.pages)
    program = [sys.executable, "-m", "casereviews.search_cli.main", "--home", str(said.home)]
    subprocess.run([*program, "rebuild"], check=True)


if __name__ == "__main__":
    main()
