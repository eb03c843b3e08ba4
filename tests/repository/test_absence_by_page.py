"""Absence by the page that named a document: random nights of a list of two pages, with pages that fail, against what is truly there."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from casereviews.repository.home import Home
from casereviews.repository.model import Fetch, Sighting
from casereviews.repository.record import Record, SourceOutcome
from casereviews.repository.record.outcome import PageNote
from casereviews.repository.record.pages import key_of
from tests.repository.nights import BOARD, Nights, at
from tests.sampling import every

BOTH_STORES = True

SITE = "http://northmoor.test"
LISTS = (f"{SITE}/reviews", f"{SITE}/reviews?page=2")
PATIENCE = 3


class Pages:
    """A board with a list of two pages and a page a review, over a record; `fails` maps addresses to what they answer tonight.

    Those in `says_none` say in words that there is nothing on them, once there is nothing.
    """

    def __init__(self, record: Record, reviews: int = 12) -> None:
        self.record = record
        self.listed = set(range(reviews))
        self.files = set(range(reviews))
        self.half = reviews // 2
        self.fails: dict[str, str] = {}
        self.says_none: set[str] = set()
        self.doubted: frozenset[str] = frozenset()
        self.result = ""
        record.put_source(BOARD)

    def page_of(self, number: int) -> str:
        return f"{SITE}/child-{number}/"

    def list_of(self, number: int) -> str:
        return LISTS[number >= self.half]

    def file(self, number: int) -> str:
        return f"{SITE}/f/{number}.pdf"

    def night(self, day: int) -> list[tuple[str, int]]:
        """One night as the spider plays it; returns the kinds of events and the reviews that they are of."""
        record, source = self.record, BOARD.id
        run = record.begin_run("refresh", at(day))
        notes: list[PageNote] = []
        self.doubted = record.in_doubt(source)
        for index, url in enumerate(LISTS):
            if index and self.fails.get(LISTS[0]):
                break
            if trouble := self.fails.get(url):
                notes.append(PageNote(url, (), trouble))
                continue
            mine = [n for n in sorted(self.listed) if self.list_of(n) == url]
            onward = LISTS[1:] if index == 0 else ()
            none = not mine and url in self.says_none
            notes.append(PageNote(url, (*map(self.page_of, mine), *onward), says_none=none))
            for number in mine:
                notes.append(self.review(run, number, day))
        record.note_pages(run, source, notes)
        whole = not any(one.trouble and one.trouble != "http_404" for one in notes)
        if not self.fails.get(LISTS[0]):
            for one in record.unlisted(run, source, at(day), complete=whole):
                self.ask(run, one.url, day)
        result = "broken" if self.fails.get(LISTS[0]) else "ok" if whole else "partial"
        outcome = SourceOutcome(
            source, result, at(day), at(day), listing_complete=whole and result == "ok"
        )
        told = record.finish_source(run, outcome)
        record.end_run(run, at(day), "done")
        self.result = record.source_states()[source].result
        numbers = {one.id: self.number(one.file_url or "") for one in record.documents()}
        return [(one.kind, numbers[one.document_id]) for one in told]

    def review(self, run: int, number: int, day: int) -> PageNote:
        url = self.page_of(number)
        if trouble := self.fails.get(url):
            return PageNote(url, (), trouble)
        text = f"Child {number} overview report"
        seen = Sighting(
            BOARD.id, self.list_of(number), self.file(number), detail_url=url, link_text=text
        )
        self.record.record_sightings(run, BOARD.id, [seen], page_url=url)
        if self.record.url_state(self.file(number)) is None:
            done = Fetch(BOARD.id, self.file(number), self.file(number), at(day), 200)
            self.record.store_file(run, seen, done, f"report {number}".encode())
            self.record.record_fetch(run, done)
        elif self.file(number) in self.doubted:
            self.ask(run, self.file(number), day)
        return PageNote(url)

    def ask(self, run: int, url: str, day: int) -> None:
        status = 200 if self.number(url) in self.files else 404
        error = None if status == 200 else "http_404"
        self.record.record_fetch(run, Fetch(BOARD.id, url, url, at(day), status, error))

    @staticmethod
    def number(url: str) -> int:
        return int(url.rpartition("/")[2].removesuffix(".pdf"))

    def shown(self) -> dict[int, bool]:
        return {
            self.number(one.file_url or ""): one.visibility == "shown"
            for one in self.record.documents()
        }

    def reads(self, number: int) -> bool:
        """True when tonight tells of a review that is not listed: all that leads to its page, while it was there, was read."""
        return not self.fails.get(self.list_of(number))


class Sliding(Pages):
    """A list of three pages of four, newest first: a review that comes has the next lower number and pushes the others on."""

    SIZE = 4

    def list_of(self, number: int) -> str:
        return LISTS[min(sorted(self.listed).index(number) // self.SIZE, 2)]


@pytest.fixture
def sliding(record: Record, monkeypatch: pytest.MonkeyPatch) -> Sliding:
    monkeypatch.setattr(
        "tests.repository.test_absence_by_page.LISTS", (*LISTS, f"{LISTS[0]}?page=3")
    )
    board = Sliding(record)
    board.listed, board.files = set(range(10, 22)), set(range(30))
    board.night(1)
    return board


def test_what_new_reports_push_onto_a_page_that_fails_is_not_taken_for_gone(
    sliding: Sliding,
) -> None:
    sliding.fails = {LISTS[1]: "http_500"}
    sliding.listed.add(9)
    told = [sliding.night(2), sliding.night(3)]
    sliding.listed.add(8)
    told += [sliding.night(day) for day in (4, 5, 6, 7)]
    assert told == [[("new", 9)], [], [("new", 8)], [], [], []]
    sliding.fails = {}
    assert sliding.night(8) == []
    assert set(sliding.shown().values()) == {True}


def test_what_a_retraction_draws_onto_a_page_that_fails_is_not_taken_for_gone(
    sliding: Sliding,
) -> None:
    sliding.fails = {LISTS[1]: "http_500"}
    sliding.listed.discard(11)
    sliding.files.discard(11)
    told = [sliding.night(day) for day in (2, 3, 4, 5)]
    assert told == [[("missing", 11)], [("missing", 11)], [("removed", 11), ("held", 11)], []]
    assert [number for number, shown in sliding.shown().items() if not shown] == [11]


def test_the_last_report_of_a_page_that_goes_is_noticed_though_the_next_page_fails(
    sliding: Sliding,
) -> None:
    sliding.fails = {LISTS[1]: "http_500"}
    sliding.listed.discard(13)
    told = [sliding.night(day) for day in (2, 3, 4)]
    assert told == [[("missing", 13)], [("missing", 13)], [("unlisted", 13), ("held", 13)]]


def test_a_pushed_report_whose_file_goes_too_is_noticed_though_the_next_page_fails(
    sliding: Sliding,
) -> None:
    sliding.fails = {LISTS[1]: "http_500"}
    sliding.listed.add(9)
    sliding.listed.discard(13)
    sliding.files.discard(13)
    told = [kind for day in (2, 3, 4) for kind in sliding.night(day) if kind[1] == 13]
    assert told == [("missing", 13), ("missing", 13), ("removed", 13), ("held", 13)]


def years(seed: int, nights: int, record: Record) -> None:
    """Random nights: a page or two fails, now and then a review is taken off or deleted, or comes back and is released."""
    chance = random.Random(seed)
    board = Pages(record)
    board.night(1)
    told_off: Counter[int] = Counter()
    kinds: Counter[tuple[str, int]] = Counter()
    for day in range(2, nights):
        board.fails = {}
        for url in (*LISTS, *(board.page_of(n) for n in range(12))):
            if chance.random() < (0.02 if url == LISTS[0] else 0.12):
                board.fails[url] = chance.choice(("http_500", "http_404", "timeout", "robots"))
        off = [n for n in range(12) if n not in board.listed]
        if chance.random() < 0.1 and len(off) < 3:
            number = chance.choice(sorted(board.listed))
            board.listed.discard(number)
            if chance.random() < 0.5:
                board.files.discard(number)
        elif chance.random() < 0.05 and off:
            number = chance.choice(off)
            board.listed.add(number)
            board.files.add(number)
            told_off[number] = 0
        kinds.update(board.night(day))
        if board.result not in ("broken",):
            for number in range(12):
                gone = number not in board.files
                if number not in board.listed and (gone or board.reads(number)):
                    told_off[number] += 1
        shown = board.shown()
        for number in range(12):
            if number in board.listed:
                if not shown[number]:
                    back = {board.number(one.file_url or "") for one in record.held()}
                    assert number in back, (day, number)
                continue
            if told_off[number] >= PATIENCE:
                assert not shown[number], (day, number, board.fails)
        # What came back is released as a person would, all at once.
        for one in record.held():
            if one.listed_again is not None:
                assert board.number(one.file_url or "") in board.listed
        record.release_returned(None, at=at(day))
        for number in board.listed:
            if not any(board.fails.get(one) for one in (*LISTS, board.page_of(number))):
                assert board.shown()[number], (day, number)
        # A release is remembered: it is not held again for being off the list. Its board deletes its file.
        for one in record.events(kinds=("released",)):
            number = board.number(record.document(one.document_id).file_url or "")
            if number not in board.listed and number in board.files:
                board.files.discard(number)
                told_off[number] = 0
    assert {kind for kind, _ in kinds} <= {
        "missing", "removed", "unlisted", "held", "returned", "moved",
    }  # fmt: skip


@pytest.mark.slow
def test_random_nights_hide_what_was_retracted_and_nothing_else(record: Record) -> None:
    years(1, 25, record)


@pytest.mark.slow
@pytest.mark.parametrize("seed", every(5, range(2, 12)))
def test_a_hundred_random_nights_of_pages_that_fail(seed: int, tmp_path: Path) -> None:
    with Record.open(Home(tmp_path / "home").create(), write=True) as record:
        years(seed, 100, record)


def test_a_page_that_fails_for_ever_hides_no_other_pages_retraction(record: Record) -> None:
    board = Pages(record)
    board.night(1)
    board.fails = {board.page_of(0): "http_500"}
    board.listed.discard(3)
    board.files.discard(3)
    told = [board.night(day) for day in (2, 3, 4, 5)]
    assert told == [[("missing", 3)], [("missing", 3)], [("removed", 3), ("held", 3)], []]
    state = record.source_states()[BOARD.id]
    assert (state.result, state.unchecked, state.unchecked_since) == ("partial", 1, at(2))
    board.fails = {}
    board.night(6)
    state = record.source_states()[BOARD.id]
    assert (state.unchecked, state.unchecked_since) == (0, None)


def test_what_stands_beneath_a_page_that_fails_is_not_counted_but_by_its_own_file(
    record: Record,
) -> None:
    board = Pages(record)
    board.night(1)
    board.fails = {LISTS[1]: "timeout"}
    board.listed -= {10, 11}
    board.files.discard(11)
    told = [board.night(day) for day in (2, 3, 4)]
    assert told == [[("missing", 11)], [("missing", 11)], [("removed", 11), ("held", 11)]]
    assert board.shown()[10]
    assert record.source_states()[BOARD.id].unchecked == 5


def test_what_came_back_is_told_and_released_by_source_or_all_at_once(record: Record) -> None:
    board = Pages(record)
    board.night(1)
    board.listed -= {3, 4}
    for day in (2, 3, 4):
        board.night(day)
    board.listed.add(3)
    assert board.night(5) == [("returned", 3)]
    again = {board.number(one.file_url or ""): one.listed_again for one in record.held()}
    assert again == {3: at(5), 4: None}
    assert record.release_returned("elsewhere", at=at(6)) == []
    assert len(record.release_returned(BOARD.id, at=at(6))) == 1
    assert (board.shown()[3], board.shown()[4]) == (True, False)
    # Off again: a person has said that it may be shown.
    board.listed.discard(3)
    for day in (7, 8, 9):
        board.night(day)
    assert board.shown()[3]


@pytest.mark.slow
@pytest.mark.parametrize(
    "rhythm",
    [
        (1, 1),
        pytest.param((3, 3), marks=pytest.mark.slow),
        pytest.param((4, 2), marks=pytest.mark.slow),
    ],
)
def test_a_list_that_flips_is_told_a_few_times_and_fills_no_list_of_held(
    rhythm: tuple[int, int], record: Record
) -> None:
    board = Pages(record)
    board.night(1)
    off, on = rhythm
    for day in range(2, 62):
        flips = {2, 3} if (day - 2) % (off + on) < off else set()
        board.listed = set(range(12)) - flips
        board.night(day)
        record.release_returned(None, at=at(day))
    told = Counter(one.kind for one in record.events() if one.kind != "new")
    # Two reviews, two months: nothing is told more than twice a month, but for one hold and its release.
    assert all(
        number <= 2 * 2 * 3 * (2 if kind == "missing" else 1) for kind, number in told.items()
    )
    assert told["held"] <= 2
    assert len(record.held()) <= 2


@pytest.mark.slow
def test_two_versions_that_are_served_in_turn_are_a_few_versions_and_events(
    record: Record,
) -> None:
    nights = Nights(record)
    for day in range(1, 41):
        stored = nights.night(day, "ab", {"a": b"one" if day % 2 else b"two", "b": b"b"}).stored
        document = str(stored["a"].document_id)
        hashes = {one.sha256 for one in record.versions(document)}
        record.settle(document, {one: one for one in hashes})
        assert record.document(document).sha256 == stored["a"].sha256
    assert len(record.versions(document)) == 4
    assert len([one for one in record.events(document_id=document) if one.kind != "new"]) <= 6
    held = record.held()
    assert len(held) <= 2
    assert stored["a"].sha256 is not None
    for one in held:
        record.release(one.document_id, at=at(41), version=one.version)
    assert record.held() == []


def test_a_file_that_says_another_thing_at_every_download_is_one_row(record: Record) -> None:
    nights = Nights(record)
    for day in range(1, 21):
        stored = nights.night(day, "ab", {"a": f"stamp {day}".encode()}).stored["a"]
        document = str(stored.document_id)
        record.settle(document, {one.sha256: one.sha256 for one in record.versions(document)})
    (row,) = record.held()
    assert row.reason == "replaced sooner than its publisher's policy, and 18 earlier ones"
    told = Counter(one.kind for one in record.events(document_id=document))
    assert told["changed_text"] <= 3
    assert told["held"] <= 3
    record.release(document, at=at(22), version=row.version)
    assert record.held() == []


def test_pages_are_known_by_a_hash(record: Record) -> None:
    board = Pages(record)
    board.night(1)
    with record.transaction() as c:
        rows = c.exec_driver_sql("SELECT page, leads FROM page").all()
    assert {row[0] for row in rows} == {
        key_of(url) for url in (*LISTS, *map(board.page_of, range(12)))
    }
    assert "child" not in " ".join(row[1] for row in rows)


def test_a_page_that_was_empty_and_is_read_later_is_not_called_removed(record: Record) -> None:
    page = f"{SITE}/child-9/"
    stand_in = Sighting(BOARD.id, LISTS[0], page, detail_url=page, link_text="Child 9", kind="page")
    file = Sighting(BOARD.id, LISTS[0], f"{SITE}/f/1.pdf", link_text="Child 1 overview report")

    def night(day: int, *, read: bool) -> None:
        run = record.begin_run("refresh", at(day))
        record.put_source(BOARD)
        record.record_sightings(run, BOARD.id, [file], page_url=LISTS[0])
        if day == 1:
            done = Fetch(BOARD.id, file.file_url or "", file.file_url or "", at(1), 200)
            record.store_file(run, file, done, b"report")
        if not read:
            record.record_sightings(run, BOARD.id, [stand_in], page_url=LISTS[0])
            record.record_fetch(run, Fetch(BOARD.id, page, page, at(day), 200, "empty_page"))
        notes = [PageNote(LISTS[0], (page,)), PageNote(page, (), None if read else "empty_page")]
        record.note_pages(run, BOARD.id, notes)
        outcome = SourceOutcome(BOARD.id, "ok", at(day), at(day), listing_complete=True)
        record.finish_source(run, outcome)

    night(1, read=False)
    for day in range(2, 8):
        night(day, read=True)
    told = {one.kind for one in record.events()}
    assert told == {"new"}


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Pages]:
    with Record.open(Home(tmp_path / "home").create(), write=True) as record:
        yield Pages(record, reviews=4)


def test_where_a_list_says_in_words_that_it_has_none_now_what_it_held_is_asked_and_counted(
    board: Pages,
) -> None:
    board.night(1)
    board.listed, board.files, board.says_none = set(), {1}, set(LISTS)
    told = [board.night(day) for day in (2, 3, 4, 5)]
    gone = [n for n in range(4) if n != 1]
    assert sorted(told[0]) == sorted(told[1]) == [("missing", n) for n in range(4)]
    assert sorted(told[2]) == [
        *(("held", n) for n in gone),
        *(("removed", n) for n in gone),
        ("unlisted", 1),
    ]
    assert (told[3], board.result) == ([], "empty")
    assert board.shown() == {0: False, 1: True, 2: False, 3: False}
    board.listed = board.files = {0, 1, 2, 3}
    assert {kind for kind, _ in board.night(6)} == {"returned"}


@pytest.mark.parametrize("says_none", [set(), {LISTS[0]}, {LISTS[1]}])
def test_while_another_list_is_merely_empty_nothing_is_counted(
    board: Pages, says_none: set[str]
) -> None:
    board.night(1)
    board.listed, board.files, board.says_none = set(), set(), says_none
    assert [(board.night(day), board.result) for day in (2, 3, 4, 5)] == [([], "broken")] * 4
    assert all(board.shown().values())


def test_one_list_that_says_so_is_counted_while_the_other_stays(board: Pages) -> None:
    board.half = 3
    board.night(1)
    board.listed, board.files, board.says_none = {3}, {3}, set(LISTS)
    told = [board.night(day) for day in (2, 3, 4, 5)]
    assert sorted(told[2]) == [(kind, n) for kind in ("held", "removed") for n in range(3)]
    assert (told[3], board.result) == ([], "unchanged")
    assert board.shown() == {0: False, 1: False, 2: False, 3: True}


def test_a_page_that_could_not_be_read_to_its_end_says_nothing_of_none(board: Pages) -> None:
    board.night(1)
    run = board.record.begin_run("refresh", at(2))
    notes = [
        PageNote(url, (), trouble, says_none=True)
        for url, trouble in zip(LISTS, (None, "in_part"), strict=True)
    ]
    board.record.note_pages(run, BOARD.id, [*notes, PageNote(LISTS[0], ())])
    outcome = SourceOutcome(BOARD.id, "ok", at(2), at(2), listing_complete=True)
    assert board.record.finish_source(run, outcome) == ()
    assert board.record.source_states()[BOARD.id].result == "broken"
