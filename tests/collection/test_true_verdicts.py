"""What a run says of itself is so: a refused one leaves nothing, nothing due is no failure, news and feeds name what they speak of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import feedparser
import pytest
from click.testing import CliRunner

from casereviews import Collection
from casereviews.collection.asking.news import _described, for_feed
from casereviews.collection.errors import RequestError
from casereviews.collection.keeping.demo_sites import NotServed
from casereviews.collection.output import Answer
from casereviews.collection.output.feeds import write_news, write_saved
from casereviews.collection.output.forms import atom
from casereviews.index.results import Hit
from casereviews.repository.home import Home
from casereviews.repository.lock import writing
from casereviews.repository.model import Document, SourceInfo
from casereviews.repository.record import Record
from casereviews.repository.record.derived_published_fields import PublishedFields
from casereviews.repository.record.outcome import SourceOutcome
from casereviews.repository.vocabulary import PACKAGED
from casereviews.search_cli.main import cli
from tests.repository.nights import Nights

ENTRY = """[[source]]
id = "barnmoor"
publisher = "Barnmoor Safeguarding Children Partnership"
nation = "England"
family = "listing"
scope = "child"
status = "verified"
national = true
start_urls = ["http://{host}/reviews"]
hosts = ["{host}"]
"""
NIGHT = "2026-03-01T02:00:00Z"


def left(home: Home) -> tuple[Any, ...]:
    """What a run leaves behind: rows in the log of runs, events, reports and feeds."""
    files = sorted(path.name for folder in (home.reports, home.feeds) for path in folder.rglob("*"))
    if not home.record_db.exists():
        return (0, 0, files)
    with Record.open(home) as record:
        return len(record.runs()), len(record.events()), files


def verb(home: Home, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["--home", str(home.root), *words])
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--source", "barnmor"], 2, "did you mean 'barnmoor'"),
        (["--source", "barnmoor", "--source", "zzz"], 2, "no source 'zzz'"),
        (["--nation", "Walles"], 2, "did you mean 'Wales'"),
        (["--source", "barnmoor", "--nation", "Wales"], 2, "there are England"),
        (["--source", "barnmoor"], 3, "CASEREVIEWS_CONTACT"),
        (["--budget", "soon"], 2, "--budget takes a time"),
    ],
)
def test_a_refused_run_leaves_no_run_behind(
    change: Collection, words: list[str], code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CASEREVIEWS_CONTACT", raising=False)
    change.home.sources_toml.write_text(ENTRY.format(host="barnmoor.example"), "utf-8")
    before = left(change.home)
    ended, output = verb(change.home, "refresh", *words)
    assert (ended, said in output) == (code, True), output
    assert left(change.home) == before


def test_neither_a_wrong_vocabulary_nor_a_lock_nor_a_budget_of_nothing_leaves_a_run(
    change: Collection,
) -> None:
    change.home.sources_toml.write_text(ENTRY.format(host="127.0.0.1:9"), "utf-8")
    before = left(change.home)
    ended, said = verb(change.home, "refresh", "--source", "barnmoor", "--budget", "0m")
    assert (ended, "a budget of 0" in said) == (0, True)
    with writing(change.home, "refresh"):
        assert verb(change.home, "refresh", "--source", "barnmoor")[0] == 3
    change.home.themes_csv.write_text("no,such,columns\n1,2,3\n", "utf-8")
    assert verb(change.home, "refresh", "--source", "barnmoor")[0] in (2, 3)
    assert left(change.home) == before


def asked(home: Home, at: str, status: str = "done") -> None:
    with writing(home, "refresh"), Record.open(home, write=True) as record:
        run = record.begin_run("refresh", at)
        record.put_source(SourceInfo("barnmoor", "Barnmoor", "England"))
        record.finish_source(run, SourceOutcome("barnmoor", "ok", at, at, listing_complete=True))
        record.end_run(run, at, status, {})


def test_nothing_due_is_no_failure_and_no_run(change: Collection) -> None:
    change.home.sources_toml.write_text(ENTRY.format(host="127.0.0.1:9"), "utf-8")
    asked(change.home, NIGHT)
    before = left(change.home)
    for more in ([], ["--strict"]):
        ended, said = verb(change.home, "refresh", "--due", "--source", "barnmoor", *more)
        assert (ended, said) == (0, "no source is due; the next is due at 2026-03-01T22:00:00Z\n")
    done = change.refresh(["barnmoor"], due=True)
    assert (done.report.to_json()["run"], done.report.sources) == (None, ())
    assert left(change.home) == before


def test_what_a_stopped_run_left_undone_is_done_though_nothing_is_due(change: Collection) -> None:
    change.home.sources_toml.write_text(ENTRY.format(host="127.0.0.1:9"), "utf-8")
    asked(change.home, NIGHT, "stopped")
    done = change.refresh(["barnmoor"], due=True)
    assert done.report.sources == ()
    assert done.built is not None
    assert change.refresh(["barnmoor"], due=True).next_due == "2026-03-01T22:00:00Z"


# ---- titles, labels, feeds


def document(title: str | None) -> Document:
    return Document(
        "d1", "barnmoor", "http://barnmoor.test/f/or.pdf", "http://barnmoor.test/reviews", "file", "crawl", NIGHT, NIGHT, "available", 0, "shown", None, None, "or.pdf", title,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("listed", "fields", "shown"),
    [
        ("Overview report", {"title": "Overview report", "subjects": ("Child Bryony",), "document_role": "overview_report"}, "Child Bryony: Overview report"),
        ("Overview report", {"title": "Child Bryony review", "subjects": ("Child Bryony",)}, "Child Bryony review"),
        ("Report", {"title": "Report", "subjects": ("Child A", "Child B")}, "Child A, Child B: Report"),
        ("Child R", {"title": "Child R", "subjects": ("Child R",), "document_role": "briefing"}, "Child R: Briefing"),
        ("R and S", {"title": "Children R & S review", "subjects": ("Child R", "Child S")}, "Children R & S review"),
        ("A", {"title": "A Serious Case Review", "subjects": ("Child A",)}, "Child A: A Serious Case Review"),
        ("Child-R-report.pdf", None, "Child R report"),
        ("Report", {"title": "Report", "subjects": ()}, "Report"),
        ("Report", None, "Report"),
        (None, None, "or.pdf"),
    ],
)  # fmt: skip
def test_news_bear_the_title_that_a_search_shows_and_the_label_where_it_says_none(
    listed: str | None, fields: dict[str, Any] | None, shown: str
) -> None:
    said = PublishedFields("d1", "barnmoor-1", "", fields) if fields is not None else None
    subjects, role, title = _described(said, document(listed))
    assert title == shown
    assert subjects == (fields or {}).get("subjects", ())
    assert role == (fields or {}).get("document_role")


def test_what_is_not_shown_has_no_title_and_no_label() -> None:
    assert _described(None, None) == ((), None, "(not shown)")


def test_news_of_a_real_person_are_taken_away_without_the_name(change: Collection) -> None:
    news = change.news("2024-01-01")
    (named,) = [one for one in news if "Robin Brackenfield" in one.title]
    (taken,) = [one for one in change.without_names(news) if one.id == named.id]
    assert (named.subjects, taken.subjects) == (("Robin Brackenfield",), ())
    assert "Robin" not in taken.title


def run_of(record: Record, at: str, status: str | None = "done") -> int:
    run = record.begin_run("refresh", at)
    if status:
        record.end_run(run, at, status, {})
    return run


def test_a_second_run_of_a_night_does_not_empty_the_feed_of_the_first(change: Collection) -> None:
    with writing(change.home, "refresh"), Record.open(change.home, write=True) as record:
        last = record.runs(limit=1, verb="refresh")[0]
        again = run_of(record, last.started.replace("T02:00", "T02:30"))
        next_night = run_of(record, "2026-02-13T02:00:00Z")
    told = [one.id for one in for_feed(change.home, last.id)]
    assert told
    assert [one.id for one in for_feed(change.home, again)] == told
    assert for_feed(change.home, next_night) == []


def test_other_verbs_do_not_hide_the_last_run(change: Collection) -> None:
    before = change.news()
    with writing(change.home, "refresh"), Record.open(change.home, write=True) as record:
        for _ in range(25):
            record.end_run(record.begin_run("correct", NIGHT), NIGHT, "done", {})
    assert change.news() == before != ()


FILE, PAGE = "http://barnmoor.test/f/or.pdf", "http://barnmoor.test/reviews"
ENTRY_OF = {
    "id": 7,
    "document_id": "d1",
    "kind": "new",
    "at": NIGHT,
    "title": "T",
    "publisher": "P",
}


@pytest.mark.parametrize(
    ("said", "links"),
    [
        ({"file_url": FILE, "landing_url": PAGE}, {"alternate": FILE, "related": PAGE}),
        ({"file_url": None, "landing_url": PAGE}, {"alternate": PAGE}),
        ({"file_url": FILE, "landing_url": None}, {"alternate": FILE}),
        ({"file_url": PAGE, "landing_url": PAGE}, {"alternate": PAGE}),
        ({"file_url": FILE, "landing_url": PAGE, "kind": "removed"}, {"alternate": PAGE}),
        ({"file_url": FILE, "landing_url": None, "kind": "removed"}, {"alternate": FILE}),
        ({"file_url": "javascript:x", "landing_url": "file:///etc"}, {}),
    ],
)
def test_an_entry_leads_to_the_report_and_to_the_page_alone_where_it_is_gone(
    said: dict[str, Any], links: dict[str, str]
) -> None:
    text = "".join(atom.render(Answer(payload=None, records=[{**ENTRY_OF, **said}])))
    (entry,) = feedparser.parse(text).entries
    assert {one["rel"]: one["href"] for one in entry.get("links", [])} == links


def test_an_entry_has_its_own_times_whenever_its_feed_is_made(tmp_path: Path) -> None:
    dated = {**ENTRY_OF, "id": None, "review_id": "r", "at": None, "published": "2021-03"}
    for made in ("2026-03-01T03:00:00Z", "2026-03-09T03:00:00Z"):
        write_news(tmp_path, [ENTRY_OF, dated], made)
        feed = feedparser.parse((tmp_path / "new.atom").read_text("utf-8"))
        times = [(one.updated, one.published) for one in feed.entries]
        assert times == [(NIGHT, NIGHT), ("2021-03-01T00:00:00Z", "2021-03-01T00:00:00Z")]
        assert feed.feed.updated == NIGHT
        assert [(one["rel"], one["href"]) for one in feed.feed.links] == [("self", "new.atom")]
    write_news(tmp_path, [], "2026-03-09T03:00:00Z")
    assert "<updated>2026-03-09T03:00:00Z</updated>" in (tmp_path / "new.atom").read_text("utf-8")


def test_the_feed_of_a_saved_search_keeps_what_an_earlier_run_of_the_night_found(
    change: Collection,
) -> None:
    change.saved.add("sleep", "sleep")
    folder = change.home.feeds / "saved"

    def entries(at: str) -> tuple[list[tuple[str, str]], int]:
        (news,) = change.saved.run_all(at)
        feed = feedparser.parse((folder / "sleep.atom").read_text("utf-8"))
        assert [one["href"] for one in feed.feed.links if one["rel"] == "self"] == ["sleep.atom"]
        return [(one.id, one.updated) for one in feed.entries], len(news.new)

    first, new = entries("2026-03-01T02:00:00Z")
    assert {when for _, when in first} == {"2026-03-01T02:00:00Z"}
    assert new == len(first) > 0
    assert entries("2026-03-01T02:01:00Z") == (first, 0)
    assert entries("2026-03-02T02:00:00Z") == ([], 0)


def test_status_names_the_publisher(read: Collection) -> None:
    named = {one.source: one.publisher for one in read.status().sources}
    assert named["northmoor"] == "Northmoor Safeguarding Partnership"


# ---- the demo's home


@pytest.fixture
def demo(tmp_path: Path) -> Collection:
    return Collection(Home(tmp_path / "demo").create(demo=True))


def test_a_demos_home_knows_its_own_sites_only(demo: Collection) -> None:
    assert dict(demo.registry.entries) == {}
    demo.home.sources_toml.write_text(ENTRY.format(host="barnmoor.casereviews.test:9"), "utf-8")
    assert list(demo.registry.entries) == ["barnmoor"]


def test_a_demos_home_asks_no_live_site_whoever_asks(demo: Collection) -> None:
    demo.home.sources_toml.write_text(ENTRY.format(host="barnmoor.example"), "utf-8")
    address = "http://barnmoor.example/reviews"
    for ask in (
        lambda: demo.refresh(),
        lambda: demo.refresh(["barnmoor"]),
        lambda: demo.registry.check(["barnmoor"]),
        lambda: demo.registry.probe(address),
        lambda: demo.add([address], publisher="Barnmoor", nation="England"),
    ):
        with pytest.raises(RequestError, match="no site but the demo's own"):
            ask()


def test_a_demos_home_says_that_its_sites_are_not_served(demo: Collection) -> None:
    # Nothing listens at port 1 of this machine.
    demo.home.sources_toml.write_text(ENTRY.format(host="barnmoor.casereviews.test:1"), "utf-8")
    before = left(demo.home)
    with pytest.raises(NotServed, match="demo --keep-serving"):
        demo.refresh()
    assert left(demo.home) == before
    assert verb(demo.home, "refresh")[0] == 3


def test_the_feeds_of_a_saved_search_carry_whole_titles(tmp_path: Path) -> None:
    fields = {
        "title": "Overview report",
        "subjects": ("Child Bryony",),
        "document_role": "overview_report",
    }
    hit = Hit(1, 1.0, "barnmoor-1", "d1", fields, 0, ())
    write_saved(tmp_path, "mine", NIGHT, [hit], {"barnmoor-1": (hit, NIGHT)}, PACKAGED)
    for name in ("mine.atom", "mine.md", "mine.new.json"):
        assert "Child Bryony: Overview report" in (tmp_path / "saved" / name).read_text("utf-8")


def test_nights_on_which_a_list_could_not_be_read_say_nothing_of_its_usual_number(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path / "home").create()
    with Record.open(home, write=True) as record:
        nights = Nights(record)
        nights.night(1, "abcd")
        for day in (2, 3, 4):
            nights.night(day, "", result="blocked", complete=False)
        nights.night(5, "abcd")
    (one,) = Collection(home.root).status().sources
    assert (one.documents, one.usual) == (4, 4)
