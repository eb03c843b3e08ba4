"""A backup is consistent, whole, shared between nights, pruned, and comes back as the home it was."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from casereviews.repository.archive import FolderArchive
from casereviews.repository.backups import Backup, may_receive
from casereviews.repository.errors import BackupError, HomeError
from casereviews.repository.home import Home
from casereviews.repository.record import Record
from casereviews.repository.record.outcome import Event
from casereviews.repository.tombstone_file import Tombstone, TombstoneFile
from tests.postgresql_server import Server
from tests.repository.nights import Nights, at, link

BODIES = {
    name: f"<html><body><h1>Child {name.upper()}</h1><p>A fictional review of {name}.</p></body></html>".encode()
    for name in ("a", "b", "c")
}


def no_step(what: str, done: int, total: int | None = None) -> None:
    """Nobody watches."""


def night(home: Home, day: int, names: str) -> None:
    with Record.open(home, write=True) as record:
        said = [
            link(name, link_text=f"Child {name.upper()}: Serious Case Review") for name in names
        ]
        Nights(record, media_type="text/html").night(
            day, said, {name: BODIES[name] for name in names}
        )


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("collected") / "home").create()
    night(home, 1, "ab")
    return home


@pytest.fixture
def home(collected: Home, tmp_path: Path) -> Home:
    shutil.copytree(collected.root, tmp_path / "home")
    home = Home(tmp_path / "home")
    home.marks_csv.write_text("review_id,mark\n")
    return home


@pytest.fixture
def backup(tmp_path: Path) -> Backup:
    return Backup(tmp_path / "backups")


@pytest.mark.live
def test_a_record_on_a_server_is_copied_as_a_file_and_brought_back_to_a_server(
    home: Home, backup: Backup, tmp_path: Path, postgresql: Server
) -> None:
    there = Home(tmp_path / "there").create()
    for day, names in ((1, "ab"), (2, "abc"), (3, "ab")):
        night(home, day, names)
        night(postgresql.keep(there) if day == 1 else there, day, names)
    made = backup.make(there, now=at(4), step=no_step)
    assert (made.archived, made.lacking) == (3, ())
    with Record.open(Home(made.copy)) as copy, Record.open(there) as record:
        assert copy.events() == record.events()
    with pytest.raises(BackupError, match="holds a record"):
        may_receive(there, backup)
    again = Home(tmp_path / "again")
    again.root.mkdir()
    again.config_toml.write_text(
        there.config_toml.read_text().replace('schema = "h', 'schema = "x')
    )
    may_receive(again, backup)
    backup.restore(again, now=at(9), step=no_step)
    assert not again.record_db.exists()
    assert (again.id, documents(again)) == (there.id, documents(there))
    assert record_events(again) == record_events(there)
    night(again, 10, "abc")
    with Record.open(again) as record:  # new rows have new numbers
        assert [one.id for one in record.runs()] == [4, 3, 2, 1]


def record_events(home: Home) -> list[Event]:
    with Record.open(home) as record:
        return record.events()


def documents(home: Home) -> list[str]:
    with Record.open(home) as record:
        return [one.id for one in record.documents()]


def test_a_copy_comes_back_as_the_home_it_was(home: Home, backup: Backup, tmp_path: Path) -> None:
    made = backup.make(home, now=at(1), step=no_step)
    assert (made.archived, made.fresh, made.lacking, made.pruned) == (2, 2, (), ())
    again = Home(tmp_path / "again")
    may_receive(again, backup)
    restored = backup.restore(again, now=at(9), step=no_step)
    assert (restored.kept, restored.lacking, restored.made) == ((), (), at(1))
    assert (again.id, documents(again)) == (home.id, documents(home))
    assert list(FolderArchive(again.archive).hashes()) == list(FolderArchive(home.archive).hashes())
    assert again.marks_csv.read_text() == "review_id,mark\n"


def test_events_after_a_restore_get_ids_that_none_had_before(
    home: Home, backup: Backup, tmp_path: Path
) -> None:
    backup.make(home, now=at(1), step=no_step)
    told: list[int] = []
    for number in (1, 2):
        again = Home(tmp_path / f"again-{number}")
        backup.restore(again, now=at(8 + number), step=no_step)
        with Record.open(again) as record:
            last = record.last_event()
            assert record.events(after=max(told, default=2)) == []
        night(again, 10 + number, "abc")
        with Record.open(again) as record:
            new = [one.id for one in record.events(after=last)]
            assert new == [one.id for one in record.events(after=max(told, default=2))]
        assert [one.id for one in record_events(again)[:2]] == [1, 2]
        told += new
    assert len(told) == len(set(told)) == 2


def test_a_second_night_copies_only_what_is_new_and_another_second_of_the_same_time_too(
    home: Home, backup: Backup
) -> None:
    backup.make(home, now=at(1), step=no_step)
    night(home, 2, "abc")
    made = backup.make(home, now=at(2), step=no_step)
    assert (made.archived, made.fresh) == (3, 1)
    twice = backup.make(home, now=at(2), step=no_step)
    assert len(backup.copies()) == 3
    assert backup.copies()[-1] == twice.copy


def test_older_copies_go_and_files_that_no_copy_names(home: Home, backup: Backup) -> None:
    first = backup.make(home, now=at(1), step=no_step)
    with Record.open(home, write=True) as record:
        gone = record.versions(documents(home)[0])[0].sha256
        with record.transaction() as c:
            c.exec_driver_sql("DELETE FROM version WHERE sha256 = ?", (gone,))
    made = backup.make(home, now=at(2), keep=1, step=no_step)
    assert made.pruned == (first.copy.name,)
    assert backup.copies() == [made.copy]
    assert gone not in backup.archive
    assert len(list(backup.archive.hashes())) == 1


def test_a_copy_is_consistent_while_the_record_is_being_written(home: Home, backup: Backup) -> None:
    with closing(sqlite3.connect(home.record_db, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM version")
        made = backup.make(home, now=at(1), step=no_step)
        writer.execute("ROLLBACK")
    with closing(sqlite3.connect(made.copy / "record.db")) as copied:
        assert copied.execute("SELECT count(*) FROM version").fetchone() == (2,)


def test_what_the_archive_lacks_is_named_and_what_the_backup_has_stays(
    home: Home, backup: Backup
) -> None:
    first, second = FolderArchive(home.archive).hashes()
    FolderArchive(home.archive).path(first).write_bytes(b"another child's report")
    made = backup.make(home, now=at(1), step=no_step)
    assert made.lacking == (first,)
    FolderArchive(home.archive).path(second).unlink()
    assert backup.make(home, now=at(2), step=no_step).lacking == (first,)
    assert second in backup.archive


def test_a_damaged_record_makes_no_copy_and_prunes_none(home: Home, backup: Backup) -> None:
    made = backup.make(home, now=at(1), step=no_step)
    home.record_db.write_bytes(b"noise" * 4000)
    with pytest.raises(BackupError, match="no copy was made and none was removed"):
        backup.make(home, now=at(2), keep=1, step=no_step)
    assert backup.copies() == [made.copy]


def test_a_kill_leaves_the_copies_that_were_there(
    home: Home, backup: Backup, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = backup.make(home, now=at(1), step=no_step)

    def killed(what: str, done: int, total: int | None = None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup.make(home, now=at(2), step=killed)
    assert backup.copies() == [first.copy]
    second = backup.make(home, now=at(2), step=no_step)
    assert {path.name for path in backup.folder.iterdir()} == {
        "archive", "backup.json", first.copy.name, second.copy.name
    }  # fmt: skip


def test_a_kill_at_the_first_moment_leaves_a_folder_that_the_next_night_takes(
    home: Home, backup: Backup
) -> None:
    backup.folder.mkdir()
    (backup.folder / "backup.json.part").write_text('{"ho')
    made = backup.make(home, now=at(1), step=no_step)
    assert {path.name for path in backup.folder.iterdir()} == {
        "archive", "backup.json", made.copy.name
    }  # fmt: skip


@pytest.mark.parametrize("files", [0, 1, 2])
def test_a_restore_that_is_killed_goes_on_with_the_same_call(
    home: Home, backup: Backup, tmp_path: Path, files: int
) -> None:
    backup.make(home, now=at(1), step=no_step)
    again = Home(tmp_path / "again")

    def killed(what: str, done: int, total: int | None = None) -> None:
        if done == files:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup.restore(again, now=at(9), step=killed)
    assert not again.record_db.exists()
    may_receive(again, backup)
    backup.restore(again, now=at(9), step=no_step)
    assert (again.id, documents(again)) == (home.id, documents(home))
    assert list(FolderArchive(again.archive).hashes()) == list(FolderArchive(home.archive).hashes())


def test_a_restore_that_is_killed_before_it_brings_anything_goes_on_too(
    home: Home, backup: Backup, tmp_path: Path
) -> None:
    backup.make(home, now=at(1), step=no_step)
    again = Home(tmp_path / "again")
    again.root.mkdir()
    for left in ("lock", "lock.json", "lock.json.part", "home.json.part"):
        (again.root / left).write_text("{")
    may_receive(again, backup)
    backup.restore(again, now=at(9), step=no_step)
    assert (again.id, documents(again)) == (home.id, documents(home))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("mine")
    with pytest.raises(BackupError, match="is not empty and no home"):
        may_receive(Home(tmp_path / "full"), backup)


def test_folders_that_are_no_place_for_a_backup_are_refused(
    home: Home, backup: Backup, tmp_path: Path
) -> None:
    with pytest.raises(BackupError, match="hold one another"):
        Backup(home.root / "backups").make(home, now=at(1), step=no_step)
    full = tmp_path / "full"
    full.mkdir()
    (full / "letter.txt").write_text("mine")
    with pytest.raises(BackupError, match="holds other things"):
        Backup(full).make(home, now=at(1), step=no_step)
    backup.make(home, now=at(1), step=no_step)
    other = Home(tmp_path / "other").create()
    with pytest.raises(BackupError, match="another home"):
        backup.make(other, now=at(1), step=no_step)


def test_a_damaged_copy_is_named_and_not_restored(
    home: Home, backup: Backup, tmp_path: Path
) -> None:
    first = backup.make(home, now=at(1), step=no_step)
    second = backup.make(home, now=at(2), step=no_step)
    assert list(backup.damaged(deep=True)) == []
    (second.copy / "marks.csv").write_text("x")
    lost = next(backup.archive.hashes())
    backup.archive.path(lost).write_bytes(b"x")
    assert list(backup.damaged(deep=True)) == [
        f"{second.copy.name}/marks.csv",
        f"archive/{lost[:2]}/{lost}",
    ]
    again = Home(tmp_path / "again")
    with pytest.raises(BackupError, match=f"marks.csv.*{first.copy.name}"):
        backup.restore(again, now=at(9), step=no_step)
    assert not again.record_db.exists()
    assert backup.restore(again, now=at(9), copy=first.copy.name, step=no_step).lacking == (lost,)
    with pytest.raises(BackupError, match=first.copy.name):
        backup.newest("2020-01-01")


def test_a_home_that_lost_its_record_gets_it_back_and_keeps_what_was_edited_since(
    home: Home, backup: Backup
) -> None:
    before = documents(home)
    backup.make(home, now=at(1), step=no_step)
    with pytest.raises(BackupError, match="has a record of its own"):
        may_receive(home, backup)
    for path in home.root.glob("record.db*"):
        path.unlink()
    (home.root / "record.db-wal").write_bytes(b"of another record")
    home.marks_csv.write_text("review_id,mark\nx,include\n")
    may_receive(home, backup)
    assert backup.restore(home, now=at(9), step=no_step).kept == ("marks.csv",)
    assert documents(home) == before
    assert home.marks_csv.read_text().endswith("include\n")


def test_a_restore_goes_to_no_other_home(home: Home, backup: Backup, tmp_path: Path) -> None:
    backup.make(home, now=at(1), step=no_step)
    with pytest.raises(BackupError, match="another home"):
        may_receive(Home(tmp_path / "other").create(), backup)
    shutil.copytree(home.archive, tmp_path / "files")
    with pytest.raises(BackupError, match="not empty"):
        may_receive(Home(tmp_path / "files"), backup)


def test_tombstones_that_were_laid_in_an_empty_folder_hold_for_the_copy_that_comes(
    home: Home, backup: Backup, tmp_path: Path
) -> None:
    backup.make(home, now=at(1), step=no_step)
    newer, stone = Home(tmp_path / "again"), Tombstone("document", "gone", "", "gone", at(2))
    newer.root.mkdir()
    TombstoneFile.of(newer).add("00" * 16, [stone])
    may_receive(newer, backup)
    backup.restore(newer, now=at(9), step=no_step)
    assert TombstoneFile.of(newer).read() == ("00" * 16, (stone,))


def _newer_record(path: Path) -> None:
    with closing(sqlite3.connect(path)) as record, record:
        record.execute("UPDATE alembic_version SET version_num = '9999'")


def _flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x55
    path.chmod(0o600)
    path.write_bytes(data)


def _archived(backup: Backup) -> Path:
    return backup.archive.path(sorted(backup.archive.hashes())[0])


DAMAGE = {
    "a file is missing": lambda b, copy: (copy / "record.db").unlink(),
    "cut short": lambda b, copy: (copy / "record.db").write_bytes(
        (copy / "record.db").read_bytes()[:5000]
    ),
    "a bit flipped": lambda b, copy: _flipped(copy / "record.db"),
    "empty": lambda b, copy: (copy / "record.db").write_bytes(b""),
    "of another version": lambda b, copy: _newer_record(copy / "record.db"),
    "half written": lambda b, copy: (copy / "copy.json").unlink(),
    "a list cut short": lambda b, copy: (copy / "copy.json").write_bytes(b'{"made": "20'),
    "a folder in place of a file": lambda b, copy: (
        (copy / "record.db").unlink(),
        (copy / "record.db").mkdir(),
    ),
    "a link to nowhere": lambda b, copy: (
        (copy / "record.db").unlink(),
        (copy / "record.db").symlink_to("/nowhere/record.db"),
    ),
    "tombstones lost": lambda b, copy: (copy / "tombstones.jsonl").unlink(),
}


@pytest.mark.parametrize("into", ["a new home", "a home that lost its record"])
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_newest_copy_brings_nothing_or_is_named(
    home: Home, tmp_path: Path, backup: Backup, damage: str, into: str
) -> None:
    backup.make(home, now=at(2), keep=3, step=no_step)
    TombstoneFile.of(home).add("00" * 16, [Tombstone("document", "gone", "s", "gone", at(2))])
    copy = backup.make(home, now=at(3), keep=3, step=no_step).copy
    DAMAGE[damage](backup, copy)
    other = Home(tmp_path / "other")
    if into != "a new home":
        shutil.copytree(home.root, other.root)
        other.record_db.unlink()
    before = sorted(path.name for path in other.root.rglob("*"))
    if damage == "half written":
        assert backup.restore(other, now=at(4), step=no_step).passed_over == (copy.name,)
        assert other.record_db.is_file()
    else:
        with pytest.raises((BackupError, HomeError), match=r"damaged|missing"):
            backup.restore(other, now=at(4), step=no_step)
        assert sorted(path.name for path in other.root.rglob("*")) == before
    older = backup.copies()[0].name
    if damage == "tombstones lost":
        with pytest.raises(HomeError, match="withdrawn reports could come back"):
            backup.restore(Home(tmp_path / "third"), now=at(4), copy=older, step=no_step)
        assert not (tmp_path / "third" / "record.db").exists()


@pytest.mark.parametrize("damage", [one for one in DAMAGE if one != "tombstones lost"])
def test_a_copy_that_cannot_be_looked_into_for_what_was_withdrawn_is_named_and_hinders_none(
    home: Home, backup: Backup, damage: str
) -> None:
    old = backup.make(home, now=at(2), keep=3, step=no_step).copy
    DAMAGE[damage](backup, old)
    gone = documents(home)[0]
    TombstoneFile.of(home).add("00" * 16, [Tombstone("document", gone, "s", gone, at(3))])
    made = backup.make(home, now=at(4), keep=3, step=no_step)
    assert made.copy.is_dir()
    # Where SQLite still reads it, it is known to hold what was withdrawn, and goes.
    assert (*made.withdrawn, *made.unclear) == (old.name,)
    assert made.withdrawn == () or damage in ("of another version", "a bit flipped")


def test_a_kill_while_a_copy_is_removed_leaves_nothing_of_it_after_the_next_backup(
    home: Home, backup: Backup, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = backup.make(home, now=at(2), keep=1, step=no_step).copy
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda path: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            backup.make(home, now=at(3), keep=1, step=no_step)
    assert not old.exists()
    assert backup.make(home, now=at(4), keep=1, step=no_step).unclear == ()
    assert sorted(path.name for path in backup.folder.iterdir()) == [
        at(4).replace(":", "-"),
        "archive",
        "backup.json",
    ]


def test_a_file_that_the_backups_archive_lost_or_has_damaged_is_named(
    home: Home, backup: Backup, tmp_path: Path
) -> None:
    backup.make(home, now=at(2), keep=3, step=no_step)
    hurt = _archived(backup)
    hurt.chmod(0o600)
    hurt.write_bytes(hurt.read_bytes()[:10])
    done = backup.restore(Home(tmp_path / "other"), now=at(4), step=no_step)
    assert done.lacking == (hurt.name,)
    again = backup.make(home, now=at(5), keep=3, step=no_step)
    assert (again.lacking, again.fresh) == ((), 1)
    assert backup.restore(Home(tmp_path / "third"), now=at(6), step=no_step).lacking == ()
