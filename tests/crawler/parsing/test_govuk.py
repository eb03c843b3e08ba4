"""GOV.UK's answers in the shapes of its published examples; every publication is made up."""

from dataclasses import replace
from pathlib import Path

import pytest

from casereviews.crawler.parsing.govuk import first_link, parse_govuk
from casereviews.crawler.parsing.page import Page
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.sources import Source
from casereviews.repository.model import Sighting

PAGES = Path(__file__).parents[1] / "pages" / "govuk"
API = "https://www.gov.example/api/content"
PUBLICATION = "https://www.gov.example/government/publications/kestrel-vale-national-review"
SOURCE = Source(
    id="panel",
    publisher="Made-up Panel",
    nation="England",
    family="govuk",
    hosts=("www.gov.example", "assets.gov.example"),
    national=True,
)
REPORT = Sighting(
    source_id="panel",
    listing_url=PUBLICATION,
    file_url="https://assets.gov.example/media/1/REPORT.pdf",
    detail_url=PUBLICATION,
    link_text="The report",
    headings=("A made-up national review",),
    card_text="Two made-up reports on one page.",
    dates=("2024-01-15T09:30:00.000+00:00",),
    group="/government/publications/kestrel-vale-national-review",
    extra={
        "title": "A made-up national review",
        "first_published_at": "2024-01-15T09:30:00.000+00:00",
        "public_updated_at": "2024-05-12T09:13:18.000+00:00",
        "organisation": "Made-up Panel; Made-up Department",
        "document_type": "independent_report",
    },
)
AS_A_PAGE = replace(
    REPORT, file_url=PUBLICATION + "/the-report", kind="page", link_text="The report as a page"
)


def read(name: str, url: str) -> Parsed:
    text = (PAGES / f"{name}.json").read_text(encoding="utf-8")
    return parse_govuk(Page(url, text, Link(url, "detail")), SOURCE)


def test_a_publication_gives_its_files_and_leads_to_its_html_pages() -> None:
    assert read(
        "publication", f"{API}/government/publications/kestrel-vale-national-review"
    ) == Parsed(
        sightings=(
            REPORT,
            replace(
                REPORT,
                file_url="https://assets.gov.example/media/3/easy.docx",
                link_text="easy.docx",
            ),
        ),
        follow=(Link(PUBLICATION + "/the-report", "detail", "The report as a page", AS_A_PAGE),),
        left_alone={"not_a_document": 1, "off_site": 1},
        left_links=(
            ("https://assets.gov.example/media/2/figures.csv", "Figures", "not_a_document"),
            ("https://elsewhere.example/report.pdf", "On another site", "off_site"),
        ),
        page_kind="detail",
        title="A made-up national review",
    )


def test_an_html_publication_is_itself_the_document() -> None:
    url = PUBLICATION + "/the-report"
    link = Link(url, "detail", "The report as a page", AS_A_PAGE)
    html = "<main><h1>The report as a page</h1><p>Made up.</p></main>"
    assert parse_govuk(Page(url, html, link), SOURCE) == Parsed(
        sightings=(AS_A_PAGE,), page_kind="document", title="The report as a page"
    )


def test_an_html_page_that_no_publication_led_to_is_no_document() -> None:
    url = PUBLICATION + "/the-report"
    assert parse_govuk(Page(url, "<h1>Title</h1>", Link(url, "detail")), SOURCE) == Parsed(
        page_kind="empty", title="Title"
    )


def test_a_withdrawn_publication_without_attachments_gives_the_links_of_its_text() -> None:
    page = "https://www.gov.example/government/publications/osprey-moor-study"
    study = Sighting(
        source_id="panel",
        listing_url=page,
        file_url="https://assets.gov.example/uploads/study.pdf",
        detail_url=page,
        link_text="Made-up study",
        headings=("A made-up study of reviews",),
        status_words=("withdrawn",),
        group="/government/publications/osprey-moor-study",
        extra={
            "title": "A made-up study of reviews",
            "document_type": "research",
            "withdrawn_at": "2015-01-13T13:05:30Z",
        },
    )
    annex = replace(study, file_url=page + "/annex", kind="page", link_text="the annex")
    assert read(
        "publication_withdrawn_old", f"{API}/government/publications/osprey-moor-study"
    ) == (
        Parsed(
            sightings=(
                study,
                replace(
                    study,
                    file_url="https://assets.gov.example/uploads/annex.pdf",
                    link_text="annex (PDF)",
                ),
            ),
            follow=(Link(page + "/annex", "detail", "the annex", annex),),
            page_kind="detail",
            title="A made-up study of reviews",
        )
    )


def test_a_collection_leads_to_its_pages_in_the_order_of_its_groups() -> None:
    assert read("collection", f"{API}/government/collections/made-up-reviews") == Parsed(
        follow=(
            Link(f"{API}/government/publications/two", "detail", "Two"),
            Link(f"{API}/government/publications/one", "detail", "One"),
            Link(f"{API}/government/publications/three", "detail", "Three, in no group"),
        ),
        left_alone={"missing_from_collection": 1},
        left_links=(("00000000-0000-4000-8000-0000000000b9", "", "missing_from_collection"),),
        page_kind="list",
        title="Made-up reviews",
    )


def test_search_results_lead_to_reviews_and_to_the_next_page() -> None:
    url = first_link("https://www.gov.example/government/organisations/made-up-panel").url
    assert read("search", url) == Parsed(
        follow=(
            Link(
                f"{API}/government/publications/kestrel-vale-national-review",
                "detail",
                "A made-up national review",
            ),
            Link(f"{API}/government/publications/osprey-moor-study", "detail", "A made-up study"),
            Link(url.replace("&start=0", "&start=5"), "next"),
        ),
        left_alone={"annual_report": 1, "news": 1, "off_site": 1},
        left_links=(
            (
                "https://www.gov.example/government/publications/accounts",
                "Made-up annual accounts",
                "annual_report",
            ),
            ("https://www.gov.example/government/news/made-up", "Made-up news", "news"),
            ("https://elsewhere.example/report", "Elsewhere", "off_site"),
        ),
        page_kind="list",
    )


def test_a_page_past_the_end_of_a_search_ends_it() -> None:
    url = first_link("https://www.gov.example/government/organisations/made-up-panel").url
    text = '{"results": [], "total": 7}'
    page = Page(url.replace("&start=0", "&start=100"), text, Link(url, "next"))
    assert parse_govuk(page, SOURCE) == Parsed(page_kind="empty")


@pytest.mark.parametrize(
    ("name", "parsed"),
    [
        (
            "gone",
            Parsed(
                follow=(Link(f"{API}/government/publications/one", "detail"),),
                page_kind="empty",
                title="Published by mistake (made up).",
            ),
        ),
        (
            "redirect",
            Parsed(
                follow=(Link(f"{API}/government/publications/one", "detail"),), page_kind="empty"
            ),
        ),
        (
            "html_publication",
            Parsed(
                follow=(
                    Link(f"{API}/government/publications/kestrel-vale-national-review", "detail"),
                ),
                page_kind="detail",
                title="The report as a page",
            ),
        ),
    ],
)
def test_what_is_gone_or_moved_leads_on(name: str, parsed: Parsed) -> None:
    assert read(name, f"{API}/government/publications/{name}") == parsed


def test_start_pages_become_addresses_of_the_api_on_their_own_host() -> None:
    assert [
        first_link(f"http://127.0.0.1:8080/government/{path}").url.partition("&")[0]
        for path in ("publications/one", "collections/made-up", "organisations/made-up-panel/about")
    ] == [
        "http://127.0.0.1:8080/api/content/government/publications/one",
        "http://127.0.0.1:8080/api/content/government/collections/made-up",
        "http://127.0.0.1:8080/api/search.json?filter_organisations=made-up-panel",
    ]


@pytest.mark.parametrize("text", ["<html>Sorry</html>", "[]", ""])
def test_an_answer_that_is_no_content_item_is_an_error(text: str) -> None:
    url = f"{API}/government/publications/one"
    assert parse_govuk(Page(url, text, Link(url, "detail")), SOURCE) == Parsed(page_kind="error")
