"""The one lock of a home: whoever writes holds it.

The operating system's lock on the file `lock` decides; `lock.json` beside it only says who holds it, so what
a dead process left behind is no obstacle. Of a record on a server its lock is held as well, so that two machines exclude each other.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from filelock import Timeout

from casereviews.repository.errors import HomeDamaged, HomeError, HomeLocked
from casereviews.repository.home import Home
from casereviews.repository.sealed_databases import (
    check_database,
    refuse_lost_record,
    seal_databases,
)
from casereviews.repository.servers import postgresql
from casereviews.repository.sqlite_files import NOT_WRITABLE
from casereviews.repository.stores import HomeAt, Stores
from casereviews.repository.this_system import lock_of
from casereviews.repository.vocabulary import Vocabulary, load_vocabulary
from casereviews.repository.whole_files import remove, write_whole


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock: process id, host name, the verb it runs, and since when (ISO 8601, UTC).

    `lease` says under what a record on a server is written ("" for one in the folder), for the children of who holds it.
    """

    pid: int
    host: str
    verb: str
    since: str
    lease: str = ""

    def __str__(self) -> str:
        return f"`{self.verb}` (process {self.pid} on {self.host}, since {self.since})"


def utc_now() -> str:
    """The time of the system's clock as the record writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_holder(home: Home) -> Holder | None:
    """What `lock.json` says; it may speak of a process that is dead. None when there is none or it is damaged."""
    try:
        return msgspec.json.decode(home.holder.read_bytes(), type=Holder)
    except (OSError, ValueError):  # msgspec's errors are ValueErrors
        return None


@contextmanager
def writing(
    home: Home,
    verb: str,
    *,
    now: Callable[[], str] = utc_now,
    tell: Callable[[str], None] = lambda _: None,
    to_restore: bool = False,
) -> Iterator[Vocabulary]:
    """Hold the lock of `home` while the block runs, which is given the home's vocabulary: made and checked before all else.

    A child process that the holder starts (the crawl) works under its parent's lock and does not take it again.
    A damaged derived.db is taken away, for it is made anew, and `tell` is told. Raises, before anything is changed: VocabularyError
    when the home's `themes.csv` is wrong, RecordServerError when the record's server cannot be used, HomeLocked, at once, when another process holds the lock, HomeError when the lock file
    cannot be written, HomeDamaged when record.db is lost or damaged, unless it is to be restored.
    """
    vocabulary = load_vocabulary(home)
    server = Stores.of(home).record
    lock = lock_of(home.lock)
    try:
        lock.acquire()
    except Timeout:
        raise HomeLocked(_locked_message(home)) from None
    except OSError as error:
        if home.exists and error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise HomeError(
                f"{home.root} is not writable ({error.strerror}): {NOT_WRITABLE}"
            ) from error
        raise HomeError(
            f"cannot lock {home.root} ({error.strerror}): run `casereviews refresh` or `casereviews demo` to make "
            "a home, or choose another folder with --home"
        ) from error
    with contextlib.ExitStack() as held:
        held.callback(lock.release)
        if not to_restore:
            _check_stores(home, tell)
        holder = Holder(os.getpid(), socket.gethostname(), verb, now())
        if server is not None and (home.exists or not to_restore):
            others = postgresql.WriterLock(server, verb)
            held.callback(others.release)
            lease = others.acquire(home.id, str(holder))
            holder = replace(holder, lease=str(lease))
        write_whole(home.holder, _written(holder))
        try:
            yield vocabulary
        finally:
            seal_databases(home)
            home.holder.unlink(missing_ok=True)


@contextmanager
def writing_at(there: HomeAt, verb: str) -> Iterator[None]:
    """Within `writing`, with a record in the folder: hold the lock of the record's server of another place of the home as well.

    Nothing where the record of that place is on no server.
    """
    server, holder = there.stores.record, read_holder(there)
    if server is None or holder is None:
        yield
        return
    others = postgresql.WriterLock(server, verb)
    try:
        lease = others.acquire(there.id, str(holder))
        write_whole(there.holder, _written(replace(holder, lease=str(lease))))
        yield
    finally:
        write_whole(there.holder, _written(holder))
        others.release()


def _written(holder: Holder) -> str:
    said = {name: value for name, value in asdict(holder).items() if value != ""}
    return json.dumps(said) + "\n"


def _check_stores(home: Home, tell: Callable[[str], None]) -> None:
    """The record is there and sound; a derived.db that is not goes."""
    refuse_lost_record(home)
    if Stores.of(home).record is not None:
        return  # its server looks after its files
    check_database(home, home.record_db)
    try:
        check_database(home, home.derived_db)
    except HomeDamaged as error:
        for end in ("", "-wal", "-shm"):
            remove(Path(f"{home.derived_db}{end}"))
        tell(f"{str(error).partition(': ')[0]}: it is made anew from the archive")


def _locked_message(home: Home) -> str:
    holder = read_holder(home)
    if holder is None:
        return f"another process is writing to {home.root}: wait until it is done, then try again"
    return f"{home.root} is held by {holder}: wait until it is done, or stop that process, then try again"
