"""An older record is brought up to date by a writer, after a copy; a reader and a newer record are left alone."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from casereviews.repository.errors import HomeError, HomeTooNew
from casereviews.repository.home import Home
from casereviews.repository.record import Record, database, dialects
from casereviews.repository.record.database import REVISIONS, connect, migrate, read_revision
from casereviews.repository.record.tables import metadata
from casereviews.repository.servers import postgresql
from casereviews.repository.stores import Stores
from tests.postgresql_server import files_only

BOTH_STORES = True


def engine_at(home: Home, revision: str) -> Engine:
    """A writer's engine over a new record of a home that is brought to a revision."""
    server = Stores.of(home).record
    if server is None:
        engine = connect(home.record_db, write=True)
    else:
        connection = postgresql.connect(server)
        postgresql.make_schemas(server, connection, home.id)
        engine = dialects.engine_on(server, home, server.schema, connection, write=True)
    migrate(engine, revision)
    return engine


def revision_in(home: Home) -> str | None:
    server = Stores.of(home).record
    if server is None:
        return read_revision(home.record_db)
    with postgresql.connect(server) as connection:
        return postgresql.revision_of(server, connection, home.id)


@pytest.fixture
def old_home(home: Home) -> Home:
    """A home whose record the first release wrote, with one document in it."""
    engine = engine_at(home, "0001")
    with engine.begin() as c:
        c.exec_driver_sql("INSERT INTO source (id, info, same_as) VALUES ('northmoor', '{}', '[]')")
        c.exec_driver_sql(
            "INSERT INTO document (id, source_id, kind, origin, first_seen, last_seen, first_run, last_run, availability,"
            " missing_runs, visibility, told) VALUES ('0z5a', 'northmoor', 'file', 'crawl', 't', 't', 1, 1, 'available', 0,"
            " 'shown', TRUE)"
        )
        c.exec_driver_sql(
            "INSERT INTO url_state (url, final_url, first_seen, checked_at) VALUES ('u', 'u', 't', 't')"
        )
    engine.dispose()
    return home


def test_the_migrations_lead_to_the_tables(home: Home) -> None:
    with Record.open(home, write=True) as record, record.engine.connect() as c:
        found = compare_metadata(MigrationContext.configure(c), metadata)
        if (
            c.dialect.name == "postgresql"
        ):  # which has long addresses' indexes otherwise, and whose home it is
            names = ("add_index", "remove_index")
            found = [one for one in found if one[0] not in names and one[1].name != "home"]
        assert found == []


def test_the_revisions_that_are_known_are_those_that_are_shipped() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    shipped = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(shipped)) == REVISIONS


def test_a_writer_brings_an_older_record_up_to_date_after_a_copy(old_home: Home) -> None:
    with Record.open(old_home, write=True) as record:
        (found,) = record.documents()
        assert (found.id, found.availability) == ("0z5a", "available")
        state = record.url_state("u")
        assert state is not None
        assert state.changed_at is None
    assert revision_in(old_home) == REVISIONS[-1]
    if Stores.of(old_home).record is not None:
        return  # its operator makes copies
    copy = old_home.root / f"record.db.before-{REVISIONS[-1]}"
    assert read_revision(copy) == "0001"
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT id FROM document").fetchall() == [("0z5a",)]


def test_a_reader_leaves_an_older_record_as_it_is(old_home: Home) -> None:
    path = old_home.record_db
    before = path.read_bytes() if path.exists() else b""
    with pytest.raises(HomeError, match="older casereviews: run `casereviews refresh`"):
        Record.open(old_home)
    assert (path.read_bytes() if path.exists() else b"") == before
    assert revision_in(old_home) == "0001"


def test_a_record_of_a_newer_casereviews_is_refused_to_both(home: Home) -> None:
    with Record.open(home, write=True) as record, record.transaction() as c:
        c.exec_driver_sql("UPDATE alembic_version SET version_num = '0099'")
    for write in (False, True):
        with pytest.raises(HomeTooNew, match=r"revision 0099.*upgrade casereviews"):
            Record.open(home, write=write)


def test_a_migration_that_dies_leaves_the_old_record_whole(
    old_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    from alembic import op

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(op, "add_column", die)
        with pytest.raises(KeyboardInterrupt):
            Record.open(old_home, write=True)
    assert revision_in(old_home) == "0001"
    with Record.open(old_home, write=True) as record:
        assert [one.id for one in record.documents()] == ["0z5a"]


def test_an_empty_home_is_told_what_to_run(home: Home) -> None:
    with pytest.raises(HomeError, match="holds no reviews yet: run `casereviews refresh`"):
        Record.open(home)
    assert not home.record_db.exists()


@files_only
@pytest.mark.parametrize(
    "content", [b"not a database at all, but long enough to be read as one" * 20]
)
def test_a_damaged_record_is_named_and_not_overwritten(home: Home, content: bytes) -> None:
    home.record_db.write_bytes(content)
    for write in (False, True):
        with pytest.raises(HomeError, match="restore it from a backup"):
            Record.open(home, write=write)
    assert home.record_db.read_bytes() == content


def test_a_reader_cannot_write(home: Home) -> None:
    Record.open(home, write=True).close()
    with Record.open(home) as record, pytest.raises(Exception, match=r"readonly|takes no writes"):
        record.begin_run("search", "2026-03-01T02:00:00Z")


def test_people_read_while_the_night_job_writes(home: Home) -> None:
    with Record.open(home, write=True) as writer:
        writer.begin_run("refresh", "2026-03-01T02:00:00Z")
        with writer.transaction() as c:
            c.exec_driver_sql("UPDATE run SET verb = 'rebuild'")
            with Record.open(home) as reader:
                assert [one.verb for one in reader.runs()] == ["refresh"]
        with Record.open(home) as reader:
            assert [one.verb for one in reader.runs()] == ["rebuild"]


def test_a_record_in_a_folder_loads_nothing_of_a_server(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from casereviews.repository.home import Home
from casereviews.repository.lock import writing
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
home = Home(Path(sys.argv[1])).create()
with writing(home, "refresh"), Record.open(home, write=True) as record, Derived.open(home, write=True):
    record.raise_revision()
with Record.open(home), Derived.open(home):
    print(sorted({"psycopg", "boto3", "opensearchpy"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "home")],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout == "[]\n"


@files_only
def test_deleted_rows_are_overwritten(home: Home) -> None:
    with Record.open(home, write=True) as record:
        for statement, value in (
            ("PRAGMA secure_delete", 1),
            ("PRAGMA journal_mode", "wal"),
            ("PRAGMA foreign_keys", 1),
        ):
            with record.engine.connect() as c:
                assert c.exec_driver_sql(statement).scalar() == value
