"""The tombstones outside record.db: `tombstones.jsonl`, so that a record that is lost, or restored older, forgets no withdrawal.

Lines are only ever added, and flushed to the disk before the record changes. The first holds the home's key (`repository/likeness.py`),
each other one tombstone: digests, ids and dates, no word, no address and no reason.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection
from dataclasses import asdict, dataclass
from pathlib import Path

from casereviews.repository.errors import HomeDamaged, HomeError
from casereviews.repository.home import Home
from casereviews.repository.this_system import flush_folder
from casereviews.repository.whole_files import write_whole


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One thing that was withdrawn: `kind` is one of `record.tombstones.KINDS`, `value` an id or a digest, `at` when (ISO 8601, UTC)."""

    kind: str
    value: str
    source_id: str
    document_id: str
    at: str


@dataclass(frozen=True, slots=True)
class TombstoneFile:
    """The file of one home; there is none before the first withdrawal."""

    path: Path

    @classmethod
    def of(cls, home: Home) -> TombstoneFile:
        return cls(home.tombstones)

    def digest(self) -> str:
        """A hash of all that it says; "" when there is none. Record and index keep the one they know. Raises HomeDamaged."""
        written = self._bytes()
        return "" if written is None else hashlib.sha256(written).hexdigest()

    def _bytes(self) -> bytes | None:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise HomeDamaged(
                f"{self.path} cannot be read ({error.strerror or error}): let yourself read it, or restore the file from a "
                "backup (without it, reports that were withdrawn could come back)"
            ) from None

    def read(self) -> tuple[str, tuple[Tombstone, ...]]:
        """(the home's key, tombstones in order); ("", ()) when there is none. Raises HomeError, naming the line, when one is damaged,
        HomeDamaged when it cannot be read.

        A last line that a power cut left unfinished is passed over: what it belongs to is begun again from its journal.
        """
        lines = (self._bytes() or b"").splitlines(keepends=True)
        key, found = "", []
        for number, line in enumerate(lines, 1):
            try:
                said = json.loads(line)
                if number == 1:
                    key = str(said["key"])
                else:
                    found.append(Tombstone(**said))
            except (ValueError, TypeError, KeyError):
                if number == len(lines) and not line.endswith(b"\n"):
                    break
                raise HomeError(
                    f"{self.path}: line {number} is damaged: restore the file from a backup (without it, "
                    "reports that were withdrawn could come back)"
                ) from None
        return key, tuple(found)

    def add(self, key: str, tombstones: Collection[Tombstone]) -> None:
        """Add those that do not stand there yet, and flush them to the disk."""
        known_key, known = self.read()
        new = [one for one in dict.fromkeys(tombstones) if one not in set(known)]
        if not known_key:
            write_whole(self.path, _lines([{"key": key}, *map(asdict, known), *map(asdict, new)]))
            return
        if not new:
            return
        with self.path.open("r+b") as file:
            whole = file.read()
            file.truncate(whole.rfind(b"\n") + 1)  # what a power cut left of a line
            file.seek(0, os.SEEK_END)
            file.write(_lines([*map(asdict, new)]).encode())
            file.flush()
            os.fsync(file.fileno())
        flush_folder(self.path.parent)


def _lines(values: Collection[object]) -> str:
    return "".join(json.dumps(one, separators=(",", ":")) + "\n" for one in values)
