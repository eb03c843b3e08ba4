"""Rows of one database brought into another: all of them, once, also after a stop."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    insert,
    select,
)

from casereviews.repository.record import copying
from casereviews.repository.record.copying import copy_rows, differing, rows_of
from casereviews.repository.record.database import connect

metadata = MetaData()
board = Table("board", metadata, Column("id", String, primary_key=True), Column("seen", Boolean))
paper = Table(
    "paper",
    metadata,
    Column("board_id", String, ForeignKey("board.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("title", Text),
    Column("seconds", Float),
    Column("body", LargeBinary),
)
PAPERS = 1_700


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[tuple[Engine, Engine]]:
    made = tuple(connect(tmp_path / name, write=True) for name in ("here.db", "there.db"))
    for engine in made:
        metadata.create_all(engine)
    here, there = made
    chance = random.Random(18)
    with here.begin() as c:
        c.execute(insert(board), [{"id": f"Bwrdd {n}é", "seen": n % 2 == 0} for n in range(30)])
        for n in range(PAPERS):
            c.execute(
                insert(paper),
                {
                    "board_id": f"Bwrdd {n % 30}é",
                    "number": n,
                    "title": None if n % 7 == 0 else f"Papur {n}",
                    "seconds": chance.random(),
                    "body": chance.randbytes(20),
                },
            )
    yield here, there
    for engine in made:
        engine.dispose()


class Killed(BaseException):
    pass


def test_every_row_is_there_afterwards_with_every_value(engines: tuple[Engine, Engine]) -> None:
    here, there = engines
    told: list[int] = []
    assert not copy_rows(here, there, metadata, told.append)
    assert told == sorted(told)
    assert told[-1] == 30 + PAPERS
    assert list(differing(here, there, metadata)) == []
    assert rows_of(there, metadata) == {"board": 30, "paper": PAPERS}
    with here.begin() as a, there.begin() as b:
        query = select(paper).order_by(paper.c.board_id, paper.c.number)
        assert a.execute(query).all() == b.execute(query).all()


@pytest.mark.parametrize("portion", range(1, 6))
def test_a_stopped_copy_goes_on_and_writes_nothing_twice(
    engines: tuple[Engine, Engine], monkeypatch: pytest.MonkeyPatch, portion: int
) -> None:
    here, there = engines
    portions = 0

    def kill(_: int) -> None:
        nonlocal portions
        portions += 1
        if portions == portion:
            raise Killed

    with pytest.raises(Killed):
        copy_rows(here, there, metadata, kill)
    before = sum(rows_of(there, metadata).values())
    emptied = []
    monkeypatch.setattr(copying, "empty", lambda *_: emptied.append(1))
    assert not copy_rows(here, there, metadata, lambda _: None)
    assert before > 0
    assert emptied == []
    assert list(differing(here, there, metadata)) == []


@pytest.mark.parametrize(
    "change", ["a row more", "a row less", "another value", "a row at the end"]
)
def test_what_changed_meanwhile_is_seen_and_brought(
    engines: tuple[Engine, Engine], change: str
) -> None:
    here, there = engines
    copy_rows(here, there, metadata, lambda _: None)
    with here.begin() as c:
        if change == "a row more":
            c.execute(insert(paper), {"board_id": "Bwrdd 3é", "number": -1})
        elif change == "a row less":
            c.execute(paper.delete().where(paper.c.number == 700))
        elif change == "another value":
            c.execute(paper.update().where(paper.c.number == 701).values(title="Adroddiad"))
        else:
            c.execute(insert(board), {"id": "Zennor", "seen": None})
    assert list(differing(here, there, metadata)) == [
        "board" if change == "a row at the end" else "paper"
    ]
    other = change in ("a row less", "another value")
    assert copy_rows(here, there, metadata, lambda _: None) is other
    assert list(differing(here, there, metadata)) == []
