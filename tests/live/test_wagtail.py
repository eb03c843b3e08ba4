"""A real Wagtail on loopback over five nights: documents, folds, cards that are links as a whole, a page a review, and what editors do to them."""

import os
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from casereviews import Collection
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.refresh import RefreshReport
from casereviews.crawler.sources import Source
from casereviews.repository.home import Home
from casereviews.repository.record import Record
from tests.live.wagtail_server import Wagtail, missing, wagtail

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(bool(missing()), reason=missing() or "all there"),
]

Reviews = Mapping[frozenset[str], tuple[str, str | None]]
"""The files of a review -> its label and its date."""


def of(label: str, published: str | None, *files: str) -> Reviews:
    return {frozenset(files): (label, published)}


FENNEL = of("Child Fennel", "2026-05", "fennel-overview", "fennel-briefing")
MARJORAM = of("Child Marjoram", "2026-09-04", "marjoram")
ANGELICA = of("Child Angelica", "2026-11-20", "angelica-overview", "angelica-response")
BERGAMOT = of("Child Bergamot", "2027-03-01", "bergamot-overview", "bergamot-briefing")
LASTING: Reviews = {
    **FENNEL,
    **of("Child Chervil", "2023-06", "chervil-overview", "chervil-briefing"),
    **of("Child Savory", "2017-03", "savory-overview"),
    **of("Child Lovage", "2021-03-11", "lovage"),
    **of("Child Hyssop", None, "hyssop"),
    **of("Child Dittany", "2018-04-02", "dittany-overview", "dittany-briefing"),
    **of("Child Costmary", "2019-05-03", "costmary-overview"),
}
FIRST: Reviews = {**LASTING, **MARJORAM, **ANGELICA}
LAST: Reviews = {**LASTING, **BERGAMOT}
NEVER = {"annual-report", "referral-form", "orphan-serious-case-review", "draft-overview"}


class Nights:
    """A home, a site, and nights that refresh the home."""

    def __init__(self, site: Wagtail, folder: Path) -> None:
        self.site = site
        self.last_asked: list[tuple[str, str, int]] = []
        self.home = Home(folder)
        self.source = Source(
            "lapwing-hythe",
            "Lapwing Hythe Safeguarding Children Partnership",
            "England",
            "listing",
            start_urls=(f"{site.url}/reviews/",),
            hosts=(site.url.removeprefix("http://"),),
        )

    def refresh(self, day: int) -> RefreshReport:
        """Refresh on a day of March 2027; `last_asked` is then what the site was asked for."""
        now = f"2027-03-{day:02}T02:00:00Z"
        before = len(self.site.requests())
        with pytest.MonkeyPatch.context() as patch, Collection(self.home) as collection:
            patch.setitem(os.environ, "CASEREVIEWS_NOW", now)
            done = collection.refresh_from([self.source], CrawlOptions(now=now, delay=0.001))
        self.last_asked = self.site.requests()[before:]
        return done.report

    def files(self) -> set[str]:
        """The names of all files that are on record."""
        with Record.open(self.home) as record:
            return {_name(one.file_url) for one in record.documents()}

    def shown(self) -> Reviews:
        """The reviews as people see them."""
        with Collection(self.home) as collection:
            return {
                frozenset(_name(one.url) for one in review.documents): (
                    "|".join(review.subjects),
                    review.published,
                )
                for review in collection.reviews()
            }

    def events(self) -> list[tuple[str, str]]:
        """(kind, file) of every event so far."""
        with closing(sqlite3.connect(self.home.record_db)) as database:
            rows = database.execute(
                "SELECT event.kind, document.file_url FROM event"
                " JOIN document ON document.id = event.document_id"
            ).fetchall()
        return [(kind, _name(url)) for kind, url in rows]


def _name(url: str | None) -> str:
    return (url or "").rpartition("/")[2].removesuffix(".pdf")


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    folder = tmp_path_factory.mktemp("wagtail")
    with wagtail(folder) as site:
        yield Nights(site, folder / "home")


def test_the_first_night_takes_every_report_under_its_own_child_and_date(nights: Nights) -> None:
    nights.site.step("first")
    report = nights.refresh(1)
    assert nights.files() == set().union(*FIRST)  # recall and precision
    assert {_name(path) for _, path, _ in nights.last_asked} & NEVER == set()
    assert nights.shown() == FIRST
    assert [one.result for one in report.sources] == ["ok"]


def test_a_review_is_added_and_nothing_is_concluded_from_one_night_of_absence(
    nights: Nights,
) -> None:
    nights.site.step("changed")
    nights.refresh(2)
    assert nights.files() == set().union(*FIRST, *BERGAMOT)
    shown = nights.shown()
    assert {**shown, **BERGAMOT, **MARJORAM, **LASTING} == shown


def test_a_replaced_file_is_a_second_version_of_its_document(nights: Nights) -> None:
    nights.site.step("replaced")
    nights.refresh(3)
    with Record.open(nights.home) as record:
        versions = {_name(one.file_url): len(record.versions(one.id)) for one in record.documents()}
    assert {name for name, count in versions.items() if count > 1} == {"fennel-overview"}


def test_what_was_taken_off_its_list_is_held_and_named_what_was_deleted_is_held_as_removed(
    nights: Nights,
) -> None:
    nights.refresh(4)
    nights.refresh(5)
    assert nights.shown() == LAST
    with Collection(nights.home) as collection:
        held = {_name(one.file_url): one.reason for one in collection.held() if not one.version}
    assert set(held) == set().union(*MARJORAM, *ANGELICA)
    assert "file still public" in held["marjoram"]
    with Record.open(nights.home) as record:
        removed = {
            _name(one.file_url) for one in record.documents() if one.availability == "removed"
        }
    assert removed == set().union(*ANGELICA)


def test_a_quiet_night_brings_no_file_and_asks_for_each_unlisted_document_at_most_once(
    nights: Nights,
) -> None:
    unlisted = set().union(*MARJORAM, *ANGELICA)
    brought = {
        _name(path)
        for method, path, status in nights.last_asked
        if (method, status) == ("GET", 200) and path.startswith("/documents/")
    }
    assert brought - unlisted == set()
    asked = Counter(_name(path) for _, path, _ in nights.last_asked)
    assert all(asked[name] <= 1 for name in unlisted)


def test_every_change_is_told_once(nights: Nights) -> None:
    told = Counter(event for event in nights.events() if event[0] != "missing")
    assert set(told.values()) == {1}
    assert {name for kind, name in told if kind == "new"} == set().union(*FIRST, *BERGAMOT)
    assert {name for kind, name in told if kind == "changed_text"} == {"fennel-overview"}
    assert {name for kind, name in told if kind == "held"} >= set().union(*MARJORAM, *ANGELICA)
