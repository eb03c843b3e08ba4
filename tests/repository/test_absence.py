"""Gone means gone: what is no longer listed is asked for itself, nights are counted, and a person decides about what was taken off."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from casereviews.repository.record import Record
from casereviews.repository.record.absence import MOST_IN_DOUBT
from tests.repository.nights import BOARD, Night, Nights, at, fetched, link, name_of

BOTH_STORES = True

GONE = "gone sooner than its publisher's policy"
OFF_LIST = "taken off the list, file still public"
LONG_AGO = 400


def state(nights: Nights, document_id: str) -> tuple[str, str]:
    found = nights.record.document(document_id)
    return found.availability, found.visibility


def reasons(record: Record) -> list[str]:
    return [one.reason for one in record.held()]


def kinds(told: list[Night]) -> list[list[str]]:
    return [[one.kind for one in night.events] for night in told]


# ---- nights, not runs


def test_two_runs_on_one_date_are_one_night(nights: Nights) -> None:
    nights.first("abcd")
    told = [nights.night(day, "abc").told() for day in (2, 2, 3, 3, 4, 4)]
    assert told == [
        [("missing", 1)],
        [],
        [("missing", 2)],
        [],
        [("removed", 3), ("held", None)],
        [],
    ]


def test_a_night_on_which_the_file_cannot_be_asked_for_says_nothing(nights: Nights) -> None:
    ids = nights.first("abcd")
    told = [nights.night(day, "abc", unasked="d").told() for day in range(2, 9)]
    assert told == [[]] * 7
    assert state(nights, ids["d"]) == ("available", "shown")
    told = [
        nights.night(day, "abc", unasked="d" if day % 2 else "").told() for day in range(10, 15)
    ]
    assert told == [[("missing", 1)], [], [("missing", 2)], [], [("removed", 3), ("held", None)]]


def test_only_what_is_not_listed_is_asked_for_and_what_is_gone_no_longer_counts(
    nights: Nights,
) -> None:
    nights.first("abcd")
    nights.night(2, "abcd")
    assert nights.asked == []
    nights.night(3, "abc")
    assert nights.asked == ["d"]


# ---- its file is still there


def test_a_report_taken_off_while_its_neighbours_stay_is_held_and_named(nights: Nights) -> None:
    ids = nights.first("abcd")
    told = [nights.night(day, "abd", there="c").told() for day in (2, 3, 4, 5)]
    assert told == [
        [("missing", 1)],
        [("missing", 2)],
        [("unlisted", None), ("held", None)],
        [],
    ]
    assert state(nights, ids["c"]) == ("unlisted", "held")
    assert reasons(nights.record) == [OFF_LIST]


def test_what_a_person_released_is_shown_and_not_held_again_for_the_same_reason(
    nights: Nights,
) -> None:
    ids = nights.first("abcd")
    for day in (2, 3, 4):
        nights.night(day, "abd", there="c")
    nights.record.release(ids["c"], at=at(5))
    assert kinds([nights.night(day, "abd", there="c") for day in (5, 6, 7)]) == [[], [], []]
    assert state(nights, ids["c"]) == ("unlisted", "shown")
    # It is listed for a night, and taken off again: the person has said that it may be shown.
    assert kinds([nights.night(8, "abcd")]) == [["returned"]]
    told = kinds([nights.night(day, "abd", there="c") for day in (9, 10, 11)])
    assert told == [["missing"], ["missing"], ["unlisted"]]
    assert state(nights, ids["c"]) == ("unlisted", "shown")
    # Its file goes: that is another reason.
    told = kinds([nights.night(day, "abd") for day in (12, 13, 14)])
    assert told == [[], [], ["removed", "held"]]
    assert reasons(nights.record) == [GONE]


def test_later_than_the_policy_it_is_unlisted_and_shown(nights: Nights) -> None:
    ids = nights.first("abcd")
    for day in (LONG_AGO, LONG_AGO + 1):
        nights.night(day, "abd", there="c")
    assert kinds([nights.night(LONG_AGO + 2, "abd", there="c")]) == [["unlisted"]]
    assert state(nights, ids["c"]) == ("unlisted", "shown")
    # And its file may go later still: that is told once.
    told = kinds([nights.night(LONG_AGO + day, "abd") for day in (3, 4, 5, 6)])
    assert told == [[], [], ["removed"], []]
    assert state(nights, ids["c"]) == ("removed", "shown")


def test_a_file_that_comes_and_goes_is_not_gone(nights: Nights) -> None:
    ids = nights.first("abcd")
    for day in range(2, 12):
        nights.night(day, "abd", there="c" if day % 2 else "")
    assert state(nights, ids["c"])[0] == "unlisted"
    assert reasons(nights.record) == [OFF_LIST]


def test_a_whole_page_of_a_list_that_went_is_no_retraction(nights: Nights) -> None:
    old = [link(name, group=name) for name in "abcdef"]
    archive = [
        replace(link(name, group=name), listing_url="http://northmoor.test/2019") for name in "wxyz"
    ]
    first = nights.night(1, [*old, *archive], {name: name.encode() for name in "abcdefwxyz"})
    for day in (2, 3, 4):
        night = nights.night(day, old, there="wxyz")
    assert night.told() == [("unlisted", None)] * 4
    assert {state(nights, str(first.stored[name].document_id)) for name in "wxyz"} == {
        ("unlisted", "shown")
    }


def test_one_reviews_papers_taken_off_together_are_held_though_their_page_went(
    nights: Nights,
) -> None:
    page = "http://northmoor.test/child-w"
    papers = [replace(link(name, group=page), listing_url=page, detail_url=page) for name in "wxyz"]
    listed = [link(name) for name in "abcdef"]
    nights.night(1, [*listed, *papers], {name: name.encode() for name in "abcdefwxyz"})
    for day in (2, 3, 4):
        night = nights.night(day, listed, there="wxyz")
    assert night.told() == [("unlisted", None), ("held", None)] * 4


# ---- lists that roll over


@pytest.fixture
def rolling(record: Record) -> Nights:
    return Nights(record, replace(BOARD, rolling=True))


def test_what_leaves_a_list_that_is_known_to_roll_over_is_unlisted_at_once(
    rolling: Nights,
) -> None:
    ids = rolling.first("abc")
    told = rolling.night(2, "xyz", {name: name.encode() for name in "xyz"}, there="abc")
    assert sorted(told.told()) == [("new", None)] * 3 + [("unlisted", None)] * 3
    assert told.result == "ok"
    assert {state(rolling, key) for key in ids.values()} == {("unlisted", "shown")}
    assert rolling.record.held() == []
    # A report whose file goes is held on such a list too.
    told_later = [rolling.night(day, "xyz", there="ab").told() for day in (3, 4, 5)]
    assert told_later == [[], [], [("removed", 3), ("held", None)]]


def test_a_row_without_a_file_that_leaves_a_rolling_list_is_unlisted(rolling: Nights) -> None:
    rows = [link(name, file_url=None, kind="entry") for name in "ab"]
    rolling.night(1, rows)
    assert rolling.night(2, rows[1:]).told() == [("unlisted", None)]


def test_a_list_whose_oldest_fall_off_as_new_ones_come_is_learnt_to_roll_over(
    nights: Nights,
) -> None:
    names = "abcdefgh"
    ids = nights.first(names)
    held: list[int] = []
    for roll, new in enumerate("stuvw", 1):
        names = new + names[:-1]
        for night in range(4):
            nights.night(roll * 10 + night, names, {new: new.encode() * 9}, there="abcdefgh")
        held.append(len(nights.record.held()))
    assert held == [1, 2, 0, 0, 0]
    assert {state(nights, ids[name]) for name in "defgh"} == {("unlisted", "shown")}
    assert [one.became for one in nights.record.events(kinds=("released",))] == [
        "its list rolls over"
    ] * 2
    # What is taken from its middle fell off no end.
    for day in (70, 71, 72):
        nights.night(day, names.replace("t", ""), there="abcdefght")
    assert reasons(nights.record) == [OFF_LIST]


def test_a_list_that_grows_downwards_rolls_over_at_its_top(nights: Nights) -> None:
    names = "abcdefgh"
    nights.first(names)
    for roll, new in enumerate("stu", 1):
        names = names[1:] + new
        for night in range(4):
            nights.night(roll * 10 + night, names, {new: new.encode() * 9}, there="abcdefgh")
    assert nights.record.held() == []


def test_new_reports_alone_make_no_list_roll_over(nights: Nights) -> None:
    names = "abcdefgh"
    nights.first(names)
    for roll, (new, gone) in enumerate(zip("stu", "cde", strict=True), 1):
        names = new + names.replace(gone, "")
        for night in range(4):
            nights.night(roll * 10 + night, names, {new: new.encode() * 9}, there="abcdefgh")
    assert reasons(nights.record) == [OFF_LIST] * 3


# ---- a list that is not to be believed


def test_a_small_list_that_is_replaced_as_a_whole_counts_nothing(nights: Nights) -> None:
    nights.first("ab")
    night = nights.night(2, "xy", {"x": b"x", "y": b"y"})
    assert (night.told(), night.result, nights.asked) == ([], "broken", [])
    # A night later what came is told as new: it was read, and is nothing that was known.
    assert kinds([nights.night(3, "xy")]) == [["new", "new"]]


def test_a_redesign_that_makes_its_files_anew_is_told_as_moves(nights: Nights) -> None:
    ids = nights.first("abcd")
    record = nights.record

    def read() -> None:
        for one in record.unread_versions():
            body = record.archive.path(one.sha256).read_bytes()
            record.settle(one.document_id, {one.sha256: body[:1].hex()})

    read()
    bodies = {new: old.encode() * 7 for new, old in zip("wxyz", "abcd", strict=True)}
    assert nights.night(2, "wxyz", bodies).told() == []
    read()
    assert nights.night(3, "wxyz").told() == [("moved", None)] * 4
    assert [one.id for one in record.documents()] == sorted(ids.values())


def test_links_whose_files_fail_together_say_nothing(nights: Nights) -> None:
    nights.first("abcdef")
    for day in range(2, 9):
        run_id = nights.night(day, "abcdef", finish=False).run_id
        for number, name in enumerate("abcdef"):
            status, error = (404, "http_404") if number % 2 else (200, None)
            nights.record.record_fetch(run_id, fetched(link(name), day, status=status, error=error))
        assert nights.end(run_id, day) == ()


def answers(nights: Nights, run_id: int, day: int, **of: int | str) -> None:
    """Record what files answered: a status, or the name of what kept them away."""
    for name, said in of.items():
        status, error = (said, None) if isinstance(said, int) else (None, said)
        error = f"http_{status}" if status in (404, 503) else error
        nights.record.record_fetch(run_id, fetched(link(name), day, status=status, error=error))


def doubted(nights: Nights) -> str:
    return "".join(sorted(name_of(url) for url in nights.record.in_doubt(BOARD.id)))


def first_asked(nights: Nights, names: str) -> dict[str, str]:
    """A first night on which each file answered, as the spider notes it."""
    ids = nights.first(names)
    run_id = nights.record.begin_run("refresh", at(1))
    for name in names:
        sha256 = nights.record.document(ids[name]).sha256
        nights.record.record_fetch(run_id, fetched(link(name), 1, sha256=sha256))
    nights.record.end_run(run_id, at(1), "done")
    return ids


def test_a_listed_file_is_in_doubt_from_the_answer_that_it_is_gone_until_that_is_concluded(
    nights: Nights,
) -> None:
    ids = first_asked(nights, "abcdef")
    assert doubted(nights) == ""
    told = []
    for day, held in ((2, "c"), (3, "c"), (4, "")):
        run_id = nights.night(day, "abcdef", finish=False).run_id
        answers(nights, run_id, day, c=404, d=200)
        told += [(one.kind, one.count) for one in nights.end(run_id, day)]
        assert doubted(nights) == held
    assert told == [("missing", 1), ("missing", 2), ("removed", 3), ("held", None)]
    assert state(nights, ids["c"]) == ("removed", "held")


def test_what_was_found_gone_off_its_list_is_asked_for_on_the_night_on_which_it_is_listed_again(
    nights: Nights,
) -> None:
    """Once: where only its link came back, it is asked again when its age says so."""
    ids = first_asked(nights, "abcdef")
    for day in (2, 3, 4):
        nights.night(day, "abdef")
    assert state(nights, ids["c"]) == ("removed", "held")
    assert doubted(nights) == "c"
    run_id = nights.night(5, "abcdef", finish=False).run_id
    answers(nights, run_id, 5, c=404)
    assert nights.end(run_id, 5) == ()
    assert doubted(nights) == ""
    for day in (6, 7):
        assert nights.night(day, "abdef").told() == []
    assert doubted(nights) == "c"
    run_id = nights.night(8, "abcdef", finish=False).run_id
    answers(nights, run_id, 8, c=200)
    assert [one.kind for one in nights.end(run_id, 8)] == ["returned"]
    assert doubted(nights) == ""


def test_what_could_not_be_had_is_in_doubt_until_it_answers(nights: Nights) -> None:
    first_asked(nights, "abcd")
    run_id = nights.night(2, "abcd", finish=False).run_id
    answers(nights, run_id, 2, a=503, b="timeout", c="other_bytes", d=304)
    nights.end(run_id, 2)
    assert doubted(nights) == "ab"
    run_id = nights.night(3, "abcd", finish=False).run_id
    answers(nights, run_id, 3, a=304, b=200)
    nights.end(run_id, 3)
    assert doubted(nights) == ""


def test_of_many_in_doubt_those_are_asked_that_were_asked_longest_ago(nights: Nights) -> None:
    names = "abcdefghijklmnop"
    first_asked(nights, names)
    for day, failing in ((2, names[:4]), (3, names[4:])):
        run_id = nights.night(day, names, finish=False).run_id
        answers(nights, run_id, day, **dict.fromkeys(failing, 503))
        nights.end(run_id, day)
    assert doubted(nights) == names[:MOST_IN_DOUBT]


def test_a_listed_file_that_is_gone_has_witnesses_that_its_server_answers(nights: Nights) -> None:
    ids = first_asked(nights, "abcdefgh")
    run_id = nights.night(2, "abcdefgh", finish=False).run_id
    assert nights.asked == []
    answers(nights, run_id, 2, c=404)
    asked = nights.record.unlisted(run_id, BOARD.id, at(2))
    assert len(asked) == 3
    assert ids["c"] not in {one.document_id for one in asked}
    # One that came counts as a witness.
    answers(nights, run_id, 2, h=304)
    assert len(nights.record.unlisted(run_id, BOARD.id, at(2))) == 2


@pytest.mark.parametrize(("witnesses", "counted"), [(200, True), (404, False)])
def test_two_reports_whose_files_go_on_a_quiet_night_are_counted_while_others_answer(
    witnesses: int, counted: bool, nights: Nights
) -> None:
    ids = first_asked(nights, "abcdefgh")
    for day in (2, 3, 4):
        run_id = nights.night(day, "abcdefgh", finish=False).run_id
        answers(nights, run_id, day, b=404, c=404)
        for one in nights.record.unlisted(run_id, BOARD.id, at(day)):
            answers(nights, run_id, day, **{name_of(one.url): witnesses})
        nights.end(run_id, day)
    became = ("removed", "held") if counted else ("available", "shown")
    assert [state(nights, ids[name]) for name in "bc"] == [became] * 2
    assert {state(nights, ids[name]) for name in "adefgh"} == {("available", "shown")}


def test_a_link_that_has_been_dead_for_long_does_not_hide_that_another_file_is_gone(
    nights: Nights,
) -> None:
    ids = first_asked(nights, "abcdef")
    for day in range(2, 9):
        run_id = nights.night(day, "abcdef", finish=False).run_id
        gone = {"b": 404, "c": 404} if day > 5 else {"b": 404}
        answers(nights, run_id, day, a=304, **gone)
        nights.end(run_id, day)
    assert [state(nights, ids[name]) for name in "bc"] == [("removed", "held")] * 2


def test_what_may_have_moved_to_an_address_whose_file_fails_waits(nights: Nights) -> None:
    ids = nights.first("abc")
    moved = [link("a"), link("b"), link("x", link_text="Child C: Serious Case Review")]
    for day in range(2, 9):
        nights.night(day, moved)
        assert state(nights, ids["c"]) == ("available", "shown")
    assert nights.asked == []
    nights.night(9, moved, {"x": b"c" * 9})
    told = [one.kind for one in nights.record.events(document_id=ids["c"])]
    assert "moved" in told
    assert not {"missing", "unlisted", "removed", "held"} & set(told)
    assert state(nights, ids["c"]) == ("available", "shown")


# ---- what comes back


def test_what_comes_back_is_told_and_neither_missing_nor_unlisted(nights: Nights) -> None:
    ids = nights.first("abcd")
    for day in (LONG_AGO, LONG_AGO + 1, LONG_AGO + 2):
        nights.night(day, "abd", there="c")
    assert kinds([nights.night(LONG_AGO + 3, "abcd")]) == [["returned"]]
    found = nights.record.document(ids["c"])
    assert (found.availability, found.missing_nights) == ("available", 0)


def test_a_removed_file_that_is_public_again_is_told_though_nobody_lists_it(
    nights: Nights,
) -> None:
    ids = nights.first("abcd")
    for day in (LONG_AGO, LONG_AGO + 1, LONG_AGO + 2):
        nights.night(day, "abd")
    told = [nights.night(LONG_AGO + 3 + night, "abd", there="c") for night in range(3)]
    assert [[(one.kind, one.became) for one in night.events] for night in told] == [
        [("returned", "unlisted")],
        [],
        [],
    ]
    assert state(nights, ids["c"]) == ("unlisted", "shown")


def test_no_event_is_told_twice_in_a_row(nights: Nights) -> None:
    ids = nights.first("abcd")
    for day in range(2, 30):
        nights.night(day, "abd" if day % 9 else "abcd", there="c" if day < 15 else "")
    told = [(one.kind, one.count) for one in nights.record.events(document_id=ids["c"])]
    assert all(one != other for one, other in pairwise(told))
