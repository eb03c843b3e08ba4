"""Files that a list offers without a file's address, over four nights of a quiet site: told once, never missing, not asked for in full again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.process.crawl import run_crawl
from casereviews.crawler.sources import Source
from casereviews.repository.home import Home
from casereviews.repository.record import Event, Record, SourceOutcome
from tests.crawler.faults import LIST, list_page
from tests.crawler.server import Answer, Route, Site, pdf, serving

pytestmark = pytest.mark.slow

WORDLESS = {
    "/resource/child-ash": "Child Ash serious case review",
    "/documents/child-birch-overview-report": "Child Birch overview report",
    "/learning/child-cedar/view": "Child Cedar",
}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


def served(name: str, *, validators: bool = True) -> Answer:
    return Answer(pdf(name), media_type="application/pdf", validators=validators)


def night(home: Home, site: Site, day: int) -> tuple[Event, ...]:
    """Crawl the list and reconcile; what is told."""
    source = Source("vale", "Pear Vale", "England", "listing", (site.url + LIST,), (site.host,))
    now = f"2027-03-{day:02}T02:00:00Z"
    with Record.open(home, write=True) as record:
        run = record.begin_run("refresh", now)
        record.put_source(source.info)
    options = CrawlOptions(delay=0.001, now=now)
    (done,) = run_crawl(
        home, [source], run_id=run, options=options, progress=lambda _: None
    ).values()
    assert (done.ended, done.complete, done.files_failed) == ("finished", True, 0)
    with Record.open(home, write=True) as record:
        return record.finish_source(
            run, SourceOutcome("vale", "ok", now, now, listing_complete=True)
        )


def four_nights(
    home: Home, site: Site, page: Callable[[int], str]
) -> tuple[list[list[str]], list[int]]:
    """What each of four nights told, and how many files it was sent; `page` is the list on a night."""
    told, sent = [], []
    for day in (1, 2, 3, 4):
        site.routes[LIST] = Answer(page(day), validators=False)
        site.forget()
        told.append(sorted(event.kind for event in night(home, site, day)))
        asked = [one for one in site.asked if one.path not in (LIST, "/robots.txt")]
        sent.append(sum((one.method, one.status) == ("GET", 200) for one in asked))
    return told, sent


def shown(home: Home, site: Site) -> Mapping[str, str | None]:
    """The address of every document that is there, and its title."""
    with Record.open(home) as record:
        return {
            (one.file_url or "").removeprefix(site.url): one.title
            for one in record.documents()
            if (one.visibility, one.missing_nights) == ("shown", 0)
        }


@pytest.mark.parametrize("validators", [True, False])
def test_a_report_that_its_list_links_as_a_page_keeps_its_address_while_it_is_unchanged(
    home: Home, validators: bool
) -> None:
    with serving({path: served(path, validators=validators) for path in WORDLESS}) as site:
        told, sent = four_nights(home, site, lambda _: list_page(list(WORDLESS.items())))
        assert told == [["new"] * 3, [], [], []]
        assert sent == [3, 0, 0, 0]
        assert shown(home, site) == WORDLESS
    with Record.open(home) as record:
        assert {one.kind for one in record.documents()} == {"file"}


class Handed(dict[str, Route]):
    """Routes of a script that hands out files, whatever else stands in the query: `/get?id=7&t=...`."""

    def get(self, path: str, default: Any = None) -> Any:
        kept = re.sub(r"(?<=[?&])(?:t|visit)=[^&]*&?", "", path).rstrip("?&")
        return super().get(kept, default)


def stamped(address: str, day: int) -> str:
    return f"{address}{'&' if '?' in address else '?'}t=20270{day}0200"


@pytest.mark.parametrize(
    "files",
    [
        {"/download/51/": "Child Ash overview report", "/download/53/": "Child Birch overview report"},
        {"/get?id=7": "Child Ash overview report", "/get?id=8": "Child Birch overview report"},
        {"/f/ash.pdf": "Child Ash overview report", "/f/birch.pdf": "Child Birch overview report"},
        {"/resource/ash": "Child Ash serious case review", "/resource/birch": "Child Birch serious case review"},
    ],
)  # fmt: skip
def test_a_parameter_that_changes_every_night_is_found_out_on_the_second(
    home: Home, files: dict[str, str]
) -> None:
    with serving() as site:
        site.routes = Handed({path: served(path) for path in files})
        told, sent = four_nights(
            home,
            site,
            lambda day: list_page([(stamped(at, day), f"{words} ({day * 1000} downloads)") for at, words in files.items()]),
        )  # fmt: skip
        assert told == [["new"] * 2, [], [], []]
        assert sent == [2, 2, 0, 0]
        assert shown(home, site) == {stamped(at, 4): words for at, words in files.items()}


def test_of_one_document_it_is_found_out_when_it_changed_twice(home: Home) -> None:
    with serving() as site:
        site.routes = Handed({"/get?id=7": served("ash")})
        told, sent = four_nights(
            home,
            site,
            lambda day: list_page([(f"/get?visit={day}&id=7", "Child Ash overview report")]),
        )
        assert told == [["new"], ["moved"], [], []]
        assert sent == [1, 1, 1, 0]


def test_a_parameter_that_turns_out_to_tell_documents_apart_is_forgotten_before_one_is_lost(
    home: Home,
) -> None:
    names = {7: "Child Ash", 9: "Child Ash", 11: "Child Ash", 12: "Child Birch"}
    with serving() as site:
        site.routes = {f"/get?id={n}": served(name) for n, name in names.items()}
        ids = {1: [7], 2: [9], 3: [11], 4: [11, 12]}
        told, _ = four_nights(
            home,
            site,
            lambda day: list_page([(f"/get?id={n}", f"{names[n]} overview report") for n in ids[day]]),
        )  # fmt: skip
        assert told[3] == ["new"]
        assert shown(home, site) == {
            "/get?id=11": "Child Ash overview report",
            "/get?id=12": "Child Birch overview report",
        }


def test_a_file_behind_a_doorway_is_fetched_through_it_once_and_known_on_the_next_nights(
    home: Home,
) -> None:
    doors = {
        "/f/ash.pdf": '<meta http-equiv="refresh" content="0; url=/store/ash">',
        "/f/birch.pdf": '<script>window.location="/store/birch"</script>',
        "/f/cedar.pdf": '<p>Ready. <a href="/store/cedar.pdf">Click here</a></p>',
    }
    kept = {"/store/ash": "ash", "/store/birch": "birch", "/store/cedar.pdf": "cedar"}
    names = {at: f"Child {at[3:-4].title()} overview report" for at in doors}
    with serving({at: Answer(f"<html>{door}</html>") for at, door in doors.items()}) as site:
        site.routes |= {at: served(name) for at, name in kept.items()}
        told, _ = four_nights(home, site, lambda _: list_page(list(names.items())))
        assert told == [["new"] * 3, [], [], []]
        assert shown(home, site) == names
