"""The packaged registry itself: it loads, nobody is missing, nothing forbidden stands in it."""

import re

import pytest

from casereviews.crawler.sources import Sources, coverage, load_sources
from casereviews.crawler.sources.source import FAMILIES, KINDS
from casereviews.crawler.sources.validate import refused_hosts
from casereviews.repository.vocabulary.authorities import authorities
from casereviews.repository.vocabulary.codes import CODES


@pytest.fixture(scope="module")
def sources() -> Sources:
    return load_sources()


def test_hampshire_comes_first(sources: Sources) -> None:
    assert next(iter(sources)) == "hampshire"


def test_the_hampshire_entry_follows_published_reviews_and_the_pages_of_the_library(
    sources: Sources,
) -> None:
    rules = sources["hampshire"].follow

    def role(text: str, href: str) -> str | None:
        for rule in rules:
            text_fits = rule.text is None or re.search(rule.text, text, re.I)
            href_fits = rule.href is None or re.search(rule.href, href, re.I)
            if text_fits and href_fits:
                return rule.role
        return None

    assert [
        role("Published Reviews", "/resources/?type=reviews"),
        role("2", "/resources/page/2/?type=reviews"),
        role("Thematic briefings", "/resources/briefings/"),
        role("Report a concern", "/contact/"),
    ] == ["list", "list", "list", None]


def test_every_kind_of_publisher_is_in_it(sources: Sources) -> None:
    """How many of each: README's table, which `tests/test_project.py` compares with the registry."""
    assert {source.nation for source in sources.values()} == set(CODES["nation"])
    crawled = {source.family for source in sources.values() if source.crawled}
    assert crawled == set(FAMILIES) - {"none"}


def test_no_entry_claims_to_have_been_checked(sources: Sources) -> None:
    assert [source.id for source in sources.values() if source.status == "verified"] == []


def test_every_entry_names_its_evidence_and_says_what_was_seen(sources: Sources) -> None:
    without = [
        source.id
        for source in sources.values()
        if not source.evidence.startswith("http") or not source.notes
    ]
    assert without == []


def test_only_current_authorities_are_covered(sources: Sources) -> None:
    known = authorities()
    former = {gss for source in sources.values() for gss in source.areas if not known[gss].current}
    assert former == set()


def test_every_kind_is_one_that_is_explained(sources: Sources) -> None:
    assert {source.kind for source in sources.values()} - {"", *KINDS} == set()


def test_staging_sites_and_scrapers_are_refused(sources: Sources) -> None:
    hosts = {host for source in sources.values() for host in source.hosts}
    assert {
        host for host in hosts for refused in refused_hosts() if host.endswith(refused)
    } == set()
    assert {
        "tfemagazine.co.uk",
        "kinsta.cloud",
        "mtcserver.com",
        "micrositestest.eastsussex.gov.uk",
        "digitalconnect.co.uk",
        "vdocument.in",
        "docslib.org",
        "paperzz.com",
        "scribd.com",
    } <= set(refused_hosts())


def test_a_publisher_whose_list_is_not_known_is_an_entry_that_is_never_crawled(
    sources: Sources,
) -> None:
    unknown = [source for source in sources.values() if source.status == "list_unknown"]
    assert len(unknown) == 76
    assert [source.id for source in unknown if source.crawled or source.start_urls] == []


def test_stated_periods_are_kept(sources: Sources) -> None:
    assert {
        source.id: source.policy_months
        for source in sources.values()
        if source.policy_months not in (None, 12)
    } == {
        "stockport": 6,
        "southend": 6,
        "cheshire-west": 24,
        "nspcc-library": 60,
        "nspcc-monthly": 1,
    }


def test_the_library_of_nspcc_is_off(sources: Sources) -> None:
    assert not sources["nspcc-library"].crawled


def test_gaps_are_told_by_name(sources: Sources) -> None:
    assert coverage(sources).gaps == ("Ealing", "East Renfrewshire")


def test_a_board_whose_area_is_not_settled_covers_none_and_is_not_asked(sources: Sources) -> None:
    board = sources["sar-saeb"]
    assert (board.areas, board.national, board.crawled) == ((), False, False)
    assert "not settled" in board.publisher


@pytest.mark.parametrize(
    ("entry", "first"),
    [
        ("dudley", "https://dudleysafeguarding.org.uk/learning-zone/learning-from-reviews/"),
        ("southwark", "http://safeguarding.southwark.gov.uk/learning-from-case-reviews/"),
        (
            "wiltshire",
            "https://wiltshiresvpp.org.uk/p/children/child-safeguarding-practice-reviews",
        ),
        ("plymouth", "https://plymouthscb.co.uk/csprs/"),
        ("sar-lewisham", "https://www.safeguardinglewisham.org.uk/lsab/lsab/publications/print"),
    ],
)
def test_a_newer_address_stands_before_the_older_one(
    sources: Sources, entry: str, first: str
) -> None:
    source = sources[entry]
    assert source.start_urls[0] == first
    assert len(source.start_urls) > 1
    assert source.evidence == first


def test_the_national_sar_library_has_its_second_page(sources: Sources) -> None:
    assert len(sources["sar-national-library"].start_urls) == 2


def test_briefings_of_nspcc_need_no_rule(sources: Sources) -> None:
    assert sources["nspcc-briefings"].follow == ()
