"""What mends a source: proposals are tried, and only what brings documents is offered. The sites are real ones on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from casereviews.crawler.check import check_all
from casereviews.crawler.check_report import (
    CheckReport,
    Collected,
    Diagnosis,
    PreviewedPage,
    Proposal,
)
from casereviews.crawler.mending import check_and_mend
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.outcome import CrawlOutcome
from casereviews.crawler.parsing.govuk import content_url
from casereviews.crawler.parsing.wordpress.api import content_url as api_content_url
from casereviews.crawler.parsing.wordpress.api import index_url, types_url
from casereviews.crawler.sources import Source
from tests.crawler.server import Answer, Site, pdf, serving

HOME = "https://pearvale.example/"
OPTIONS = CrawlOptions(contact="us@vale.example")
SOURCE = Source("a", "A", "England", "listing", (HOME + "r",), ("pearvale.example",), national=True)


def report(cause: str, count: int, *proposals: Proposal, **more: Any) -> CheckReport:
    found = Diagnosis(cause, cause, cause == "works", proposals, "look at it")
    docs = tuple(Collected(f"{HOME}{n}.pdf", "", (), (), HOME, "file") for n in range(count))
    return CheckReport(
        "a", cause, collected=docs, outcome=CrawlOutcome("a"), diagnosis=found, **more
    )


class Looks:
    """Stands for the sites: what each look shows, by its number; keeps what was looked at."""

    def __init__(self, *reports: CheckReport) -> None:
        self.reports = list(reports)
        self.seen: list[Source] = []

    def __call__(self, sources: Iterable[Source], options: CrawlOptions) -> Iterator[CheckReport]:
        for source in sources:
            self.seen.append(source)
            yield self.reports.pop(0)


NEW = {"start_urls": [HOME + "new"]}
MORE = {"hosts": ["pearvale.example", "blob.example"]}


def test_what_brings_documents_is_offered_as_one_command() -> None:
    looks = Looks(report("gone", 0, Proposal("start anew", NEW)), report("works", 3))
    (made,) = check_and_mend([SOURCE], OPTIONS, looks)
    assert made.remedy is not None
    assert (made.remedy.kind, made.remedy.change) == ("command", NEW)
    assert made.remedy.command == "casereviews sources fix a --write"
    assert looks.seen[1].start_urls == (HOME + "new",)
    assert looks.seen[1].id == "a"


def test_what_brings_nothing_is_not_offered_and_the_next_is_tried() -> None:
    first = report("gone", 0, Proposal("one", {"family": "govuk"}), Proposal("two", NEW))
    looks = Looks(first, report("gone", 0), report("works", 1))
    (made,) = check_and_mend([SOURCE], OPTIONS, looks)
    assert made.remedy is not None
    assert made.remedy.change == NEW
    nothing = Looks(first, report("gone", 0), report("gone", 0))
    (made,) = check_and_mend([SOURCE], OPTIONS, nothing)
    assert made.remedy is not None
    assert (made.remedy.kind, made.remedy.says, made.remedy.change) == ("person", "look at it", {})


def test_a_change_that_leads_on_to_another_cause_is_gone_on_from() -> None:
    looks = Looks(
        report("robots_elsewhere", 0, Proposal("ask", MORE)),
        report("moved_home", 0, Proposal("start", NEW, narrow=True)),
        report("works", 2, pages=(PreviewedPage(HOME + "new", "list", "", 2, 0),)),
    )
    (made,) = check_and_mend([SOURCE], OPTIONS, looks)
    assert made.remedy is not None
    assert made.remedy.change == {**MORE, **NEW}


def test_of_new_start_pages_those_stay_that_hold_the_documents() -> None:
    two = {"start_urls": [HOME + "hub", HOME + "about"]}
    pages = (
        PreviewedPage(HOME + "hub", "list", "", 0, 1),
        PreviewedPage(HOME + "hub/published", "list", "", 2, 0),
    )
    looks = Looks(
        report("gone", 0, Proposal("start", two, narrow=True)), report("works", 2, pages=pages)
    )
    (made,) = check_and_mend([SOURCE], OPTIONS, looks)
    assert made.remedy is not None
    assert made.remedy.change == {"start_urls": [HOME + "hub/published"]}


def test_what_works_is_not_looked_at_again() -> None:
    looks = Looks(replace(report("works", 2), diagnosis=Diagnosis("works", "works", True)))
    (made,) = check_and_mend([SOURCE], OPTIONS, looks)
    assert made.remedy is not None
    assert (made.remedy.kind, len(looks.seen)) == ("works", 1)


def test_a_redirect_within_the_site_works_and_its_new_address_is_offered() -> None:
    first = replace(
        report("moved_path", 2),
        diagnosis=Diagnosis("moved_path", "moved", True, (Proposal("start anew", NEW),)),
    )
    (made,) = check_and_mend([SOURCE], OPTIONS, Looks(first, report("works", 2)))
    assert made.remedy is not None
    assert (made.remedy.kind, made.remedy.change) == ("works", NEW)


def test_a_host_of_files_is_offered_even_when_no_more_can_be_had_there() -> None:
    first = report("files_elsewhere", 1, Proposal("ask it", MORE, certain=True))
    (made,) = check_and_mend([SOURCE], OPTIONS, Looks(first, report("files_gone", 1)))
    assert made.remedy is not None
    assert (made.remedy.kind, made.remedy.change, made.remedy.after) == (
        "command",
        MORE,
        "files_gone",
    )


def test_a_list_that_a_deeper_look_finds_works() -> None:
    looks = Looks(report("deeper", 0, Proposal("nothing: a night goes on")), report("works", 3))
    (made,) = check_and_mend([SOURCE], OPTIONS, looks)
    assert made.remedy is not None
    assert (made.remedy.kind, made.remedy.command) == ("works", "")


def test_without_a_contact_no_public_site_is_asked_on_trial() -> None:
    local = replace(SOURCE, start_urls=("http://127.0.0.1:1/r",), hosts=("127.0.0.1:1",))
    looks = Looks(report("moved_host", 0, Proposal("start anew", NEW)))
    (made,) = check_and_mend([local], CrawlOptions(), looks)
    assert made.remedy is not None
    assert (made.remedy.kind, len(looks.seen)) == ("person", 1)


# ---------------------------------------------------------------- over loopback


def page(title: str, body: str, head: str = "") -> Answer:
    html = f"<html><head><title>{title}</title>{head}</head><body><main><h1>{title}</h1>{body}</main></body></html>"
    return Answer(html)


LIST = page(
    "Published child safeguarding practice reviews",
    '<h2>Child Ash (May 2022)</h2><p><a href="/media/ash.pdf">Overview report</a></p>'
    '<h2>Child Birch (June 2023)</h2><p><a href="/media/birch.pdf">Overview report</a></p>',
)
FILES = {
    f"/media/{name}.pdf": Answer(pdf(name), media_type="application/pdf")
    for name in ("ash", "birch")
}


def moved(to: str, **headers: str) -> Answer:
    return Answer("", 302, headers={"Location": to, **headers})


def sites(old: Site, new: Site) -> dict[str, dict[str, Answer]]:
    """What stands on the old host of each entry; the new host has a list at /learning/ and files."""
    hub = page(
        "Learning", '<a href="/hub/published/">Published reviews</a><a href="/audits/">Audits</a>'
    )
    front = page(
        "Pear Vale", '<a href="/hub/">Learning and improvement</a><a href="/news/">News</a>'
    )
    elsewhere = page(
        "Published reviews",
        f'<h2>Child Ash</h2><a href="{new.url}/media/ash.pdf">Overview report</a>',
    )
    return {
        "moved-host": {"/reviews/": moved(new.url + "/learning/")},
        "moved-home": {"/reviews/": moved("/"), "/": front, "/hub/": hub, "/hub/published/": LIST},
        "gone": {"/": front, "/hub/": hub, "/hub/published/": LIST},
        "soft": {
            "/reviews/": page("Oops! We can't find that page", "Sorry."),
            "/": page("Pear Vale", '<a href="/r/">Child safeguarding practice reviews</a>'),
            "/r/": LIST,
        },
        "domain-moved": {
            "/robots.txt": moved(new.url + "/robots.txt"),
            "/reviews/": moved(new.url + "/learning/"),
        },
        "notice": {
            "/reviews/": page("Pear Vale", f'<a href="{new.url}/learning/">We have moved</a>')
        },
        "files": {"/reviews/": elsewhere},
        "framed": {"/reviews/": page("Reviews", f'<iframe src="{new.url}/learning/"></iframe>')},
        "rule": {
            "/reviews/": page("About the partnership", '<p>See</p><a href="/p/">Publications</a>'),
            "/p/": LIST,
        },
    }


MENDED = {
    "moved-host": {"start_urls": ["NEW/learning/"], "hosts": ["OLD", "NEW"]},
    "moved-home": {"start_urls": ["OLD/hub/published/"]},
    "gone": {"start_urls": ["OLD/hub/published/"]},
    "soft": {"start_urls": ["OLD/r/"]},
    "domain-moved": {"hosts": ["OLD", "NEW"], "start_urls": ["NEW/learning/"]},
    "notice": {"start_urls": ["NEW/learning/"], "hosts": ["OLD", "NEW"]},
    "files": {"hosts": ["OLD", "NEW"]},
    "framed": {"start_urls": ["NEW/learning/"], "hosts": ["OLD", "NEW"]},
    "rule": {"follow": [{"text": "^Publications$", "role": "list"}]},
}


@pytest.mark.slow
def test_every_move_is_found_and_its_change_brings_the_documents() -> None:
    with ExitStack() as running:
        new = running.enter_context(serving())
        new.routes.update({"/learning/": LIST, **FILES})
        sources, olds = [], []
        for name in MENDED:
            old = running.enter_context(serving())
            old.routes.update({**FILES, **sites(old, new)[name]})
            url = old.url + "/reviews/"
            sources.append(
                Source(name, name, "England", "listing", (url,), (old.host,), national=True)
            )
            olds.append(old)
        reports = check_and_mend(sources, CrawlOptions())
    told = {}
    for made, old in zip(reports, olds, strict=True):
        assert made.remedy is not None
        text = json.dumps(dict(made.remedy.change))
        for site, called in ((old, "OLD"), (new, "NEW")):
            text = text.replace(site.url, called).replace(site.host, called)
        told[made.source_id] = json.loads(text)
        assert made.remedy.kind == "command"
    assert told == MENDED


@pytest.mark.slow
def test_a_wrong_family_is_found_both_ways() -> None:
    publication = {
        "schema_name": "publication",
        "base_path": "/government/publications/one",
        "title": "Child Ash: serious case review",
        "details": {
            "attachments": [
                {
                    "attachment_type": "file",
                    "title": "Report",
                    "content_type": "application/pdf",
                    "url": "",
                }
            ]
        },
    }
    with serving() as site:
        publication["details"]["attachments"][0]["url"] = site.url + "/media/ash.pdf"  # type: ignore[index]
        url = site.url + "/government/publications/one"
        site.routes.update(FILES)
        site.routes["/government/publications/one"] = page(
            "One", "<p>Published.</p>", '<meta name="govuk:content-id" content="1">'
        )
        api = content_url(url).removeprefix(site.url)
        site.routes[api] = Answer(json.dumps(publication), media_type="application/json")
        site.routes["/plain/"] = LIST
        listed = Source("listed", "A", "England", "listing", (url,), (site.host,), national=True)
        plain = replace(listed, id="plain", family="govuk", start_urls=(site.url + "/plain/",))
        root = site.url + "/wp-json/"
        post = {
            "id": 1,
            "link": site.url + "/ash/",
            "date": "2024-05-01T09:00:00",
            "modified": "2024-05-02T09:00:00",
            "title": {"rendered": "Child Ash: serious case review"},
            "content": {
                "rendered": '<a href="/media/ash.pdf">Overview report</a>',
                "protected": False,
            },
        }
        told: dict[str, object] = {
            types_url(root): {},
            index_url(root, "wp/v2/posts", 1): [post],
            index_url(root, "wp/v2/pages", 1): [],
            api_content_url(root, "wp/v2/posts", page=1): [post],
        }
        for address, said in told.items():
            body = json.dumps(said)
            site.routes[address.removeprefix(site.url)] = Answer(
                body, media_type="application/json"
            )
        head = f'<link rel="https://api.w.org/" href="{root}">'
        site.routes["/blog/"] = page("About reviews", "<p>What they are.</p>", head)
        blog = replace(listed, id="blog", start_urls=(site.url + "/blog/",))
        made = check_and_mend([listed, plain, blog], CrawlOptions())
    assert [one.remedy.change for one in made if one.remedy] == [
        {"family": "govuk"},
        {"family": "listing"},
        {"family": "wordpress"},
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("routes", "cause"),
    [
        ({"/robots.txt": Answer("User-agent: *\nCrawl-delay: 86400\n", media_type="text/plain")}, "crawl_delay"),
        ({"/reviews/": Answer("slow", 429, headers={"Retry-After": "900"})}, "asked_to_wait"),
        ({"/robots.txt": Answer("slow", 429, headers={"Retry-After": "900"})}, "asked_to_wait"),
        ({"/reviews/": moved("/reviews/", **{"Set-Cookie": "seen=1"})}, "cookie_wall"),
        ({"/reviews/": moved("/check", **{"Set-Cookie": "seen=1"}), "/check": moved("/reviews/")}, "cookie_wall"),
        ({"/reviews/": moved("/check"), "/check": moved("/reviews/")}, "redirect_loop"),
    ],
)  # fmt: skip
def test_what_would_be_waited_for_is_named_at_once(routes: dict[str, Answer], cause: str) -> None:
    with serving() as site:
        site.routes.update(routes)
        url = site.url + "/reviews/"
        source = Source("a", "A", "England", "listing", (url,), (site.host,), national=True)
        (made,) = check_all([source], replace(CrawlOptions(), longest_wait=30.0))
    assert made.diagnosis is not None
    assert made.diagnosis.cause == cause
    assert made.outcome is not None
    assert made.outcome.seconds < 5
    assert len(site.asked) < 60
