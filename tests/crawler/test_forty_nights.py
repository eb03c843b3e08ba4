"""Forty nights of real refreshes over loopback, against the truth of `tests.seasons`: what is asked, shown and told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.refresh import refresh
from casereviews.crawler.sources import Source
from casereviews.repository.home import Home
from casereviews.repository.lock import writing
from casereviews.repository.record import Record
from tests.crawler.faults import list_page
from tests.crawler.server import Answer, Site, pdf, serving
from tests.seasons import GONE, HELD, Board, Report, day_of, expected_events, wrongly_shown

NIGHTS = 40


def boards() -> list[Board]:
    """A list with two retractions, a redesign and bad nights; one that rolls over; a small one that is updated."""
    steady = [Report(f"s{one}") for one in range(1, 11)]
    steady += [
        Report("s11", 0, [(4, "taken")], HELD),
        Report("s12", 0, [(9, "deleted")], GONE),
        Report("s14", 0, [(13, "archived"), (15, "listed")], ("missing", "missing")),
        Report("s20", 16),
    ]
    troubles = {
        **dict.fromkeys((7, 8), "down"),
        **dict.fromkeys(range(21, 28), "files_503"),
        **dict.fromkeys(range(32, 35), "maintenance"),
    }
    # What was taken off stays where it was when the site is built anew; its address then answers no more.
    steady[10].told = (*HELD, "removed")
    month = [Report(f"m{one}", 0, [(12, "archived")], ("unlisted",)) for one in range(4)]
    month += [Report(f"m{4 + one}", 12) for one in range(4)]
    small = [Report("f1"), Report("f2", 0, [(30, "deleted")], GONE)]
    return [
        Board("steady", steady, eras=(18,), troubles=troubles),
        Board("month", month, rolling=True),
        Board("small", small, troubles=dict.fromkeys(range(5, 10), "maintenance")),
    ]


class Served:
    """Boards on one loopback site each: their routes follow the truth of a night."""

    def __init__(self, site: Site, board: Board) -> None:
        self.site = site
        self.board = board
        self.paths: dict[str, str] = {}
        kind = "rolling-page" if board.rolling else ""
        self.source = Source(
            board.name,
            board.name,
            "England",
            "listing",
            (f"{site.url}/list/",),
            (site.host,),
            kind=kind,
        )

    def show(self, night: int) -> None:
        board = self.board
        trouble = board.troubles.get(night)
        listed = board.listed(night)
        self.paths |= {board.path(one, night): one.name for one in listed}
        named = [
            (board.path(one, night), f"Child {one.name.upper()} overview report") for one in listed
        ]
        words = "We are updating our website." if trouble == "maintenance" else ""
        self.site.routes["/list/"] = Answer(
            list_page(named, words), 503 if trouble == "down" else 200
        )
        for path, name in self.paths.items():
            status = board.status(path, night, 0)
            report = next(one for one in board.reports if one.name == name)
            body = pdf(board.words(report, 0)) if status == 200 else "an error page"
            media = "application/pdf" if status == 200 else "text/html"
            self.site.routes[path] = Answer(body, status, media)

    def shown(self, record: Record) -> dict[str, tuple[str, str]]:
        found = {}
        for one in record.documents(source_id=self.board.name):
            path = (one.file_url or "").removeprefix(self.site.url)
            found[self.paths[path]] = (one.visibility, one.availability)
        return found

    def asked_for_what_is_not_listed(self, night: int) -> list[str]:
        """Paths of files that were asked for and that the list of the night does not name, as often as they were."""
        named = {self.board.path(one, night) for one in self.board.listed(night)}
        return [path for path in self.site.paths() if path in self.paths and path not in named]


def one_night(home: Home, served: Iterable[Served], night: int) -> None:
    now = f"{day_of(night)}T02:00:00Z"
    with writing(home, "refresh") as vocabulary:
        refresh(
            home,
            sources=[one.source for one in served],
            options=CrawlOptions(delay=0.01, now=now, backoff=0.01),
            now=lambda: now,
            progress=lambda _: None,
            step=lambda *_: None,
            vocabulary=vocabulary,
        )


@pytest.mark.slow
def test_over_forty_real_nights_the_truth_is_shown_told_once_and_asked_for_once(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path / "home").create()
    steady, month, small = boards()
    with serving() as one, serving() as two, serving() as three:
        served = [Served(one, steady), Served(two, month), Served(three, small)]
        for night in range(NIGHTS):
            for each in served:
                each.show(night)
                each.site.forget()
            one_night(home, served, night)
            with Record.open(home) as record:
                for each in served:
                    wrong = wrongly_shown(each.board, night, each.shown(record))
                    assert wrong == [], (each.board.name, day_of(night))
            for each in served:
                asked = Counter(each.asked_for_what_is_not_listed(night))
                assert set(asked.values()) <= {1}, (each.board.name, day_of(night))
                bad = each.board.troubles.get(night) in ("maintenance", "down")
                assert not (bad and asked), (each.board.name, day_of(night))
        with Record.open(home) as record:
            for each in served:
                told = {
                    each.paths[(found.file_url or "").removeprefix(each.site.url)]: Counter(
                        event.kind for event in record.events(document_id=found.id)
                    )
                    for found in record.documents(source_id=each.board.name)
                }
                assert told == {
                    report.name: Counter(expected_events(each.board, report, NIGHTS))
                    for report in each.board.reports
                }
