"""Real nights: a retraction is seen whatever other page of its source fails, and what stands on a page that fails is not taken for gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.process.crawl import run_crawl
from casereviews.crawler.refresh import _for_record
from casereviews.crawler.sources import Source
from casereviews.repository.home import Home
from casereviews.repository.record import Record
from tests.crawler.faults import LIST
from tests.crawler.server import Answer, Site, pdf, serving

REVIEWS = 8
FAILS = Answer("an error", 500)
SECOND = "/reviews/adults/"


def links_page(links: list[tuple[str, str]], words: str = "") -> Answer:
    items = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in links)
    return Answer(
        f"<html><body><main><h1>Published serious case reviews</h1>{words}<ul>{items}</ul></main></body></html>"
    )


class Board:
    """A loopback site with a list of reviews, a page a review and a file a page; `lists` maps each page of its list to its reviews."""

    def __init__(self, site: Site, lists: dict[str, list[int]], home: Home) -> None:
        self.site = site
        self.lists = lists
        self.home = home
        self.source = Source(
            "pear-vale", "Pear Vale", "England", "listing", (site.url + LIST,), (site.host,)
        )
        self.show()

    def show(self) -> None:
        self.site.routes.clear()
        onward = list(self.lists)[1:]
        for path, reviews in self.lists.items():
            named = [(f"/reviews/child-h{n}/", f"Child H{n} Serious Case Review") for n in reviews]
            nexts = [(one, f"Page {i}") for i, one in enumerate(onward, 2)] if path == LIST else []
            words = "".join(f'<a class="page" href="{url}">{text}</a>' for url, text in nexts)
            self.site.routes[path] = links_page(named, f"<nav class='pagination'>{words}</nav>")
            for n in reviews:
                self.site.routes[f"/reviews/child-h{n}/"] = Answer(
                    f"<html><body><main><h1>Serious Case Review Child H{n}</h1>"
                    f'<ul><li><a href="/f/{n}.pdf">Child H{n} overview report</a></li></ul></main></body></html>'
                )
                self.site.routes[f"/f/{n}.pdf"] = Answer(pdf(f"H{n}"), media_type="application/pdf")

    def take(self, number: int, *, keep_file: bool = False) -> None:
        """Take a review off its list: its page goes, and its file unless it is kept."""
        file = self.site.routes[f"/f/{number}.pdf"]
        for reviews in self.lists.values():
            if number in reviews:
                reviews.remove(number)
        self.show()
        if keep_file:
            self.site.routes[f"/f/{number}.pdf"] = file

    def night(self, day: int, **options: object) -> list[tuple[str, int | None]]:
        """One night; returns what happened, by the number of the file."""
        now = f"2027-03-{day:02}T02:00:00Z"
        chosen = replace(CrawlOptions(delay=0.005, backoff=0.01, retries=0, now=now), **options)  # type: ignore[arg-type]
        self.site.forget()
        with Record.open(self.home, write=True) as record:
            run = record.begin_run("refresh", now)
            record.put_source(self.source.info, self.source.same_as)
        outcome = run_crawl(
            self.home, [self.source], run_id=run, options=chosen, progress=lambda _: None
        )[self.source.id]
        with Record.open(self.home, write=True) as record:
            told = record.finish_source(run, _for_record(outcome, now, now, accept_shrink=False))
            state = record.source_states()["pear-vale"]
            self.result, self.reason = state.result, state.reason
            self.unchecked, self.since = state.unchecked, state.unchecked_since
        return [(one.kind, one.count) for one in told]

    def state(self, number: int) -> tuple[str, str]:
        with Record.open(self.home) as record:
            found = record.document_at("pear-vale", f"{self.site.url}/f/{number}.pdf")
        assert found is not None
        return found.availability, found.visibility


def one_list() -> dict[str, list[int]]:
    return {LIST: list(range(1, REVIEWS + 1))}


def three_pages() -> dict[str, list[int]]:
    return {
        LIST: [1, 2, 3, 4],
        f"{LIST}page/2/": [5, 6, 7, 8],
        f"{LIST}page/3/": [9, 10, 11, 12],
    }


def fail(path: str, answer: Answer = FAILS) -> Callable[[Site], None]:
    def broken(site: Site) -> None:
        site.routes[path] = answer

    return broken


def robots(site: Site) -> None:
    site.routes["/robots.txt"] = Answer(
        "User-agent: *\nDisallow: /reviews/child-h1/\n", media_type="text/plain"
    )


def announces_too_many(site: Site) -> None:
    page = site.routes[LIST]
    assert isinstance(page, Answer)
    assert isinstance(page.body, str)
    more = page.body.replace("<ul>", "<p>Showing 1 - 12 of 12 results</p><ul>")
    site.routes[LIST] = replace(page, body=more)


def archive_404(site: Site) -> None:
    page = site.routes[LIST]
    assert isinstance(page, Answer)
    assert isinstance(page.body, str)
    archive = '<p><a href="/reviews/archive/">Archived serious case reviews</a></p><ul>'
    site.routes[LIST] = replace(page, body=page.body.replace("<ul>", archive))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lists", "broken", "always"),
    [
        (one_list, fail("/reviews/child-h1/"), True),
        (one_list, fail("/reviews/child-h1/", Answer("", 403)), True),
        (one_list, robots, True),
        (one_list, announces_too_many, True),
        (one_list, archive_404, True),
        (three_pages, fail(f"{LIST}page/2/"), False),
    ],
)
def test_a_retracted_report_is_noticed_while_another_page_of_its_source_fails(
    lists: Callable[[], dict[str, list[int]]],
    broken: Callable[[Site], None],
    always: bool,
    tmp_path: Path,
) -> None:
    with serving() as site:
        board = Board(site, lists(), Home(tmp_path / "home").create())
        if always:
            broken(site)
        board.night(1)
        board.take(4)
        broken(site)
        told = [board.night(day) for day in (22, 23, 24, 25)]
        assert told == [
            [("missing", 1)],
            [("missing", 2)],
            [("removed", 3), ("held", None)],
            [],
        ]
        assert board.state(4) == ("removed", "held")
        others = [n for n in range(1, 9) if n != 4]
        shown = {board.state(n)[1] for n in others if n != 1}
        assert shown == {"shown"}


@pytest.mark.slow
def test_a_report_taken_off_while_its_file_stays_is_held_though_a_page_of_another_fails(
    tmp_path: Path,
) -> None:
    with serving() as site:
        board = Board(site, one_list(), Home(tmp_path / "home").create())
        board.night(1)
        board.take(4, keep_file=True)
        site.routes["/reviews/child-h1/"] = FAILS
        told = [board.night(day) for day in (2, 3, 4)]
        assert told == [[("missing", 1)], [("missing", 2)], [("unlisted", None), ("held", None)]]
        # What stands on the page that fails is shown, and told as unchecked.
        assert board.state(1) == ("available", "shown")
        assert (board.unchecked, board.since) == (1, "2027-03-02T02:00:00Z")
        board.show()
        site.routes["/f/4.pdf"] = Answer(pdf("H4"), media_type="application/pdf")
        board.night(5)
        assert (board.unchecked, board.since) == (0, None)


@pytest.mark.slow
@pytest.mark.parametrize("file_gone", [False, True])
def test_a_reviews_page_that_is_gone_while_its_list_links_it_is_told_and_its_file_asked(
    file_gone: bool, tmp_path: Path
) -> None:
    with serving() as site:
        board = Board(site, one_list(), Home(tmp_path / "home").create())
        board.night(1)
        del site.routes["/reviews/child-h3/"]
        if file_gone:
            del site.routes["/f/3.pdf"]
        told = [board.night(day) for day in (22, 23, 24)]
        assert "/f/3.pdf" in site.paths()
        if file_gone:
            assert told == [[("missing", 1)], [("missing", 2)], [("removed", 3), ("held", None)]]
            assert board.state(3) == ("removed", "held")
        else:
            assert told == [[], [], []]
            assert board.state(3) == ("available", "shown")
            assert board.unchecked == 1
        assert board.result == "partial"
        assert "a page that is still linked is gone" in board.reason
        assert "child-h3" in board.reason


@pytest.mark.slow
def test_a_list_that_is_as_it_was_is_read_by_what_it_said_while_a_page_of_a_review_fails(
    tmp_path: Path,
) -> None:
    with serving() as site:
        board = Board(site, one_list(), Home(tmp_path / "home").create())
        board.night(1)
        site.routes["/reviews/child-h1/"] = FAILS
        site.routes["/reviews/child-h4/"] = Answer(
            "<html><body><main><h1>Serious Case Review Child H4</h1><p>Taken down.</p></main></body></html>"
        )
        del site.routes["/f/4.pdf"]
        told = []
        for day in (2, 3, 4):
            told.append(board.night(day))
            (listed,) = [one for one in site.asked if one.path == LIST]
            assert listed.status == 304
        assert told == [[("missing", 1)], [("missing", 2)], [("removed", 3), ("held", None)]]
        assert board.state(4) == ("removed", "held")
        assert {board.state(n) for n in (1, 2, 3, 5, 6, 7, 8)} == {("available", "shown")}
        assert (board.unchecked, board.since) == (1, "2027-03-02T02:00:00Z")
        board.take(5)  # the list changed: it is read anew
        del site.routes["/reviews/child-h4/"]
        site.routes["/reviews/child-h1/"] = FAILS
        assert board.night(5) == [("missing", 1)]


@pytest.mark.slow
def test_what_stands_on_a_page_of_a_list_that_fails_waits_and_a_list_that_shrinks_loses_nothing(
    tmp_path: Path,
) -> None:
    with serving() as site:
        board = Board(site, three_pages(), Home(tmp_path / "home").create())
        board.night(1)
        site.routes[f"{LIST}page/2/"] = FAILS
        assert [board.night(day) for day in (2, 3, 4, 5)] == [[]] * 4
        assert {board.state(n) for n in range(1, 13)} == {("available", "shown")}
        assert board.unchecked == 4
        # Three pages become two: what stood on the third stands on the second.
        board.lists = {LIST: [1, 2, 3, 4, 5, 6], f"{LIST}page/2/": [7, 8, 9, 10, 11, 12]}
        board.show()
        assert [board.night(day) for day in (6, 7, 8)] == [[]] * 3
        assert {board.state(n) for n in range(1, 13)} == {("available", "shown")}
        assert board.unchecked == 0


@pytest.mark.slow
def test_one_of_two_lists_that_fails_says_nothing_of_its_reviews_and_the_other_is_counted(
    tmp_path: Path,
) -> None:
    with serving() as site:
        lists = {LIST: [1, 2, 3, 4], SECOND: [5, 6, 7, 8]}
        board = Board(site, lists, Home(tmp_path / "home").create())
        board.source = replace(board.source, start_urls=(site.url + LIST, site.url + SECOND))
        board.night(1)
        board.take(4)
        site.routes[SECOND] = FAILS
        for day in (2, 3, 4):
            board.night(day)
        assert board.state(4) == ("removed", "held")
        assert {board.state(n) for n in (1, 2, 3, 5, 6, 7, 8)} == {("available", "shown")}
        assert board.unchecked == 4
        # Half of the readable list vanishes at once: the list is broken, as ever.
        board.lists[LIST].clear()
        board.show()
        site.routes[SECOND] = FAILS
        assert board.night(5) == []
        assert board.result == "broken"


@pytest.mark.slow
def test_a_file_that_was_replaced_in_the_same_size_and_date_is_found(tmp_path: Path) -> None:
    def lying(words: str) -> Answer:
        dated = {"Last-Modified": "Mon, 01 Mar 2027 00:00:00 GMT", "ETag": '"same"'}
        return Answer(pdf(words), media_type="application/pdf", validators=False, headers=dated)

    with serving() as site:
        board = Board(site, one_list(), Home(tmp_path / "home").create())
        for n in range(1, 5):
            site.routes[f"/f/{n}.pdf"] = lying(f"named {n}")

        def changed() -> set[str]:
            with Record.open(board.home) as record:
                kept = {one.file_url: one.sha256 for one in record.documents()}
            return {url or "" for url, sha256 in kept.items() if sha256 != first[url]}

        board.night(1)
        with Record.open(board.home) as record:
            first = {one.file_url: one.sha256 for one in record.documents()}
        site.routes["/f/1.pdf"] = lying("hidden 1")
        site.routes["/f/2.pdf"] = lying("hidden 2")
        board.night(2, recheck_all=True)
        asked = [one for one in site.asked if one.path.startswith("/f/")]
        assert {one.method for one in asked} == {"GET"}
        assert not any("If-None-Match" in one.headers for one in asked)
        assert changed() == {site.url + "/f/1.pdf", site.url + "/f/2.pdf"}
        site.routes["/f/3.pdf"] = lying("hidden 3")
        board.night(31)
        assert site.url + "/f/3.pdf" in changed()
