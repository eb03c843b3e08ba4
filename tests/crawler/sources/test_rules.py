"""The rules that entries carry for their platform: twins are one address, what must not be followed is not."""

import re

import pytest

from casereviews.crawler.sources import Source, Sources, load_sources
from casereviews.repository.identity import canonical


@pytest.fixture(scope="module")
def sources() -> Sources:
    return load_sources()


@pytest.mark.parametrize(
    ("entry", "twins", "one"),
    [
        (
            "hampshire",
            ["https://www.hampshirescp.org.uk/a/", "https://www.hampshirescp.org.uk/a/?contrast=1"],
            "https://www.hampshirescp.org.uk/a/",
        ),
        (
            "leeds",
            [
                "http://www.leedsscp.org.uk/index.php/the-partnership",
                "https://www.leedsscp.org.uk/the-partnership",
                "https://leedsscp.org.uk/the-partnership",
            ],
            "https://www.leedsscp.org.uk/the-partnership",
        ),
        (
            "cornwall-scilly",
            [
                "https://ciossafeguarding.org.uk/scp/p/reviews/published-reviews/print",
                "https://ciossafeguarding.org.uk/scp/p/reviews/published-reviews",
            ],
            "https://ciossafeguarding.org.uk/scp/p/reviews/published-reviews",
        ),
        (
            "scotland-care-inspectorate",
            [
                "https://www.careinspectorate.com/index.php/publications-statistics/9-professional?start=30",
                "https://www.careinspectorate.com/publications-statistics/9-professional?start=30",
            ],
            "https://www.careinspectorate.com/publications-statistics/9-professional?start=30",
        ),
    ],
)
def test_twins_of_a_platform_are_one_address(
    sources: Sources, entry: str, twins: list[str], one: str
) -> None:
    assert {canonical(url, same_as=sources[entry].same_as) for url in twins} == {one}


def test_a_query_that_is_a_pages_identity_stays(sources: Sources) -> None:
    url = "https://safeguardingsouthend.co.uk/?p=230342"
    assert canonical(url, same_as=sources["southend"].same_as) == url


def role(source: Source, text: str, href: str) -> str | None:
    """What the entry's own rules say of a link; None when they say nothing, "skip" when it is never followed."""
    if any(re.search(pattern, href, re.I) for pattern in source.skip):
        return "skip"
    for rule in source.follow:
        fits = [
            re.search(pattern, value, re.I)
            for pattern, value in ((rule.text, text), (rule.href, href))
            if pattern is not None
        ]
        if all(fits):
            return rule.role
    return None


@pytest.mark.parametrize(
    ("entry", "text", "href", "expected"),
    [
        ("swindon", "SCR G", "/download/downloads/id/7/scr_g.pdf", "file"),
        ("swindon", "Page 16", "/info/15/for_professionals/49/rapid_reviews/16", "list"),
        ("swindon", "Same", "/site/scripts/documents_info.php?documentID=10", "skip"),
        ("telford-wrekin", "Report", "/downloads/file/9/cspr", "file"),
        ("scotland-care-inspectorate", "4", "/publications/9-professional?start=30", "list"),
        ("wales-cwm-taf-morgannwg", "Cymraeg", "/Cy/DiweddariadauDiogelu/", "skip"),
        ("wales-cwm-taf-morgannwg", "May", "/En/SafeguardingUpdates/Archive/2024/May2024/", "list"),
        ("wales-gwent", "Cymraeg", "/cy/adolygiadau", "skip"),
        ("wales-gwent", "Published reviews", "/en/practice-reviews/published", "list"),
        ("wales-north", "2", "/practice-reviews/page/2/", "list"),
        ("lewisham", "Adults", "/lsab/lsab/about-us/safeguarding-adults-reviews", "skip"),
        ("sar-lewisham", "Children", "/lscp/lscp/reviews", "skip"),
        ("salford", "July", "/news/july-2025", "list"),
        ("cambs-peterborough", "Child H", "/portfolio-item/child-h/", "detail"),
        ("sutton", "Other", "https://sites.google.com/view/other", "skip"),
        ("sutton", "Child R", "https://sites.google.com/sutton.gov.uk/lscpr/child-r", None),
        ("sar-south-gloucestershire", "Children", "/safeguarding/children/", "skip"),
    ],
)
def test_entries_follow_and_skip_what_their_platform_needs(
    sources: Sources, entry: str, text: str, href: str, expected: str | None
) -> None:
    assert role(sources[entry], text, href) == expected
