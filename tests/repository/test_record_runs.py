"""The log of runs and fetches, what is known of an address, and what pages said."""

from dataclasses import replace

from casereviews.repository import withdrawals
from casereviews.repository.home import Home
from casereviews.repository.model import Sighting
from casereviews.repository.record import Record
from casereviews.repository.record.outcome import Run, UrlState
from casereviews.repository.record.runs import LED_TO_WITHDRAWN
from tests.repository.nights import BOARD, Nights, at, fetched, link

BOTH_STORES = True


def test_a_run_that_was_killed_has_no_end(record: Record) -> None:
    done, killed = record.begin_run("refresh", at(1)), record.begin_run("refresh", at(2))
    record.end_run(done, at(2), "done", {"files_read": 3})
    assert record.runs() == [
        Run(killed, "refresh", at(2), None, None, {}),
        Run(done, "refresh", at(1), at(2), "done", {"files_read": 3}),
    ]


def test_a_source_is_kept_as_the_registry_says_it_now(record: Record) -> None:
    record.put_source(BOARD)
    changed = replace(BOARD, areas=("E06000001",), policy_months=6)
    record.put_source(changed, ((r"/print$", ""),))
    assert record.sources() == {"northmoor": changed}


def test_validators_survive_whatever_brings_no_body(record: Record) -> None:
    record.put_source(BOARD)
    run_id, seen = record.begin_run("refresh", at(1)), link("a")
    url = str(seen.file_url)
    assert record.url_state(url) is None
    came = fetched(seen, 1, sha256="1" * 64, etag='"one"', last_modified="Sun, 01 Mar 2026")
    record.record_fetch(run_id, came)
    known = UrlState(
        url, url, 200, None, '"one"', "Sun, 01 Mar 2026", "1" * 64, "application/pdf", None, at(1), at(1), at(1), at(1),
    )  # fmt: skip
    assert record.url_state(url) == known
    record.record_fetch(run_id, fetched(seen, 2, status=304))
    assert record.url_state(url) == replace(known, status=304, checked_at=at(2))
    record.record_fetch(run_id, fetched(seen, 3, status=None, error="timeout"))
    assert record.url_state(url) == replace(known, status=None, error="timeout", checked_at=at(3))
    record.record_fetch(run_id, fetched(seen, 4, sha256="2" * 64))
    assert record.url_state(url) == replace(
        known,
        etag=None,
        last_modified=None,
        sha256="2" * 64,
        checked_at=at(4),
        changed_at=at(4),
        read_at=at(4),
    )


def test_where_an_address_led_is_not_logged_where_that_was_withdrawn(home: Home) -> None:
    with Record.open(home, write=True) as record:
        ids = Nights(record).first("ab")
    withdrawals.withdraw(home, ids["a"], reason="it names a child", now=at(2))
    with Record.open(home, write=True) as record:
        run_id = record.begin_run("refresh", at(3))
        for name, kept in (("a", False), ("b", True)):
            neutral = link(f"go-{name}")
            record.record_fetch(run_id, fetched(neutral, 3, final_url=link(name).file_url))
            state = record.url_state(str(neutral.file_url))
            assert state is not None
            assert state.final_url == (link(name).file_url if kept else LED_TO_WITHDRAWN)


def test_old_lines_of_the_fetch_log_go_and_what_they_taught_stays(record: Record) -> None:
    record.put_source(BOARD)
    run_id, seen = record.begin_run("refresh", at(1)), link("a")
    for day in (1, 2, 3):
        record.record_fetch(run_id, fetched(seen, day, sha256="1" * 64))
    assert (record.forget_fetches(at(3)), record.forget_fetches(at(3))) == (2, 0)
    state = record.url_state(str(seen.file_url))
    assert state is not None
    assert (state.first_seen, state.checked_at) == (at(1), at(3))


def test_an_unchanged_saying_is_kept_once_and_a_changed_one_beside_it(nights: Nights) -> None:
    record, said = nights.record, link("a", card_text="Child A, 2025")
    nights.night(1, [said], {"a": b"report"})
    run_id = record.begin_run("refresh", at(2))
    corrected = replace(said, card_text="Child A, March 2025")
    assert record.record_sightings(run_id, "northmoor", [said, corrected]) == 1
    (document,) = record.documents()
    assert record.sightings_of(document.id) == (said, corrected)


def test_what_a_page_no_longer_says_no_longer_counts(nights: Nights) -> None:
    said, corrected = link("a", card_text="Child A"), link("a", card_text="Child A, aged 3")
    nights.night(1, [said], {"a": b"report"})
    nights.night(2, [corrected])
    (document,) = nights.record.documents()
    assert nights.record.sightings_of(document.id) == (corrected,)


def test_a_night_that_went_wrong_half_way_takes_no_saying_away(nights: Nights) -> None:
    listed = link("a")
    detailed = replace(listed, detail_url="http://northmoor.test/a", card_text="more")
    nights.night(1, [listed, detailed], {"a": b"report"})
    nights.night(2, [listed], result="partial", complete=False)
    (document,) = nights.record.documents()
    assert nights.record.sightings_of(document.id) == (listed, detailed)
    nights.night(3, [listed])
    assert nights.record.sightings_of(document.id) == (listed,)


def test_a_sighting_comes_back_as_it_was_seen(nights: Nights) -> None:
    seen = Sighting(
        "northmoor", "http://northmoor.test/reviews", "http://northmoor.test/a.pdf", detail_url="http://northmoor.test/a",
        link_text="Adolygiad Môn", headings=("2025", "March"), card_text="card", dates=("March 2025",),
        status_words=("archived",), group="g", edition="2", anonymous=True, extra={"Keywords": "neglect"},
    )  # fmt: skip
    nights.night(1, [seen])
    run_id = nights.record.begin_run("refresh", at(1))
    stored = nights.record.store_file(run_id, seen, fetched(seen, 1), b"report")
    assert nights.record.sightings_of(str(stored.document_id)) == (seen,)


def test_half_a_character_from_a_broken_page_is_kept_as_a_question_mark(nights: Nights) -> None:
    seen = link("a", link_text="Child A \ud83d")
    nights.night(1, [seen], {"a": b"report"})
    (document,) = nights.record.documents()
    assert document.title == "Child A ?"
    assert nights.record.sightings_of(document.id) == (replace(seen, link_text="Child A ?"),)


def test_a_sources_state_remembers_its_best_and_its_last_success(nights: Nights) -> None:
    nights.first("abcd")
    nights.night(
        2,
        "",
        result="blocked",
        complete=False,
        reason="robots.txt forbids the list",
        newest="2025-01",
    )
    state = nights.record.source_states()["northmoor"]
    assert (state.result, state.reason, state.last_success, state.failing_since) == (
        "blocked", "robots.txt forbids the list", at(1), at(2),
    )  # fmt: skip
    assert (state.documents, state.most_documents, state.newest) == (0, 4, "2025-01")
    nights.night(3, "abcd", counts={"pages": 2}, left_alone={"policy": 7}, announced=4)
    state = nights.record.source_states()["northmoor"]
    assert (state.result, state.last_success, state.failing_since) == ("unchanged", at(3), None)
    assert (state.counts, state.left_alone, state.announced) == ({"pages": 2}, {"policy": 7}, 4)
    assert nights.record.yields("northmoor") == [
        (at(3), "unchanged", 4), (at(2), "blocked", 0), (at(1), "ok", 4),
    ]  # fmt: skip


def test_the_revision_only_grows(record: Record) -> None:
    assert [record.revision(), record.raise_revision(), record.raise_revision()] == [0, 1, 2]
