"""What the frontier answers: is an address within bounds, is it due, and which question is the cheapest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, cast

import pytest

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.sources import Source
from casereviews.crawler.spiders.frontier import Frontier, Question
from casereviews.crawler.spiders.schedule import FULL_READS_A_NIGHT
from casereviews.crawler.spiders.session import Session
from casereviews.repository.model import Sighting
from casereviews.repository.record.outcome import Unlisted, UrlState

HOST = "127.0.0.1:9"
LIST = f"http://{HOST}/reviews/"
FILE = f"http://{HOST}/f/a.pdf"
SOURCE = Source(
    "a", "a", "England", "listing", (LIST,), (HOST,), same_as=((r"\?contrast=1$", ""),), max_pages=2
)
FIRST = "2027-03-01T02:00:00Z"
SOON, LATER = "2027-03-02T02:00:00Z", "2027-08-01T02:00:00Z"


class Known:
    """A record that knows some addresses."""

    def __init__(self, *states: UrlState, doubted: str = "", hidden: str = "") -> None:
        self.states = {one.url: one for one in states}
        self.doubted = doubted
        self.hidden = hidden

    def in_doubt(self, source_id: str) -> frozenset[str]:
        return frozenset({self.doubted} & {*self.states})

    def names_withdrawn(self, source_id: str, texts: Iterable[str]) -> list[bool]:
        return [bool(self.hidden) and self.hidden in text for text in texts]

    def url_state(self, url: str, source_id: str = "") -> UrlState | None:
        return self.states.get(url)

    def changing_parameters(self, source_id: str) -> tuple[tuple[str, str], ...]:
        return ()


def state(sha256: str | None = "f" * 64, etag: str | None = None, url: str = FILE) -> UrlState:
    return UrlState(url, url, 200, None, etag, None, sha256, None, None, FIRST, FIRST, FIRST)


SESSIONS = ExitStack()


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """The sessions that a test's frontiers began are closed after it."""
    with SESSIONS:
        yield


def frontier(now: str, *states: UrlState, **options: Any) -> Frontier:
    session = Session.begin([SOURCE], CrawlOptions(now=now, **options))
    SESSIONS.callback(session.close)
    return Frontier(SOURCE, replace(session, record=cast(Any, Known(*states))))


def test_bounds_are_the_sources_hosts_and_depth_and_each_twin_is_taken_once() -> None:
    one = frontier(FIRST)
    assert one.outside("http://elsewhere.example/", 0) == "off_site"
    assert [one.outside(LIST, depth) for depth in (3, 4)] == [None, "depth"]
    assert frontier(FIRST, max_depth=1).outside(LIST, 2) == "depth"
    one.take(LIST)
    assert one.is_taken(LIST + "?contrast=1#top")
    assert not one.is_taken(FILE)
    assert [one.has_room() for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    ("now", "known", "question"),
    [
        (SOON, None, Question()),
        (SOON, state(etag='"1"'), Question("GET", (("If-None-Match", '"1"'),), "f" * 64)),
        (SOON, state(), Question("HEAD", (), "f" * 64)),
        # Never received: asked in full until it comes.
        (SOON, state(None, '"1"'), Question("GET", (), None)),
        # Half a year old: due, and its size tells nothing any more.
        (LATER, state(), Question("GET", (), "f" * 64)),
    ],
)
def test_the_cheapest_question_that_tells_of_a_change(
    now: str, known: UrlState | None, question: Question
) -> None:
    assert frontier(now, *([known] if known else [])).question(FILE) == question


def test_what_is_not_due_is_not_asked_unless_all_is_checked_again() -> None:
    checked = replace(state(etag='"1"'), checked_at="2027-07-30T02:00:00Z")
    assert frontier(LATER, checked).question(FILE) == Question(None, (), "f" * 64)
    assert frontier(LATER, checked, recheck_all=True).question(FILE).method == "GET"


def test_what_is_in_doubt_is_asked_for_before_it_is_due() -> None:
    checked = replace(state(etag='"1"'), checked_at="2027-07-30T02:00:00Z", status=404)
    one = frontier(LATER)
    doubting = Frontier(
        SOURCE, replace(one.session, record=cast(Any, Known(checked, doubted=FILE)))
    )
    asked = Question("GET", (("If-None-Match", '"1"'),), "f" * 64)
    assert doubting.question(FILE) == asked


def test_only_what_was_not_due_is_asked_for_itself_though_it_was_taken() -> None:
    checked = replace(state(etag='"1"'), checked_at="2027-07-30T02:00:00Z")
    witness = Unlisted("d", FILE, "file", "f" * 64, None, False)
    one = frontier(LATER, checked)
    one.take(FILE, file=True)
    assert one.question_of_unlisted(witness) is None
    assert one.question(FILE).method is None
    assert one.question_of_unlisted(witness) is not None


def test_where_a_page_led_to_is_not_kept_when_that_names_a_withdrawn_case() -> None:
    one = frontier(FIRST)
    page, tern = f"http://{HOST}/?p=7", f"http://{HOST}/reviews/child-tern/"
    knowing = Frontier(SOURCE, replace(one.session, record=cast(Any, Known(hidden="tern"))))
    for front, kept in ((one, tern), (knowing, page)):
        front.remember(page, Parsed(), final_url=tern)
        memory = front.session.memory.page("a", page)
        assert memory is not None
        assert memory.final_url == kept


def test_a_page_is_the_same_while_it_says_the_same_and_unfiled_pages_are_forgotten() -> None:
    page = f"http://{HOST}/briefings/child-sparrow/"
    itself = Parsed(sightings=(Sighting("a", LIST, page, kind="page", link_text="Briefing"),))
    one = frontier(FIRST, state(url=page))
    said = [
        one.remember(page, itself, final_url=page, text=text) for text in ("one", "one", "other")
    ]
    assert said == [False, True, False]
    assert one.remembered(page) is not None
    assert one.is_file(Link(page, "detail"))
    # The record lacks the publication: what the page said does not count, it is read anew.
    lacking = Frontier(SOURCE, replace(one.session, record=cast(Any, Known())))
    assert lacking.remembered(page) is None
    assert not lacking.is_file(Link(page, "detail"))


def test_a_file_is_read_in_full_by_age_so_many_a_night_and_all_with_recheck() -> None:
    urls = [f"http://{HOST}/f/{number}.pdf" for number in range(FULL_READS_A_NIGHT + 3)]
    checked = "2027-07-30T02:00:00Z"
    known = [replace(state(etag='"1"', url=url), checked_at=checked, read_at=FIRST) for url in urls]
    one = frontier(LATER, *known)
    full = [one.question(url) == Question("GET", (), "f" * 64) for url in urls]
    assert sum(full) == FULL_READS_A_NIGHT
    every = frontier(SOON, *known, recheck_all=True)
    assert all(every.question(url) == Question("GET", (), "f" * 64) for url in urls)


def test_a_page_that_another_parser_read_is_asked_for_without_conditions() -> None:
    one = frontier(FIRST)
    one.remember(LIST, Parsed(), final_url=LIST, etag='"1"')
    memory = one.remembered(LIST)
    assert memory is not None
    assert one.page_conditions(memory) == (("If-None-Match", '"1"'),)
    assert one.page_conditions(replace(memory, parser="another")) == ()
    assert one.page_conditions(replace(memory, parser=None)) == ()
    later = frontier(LATER)
    assert later.page_conditions(memory) == ()
    assert frontier(FIRST, recheck_all=True).page_conditions(memory) == ()
