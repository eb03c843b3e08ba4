"""The SAR library's page in the markup that public programs describe; names are made up."""

from pathlib import Path

from casereviews.crawler.parsing.parsed import Parsed
from casereviews.crawler.parsing.sar_library import parse_sar_library
from casereviews.crawler.sources import Source
from casereviews.repository.model import Sighting

PAGES = Path(__file__).parents[1] / "pages" / "sar_library"
URL = "https://sar-library.example/search.html"
SOURCE = Source(
    id="sar-library",
    publisher="Kestrel Network",
    nation="England",
    family="sar_library",
    start_urls=(URL,),
    hosts=("sar-library.example",),
    scope="adult",
    national=True,
)


def report(year: str, name: str, title: str, card: str) -> Sighting:
    return Sighting(
        source_id="sar-library",
        listing_url=URL,
        file_url=f"https://sar-library.example/{name}",
        link_text=title,
        headings=(year,),
        card_text=card,
    )


def test_each_report_is_sighted_once_under_its_year_with_an_encoded_address() -> None:
    html = (PAGES / "search.html").read_text(encoding="utf-8")
    assert parse_sar_library(html, URL, SOURCE) == Parsed(
        sightings=(
            report(
                "SARs 2026",
                "2026/KVSAB%20SAR%20Wren%20report.pdf",
                "KVSAB SAR Wren report",
                "KVSAB SAR Wren report Download",
            ),
            report(
                "SARs 2026",
                "2026/Linnet%20&%20Plover%20(1).docx",
                "Linnet & Plover (1)",
                "Linnet & Plover (1) Download",
            ),
            report(
                "SARs 2026",
                "2026/Accessible%20summary%20Dunlin.odt",
                "Accessible%20summary Dunlin",
                "Accessible%20summary Dunlin Download",
            ),
            report(
                "SARs 2015",
                "2015/osprey-moor-heron.doc",
                "Heron, Osprey Moor",
                "Heron, Osprey Moor",
            ),
        ),
        left_alone={"not_a_document": 1},
        left_links=(
            ("https://sar-library.example/guide.html", "Guide to the library", "not_a_document"),
        ),
        page_kind="list",
        title="Kestrel Network: SAR library (fictional)",
        elsewhere=(
            Sighting(
                "sar-library",
                URL,
                "https://elsewhere.example/tern.pdf",
                link_text="Tern",
                headings=("SARs 2015",),
                card_text="Tern Download",
            ),
        ),
    )


def test_a_page_without_reports_is_told_as_empty() -> None:
    parsed = parse_sar_library("<h1>Under construction</h1>", URL, SOURCE)
    assert (parsed.page_kind, parsed.sightings) == ("empty", ())
