"""NSPCC's pages in every generation and drift that was seen; every case and place is made up."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from casereviews.crawler.parsing.nspcc import parse_nspcc
from casereviews.crawler.parsing.nspcc.heading import EntryHeading, read_entry_heading
from casereviews.crawler.parsing.nspcc.library import without_session
from casereviews.crawler.parsing.parsed import Parsed
from casereviews.crawler.sources import FollowRule, Source

PAGES = Path(__file__).parents[1] / "pages" / "nspcc"
SOURCE = Source(
    id="nspcc-lists",
    publisher="NSPCC",
    nation="UK-wide",
    family="nspcc",
    hosts=("www.nspcc.example",),
    follow=(
        FollowRule(href="/research-resources/learning-from-case-reviews/[a-z-]+/?$", role="detail"),
    ),
    national=True,
)
LIBRARY = replace(SOURCE, hosts=("library.nspcc.example",), options=(("library", "on"),))


def page(name: str) -> str:
    return (PAGES / f"{name}.html").read_text(encoding="utf-8")


def plain(parsed: Parsed) -> Any:
    """The result as JSON, without what is empty."""

    def filled(record: Mapping[str, Any]) -> dict[str, Any]:
        return {
            key: value for key, value in record.items() if value not in (None, "", (), {}, False)
        }

    result = filled(asdict(parsed))
    for name in ("sightings", "follow"):
        if name in result:
            result[name] = [filled(record) for record in result[name]]
    return json.loads(json.dumps(result))


@pytest.mark.parametrize("name", ["yearly_2013_inform", "yearly_2017", "monthly", "briefing"])
def test_each_generation_is_read_whole(name: str) -> None:
    golden = json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8"))
    assert plain(parse_nspcc(page(name), f"https://www.nspcc.example/{name}", SOURCE)) == golden


def test_a_library_record_gives_its_files_without_the_session_and_leads_to_the_next() -> None:
    url = (
        "https://library.nspcc.example/HeritageScripts/Hapi.dll/retrieve2"
        "?SetID=AAAA&Media=SCR&Offset=2&DataSetName=LIVEDATA"
    )
    golden = json.loads((PAGES / "library_record.json").read_text(encoding="utf-8"))
    assert plain(parse_nspcc(page("library_record"), url, LIBRARY)) == golden


def test_the_library_is_not_read_unless_the_entry_says_so() -> None:
    parsed = parse_nspcc(page("library_record"), "https://www.nspcc.example/x", SOURCE)
    assert (parsed.sightings, parsed.follow, parsed.page_kind) == ((), (), "empty")


def test_a_session_is_no_part_of_an_address() -> None:
    assert without_session("https://library.nspcc.example/a?SetID=1&Media=SCR&Offset=7") == (
        "https://library.nspcc.example/a?Media=SCR"
    )


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        (
            "2019 - Anonymous - Katie",
            EntryHeading("2019 - Anonymous - Katie", "2019", "Anonymous", "Katie", True),
        ),
        (
            "2018 – Anonymous-Child K",
            EntryHeading("2018 – Anonymous-Child K", "2018", "Anonymous", "Child K", True),
        ),
        (
            "2024 – Anonymous",
            EntryHeading("2024 – Anonymous", "2024", "Anonymous", "", True),
        ),
        (
            "2012Kestrel Vale – Child V",
            EntryHeading("2012Kestrel Vale – Child V", "2012", "Kestrel Vale", "Child V", False),
        ),
        (
            "December 2014NSPCC on behalf of unnamed LSCB - Child C",
            EntryHeading(
                "December 2014NSPCC on behalf of unnamed LSCB - Child C",
                "December 2014",
                "NSPCC on behalf of unnamed LSCB",
                "Child C",
                True,
            ),
        ),
        (
            "Jan 2014 – Heron-on-Sea -Child B",
            EntryHeading(
                "Jan 2014 – Heron-on-Sea -Child B", "Jan 2014", "Heron-on-Sea", "Child B", False
            ),
        ),
        ("December 2014", None),
        ("2017", None),
        ("Case reviews published in 2017", None),
        ("2016 to 2018 - what changed", None),
        ("Further reading", None),
    ],
)
def test_headings_are_read_in_every_drift_of_their_separators(
    text: str, heading: EntryHeading | None
) -> None:
    assert read_entry_heading(text) == heading


def test_a_new_edition_at_the_same_address_is_told_apart() -> None:
    old = parse_nspcc(page("briefing"), "https://www.nspcc.example/infants", SOURCE)
    new_html = page("briefing").replace("March 2023", "June 2026")
    new = parse_nspcc(new_html, "https://www.nspcc.example/infants", SOURCE)
    assert [(s.file_url, s.edition) for s in (*old.sightings, *new.sightings)] == [
        ("https://www.nspcc.example/infants", "March 2023"),
        ("https://www.nspcc.example/media/infants-briefing.pdf", "March 2023"),
        ("https://www.nspcc.example/infants", "June 2026"),
        ("https://www.nspcc.example/media/infants-briefing.pdf", "June 2026"),
    ]


def test_an_edition_without_a_date_is_named_by_the_reviews_it_covers() -> None:
    html = page("briefing").replace("<p>Publication date March 2023</p>", "")
    html = html.replace("<p>Last updated: 7 May 2024</p>", "")
    parsed = parse_nspcc(html, "https://www.nspcc.example/infants", SOURCE)
    assert {s.edition for s in parsed.sightings} == {"between 2018 and 2022"}


def test_a_page_that_only_scripts_fill_is_named() -> None:
    html = "<h1>Case reviews</h1><p>Please enable JavaScript to see the list.</p>"
    assert parse_nspcc(html, "https://www.nspcc.example/x", SOURCE) == Parsed(
        page_kind="needs_javascript", title="Case reviews"
    )


INDEX = "https://www.nspcc.example/research/learning-from-case-reviews/"
TOPICS = (
    '<a href="police">Police</a> <a href="housing/">Housing sector</a> <a href="/news/1">News</a> <a href="housing/more/1">More</a>'
    ' <a href="#top">Top</a> <a href="all.pdf">All</a> <a href="https://other.example/research/learning-from-case-reviews/x">X</a>'
)


@pytest.mark.parametrize("title", ["Learning from case reviews", "Briefings", "Thematic briefings"])
def test_an_index_of_briefings_needs_no_rule(title: str) -> None:
    html = f"<main><h1>{title}</h1><ul><li>{TOPICS}</li></ul></main>"
    parsed = parse_nspcc(html, INDEX, replace(SOURCE, follow=()))
    assert [(one.url, one.role) for one in parsed.follow] == [
        (INDEX + "police", "detail"),
        (INDEX + "housing/", "detail"),
    ]


def test_a_briefing_leads_to_its_siblings_without_a_rule() -> None:
    html = page("briefing").replace("</main>", f"<ul><li>{TOPICS}</li></ul></main>")
    parsed = parse_nspcc(html, INDEX + "infants", replace(SOURCE, follow=()))
    assert parsed.page_kind == "document"
    assert {INDEX + "police", INDEX + "housing/"} <= {one.url for one in parsed.follow}
    assert not parse_nspcc(
        html, "https://www.nspcc.example/infants", replace(SOURCE, follow=())
    ).follow


def test_a_page_of_another_name_is_no_index() -> None:
    html = f"<main><h1>Contact us</h1><ul><li>{TOPICS}</li></ul></main>"
    assert not parse_nspcc(html, INDEX, replace(SOURCE, follow=())).follow
