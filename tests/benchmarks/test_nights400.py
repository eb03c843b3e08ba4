"""Short runs of the simulated nights: what was withdrawn is nowhere, what stands there is shown, each event is told once."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from benchmarks.nights400 import Known, Years, left_of, simulate
from benchmarks.nights400_sites import SHAPES, Edition, Paper, Server, pdf_of, rtf_of, serving
from casereviews.repository.record.outcome import Event
from tests.sampling import every


@pytest.mark.slow
@pytest.mark.parametrize(("nights", "sites", "seed"), every(2, [(12, 4, 3), (60, 12, 2)]))
def test_after_simulated_nights_nothing_is_wrongly_shown_hidden_left_or_told_twice(
    nights: int, sites: int, seed: int, tmp_path: Path
) -> None:
    years = simulate(tmp_path, nights=nights, sites=sites, seed=seed)
    assert [f"night {one.night}: {one.what}" for one in years.wrong] == []
    assert years.counts["event: new"] >= 5 * sites
    assert years.counts["restores"] >= 1


@pytest.fixture
def years(tmp_path: Path) -> Years:
    """One board that was never asked."""
    with serving() as server:
        return Years(tmp_path, server, nights=10, sites=1, seed=1)


def event(kind: str) -> Event:
    return Event(id=1, kind=kind, run_id=1, at="2027-01-01T02:00:00Z", source_id="list", document_id="d")  # fmt: skip


def test_the_oracle_hears_each_event_once_in_its_order(years: Years) -> None:
    board = years.boards[0]
    paper = board.papers[0]
    key = years.key(board, paper)
    years.hear(key, event("new"))
    assert (years.wrong, years.known[key].awaited) == ([], [])
    years.hear(key, event("new"))
    years.hear(key, event("held"))
    assert [one.what.partition("told ")[2].split()[0] for one in years.wrong] == ["new", "held"]


def test_a_retraction_awaits_that_it_is_told_and_held_and_a_late_one_is_named(years: Years) -> None:
    board = years.boards[0]
    for paper in board.papers:
        years.hear(years.key(board, paper), event("new"))
    years.night = 1
    paper = board.linked[2]
    known = years.known[years.key(board, paper)]
    assert years.take_all(board, paper, known)
    assert [one.kind for one in known.awaited] == ["missing", "missing", "removed", "held"]
    assert (known.before, known.visible) == (True, False)
    assert paper not in board.linked
    assert board.answer(paper.path).status == 404


def test_a_board_that_fails_puts_off_what_is_awaited(years: Years) -> None:
    known = Known()
    years.known[years.boards[0].shape, 99] = known
    years.expect(known, 2, "new")
    years.boards[0].trouble = "down"
    years.put_off()
    assert known.awaited[0].until == 3


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_site_names_its_papers_and_gives_their_files(
    shape: str, tmp_path: Path
) -> None:
    server = Server()
    try:
        years = Years(tmp_path, server, nights=10, sites=0, seed=1)
        board = server.add(shape)
        years.boards.append(board)
        paper = years.publish(board)
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
