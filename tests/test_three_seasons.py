"""400 nights of five boards with a clock of their own: nothing is shown that was retracted, nothing hidden that is there, all told once."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest

from casereviews.repository.home import Home
from casereviews.repository.model import Fetch, Sighting, SourceInfo
from casereviews.repository.record import Record, SourceOutcome
from tests import seasons
from tests.sampling import every
from tests.seasons import Board, Report, day_of

NIGHTS = 400


class Year:
    """A board's nights over a record: its spider's part is played, by what the board's server would answer."""

    def __init__(self, record: Record, board: Board) -> None:
        self.record = record
        self.board = board
        self.asked: Counter[int] = Counter()
        self.url_of: dict[str, str] = {}
        self.bytes_at: dict[str, bytes] = {}

    def host(self, night: int) -> str:
        return f"http://{self.board.name}{self.board.hosts_moved(night)}.test"

    def night(self, night: int, run_id: int) -> None:
        board, record, at = self.board, self.record, f"{day_of(night)}T02:00:00Z"
        info = SourceInfo(
            board.name, board.name, start_urls=(f"{self.host(night)}/list",), rolling=board.rolling
        )
        record.put_source(info)
        trouble = board.troubles.get(night)
        seen = [self.sighting(one, night) for one in board.listed(night)]
        record.record_sightings(run_id, board.name, seen)
        for report, one in zip(board.listed(night), seen, strict=True):
            self.ask_file(run_id, report, one, night, at)
        result = {"down": "broken", "moved": "moved"}.get(trouble or "", "ok")
        if result == "ok":
            for asked in record.unlisted(run_id, board.name, at):
                self.asked[night] += 1
                self.ask_unlisted(run_id, asked.url, night, at)
        record.finish_source(
            run_id,
            SourceOutcome(board.name, result, at, at, listing_complete=result == "ok"),
        )
        self.read()

    def sighting(self, report: Report, night: int) -> Sighting:
        url = self.host(night) + self.board.path(report, night)
        self.url_of[url] = report.name
        return Sighting(
            self.board.name, f"{self.host(night)}/list", url, link_text=f"Review {report.name}"
        )

    def ask_file(self, run_id: int, report: Report, one: Sighting, night: int, at: str) -> None:
        """A listed file is asked for when it is new, on bad nights, and now and then."""
        url = one.file_url or ""
        state = self.record.url_state(url)
        bad = self.board.troubles.get(night, "").startswith("files")
        seldom = (night + len(report.name) + report.born) % 30
        if state is not None and state.sha256 and not bad and seldom:
            return
        status = self.board.status(
            self.board.path(report, night), night, self.board.hosts_moved(night)
        )
        error = None if status == 200 else f"http_{status}"
        body = self.board.words(report, self.board.era(night)).encode()
        sha256 = hashlib.sha256(body).hexdigest() if status == 200 else None
        fetch = Fetch(self.board.name, url, url, at, status, error, sha256=sha256)
        if status == 200:
            self.record.store_file(run_id, one, fetch, body)
        self.record.record_fetch(run_id, fetch)

    def ask_unlisted(self, run_id: int, url: str, night: int, at: str) -> None:
        """What is not listed answers at an address of the host that the entry names now; others are out of bounds."""
        if not url.startswith(self.host(night) + "/"):
            return
        status = self.board.status(
            url.removeprefix(self.host(night)), night, self.board.hosts_moved(night)
        )
        error = None if status == 200 else f"http_{status}"
        self.record.record_fetch(run_id, Fetch(self.board.name, url, url, at, status, error))

    def read(self) -> None:
        """The text of new files: what stands before the stamp."""
        record = self.record
        for one in record.unread_versions():
            if not one.settled:
                body = record.archive.path(one.sha256).read_bytes()
                text = hashlib.sha256(body.partition(b" stamp")[0]).hexdigest()
                record.settle(one.document_id, {one.sha256: text})

    def documents(self) -> dict[str, str]:
        """Report -> document."""
        return {
            self.url_of[one.file_url or ""]: one.id
            for one in self.record.documents(source_id=self.board.name)
        }

    def shown(self) -> dict[str, tuple[str, str]]:
        return {
            self.url_of[one.file_url or ""]: (one.visibility, one.availability)
            for one in self.record.documents(source_id=self.board.name)
        }


@pytest.mark.slow
@pytest.mark.parametrize(
    "make", every(2, (seasons.heath, seasons.moor, seasons.vale, seasons.firth, seasons.glen))
)
def test_over_400_nights_what_is_shown_is_what_is_public_and_each_change_is_told_once(
    make: object, tmp_path: Path
) -> None:
    board = make()  # type: ignore[operator]
    with Record.open(Home(tmp_path / "home").create(), write=True) as record:
        year = Year(record, board)
        for night in range(NIGHTS):
            # Some nights are run twice.
            for _ in range(2 if night % 40 == 39 else 1):
                run_id = record.begin_run("refresh", f"{day_of(night)}T02:00:00Z")
                year.night(night, run_id)
                record.end_run(run_id, f"{day_of(night)}T03:00:00Z", "done")
            if (board.name, night) == ("heath", 329):
                record.release(year.documents()["h10"], at=f"{day_of(night)}T09:00:00Z")
            assert seasons.wrongly_shown(board, night, year.shown()) == [], day_of(night)
        ids = year.documents()
        told = {
            report.name: [one.kind for one in record.events(document_id=ids[report.name])]
            for report in board.reports
        }
    assert set(ids) == {one.name for one in board.reports}
    assert {name: Counter(kinds) for name, kinds in told.items()} == {
        one.name: Counter(seasons.expected_events(board, one, NIGHTS)) for one in board.reports
    }
