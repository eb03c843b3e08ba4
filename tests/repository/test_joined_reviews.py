"""Reviews that people join: whole, both ways round, in chains, over rebuilds, new documents and withdrawals; and what is taken back."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from casereviews.repository.describing.corrections import (
    add_correction,
    load_corrections,
    take_back,
)
from casereviews.repository.describing.grouping import GroupingInput, group
from casereviews.repository.home import Home
from casereviews.repository.model import Sighting
from casereviews.repository.processing import process
from casereviews.repository.published_documents import shown_review
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
from casereviews.repository.withdrawals import withdraw
from tests.repository.nights import Nights, at, link

BOTH_STORES = True

TITLES = {"q1": "Child Q: Overview report", "q2": "Child Q: Learning briefing", "q3": "Child Q: Action plan",
          "r1": "Child R: Overview report", "r2": "Child R: Learning briefing", "r3": "Child R: Action plan",
          "s1": "Child S: Overview report", "s2": "Child S: Learning briefing"}  # fmt: skip


@dataclass
class Board:
    """A home with reviews of two documents each: q1 and q2 on one card, r1 and r2, s1 and s2."""

    home: Home
    ids: dict[str, str] = field(default_factory=dict)
    day: int = 0

    def night(self, *names: str) -> None:
        self.day += 1
        with Record.open(self.home, write=True) as record:
            known = {name: body(name) for name in names if name not in self.ids}
            stored = Nights(record, media_type="text/html").night(
                self.day, [card(name) for name in names], known
            )
            self.ids |= {name: str(one.document_id) for name, one in stored.stored.items()}
        self.process()

    def process(self) -> None:
        with (
            Record.open(self.home, write=True) as record,
            Derived.open(self.home, write=True) as derived,
        ):
            process(record, derived, now=at(self.day), workers=1)

    def rebuild(self) -> None:
        for path in self.home.root.glob(f"{self.home.derived_db.name}*"):
            path.unlink()
        self.process()

    def correct(self, one: str, field: str, other: str) -> None:
        add_correction(self.home.corrections_toml, one, field, other)
        self.process()

    def review(self, name: str) -> str:
        with Derived.open(self.home) as derived:
            return str(derived.review_of(self.ids[name]))

    def together(self) -> set[str]:
        """The names of the documents of each review, such as "q1 q2"."""
        with Derived.open(self.home) as derived:
            rows = derived.memberships()
        found: dict[str, list[str]] = {}
        for name, key in self.ids.items():
            if key in rows:
                found.setdefault(rows[key][0], []).append(name)
        return {" ".join(sorted(names)) for names in found.values()}

    def leads(self, identifier: str) -> str:
        with Record.open(self.home) as record:
            return record.resolve_id(identifier)


def card(name: str) -> Sighting:
    return link(name, link_text=TITLES[name], group=name[0])


def body(name: str) -> bytes:
    """A page of one sentence after another that no other page has."""
    chance = random.Random(name)
    words = (f"{name}word{chance.randrange(10_000)}" for _ in range(90))
    return f"<html><body><h1>{TITLES[name]}</h1><p>{' '.join(words)}</p></body></html>".encode()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Board:
    made = Board(Home(tmp_path_factory.mktemp("filled") / "home").create())
    made.night("q1", "q2", "r1", "r2", "s1", "s2")
    assert made.together() == {"q1 q2", "r1 r2", "s1 s2"}
    return made


@pytest.fixture
def board(filled: Board, tmp_path: Path) -> Board:
    shutil.copytree(filled.home.root, tmp_path / "home")
    return Board(Home(tmp_path / "home"), dict(filled.ids), filled.day)


@pytest.mark.parametrize(
    ("one", "other"), [("q1", "r1"), pytest.param("r1", "q1", marks=pytest.mark.slow)]
)
def test_two_reviews_are_joined_whole_and_every_rebuild_says_the_same(
    board: Board, one: str, other: str
) -> None:
    first, second = board.review(one), board.review(other)
    board.correct(first, "same_as", second)
    assert board.together() == {"q1 q2 r1 r2", "s1 s2"}
    assert board.leads(first) == board.leads(second) == board.review("q2") == board.review("r2")
    joined = board.review("q1")
    for again in (board.process, board.rebuild, board.process, board.rebuild):
        again()
        assert (board.together(), board.review("q1")) == ({"q1 q2 r1 r2", "s1 s2"}, joined)
    with Derived.open(board.home) as derived:
        reasons = {reason for _, reason in derived.memberships().values()}
    assert "joined by a correction" in reasons


@pytest.mark.slow
def test_chains_join_all_and_taking_one_link_back_parts_what_it_joined(board: Board) -> None:
    q, r, s = (board.review(name) for name in ("q1", "r1", "s1"))
    board.correct(s, "same_as", r)
    board.correct(q, "same_as", r)
    board.rebuild()
    assert board.together() == {"q1 q2 r1 r2 s1 s2"}
    assert board.leads(q) == board.leads(r) == board.leads(s)
    path = board.home.corrections_toml
    take_back(path, load_corrections(path).all[0])
    board.process()
    assert board.together() == {"q1 q2 r1 r2", "s1 s2"}
    assert board.leads(s) == s
    take_back(path, load_corrections(path).all[0])
    board.process()
    assert board.together() == {"q1 q2", "r1 r2", "s1 s2"}
    assert [board.leads(one) for one in (q, r, s)] == [q, r, s]


@pytest.mark.slow
def test_what_is_new_on_either_side_comes_to_the_joined_review(board: Board) -> None:
    q, r = board.review("q1"), board.review("r1")
    board.correct(r, "same_as", q)
    board.night("q1", "q2", "q3", "r1", "r2", "s1", "s2")
    board.night("q1", "q2", "q3", "r1", "r2", "r3", "s1", "s2")
    assert board.together() == {"q1 q2 q3 r1 r2 r3", "s1 s2"}
    board.rebuild()
    assert board.together() == {"q1 q2 q3 r1 r2 r3", "s1 s2"}
    assert board.leads(q) == board.leads(r) == board.review("r3")


@pytest.mark.parametrize(
    ("gone", "by_document"),
    [
        (("q1",), False),
        *(
            pytest.param(gone, by_document, marks=pytest.mark.slow)
            for gone in (("q1",), ("r1",), ("q1", "r1"), ("r1", "r2"), ("r2",))
            for by_document in (False, True)
        ),
    ],
)
def test_what_stays_after_a_withdrawal_stays_joined_and_both_ids_lead_there(
    board: Board, gone: tuple[str, ...], by_document: bool
) -> None:
    q, r = board.review("q1"), board.review("r1")
    ends = (board.ids["q1"], board.ids["r1"]) if by_document else (q, r)
    board.correct(ends[1], "same_as", ends[0])
    for name in gone:
        withdraw(board.home, board.ids[name], reason="asked for", now=at(9))
    stay = sorted({"q1", "q2", "r1", "r2"} - set(gone))
    board.rebuild()
    assert board.together() == {" ".join(stay), "s1 s2"}
    assert board.leads(q) == board.leads(r) == board.review(stay[0])
    said = board.home.corrections_toml.read_text("utf-8") if by_document else ""
    assert not any(board.ids[name] in said for name in gone)


@pytest.mark.slow
def test_a_withdrawn_review_leaves_the_other_its_own_ids(board: Board) -> None:
    q, r = board.review("q1"), board.review("r1")
    board.correct(r, "same_as", q)
    board.correct(r, "not_same_as", q)
    withdraw(board.home, r, reason="asked for", now=at(9))
    assert board.together() == {"q1 q2", "s1 s2"}
    assert board.leads(q) == q
    assert r not in board.home.corrections_toml.read_text("utf-8")


def test_a_correction_that_is_taken_back_is_no_more_published(board: Board) -> None:
    review = board.review("q1")
    path = board.home.corrections_toml

    def themes() -> Any:
        return shown_review(board.home, review).fields.get("themes", ())

    before = themes()
    board.correct(review, "theme+", "harm_neglect")
    board.correct(review, "outcome", "death")
    assert themes() == ("harm_neglect", *before)
    path.unlink()
    board.process()
    assert themes() == before
    assert "outcome" not in shown_review(board.home, review).fields


def test_a_correction_of_an_older_id_is_of_the_joined_review(board: Board) -> None:
    q, r = board.review("q1"), board.review("r1")
    board.correct(r, "same_as", q)
    for one, sex in ((q, "girl"), (r, "boy")):
        board.correct(one, "sex", sex)
        assert shown_review(board.home, q).fields["sex"] == sex


# ---------------------------------------------------------------- the rules of joining, without a home


def doc(key: str, label: str, **said: Any) -> GroupingInput:
    said.setdefault("keys", (f"north card {key[0]}",))
    return GroupingInput(key, "north", "Northmoor Partnership", labels=(label,), **said)


DOCUMENTS = [doc("a1", "Child A"), doc("a2", "Child A"), doc("b1", "Child B"), doc("b2", "Child B"),
             doc("c1", "Child C"), doc("c2", "Child C")]  # fmt: skip


def grouped(**by_hand: Any) -> Iterator[str]:
    found = {" ".join(sorted(one.members)) for one in group(DOCUMENTS, **by_hand)}
    back = {" ".join(sorted(one.members)) for one in group(DOCUMENTS[::-1], **by_hand)}
    assert found == back
    yield from sorted(found)


@pytest.mark.parametrize(
    ("same", "apart", "expected"),
    [
        ([("a1", "b1")], [], ["a1 a2 b1 b2", "c1 c2"]),
        ([("b2", "a2")], [], ["a1 a2 b1 b2", "c1 c2"]),
        ([("a1", "b1"), ("b2", "c1")], [], ["a1 a2 b1 b2 c1 c2"]),
        # A document goes to another review without those that it was parted from.
        ([("a1", "b1")], [("a2", "a1")], ["a1 b1 b2", "a2", "c1 c2"]),
        ([("a1", "b1")], [("a2", "b1")], ["a1 b1 b2", "a2", "c1 c2"]),
        # What was parted stays parted, whoever is joined to whom.
        ([("a1", "b1"), ("b1", "c1")], [("a1", "c1")], ["a1 a2 b1 b2", "c1 c2"]),
    ],
)
def test_people_join_what_the_rules_made_and_their_partings_stand(
    same: list[tuple[str, str]], apart: list[tuple[str, str]], expected: list[str]
) -> None:
    assert list(grouped(same=same, apart=apart)) == expected
