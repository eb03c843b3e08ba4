"""When something is asked for again."""

from datetime import UTC, datetime, timedelta

from casereviews.crawler.spiders.schedule import (
    days_between_checks,
    full_read_due,
    is_due,
    is_future,
    size_tells,
    stamp,
)

SEEN = datetime(2027, 1, 1, tzinfo=UTC)


def due_days(age_at_check: int, key: str = "") -> int:
    """Days after a check at some age until it is due again."""
    checked = SEEN + timedelta(days=age_at_check)
    for days in range(200):
        now = checked + timedelta(days=days)
        if is_due(first_seen=stamp(SEEN), checked_at=stamp(checked), now=stamp(now), key=key):
            return days
    return 200


def test_young_ones_are_checked_on_every_run_and_old_ones_seldom() -> None:
    assert [days_between_checks(age) for age in (0, 14, 15, 90, 91, 730, 731, 5000)] == [
        0,
        0,
        7,
        7,
        30,
        30,
        90,
        90,
    ]
    assert due_days(3) == 0
    assert 5 <= due_days(30) <= 7
    assert 22 <= due_days(300) <= 30
    assert 67 <= due_days(2000) <= 90


def test_what_was_found_in_one_night_does_not_come_due_in_one_night() -> None:
    days = {due_days(2000, f"https://board.example/{number}.pdf") for number in range(200)}
    assert len(days) > 15
    assert due_days(2000, "a") == due_days(2000, "a")


def test_size_stands_for_change_while_a_file_is_young() -> None:
    assert size_tells(first_seen=stamp(SEEN), now=stamp(SEEN + timedelta(days=90)))
    assert not size_tells(first_seen=stamp(SEEN), now=stamp(SEEN + timedelta(days=91)))


def test_what_is_told_of_by_another_way_waits_even_when_it_is_young() -> None:
    checked = SEEN + timedelta(days=1)
    waits = [
        is_due(
            first_seen=stamp(SEEN),
            checked_at=stamp(checked),
            now=stamp(checked + timedelta(days=days)),
            at_least=7.0,
        )
        for days in (0, 1, 5, 7)
    ]
    assert waits == [False, False, False, True]


def test_every_file_is_read_in_full_at_its_age_and_not_all_in_one_night() -> None:
    def waits(age: int, key: str) -> int:
        first = stamp(SEEN)
        read = stamp(SEEN + timedelta(days=age))
        return next(
            days
            for days in range(1, 200)
            if full_read_due(
                first_seen=first,
                read_at=read,
                now=stamp(SEEN + timedelta(days=age + days)),
                key=key,
            )
        )

    keys = [f"https://board.example/{number}.pdf" for number in range(200)]
    assert {waits(1, key) for key in keys} == set(range(22, 29))
    old = [waits(400, key) for key in keys]
    assert max(old) <= 90
    assert len(set(old)) > 15


def test_what_a_clock_ahead_checked_is_due_at_once() -> None:
    ahead = stamp(SEEN + timedelta(days=3000))
    assert is_due(first_seen=stamp(SEEN - timedelta(days=2000)), checked_at=ahead, now=stamp(SEEN))
    assert is_due(first_seen=ahead, checked_at=ahead, now=stamp(SEEN))
    assert not is_future(stamp(SEEN + timedelta(minutes=5)), stamp(SEEN))
