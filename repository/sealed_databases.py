"""record.db and derived.db between two writers: whether they are there, and as the last one left them.

Whoever writes seals both when it lets go of the lock (`seals.json`). A database that is not as it was sealed, though nobody
writes, is looked through by SQLite before anything is answered from it: a restored one passes, a damaged one is named.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from casereviews.repository.errors import HomeDamaged
from casereviews.repository.home import Home
from casereviews.repository.seals import Seal, broken, read_seals, seal
from casereviews.repository.sqlite_files import open_reading, quick_check, unreadable
from casereviews.repository.whole_files import write_whole

RESTORE = "restore it from a backup (docs/OPERATIONS.md)"
MAKE_ANEW = "run `casereviews rebuild --everything`, which makes it anew from the archive"


def remedy_of(home: Home, database: Path) -> str:
    """What mends a database of a home."""
    return RESTORE if database == home.record_db else MAKE_ANEW


def seal_databases(home: Home) -> None:
    """Write down how the databases are left; without it, as on a full disk, nothing is compared."""
    names = [path.name for path in (home.record_db, home.derived_db) if path.is_file()]
    try:
        write_whole(home.seals, json.dumps(seal(home.root, names, _seals(home)), indent=1) + "\n")
    except OSError:
        home.seals.unlink(missing_ok=True)


def changed_since(home: Home, database: Path) -> str:
    """How a database differs from what the last writer left; "" when it does not, when somebody writes or was killed doing so."""
    known = {name: one for name, one in _seals(home).items() if name == database.name}
    if not known or home.holder.exists():
        return ""
    found = next(broken(home.root, known), None)
    return "" if found is None or home.holder.exists() else found[1]


def check_database(home: Home, database: Path) -> None:
    """Raise HomeDamaged, with what mends it, when a database is not as it was left and SQLite finds it damaged."""
    if not changed_since(home, database):
        return
    remedy = remedy_of(home, database)
    if not database.is_file():
        raise unreadable(database, remedy)
    said = quick_check(database)
    if said:
        raise HomeDamaged(f"{database} is damaged ({said}): {remedy}")


def is_described(home: Home) -> bool:
    """Whether anything was read and described yet. Raises HomeDamaged when it was, and derived.db is gone."""
    if not home.derived_db.exists():
        check_database(home, home.derived_db)
    return home.derived_db.exists()


def refuse_lost_record(home: Home) -> None:
    """Raise HomeDamaged for a home that kept files, and has no record of them: begun anew, withdrawn reports would come back."""
    wrong = _record_lost(home)
    if wrong and _has_kept(home):
        raise HomeDamaged(
            f"{home.record_db} {wrong}, but {home.root} holds what was collected: restore record.db from a backup "
            "(`casereviews restore DIR`, docs/OPERATIONS.md). A new one would not know what was withdrawn; to begin anew, move this folder away"
        )


def _record_lost(home: Home) -> str:
    path = home.record_db
    if not path.exists():
        return "is missing"
    if path.is_file() and path.stat().st_size == 0 and not Path(f"{path}-wal").exists():
        return "is empty"
    try:
        with closing(open_reading(path)) as record:
            tables = {name for (name,) in record.execute("SELECT name FROM sqlite_master")}
            known = tables & {"run", "document", "tombstone"}
            rows = any(record.execute(f"SELECT 1 FROM {one} LIMIT 1").fetchone() for one in known)
    except sqlite3.Error:
        return ""  # whoever opens it names the damage
    return "" if rows else "is empty"


def _has_kept(home: Home) -> bool:
    """Whether anything was ever collected or withdrawn: a file in the archive, an index, a tombstone."""
    return (
        home.tombstones.exists()
        or any(home.archive.glob("[0-9a-f][0-9a-f]/*"))
        or any(home.index.glob("g*/index.json"))
    )


def _seals(home: Home) -> dict[str, Seal]:
    try:
        return read_seals(json.loads(home.seals.read_text("utf-8")))
    except (OSError, ValueError, TypeError, LookupError):
        return {}
