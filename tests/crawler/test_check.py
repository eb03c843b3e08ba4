"""`sources check` over sites on loopback: what would be collected, left alone and why; nothing is stored."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from casereviews.crawler.check import check_all, hosts_of_lists
from casereviews.crawler.check_report import CheckReport, Collected, PreviewedPage, TriedFile
from casereviews.crawler.errors import ChildDied, NoContact
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.parsing.govuk import first_link
from casereviews.crawler.sources import Source
from tests.crawler.server import Answer, pdf, serving

PAGES = Path(__file__).parent / "pages"
ORGANISATION = "/government/organisations/made-up-panel"
JSON = "application/json; charset=utf-8"


def source(name: str, family: str, *urls: str, host: str) -> Source:
    return Source(name, name, "England", family, urls, (host,), national=True)


def govuk_routes(url: str) -> dict[str, Answer]:
    search = first_link(url + ORGANISATION).url.removeprefix(url)
    found = [
        {
            "link": "/government/publications/one",
            "title": "One (made up)",
            "content_store_document_type": "research",
        },
        {
            "link": "/government/publications/gone",
            "title": "Gone",
            "content_store_document_type": "research",
        },
        {
            "link": "/government/news/x",
            "title": "News",
            "content_store_document_type": "news_story",
        },
    ]
    publication = {
        "schema_name": "publication",
        "base_path": "/government/publications/one",
        "title": "One (made up)",
        "first_published_at": None,
        "public_updated_at": "2024-05-12T09:13:18.000+00:00",
        "details": {
            "attachments": [
                {
                    "attachment_type": "file",
                    "title": "Report",
                    "content_type": "application/pdf",
                    "url": url + "/media/one.pdf",
                }
            ]
        },
    }
    gone = {"schema_name": "gone", "details": {"explanation": "<p>A mistake.</p>"}}
    return {
        search: Answer(json.dumps({"results": found, "total": 3}), media_type=JSON),
        "/api/content/government/publications/one": Answer(
            json.dumps(publication), media_type=JSON
        ),
        "/api/content/government/publications/gone": Answer(json.dumps(gone), 410, media_type=JSON),
    }


def test_each_source_says_what_a_night_would_take_and_why_not_the_rest() -> None:
    with serving() as site:
        url = site.url
        site.routes.update(govuk_routes(url))
        site.routes["/media/one.pdf"] = Answer(pdf("one"), media_type="application/pdf")
        site.routes["/robots.txt"] = Answer(
            "User-agent: *\nDisallow: /closed\n", media_type="text/plain"
        )
        site.routes["/search.html"] = Answer(
            (PAGES / "sar_library" / "search.html").read_text("utf-8")
        )
        sources = [
            source("panel", "govuk", url + ORGANISATION, host=site.host),
            source("closed", "sar_library", url + "/closed.html", host=site.host),
            replace(source("unknown", "none", host=site.host), status="list_unknown"),
            source("sar", "sar_library", url + "/search.html", host=site.host),
        ]
        panel, closed, unknown, sar = check_all(sources, CrawlOptions())
        asked = list(site.asked)

    search = first_link(url + ORGANISATION).url
    page = url + "/api/content/government/publications/one"
    assert replace(panel, outcome=None, looked_at=(), diagnosis=None) == CheckReport(
        source_id="panel",
        verdict="1 document or entry would be collected",
        robots="allowed",
        pages=(
            PreviewedPage(search, "list", "", 0, 2),
            PreviewedPage(page, "detail", "One (made up)", 1, 0),
            PreviewedPage(
                url + "/api/content/government/publications/gone", "empty", "A mistake.", 0, 0
            ),
        ),
        collected=(
            Collected(
                url + "/media/one.pdf",
                "Report",
                ("One (made up)",),
                ("2024-05-12T09:13:18.000+00:00",),
                page,
                "file",
            ),
        ),
        left_alone=((url + "/government/news/x", "News", "news"),),
        files=(TriedFile(url + "/media/one.pdf", url + "/media/one.pdf"),),
    )
    assert replace(closed, outcome=None, failures=(), diagnosis=None) == CheckReport(
        source_id="closed",
        verdict=f"robots.txt of {site.host} asks not to read its list",
        robots="refused",
        in_vain=((url + "/closed.html", "robots"),),
    )
    assert replace(unknown, diagnosis=None) == CheckReport(
        source_id="unknown",
        verdict="is not crawled: its list is not known: find it and give start_urls in your sources.toml",
    )
    wren = f"{url}/2026/KVSAB%20SAR%20Wren%20report.pdf"
    assert (sar.verdict, [one.text for one in sar.collected]) == (
        "5 documents or entries would be collected; 1 file stands on a host that is not among its hosts: "
        "1 on elsewhere.example",
        [
            "KVSAB SAR Wren report",
            "Linnet & Plover (1)",
            "Accessible%20summary Dunlin",
            "Heron, Osprey Moor",
            "Tern",
        ],
    )
    assert [(one.url, one.error) for one in sar.files] == [(wren, "http_404")]
    # A file of each folder, by its head; where that is refused by its first bytes.
    files = [one for one in asked if one.path.endswith((".pdf", ".docx", ".doc"))]
    assert [one.method for one in files if "Range" not in one.headers] == ["HEAD", "HEAD"]
    assert [one.headers["Range"] for one in files if one.method == "GET"] == ["bytes=0-4095"]
    assert asked[0].path == "/robots.txt"
    assert site.most_at_once == 1


def test_a_host_belongs_to_the_list_on_it_and_files_of_a_national_collection_to_that() -> None:
    board = Source(
        "board", "B", "England", "listing", ("https://B.example/r",), ("b.example", "blob.example")
    )
    panel = Source(
        "panel", "P", "England", "govuk", ("https://p.example/",), ("p.example", "assets.example")
    )
    assert hosts_of_lists([board, panel]) == {
        "b.example": "board", "p.example": "panel", "assets.example": "panel",
    }  # fmt: skip


def test_another_page_of_a_list_is_no_level_deeper() -> None:
    with serving() as site:
        panel = source("panel", "govuk", site.url + ORGANISATION, host=site.host)
        first = first_link(site.url + ORGANISATION).url.removeprefix(site.url)
        for number in range(5):
            results = {"total": 5, "results": [{"link": "/news/x", "title": f"News {number}"}]}
            path = first.replace("&start=0", f"&start={number}")
            site.routes[path] = Answer(json.dumps(results), media_type=JSON)
        (report,) = check_all([panel], CrawlOptions())
    assert len(report.pages) == 5


def test_a_public_site_is_not_looked_at_without_a_contact() -> None:
    live = source(
        "live", "listing", "https://www.kestrelvale.example/", host="www.kestrelvale.example"
    )
    with pytest.raises(NoContact):
        next(check_all([live], CrawlOptions()))


def test_a_looking_process_that_dies_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "false")
    with pytest.raises(ChildDied, match=r"the looking process ended \(exit 1\)"):
        list(
            check_all(
                [source("a", "sar_library", "http://127.0.0.1:1/", host="127.0.0.1:1")],
                CrawlOptions(),
            )
        )
