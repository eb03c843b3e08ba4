"""Backups of a home: copies of what cannot be made again, in a folder that all copies share.

folder/
  backup.json              whose it is: the id of the home
  archive/ab/abcdef…       the published files by SHA-256, each once however many copies name it
  2026-11-27T03-00-00Z/    one copy: record.db (also of a record on a server), tombstones.jsonl, home.json, what people edit;
    copy.json              written last: its files with their sizes and SHA-256, and the files of the archive that it names

A copy that holds what was withdrawn since goes as a whole when the next one is made: names of the child may stand in the cards of its
neighbours, and a copy has no texts by which they would be known.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from casereviews.repository.archive import FolderArchive, sha256_of
from casereviews.repository.archives import archive_of
from casereviews.repository.errors import BackupError, FileLost, HomeError
from casereviews.repository.home import Home
from casereviews.repository.record import as_file
from casereviews.repository.record.events import LAST_TOLD
from casereviews.repository.servers import postgresql
from casereviews.repository.sqlite_files import open_reading
from casereviews.repository.stores import Stores
from casereviews.repository.tombstone_file import TombstoneFile
from casereviews.repository.whole_files import part_of, replacing, write_whole

KEPT = 14
"""So many copies stay unless another number is asked for: two weeks of nights."""
_PART = ".part-"
Step = Callable[[str, int, int | None], None]


class File(msgspec.Struct, frozen=True):
    """A file of a copy: its size in bytes and its SHA-256."""

    size: int
    sha256: str


class Contents(msgspec.Struct, frozen=True):
    """What `copy.json` says: when the copy was made (ISO 8601, UTC), its files by name, and the SHA-256 of each archived file it names."""

    made: str
    files: dict[str, File]
    archive: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Copied:
    """A backup that was made. `fresh` of `archived` files had to be copied; `lacking` are files that the home's archive should
    have and has not, whole (SHA-256; none of them is in the backup either); `pruned` are the names of older copies that went,
    `withdrawn` of those that went because they held what was withdrawn since. `unclear` are folders that are damaged, so that nobody
    can tell whether they hold what was withdrawn."""

    copy: Path
    archived: int
    fresh: int
    lacking: tuple[str, ...]
    pruned: tuple[str, ...]
    withdrawn: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Restored:
    """What `restore` brought. `kept` are files of the home, written since, that were left as they were; `lacking` are archived files
    that the backup has not, whole. `passed_over` are younger folders that are no whole copy."""

    copy: Path
    made: str
    archived: int
    kept: tuple[str, ...]
    lacking: tuple[str, ...]
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Backup:
    """A folder of copies of one home. Whoever changes it holds that home's lock."""

    folder: Path

    @property
    def archive(self) -> FolderArchive:
        return FolderArchive(self.folder / "archive")

    def copies(self) -> list[Path]:
        """The whole copies, oldest first."""
        return sorted(path.parent for path in self.folder.glob("*/copy.json"))

    def broken(self) -> list[str]:
        """The names of folders that look like copies and have no list of their files, oldest first."""
        found = (path for path in self.folder.glob("[0-9]*T*Z*") if path.is_dir())
        return sorted(path.name for path in found if not (path / "copy.json").is_file())

    def contents(self, copy: Path) -> Contents:
        """What a copy holds; BackupError when its list is damaged."""
        try:
            return msgspec.json.decode((copy / "copy.json").read_bytes(), type=Contents)
        except (OSError, ValueError) as error:
            raise BackupError(
                f"{copy / 'copy.json'} is damaged ({error}): name another copy of {self.folder} with --copy"
            ) from None

    def make(self, home: Home, *, now: str, keep: int = KEPT, step: Step) -> Copied:
        """Copy the home as it stands; older copies than the newest `keep` go, and archived files that no copy names any more.

        A kill at any point leaves the copies that were there; the next call clears what it left. Raises BackupError when the
        folder is another home's, holds other things, or cannot be written, or when the home's record is damaged: then nothing is pruned.
        """
        try:
            self._claim(home)
            for left in self.folder.glob(f"{_PART}*"):
                shutil.rmtree(left)
            self.archive.sweep()
            part = self.folder / f"{_PART}{now.replace(':', '-')}"
            part.mkdir(mode=0o700)
            named = self._copy_record(home, part)
            lacking, fresh = self._copy_archive(home, named, step)
            for path in home.edited:
                shutil.copyfile(path, part / path.name)
            copy = self._free(now)
            self._describe(part, now, tuple(sorted(named - set(lacking))))
            part.rename(copy)
            withdrawn, unclear = self._withdrawn_since(home, copy)
            older = [one for one in self.copies() if one not in withdrawn]
            pruned = older[: max(len(older) - keep, 0)]
            for one in (*withdrawn, *pruned):
                # What is half removed is no copy, and the next call clears it.
                shutil.rmtree(one.rename(self.folder / f"{_PART}{one.name}"))
            unclear = [one for one in unclear if (self.folder / one).exists()]
            if not unclear:
                self.drop_unnamed()
        except OSError as error:
            raise BackupError(
                f"cannot write the backup in {self.folder} ({error.strerror or error}): check the disk and the rights of the "
                "folder; the copies that were there are as they were"
            ) from error
        return Copied(
            copy,
            len(named),
            fresh,
            tuple(lacking),
            tuple(one.name for one in pruned),
            tuple(one.name for one in withdrawn),
            tuple(unclear),
        )

    def _withdrawn_since(self, home: Home, newest: Path) -> tuple[list[Path], list[str]]:
        """The older copies that hold what was withdrawn since, and the names of those of which that cannot be told."""
        holding, unclear = [], self.broken()
        for one in self.copies():
            if one == newest:
                continue
            try:
                self.contents(one)
                if _holds_withdrawn(home, one):
                    holding.append(one)
            except (BackupError, sqlite3.DatabaseError):
                unclear.append(one.name)
        return holding, sorted(unclear)

    def _claim(self, home: Home) -> None:
        """The folder is this home's, or empty and becomes so."""
        root = self.folder.resolve()
        if root.is_relative_to(home.root.resolve()) or home.root.resolve().is_relative_to(root):
            raise BackupError(
                f"{self.folder} and the home hold one another: choose a folder elsewhere"
            )
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = self.owner()
        if owner is None:
            if {*self.folder.iterdir()} - {part_of(self.folder / "backup.json")}:
                raise BackupError(
                    f"{self.folder} holds other things than backups: choose an empty or a new folder"
                )
            write_whole(self.folder / "backup.json", msgspec.json.encode({"home": home.id}))
        elif owner != home.id:
            raise BackupError(
                f"{self.folder} has the backups of another home: choose another folder for {home.root}"
            )

    def owner(self) -> str | None:
        """The id of the home whose backups are here; None when this is no folder of backups."""
        try:
            return str(msgspec.json.decode((self.folder / "backup.json").read_bytes())["home"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BackupError(
                f"{self.folder / 'backup.json'} cannot be read ({error}): choose another folder"
            ) from None

    def _free(self, now: str) -> Path:
        """Where the copy of this moment stands; two of one second are told apart."""
        name = now.replace(":", "-")
        taken = {path.name for path in self.folder.iterdir()}
        number = next(n for n in range(1, len(taken) + 2) if _numbered(name, n) not in taken)
        return self.folder / _numbered(name, number)

    def _copy_record(self, home: Home, part: Path) -> set[str]:
        """A consistent copy of the record as a record.db, also while others read and write it; returns the SHA-256 of every file that it names."""
        target = part / home.record_db.name
        if Stores.of(home).record is not None:
            as_file.write_file(home, target)
        else:
            self._copy_file(home, target)
        with closing(open_reading(target)) as copy:
            rows = copy.execute("SELECT DISTINCT sha256 FROM version")
            return {str(sha256) for (sha256,) in rows}

    def _copy_file(self, home: Home, target: Path) -> None:
        try:
            with (
                closing(open_reading(home.record_db)) as source,
                closing(sqlite3.connect(target)) as copy,
            ):
                source.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
                said = copy.execute("PRAGMA quick_check").fetchone()[0]
                if said != "ok":
                    raise sqlite3.DatabaseError(said)
        except sqlite3.DatabaseError as error:
            raise BackupError(
                f"{home.record_db} is damaged or cannot be read ({error}): no copy was made and none was removed; "
                "`casereviews restore` brings the last one back"
            ) from error

    def _copy_archive(self, home: Home, named: set[str], step: Step) -> tuple[list[str], int]:
        """Copy what the backup's archive has not; returns what the home should have and has not, and how many were copied."""
        source, lacking, fresh = archive_of(home), [], 0
        sizes = dict(source.sizes())
        for done, sha256 in enumerate(sorted(named)):
            step("backed up", done, len(named))
            # Every night compares no more than the size of what was copied before.
            copied = self.archive.size(sha256)
            if copied is not None and copied == sizes.get(sha256, copied):
                continue
            try:
                with source.file(sha256, checked=True) as path:
                    self.archive.put(path)
            except FileLost:
                if copied is None:
                    lacking.append(sha256)
                continue
            fresh += 1
        step("backed up", len(named), len(named))
        return lacking, fresh

    def _describe(self, copy: Path, made: str, archived: tuple[str, ...]) -> None:
        files = {}
        for path in sorted(copy.iterdir()):
            if path.name != "copy.json":
                sha256, size = sha256_of(path)
                files[path.name] = File(size, sha256)
        write_whole(copy / "copy.json", msgspec.json.encode(Contents(made, files, archived)))

    def drop_unnamed(self) -> int:
        """Remove archived files that no copy names; returns how many."""
        named = {sha256 for copy in self.copies() for sha256 in self.contents(copy).archive}
        return sum(
            self.archive.delete(one) for one in list(self.archive.hashes()) if one not in named
        )

    def damaged(self, *, deep: bool) -> Iterator[str]:
        """What of the backup is not as it was written, a line each; `deep` reads every file of the archive."""
        named: set[str] = set()
        for copy in self.copies():
            contents = self.contents(copy)
            named.update(contents.archive)
            yield from (f"{copy.name}/{name}" for name in self._wrong(copy, contents))
        for sha256 in sorted(named):
            if not (self.archive.is_whole(sha256) if deep else sha256 in self.archive):
                yield f"archive/{sha256[:2]}/{sha256}"

    def _wrong(self, copy: Path, contents: Contents) -> list[str]:
        """The files of a copy that are not as they were written."""
        wrong = []
        for name, said in contents.files.items():
            path = copy / name
            if not path.is_file() or sha256_of(path) != (said.sha256, said.size):
                wrong.append(name)
        return wrong

    def newest(self, name: str | None) -> Path:
        """The copy of this name, or the newest; BackupError, with the names there are, when there is none."""
        copies = self.copies()
        if not copies:
            raise BackupError(
                f"{self.folder} has no backup of a home: name the folder that was given to `backup`"
            )
        if name is None:
            return copies[-1]
        for copy in copies:
            if copy.name == name:
                return copy
        raise BackupError(
            f"{self.folder} has no copy {name}: it has " + ", ".join(one.name for one in copies)
        )

    def restore(self, home: Home, *, now: str, copy: str | None = None, step: Step) -> Restored:
        """Bring a copy back into a home that has no record: a new or empty folder, or one whose record.db was lost or moved away.

        What people edited in the home since stays. home.json comes first, so that the folder is this home's, and record.db last: after a kill the home is refused, and the same call goes
        on. Events go on with ids that were never given (`now`: ISO 8601). Derived things are to be made again afterwards. Raises BackupError when the copy is damaged or the home has a record.
        """
        chosen = self.newest(copy)
        contents = self.contents(chosen)
        if wrong := self._wrong(chosen, contents):
            others = ", ".join(one.name for one in self.copies() if one != chosen) or "none"
            raise BackupError(
                f"{chosen} is damaged ({', '.join(wrong)}): nothing was restored; other copies, for --copy: {others}"
            )
        try:
            home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            _bring(chosen / "home.json", home)
            if home.config_toml.name in contents.files:  # it says where the archive is
                _bring(chosen / home.config_toml.name, home)
            self._bring_tombstones(home)
            lacking = self._bring_archive(home, contents, step)
            kept = [name for name in contents.files if not _bring(chosen / name, home)]
            for path in (home.derived_db, home.crawl_memory, home.record_db):
                for old in home.root.glob(f"{path.name}*"):
                    old.unlink()
            shutil.rmtree(home.index, ignore_errors=True)
            home.create()
            with (
                replacing(home.record_db) as out,
                (chosen / home.record_db.name).open("rb") as saved,
            ):
                shutil.copyfileobj(saved, out)
                out.flush()
                _count_events_from(Path(out.name), now)
            if Stores.of(home).record is not None:
                as_file.read_file(home, home.record_db)
                for left in home.root.glob(f"{home.record_db.name}*"):
                    left.unlink()
        except OSError as error:
            raise BackupError(
                f"cannot write to {home.root} ({error.strerror or error}): make room or choose another folder with --home, "
                "then restore again"
            ) from error
        younger = [one for one in self.broken() if copy is None and one > chosen.name]
        return Restored(
            chosen,
            contents.made,
            len(contents.archive),
            tuple(kept),
            tuple(lacking),
            tuple(younger),
        )

    def _bring_tombstones(self, home: Home) -> None:
        """Those of every copy: what was withdrawn after the chosen one was made stays withdrawn. Raises BackupError where a copy lost its own."""
        own, name = TombstoneFile.of(home), home.tombstones.name
        for one in reversed(self.copies()):
            with suppress(BackupError):
                if name in self.contents(one).files and not (one / name).is_file():
                    raise HomeError(
                        f"{one / name} is missing, so that withdrawn reports could come back: nothing was restored; lay a later "
                        f"{name} in its place, or move {one} away if you know that nothing was withdrawn"
                    )
            key, stones = TombstoneFile(one / home.tombstones.name).read()
            if key:
                home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
                own.add(own.read()[0] or key, stones)

    def _bring_archive(self, home: Home, contents: Contents, step: Step) -> list[str]:
        target, lost = archive_of(home), []
        for done, sha256 in enumerate(contents.archive):
            step("restored", done, len(contents.archive))
            try:
                with self.archive.file(sha256, checked=True) as path:
                    target.put(path)
            except FileLost:
                lost.append(sha256)
        step("restored", len(contents.archive), len(contents.archive))
        return [one for one in lost if not target.is_whole(one)]


def _count_events_from(record_db: Path, now: str) -> None:
    """Let the ids of events go on above all that were given before the home was lost, also after the copy was made.

    How many those were nobody knows any more: the seconds since 1970 are more, as no home tells of an event a second.
    """
    seconds = int(datetime.fromisoformat(now).timestamp())
    with closing(sqlite3.connect(record_db)) as record, record:
        given = (
            f"SELECT CAST(value AS INTEGER) FROM meta WHERE key = '{LAST_TOLD}' "
            "UNION ALL SELECT max(id) FROM event"
        )
        highest = max((one for (one,) in record.execute(given) if one), default=0)
        record.execute("DELETE FROM meta WHERE key = ?", (LAST_TOLD,))
        record.execute(
            "INSERT INTO meta (key, value) VALUES (?, ?)", (LAST_TOLD, str(max(highest, seconds)))
        )


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}-{number}"


def _bring(saved: Path, home: Home) -> bool:
    """Copy a file of the home's own folder; one that is there and says something else stays. record.db and tombstones are not brought here."""
    target = home.root / saved.name
    if saved.name in (home.record_db.name, home.tombstones.name):
        return True
    if target.is_file() and target.stat().st_size:
        return target.read_bytes() == saved.read_bytes()
    write_whole(target, saved.read_bytes())
    return True


def _holds_withdrawn(home: Home, copy: Path) -> bool:
    """Whether a copy has a document, or bytes, that the home withdrew after the copy was made."""
    _, stones = TombstoneFile.of(home).read()
    try:
        known = set(TombstoneFile(copy / home.tombstones.name).read()[1])
    except HomeError:
        known = set()
    gone = {value for one in stones if one not in known for value in (one.value, one.document_id)}
    with closing(open_reading(copy / home.record_db.name)) as record:
        held = {
            str(value)
            for query in ("SELECT id FROM document", "SELECT DISTINCT sha256 FROM version")
            for (value,) in record.execute(query)
        }
    return not gone.isdisjoint(held)


def may_receive(home: Home, backup: Backup) -> None:
    """Raise BackupError unless a backup can be restored here: the home has no record, and is the same home or none yet."""
    server = Stores.of(home).record
    if server is not None and postgresql.holds_rows(server, home.id if home.exists else None):
        raise BackupError(
            f"the schema {server.schema} in {postgresql.place_of(server)} holds a record: name another in config.toml, or let its operator "
            "drop it first"
        )
    if home.record_db.exists() and home.record_db.stat().st_size and server is None:
        raise BackupError(
            f"{home.root} has a record of its own: choose an empty folder with --home, or move its record.db away first (where a restore was"
            " broken off, its record is there already: `casereviews rebuild` does the rest)"
        )
    if home.exists and home.id != backup.owner():
        raise BackupError(
            f"{home.root} is another home than the one whose backups are in {backup.folder}: choose an empty folder with --home"
        )
    # Tombstones, or a config that names other stores, were laid there for the copy that comes (docs/OPERATIONS.md); a restore that was killed at its beginning leaves the others.
    begun = {
        home.tombstones,
        home.config_toml,
        home.lock,
        home.holder,
        part_of(home.holder),
        part_of(home.root / "home.json"),
    }
    if not home.exists and home.root.is_dir() and {*home.root.iterdir()} - begun:
        raise BackupError(
            f"{home.root} is not empty and no home: choose an empty folder with --home"
        )
