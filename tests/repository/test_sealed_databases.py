"""record.db and derived.db: lost, damaged, restored, read-only, under names of any sign."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from casereviews.repository import sqlite_files
from casereviews.repository.errors import HomeDamaged, HomeError
from casereviews.repository.home import Home
from casereviews.repository.lock import writing
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
from casereviews.repository.sealed_databases import (
    changed_since,
    damage_in,
    refuse_lost_record,
    seal_databases,
)
from casereviews.repository.sqlite_files import quick_check, trouble_of

NOW = "2026-03-01T02:00:00Z"


def begun(root: Path) -> Home:
    """A home with one run in its record and a file in its archive."""
    home = Home(root).create()
    with (
        writing(home, "test"),
        Record.open(home, write=True) as record,
        Derived.open(home, write=True),
    ):
        record.begin_run("refresh", NOW)
        record.archive.put(b"%PDF-1.4 a report")
    return home


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return begun(tmp_path_factory.mktemp("made") / "home")


@pytest.fixture
def home(made, tmp_path):
    shutil.copytree(made.root, tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.mark.parametrize("how", ["gone", "empty", "no tables", "no rows"])
def test_a_home_that_kept_files_and_lost_its_record_is_refused_by_readers_and_writers(home, how):
    if how == "no rows":
        with closing(sqlite3.connect(home.record_db)) as record:
            record.execute("DELETE FROM run")
            record.commit()
    else:
        home.record_db.unlink()
        if how == "empty":
            home.record_db.write_bytes(b"")
        if how == "no tables":
            with closing(sqlite3.connect(home.record_db)) as record:
                record.execute("PRAGMA user_version = 1")
    with pytest.raises(HomeDamaged, match="from a backup"):
        refuse_lost_record(home)
    with pytest.raises(HomeDamaged, match="would not know what was withdrawn"), writing(home, "x"):
        pass
    assert not home.holder.exists()


def test_a_home_that_kept_nothing_yet_is_begun(tmp_path):
    home = Home(tmp_path / "home").create()
    refuse_lost_record(home)
    with writing(home, "test"), Record.open(home, write=True) as record:
        record.begin_run("refresh", NOW)
    refuse_lost_record(home)


def middle_page_flipped(path: Path) -> None:
    body = bytearray(path.read_bytes())
    for at in range(len(body) // 2 // 4096 * 4096, len(body) // 2 // 4096 * 4096 + 8):
        body[at] ^= 0xFF
    path.write_bytes(body)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zeroed(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def schema_of_no_text(path: Path) -> None:
    """SQLite then speaks of the table's words, which are no UTF-8."""
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE", b"CREATE T\xf3BLE"))


@pytest.mark.parametrize("damage", [middle_page_flipped, cut, zeroed, a_folder, schema_of_no_text])
def test_a_damaged_record_is_named_with_the_remedy_and_not_written_to(home, damage):
    damage(home.record_db)
    with pytest.raises(HomeDamaged, match="restore it from a backup"), Record.open(home) as record:
        record.runs()
    with pytest.raises(HomeDamaged, match="restore it from a backup"), writing(home, "x"):
        pass


@pytest.mark.parametrize(
    "damage", [middle_page_flipped, cut, zeroed, a_folder, schema_of_no_text, Path.unlink]
)
def test_a_damaged_derived_db_is_named_to_readers_and_made_anew_by_a_writer_who_is_told(
    home, damage
):
    damage(home.derived_db)
    with pytest.raises(HomeDamaged, match="rebuild --everything"):
        counts_of(home)
    told = []
    with writing(home, "x", tell=told.append), Derived.open(home, write=True) as derived:
        assert derived.counts()["review"] == 0
    assert "made anew from the archive" in told[0]
    assert counts_of(home)["review"] == 0


def test_a_restored_record_is_read_and_known_as_restored(home):
    copy = home.root / "copy.db"
    with closing(sqlite3.connect(home.record_db)) as record:
        record.execute("UPDATE run SET verb = 'added to'")
        record.commit()
        record.execute(f"VACUUM INTO '{copy}'")
    copy.replace(home.record_db)
    assert changed_since(home, home.record_db)
    with Record.open(home) as record:
        assert record.runs()[0].verb == "added to"
    with writing(home, "x"):
        pass
    assert not changed_since(home, home.record_db)


def letter_changed(path: Path, *, times: bool = True) -> None:
    """A letter of a text is another one: no page is damaged in SQLite's eyes."""
    body, before = path.read_bytes(), path.stat()
    assert body.count(b"refresh")
    path.write_bytes(body.replace(b"refresh", b"refrexh"))
    assert quick_check(path) == ""
    if not times:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_letter_changed_within_a_text_of_the_record_is_found_though_sqlite_sees_nothing(home):
    letter_changed(home.record_db)
    with pytest.raises(HomeDamaged, match=r"not those that were written.*restore it"):
        Record.open(home)
    with pytest.raises(HomeDamaged, match=r"delete seals\.json"), writing(home, "x"):
        pass
    home.seals.unlink()  # as whoever put it there is told
    with writing(home, "x"), Record.open(home) as record:
        assert record.runs()[0].verb == "refrexh"


def test_a_change_that_kept_size_and_time_is_seen_when_the_bytes_are_read(home):
    letter_changed(home.record_db, times=False)
    assert changed_since(home, home.record_db) == ""
    assert changed_since(home, home.record_db, read=True) == "is not as it was written"
    assert damage_in(home, home.record_db)


def test_a_file_with_a_log_that_a_reader_kept_is_not_held_to_its_bytes(home):
    Path(f"{home.record_db}-wal").write_bytes(b"x" * 100)
    seal_databases(home)
    letter_changed(home.record_db)
    assert changed_since(home, home.record_db)
    assert damage_in(home, home.record_db) == ""


def test_a_record_whose_writer_was_killed_is_read_as_it_stands(home):
    home.holder.write_text("{}", "utf-8")
    with closing(sqlite3.connect(home.record_db)) as record:
        record.execute("UPDATE run SET verb = 'killed'")
        record.commit()
    assert changed_since(home, home.record_db) == ""
    with Record.open(home) as record:
        assert record.runs()[0].verb == "killed"


SIGNS = ["a b", "ü日本", "q?m", "h#t", "p%c", "p%20c", "a&b=1", "new\nline", "-dash", "mode=ro?mode=memory", "'\"\\"]  # fmt: skip


@pytest.mark.parametrize("name", SIGNS)
def test_a_home_may_have_any_name_and_nothing_is_written_beside_it(made, tmp_path, name):
    home = Home(tmp_path / name)
    shutil.copytree(made.root, home.root)
    with Record.open(home) as record, Derived.open(home) as derived:
        assert (len(record.runs()), derived.counts()["review"]) == (1, 0)
    with writing(home, "x"), Record.open(home, write=True) as record:
        record.begin_run("refresh", NOW)
    with Record.open(home) as record:
        assert len(record.runs()) == 2
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_a_relative_home_is_read(made, monkeypatch):
    monkeypatch.chdir(made.root.parent)
    with Record.open(Home(Path("home"))) as record:
        assert len(record.runs()) == 1


def test_reading_leaves_a_home_as_it_was(made):
    before = {file: file.stat().st_mtime_ns for file in made.root.rglob("*")}
    with Record.open(made) as record, Derived.open(made) as derived:
        record.runs()
        derived.counts()
    now = {file: file.stat().st_mtime_ns for file in made.root.rglob("*") if file in before}
    shared = Path(f"{made.record_db}-shm"), Path(f"{made.derived_db}-shm")  # SQLite's memory
    assert {one for one in now if one.is_file() and now[one] != before[one]} <= set(shared)


def refused_without_shm(monkeypatch):
    """As on a read-only disk: a file in write-ahead mode cannot be opened unless it is taken as immutable."""
    connected = sqlite_files._connected

    def connect(address, timeout):
        if address.endswith("?mode=ro"):
            error = sqlite3.OperationalError("unable to open database file")
            error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise_later = connected(address, timeout)
            raise_later.close()

            class Refusing:
                def execute(self, _):
                    raise error

                def close(self):
                    pass

            return Refusing()
        return connected(address, timeout)

    monkeypatch.setattr(sqlite_files, "_connected", connect)


def test_a_read_only_home_is_read_without_a_log_beside_it(home, monkeypatch):
    refused_without_shm(monkeypatch)
    with Record.open(home) as record:
        assert len(record.runs()) == 1


def test_a_log_that_only_a_writer_can_read_is_told(home, monkeypatch):
    refused_without_shm(monkeypatch)
    Path(f"{home.record_db}-wal").write_bytes(b"x" * 100)
    with pytest.raises(HomeError, match="let its owner run"):
        Record.open(home)


@pytest.mark.parametrize(
    "said", [b"", b"[1]", b'{"id": 3}', b'{"id": "../x"}', b"\xff\xfe", b"{}", b"null"]
)
def test_a_damaged_id_is_told_and_a_lost_one_is_not_replaced_by_the_way(home, said):
    marker = home.root / "home.json"
    marker.write_bytes(said)
    with pytest.raises(HomeDamaged, match="doctor --repair"):
        _ = home.id
    assert not home.is_demo
    marker.unlink()
    home.create()
    with pytest.raises(HomeDamaged, match="is missing"):
        _ = home.id


def counts_of(home: Home) -> dict[str, int]:
    with Derived.open(home) as derived:
        return derived.counts()


@pytest.fixture
def no_file_grows():
    """As with `ulimit -f`: no file may be longer than 40,000 bytes."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_what_a_limit_of_file_sizes_does_not_take_is_one_line_and_leaves_the_record_as_it_was(
    home, no_file_grows
):
    with Record.open(home, write=True) as record:
        with pytest.raises(
            HomeError, match=r"record.db \(disk I/O error\): free some space"
        ) as told:
            record.begin_run("refresh" * 20_000, "2026-03-02T02:00:00Z")
        assert (told.value.exit_code, type(told.value)) == (3, HomeError)
    with Record.open(home) as record:
        assert len(record.runs()) == 1
    assert quick_check(home.record_db) == ""


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_FULL, "the disk is full: free some space"),
        (sqlite3.SQLITE_IOERR_WRITE, "does not take what is written"),
        (sqlite3.SQLITE_IOERR_FSYNC, "does not take what is written"),
        (sqlite3.SQLITE_IOERR_SHORT_READ, "is damaged"),
        (sqlite3.SQLITE_BUSY, None),
    ],
)
def test_what_sqlite_says_of_a_disk_is_told_apart_from_damage(code, words, tmp_path):
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    trouble = trouble_of(tmp_path / "record.db", error, "restore it")
    assert trouble is None if words is None else words in str(trouble)
