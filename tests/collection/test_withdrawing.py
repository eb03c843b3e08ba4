"""A withdrawal is whole in every room, also of what was held before, survives a kill at any point, and nothing like it comes back."""

from __future__ import annotations

import importlib
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casereviews import Collection
from casereviews.collection.changing import indexing
from casereviews.collection.changing.indexing import bring_up_to_date
from casereviews.crawler.spiders.memory import Memory
from casereviews.index.folder import current
from casereviews.repository import withdrawals
from casereviews.repository.canary import WHAT_TO_DO, canary
from casereviews.repository.errors import HomeDamaged, WithdrawalUnfinished
from casereviews.repository.home import Home
from casereviews.repository.lock import writing
from casereviews.repository.model import Sighting, SourceInfo
from casereviews.repository.processing import process
from casereviews.repository.record import Record, derived_tables, holds, tables
from casereviews.repository.record.derived import Derived
from casereviews.repository.record.outcome import Event
from tests.repository.nights import LIST, Nights, at, fetched, link

CASE = "rosalind-quillfeather"
OWN_PAGE = "http://northmoor.test/reviews/rosalind-quillfeather/"
NAMES = ("Quillfeather", "Rosalind", "Brambleshaw", CASE)
STORY = (
    "Rosalind Quillfeather lived with her aunt at Brambleshaw Cottage. The health visitor saw Rosalind Quillfeather on four "
    "occasions and wrote that she was hungry. The school knew of the hunger and told nobody until the autumn, when a neighbour "
    "carried her over the frozen lane to the surgery, where a nurse asked for the first time what she ate on Sundays. "
)
NIGHT = "2026-03-20T08:00:00Z"


def page(title: str, text: str) -> bytes:
    body = (
        f"<html><body><main><h1>Serious Case Review: {title}</h1><p>{text}</p></main></body></html>"
    )
    return body.encode()


SAID = [
    link("a", link_text="Child A overview report", card_text="Rosalind Quillfeather and Child A. Joint serious case review of 2026"),
    link("b", link_text="Child B overview report", headings=("Reviews", "Rosalind Quillfeather, Child B")),
    link(CASE, link_text="Rosalind Quillfeather overview report", detail_url=OWN_PAGE, group="q"),
    link("q-summary", link_text="Executive summary", headings=("Serious Case Review: Rosalind Quillfeather",), group="q"),
]  # fmt: skip
BODIES = {
    "a": page("Child A", "Child A lived with a father and the social worker visited weekly. " * 4),
    "b": page("Child B", "Child B lived with carers who spoke of the weather in each meeting. " * 4),
    CASE: page("Rosalind Quillfeather", f"Joint serious case review of 2026</p><p>{STORY}"),
    "q-summary": page("Rosalind Quillfeather", "The summary says of Rosalind Quillfeather that the partners listen more."),
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Three reviews; others' cards and headings name the case, and so do requests, a reason and the crawl's memory."""
    home = Home(tmp_path_factory.mktemp("made") / "home").create()
    with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
        Nights(record, media_type="text/html").night(1, SAID, BODIES)
        run_id = record.begin_run("refresh", at(1))
        for url in (OWN_PAGE, LIST, f"http://other.test/mirror/{CASE}.pdf"):
            record.record_fetch(run_id, replace(fetched(link("x"), 1), url=url, final_url=url))
        process(record, derived, now=at(1), workers=1)
    bring_up_to_date(home)
    with closing(Memory(home.crawl_memory)):
        pass
    return home


@pytest.fixture
def held(made: Home, tmp_path: Path) -> Iterator[Collection]:
    """The case was held by a later night, and the index followed."""
    yield from _copy(made, tmp_path, hold=True)


@pytest.fixture
def shown(made: Home, tmp_path: Path) -> Iterator[Collection]:
    yield from _copy(made, tmp_path, hold=False)


def _copy(made: Home, tmp_path: Path, *, hold: bool) -> Iterator[Collection]:
    home = Home(Path(shutil.copytree(made.root, tmp_path / "home")))
    if hold:
        with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
            with record.transaction() as c:
                for name in (CASE, "q-summary"):
                    holds.hold(c, id_of(home, name), holds.GONE, at(3))
            process(record, derived, now=at(3), workers=1)
        bring_up_to_date(home)
    with Collection(home) as collection:
        yield collection


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEREVIEWS_NOW", NIGHT)
    # Vectors hold no words, and loading their model takes longer than a withdrawal.
    monkeypatch.setattr(indexing, "encoder_of", lambda _: None)


def id_of(home: Home, name: str) -> str:
    with Record.open(home, unfinished=True) as record:
        return next(one.id for one in record.documents() if f"/{name}." in (one.file_url or ""))


def case_of(home: Home) -> str:
    """The id of the case's review."""
    with Derived.open(home) as derived:
        return derived.review_of(id_of(home, CASE)) or ""


def left(home: Home) -> list[tuple[str, str]]:
    found = canary(home, (), NAMES)
    return [(str(one.path.relative_to(home.root)), one.what) for one in found]


def listed_words(home: Home) -> set[str]:
    folder, _ = current(home.index, home.id)
    with closing(sqlite3.connect(folder / "pages.db")) as db:
        return {form for (form,) in db.execute("SELECT form FROM words")}


def night(home: Home, day: int, said: list[Sighting], bodies: dict[str, bytes]) -> None:
    with writing(home, "refresh"):
        with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
            Nights(record, media_type="text/html").night(day, said, bodies)
            process(record, derived, now=at(day), workers=1)
        bring_up_to_date(home)


# ---------------------------------------------------------------- whole


def test_no_word_that_only_held_reports_have_is_listed_or_suggested(held: Collection) -> None:
    assert not {"quillfeather", "brambleshaw", "rosalind"} & listed_words(held.home)
    assert held.search("quillfeathr").did_you_mean == ()
    assert not any("index" in where for where, _ in left(held.home))


def test_an_index_of_an_earlier_version_loses_the_words_of_what_is_held(held: Collection) -> None:
    folder, _ = current(held.home.index, held.home.id)
    with closing(sqlite3.connect(folder / "pages.db")) as db, db:
        db.execute("INSERT INTO words VALUES ('brambleshaw', 'brambleshaw', 'wahselbmarb')")
    said = json.loads((folder / "index.json").read_text())
    del said["withdrawals"]
    (folder / "index.json").write_text(json.dumps(said))
    held.correct(id_of(held.home, "a"), "outcome", "other", note="x")
    assert "brambleshaw" not in listed_words(held.home)


def test_what_was_held_is_withdrawn_whole(held: Collection) -> None:
    done = held.withdraw(case_of(held.home), reason="the board asked")
    assert len(done.withdrawal.document_ids) == 2
    assert (done.remains, left(held.home)) == ((), [])


def test_names_leave_the_sayings_titles_and_requests_of_others(shown: Collection) -> None:
    assert {where for where, _ in left(shown.home)} > {"record.db", "derived.db"}
    done = shown.withdraw(case_of(shown.home), reason="the board asked")
    assert (done.remains, left(shown.home)) == ((), [])
    with Record.open(shown.home) as record:
        said = record.all_sightings()
        assert said[id_of(shown.home, "a")][0].card_text.startswith("… and Child A. Joint")
        assert said[id_of(shown.home, "b")][0].headings == ("Reviews", "…, Child B")
        assert record.url_state(LIST) is not None
        run_id = record.runs()[0].id
        assert record.url_state(OWN_PAGE) is None
    with Record.open(shown.home, write=True) as record:
        record.record_fetch(
            run_id, replace(fetched(link("x"), 4), url=OWN_PAGE, final_url=OWN_PAGE)
        )
        assert record.url_state(OWN_PAGE) is None
    assert {one.title for one in shown.reviews()} == {"Child A overview report", "Child B overview report"}  # fmt: skip


def test_what_stays_somewhere_is_told_with_what_to_do(shown: Collection) -> None:
    shown.saved.add("q", "Quillfeather")
    log = shown.home.logs / "refresh.log"
    log.write_text("looked for QUILLFEATHER on a page\nlooked on\n")
    (shown.home.root / "my notes.txt").write_text("Rosalind Quillfeather")
    done = shown.withdraw(case_of(shown.home), reason="x")
    told = "\n".join(done.left())
    assert log.read_text() == "looked on\n"
    assert "saved.toml (raw): quillfeather: a saved search names it: `casereviews saved remove NAME`" in told  # fmt: skip
    assert "my notes.txt (raw)" in told
    assert "no file of casereviews: delete it" in told


def test_every_table_and_every_file_has_its_line(shown: Collection) -> None:
    folder, _ = current(shown.home.index, shown.home.id)
    there = {"record.db": set(tables.metadata.tables), "derived.db": set(derived_tables.metadata.tables)}  # fmt: skip
    for path in (folder / "pages.db", folder / "similar.db", shown.home.crawl_memory):
        with closing(sqlite3.connect(path)) as db:
            names = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            there[path.name] = {name for (name,) in names if not name.startswith("sqlite_")}
    assert there == {name: set(said) for name, said in withdrawals.STORES.items()}
    home = shown.home
    named = [getattr(home, name) for name, kind in vars(Home).items() if isinstance(kind, property)]
    files = {path.name for path in named if isinstance(path, Path)}
    others = {"models", "ocr", "home.json", "lock.json", "marks.lock", "saved.lock", "exports.lock"}
    own = {home.tombstones.name, home.withdrawal_json.name}
    assert files | others == set(WHAT_TO_DO) | own


def test_it_is_shown_what_would_go(shown: Collection) -> None:
    before = left(shown.home)
    (review,) = {one.review_id for one in shown.reviews() if len(one.documents) == 2}
    assert {(one.title, one.publisher) for one in shown.to_withdraw(review)} == {
        ("Rosalind Quillfeather overview report", "Northmoor Safeguarding Partnership"),
        ("Executive summary", "Northmoor Safeguarding Partnership"),
    }
    assert left(shown.home) == before


# ---------------------------------------------------------------- kills


class Killed(BaseException):
    """The process ended here."""


PLACES = [
    ("casereviews.repository.withdrawal_journal", "write_whole", "after", 1),
    ("casereviews.repository.tombstone_file.TombstoneFile", "add", "before", 1),
    ("casereviews.repository.tombstone_file.TombstoneFile", "add", "after", 1),
    ("casereviews.repository.record.tombstones", "know_outside", "after", 1),
    ("casereviews.repository.record.withdrawing", "clean_names", "before", 2),
    ("casereviews.repository.withdrawals", "clean_files", "before", 1),
    ("casereviews.repository.withdrawals", "clean_files", "after", 1),
    ("casereviews.repository.withdrawals", "without_corrections", "after", 1),
    ("casereviews.repository.archive.FolderArchive", "delete", "after", 1),
    ("casereviews.repository.record.derived.Derived", "forget_readings", "after", 1),
    ("casereviews.repository.record.derived.Derived", "forget_documents", "after", 1),
    ("casereviews.repository.withdrawals", "process", "after", 1),
    ("casereviews.repository.record.database", "_scrub_file", "after", 1),
    ("casereviews.repository.withdrawals", "scrub", "after", 1),
    ("casereviews.collection.changing.withdrawing", "carry_out", "after", 1),
    ("casereviews.index.storage.store.Store", "keep_words", "after", 1),
    ("casereviews.index.storage.store.Store", "commit", "after", 1),
    ("casereviews.index.build", "write_contents", "after", 1),
    ("casereviews.index.build", "remove_stale", "after", 1),
    ("casereviews.index.build", "write_index_json", "before", 1),
    ("casereviews.index.build", "write_index_json", "after", 1),
    ("casereviews.index.similar.upkeep", "keep_up", "after", 1),
    ("casereviews.collection.changing.withdrawing", "forget_copies", "after", 1),
    ("casereviews.collection.changing.withdrawing", "end", "before", 1),
]
QUICK = {2, 19}


def ended() -> None:
    raise Killed


def killed_at(
    monkeypatch: pytest.MonkeyPatch,
    place: tuple[str, str, str, int],
    die: Callable[[], None] = ended,
) -> None:
    where, name, when, number = place
    try:
        owner: Any = importlib.import_module(where)
    except ModuleNotFoundError:
        module, _, kind = where.rpartition(".")
        owner = getattr(importlib.import_module(module), kind)
    original: Callable[..., Any] = getattr(owner, name)
    calls = 0

    def dying(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == number and when == "before":
            die()
        result = original(*args, **kwargs)
        if calls == number:
            die()
        return result

    monkeypatch.setattr(owner, name, dying)


@pytest.mark.parametrize(
    "place",
    [
        pytest.param(
            place,
            id=f"{place[2]}-{place[1]}-{place[3]}",
            marks=() if at in QUICK else pytest.mark.slow,
        )
        for at, place in enumerate(PLACES)
    ],
)
def test_a_kill_at_any_point_is_told_and_the_next_command_finishes(
    shown: Collection, monkeypatch: pytest.MonkeyPatch, place: tuple[str, str, str, int]
) -> None:
    case = case_of(shown.home)
    with monkeypatch.context() as patch:
        killed_at(patch, place)
        with pytest.raises(Killed):
            shown.withdraw(case, reason="the board asked")
    for look in (
        lambda: shown.search("quillfeather"),
        lambda: list(shown.reviews()),
        shown.status,
        shown.held,
    ):
        with pytest.raises(WithdrawalUnfinished, match="is not finished: `casereviews doctor"):
            look()
    assert [one.state for one in shown.doctor() if one.check == "withdrawal"] == ["wrong"]
    told: list[str] = []
    with Collection(shown.home, warn=told.append) as again:
        other = id_of(again.home, "a")
        again.correct(other, "outcome", "other", note="the cover says so")
        assert told == ["finished the withdrawal of 2 documents that was begun before"]
        assert (left(again.home), again.search("child").total) == ([], 2)
        assert not any(one.check == "withdrawal" for one in again.doctor())
        again.status()


def moved_and_made_anonymous(home: Home) -> tuple[str, int]:
    """The case's report goes to a neutral address and loses its names there; the document, and the version that had them."""
    at_new = link("review-9", link_text="Child R overview report", group="q")
    said = [*SAID[:2], at_new]
    night(home, 2, said, {"review-9": BODIES[CASE]})
    night(
        home,
        3,
        said,
        {"review-9": page("Child R", "The corrected text says of nobody what it said. " * 4)},
    )
    return id_of(home, "review-9"), 1


def published_by_two(home: Home) -> tuple[str, None]:
    """Another board publishes the report too."""
    info = SourceInfo("southmere", "Southmere Safeguarding Partnership")
    seen = link(CASE, source=info.id, link_text="Rosalind Quillfeather overview report")
    with writing(home, "refresh"):
        with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
            record.put_source(info)
            run_id = record.begin_run("refresh", at(2))
            record.record_sightings(run_id, info.id, [seen])
            record.store_file(run_id, seen, fetched(seen, 2, media_type="text/html"), BODIES[CASE])
            record.end_run(run_id, at(2), "done", {})
            process(record, derived, now=at(2), workers=1)
        bring_up_to_date(home)
    return case_of(home), None


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place[2]}-{place[1]}-{place[3]}")
@pytest.mark.parametrize(
    ("make", "gone", "documents", "stay"),
    [
        (moved_and_made_anonymous, ("Brambleshaw", f"{CASE}.pdf"), 0, {"a", "b", "review-9"}),
        (published_by_two, NAMES, 3, {"a", "b"}),
    ],
    ids=["a-version", "a-joint-review"],
)
def test_a_kill_while_a_version_or_a_joint_review_goes_is_finished_by_the_next_command(
    shown: Collection, monkeypatch: pytest.MonkeyPatch, place: tuple[str, str, str, int],
    make: Callable[[Home], tuple[str, int | None]], gone: tuple[str, ...], documents: int, stay: set[str],
) -> None:  # fmt: skip
    typed, version = make(shown.home)
    with Record.open(shown.home) as record:
        hashes = (
            {
                one.sha256
                for one in record.versions(id_of(shown.home, "review-9"))
                if one.number == 1
            }
            if version
            else set()
        )
    with monkeypatch.context() as patch:
        killed_at(patch, place)
        try:
            shown.withdraw(typed, reason="the board asked", version=version)
        except Killed:
            with pytest.raises(WithdrawalUnfinished):
                shown.status()
            found = shown.doctor(repair=True)
            assert any(one.state == "repaired" for one in found), found
    assert canary(shown.home, hashes, gone) == []
    with Record.open(shown.home) as record:
        named = [
            (one.file_url or "").rpartition("/")[2].removesuffix(".pdf")
            for one in record.documents()
        ]
    expected = stay | ({"q-summary"} if version else set())
    assert set(named) == expected
    withdrawn = [one for one in events_of(shown.home) if one.kind == "withdrawn"]
    assert len(withdrawn) == max(documents, 1)
    assert not any(one.check == "withdrawal" for one in shown.doctor())


def events_of(home: Home) -> list[Event]:
    with Record.open(home) as record:
        return record.events()


SIGKILLED = """
import os, signal, sys
import pytest
from casereviews import Collection
from tests.collection import test_withdrawing as here

here.indexing.encoder_of = lambda _: None
patch = pytest.MonkeyPatch()
here.killed_at(patch, here.PLACES[int(sys.argv[3])], lambda: os.kill(os.getpid(), signal.SIGKILL))
Collection(sys.argv[1]).withdraw(sys.argv[2], reason="x")
"""


@pytest.mark.slow
@pytest.mark.parametrize("at", [3, 11, 16])
def test_a_process_that_is_killed_leaves_what_the_next_one_finishes(
    shown: Collection, at: int
) -> None:
    line = [sys.executable, "-c", SIGKILLED, str(shown.home.root), case_of(shown.home), str(at)]
    ended = subprocess.run(line, capture_output=True, check=False, cwd=Path(__file__).parents[2])
    assert ended.returncode == -signal.SIGKILL
    with pytest.raises(WithdrawalUnfinished):
        shown.status()
    assert any(one.state == "repaired" for one in shown.doctor(repair=True))
    assert (left(shown.home), shown.search("child").total) == ([], 2)


# ---------------------------------------------------------------- older files


def test_an_index_that_is_older_than_a_withdrawal_is_not_searched(
    shown: Collection, tmp_path: Path
) -> None:
    kept = shutil.copytree(shown.home.index, tmp_path / "older")
    shown.withdraw(case_of(shown.home), reason="x")
    shutil.rmtree(shown.home.index)
    shutil.copytree(kept, shown.home.index)
    with pytest.raises(WithdrawalUnfinished, match=r"index .* is older than a withdrawal"):
        shown.search("quillfeather")
    assert [one.state for one in shown.doctor() if one.check == "withdrawal"] == ["wrong"]
    shown.doctor(repair=True)
    assert (shown.search("quillfeather").total, left(shown.home)) == (0, [])


@pytest.mark.parametrize("with_derived", [pytest.param(True, marks=pytest.mark.slow), False])
def test_an_older_record_is_not_read_and_loses_what_was_withdrawn_again(
    shown: Collection, tmp_path: Path, with_derived: bool
) -> None:
    home = shown.home
    kept = shutil.copytree(home.root, tmp_path / "older")
    shown.withdraw(case_of(home), reason="x")
    for name in (
        "record.db",
        *(("derived.db", "archive", "index") if with_derived else ("archive",)),
    ):
        _restore(Path(kept) / name, home.root / name)
    for look in (lambda: list(shown.reviews()), shown.held, shown.status):
        with pytest.raises(WithdrawalUnfinished, match=r"record .* is older than a withdrawal"):
            look()
    other = id_of(home, "a")
    with Collection(home, warn=lambda _: None) as again:
        again.correct(other, "outcome", "other", note="x")
        assert (left(home), again.search("quillfeather").total) == ([], 0)
        assert again.search("child").total == 2


def _restore(older: Path, path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
        shutil.copytree(older, path)
        return
    for end in ("", "-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    shutil.copy(older, path)


def test_a_lost_record_is_never_begun_anew(shown: Collection) -> None:
    home = shown.home
    shown.withdraw(case_of(home), reason="x")
    for end in ("", "-wal", "-shm"):
        Path(f"{home.record_db}{end}").unlink(missing_ok=True)
    assert [one.state for one in shown.doctor(repair=True) if one.check == "record.db"] == ["wrong"]
    for folder in (home.archive, home.index):  # the tombstones alone tell that there was a record
        shutil.rmtree(folder)
    home.seals.unlink()
    with pytest.raises(HomeDamaged, match="what was withdrawn"):
        Record.open(home, write=True)


def test_a_lost_file_of_tombstones_is_written_again(shown: Collection) -> None:
    home = shown.home
    shown.withdraw(case_of(home), reason="x")
    home.tombstones.unlink()
    assert shown.search("child").total == 2
    shown.correct(id_of(home, "a"), "outcome", "other", note="x")
    assert len(home.tombstones.read_text().splitlines()) > 4
    assert shown.search("child").total == 2
    text = home.tombstones.read_text().lower()
    assert not any(name.lower() in text for name in NAMES)


# ---------------------------------------------------------------- coming back


@pytest.fixture
def withdrawn(shown: Collection) -> Collection:
    shown.withdraw(case_of(shown.home), reason="x")
    return shown


def test_a_near_copy_is_held_and_named_and_never_shown(withdrawn: Collection) -> None:
    home = withdrawn.home
    changed = page("Rosalind Quillfeather", STORY.replace("four occasions", "some days last year"))
    anew = link("new-place/report-7", link_text="Overview report")
    night(home, 9, [*SAID[:2], anew], {"new-place/report-7": changed, "report-7": changed})
    (one,) = withdrawn.held()
    assert one.reason == "looks like what was withdrawn on 2026-03-20"
    assert (withdrawn.search("child").total, withdrawn.search("hungry").total) == (2, 0)
    assert "brambleshaw" not in listed_words(home)
    withdrawn.release(one.document_id)
    assert withdrawn.search("hungry").total == 1
    night(home, 10, [*SAID[:2], anew], {"report-7": changed + b"<!-- stamped -->"})
    assert withdrawn.held() == ()


def test_parts_and_what_is_titled_by_the_case_are_held_whoever_publishes_them(
    withdrawn: Collection, tmp_path: Path
) -> None:
    words = STORY.split(" ")
    other = "Rosalind and a cousin walked to the mill of Barnmoor where nobody had seen a teacher. "
    given = {
        "one.html": " ".join(words[16:46]),
        "two.html": " ".join(words[30:]),
        "titled.html": f"Learning from Rosalind Quillfeather. {other}",
        "another.html": other * 3,
    }
    for name, text in given.items():
        (tmp_path / name).write_bytes(page("A paper", text))
    added = withdrawn.add(
        [str(tmp_path / name) for name in given], publisher="southmoor", nation="England"
    )
    assert [one.result for one in added] == ["held", "held", "held", "new"]
    assert (withdrawn.search("sundays").total, withdrawn.search("cousin").total) == (0, 1)


def test_what_is_added_is_refused_or_held_by_name(withdrawn: Collection, tmp_path: Path) -> None:
    given = {
        "same.html": BODIES[CASE],
        "text.html": BODIES[CASE].replace(b"<html>", b"<html lang='en'>"),
        "near.html": page("A review", STORY.replace("Sundays", "market days")),
        "other.html": page("Child C", "Child C lived with a grandmother who kept no clock. " * 6),
    }
    for name, body in given.items():
        (tmp_path / name).write_bytes(body)
    added = withdrawn.add([str(tmp_path / name) for name in given], publisher="northmoor")
    assert [one.result for one in added] == ["withdrawn", "withdrawn", "held", "new"]
    assert added[2].detail == "looks like what was withdrawn on 2026-03-20"
    assert withdrawn.search("hungry").total == 0


def test_a_row_that_only_names_the_case_stays_out(withdrawn: Collection) -> None:
    row = replace(
        link("x"),
        file_url=None,
        kind="entry",
        link_text="",
        headings=("Rosalind Quillfeather",),
        card_text="Rosalind Quillfeather no longer available",
    )
    other = replace(row, headings=("Child D",), card_text="Child D no longer available")
    night(withdrawn.home, 9, [*SAID[:2], row, other], {})
    assert left(withdrawn.home) == []
    with Record.open(withdrawn.home) as record:
        assert "Child D" in {one.title for one in record.documents()}
        assert record.without_withdrawn([row, other]) == (other,)
        assert record.names_withdrawn("northmoor", [OWN_PAGE, LIST]) == [True, False]


def test_no_part_of_what_a_page_says_of_another_case_keeps_the_name(withdrawn: Collection) -> None:
    name = "Rosalind Quillfeather"
    everywhere = link(
        "d",
        link_text=f"{name} and Child D",
        headings=(f"2026: {name} and Child D",),
        card_text=f"{name} and Child D, 2026",
        dates=(f"{name}: May 2026",),
        status_words=(f"{name}: removed",),
        group=f"{LIST} 2026: {name} and Child D",
        detail_url="http://northmoor.test/rosalind-quillfeather-and-child-d/",
        extra={f"of {name}": f"with {name}"},
    )
    night(withdrawn.home, 9, [*SAID[:2], everywhere], {})
    assert left(withdrawn.home) == []
    with Record.open(withdrawn.home) as record:
        (kept,) = record.without_withdrawn([everywhere])
    assert (kept.group, kept.headings) == (f"{LIST} 2026: … and Child D", ("2026: … and Child D",))
    assert (kept.dates, kept.status_words) == (("…: May 2026",), ("…: removed",))
    assert (kept.detail_url, kept.extra) == (None, {"of …": "with …"})


@pytest.mark.parametrize(
    ("name", "stays_out"),
    [
        ("Child B", True),
        ("Child B - no longer published", True),
        ("CHILD B", True),
        ("Child B and Child D", False),
        ("Children B and D", False),
        ("Child B (2011)", False),
        ("Nursery Z: Child B", False),
        ("Family B", False),
        ("Baby B", False),
        ("Our reviews", False),
    ],
)
def test_a_row_with_nothing_but_the_label_of_the_case_stays_out_at_its_own_publisher(
    labelled: Collection, name: str, stays_out: bool
) -> None:
    row = replace(
        link("x"),
        file_url=None,
        kind="entry",
        link_text=name,
        card_text=f"{name} No longer available",
    )
    elsewhere = replace(row, source_id="southmoor")
    with Record.open(labelled.home) as record:
        assert record.without_withdrawn([row]) == (() if stays_out else (row,))
        assert record.without_withdrawn([elsewhere]) == (elsewhere,)
        assert record.without_withdrawn([link("x", link_text=name)]) != ()


def test_a_label_that_its_publisher_gives_to_others_too_tells_nothing(shown: Collection) -> None:
    other = link("c", link_text="Child B executive summary")
    night(
        shown.home, 9, [*SAID, other], {"c": page("Child B", "Another child of that letter. " * 9)}
    )
    shown.withdraw(id_of(shown.home, "b"), reason="x")
    row = replace(link("x"), file_url=None, kind="entry", link_text="Child B")
    with Record.open(shown.home) as record:
        assert record.without_withdrawn([row]) == (row,)


@pytest.fixture(scope="module")
def labelled(made: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """Its report was held before it was withdrawn."""
    home = Home(Path(shutil.copytree(made.root, tmp_path_factory.mktemp("labelled") / "home")))
    with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
        with record.transaction() as c:
            holds.hold(c, id_of(home, "b"), holds.GONE, at(3))
        process(record, derived, now=at(3), workers=1)
    with Collection(home) as collection:
        withdrawals.withdraw(home, id_of(home, "b"), reason="x", now=NIGHT)
        yield collection


def test_it_is_not_withdrawn_twice(withdrawn: Collection) -> None:
    with Record.open(withdrawn.home) as record:
        gone = record.events(kinds=("withdrawn",))[0].document_id
    assert withdrawn.to_withdraw(gone) == ()
    assert withdrawn.withdraw(gone, reason="again").remains == ()
    with writing(withdrawn.home, "test"):
        pass
