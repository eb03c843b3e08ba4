"""What people read fits 60, 80 and 120 letters; in a pipe a line is whole, and an address always."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from casereviews.collection.output.answer import Answer, Column
from casereviews.repository.home import Home
from casereviews.search_cli.main import cli
from casereviews.search_cli.output import table, terminal
from tests.search_cli import small_home

LONG = "https://northmoor.test/" + "reviews-of-the-partnership/" * 6 + "report.pdf"
COLUMNS = (
    Column("review_id", "Review"),
    Column("title", "Title"),
    Column("published", "Published"),
    Column("count", "Documents", right=True),
    Column("url", "File"),
)
ROWS = [
    {
        "review_id": "northmoor-a0cjzc",
        "title": "Child Q: a fictional review of how agencies worked together when a family moved twice in a winter",
        "published": "2021-03-17T10:11:12Z",
        "count": 3,
        "url": "https://northmoor.test/q.pdf",
    },
    {"review_id": "westvale-1xp659", "title": "Child R", "published": None, "count": 12},
]


def said(home: Home, words: str, columns: int | None, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("CASEREVIEWS_NOW", small_home.NOW)
    env = {"COLUMNS": "" if columns is None else str(columns)}
    return CliRunner().invoke(cli, ["--home", str(home.root), *words.split()], env=env).stdout


def drawn(
    columns: int | None, monkeypatch: pytest.MonkeyPatch, rows: list[dict[str, object]]
) -> list[str]:
    monkeypatch.setenv("COLUMNS", "" if columns is None else str(columns))
    return "\n".join(table.render(Answer(payload=rows, columns=COLUMNS, rows=rows))).splitlines()


VERBS = ("search child --scope all", "new", "status", "held", "sources list", "kwic the", "stats --by year", "sources list --coverage", "doctor")  # fmt: skip


@pytest.mark.parametrize("columns", [60, 80, 120])
@pytest.mark.parametrize("words", VERBS)
def test_every_line_fits(
    built: Home, words: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = said(built, words, columns, monkeypatch).splitlines()
    assert lines
    assert [line for line in lines if cell_len(line) > columns and "://" not in line] == []


def test_a_table_that_would_break_words_becomes_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert drawn(60, monkeypatch, ROWS) == [
        "northmoor-a0cjzc",
        "  Title      Child Q: a fictional review of how agencies",
        "             worked together when a family moved twice in a",
        "             winter",
        "  Published  2021-03-17 10:11",
        "  Documents  3",
        "  File       https://northmoor.test/q.pdf",
        "westvale-1xp659",
        "  Title      Child R",
        "  Documents  12",
    ]


def test_a_wide_table_stays_one_and_breaks_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = drawn(120, monkeypatch, ROWS)
    assert lines[0].split() == ["Review", "Title", "Published", "Documents", "File"]
    words = {word for row in ROWS for value in row.values() for word in str(value or "").split()}
    assert {word for line in lines for word in line.split()} >= words - {ROWS[0]["published"]}
    assert max(map(cell_len, lines)) <= 120


def test_in_a_pipe_rows_and_addresses_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{**ROWS[0], "url": LONG}]
    whole = drawn(None, monkeypatch, rows)
    assert len(whole) == 2
    assert LONG in whole[1]
    assert any(LONG in line for line in drawn(60, monkeypatch, rows))
    monkeypatch.setenv("COLUMNS", "40")
    assert LONG in "\n".join(terminal.drawn(terminal.address(LONG, indent=2)))


def test_a_long_title_continues_under_itself(built: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = said(built, "search child --scope all", 30, monkeypatch).splitlines()
    (first, *_), continued = lines, lines[1]
    assert first.startswith("  1. ")
    assert continued.startswith("     ")


@pytest.mark.parametrize("typed", ["", "0", "-4", "wide", "99999999999999999999x"])
def test_a_width_that_is_none_is_passed_over(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", typed)
    assert terminal.room() is None
