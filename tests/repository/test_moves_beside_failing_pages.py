"""A file that moves while a page of its board's lists cannot be read: one document, told once, whichever page failed and however it moved."""

from __future__ import annotations

import pytest

from casereviews.repository.model import Fetch, Sighting
from casereviews.repository.record import Record, SourceOutcome
from casereviews.repository.record.outcome import PageNote
from tests.repository.nights import BOARD, at

BOTH_STORES = True

SITE = "http://northmoor.test"
RECENT, OLDER = LISTS = (f"{SITE}/reviews", f"{SITE}/older-reviews")


class TwoLists:
    """A board with two lists, each with its papers in order: file name -> what its row says. `files` has what is at each address."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.lists = {RECENT: list("abcd"), OLDER: list("efgh")}
        self.labels: dict[str, str] = {}
        self.files = {name: name.encode() * 9 for name in "abcdefgh"}
        self.seldom: dict[str, bool] = {}
        """What was asked for itself in the last night, and whether only as seldom as any file of its age."""
        record.put_source(BOARD)

    def night(self, day: int, *, fails: str = "") -> list[tuple[str, str]]:
        """One night on which a list may fail, as the spider plays it; returns what was told, of which file."""
        record, source = self.record, BOARD.id
        run = record.begin_run("refresh", at(day))
        notes = []
        for page, names in self.lists.items():
            if page == fails:
                notes.append(PageNote(page, (), "http_500"))
                continue
            notes.append(PageNote(page))
            seen = [
                Sighting(source, page, self.at(name), link_text=self.labels.get(name, f"Child {name} report"))
                for name in names
            ]  # fmt: skip
            record.record_sightings(run, source, seen, page_url=page)
            for one, name in zip(seen, names, strict=True):
                self.ask(run, day, name, one)
        record.note_pages(run, source, notes)
        whole = not fails
        self.seldom = {}
        for one in record.unlisted(run, source, at(day), complete=whole):
            self.seldom[self.name(one.url)] = one.seldom
            self.ask(run, day, self.name(one.url), None)
        outcome = SourceOutcome(
            source, "ok" if whole else "partial", at(day), at(day), listing_complete=whole
        )
        told = record.finish_source(run, outcome)
        record.end_run(run, at(day), "done")
        now = {one.id: self.name(one.file_url or "") for one in record.documents()}
        return [(one.kind, now[one.document_id]) for one in told]

    def ask(self, run: int, day: int, name: str, seen: Sighting | None) -> None:
        body = self.files.get(name)
        status, error = (200, None) if body is not None else (404, "http_404")
        done = Fetch(
            BOARD.id, self.at(name), self.at(name), at(day), status, error, media_type="application/pdf"
        )  # fmt: skip
        if seen is not None and body is not None:
            self.record.store_file(run, seen, done, body)
        self.record.record_fetch(run, done)

    def move(self, name: str, to: str, *lists: str, stays: bool = False) -> None:
        """Give a paper another address on these lists."""
        self.files[to] = self.files[name]
        if not stays:
            del self.files[name]
        for page in lists:
            self.lists[page] = [to if one == name else one for one in self.lists[page]]

    @staticmethod
    def at(name: str) -> str:
        return f"{SITE}/{name}.pdf"

    @staticmethod
    def name(url: str) -> str:
        return url.rpartition("/")[2].removesuffix(".pdf")

    def kept(self) -> list[tuple[str, str, str]]:
        return sorted(
            (self.name(one.file_url or ""), one.availability, one.visibility)
            for one in self.record.documents()
        )


@pytest.fixture
def board(record: Record) -> TwoLists:
    board = TwoLists(record)
    assert len(board.night(1)) == 8
    return board


def after_a_move(was: str, became: str) -> list[tuple[str, str, str]]:
    names = sorted({*"abcdefgh", became} - {was})
    return [(name, "available", "shown") for name in names]


@pytest.mark.parametrize(("paper", "fails"), [(paper, page) for paper in "adeh" for page in LISTS])
def test_a_file_that_moves_while_a_list_fails_is_told_once_as_moved(
    board: TwoLists, paper: str, fails: str
) -> None:
    board.move(paper, "x", RECENT if paper in "ad" else OLDER)
    told = [*board.night(2, fails=fails), *board.night(3, fails=fails)]
    told += [one for day in (4, 5, 6, 7) for one in board.night(day)]
    assert [one for one in told if one[0] != "missing"] == [("moved", "x")]
    assert board.kept() == after_a_move(paper, "x")


@pytest.mark.parametrize("stays", [False, True])
@pytest.mark.parametrize("label", ["Child e report", "Learning from the review of E"])
def test_a_paper_of_both_lists_that_one_gives_a_new_address_while_the_other_fails(
    board: TwoLists, label: str, stays: bool
) -> None:
    board.lists[RECENT].append("e")
    board.night(2)
    board.labels["x"] = label
    board.move("e", "x", RECENT, stays=stays)
    told = board.night(3, fails=OLDER)
    # While the old file is there, the list that fails may name it still: then both are.
    assert told == ([("new", "x")] if stays else [("moved", "x")])
    board.lists[OLDER][0] = "x"
    told += [one for day in (4, 5, 6, 7) for one in board.night(day)]
    assert [kind for kind, _ in told] == (["new", "moved"] if stays else ["moved"])
    assert board.kept() == after_a_move("e", "x")


def test_lists_that_give_a_new_address_on_different_nights(board: TwoLists) -> None:
    board.lists[RECENT].append("e")
    board.night(2)
    board.move("e", "x", RECENT)
    told = [*board.night(3, fails=OLDER), *board.night(4, fails=OLDER)]
    told += [*board.night(5), *board.night(6)]
    board.lists[OLDER][0] = "x"
    told += [one for day in (7, 8, 9) for one in board.night(day)]
    assert told == [("moved", "x")]
    assert board.kept() == after_a_move("e", "x")


def test_two_papers_of_the_same_bytes_stay_two_while_the_list_of_one_fails(board: TwoLists) -> None:
    board.files["f"] = board.files["b"]
    board.lists[OLDER] = list("eigh")
    board.files["i"] = board.files["b"]
    board.night(2)
    told = [one for day in (3, 4, 5) for one in board.night(day, fails=OLDER)]
    told += board.night(6)
    assert not [one for one in told if one[0] == "moved"]
    assert ("i", "available", "shown") in board.kept()
    assert (
        "b",
        "available",
        "shown",
    ) in board.kept()


def test_what_a_list_that_was_read_names_no_more_is_counted_while_another_fails(
    board: TwoLists,
) -> None:
    board.lists[RECENT].remove("b")
    told = [board.night(day, fails=OLDER) for day in (2, 3, 4)]
    assert told == [[("missing", "b")], [("missing", "b")], [("unlisted", "b"), ("held", "b")]]
    board.lists[OLDER].remove("g")
    told = [board.night(day, fails=RECENT) for day in (5, 6, 7)]
    assert told == [[("missing", "g")], [("missing", "g")], [("unlisted", "g"), ("held", "g")]]
    assert board.record.source_states()[BOARD.id].unchecked == 3
    assert [one for one in board.kept() if one[2] == "shown"] == [
        (name, "available", "shown") for name in "acdefh"
    ]


def test_what_may_have_moved_beside_a_page_that_fails_is_asked_for_whatever_its_age(
    board: TwoLists,
) -> None:
    board.lists[RECENT].append("e")
    board.night(2)
    board.lists[RECENT].remove("e")
    board.night(3, fails=OLDER)
    assert board.seldom == {"e": True, "f": True, "g": True, "h": True}
    board.lists[RECENT].append("x")
    board.files["x"] = board.files["e"]
    board.night(4, fails=OLDER)
    assert board.seldom == {"e": False, "f": True, "g": True, "h": True}


@pytest.mark.parametrize("now", ["hbfd", "bdgh"])
def test_a_list_in_another_order_hides_nothing_that_may_stand_on_a_page_that_fails(
    board: TwoLists, now: str
) -> None:
    board.lists = {RECENT: list(now), OLDER: sorted({*"abcdefgh"} - {*now})}
    assert not [one for day in (2, 3, 4, 5) for one in board.night(day, fails=OLDER)]
    assert not board.night(6)
    assert board.kept() == after_a_move("", "a")


def test_what_was_off_its_list_is_not_counted_while_that_very_list_cannot_be_read(
    board: TwoLists,
) -> None:
    board.lists[RECENT].remove("b")
    assert board.night(2) == [("missing", "b")]
    assert [board.night(day, fails=RECENT) for day in (3, 4)] == [[], []]
    board.lists[RECENT].insert(1, "b")
    assert board.night(5) == []
    board.lists[RECENT].remove("b")
    # Another list that fails hides nothing of it.
    told = [one for day in (6, 7, 8) for one in board.night(day, fails=OLDER)]
    assert [kind for kind, _ in told if kind != "held"][-1] in ("removed", "unlisted")
