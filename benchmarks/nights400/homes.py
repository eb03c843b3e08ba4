"""The home that is crawled into, its backups, and the restore of a copy after it was lost."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path

from benchmarks.nights400.known import Key, Known, Truth
from casereviews import Collection


@dataclass(frozen=True)
class Saved:
    """A copy, and what was known when it was made."""

    night: int
    copy: str
    known: dict[Key, Known]


class Homes:
    """One home after the other, below a folder; `collection` is the one in use."""

    def __init__(self, folder: Path, truth: Truth) -> None:
        self.folder = folder
        self.truth = truth
        self.backup = folder / "backup"
        self.home = folder / "home-0"
        self.collection = Collection(self.home)

    def back_up(self) -> Saved:
        """A copy, after everything was heard."""
        copied = self.collection.backup(self.backup)
        if copied.lacking:
            self.truth.say(f"the backup lacks {copied.lacking}")
        self.truth.counts["backups"] += 1
        known = copy.deepcopy(self.truth.known)
        return Saved(self.truth.night, copied.copy.name, known)

    def restore(self, older: Saved | None) -> None:
        """The home is lost; the newest copy is brought back to a new folder, or an older one with the newest tombstones."""
        lost = self.home
        self.collection.close()
        self.home = self.folder / f"home-{self.truth.night}"
        self.home.mkdir(mode=0o700)
        self.collection = Collection(self.home)
        self.collection.restore(self.backup, copy=None if older is None else older.copy)
        self.truth.counts["restores"] += 1
        if older is not None:
            self.truth.go_back(older.known, older.night)
            (self.home / "tombstones.jsonl").write_bytes((lost / "tombstones.jsonl").read_bytes())
            # The next command that writes takes out again what was withdrawn since the copy.
            self.collection.rebuild(index=True)
