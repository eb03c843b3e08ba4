"""Files that a list offers without a file's address, over four nights of a quiet site: told once, never missing, not asked for in full again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.process.crawl import run_crawl
from casereviews.crawler.sources import Source
from casereviews.repository.home import Home
from casereviews.repository.record import Record, SourceOutcome
from tests.crawler.faults import LIST, list_page
from tests.crawler.server import Answer, Route, Site, pdf, serving

pytestmark = pytest.mark.slow

WORDLESS = {
    "/resource/child-ash": "Child Ash serious case review",
    "/documents/child-birch-overview-report": "Child Birch overview report",
    "/learning/child-cedar/view": "Child Cedar",
}


def served(name: str, *, validators: bool = True) -> Answer:
    return Answer(pdf(name), media_type="application/pdf", validators=validators)


class Handed(dict[str, Route]):
    """Routes of a script that hands out files, whatever else stands in the query: `/get?id=7&t=...`."""

    def get(self, path: str, default: Any = None) -> Any:
        kept = re.sub(r"(?<=[?&])(?:t|visit)=[^&]*&?", "", path).rstrip("?&")
        return super().get(kept, default)


def stamped(address: str, day: int) -> str:
    return f"{address}{'&' if '?' in address else '?'}t=20270{day}0200"


@dataclass(frozen=True)
class Offer:
    """A site: what its list links on a night, and what answers."""

    page: Callable[[int], list[tuple[str, str]]]
    routes: dict[str, Route]


def wordless(name: str, *, validators: bool) -> Offer:
    routes = {path: served(name + path, validators=validators) for path in WORDLESS}
    return Offer(lambda _: list(WORDLESS.items()), dict(routes))


def stamping(name: str, files: Mapping[str, str]) -> Offer:
    """Addresses that carry another stamp every night, titles that carry a count."""
    return Offer(
        lambda day: [
            (stamped(at, day), f"{words} ({day * 1000} downloads)") for at, words in files.items()
        ],
        Handed({path: served(name + path) for path in files}),
    )


def visits() -> Offer:
    return Offer(
        lambda day: [(f"/get?visit={day}&id=7", "Child Ash overview report")],
        Handed({"/get?id=7": served("visited ash")}),
    )


def told_apart() -> Offer:
    """A number that looked like a changing parameter until a second document came."""
    names = {7: "Child Ash", 9: "Child Ash", 11: "Child Ash", 12: "Child Birch"}
    ids = {1: [7], 2: [9], 3: [11], 4: [11, 12]}
    return Offer(
        lambda day: [(f"/get?id={n}", f"{names[n]} overview report") for n in ids[day]],
        {f"/get?id={n}": served("numbered " + name) for n, name in names.items()},
    )


DOORS = {
    "/f/ash.pdf": '<meta http-equiv="refresh" content="0; url=/store/ash">',
    "/f/birch.pdf": '<script>window.location="/store/birch"</script>',
    "/f/cedar.pdf": '<p>Ready. <a href="/store/cedar.pdf">Click here</a></p>',
}
BEHIND = {at: f"Child {at[3:-4].title()} overview report" for at in DOORS}


def doorways() -> Offer:
    kept = {"/store/ash": "ash", "/store/birch": "birch", "/store/cedar.pdf": "cedar"}
    routes: dict[str, Route] = {at: Answer(f"<html>{door}</html>") for at, door in DOORS.items()}
    routes.update({at: served("behind " + name) for at, name in kept.items()})
    return Offer(lambda _: list(BEHIND.items()), routes)


STAMPED = {
    "handler": {"/download/51/": "Child Ash overview report", "/download/53/": "Child Birch overview report"},
    "query": {"/get?id=7": "Child Ash overview report", "/get?id=8": "Child Birch overview report"},
    "ending": {"/f/ash.pdf": "Child Ash overview report", "/f/birch.pdf": "Child Birch overview report"},
    "wordless": {"/resource/ash": "Child Ash serious case review", "/resource/birch": "Child Birch serious case review"},
}  # fmt: skip
OFFERS = {
    "validators": wordless("validators", validators=True),
    "no-validators": wordless("no validators", validators=False),
    **{f"stamped-{name}": stamping(name, files) for name, files in STAMPED.items()},
    "visits": visits(),
    "told-apart": told_apart(),
    "doorways": doorways(),
}


@dataclass
class FourNights:
    """What four nights told of one site, how many files it was sent on each, and what is there after them: address -> title."""

    told: list[list[str]] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    shown: dict[str, str | None] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> dict[str, FourNights]:
    home = Home(tmp_path_factory.mktemp("offers") / "home").create()
    found = {name: FourNights() for name in OFFERS}
    with ExitStack() as stack:
        sites = {name: stack.enter_context(serving(OFFERS[name].routes)) for name in OFFERS}
        for day in (1, 2, 3, 4):
            for name, site in sites.items():
                site.routes[LIST] = Answer(list_page(OFFERS[name].page(day)), validators=False)
                site.forget()
            for name, told in night(home, sites, day).items():
                found[name].told.append(told)
            for name, site in sites.items():
                asked = [one for one in site.asked if one.path not in (LIST, "/robots.txt")]
                sent = sum((one.method, one.status) == ("GET", 200) for one in asked)
                found[name].sent.append(sent)
        with Record.open(home) as record:
            for one in record.documents():
                of = found[one.source_id]
                of.kinds.add(one.kind)
                if (one.visibility, one.missing_nights) == ("shown", 0):
                    address = (one.file_url or "").removeprefix(sites[one.source_id].url)
                    of.shown[address] = one.title
    return found


def night(home: Home, sites: Mapping[str, Site], day: int) -> dict[str, list[str]]:
    """Crawl the lists and reconcile; the kinds of what is told of each."""
    now = f"2027-03-{day:02}T02:00:00Z"
    sources = [
        Source(name, name, "England", "listing", (site.url + LIST,), (site.host,))
        for name, site in sites.items()
    ]
    with Record.open(home, write=True) as record:
        run = record.begin_run("refresh", now)
        for source in sources:
            record.put_source(source.info)
    options = CrawlOptions(delay=0.001, now=now)
    done = run_crawl(home, sources, run_id=run, options=options, progress=lambda _: None)
    told = {}
    for name, one in done.items():
        assert (one.ended, one.complete, one.files_failed) == ("finished", True, 0), name
        with Record.open(home, write=True) as record:
            outcome = SourceOutcome(name, "ok", now, now, listing_complete=True)
            told[name] = sorted(event.kind for event in record.finish_source(run, outcome))
    return told


@pytest.mark.parametrize("name", ["validators", "no-validators"])
def test_a_report_that_its_list_links_as_a_page_keeps_its_address_while_it_is_unchanged(
    nights: dict[str, FourNights], name: str
) -> None:
    one = nights[name]
    assert one.told == [["new"] * 3, [], [], []]
    assert one.sent == [3, 0, 0, 0]
    assert one.shown == WORDLESS
    assert one.kinds == {"file"}


@pytest.mark.parametrize("name", STAMPED)
def test_a_parameter_that_changes_every_night_is_found_out_on_the_second(
    nights: dict[str, FourNights], name: str
) -> None:
    one = nights[f"stamped-{name}"]
    assert one.told == [["new"] * 2, [], [], []]
    assert one.sent == [2, 2, 0, 0]
    assert one.shown == {stamped(at, 4): words for at, words in STAMPED[name].items()}


def test_of_one_document_it_is_found_out_when_it_changed_twice(
    nights: dict[str, FourNights],
) -> None:
    assert nights["visits"].told == [["new"], ["moved"], [], []]
    assert nights["visits"].sent == [1, 1, 1, 0]


def test_a_parameter_that_turns_out_to_tell_documents_apart_is_forgotten_before_one_is_lost(
    nights: dict[str, FourNights],
) -> None:
    one = nights["told-apart"]
    assert one.told[3] == ["new"]
    assert one.shown == {
        "/get?id=11": "Child Ash overview report",
        "/get?id=12": "Child Birch overview report",
    }


def test_a_file_behind_a_doorway_is_fetched_through_it_once_and_known_on_the_next_nights(
    nights: dict[str, FourNights],
) -> None:
    assert nights["doorways"].told == [["new"] * 3, [], [], []]
    assert nights["doorways"].shown == BEHIND
