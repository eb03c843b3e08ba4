"""record.db and derived.db between two writers: whether they are there, and as the last one left them.

Whoever writes seals both when it lets go of the lock (`seals.json`: the seals, and the header of each file). A database that is
not as it was sealed, though nobody writes, is looked through by SQLite before anything is answered from it: a restored one
passes, a damaged one is named. What SQLite cannot see, a byte changed within a text, is known by the header: whoever writes
otherwise than byte by byte changes size or header too.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from casereviews.repository.errors import HomeDamaged
from casereviews.repository.home import Home
from casereviews.repository.seals import Seal, broken, read_seals, seal
from casereviews.repository.sqlite_files import open_reading, quick_check, unreadable
from casereviews.repository.whole_files import write_whole

if TYPE_CHECKING:
    from casereviews.repository.stores import RecordServer

RESTORE = "restore it from a backup (docs/OPERATIONS.md)"
OVERWRITTEN = "its bytes are not those that were written; if you put another in its place yourself, delete seals.json"
MAKE_ANEW = "run `casereviews rebuild --everything`, which makes it anew from the archive"


_HEADER = 100
"""Bytes: the header of an SQLite file (https://www.sqlite.org/fileformat2.html, 1.3)."""


def remedy_of(home: Home, database: Path) -> str:
    """What mends a database of a home."""
    return RESTORE if database == home.record_db else MAKE_ANEW


def seal_databases(home: Home) -> None:
    """Write down how the databases are left; without it, as on a full disk, nothing is compared."""
    paths = [path for path in (home.record_db, home.derived_db) if path.is_file()]
    try:
        files = seal(home.root, [path.name for path in paths], _sealed(home)[0])
        # A log that a reader keeps from being written back is written back into the file later.
        whole = [path for path in paths if not _has_log(path)]
        said = {"files": files, "headers": {path.name: _header(path) for path in whole}}
        write_whole(home.seals, json.dumps(said, indent=1) + "\n")
    except OSError:
        home.seals.unlink(missing_ok=True)


def changed_since(home: Home, database: Path, *, read: bool = False) -> str:
    """How a database differs from what the last writer left; "" when it does not, when somebody writes or was killed doing so.

    With `read` its bytes are compared whatever its size and time of change say.
    """
    known = {name: one for name, one in _sealed(home)[0].items() if name == database.name}
    if not known or home.holder.exists():
        return ""
    if read and _has_log(database):
        read = False
    found = next(broken(home.root, known, read=read), None)
    return "" if found is None or home.holder.exists() else found[1]


def damage_in(home: Home, database: Path) -> str:
    """What is wrong with a database that is not as it was left; "" when SQLite, or whoever restored it, wrote it so."""
    said = quick_check(database)
    if said:
        return said
    files, headers = _sealed(home)
    known = files.get(database.name)
    same = known is not None and known.size == database.stat().st_size
    return OVERWRITTEN if same and headers.get(database.name) == _header(database) else ""


def check_database(home: Home, database: Path) -> None:
    """Raise HomeDamaged, with what mends it, when a database file is not as it was left and is found damaged."""
    if not changed_since(home, database):
        return
    remedy = remedy_of(home, database)
    if not database.is_file():
        raise unreadable(database, remedy)
    said = damage_in(home, database)
    if said:
        raise HomeDamaged(f"{database} is damaged ({said}): {remedy}")


def _server(home: Home) -> RecordServer | None:
    """The server of the record, None where it is in the folder."""
    if not home.may_name_servers:
        return None
    from casereviews.repository.stores import Stores  # here: most searches need none of it

    return Stores.of(home).record


def has_record(home: Home) -> bool:
    """Whether a home holds a record, in its folder or on the server that its config.toml names. Raises RecordServerError when that cannot be asked."""
    server = _server(home)
    if server is None:
        return home.record_db.exists()
    from casereviews.repository.servers import postgresql

    return home.exists and postgresql.holds_record(server, home.id)


def has_derived(home: Home) -> bool:
    """Whether what was read and described is there, beside the record. Raises RecordServerError when that cannot be asked."""
    server = _server(home)
    if server is None:
        return home.derived_db.exists()
    from casereviews.repository.servers import postgresql

    return postgresql.is_described(server)


def is_described(home: Home) -> bool:
    """Whether anything was read and described yet. Raises HomeDamaged when it was, and derived.db is gone."""
    if has_derived(home):
        return True
    if _server(home) is None:
        check_database(home, home.derived_db)
    return False


def refuse_lost_record(home: Home) -> None:
    """Raise HomeDamaged for a home that kept files, and has no record of them: begun anew, withdrawn reports would come back.

    Not where a home is brought (`HomeAt`): the record comes with what it knows of withdrawals.
    """
    if type(home) is not Home:
        return
    wrong = _record_lost(home)
    if wrong and _has_kept(home):
        server = _server(home)
        if server is not None:
            from casereviews.repository.servers import postgresql

            raise HomeDamaged(
                f"the record in {postgresql.place_of(server)} {wrong}, but {home.root} holds what was collected: let its operator restore "
                f"the schemas {server.schema} and {server.schema}{postgresql.DERIVED}, or see that config.toml names the right ones. "
                "A new record would not know what was withdrawn; to begin anew, move this folder away"
            )
        raise HomeDamaged(
            f"{home.record_db} {wrong}, but {home.root} holds what was collected: restore record.db from a backup "
            "(`casereviews restore DIR`, docs/OPERATIONS.md). A new one would not know what was withdrawn; to begin anew, move this folder away"
        )


def _record_lost(home: Home) -> str:
    server = _server(home)
    if server is not None:
        from casereviews.repository.servers import (
            postgresql,  # here: a search in a folder needs none of it
        )

        known = home.id if home.exists else None
        return "" if postgresql.holds_rows(server, known) else "is empty"
    path = home.record_db
    if not path.exists():
        return "is missing"
    if path.is_file() and path.stat().st_size == 0 and not Path(f"{path}-wal").exists():
        return "is empty"
    try:
        with closing(open_reading(path)) as record:
            tables = {name for (name,) in record.execute("SELECT name FROM sqlite_master")}
            here = tables & {"run", "document", "tombstone"}
            rows = any(record.execute(f"SELECT 1 FROM {one} LIMIT 1").fetchone() for one in here)
    except sqlite3.Error:
        return ""  # whoever opens it names the damage
    return "" if rows else "is empty"


def _has_kept(home: Home) -> bool:
    """Whether anything was ever collected or withdrawn: a file in the archive, an index, a tombstone."""
    # Here: who reads a sound home needs none.
    from casereviews.repository.archives import archive_of

    return (
        home.tombstones.exists()
        or any(True for _ in archive_of(home).hashes())
        or any(home.index.glob("g*/index.json"))
    )


def _sealed(home: Home) -> tuple[dict[str, Seal], dict[str, str]]:
    """The seals of the databases and the headers of those that had no log, by name."""
    try:
        said = json.loads(home.seals.read_text("utf-8"))
        return read_seals(said["files"]), dict(said["headers"])
    except (OSError, ValueError, TypeError, LookupError):
        return {}, {}


def _header(database: Path) -> str:
    with database.open("rb") as file:
        return file.read(_HEADER).hex()


def _has_log(database: Path) -> bool:
    log = Path(f"{database}-wal")
    return log.exists() and log.stat().st_size > 0
