"""Every look of a list has a page of ours and the reading that a person made of it.

Pages are made up, in the markup of each family of sites; a page whose name ends in "_detail" is read as one review's. To add one:
write the page and beside it the JSON of what a person reads on it.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.sources import FollowRule, Source
from casereviews.repository.model import Sighting

PAGES = Path(__file__).parent.parent / "pages" / "listing"
SITE = "https://site.test"
URL = SITE + "/reviews/"
SOURCE = Source("made-up", "Made up", "England", "listing", (URL,), ("site.test",))


def link_to(url: str, role: str = "list", told: Sighting | None = None) -> Link:
    return Link(url, role, "", told)


def plain(parsed: Parsed) -> dict[str, Any]:
    """A reading as JSON, addresses without the site's name."""

    def short(url: str | None) -> str | None:
        return None if url is None else url.removeprefix(SITE)

    return {
        "page_kind": parsed.page_kind,
        "title": parsed.title,
        "sightings": [
            {
                "kind": one.kind,
                "file": short(one.file_url),
                "link_text": one.link_text,
                "headings": list(one.headings),
                "dates": list(one.dates),
                "status": list(one.status_words),
                "group": (one.group or "").replace(SITE, ""),
                "card": one.card_text,
            }
            for one in parsed.sightings
        ],
        "follow": [[one.role, short(one.url), one.text] for one in parsed.follow],
        "left": [[short(url), reason] for url, _, reason in parsed.left_links],
    }


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.html")), ids=lambda path: path.stem)
def test_a_list_of_this_look_is_read_as_a_person_reads_it(page: Path) -> None:
    golden = json.loads(page.with_suffix(".json").read_text("utf-8"))
    url = SITE + golden["url"]
    role = "detail" if page.stem.endswith("_detail") else "list"
    read = parse_listing(page.read_text("utf-8"), url, SOURCE, link=link_to(url, role))
    assert plain(read) == golden["reading"]


def test_what_the_list_said_of_a_review_is_kept_with_the_files_of_its_page() -> None:
    told = Sighting(
        "made-up",
        URL,
        None,
        kind="page",
        link_text="Anya",
        headings=("Reviews of 2022",),
        dates=("June 2022",),
    )
    page = '<main><h1>A girl who went missing</h1><p><a href="/f/a.pdf">Report</a></p></main>'
    at = SITE + "/reviews/anya/"
    (one,) = parse_listing(page, at, SOURCE, link=link_to(at, "detail", told)).sightings
    assert one == Sighting(
        source_id="made-up",
        listing_url=URL,
        file_url=SITE + "/f/a.pdf",
        detail_url=at,
        link_text="Report",
        headings=("Reviews of 2022", "Anya", "A girl who went missing"),
        card_text="Report",
        dates=("June 2022",),
        group=at,
    )


def test_the_entrys_own_rules_come_first() -> None:
    source = Source(
        "made-up",
        "Made up",
        "England",
        "listing",
        (URL,),
        ("site.test",),
        follow=(
            FollowRule(text="our work", role="list"),
            FollowRule(href="/guidance/", role="detail"),
        ),
        skip=(r"/skipped/",),
    )
    page = (
        '<main><h1>Reviews</h1><a href="/a/">Our work</a> <a href="/guidance/x">Guidance on reviews</a>'
        ' <a href="/skipped/scr.pdf">Child A overview report</a></main>'
    )
    parsed = parse_listing(page, URL, source, link=link_to(URL))
    assert [(one.role, one.url) for one in parsed.follow] == [
        ("list", SITE + "/a/"),
        ("detail", SITE + "/guidance/x"),
    ]
    assert parsed.sightings == ()
    assert dict(parsed.left_alone) == {"skip_rule": 1}


def test_a_file_linked_by_its_icon_and_by_its_title_is_sighted_once_by_its_title() -> None:
    page = (
        '<main><h1>Serious case reviews</h1><p><a href="/f/a.pdf"><img alt="PDF" src="i.png"></a> '
        '<a href="/f/a.pdf">Child A overview report</a></p></main>'
    )
    parsed = parse_listing(page, URL, SOURCE, link=link_to(URL))
    assert [(one.file_url, one.link_text) for one in parsed.sightings] == [
        (SITE + "/f/a.pdf", "Child A overview report")
    ]


def test_nothing_at_all_is_an_empty_page() -> None:
    assert parse_listing("", URL, SOURCE, link=link_to(URL)) == Parsed(page_kind="empty")


def test_a_briefing_is_known_by_its_canonical_address_where_that_is_its_own() -> None:
    page = (PAGES / "briefing_detail.html").read_text("utf-8")
    at = SITE + "/index.php/briefings/child-sparrow/?contrast=1"

    def address(canonical: str) -> str | None:
        head = f'<head><link rel="canonical" href="{canonical}">'
        read = parse_listing(page.replace("<head>", head), at, SOURCE, link=link_to(at, "detail"))
        return read.sightings[0].file_url

    assert address("/briefings/child-sparrow/") == SITE + "/briefings/child-sparrow/"
    assert address("/") == at
    assert address("/briefings/") == at
