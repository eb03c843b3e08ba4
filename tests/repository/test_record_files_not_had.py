"""A listed file that cannot be had is a document from its first sight, with the reason; it gets its file when that comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from casereviews.repository.file_trouble import trouble_worded, troubles_counted
from casereviews.repository.home import Home
from casereviews.repository.model import Sighting
from casereviews.repository.processing import process
from casereviews.repository.published_documents import published_ids, shown_review
from casereviews.repository.record import Event, Record, SourceOutcome
from casereviews.repository.record.database import connect, migrate
from casereviews.repository.record.derived import Derived
from casereviews.repository.record.outcome import SourceState
from casereviews.repository.withdrawals import withdraw
from tests.postgresql_server import files_only
from tests.repository.nights import BOARD, Nights, at, fetched, link

BOTH_STORES = True

HOST = "northmoor.test"


def night(
    nights: Nights,
    day: int,
    seen: str | list[Sighting],
    troubles: Mapping[str, str] | None = None,
    bodies: Mapping[str, bytes] | None = None,
    **asked: Any,
) -> tuple[tuple[Event, ...], SourceState]:
    """A night on which files came (`bodies`) or did not (`troubles`), by their names; `asked` is more of the fetches in vain."""
    record, source = nights.record, nights.board.id
    run = nights.night(day, seen, finish=False).run_id
    for name, trouble in (troubles or {}).items():
        status = int(trouble[5:]) if trouble.startswith("http_") else None
        values = {"status": status, "error": trouble, "media_type": None, **asked}
        record.record_fetch(run, fetched(link(name, source=source), day, **values))
    for name, body in (bodies or {}).items():
        one = link(name, source=source)
        stored = record.store_file(run, one, fetched(one, day), body)
        record.record_fetch(run, fetched(one, day, sha256=stored.sha256))
    outcome = SourceOutcome(source, "ok", at(day), at(day), listing_complete=True)
    events = record.finish_source(run, outcome)
    record.end_run(run, at(day), "done")
    return events, record.source_states()[source]


def told(events: tuple[Event, ...]) -> list[str]:
    return [one.kind for one in events]


def only(record: Record) -> Any:
    (found,) = record.documents()
    return found


NAMES = [
    "http_404", "http_403", "http_410", "http_503", "robots", "html_for_file", "login", "bot_wall", "incomplete",
    "too_large", "empty_file", "tls", "off_site", "private_address", "crawl_delay",
]  # fmt: skip


@pytest.mark.parametrize("trouble", NAMES)
def test_a_file_that_cannot_be_had_is_a_document_with_title_place_and_reason(
    nights: Nights, trouble: str
) -> None:
    events, state = night(nights, 1, "a", {"a": trouble})
    found = only(nights.record)
    assert found == replace(
        found,
        title="Child A: Serious Case Review",
        file_url="http://northmoor.test/a.pdf",
        landing_url="http://northmoor.test/reviews",
        availability="not_had",
        visibility="shown",
        sha256=None,
        trouble=trouble,
        trouble_host=HOST,
    )
    assert told(events) == ["new"]
    assert (state.result, state.list_read) == ("partial", True)
    assert state.file_troubles == {trouble: {HOST: 1}}
    assert state.reason == f"1 of 1 files could not be had: 1 {trouble} at {HOST}"


def test_every_sighted_file_is_a_document_even_when_the_run_ended_before_its_turn(
    nights: Nights,
) -> None:
    _, state = night(nights, 1, "ab", {}, {"b": b"bees"})
    by_title = {one.title: (one.availability, one.trouble) for one in nights.record.documents()}
    assert by_title == {
        "Child A: Serious Case Review": ("not_had", "not_asked"),
        "Child B: Serious Case Review": ("available", None),
    }
    assert state.reason == "1 of 2 files could not be had: 1 not_asked"


def test_the_same_document_gets_its_file_when_it_comes_and_it_is_told_once(nights: Nights) -> None:
    night(nights, 1, "ab", {"a": "http_503"}, {"b": b"bees"})
    before = {one.id for one in nights.record.documents()}
    events, state = night(nights, 2, "ab", {}, {"a": b"apples"})
    assert (told(events), state.result, state.file_troubles) == (["file_arrived"], "ok", {})
    assert {one.id for one in nights.record.documents()} == before
    assert {one.availability for one in nights.record.documents()} == {"available"}
    events, state = night(nights, 3, "ab", {}, {"a": b"apples"})
    assert (told(events), state.result) == ([], "unchanged")


def test_the_reason_of_the_last_visit_counts_and_stands_while_the_file_is_not_asked_for(
    nights: Nights,
) -> None:
    night(nights, 1, "a", {"a": "http_503"})
    assert only(nights.record).trouble == "http_503"
    _, state = night(nights, 2, "a")
    assert (only(nights.record).trouble, state.result) == ("http_503", "partial")
    events, _ = night(nights, 3, "a", {"a": "robots"})
    assert (only(nights.record).trouble, told(events)) == ("robots", [])


def test_what_was_had_keeps_its_last_version_and_the_run_is_partial(nights: Nights) -> None:
    night(nights, 1, "ab", {}, {"a": b"apples", "b": b"bees"})
    events, state = night(nights, 2, "ab", {"a": "html_for_file"})
    found = next(one for one in nights.record.documents() if one.trouble)
    assert (found.availability, found.trouble, bool(found.sha256)) == ("available", "html_for_file", True)  # fmt: skip
    assert (told(events), state.result) == ([], "partial")
    assert len(nights.record.versions(found.id)) == 1
    _, state = night(nights, 3, "ab", {}, {"a": b"apples"})
    assert (state.result, {one.trouble for one in nights.record.documents()}) == (
        "unchanged", {None},
    )  # fmt: skip


def test_what_the_publisher_says_of_it_goes_before_that_it_could_not_be_had(
    nights: Nights,
) -> None:
    gone = link("a", status_words=("No longer published",))
    night(nights, 1, [gone], {"a": "http_404"})
    found = only(nights.record)
    assert (found.availability, found.trouble) == ("no_longer_published", "http_404")


def test_a_dead_link_that_stays_on_the_list_is_never_counted_missing_or_hidden(
    nights: Nights,
) -> None:
    for day in range(1, 8):
        events, _ = night(nights, day, "abcd", {"a": "http_404"}, {n: n.encode() for n in "bcd"})
        assert told(events) == (["new"] * 4 if day == 1 else [])
    found = next(one for one in nights.record.documents() if one.trouble)
    assert (found.availability, found.visibility, found.missing_nights) == ("not_had", "shown", 0)


def test_files_that_fail_do_not_keep_absence_from_being_counted(nights: Nights) -> None:
    bodies = {name: name.encode() for name in "bcd"}
    night(nights, 1, "abcd", {"a": "http_403"}, bodies)
    events, state = night(nights, 2, "abc", {"a": "http_403"})
    assert (told(events), state.result) == (["missing"], "partial")
    assert not any(
        one.availability == "missing" for one in nights.record.documents() if one.trouble
    )


def test_what_was_never_had_and_is_listed_no_more_goes_by_the_ordinary_rules(
    nights: Nights,
) -> None:
    bodies = {name: name.encode() for name in "bcd"}
    night(nights, 1, "abcd", {"a": "http_403"}, bodies)
    kinds = [told(night(nights, day, "bcd")[0]) for day in (2, 3, 4)]
    assert [kind[0] for kind in kinds] == ["missing", "missing", "removed"]


def test_an_address_that_leads_to_a_known_document_joins_it_whichever_was_had(
    nights: Nights,
) -> None:
    night(nights, 1, "ab", {"a": "http_503"}, {"b": b"bees"})
    ids = {one.title: one.id for one in nights.record.documents()}
    led = link("b").file_url
    one = link("a")
    run = nights.night(2, "ab", finish=False).run_id
    stored = nights.record.store_file(run, one, fetched(one, 2, final_url=led), b"bees")
    assert stored.document_id == ids["Child B: Serious Case Review"]
    assert len(nights.record.documents()) == 1
    assert nights.record.resolve_id(ids["Child A: Serious Case Review"]) == stored.document_id


def test_a_known_address_that_leads_to_one_never_had_keeps_its_document(nights: Nights) -> None:
    night(nights, 1, "ab", {"b": "http_503"}, {"a": b"apples"})
    kept = next(one.id for one in nights.record.documents() if one.sha256)
    one = link("a")
    run = nights.night(2, "ab", finish=False).run_id
    done = fetched(one, 2, final_url=link("b").file_url)
    stored = nights.record.store_file(run, one, done, b"apples")
    assert (stored.document_id, [one.id for one in nights.record.documents()]) == (kept, [kept])


# ---- withdrawn stays withdrawn


def test_a_document_that_was_never_had_can_be_withdrawn_and_stays_away(
    home: Home, nights: Nights
) -> None:
    night(nights, 1, "ab", {"a": "http_403"}, {"b": b"bees"})
    with Derived.open(home, write=True) as derived:
        process(nights.record, derived, now=at(1), workers=1)
    gone = next(one.id for one in nights.record.documents() if one.trouble)
    withdraw(home, gone, reason="asked for", now=at(2))
    for day, leads in ((3, None), (4, link("a").file_url)):
        name = "a" if leads is None else "new"
        more = {} if leads is None else {"final_url": leads}
        night(nights, day, [link("b"), link(name)], {name: "http_403"}, **more)
        assert [one.title for one in nights.record.documents()] == ["Child B: Serious Case Review"]


def test_a_file_that_comes_late_and_was_withdrawn_elsewhere_takes_its_document_with_it(
    home: Home, nights: Nights
) -> None:
    night(nights, 1, "ab", {"b": "http_503"}, {"a": b"apples"})
    with Derived.open(home, write=True) as derived:
        process(nights.record, derived, now=at(1), workers=1)
        gone = next(one.id for one in nights.record.documents() if one.sha256)
        withdraw(home, gone, reason="asked for", now=at(2))
        run = nights.night(3, "b", finish=False).run_id
        late = link("b")
        assert (
            nights.record.store_file(run, late, fetched(late, 3), b"apples").result == "withdrawn"
        )
        process(nights.record, derived, now=at(3), workers=1)
    assert (nights.record.documents(), published_ids(home)) == ([], set())


# ---- what is published


def test_it_is_published_with_its_reason_and_no_pages(home: Home, nights: Nights) -> None:
    night(nights, 1, [link("a", dates=("March 2021",))], {"a": "tls"})
    with Derived.open(home, write=True) as derived:
        process(nights.record, derived, now=at(1), workers=1)
    review = shown_review(home, only(nights.record).id)
    (document,) = review.documents
    assert (review.title, review.published, review.availability, review.trouble) == (
        "Child A: Serious Case Review", "2021-03", "not_had", "tls",
    )  # fmt: skip
    assert (document.pages, document.trouble, document.trouble_host) == (0, "tls", HOST)
    assert document.trouble_told() == (
        "its file could not be had: the certificate of northmoor.test is not valid"
    )


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("http_410", "docs.test answers with status 410"),
        ("off_site", "host not allowed: add docs.test to the source's hosts (`casereviews sources fix barnmoor`)"),
        ("not_asked", "the run ended before its turn; the next run asks"),
        ("some_new_name", "docs.test: some new name"),
    ],
)  # fmt: skip
def test_a_trouble_is_told_in_words_with_the_remedy(trouble: str, words: str) -> None:
    assert trouble_worded(trouble, "docs.test", "barnmoor") == words


def test_troubles_are_counted_by_name_and_host() -> None:
    counts = {"robots": {"b.test": 1}, "http_404": {"b.test": 1, "a.test": 2}}
    assert (
        troubles_counted(counts) == "2 http_404 at a.test, 1 http_404 at b.test, 1 robots at b.test"
    )


# ---- older homes


@files_only
def test_an_older_record_is_read_before_it_is_migrated_and_left_as_it_is(home: Home) -> None:
    engine = connect(home.record_db, write=True)
    migrate(engine, "0002")
    with engine.begin() as c:
        c.exec_driver_sql("INSERT INTO source (id, info, same_as) VALUES ('northmoor', '{}', '[]')")
    engine.dispose()
    before = home.record_db.read_bytes()
    with Record.open(home) as record:
        assert record.documents() == []
        with pytest.raises(Exception, match="readonly"):
            record.begin_run("search", at(1))
    assert home.record_db.read_bytes() == before


def test_a_home_of_before_tells_of_files_that_failed_then(record: Record) -> None:
    """Their requests were logged, and no document was made of them."""
    nights = Nights(record, BOARD)
    run = nights.night(1, "a", finish=False).run_id
    record.record_fetch(run, fetched(link("a"), 1, status=404, error="http_404", media_type=None))
    events, state = night(nights, 2, "a")
    assert (told(events), state.file_troubles) == (["new"], {"http_404": {HOST: 1}})


# ---- a review's page that could not be had


PAGE = "http://northmoor.test/reviews/child-b"


def page_of_b() -> Sighting:
    return link("b", file_url=PAGE, kind="page", detail_url=PAGE, link_text="Child B")


def page_night(
    nights: Nights, day: int, seen: list[Sighting], *, failed: bool, files: str = ""
) -> tuple[str, ...]:
    """A night on which B's page failed or was read; returns the kinds of what was told."""
    record = nights.record
    run = nights.night(day, seen, finish=False).run_id
    if failed:
        error = fetched(page_of_b(), day, status=404, error="http_404", media_type=None)
        record.record_fetch(run, error)
    for one in (one for one in seen if one.kind == "file" and files):
        stored = record.store_file(run, one, fetched(one, day), (one.file_url or "").encode())
        record.record_fetch(run, fetched(one, day, sha256=stored.sha256))
    return tuple(event.kind for event in nights.end(run, day))


def test_a_page_becomes_the_first_paper_that_it_names(nights: Nights) -> None:
    a = link("a")
    paper, other = (replace(link(name), detail_url=PAGE) for name in "bc")
    assert page_night(nights, 1, [a, page_of_b()], failed=True, files="a") == ("new", "new")
    (before,) = [one for one in nights.record.documents() if one.file_url == PAGE]
    assert (before.availability, before.trouble) == ("not_had", "http_404")
    told = page_night(nights, 2, [a, paper, other], failed=False, files="bc")
    assert sorted(told) == ["file_arrived", "new"]
    assert {one.file_url for one in nights.record.documents()} == {
        one.file_url for one in (a, paper, other)
    }
    assert (
        nights.record.resolve_document(before.id)
        == nights.record.document_at("northmoor", paper.file_url or "").id
    )  # type: ignore[union-attr]
    # The page fails again: its papers are known and asked for themselves, nothing stands for it.
    assert page_night(nights, 3, [a, paper, other, page_of_b()], failed=True) == ()
    assert len(list(nights.record.documents())) == 3


def test_a_page_whose_papers_are_known_is_no_document(nights: Nights) -> None:
    paper = replace(link("b"), detail_url=PAGE)
    page_night(nights, 1, [paper], failed=False, files="b")
    assert page_night(nights, 2, [paper, page_of_b()], failed=True) == ()
    assert [one.file_url for one in nights.record.documents()] == [paper.file_url]


def test_a_page_that_fails_keeps_no_paper_of_it_from_being_missed(nights: Nights) -> None:
    a, paper = link("a"), replace(link("b"), detail_url=PAGE, link_text="Child B")
    page_night(nights, 1, [a, paper], failed=False, files="ab")
    for day in (2, 3):
        assert page_night(nights, day, [a, page_of_b()], failed=True) == ("missing",)
    assert page_night(nights, 4, [a, page_of_b()], failed=True) == ("removed", "held")
