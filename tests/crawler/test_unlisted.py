"""What a list names no more is asked for itself: one request, the cheapest that tells, and what the answer says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.process.crawl import run_crawl
from casereviews.crawler.refresh import _for_record
from casereviews.crawler.sources import Source
from casereviews.crawler.spiders.unlisted import trouble_of
from casereviews.repository import withdrawals
from casereviews.repository.home import Home
from casereviews.repository.record import Event, Record
from casereviews.repository.record.outcome import Unlisted
from tests.crawler.faults import LIST, LOGIN, healthy, links, list_page
from tests.crawler.server import Answer, pdf, serving

FILE = "http://pear-vale.test/f/1.pdf"
PAGE = "http://pear-vale.test/reviews/child-h1"
WORDS = (
    "Child H1 was eleven when neighbours first called. The review looks at what agencies knew then."
)
MISSING = "<main><h1>Sorry</h1><p>We could not find that. Try the search box instead.</p></main>"


def held(url: str = FILE, **said: object) -> Unlisted:
    is_page = url == PAGE
    kind, media = ("page", "text/html") if is_page else ("file", "application/pdf")
    return replace(Unlisted("0a", url, kind, "ab" * 32, media, seldom=False), **said)  # type: ignore[arg-type]


def answered(
    url: str,
    body: bytes | str = b"",
    status: int = 200,
    *,
    asked: str = FILE,
    kind: str = "application/pdf",
) -> Response:
    request = Request(asked, meta={"redirect_urls": [asked]} if url != asked else {})
    headers = {"Content-Type": kind}
    if isinstance(body, str):
        headers["Content-Type"] = "text/html; charset=utf-8"
        return HtmlResponse(
            url, status, headers=headers, body=body, encoding="utf-8", request=request
        )
    return Response(url, status, headers=headers, body=body, request=request)


@pytest.mark.parametrize(
    ("response", "same", "said"),
    [
        (answered(FILE, status=304), False, None),
        (answered(FILE, pdf("as it was")), True, None),
        (answered(FILE, pdf("as it was"), 206), True, None),
        (answered(FILE, pdf("changed"), 206), False, "other_bytes"),
        (answered("http://pear-vale.test/new/1.pdf", pdf("moved")), True, None),
        (answered(FILE, "", 404), False, "http_404"),
        (answered(FILE, "", 410), False, "http_410"),
        (answered(FILE, MISSING), False, "general_page"),
        (answered("http://pear-vale.test/", list_page([])), False, "general_page"),
        (answered("http://pear-vale.test/reviews", list_page(links())), False, "general_page"),
        (answered(FILE, "", 503), False, "http_503"),
        (answered(FILE, "", 403), False, "http_403"),
        (answered("http://pear-vale.test/login", LOGIN), False, "login"),
        (answered(FILE, b""), False, "empty_file"),
    ],
)
def test_a_file_is_there_gone_or_nothing_is_said_of_it(
    response: Response, same: bool, said: str | None
) -> None:
    lists = ("http://pear-vale.test/reviews/",)
    assert trouble_of(response, held(), lists=lists, kept=None, same=same) == said


@pytest.mark.parametrize(
    ("url", "body", "said"),
    [
        (PAGE, f"<main><h1>Child H1</h1><p>{WORDS}</p><p>Contact the board.</p></main>", None),
        (PAGE + "-report", f"<main><h1>Child H1</h1><p>{WORDS}</p></main>", None),
        (PAGE, MISSING, "general_page"),
        ("http://pear-vale.test/", f"<main><p>{WORDS}</p></main>", "general_page"),
        ("http://pear-vale.test/reviews", f"<main><p>{WORDS}</p></main>", "general_page"),
    ],
)
def test_a_page_is_there_while_it_says_what_it_said(url: str, body: str, said: str | None) -> None:
    kept = f"<main><h1>Child H1</h1><p>{WORDS}</p></main>".encode()
    lists = ("http://pear-vale.test/reviews/",)
    response = answered(url, body, asked=PAGE)
    assert trouble_of(response, held(PAGE), lists=lists, kept=kept, same=False) == said


def night(home: Home, source: Source, day: int, **options: object) -> tuple[Event, ...]:
    """One night of one source: crawled over loopback and reconciled."""
    now = f"2027-03-{day:02}T02:00:00Z"
    chosen = replace(CrawlOptions(delay=0.01, now=now), **options)  # type: ignore[arg-type]
    with Record.open(home, write=True) as record:
        run = record.begin_run("refresh", now)
        record.put_source(source.info, source.same_as)
    outcome = run_crawl(home, [source], run_id=run, options=chosen, progress=lambda _: None)
    with Record.open(home, write=True) as record:
        return record.finish_source(
            run, _for_record(outcome[source.id], now, now, accept_shrink=False)
        )


def source_of(host: str, url: str) -> Source:
    return Source("pear-vale", "Pear Vale", "England", "listing", (url + LIST,), (host,))


def listed(*numbers: int) -> Answer:
    return Answer(list_page([links(8)[number - 1] for number in numbers]))


@pytest.mark.slow
def test_each_document_that_is_listed_no_more_is_asked_for_once_and_last(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    with serving(dict(healthy("one", 8))) as site:
        source = source_of(site.host, site.url)
        site.routes["/f/2.pdf"] = Answer(
            pdf("plain" * 4000), media_type="application/pdf", validators=False
        )
        night(home, source, 1)
        site.forget()
        # The list drops three: one is there, one answers with a page, one with an error that may pass.
        site.routes[LIST] = listed(1, 5, 6, 7, 8)
        site.routes["/f/3.pdf"] = Answer(MISSING)
        site.routes["/f/4.pdf"] = Answer("", 503)
        told = night(home, source, 2)
        asked = [(one.method, one.path, one.status) for one in site.asked]
        ranges = [one.path for one in site.asked if "Range" in one.headers]
    assert len(asked) == 1 + 5 + 3
    last = [("GET", "/f/2.pdf", 200), ("GET", "/f/3.pdf", 200), ("GET", "/f/4.pdf", 503)]
    assert sorted(asked[-3:]) == last
    assert sorted(ranges) == ["/f/2.pdf", "/f/3.pdf", "/f/4.pdf"]
    assert [(one.kind, one.count) for one in told] == [("missing", 1), ("missing", 1)]
    with Record.open(home) as record:
        counted = {one.file_url: one.missing_nights for one in record.documents()}
    assert counted[site.url + "/f/4.pdf"] == 0


@pytest.mark.slow
def test_robots_and_the_budget_are_kept_and_what_they_forbid_says_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    with serving(dict(healthy("one", 8))) as site:
        source = source_of(site.host, site.url)
        night(home, source, 1)
        site.routes[LIST] = listed(1, 2, 3, 4, 5, 6)
        site.forget()
        told = night(home, source, 2, requests_per_host=8)
        assert len(site.asked) == 8
        site.routes["/robots.txt"] = Answer(
            "User-agent: *\nDisallow: /f/7.pdf\nDisallow: /f/8.pdf\n", media_type="text/plain"
        )
        site.forget()
        told += night(home, source, 4)
        paths = site.paths()
        with Record.open(home) as record:
            result = record.source_states()["pear-vale"].result
    # Seven requests for what is listed; the eighth of the second night was the one for a document that is not.
    assert [(one.kind, one.count) for one in told] == [("missing", 1)]
    assert not {"/f/7.pdf", "/f/8.pdf"} & set(paths)
    assert result == "unchanged"


@pytest.mark.slow
def test_what_was_withdrawn_and_what_a_broken_list_lost_is_not_asked_for(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    with serving(dict(healthy("one", 8))) as site:
        source = source_of(site.host, site.url)
        night(home, source, 1)
        with Record.open(home) as record:
            found = record.document_at("pear-vale", site.url + "/f/8.pdf")
        assert found is not None
        withdrawals.withdraw(home, found.id, reason="it names a child", now="2027-03-01T09:00:00Z")
        site.routes[LIST] = listed(1, 2, 3, 4, 5, 6)
        site.forget()
        night(home, source, 2)
        assert site.paths()[-1] == "/f/7.pdf"
        assert "/f/8.pdf" not in site.paths()
        for words in ([], [1, 2]):
            site.routes[LIST] = listed(*words)
            site.forget()
            assert night(home, source, 3 + len(words)) == ()
            assert set(site.paths()) - {"/robots.txt"} == {LIST, *(f"/f/{n}.pdf" for n in words)}
