"""Bringing a home to other stores, and back: archive, record, what is derived of it, index; then config.toml says so.

Until the last moment everything is read and written where it was; what was brought by a run that was stopped stays and is compared by the
next. The places that are left keep what they hold: `places.json` names them until `remove_old` takes them away.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from casereviews.collection.asking.server_health import healths
from casereviews.collection.changing.indexing import build_anew, indexed_ids, take_away_index
from casereviews.collection.changing.withdrawing import finish_withdrawal
from casereviews.collection.clock import now
from casereviews.collection.errors import CannotMigrate
from casereviews.collection.keepers import standing_index
from casereviews.collection.progress import Progress
from casereviews.index.errors import NoIndex
from casereviews.index.folder import beside, describe_beside
from casereviews.repository.archive import FolderArchive
from casereviews.repository.archives import archive_of
from casereviews.repository.errors import FileLost, TomlError
from casereviews.repository.home import Home
from casereviews.repository.json_record import JsonRecord
from casereviews.repository.left_behind import LeftBehind
from casereviews.repository.lock import writing, writing_at
from casereviews.repository.places import Place, Places, lines_of
from casereviews.repository.published_documents import published_ids
from casereviews.repository.record import Record, derived_tables, tables
from casereviews.repository.record.copying import copy_rows, differing, rows_of
from casereviews.repository.record.database import scrub
from casereviews.repository.record.derived import Derived
from casereviews.repository.record.dialects import count_on
from casereviews.repository.sealed_databases import has_record
from casereviews.repository.stores import ARRIVING, NAMES, TABLE, HomeAt, Stores
from casereviews.repository.taking_away import take_away_archive, take_away_record
from casereviews.repository.toml_files import changing_toml, read_toml
from casereviews.repository.vocabulary import Vocabulary
from casereviews.repository.whole_files import remove

FOLDER = "folder"
"""What is said instead of a file of stores: bring everything back into the home's folder."""


@dataclass(frozen=True, slots=True)
class Migrated(JsonRecord):
    """What is there now: files of the archive, rows of record and derived, documents and reviews of the index; 0 of what did not move.

    `moved` names the stores that did, `left_behind` is what servers still hold of what a copy of before had and the home has not. `lacking` are files (SHA-256) that the archive had lost, or that are damaged: they were not brought. `left` says where
    copies of before are.
    """

    moved: tuple[str, ...]
    files: int
    rows: int
    documents: int
    reviews: int
    lacking: tuple[str, ...]
    left: tuple[str, ...]
    left_behind: tuple[LeftBehind, ...] = ()


@dataclass(frozen=True, slots=True)
class Removed(JsonRecord):
    """The places that were taken away, and what servers still hold of them."""

    places: tuple[str, ...]
    left_behind: tuple[LeftBehind, ...]


def lines_in(to: Path | str) -> dict[str, Any]:
    """The lines of [stores] that a file has, none for FOLDER. Raises TomlError when there is none, or it has no such table, or a wrong one."""
    if str(to) == FOLDER:
        return {}
    path = Path(to).expanduser()
    if not path.is_file():
        raise TomlError(
            f"{path} is no file: name one with a table [{TABLE}] (docs/BEYOND-ONE-MACHINE.md), or `migrate --to {FOLDER}`"
        )
    table = read_toml(path).get(TABLE)
    if not table:
        raise TomlError(
            f"{path} has no table [{TABLE}]: write one (docs/BEYOND-ONE-MACHINE.md), or `migrate --to {FOLDER}`"
        )
    said = Stores.said(path, table)
    # Names of files are said from the folder of the file: in config.toml they would be of the home's.
    cas = {f"{name}_ca": server.ca for name in NAMES if (server := said.store(name)) and server.ca}
    return {**table, **{name: str(ca.resolve()) for name, ca in cas.items()}}


def migrate(home: Home, to: Path | str, progress: Progress) -> Migrated:
    """Bring a home to the stores of a file, or FOLDER, under its lock. A stopped one goes on by the same call.

    Raises, with what to do, before anything is brought: TomlError, CannotMigrate, and the errors of a server that cannot be used.
    """
    lines = lines_in(to)
    with writing(home, "migrate", tell=progress.note) as vocabulary:
        finish_withdrawal(home, vocabulary)
        return _Move(home, lines, progress, vocabulary).run()


def remove_old(home: Home, progress: Progress) -> Removed:
    """Take away what lies at the places that a home has left, and a copy that was begun.

    Raises CannotMigrate where such a place may be the one that the home is kept at now, and the errors of a server that cannot be used:
    what was not taken away is still named.
    """
    with writing(home, "migrate", tell=progress.note) as vocabulary:
        finish_withdrawal(home, vocabulary)
        gone: list[str] = []
        behind: list[LeftBehind] = []
        for place in list(Places.of(home).elsewhere(home)):
            progress.step(f"taking away the {place.store}", len(gone))
            behind += _take_away(home, place)
            gone.append(place.words(home))
            places = Places.of(home)
            rest = tuple(one for one in places.left if one != place)
            Places(places.to, places.begun, rest).write(home)
        _settle_index(home)
        Places().write(home)
        return Removed(tuple(gone), tuple(behind))


def _take_away(home: Home, place: Place) -> tuple[LeftBehind, ...]:
    """Remove one store at one place; returns what its server still holds of it."""
    if place.lines and Stores.of(home).store(place.store) is not None:
        raise CannotMigrate(
            f"the {place.store} of {home.root} is on a server, and {place.words(home)} may be the same one: take the copy away there "
            f"yourself, then remove {home.places_json}"
        )
    there = place.home(home)
    if place.store == "archive":
        return take_away_archive(there)
    if place.store == "record":
        with writing_at(there, "migrate"):
            return take_away_record(there)
    return take_away_index(there)


def _settle_index(home: Home) -> None:
    """What compares cases takes its place, when the index has gone to a cluster."""
    arriving = home.root / ARRIVING
    if Stores.of(home).index is not None and beside(arriving).exists():
        remove(beside(home.index))
        beside(arriving).rename(beside(home.index))
        describe_beside(home.index, standing_index(home))
    remove(arriving)


@dataclass(slots=True)
class _Move:
    home: Home
    lines: dict[str, Any]
    progress: Progress
    vocabulary: Vocabulary
    left_behind: list[LeftBehind] = field(default_factory=list)

    def run(self) -> Migrated:
        there = HomeAt(self.home.root, Stores.said(self.home.config_toml, self.lines))
        standing = Stores.of(self.home)
        moving = [name for name in NAMES if standing.store(name) != there.stores.store(name)]
        self._refuse(standing, there.stores, moving)
        if not moving:
            self._arrive(moving)
            return Migrated((), 0, 0, 0, 0, (), self._left())
        self._look(there, moving)
        places = Places.of(self.home)
        if places.to != self.lines:
            Places(self.lines, now(), places.left).write(self.home)
        files, lacking = self._archive(there) if "archive" in moving else (0, ())
        with writing_at(there, "migrate"):
            rows = self._rows(there) if "record" in moving else 0
        documents, reviews = self._index(there) if "index" in moving else (0, 0)
        self._arrive(moving)
        return Migrated(
            tuple(moving),
            files,
            rows,
            documents,
            reviews,
            lacking,
            self._left(),
            tuple(self.left_behind),
        )

    def _refuse(self, standing: Stores, there: Stores, moving: list[str]) -> None:
        """Only between folder and server, and not to another server than a copy was begun for or is left at."""
        places = Places.of(self.home)
        if places.to is not None and places.to not in (self.lines, self._said()):
            raise CannotMigrate(
                f"a copy of {self.home.root} was begun elsewhere ({', '.join(one.words(self.home) for one in places.elsewhere(self.home))}) and is not whole: go on with the "
                "same stores, or run `casereviews migrate --remove-old`, which takes what was copied away"
            )
        for name in moving:
            if standing.store(name) is not None and there.store(name) is not None:
                raise CannotMigrate(
                    f"the {name} of {self.home.root} is on a server already, and moves to another only by way of the folder: "
                    f"`casereviews migrate --to {FOLDER}` first (what is the same server may be said otherwise in {self.home.config_toml})"
                )
            for place in places.left:
                left = place.home(self.home).stores.store(name)
                if place.store == name and left and there.store(name) not in (None, left):
                    raise CannotMigrate(
                        f"an older copy of the {name} is still at {place.words(self.home)}: run "
                        "`casereviews migrate --remove-old` first"
                    )

    def _look(self, there: HomeAt, moving: list[str]) -> None:
        """Ask every server that is moved to before anything is brought, and refuse a place that holds what is not this home's."""
        if "archive" in moving:
            archive = archive_of(there)
            next(archive.hashes(), None)  # raises for files of another home, or of nobody's
            archive.claim()
        asked = replace(there.stores, archive=None)  # it was asked, and is not this home's yet
        for store in healths(HomeAt(there.root, asked)):
            if store.state == "wrong":
                raise CannotMigrate(f"nothing was brought anywhere: {store}")
        if "record" in moving:
            has_record(there)  # raises where the schema is another home's
        if "index" in moving:
            with suppress(NoIndex):
                standing_index(there)

    def _archive(self, there: HomeAt) -> tuple[int, tuple[str, ...]]:
        """Every file that is whole, by its hash; what the other place holds beside them goes."""
        source, target = archive_of(self.home), archive_of(there)
        sizes, known = dict(source.sizes()), dict(target.sizes())
        others = [one for one in known.keys() - sizes.keys() if target.delete(one)]
        self.left_behind += target.left_behind(others)
        lacking = []
        for done, (sha256, size) in enumerate(sizes.items(), 1):
            self.progress.step("files copied", done, len(sizes))
            if known.get(sha256) == size and (
                not isinstance(target, FolderArchive) or target.is_whole(sha256)
            ):
                continue
            try:
                with source.file(sha256, checked=True) as path:
                    target.put(path)
            except FileLost:
                lacking.append(sha256)
        brought = dict(target.sizes())
        wrong = {one for one in sizes if brought.get(one) != sizes[one]} - {*lacking}
        if wrong or brought.keys() - sizes.keys():
            raise CannotMigrate(
                f"the archive holds {len(sizes)} files, and {len(brought)} are where it is brought ({len(wrong)} of them lacking): "
                "nothing was changed; run the same command again"
            )
        return len(brought), tuple(lacking)

    def _rows(self, there: HomeAt) -> int:
        """Record and derived, compared row by row afterwards."""
        with (
            Record.open(self.home, write=True) as record,
            Derived.open(self.home, write=True) as derived,
            Record.open(there, write=True) as record_there,
            Derived.open(there, write=True) as derived_there,
        ):
            pairs = (
                (record.engine, record_there.engine, tables.metadata),
                (derived.engine, derived_there.engine, derived_tables.metadata),
            )
            total = sum(sum(rows_of(source, of).values()) for source, _, of in pairs)
            before = 0

            def done(number: int) -> None:
                self.progress.step("rows copied", before + number, total)

            others = False
            for source, target, of in pairs:
                others |= copy_rows(source, target, of, done)
                before += sum(rows_of(source, of).values())
                with target.begin() as c:
                    count_on(c, of.sorted_tables)
            for source, target, of in pairs:
                for name in differing(source, target, of):
                    raise CannotMigrate(
                        f"the table {name} is not the same where it was brought: nothing was changed; run the same command again"
                    )
            if others:
                self.left_behind += scrub(record_there.engine, derived_there.engine)
            return total

    def _index(self, there: HomeAt) -> tuple[int, int]:
        """An index of the same documents."""
        built = build_anew(there, vocabulary=self.vocabulary, progress=self.progress.step)
        shown, indexed = published_ids(self.home), indexed_ids(there)
        if shown != indexed:
            raise CannotMigrate(
                f"{len(shown)} documents are shown, and {len(indexed)} are in the index that was built: nothing was changed; "
                "run the same command again"
            )
        return built.documents, built.reviews

    def _arrive(self, moving: list[str]) -> None:
        """config.toml names the stores, and places.json what was left."""
        before, places = self._said(), Places.of(self.home)
        came = places.to == self.lines
        # The folder's index is made again at any time, and goes with the step to a cluster.
        left = [
            Place(name, lines, now())
            for name in moving
            if (lines := lines_of(before, name)) or name != "index"
        ]
        if moving:
            # First, so that a kill between the two forgets no place: what is in both is no other place.
            known = [(place.store, place.lines) for place in left]
            kept = [place for place in places.left if (place.store, place.lines) not in known]
            Places(places.to, places.begun, (*kept, *left)).write(self.home)
            with changing_toml(self.home.config_toml) as document:
                document.pop(TABLE, None)
                if self.lines:
                    document[TABLE] = self.lines
        _settle_index(self.home)
        if came:
            others = Places(left=Places.of(self.home).left).elsewhere(self.home)
            Places(left=tuple(others)).write(self.home)

    def _said(self) -> dict[str, Any]:
        return dict(read_toml(self.home.config_toml).get(TABLE, {}))

    def _left(self) -> tuple[str, ...]:
        return tuple(one.words(self.home) for one in Places.of(self.home).elsewhere(self.home))
