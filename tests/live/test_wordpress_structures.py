"""A real WordPress over five nights, built as boards build theirs: a type outside the API, raw shortcodes, fields of a theme, downloads
with a stamp, tabs, folds, a list that loads more; every report known, with its label, its date and its review."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from casereviews import Collection
from casereviews.crawler.check import check_all
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.refresh import RefreshReport
from casereviews.crawler.sources import Source
from casereviews.repository.home import Home
from casereviews.repository.record import Record
from tests.live.wordpress_server import WordPress, missing, wordpress
from tests.search_cli.small_home import pdf

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(bool(missing()), reason=missing() or "all there"),
]

Reviews = Mapping[str, tuple[str | None, frozenset[str]]]
"""The label of a review -> its date and its files."""


def of(name: str, published: str | None, *papers: str) -> Reviews:
    return {f"Child {name}": (published, frozenset(f"{name.lower()}-{one}" for one in papers))}


ASPEN = of("Aspen", "2023-10-04", "overview")
JUNIPER = of("Juniper", "2021-03-12", "overview", "response")
QUINCE = of("Quince", "2027-03-01", "overview")
LASTING: Reviews = {
    **of("Linden", "2023-09-07", "overview"),  # raw shortcodes
    **of("Spindle", "2020-01-09", "overview"),
    **of("Hazel", "2022-05-05", "overview", "briefing"),  # fields of the theme
    **of("Medlar", "2021-06-06", "overview", "response"),
    **of("Elder", "2022-05-02", "overview", "briefing"),  # a type outside the API
    **of("Guelder", "2018-02-01", "overview"),
    **of("Maple", "2020-07", "overview"),  # downloads with a stamp
    **of("Rowan", "2019-03", "overview"),
    **of("Cedar", "2017-03-03", "overview"),  # a list that loads more
    **of("Larch", "2017-04-04", "overview"),
    **of("Alder", "2017-05-05", "overview"),
    **of("Bramble", "2021-03-03", "overview", "briefing"),  # tabs
    **of("Teasel", "2022-10-08", "overview"),
    **of("Willow", "2019-06", "overview", "briefing"),  # folds
    **of("Poplar", "2018-05", "overview"),
}
FIRST: Reviews = {**LASTING, **ASPEN, **JUNIPER}
LAST: Reviews = {**LASTING, **QUINCE}
NEVER = {"annual-report", "draft-overview", "newsletter", "orphan-serious-case-review"}
SECOND_VERSION = "linden-overview-second"


def papers_of(reviews: Reviews) -> set[str]:
    return {paper for _, papers in reviews.values() for paper in papers}


def papers() -> dict[str, bytes]:
    """Every paper of the site: words of its own, no date, so that label and date are the list's merit too."""
    kinds = {
        "overview": "Overview report",
        "briefing": "7 minute briefing",
        "response": "Response of the partnership",
    }
    made = {}
    for name in {*papers_of({**FIRST, **LAST}), *NEVER, SECOND_VERSION}:
        child, _, kind = name.partition("-")
        title = f"Child {child.title()}: {kinds.get(kind.partition('-')[0], kind)}"
        story = f"This invented paper, {name}, tells of the learning from {child.title()}'s life."
        made[name] = pdf([[title, story, "Nobody in it is real."]])
    return made


@dataclass(frozen=True)
class Score:
    """How what is shown compares with what is true: shares of files and of reviews."""

    recall: float
    precision: float
    labels: float
    dates: float
    groups: float

    @classmethod
    def of(cls, shown: list[tuple[str, str | None, frozenset[str]]], true: Reviews) -> Score:
        wanted = papers_of(true)
        taken = [paper for _, _, papers in shown for paper in papers]
        whose = {paper: label for label, (_, papers) in true.items() for paper in papers}
        said = {paper: (label, date) for label, date, papers in shown for paper in papers}
        known = [paper for paper in taken if paper in wanted]
        return cls(
            recall=len(set(known)) / len(wanted),
            precision=len(set(known)) / max(len(taken), 1),
            labels=_share(said[one][0] == whose[one] for one in known),
            dates=_share(said[one][1] == true[whose[one]][0] for one in known),
            groups=_share(
                papers in [files for _, files in true.values()] for _, _, papers in shown
            ),
        )


def _share(right: Iterator[bool]) -> float:
    told = list(right)
    return sum(told) / max(len(told), 1)


PERFECT = Score(1.0, 1.0, 1.0, 1.0, 1.0)


class Nights:
    """A home, a site, and nights that refresh the home."""

    def __init__(self, site: WordPress, folder: Path, made: Mapping[str, bytes]) -> None:
        self.site = site
        self.home = Home(folder)
        self.names = {hashlib.sha256(body).hexdigest(): name for name, body in made.items()}
        self.names[hashlib.sha256(made[SECOND_VERSION]).hexdigest()] = "linden-overview"
        self.paths: list[str] = []

    def source(self, start: str) -> Source:
        return Source(
            "pear-vale",
            "Pear Vale Safeguarding Children Partnership",
            "England",
            "wordpress",
            start_urls=(self.site.url + start,),
            hosts=(self.site.url.removeprefix("http://"),),
        )

    def refresh(self, day: int) -> RefreshReport:
        """Refresh on a day of March 2027; `paths` is then what the site was asked for."""
        now = f"2027-03-{day:02}T02:00:00Z"
        before = len(self.site.requests())
        with pytest.MonkeyPatch.context() as patch, Collection(self.home) as collection:
            patch.setitem(os.environ, "CASEREVIEWS_NOW", now)
            done = collection.refresh_from(
                [self.source("/published-reviews/")], CrawlOptions(now=now, delay=0.001)
            )
        self.paths = self.site.requests()[before:]
        return done.report

    def kept(self) -> set[str]:
        """The papers of which the record holds a file."""
        with Record.open(self.home) as record:
            return {self.names[one.sha256] for one in record.documents() if one.sha256}

    def shown(self) -> list[tuple[str, str | None, frozenset[str]]]:
        """Label, date and papers of the reviews as people see them."""
        with Collection(self.home) as collection:
            return [
                (
                    "|".join(review.subjects),
                    review.published,
                    frozenset(
                        self.names.get(one.sha256 or "", one.url or "") for one in review.documents
                    ),
                )
                for review in collection.reviews()
            ]

    def score(self, true: Reviews) -> Score:
        """How the home compares with the truth; a shown list that is wrong is printed beside a failing test."""
        shown = self.shown()
        for label, date, papers in sorted(shown, key=str):
            if true.get(label) != (date, papers):
                print("not as it is:", label, date, sorted(papers), "but", true.get(label))
        return Score.of(shown, true)


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    folder = tmp_path_factory.mktemp("structures")
    made = papers()
    with wordpress(folder, "wordpress_structures", made) as site:
        site.step("first")
        yield Nights(site, folder / "home", made)


def test_the_first_night_finds_every_report_under_its_own_child_and_date(nights: Nights) -> None:
    report = nights.refresh(1)
    assert nights.score(FIRST) == PERFECT
    assert nights.kept() == papers_of(FIRST)
    assert {path.rpartition("/")[2].removesuffix(".pdf") for path in nights.paths} & NEVER == set()
    assert [(one.result, one.reason) for one in report.sources] == [("ok", "")]


def test_the_second_night_finds_the_new_one_and_asks_for_no_page_of_an_unchanged_post(
    nights: Nights,
) -> None:
    nights.site.step("changed")
    nights.refresh(2)
    assert nights.kept() == papers_of({**FIRST, **QUINCE})
    posts = [path for path in nights.paths if path.startswith("/child-")]
    assert posts == []  # within the API's posts nothing changed but what is gone
    assert [path for path in nights.paths if "title,content" in path] == []


def test_a_replaced_file_is_a_second_version(nights: Nights) -> None:
    nights.site.step("replaced")
    nights.refresh(3)
    with Record.open(nights.home) as record:
        versions = {
            name: len(record.versions(one.id))
            for one in record.documents()
            if (name := nights.names.get(one.sha256 or ""))
        }
    assert {name for name, count in versions.items() if count > 1} == {"linden-overview"}


def test_what_was_taken_off_or_deleted_is_shown_no_more_and_all_else_stays(nights: Nights) -> None:
    nights.refresh(4)
    nights.refresh(5)
    assert nights.score(LAST) == PERFECT
    with Collection(nights.home) as collection:
        held = {
            (one.file_url or "").rpartition("/")[2]: one.reason
            for one in collection.held()
            if not one.version
        }
    assert set(held) == {f"{name}.pdf" for name in papers_of({**ASPEN, **JUNIPER})}
    assert "file still public" in held["aspen-overview.pdf"]
    with Record.open(nights.home) as record:
        removed = {
            nights.names[one.sha256 or ""]
            for one in record.documents()
            if one.availability == "removed"
        }
    assert removed == papers_of(JUNIPER)


def test_every_change_is_told_once_and_a_stamp_on_an_address_is_none(nights: Nights) -> None:
    with closing(sqlite3.connect(nights.home.record_db)) as database:
        rows = database.execute("SELECT kind, document_id FROM event WHERE kind != 'missing'")
        told = Counter(rows.fetchall())
    kinds = Counter(kind for kind, _ in told)
    assert set(told.values()) == {1}
    assert "moved" not in kinds
    assert kinds["new"] == len(papers_of({**FIRST, **QUINCE}))


def test_a_quiet_night_asks_for_few_pages_and_brings_no_file_again(nights: Nights) -> None:
    nights.refresh(6)
    pages = [path for path in nights.paths if "/wp-content/" not in path]
    api = [path for path in pages if path.startswith("/wp-json/")]
    lists = [path for path in pages if path not in api and not path.startswith("/case-review/")]
    assert len(api) == 3  # types, posts, pages
    # The start page, two lists, the archive's second page, two downloads, robots.txt.
    assert len(lists) <= 7
    # A type that the API does not show is asked for as on any site: young ones every night.
    assert len(pages) - len(api) - len(lists) == 3


def test_a_list_that_loads_more_of_its_posts_is_found_by_the_api(nights: Nights) -> None:
    [report] = check_all(
        [nights.source("/further-serious-case-reviews/")], CrawlOptions(delay=0.001)
    )
    found = {(one.url or "").rpartition("/")[2] for one in report.collected}
    assert found >= {"cedar-overview.pdf", "larch-overview.pdf", "alder-overview.pdf"}


def test_a_list_that_only_a_browser_fills_is_told(nights: Nights) -> None:
    [report] = check_all([nights.source("/learning-hub/")], CrawlOptions(delay=0.001))
    outcome = report.outcome
    assert outcome is not None
    assert outcome.complete is False
    assert outcome.detail == f"filled by JavaScript: {nights.site.url}/learning-hub/"
