"""Short runs of the simulated nights: what was withdrawn is nowhere, what stands there is shown, each event is told once."""

from __future__ import annotations

import random
import zlib
from pathlib import Path

import pytest

from benchmarks.nights400 import __main__ as command
from benchmarks.nights400.clock import Calendar
from benchmarks.nights400.known import SOON, former_words
from benchmarks.nights400.left import left_of
from benchmarks.nights400.sites import SHAPES, Edition, Paper, Server, pdf_of, rtf_of, serving
from benchmarks.nights400.years import Years, simulate
from casereviews.repository.record.outcome import Event
from tests.sampling import every


@pytest.mark.slow
@pytest.mark.parametrize(("nights", "sites", "seed"), every(2, [(12, 4, 3), (60, 12, 2)]))
def test_after_simulated_nights_nothing_is_wrongly_shown_hidden_left_or_told_twice(
    nights: int, sites: int, seed: int, tmp_path: Path
) -> None:
    years = simulate(tmp_path, nights=nights, sites=sites, seed=seed)
    assert [f"night {one.night}: {one.what}" for one in years.truth.wrong] == []
    assert years.truth.counts["event: new"] >= 5 * sites
    assert years.truth.counts["restores"] >= 1


@pytest.fixture
def years(tmp_path: Path) -> Years:
    """One board that was never asked."""
    with serving() as server:
        return Years(tmp_path, server, nights=10, sites=1, seed=1)


def event(kind: str) -> Event:
    return Event(id=1, kind=kind, run_id=1, at="2027-01-01T02:00:00Z", source_id="list", document_id="d")  # fmt: skip


def test_the_oracle_hears_each_event_once_in_its_order(years: Years) -> None:
    truth, told = years.truth, years.told
    key = truth.key(truth.boards[0], truth.boards[0].papers[0])
    told.hear(key, event("new"))
    assert (truth.wrong, truth.known[key].awaited) == ([], [])
    told.hear(key, event("new"))
    told.hear(key, event("held"))
    assert [one.what.partition("told ")[2].split()[0] for one in truth.wrong] == ["new", "held"]


def test_a_report_whose_file_is_kept_back_is_told_again_when_it_arrives(years: Years) -> None:
    board = years.truth.boards[0]
    board.trouble = "files"
    for paper in board.papers[:2]:
        years.told.hear(years.truth.key(board, paper), event("new"))
    awaited = [
        [one.kind for one in years.truth.known[years.truth.key(board, paper)].awaited]
        for paper in board.papers[:2]
    ]
    assert [paper.number % 2 for paper in board.papers[:2]] == [1, 0]
    assert awaited == [["file_arrived"], []]


def test_a_retraction_awaits_that_it_is_told_and_held_and_a_late_one_is_named(years: Years) -> None:
    truth = years.truth
    board = truth.boards[0]
    for paper in board.papers:
        years.told.hear(truth.key(board, paper), event("new"))
    truth.night = 1
    paper = board.linked[2]
    known = truth.known[truth.key(board, paper)]
    assert years.happenings.take_all(board, paper, known)
    assert [one.kind for one in known.awaited] == ["missing", "missing", "removed", "held"]
    assert (known.before, known.visible) == (True, False)
    assert paper not in board.linked
    assert board.answer(paper.path).status == 404


def test_a_board_that_fails_puts_off_what_is_awaited(years: Years) -> None:
    board = years.truth.boards[0]
    known = years.truth.known[years.truth.key(board, board.papers[0])]
    board.trouble = "down"
    years.truth.put_off(told_nothing=False)
    assert known.awaited[0].until == SOON + 1


def test_a_night_that_breaks_off_is_named_and_the_next_ones_follow(
    years: Years, monkeypatch: pytest.MonkeyPatch
) -> None:
    nights: list[int] = []

    def one() -> None:
        nights.append(years.truth.night)
        if years.truth.night in (2, 5):
            raise ValueError("no list")

    monkeypatch.setattr(years, "one", one)
    monkeypatch.setattr(years, "settle", lambda: nights.append(-1))
    years.run()
    assert nights == [*range(10), -1]
    assert [(one.night, one.what) for one in years.truth.wrong] == [
        (night, "the night broke off with ValueError: no list") for night in (2, 5)
    ]


def test_the_command_ends_with_1_and_lists_what_is_wrong(
    years: Years, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "simulate", lambda *_, **__: years)
    monkeypatch.setattr("sys.argv", ["nights400"])
    assert command.main() == 0
    years.truth.night = 7
    years.truth.say("a report is hidden")
    assert command.main() == 1
    assert capsys.readouterr().out.endswith("  night 7: a report is hidden\n")


def test_long_runs_have_a_full_disk_quiet_nights_and_both_restores() -> None:
    calendar = Calendar(400, random.Random(1))
    assert sorted(calendar.restores.values()) == ["newest", "older"]
    assert calendar.restores[calendar.quiet[-1]] == "older"
    assert Calendar.backs_up(calendar.quiet[0])
    lost = {*calendar.quiet, *calendar.full_disk}
    assert calendar.full_disk
    assert calendar.missed
    assert calendar.twice
    assert not lost & (calendar.missed | calendar.twice)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_site_names_its_papers_and_gives_their_files(
    shape: str, tmp_path: Path
) -> None:
    server = Server()
    try:
        years = Years(tmp_path, server, nights=10, sites=0, seed=1)
        board = server.add(shape)
        years.truth.boards.append(board)
        paper = years.happenings.publish(board)
    finally:
        server.server.server_close()
    assert board.answer(paper.path).body == board.file(paper)[0]
    starts = [one.removeprefix(board.url) for one in board.source.start_urls]
    lists = {
        "wordpress": ["/wp-json/wp/v2/posts?page=1"],
        "govuk": ["/api/content/government/collections/reviews"],
    }.get(shape, starts)
    assert any(paper.title.encode() in board.answer(one).body for one in lists)


def test_an_anonymous_edition_has_the_words_but_the_name(tmp_path: Path) -> None:
    paper = Paper(1, "Bado Mevi", "Serious Case Review: Bado Mevi", "/f/1.pdf", 0, Edition("Gorazu", "Tilovake"), 7, "")  # fmt: skip
    for name, make in (("a.pdf", pdf_of), ("b.rtf", rtf_of)):
        (tmp_path / name).write_bytes(make(paper.text(), 1))
    assert pdf_of(paper.text(), 1) != pdf_of(paper.text(), 2)
    assert len(pdf_of(paper.text(), 1)) == len(pdf_of(paper.text(), 2))
    assert b"Tilovake" in (tmp_path / "a.pdf").read_bytes()
    assert b"Tilovake" in (tmp_path / "b.rtf").read_bytes()


def test_the_former_words_of_a_paper_are_those_that_it_says_no_more() -> None:
    paper = Paper(1, "Bado Mevi", "Serious Case Review: Bado Mevi", "/f/1.pdf", 0, Edition("Gorazu", "the child"), 7, "")  # fmt: skip
    paper.earlier = [Edition("Gorazu Nevi", "Tilovake"), Edition("Mevi", "Tilovake")]
    assert former_words(paper) == ["Nevi", "Tilovake"]


def test_what_is_left_is_found_in_names_bytes_and_what_inflates(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"of TILOVAKE and more")
    (tmp_path / "packed").write_bytes(b"head" + zlib.compress(b"of Tilovake"))
    (tmp_path / "tilovake.txt").write_bytes(b"")
    (tmp_path / "clean").write_bytes(b"nothing")
    found = left_of({"Tilovake"}, [tmp_path])
    assert {Path(place.removeprefix("the name of ").partition(",")[0]).name for place, _ in found} == {
        "plain", "packed", "tilovake.txt"
    }  # fmt: skip
    assert left_of({"Gorazu"}, [tmp_path]) == []
