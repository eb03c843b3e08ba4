"""Taking away what a home has at one of its places: where it was before it was moved, or a copy that was begun."""

from __future__ import annotations

from pathlib import Path

from casereviews.repository.archives import archive_of
from casereviews.repository.left_behind import LeftBehind
from casereviews.repository.record.database import copies_before
from casereviews.repository.servers.postgresql import DERIVED, check_home, connect, telling
from casereviews.repository.servers.postgresql_purging import purge
from casereviews.repository.stores import HomeAt, RecordServer
from casereviews.repository.whole_files import remove


def take_away_archive(home: HomeAt) -> tuple[LeftBehind, ...]:
    """Every file of the archive there; returns what its server still holds of them."""
    archive = archive_of(home)
    archive.sweep()
    gone = [sha256 for sha256 in list(archive.hashes()) if archive.delete(sha256)]
    left = archive.left_behind(gone)
    archive.give_up()
    return left


def take_away_record(home: HomeAt) -> tuple[LeftBehind, ...]:
    """The record there, and what is derived of it; returns what its server still holds of them."""
    if home.stores.record is not None:
        return _drop(home.stores.record, home.id)
    for database in (home.record_db, home.derived_db):
        for end in ("", "-wal", "-shm"):
            remove(Path(f"{database}{end}"))
    for copy in copies_before(home.record_db):
        copy.unlink()
    return ()


def _drop(server: RecordServer, home_id: str) -> tuple[LeftBehind, ...]:
    with connect(server, verb="migrate") as connection, telling(server):
        if check_home(server, connection, home_id):
            for schema in (
                server.schema + DERIVED,
                server.schema,
            ):  # the one that says whose they are goes last
                connection.execute(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
    return purge(server, ())
