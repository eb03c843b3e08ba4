"""WordPress's API as it is met: open, with a closed type, closed with 401 or with a page; and what a later night asks for."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from casereviews.crawler.check import CheckReport, check_all
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.parsing.wordpress.api import Listed, content_url, index_url, types_url
from casereviews.crawler.sources import Source
from casereviews.crawler.spiders.wordpress import Api, content_urls
from tests.crawler.server import Answer, Site, serving

JSON = "application/json; charset=UTF-8"
START = "/learning/"
ROUTES = ("wp/v2/posts", "wp/v2/pages", "wp/v2/documents")


def answer(data: object, status: int = 200, pages: int = 1) -> Answer:
    return Answer(json.dumps(data), status, JSON, {"X-WP-TotalPages": str(pages)})


def post(number: int, url: str, title: str, content: str) -> dict[str, object]:
    return {
        "id": number,
        "link": f"{url}/post-{number}/",
        "date": "2024-05-01T09:00:00",
        "modified": "2024-05-02T09:00:00",
        "title": {"rendered": title},
        "content": {"rendered": content, "protected": False},
    }


def wordpress(site: Site) -> None:
    """Two pages of posts, one page, and a custom type, all of it made up."""
    root = site.url + "/wp-json/"

    def put(url: str, what: Answer) -> None:
        site.routes[url.removeprefix(site.url)] = what

    start = f'<link rel="https://api.w.org/" href="{root}"><main><h1>Learning from reviews</h1>'
    start += '<p><a href="/u/old.pdf">Child Old overview report</a></p><p><a href="/case-reviews/">Case reviews</a></p></main>'
    put(site.url + START, Answer(start))
    put(
        site.url + "/case-reviews/",
        Answer(
            '<main><h1>Case reviews</h1><a href="/u/listed.pdf">Child Listed overview report</a></main>'
        ),
    )
    put(types_url(root), answer({"document": {"rest_base": "documents"}}))
    heron = post(
        1,
        site.url,
        "Child Heron: serious case review",
        '<a href="/u/heron.pdf">Overview report</a>',
    )
    wren = post(
        2, site.url, "Child Wren: serious case review", '<a href="/u/wren.pdf">Overview report</a>'
    )
    guide = post(
        3, site.url, "Thematic review of neglect", '<a href="/u/neglect.pdf">Thematic review</a>'
    )
    put(index_url(root, ROUTES[0], 1), answer([heron], pages=2))
    put(index_url(root, ROUTES[0], 2), answer([wren], pages=2))
    put(content_url(root, ROUTES[0], page=1), answer([heron, wren]))
    put(index_url(root, ROUTES[1], 1), answer([]))
    put(index_url(root, ROUTES[2], 1), answer([guide]))
    put(content_url(root, ROUTES[2], page=1), answer([guide]))


@pytest.fixture(scope="module")
def reports() -> Iterator[dict[str, tuple[CheckReport, list[str]]]]:
    """A look at four sites, each with its own way of having an API: report and paths asked for."""
    names = ("open", "closed-type", "refused", "a-page")
    with ExitStack() as stack:
        sites = {name: stack.enter_context(serving()) for name in names}
        for site in sites.values():
            wordpress(site)
        no = answer({"code": "rest_forbidden"}, 401)
        closed = sites["closed-type"]
        closed.routes[
            index_url(closed.url + "/wp-json/", ROUTES[2], 1).removeprefix(closed.url)
        ] = no
        sites["refused"].routes["/wp-json/wp/v2/types"] = no
        sites["a-page"].routes["/wp-json/wp/v2/types"] = Answer("<h1>Please come in</h1>")
        sources = [
            Source(name, name, "England", "wordpress", (site.url + START,), (site.host,))
            for name, site in sites.items()
        ]
        found = {report.source_id: report for report in check_all(sources, CrawlOptions())}
        yield {name: (found[name], site.paths()) for name, site in sites.items()}


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("open", ["heron.pdf", "listed.pdf", "neglect.pdf", "old.pdf", "wren.pdf"]),
        ("closed-type", ["heron.pdf", "listed.pdf", "old.pdf", "wren.pdf"]),
        ("refused", ["listed.pdf", "old.pdf"]),
        ("a-page", ["listed.pdf", "old.pdf"]),
    ],
)
def test_each_site_is_read_as_far_as_it_allows(
    reports: dict[str, tuple[CheckReport, list[str]]], name: str, files: list[str]
) -> None:
    report, _ = reports[name]
    assert sorted((one.url or "").rpartition("/")[2] for one in report.collected) == files


def test_a_closed_type_is_counted(reports: dict[str, tuple[CheckReport, list[str]]]) -> None:
    outcome = reports["closed-type"][0].outcome
    assert outcome is not None
    assert (outcome.left_alone["closed_type"], outcome.complete) == (1, True)


def test_the_media_list_is_never_asked_for(
    reports: dict[str, tuple[CheckReport, list[str]]],
) -> None:
    assert [path for _, paths in reports.values() for path in paths if "/media" in path] == []


def listed(number: int, day: int) -> Listed:
    return Listed(number, f"https://x.example/{number}/", f"2024-05-{day:02}T09:00:00")


ROOT = "https://x.example/wp-json/"


def asked(index: list[Listed], changed: list[Listed]) -> list[str]:
    api = Api(root=ROOT)
    api.index["wp/v2/posts"] = {one.id: one for one in index}
    return content_urls(api, "wp/v2/posts", changed)


def test_the_first_night_asks_for_all_content_by_pages() -> None:
    index = [listed(number, 1) for number in range(120)]
    assert asked(index, index) == [content_url(ROOT, "wp/v2/posts", page=n) for n in (1, 2, 3)]


def test_a_later_night_asks_for_what_was_modified_after_a_second_before_the_oldest_change() -> None:
    index = [listed(number, 1) for number in range(120)]
    changed = [replace(index[7], modified="2024-06-01T10:00:00")]
    index[7] = changed[0]
    assert asked(index, changed) == [
        content_url(ROOT, "wp/v2/posts", modified_after="2024-06-01T09:59:59")
    ]


def test_a_change_older_than_many_others_is_asked_for_by_its_id() -> None:
    index = [listed(number, 2) for number in range(120)]
    old = listed(200, 1)
    assert asked([*index, old], [old]) == [content_url(ROOT, "wp/v2/posts", include="200")]


def test_nothing_changed_asks_for_nothing() -> None:
    assert asked([listed(1, 1)], []) == []


def test_a_site_that_gives_no_times_is_asked_by_id() -> None:
    index = [listed(1, 1), replace(listed(2, 1), modified="")]
    assert asked(index, index[1:]) == [content_url(ROOT, "wp/v2/posts", include="2")]
