"""NSPCC over two nights: an address reused for a new edition, and a page that is overwritten."""

from pathlib import Path

import pytest

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.process.crawl import run_crawl
from casereviews.crawler.sources import FollowRule, Source
from casereviews.repository.home import Home
from casereviews.repository.record import Record
from tests.crawler.server import Answer, pdf, serving

pytestmark = pytest.mark.slow

PAGES = Path(__file__).parents[1] / "pages" / "nspcc"


def night(home: Home, source: Source, day: int) -> list[tuple[str, str, str]]:
    """Crawl once; (address without the host, edition or title, kind) of all documents, by address and edition."""
    now = f"2027-03-{day:02}T02:00:00Z"
    with Record.open(home, write=True) as record:
        record.put_source(source.info)
        run = record.begin_run("refresh", now)
    run_crawl(home, [source], run_id=run, options=CrawlOptions(now=now), progress=lambda _: None)
    with Record.open(home) as record:
        return sorted(
            (
                (document.file_url or "").rpartition("/")[2],
                sighting.edition or sighting.link_text,
                document.kind,
            )
            for document in record.documents()
            for sighting in record.sightings_of(document.id)
        )


def test_a_new_edition_and_a_new_month_are_new_documents_and_the_old_ones_stay_known(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path / "home")
    home.root.mkdir()
    with serving() as site:
        briefing, monthly = "/research-resources/learning-from-case-reviews/infants", "/monthly"
        site.routes[briefing] = Answer((PAGES / "briefing.html").read_text("utf-8"))
        site.routes[monthly] = Answer((PAGES / "monthly.html").read_text("utf-8"))
        site.routes["/media/infants-briefing.pdf"] = Answer(pdf("infants"))
        source = Source(
            "nspcc-made-up",
            "NSPCC",
            "UK-wide",
            "nspcc",
            start_urls=(site.url + briefing, site.url + monthly),
            hosts=(site.host,),
            follow=(FollowRule(href="/housing$", role="detail"),),
            national=True,
        )
        first = night(home, source, 1)
        for path, old, new in (
            (briefing, "March 2023", "June 2026"),
            (monthly, "Kestrel Vale - Child Dunlin", "Kestrel Vale - Child Avocet"),
        ):
            body = site.routes[path]
            assert isinstance(body, Answer)
            site.routes[path] = Answer(str(body.body).replace(old, new))
        site.routes["/media/infants-briefing.pdf"] = Answer(pdf("infants, second edition"))
        second = night(home, source, 2)

    assert first == [
        ("", "Child Dunlin", "entry"),
        ("", "Siblings Plover", "entry"),
        ("infants", "March 2023", "page"),
        ("infants-briefing.pdf", "March 2023", "file"),
    ]
    assert second == [
        ("", "Child Avocet", "entry"),
        ("", "Child Dunlin", "entry"),
        ("", "Siblings Plover", "entry"),
        ("infants", "June 2026", "page"),
        ("infants", "March 2023", "page"),
        ("infants-briefing.pdf", "June 2026", "file"),
        ("infants-briefing.pdf", "March 2023", "file"),
    ]
