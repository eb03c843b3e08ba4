"""SQLite files of a home: opened for reading without changing them, and their damage told in one line with the remedy."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePath
from urllib.parse import quote

from casereviews.repository.errors import HomeDamaged, HomeError

BUSY_SECONDS = 30.0
NOT_WRITABLE = (
    "it can be read, not changed: ask its owner for the right to write, or choose another folder "
    "with --home"
)
# https://www.sqlite.org/rescode.html: what a file says of itself that is not as SQLite wrote it.
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
_DAMAGED_READS = {sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ}
_NOT_TAKEN = {
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_FSYNC,
    sqlite3.SQLITE_IOERR_DIR_FSYNC,
    sqlite3.SQLITE_IOERR_TRUNCATE,
    sqlite3.SQLITE_IOERR_SHMOPEN,
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_SHMMAP,
}


def open_reading(path: Path, *, timeout: float = BUSY_SECONDS) -> sqlite3.Connection:
    """A connection that can only read, in autocommit; also of a file on a read-only disk or of another user.

    A file with a write-ahead log needs a `-shm` beside it, which cannot be made there: without a log the file is then taken as it
    stands (`immutable`). Raises sqlite3.Error, and HomeError when a log is left that only a writer can read.
    """
    address = address_of(path.absolute())
    connection = _connected(f"{address}?mode=ro", timeout)
    try:
        with decoded():
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    except sqlite3.OperationalError as error:
        connection.close()
        if _primary(error) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise
        if not path.is_file() or not os.access(path, os.R_OK):
            raise
        if _size(Path(f"{path}-wal")):
            raise HomeError(
                f"{path} has changes that a stopped run did not finish, and cannot be written to: "
                "let its owner run `casereviews doctor --repair`"
            ) from error
        return _connected(f"{address}?immutable=1", timeout)
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def decoded() -> Iterator[None]:
    """Raises sqlite3.DatabaseError where SQLite speaks of damage in words of the file that are no text, which Python cannot say."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise sqlite3.DatabaseError(f"could not decode what SQLite says: {error}") from error


def address_of(path: PurePath) -> str:
    """An absolute path as SQLite's URI; a share of Windows as well (https://www.sqlite.org/uri.html: its host is no authority)."""
    text = path.as_posix()
    return "file://" + quote(text if text.startswith("/") else f"/{text}", safe="/:")


def _connected(address: str, timeout: float) -> sqlite3.Connection:
    return sqlite3.connect(
        address, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False
    )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def quick_check(path: Path) -> str:
    """What is wrong with a file in SQLite's own words; "" when nothing is."""
    try:
        with closing(open_reading(path)) as database:
            said = str(database.execute("PRAGMA quick_check(1)").fetchone()[0])
    except (sqlite3.Error, HomeError) as error:
        return str(error)
    return "" if said == "ok" else said.replace("\n", " ")


def trouble_of(path: Path, error: BaseException | None, remedy: str) -> HomeError | None:
    """The error that tells what SQLite's `error` says of a file and what to do: HomeDamaged with `remedy`, or HomeError when it
    cannot be opened or written to. None when it speaks of something else (another writer)."""
    if isinstance(error, UnicodeDecodeError):  # as `decoded` has it
        return HomeDamaged(f"{path} is damaged ({error}): {remedy}")
    if not isinstance(error, sqlite3.Error):
        return None
    code = getattr(error, "sqlite_errorcode", None)
    if _primary(error) == sqlite3.SQLITE_READONLY:
        return HomeError(f"{path.parent} is not writable ({error}): {NOT_WRITABLE}")
    if _primary(error) == sqlite3.SQLITE_CANTOPEN:
        return unreadable(path, remedy)
    if is_not_taken(error):
        return HomeError(_not_taken(path, error))
    damaged = _primary(error) in _DAMAGED or code in _DAMAGED_READS
    if damaged or "could not decode" in str(error).lower():
        return HomeDamaged(f"{path} is damaged ({error}): {remedy}")
    return None


def is_not_taken(error: sqlite3.Error) -> bool:
    """True where the disk, or a limit on the size of files, did not take what was to be written: the file is as it was."""
    code = getattr(error, "sqlite_errorcode", None)
    return _primary(error) == sqlite3.SQLITE_FULL or code in _NOT_TAKEN


def _not_taken(path: Path, error: sqlite3.Error) -> str:
    if _primary(error) == sqlite3.SQLITE_FULL:
        return "the disk is full: free some space and run the same command again"
    return (
        f"the disk does not take what is written to {path} ({error}): free some space, look at the disk and at the limit of "
        "file sizes (`ulimit -f`), and run the same command again"
    )


def unreadable(path: Path, remedy: str) -> HomeError:
    """Why a file cannot be opened: gone, a folder in its place, or not for this user."""
    if path.is_dir():
        return HomeDamaged(f"{path} is a folder, not a file: take it away, then {remedy}")
    if not path.exists():
        return HomeDamaged(f"{path} is missing: {remedy}")
    return HomeError(
        f"{path} cannot be opened: let yourself read it (and write in its folder), or choose another folder with --home"
    )


def _primary(error: sqlite3.Error) -> int | None:
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
