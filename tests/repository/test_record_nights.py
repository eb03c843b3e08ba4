"""What a night's list says against what is known: new, moved, missing, removed, returned, held, and when nothing is said."""

from dataclasses import replace
from pathlib import Path

import pytest

from casereviews.repository.errors import UnknownId
from casereviews.repository.home import Home
from casereviews.repository.record import Record, SourceOutcome
from tests.repository.nights import BOARD, Nights, at, fetched, link

BOTH_STORES = True

NOTHING_COUNTS = [
    {"complete": False, "result": "partial"},
    {"complete": True, "result": "blocked"},
    {"complete": False, "result": "ok"},
]


def status(record: Record, document_id: str) -> tuple[str, int, str]:
    found = record.document(document_id)
    return found.availability, found.missing_nights, found.visibility


def test_a_first_night_is_all_new_and_a_quiet_one_says_nothing(nights: Nights) -> None:
    first = nights.night(1, "ab", {"a": b"one", "b": b"two"})
    assert [stored.result for stored in first.stored.values()] == ["new", "new"]
    assert first.told() == [("new", None), ("new", None)]
    quiet = nights.night(2, "ab", {"a": b"one"})
    assert (quiet.stored["a"].result, quiet.told(), quiet.result) == ("same", [], "unchanged")


def test_a_document_carries_what_its_page_said(nights: Nights) -> None:
    ids = nights.first("a")
    found = nights.record.document(ids["a"])
    assert found == replace(
        found,
        source_id="northmoor",
        file_url="http://northmoor.test/a.pdf",
        landing_url="http://northmoor.test/reviews",
        kind="file",
        origin="crawl",
        first_seen=at(1),
        last_seen=at(1),
        availability="available",
        missing_nights=0,
        visibility="shown",
        media_type="application/pdf",
        title="Child A: Serious Case Review",
    )


def test_absence_counts_to_three_and_a_young_report_is_then_held(nights: Nights) -> None:
    ids = nights.first("abcd")
    told = [nights.night(day, "abc").told() for day in (2, 3, 4, 5)]
    assert told == [[("missing", 1)], [("missing", 2)], [("removed", 3), ("held", None)], []]
    assert status(nights.record, ids["d"]) == ("removed", 3, "held")
    (held,) = nights.record.held()
    assert (held.document_id, held.version, held.held_since, held.publisher) == (
        ids["d"], None, at(4), BOARD.publisher,
    )  # fmt: skip


def test_a_report_that_stayed_as_long_as_its_policy_is_removed_and_shown(record: Record) -> None:
    nights = Nights(record, replace(BOARD, policy_months=6))
    ids = nights.first("abcd")
    for day in (300, 301):
        nights.night(day, "abc")
    assert nights.night(302, "abc").told() == [("removed", 3)]
    assert status(record, ids["d"]) == ("removed", 3, "shown")
    assert record.held() == []


@pytest.mark.parametrize("outcome", NOTHING_COUNTS)
def test_absence_means_nothing_unless_the_whole_list_was_read_in_good_health(
    nights: Nights, outcome: dict[str, object]
) -> None:
    ids = nights.first("abcd")
    night = nights.night(2, "a", **outcome)  # type: ignore[arg-type]
    assert night.told() == []
    assert {status(nights.record, key) for key in ids.values()} == {("available", 0, "shown")}


def test_a_sighting_in_between_starts_the_count_again(nights: Nights) -> None:
    nights.first("abcd")
    told = [nights.night(day, names).told() for day, names in ((2, "abc"), (3, "abcd"), (4, "abc"))]
    assert told == [[("missing", 1)], [], [("missing", 1)]]


def test_nothing_is_counted_when_too_much_would_vanish_at_once(nights: Nights) -> None:
    ids = nights.first("abcdef")
    night = nights.night(2, "ab")
    assert (night.told(), night.result) == ([], "broken")
    assert night.reason.startswith("4 of 6 documents would vanish at once")
    assert {status(nights.record, key) for key in ids.values()} == {("available", 0, "shown")}
    assert nights.record.source_states()["northmoor"].failing_since == at(2)


def test_a_person_may_confirm_that_a_list_has_shrunk(nights: Nights) -> None:
    nights.first("abcdef")
    night = nights.night(2, "ab", accept_shrink=True)
    assert (night.told(), night.result) == ([("missing", 1)] * 4, "ok")


def test_zero_where_there_was_something_is_broken(nights: Nights) -> None:
    nights.first("abc")
    night = nights.night(2, "")
    assert (night.told(), night.result) == ([], "broken")
    assert night.reason == "the list is empty where documents were (3): look at the site"


@pytest.mark.parametrize("names", ["a", "ab", "abcd"])
def test_while_a_list_is_empty_where_documents_were_nothing_is_counted_however_small_it_is(
    nights: Nights, names: str
) -> None:
    ids = nights.first(names)
    down = [nights.night(day, "") for day in (2, 3, 4, 5)]
    assert [(one.result, one.told()) for one in down] == [("broken", [])] * 4
    assert nights.asked == []
    assert {status(nights.record, key) for key in ids.values()} == {("available", 0, "shown")}
    assert nights.night(6, names).told() == []


def test_a_person_confirms_once_that_a_boards_only_report_is_gone(nights: Nights) -> None:
    ids = nights.first("a")
    told = [nights.night(day, "", accept_shrink=day == 2) for day in (2, 3, 4, 5)]
    assert [one.told() for one in told] == [
        [("missing", 1)],
        [("missing", 2)],
        [("removed", 3), ("held", None)],
        [],
    ]
    assert [one.result for one in told] == ["empty"] * 4
    assert status(nights.record, ids["a"]) == ("removed", 3, "held")


def test_a_list_that_never_named_anything_is_called_so(nights: Nights) -> None:
    assert nights.night(1, "").result == "never_yielded"


def test_a_new_address_with_a_vanished_documents_bytes_is_a_move(nights: Nights) -> None:
    ids = nights.first("abc")
    night = nights.night(2, "abx", {"x": b"c" * 9})
    (moved,) = night.events
    assert (moved.kind, moved.document_id, moved.was, moved.became) == (
        "moved", ids["c"], "http://northmoor.test/c.pdf", "http://northmoor.test/x.pdf",
    )  # fmt: skip
    found = nights.record.document(ids["c"])
    assert (found.file_url, found.first_seen) == ("http://northmoor.test/x.pdf", at(1))
    assert [one.id for one in nights.record.documents()] == sorted(ids.values())
    assert nights.record.resolve_id(str(night.stored["x"].document_id)) == ids["c"]
    assert nights.record.addresses_of(ids["c"]) == [
        ("http://northmoor.test/c.pdf", "sighted"),
        ("http://northmoor.test/x.pdf", "sighted"),
    ]


def test_a_whole_site_that_moved_its_files_loses_nothing(nights: Nights) -> None:
    ids = nights.first("abcd")
    night = nights.night(
        2, "wxyz", {new: old.encode() * 9 for new, old in zip("wxyz", "abcd", strict=True)}
    )
    assert (night.told(), night.result) == ([("moved", None)] * 4, "ok")
    assert [one.id for one in nights.record.documents()] == sorted(ids.values())


def test_two_copies_on_one_list_stay_two_until_one_goes(nights: Nights) -> None:
    night = nights.night(1, "ab", {"a": b"same", "b": b"same"})
    first, second = (str(stored.document_id) for stored in night.stored.values())
    assert first != second
    assert nights.night(2, "b").told() == [("moved", None)]
    assert len(nights.record.documents()) == 1
    assert {nights.record.resolve_id(one) for one in (first, second)} == {min(first, second)}


def test_what_returns_after_it_was_held_stays_held_until_a_person_says_release(
    nights: Nights,
) -> None:
    ids = nights.first("abcd")
    for day in (2, 3, 4):
        nights.night(day, "abc")
    assert nights.night(5, "abcd").told() == [("returned", None)]
    assert status(nights.record, ids["d"]) == ("available", 0, "held")
    nights.record.release(ids["d"], at=at(6))
    assert status(nights.record, ids["d"]) == ("available", 0, "shown")
    assert [one.kind for one in nights.record.events(document_id=ids["d"])] == [
        "new", "missing", "missing", "removed", "held", "returned", "released",
    ]  # fmt: skip
    with pytest.raises(UnknownId, match="is not held"):
        nights.record.release(ids["d"], at=at(7))


def test_a_held_report_that_comes_back_under_another_address_stays_held(nights: Nights) -> None:
    ids = nights.first("abcd")
    for day in (2, 3, 4):
        nights.night(day, "abc")
    assert nights.night(5, "abcx", {"x": b"d" * 9}).told() == [("moved", None), ("returned", None)]
    assert status(nights.record, ids["d"]) == ("available", 0, "held")


def test_a_link_whose_file_is_gone_counts_as_absent(nights: Nights) -> None:
    nights.first("abcd")
    run_id = nights.night(2, "abcd", finish=False).run_id
    nights.record.record_fetch(run_id, fetched(link("d"), 2, status=404, error="http_404"))
    night = nights.night(3, "abcd")
    assert night.told() == []
    run_id = nights.night(4, "abcd", finish=False).run_id
    gone = fetched(link("d"), 4, status=410, error="http_410")
    nights.record.record_fetch(run_id, gone)
    outcome = well(4)
    assert [one.kind for one in nights.record.finish_source(run_id, outcome)] == ["missing"]


def well(day: int) -> SourceOutcome:
    return SourceOutcome("northmoor", "ok", at(day), at(day), listing_complete=True)


def test_words_beside_a_link_set_its_availability(nights: Nights) -> None:
    ids = nights.first("ab")
    nights.night(2, [link("a"), link("b", status_words=("available on request",))])
    assert status(nights.record, ids["b"]) == ("on_request", 0, "shown")
    nights.night(3, "ab")
    assert status(nights.record, ids["b"]) == ("available", 0, "shown")


def test_a_row_without_a_link_is_a_document_of_its_own(nights: Nights) -> None:
    row = link("z", file_url=None, kind="entry", status_words=("Delayed",))
    nights.night(1, [row])
    (found,) = nights.record.documents()
    assert (found.kind, found.availability, found.sha256, found.file_url, found.title) == (
        "entry", "delayed", None, None, "Child Z: Serious Case Review",
    )  # fmt: skip


def test_a_cell_that_says_no_longer_published_speaks_for_the_file_that_stood_there(
    nights: Nights,
) -> None:
    cell = {
        "group": "http://northmoor.test/reviews Child D",
        "headings": ("2025", "Overview report"),
    }
    files = [link("a"), link("b"), link("c"), link("d", **cell)]
    night = nights.night(1, files, {name: name.encode() for name in "abcd"})
    d = str(night.stored["d"].document_id)
    row = link("d", file_url=None, kind="entry", status_words=("No longer published",), **cell)
    told = nights.night(2, [*files[:3], row])
    assert [(one.kind, one.document_id == d, one.became) for one in told.events] == [
        ("new", False, None),
        ("removed", True, "no_longer_published"),
        ("held", True, "gone sooner than the source's policy"),
    ]
    assert status(nights.record, d) == ("no_longer_published", 3, "held")


def test_finishing_a_source_twice_changes_nothing(nights: Nights) -> None:
    nights.first("abcd")
    night = nights.night(2, "abc")
    again = nights.record.finish_source(night.run_id, well(2))
    assert again == night.events
    assert [one.missing_nights for one in nights.record.documents()].count(1) == 1


def test_a_run_that_was_killed_is_completed_by_the_next(nights: Nights) -> None:
    nights.first("abc")
    nights.night(2, "abx", {"x": b"c" * 9}, finish=False)
    assert nights.night(3, "abx").told() == [("moved", None)]


def test_the_same_night_in_pieces_gives_the_same_record(nights: Nights, tmp_path: Path) -> None:
    bodies = {name: name.encode() for name in "abcd"}
    nights.night(1, "abcd", bodies)
    with Record.open(Home(tmp_path / "other").create(), write=True) as record:
        other = Nights(record)
        other.night(1, "ab", {"a": b"a"}, finish=False)
        other.night(1, "abcd", {"b": b"b"}, finish=False)
        other.night(1, "abcd", {"c": b"c", "d": b"d"})
        assert record.documents() == nights.record.documents()
        assert [one.kind for one in record.events()] == ["new"] * 4


def test_manual_documents_are_never_missing(nights: Nights) -> None:
    nights.first("abc")
    seen = link("sent", file_url=None)
    run_id = nights.record.begin_run("add", at(2))
    stored = nights.record.store_file(run_id, seen, fetched(seen, 2), b"by post", origin="manual")
    again = nights.record.store_file(run_id, seen, fetched(seen, 2), b"by post", origin="manual")
    assert (stored.result, again.result, again.document_id) == ("new", "same", stored.document_id)
    assert nights.night(3, "abc").told() == []
    assert nights.record.document(str(stored.document_id)).origin == "manual"
