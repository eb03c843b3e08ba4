"""Two nights over made-up WordPress sites: what the API does not say is found on pages, and a quiet night asks for little."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.outcome import CrawlOutcome
from casereviews.crawler.parsing.wordpress.api import content_url, index_url, types_url
from casereviews.crawler.process.crawl import run_crawl
from casereviews.crawler.refresh import _for_record
from casereviews.crawler.sources import Source
from casereviews.repository import withdrawals
from casereviews.repository.home import Home
from casereviews.repository.record import Record
from tests.crawler.server import Answer, Site, pdf, serving

pytestmark = pytest.mark.slow

JSON = "application/json; charset=UTF-8"
POSTS, PAGES = "wp/v2/posts", "wp/v2/pages"
PAST = {"code": "rest_post_invalid_page_number", "message": "Past the end."}


def link(name: str, words: str = "Overview report") -> str:
    return f'<p><a href="/u/{name}.pdf">{words}</a></p>'


@dataclass
class WordPress:
    """A site in the making: posts by id, and the pages that its readers see."""

    site: Site
    posts: dict[int, dict[str, object]] = field(default_factory=dict)

    @property
    def root(self) -> str:
        return self.site.url + "/wp-json/"

    def put(self, url: str, data: object, status: int = 200, **headers: str) -> None:
        path = url.removeprefix(self.site.url)
        self.site.routes[path] = Answer(json.dumps(data), status, JSON, headers)

    def start(self, body: str) -> None:
        rel = f'<link rel="https://api.w.org/" href="{self.root}">'
        self.site.routes["/"] = Answer(f"{rel}<main><h1>Learning from reviews</h1>{body}</main>")

    def page(self, slug: str, title: str, body: str) -> None:
        # As most of WordPress's pages, without validators.
        html = f"<main><h1>{title}</h1>{body}</main>"
        self.site.routes[f"/{slug}/"] = Answer(html, validators=False)

    def post(self, number: int, title: str, content: str, day: int = 1) -> dict[str, object]:
        stamp = f"2024-05-{day:02}T09:00:00"
        self.posts[number] = {
            "id": number,
            "link": f"{self.site.url}/post-{number}/",
            "date": stamp,
            "modified": stamp,
            "title": {"rendered": title},
            "content": {"rendered": content, "protected": False},
        }
        return self.posts[number]

    def files(self, *names: str) -> None:
        for name in names:
            self.site.routes[f"/u/{name}.pdf"] = Answer(pdf(name), media_type="application/pdf")

    def api(self) -> None:
        """The API over all posts: types, both indexes, content by pages."""
        posts = list(self.posts.values())
        pages = {"X-WP-TotalPages": "1"}
        self.put(types_url(self.root), {})
        self.put(index_url(self.root, POSTS, 1), posts, **pages)
        self.put(index_url(self.root, PAGES, 1), [], **pages)
        self.put(content_url(self.root, POSTS, page=1), posts)


def raw(one: WordPress) -> None:
    """Posts whose content the API gives raw or not at all."""
    one.files("birch", "cedar", "damson")
    button = '[vc_row][vc_btn title="Overview report" link="url:%2Fu%2Fbirch.pdf"][/vc_row]'
    for number, name, content in (
        (1, "birch", button),
        (2, "cedar", ""),
        (3, "damson", "<p>Words.</p>"),
    ):
        title = f"Child {name.title()}: serious case review"
        one.post(number, title, content)
        one.page(f"post-{number}", title, link(name))
    one.start("")
    one.api()


def hidden(one: WordPress) -> None:
    """A type outside the API, with an archive of two pages."""
    one.files("elder", "fern")
    for name in ("elder", "fern"):
        one.page(f"case-review/{name}", f"Child {name.title()}", link(name))
    further = '<a href="/case-reviews/page/2/">2</a>'
    listed = '<h2><a href="/case-review/{}/">Child {}</a></h2>'
    one.page("case-reviews", "Case reviews", listed.format("elder", "Elder") + further)
    one.page("case-reviews/page/2", "Case reviews", listed.format("fern", "Fern"))
    one.start('<p><a href="/case-reviews/">Published reviews</a></p>')
    one.api()


def untotalled(one: WordPress) -> None:
    """Indexes without totals: one ends with a short page, one with a full page and a refusal."""
    one.files("gorse", "hazel")
    for number in range(1, 105):
        one.post(number, "News", "")
    one.post(105, "Child Gorse: serious case review", link("gorse"))
    one.page("post-105", "Child Gorse: serious case review", link("gorse"))
    one.start("")
    one.api()
    posts = list(one.posts.values())
    one.put(index_url(one.root, POSTS, 1), posts[:100])
    one.put(index_url(one.root, POSTS, 2), posts[100:])
    for number, start in enumerate(range(0, 105, 50), 1):
        one.put(content_url(one.root, POSTS, page=number), posts[start : start + 50])
    pages = [one.post(number, "Page", "") for number in range(200, 210)]
    pages[9] = one.post(209, "Child Hazel: serious case review", link("hazel"))
    one.page("post-209", "Child Hazel: serious case review", link("hazel"))
    one.put(index_url(one.root, PAGES, 1), pages)
    one.put(index_url(one.root, PAGES, 2), PAST, 400)
    one.put(content_url(one.root, PAGES, page=1), pages)


def refused_page(one: WordPress) -> None:
    """The second page of an index is refused: what it holds is missed, and said so."""
    one.files("ivy")
    one.post(1, "Child Ivy: serious case review", link("ivy"))
    one.page("post-1", "Child Ivy: serious case review", link("ivy"))
    one.start("")
    one.api()
    two = {"X-WP-TotalPages": "2"}
    one.put(index_url(one.root, POSTS, 1), list(one.posts.values()), **two)
    one.put(index_url(one.root, POSTS, 2), {"code": "no"}, 403)


def kept_back(one: WordPress) -> None:
    """A server that gives one post at a time, and one of three not at all."""
    one.files("juniper", "larch", "maple")
    names = ("juniper", "larch", "maple")
    posts = [
        one.post(number, f"Child {name.title()}: serious case review", link(name))
        for number, name in enumerate(names, 1)
    ]
    one.start("")
    one.api()
    one.put(content_url(one.root, POSTS, page=1), posts[:1])
    one.put(content_url(one.root, POSTS, include="2,3"), posts[1:2])
    one.put(content_url(one.root, POSTS, include="3"), [])


def scripted(one: WordPress) -> None:
    """A start page that only a browser fills, beside a post."""
    one.files("nettle")
    one.post(1, "Child Nettle: serious case review", link("nettle"))
    one.start("<div id='app'></div>" + "<script>fill()</script>" * 3)
    one.api()


def loaded(one: WordPress) -> None:
    """Two lists that load more by a script: one of posts, one of a type outside the API."""
    one.files("poplar", "quince")
    one.post(1, "Child Poplar: serious case review", link("poplar"))
    one.page("post-1", "Child Poplar: serious case review", link("poplar"))
    one.page("case-review/quince", "Child Quince", link("quince"))
    more = '<button type="button" class="load-more">Load more</button>'
    posts = '<h2><a href="/post-1/">Child Poplar: serious case review</a></h2>'
    others = '<h2><a href="/case-review/quince/">Child Quince</a></h2>'
    one.page("latest-reviews", "Latest reviews", posts + more)
    one.page("case-reviews", "Case reviews", others + more)
    one.start(
        '<p><a href="/latest-reviews/">Latest reviews</a></p><p><a href="/case-reviews/">Case reviews</a></p>'
    )
    one.api()


SITES = {
    site.__name__: site
    for site in (raw, hidden, untotalled, refused_page, kept_back, scripted, loaded)
}


TWICE = ("raw", "quiet", "loaded")
"""The sites of which a second night tells more than the first."""


@dataclass(frozen=True)
class Told:
    """What the nights over one site told, and what the last one asked for; only those of TWICE have a second."""

    first: CrawlOutcome
    second: CrawlOutcome | None
    sighted: dict[str, list[tuple[str, str]]]
    asked: list[str]


def change(one: WordPress) -> None:
    """A review whose page shows another file since it was saved again."""
    one.files("oak")
    changed = one.post(2, "Child Cedar: serious case review", "", day=9)
    one.page("post-2", "Child Cedar: serious case review", link("oak"))
    one.api()
    since = content_url(one.root, POSTS, modified_after="2024-05-09T08:59:59")
    one.put(since, [changed])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Told]]:
    home = Home(tmp_path_factory.mktemp("wordpress") / "home").create()
    with ExitStack() as stack:
        sites = {name: WordPress(stack.enter_context(serving())) for name in SITES}
        sites["quiet"] = WordPress(stack.enter_context(serving()))
        for name, one in sites.items():
            SITES.get(name, raw)(one)
        sources = [
            Source(name, name, "England", "wordpress", (one.site.url + "/",), (one.site.host,))
            for name, one in sites.items()
        ]
        first = night(home, sources, "2027-03-01T02:00:00Z")
        change(sites["raw"])
        for one in sites.values():
            one.site.forget()
        again = [source for source in sources if source.id in TWICE]
        second = night(home, again, "2027-03-02T02:00:00Z")
        found: dict[str, dict[str, list[tuple[str, str]]]] = {name: {} for name in sites}
        with Record.open(home) as record:
            for document in record.documents():
                name = (document.file_url or "").rpartition("/")[2]
                found[document.source_id][name] = [
                    (one.extra.get("post_title", ""), one.extra.get("post_date", "")[:10])
                    for one in record.sightings_of(document.id)
                ]
        yield {
            name: Told(first[name], second.get(name), found[name], one.site.paths())
            for name, one in sites.items()
        }


def night(home: Home, sources: list[Source], now: str) -> dict[str, CrawlOutcome]:
    with Record.open(home, write=True) as record:
        run = record.begin_run("refresh", now)
        for source in sources:
            record.put_source(source.info, source.same_as)
    options = replace(CrawlOptions(), delay=0.001, now=now)
    return dict(run_crawl(home, sources, run_id=run, options=options, progress=lambda _: None))


def names(one: Told) -> set[str]:
    return {name.removesuffix(".pdf") for name in one.sighted}


def test_what_the_api_leaves_raw_or_empty_is_read_on_the_posts_pages(told: dict[str, Told]) -> None:
    one = told["quiet"]
    assert (one.first.complete, one.first.files_new) == (True, 3)
    assert one.sighted == {
        f"{name}.pdf": [(f"Child {name.title()}: serious case review", "2024-05-01")]
        for name in ("birch", "cedar", "damson")
    }


def test_a_quiet_night_asks_for_no_page_of_a_post(told: dict[str, Told]) -> None:
    one = told["quiet"]
    assert (one.second.complete, one.second.sighted, one.second.files_new) == (True, 3, 0)
    pages = [path for path in one.asked if not path.startswith("/u/")]
    root = "/wp-json/"
    assert pages == [
        "/",
        types_url(root),
        index_url(root, POSTS, 1),
        index_url(root, PAGES, 1),
    ]


def test_the_page_of_a_changed_post_is_read_the_same_night(told: dict[str, Told]) -> None:
    one = told["raw"]
    assert [path for path in one.asked if path.startswith("/post-")] == ["/post-2/"]
    assert (one.second.files_new, one.second.sighted) == (1, 3)
    assert "oak.pdf" in one.sighted


def test_a_type_outside_the_api_is_found_by_the_links_of_the_start_page(
    told: dict[str, Told],
) -> None:
    one = told["hidden"]
    assert (one.first.complete, names(one)) == (True, {"elder", "fern"})


def test_an_index_without_totals_is_read_to_its_end(told: dict[str, Told]) -> None:
    one = told["untotalled"]
    assert (one.first.complete, one.first.errors, names(one)) == (True, {}, {"gorse", "hazel"})


def test_a_refused_page_of_an_index_is_told_and_closes_no_api(told: dict[str, Told]) -> None:
    one = told["refused_page"]
    assert (one.first.complete, names(one)) == (False, {"ivy"})
    assert one.first.detail == "a next page: http_403"


def test_posts_that_did_not_come_are_asked_for_again_and_then_told(told: dict[str, Told]) -> None:
    one = told["kept_back"]
    assert (one.first.complete, names(one)) == (False, {"juniper", "larch"})
    assert one.first.detail == "1 posts that its API lists did not come"


def test_a_start_page_that_scripts_fill_is_told(told: dict[str, Told]) -> None:
    one = told["scripted"]
    assert (one.first.complete, names(one)) == (False, {"nettle"})
    assert one.first.detail.startswith("filled by JavaScript: http://127.0.0.1:")


def test_a_list_that_loads_more_is_told_unless_its_items_are_posts(told: dict[str, Told]) -> None:
    one = told["loaded"]
    assert (one.first.complete, names(one)) == (False, {"poplar", "quince"})
    assert one.first.detail.count("Load more") == 1
    assert one.first.detail.endswith("/case-reviews/")
    assert one.second.detail == one.first.detail


@pytest.mark.slow
def test_a_deleted_post_is_noticed_while_a_page_of_the_index_fails(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    with serving() as site:
        one = WordPress(site)
        source = Source("elm", "elm", "England", "wordpress", (site.url + "/",), (site.host,))
        for number in range(1, 13):
            title = f"Child E{number}: serious case review"
            one.files(f"e{number}")
            one.post(number, title, link(f"e{number}"))
            one.page(f"post-{number}", title, link(f"e{number}"))
        one.start("")
        one.api()

        def index(*, second: bool) -> None:
            posts = list(one.posts.values())
            two = {"X-WP-TotalPages": "2"}
            one.put(index_url(one.root, POSTS, 1), [p for p in posts if _id(p) < 7], **two)
            rest = [p for p in posts if _id(p) >= 7] if second else {"code": "down"}
            one.put(index_url(one.root, POSTS, 2), rest, 200 if second else 500, **two)

        def states() -> dict[str, tuple[str, str]]:
            with Record.open(home) as record:
                return {
                    (found.file_url or "").rpartition("/")[2]: (
                        found.availability,
                        found.visibility,
                    )
                    for found in record.documents()
                }

        index(second=True)
        finished_night(home, source, "2027-03-01T02:00:00Z")
        assert len(states()) == 12
        del one.posts[2]
        del site.routes["/post-2/"], site.routes["/u/e2.pdf"]
        index(second=False)
        for day in (2, 3, 4):
            finished_night(home, source, f"2027-03-{day:02}T02:00:00Z")
        found = states()
        assert found.pop("e2.pdf") == ("removed", "held")
        assert set(found.values()) == {("available", "shown")}
        with Record.open(home) as record:
            assert record.source_states()["elm"].unchecked == 6
        index(second=True)
        finished_night(home, source, "2027-03-05T02:00:00Z")
        with Record.open(home) as record:
            assert record.source_states()["elm"].unchecked == 0


@pytest.mark.slow
@pytest.mark.parametrize("dead", ["file", "nothing"])
def test_a_post_that_lists_a_withdrawn_report_on_leaves_nothing_in_the_crawl_memory(
    dead: str, tmp_path: Path
) -> None:
    home = Home(tmp_path / "home").create()
    with serving() as site:
        one = WordPress(site)
        source = Source("elm", "elm", "England", "wordpress", (site.url + "/",), (site.host,))
        for number, name in enumerate(("nudibip-lugimet", "gorazut-pelimon", "havetor-sibenok"), 1):
            title = f"Serious Case Review: {name.replace('-', ' ').title()}"
            one.files(name)
            one.post(number, title, link(name))["link"] = f"{site.url}/{name}/"
            one.page(name, title, link(name))
        one.start("")
        one.api()
        finished_night(home, source, "2027-03-01T02:00:00Z")
        memory = home.root / "crawl-memory.db"
        assert b"nudibip" in memory.read_bytes()
        with Record.open(home) as record:
            found = record.document_at("elm", site.url + "/u/nudibip-lugimet.pdf")
        assert found is not None
        withdrawals.withdraw(home, found.id, reason="it names a child", now="2027-03-01T09:00:00Z")
        if dead == "file":
            del site.routes["/u/nudibip-lugimet.pdf"]
        for day in (2, 3):
            site.forget()
            finished_night(home, source, f"2027-03-{day:02}T02:00:00Z")
            assert "/nudibip-lugimet/" not in site.paths()
            for path in home.root.rglob("*"):
                assert not path.is_file() or b"nudibip" not in path.read_bytes().lower(), path
        with Record.open(home) as record:
            shown = {one.visibility for one in record.documents()} - {"withdrawn"}
        assert shown == {"shown"}


def _id(post: dict[str, object]) -> int:
    return int(str(post["id"]))


def finished_night(home: Home, source: Source, now: str) -> None:
    """A night that is reconciled."""
    with Record.open(home, write=True) as record:
        run = record.begin_run("refresh", now)
        record.put_source(source.info, source.same_as)
    options = CrawlOptions(delay=0.001, now=now, retries=0)
    outcome = run_crawl(home, [source], run_id=run, options=options, progress=lambda _: None)
    with Record.open(home, write=True) as record:
        record.finish_source(run, _for_record(outcome[source.id], now, now, accept_shrink=False))
