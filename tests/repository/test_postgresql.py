"""A record on a PostgreSQL server: what it says when it cannot be had, whose it is, one writer on all machines, every letter, every kill."""

from __future__ import annotations

import dataclasses
import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from casereviews import Collection
from casereviews.repository.errors import HomeDamaged, HomeError, HomeLocked, RecordServerError
from casereviews.repository.home import Home
from casereviews.repository.lock import writing
from casereviews.repository.model import Page, Reading
from casereviews.repository.record import Record, as_file, derived
from casereviews.repository.record.database import scrub
from casereviews.repository.record.derived import Derived
from casereviews.repository.record.outcome import Leaving
from casereviews.repository.record.tables import metadata
from casereviews.repository.sealed_databases import has_derived, has_record, is_described
from casereviews.repository.servers import postgresql as server_side
from casereviews.repository.servers import postgresql_purging
from casereviews.repository.stores import RECORD_PASSWORD, Stores
from casereviews.repository.tombstone_file import TombstoneFile
from casereviews.repository.withdrawal_journal import Journal
from tests.postgresql_server import PASSWORD, SUPERUSER, USER, Server, free_port, running
from tests.repository.nights import Nights, at, fetched, link
from tests.search_cli import small_home

pytestmark = pytest.mark.live


@pytest.fixture
def home(tmp_path: Path, postgresql: Server) -> Home:
    return postgresql.keep(Home(tmp_path / "home").create())


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgresql: Server) -> Iterator[Server]:
    """A server that a test may stop, or change."""
    with running(tmp_path / "own") as server:
        yield server


def elsewhere(home: Home) -> Home:
    """The same home on another machine: its id and its config, and a folder of its own."""
    other = Home(home.root.with_name("elsewhere"))
    other.root.mkdir()
    for name in ("home.json", "config.toml"):
        shutil.copy(home.root / name, other.root)
    return other.create()


def in_process(home: Home, code: str) -> subprocess.Popen[str]:
    """A process that runs code with `home` and, once it printed a line, goes on."""
    opening = "import sys\nfrom pathlib import Path\nfrom casereviews.repository.home import Home\nfrom casereviews.repository.lock import writing\n"
    opening += "from casereviews.repository.record import Record\nhome = Home(Path(sys.argv[1]))\n"
    process = subprocess.Popen(
        [sys.executable, "-c", opening + code, str(home.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


# ---- when it cannot be had


def config(home: Home, url: str, schema: str = "some") -> None:
    home.config_toml.write_text(
        f'[stores]\nrecord = "{url}"\nrecord_schema = "{schema}"\n', encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("url", "password", "told"),
    [
        ("postgresql://casereviews@127.0.0.1:{free}/reviews", PASSWORD, "see that it runs"),
        ("postgresql://casereviews@127.0.0.1:{port}/reviews", "wrong-word", "give the password"),
        ("postgresql://casereviews@127.0.0.1:{port}/nowhere", PASSWORD, "make the database"),
        ("postgresql://nobody_here@127.0.0.1:{port}/reviews", PASSWORD, "give the password"),
        ("postgresql://guest@127.0.0.1:{port}/reviews", PASSWORD, "GRANT CREATE ON DATABASE"),
        ("postgresql://casereviews@127.0.0.1:{port}/letters", PASSWORD, "ENCODING 'UTF8'"),
        ("postgresql://casereviews@127.0.0.2:{port}/reviews", PASSWORD, "see that it runs|over TLS only"),
    ],
)  # fmt: skip
def test_a_server_that_cannot_be_used_is_told_with_what_to_do_and_without_its_password(
    home: Home,
    postgresql: Server,
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    password: str,
    told: str,
) -> None:
    with postgresql.connect(database="postgres") as c:
        for statement in (
            f"CREATE ROLE guest LOGIN PASSWORD '{PASSWORD}'",
            "CREATE DATABASE letters OWNER casereviews TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'",
        ):
            known = c.execute(
                "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'guest'), EXISTS (SELECT FROM pg_database WHERE datname = 'letters')"
            ).fetchone()
            assert known is not None
            if not known[statement.startswith("CREATE DATABASE")]:
                c.execute(statement)
    monkeypatch.setenv(RECORD_PASSWORD, password)
    config(home, url.format(free=free_port(), port=postgresql.port))
    for open_it in (
        lambda: Record.open(home, write=True),
        lambda: writing(home, "refresh").__enter__(),
    ):
        with pytest.raises(RecordServerError, match=told) as refused:
            open_it()
        assert refused.value.exit_code == 3
        everything = f"{refused.value} {refused.value!r} {refused.value.__cause__} {refused.value.__context__}"
        assert password not in everything
        assert "\n" not in str(refused.value)


def test_an_old_server_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_side, "OLDEST", 99)
    with pytest.raises(
        RecordServerError, match=r"is PostgreSQL \d+: casereviews needs 99 or newer"
    ):
        Record.open(home, write=True)


def test_without_the_extra_its_name_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(RecordServerError, match=r'pip install "\.\[postgresql\]"'):
        Record.open(home)


def test_a_server_elsewhere_is_spoken_to_over_tls_only(home: Home, postgresql: Server) -> None:
    server = Stores.of(home).record
    assert server is not None
    for host, mode in (
        ("127.0.0.1", None),
        ("localhost", None),
        ("[::1]", None),
        ("db.example.org", "require"),
        ("127.0.0.2", "require"),
    ):
        there = dataclasses.replace(server, url=f"postgresql://casereviews@{host}:5432/reviews")
        assert server_side._options(there, "x").get("sslmode") == mode
    with_ca = dataclasses.replace(server, ca=Path("/ca.pem"))
    assert server_side._options(with_ca, "x")["sslmode"] == "verify-full"


# ---- whose it is


def test_a_schema_of_another_home_is_refused_and_left_alone(home: Home, tmp_path: Path) -> None:
    with Record.open(home, write=True) as record:
        record.begin_run("refresh", at(1))
    other = Home(tmp_path / "other").create()
    shutil.copy(home.config_toml, other.config_toml)
    for write in (False, True):
        with pytest.raises(RecordServerError, match="belongs to another home: copy home"):
            Record.open(other, write=write)
        with pytest.raises(RecordServerError, match="belongs to another home"):
            Derived.open(other, write=write)
    with pytest.raises(RecordServerError, match="belongs to another home"), writing(other, "x"):
        pass
    with Record.open(home) as record:
        assert len(record.runs()) == 1


def test_a_schema_with_tables_of_something_else_is_refused(home: Home, postgresql: Server) -> None:
    with postgresql.connect(USER) as c:
        c.execute("CREATE SCHEMA taken CREATE TABLE wages (number integer)")
    config(home, postgresql.url, "taken")
    try:
        with pytest.raises(RecordServerError, match="has tables that are none of casereviews'"):
            Record.open(home, write=True)
    finally:
        with postgresql.connect(USER) as c:
            assert c.execute("SELECT count(*) FROM taken.wages").fetchone() == (0,)
            c.execute("DROP SCHEMA taken CASCADE")


def test_whether_there_is_a_record_is_one_question_for_both(home: Home) -> None:
    assert not has_record(home)
    assert not has_derived(home)
    with Record.open(home, write=True) as record:
        record.begin_run("refresh", at(1))
    assert has_record(home)
    assert not is_described(home)
    Derived.open(home, write=True).close()
    assert is_described(home)
    derived.forget(home)
    assert not has_derived(home)
    assert not home.record_db.exists()
    assert not home.derived_db.exists()


def test_a_record_that_is_gone_from_its_server_is_not_begun_anew(
    home: Home, postgresql: Server
) -> None:
    with Record.open(home, write=True) as record:
        Nights(record).first("a")
    server = Stores.of(home).record
    assert server is not None
    with postgresql.connect(USER) as c:
        c.execute(f'DROP SCHEMA "{server.schema}" CASCADE')
    with pytest.raises(HomeDamaged, match="let its operator restore the schemas"):
        Record.open(home, write=True)
    with pytest.raises(HomeDamaged, match="is empty"), writing(home, "refresh"):
        pass


# ---- one writer


def test_writers_on_two_machines_exclude_each_other(home: Home) -> None:
    other = elsewhere(home)
    with in_process(
        home, 'with writing(home, "refresh"): print("ready", flush=True); sys.stdin.read()'
    ) as held:
        with pytest.raises(HomeLocked) as told, writing(other, "rebuild"):
            pass
        assert f"is held by `refresh` (process {held.pid} on " in str(told.value)
        held.kill()
    deadline = time.monotonic() + 20
    while True:  # the server notices within moments that the connection is gone
        try:
            with writing(other, "rebuild"), Record.open(other, write=True) as record:
                assert record.begin_run("rebuild", at(1)) == 1
            return
        except HomeLocked:
            assert time.monotonic() < deadline


def test_a_child_works_under_its_parents_lock(home: Home) -> None:
    code = 'with Record.open(home, write=True) as record:\n  print("ready", flush=True); sys.stdin.readline(); record.begin_run("crawl", "t")'
    with writing(home, "refresh"), in_process(home, code) as child:
        child.communicate("go\n")
        assert child.returncode == 0
    with Record.open(home) as record:
        assert [one.verb for one in record.runs()] == ["crawl"]


def test_who_lost_the_connection_of_its_lock_writes_no_more(home: Home, postgresql: Server) -> None:
    with writing(home, "refresh"), Record.open(home, write=True) as record:
        record.begin_run("refresh", at(1))
        with postgresql.connect() as c:
            schema = record.engine.get_execution_options()["schema"]
            lease = json.loads(home.holder.read_text("utf-8"))["lease"]
            c.execute("SELECT pg_terminate_backend(%s)", (int(lease.partition(":")[2]),))
            deadline = time.monotonic() + 20
            gone = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = %s"
            while c.execute(gone, (int(lease.partition(":")[2]),)).fetchone() != (0,):
                assert time.monotonic() < deadline
        with pytest.raises(HomeLocked, match="no longer holds the record"):
            record.begin_run("refresh", at(2))
        with pytest.raises(HomeLocked, match="no longer holds the record"):
            Derived.open(home, write=True)
    with postgresql.connect() as c:
        assert c.execute(f'SELECT count(*) FROM "{schema}".run').fetchone() == (1,)


def test_who_was_cut_off_while_another_took_over_writes_no_more(
    home: Home, postgresql: Server
) -> None:
    other = elsewhere(home)
    with writing(home, "refresh"), Record.open(home, write=True) as record:
        lease = json.loads(home.holder.read_text("utf-8"))["lease"]
        with postgresql.connect() as c:
            c.execute("SELECT pg_terminate_backend(%s)", (int(lease.partition(":")[2]),))
        deadline = time.monotonic() + 20
        while True:
            try:
                with writing(other, "rebuild"), Record.open(other, write=True) as theirs:
                    theirs.begin_run("rebuild", at(1))
                    with pytest.raises(HomeLocked):
                        record.begin_run("refresh", at(2))
                break
            except HomeLocked:
                assert time.monotonic() < deadline
        with pytest.raises(HomeLocked):
            record.begin_run("refresh", at(2))
    with Record.open(home) as read:
        assert [one.verb for one in read.runs()] == ["rebuild"]


# ---- every letter, in its order


def test_letters_that_the_server_has_none_for_come_back_as_they_were(home: Home) -> None:
    words = ["a\0b", "\0", "\ufdd0", "\ufdd0\0\ufdd00", "plain", "'\\x00", ""]
    with Record.open(home, write=True) as record:
        for number, word in enumerate(words):
            record.end_run(record.begin_run(word, at(1)), at(2), word, {"said": word, "n": number})
        found = list(reversed(record.runs()))
    assert [one.verb for one in found] == words
    assert [one.status for one in found] == words
    assert [one.report["said"] for one in found] == words


def test_half_a_letter_from_the_web_is_kept_as_in_a_file(home: Home) -> None:
    with Record.open(home, write=True) as record:
        nights = Nights(record)
        seen = link("a", link_text="half \ud800 and \0 none", card_text="\udfff")
        nights.night(1, [seen], {"a": b"report"})
        (document,) = record.documents()
        assert document.title == "half ? and \0 none"
        assert record.sightings_of(document.id)[0].card_text == "?"


def test_long_addresses_are_kept_and_found(home: Home) -> None:
    long = "http://northmoor.test/" + "".join(random.Random(1).choices("abcdefghij/", k=8000))
    with Record.open(home, write=True) as record:
        seen = dataclasses.replace(link("a"), file_url=f"{long}.pdf")
        run = record.begin_run("refresh", at(1))
        record.put_source(Nights(record).board)
        record.record_sightings(run, "northmoor", [seen], at=at(1))
        done = fetched(seen, 1, sha256="0" * 64, size=3)
        first = record.store_file(run, seen, done, b"one")
        record.record_fetch(run, done)
        again = record.store_file(run, seen, done, b"one")
        assert (first.result, again.result) == ("new", "same")
        assert first.document_id == again.document_id
        assert record.url_state(f"{long}.pdf") is not None


def test_order_is_that_of_letters_numbers_whatever_the_servers_language(home: Home) -> None:
    ids = ["a-1", "B-2", "a_1", "Z", "é", "b"]
    with Derived.open(home, write=True) as stores:
        for one in ids:
            stores.save_reading(Reading(one, "ok", "text/plain", (Page(1, "x"),)))
        assert [one.sha256 for one in stores.readings()] == sorted(ids)
        assert stores.text_hashes([*ids, *(str(n) for n in range(70_000))]).keys() == {*ids}


# ---- beside it: what was read


def test_who_reads_on_another_machine_sees_the_pages_there(home: Home) -> None:
    with Derived.open(home, write=True) as stores:
        stores.save_reading(Reading("0" * 64, "ok", "text/plain", (Page(1, "fictional words"),)))
    with Derived.open(elsewhere(home)) as read:
        found = read.reading("0" * 64)
        assert found is not None
        assert [page.text for page in found.pages] == ["fictional words"]
        with pytest.raises(RecordServerError, match="takes no writes"):
            read.forget_readings(["0" * 64])


def test_tables_of_another_number_are_made_anew(home: Home, postgresql: Server) -> None:
    server = Stores.of(home).record
    assert server is not None
    with Derived.open(home, write=True) as stores:
        stores.save_reading(Reading("0" * 64, "ok", "text/plain"))
    with postgresql.connect(USER) as c:
        c.execute(f'UPDATE "{server.schema}_derived".home SET tables = 1')
    with pytest.raises(HomeError, match="has not been described by this casereviews"):
        Derived.open(home)
    with Derived.open(home, write=True) as stores:
        assert stores.counts()["reading"] == 0
    Derived.open(home).close()


def test_the_same_collection_says_the_same_on_both(
    built: Home, tmp_path: Path, postgresql: Server
) -> None:
    there = Home(tmp_path / "there").create()
    there.root.joinpath("home.json").write_bytes((built.root / "home.json").read_bytes())
    small_home.make(postgresql.keep(there))
    said = []
    for home in (built, there):
        with Collection(home.root) as collection:
            results = collection.search("child")
            said.append(
                (
                    [(hit.review_id, hit.title, hit.score) for hit in results.hits],
                    [collection.review(hit.review_id).title for hit in results.hits],
                    collection.page(results.hits[0].review_id, 1).text,
                    [(one.document_id, one.reason) for one in collection.held()],
                )
            )
    assert said[0] == said[1]
    assert not there.record_db.exists()


SELDOM_SAID = ("sighting", "fetch", "tombstone")
"""Tables whose numbers may differ: SQLite gives that of a deleted last row once more."""


def rows_in(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of a record.db, in order; without their numbers where nobody reads those, but for the order that they give."""
    found = {}
    with closing(sqlite3.connect(path)) as c:
        for table in metadata.sorted_tables:
            keys = ", ".join(f'"{one.name}"' for one in table.primary_key.columns)
            rows = c.execute(f'SELECT * FROM "{table.name}" ORDER BY {keys}').fetchall()
            found[table.name] = [row[1:] for row in rows] if table.name in SELDOM_SAID else rows
    return found


def a_night(home: Home, day: int, chance: random.Random) -> None:
    """A night as any other: files come and go, change, move or fail; some are read, a held one is released, one is withdrawn."""
    names = "".join(one for one in "abcdefgh" if chance.random() < 0.85)
    moved = {one: f"new/{one}{day}" for one in names if chance.random() < 0.05}
    seen = [
        link(moved.get(one, one), link_text=f"Child {one.upper()}\0 of day {day // 20}")
        for one in names
    ]
    bodies = {
        moved.get(one, one).rpartition("/")[2]: f"{one} {day // chance.choice((7, 9, 30))}".encode()
        for one in names
        if chance.random() < 0.6
    }
    result = chance.choice(("ok",) * 6 + ("partial", "failed"))
    with Record.open(home, write=True) as record:
        nights = Nights(record)
        nights.night(
            day,
            seen,
            bodies,
            result=result,
            complete=result == "ok",
            there=chance.choice(("", "abcd")),
        )
        for version in record.unread_versions():
            record.settle(version.document_id, {version.sha256: f"text {version.sha256[0]}"})
        for one in record.held():
            if chance.random() < 0.3:
                record.release(one.document_id, at=at(day), version=one.version)
        known = [one.id for one in record.documents()]
        record.assign_reviews([[one] for one in known], at(day))
        if chance.random() < 0.1 and known:
            leaving = Leaving([chance.choice(known)], (), (), "a fictional reason", at(day))
            record.would_take(leaving)
            journal = Journal(leaving.reason, leaving.at, tuple(leaving.documents), key="00" * 16)
            record.take_out(journal, TombstoneFile.of(home))
        record.forget_fetches(at(max(day - 30, 1)))


def nights_on_both(tmp_path: Path, postgresql: Server, seed: int, nights: int) -> None:
    here = Home(tmp_path / f"here-{seed}").create()
    there = postgresql.keep(Home(tmp_path / f"there-{seed}").create())
    for home in (here, there):
        chance = random.Random(seed)
        for day in range(1, nights + 1):
            a_night(home, day, chance)
    as_file.write_file(there, tmp_path / f"there-{seed}.db")
    ours, theirs = rows_in(here.record_db), rows_in(tmp_path / f"there-{seed}.db")
    assert min(len(ours[one]) for one in ("event", "tombstone", "sighting", "version")) > 1
    assert theirs == ours


def test_the_same_nights_leave_the_same_rows_on_both(tmp_path: Path, postgresql: Server) -> None:
    nights_on_both(tmp_path, postgresql, 1, 18)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 11))
def test_many_nights_leave_the_same_rows_on_both(
    tmp_path: Path, postgresql: Server, seed: int
) -> None:
    nights_on_both(tmp_path, postgresql, seed, 120)


# ---- kills


WRITER = """
with writing(home, "refresh"), Record.open(home, write=True) as record:
    print("ready", flush=True)
    number = 0
    while True:
        number += 1
        with record.transaction() as c:
            c.exec_driver_sql("INSERT INTO meta (key, value) VALUES (%s, 'one')", (f"{sys.argv[1][-1]}{number}-1",))
            c.exec_driver_sql("INSERT INTO meta (key, value) VALUES (%s, 'two')", (f"{sys.argv[1][-1]}{number}-2",))
        print(number, flush=True)
"""


def kept(home: Home) -> tuple[int, bool]:
    """How many pairs a killed writer left, and whether each is whole."""
    with Record.open(home) as record, record.transaction() as c:
        keys = set(
            c.exec_driver_sql("SELECT key FROM meta WHERE value IN ('one', 'two')").scalars()
        )
    numbers = {int(key[1:].partition("-")[0]) for key in keys}
    whole = all({f"e{n}-1", f"e{n}-2"} <= keys for n in numbers)
    return max(numbers, default=0), whole and numbers == {*range(1, len(numbers) + 1)}


def empty(home: Home) -> None:
    with Record.open(home, write=True) as record, record.transaction() as c:
        c.exec_driver_sql("DELETE FROM meta WHERE value IN ('one', 'two')")


def kill_at_random(home: Home, own: Server, seed: int) -> None:
    """The writer is killed, or the server crashes under it: what it was told is kept is, and nothing is there in half."""
    chance = random.Random(seed)
    writer = in_process(home, WRITER)
    assert writer.stdout is not None
    for _ in range(chance.randrange(1, 60)):
        writer.stdout.readline()
    if seed % 2:
        writer.kill()
    else:
        own.stop(signal.SIGQUIT)
    rest, errors = writer.communicate(timeout=60)
    if not seed % 2:
        assert "RecordServerError" in errors
        assert PASSWORD not in errors
        own.start()
    said = [line for line in rest.splitlines() if line.isdigit()]
    number, whole = kept(home)
    assert whole
    assert not said or number >= int(said[-1])
    deadline = time.monotonic() + 30
    while True:
        try:
            with writing(home, "refresh"):
                empty(home)
            return
        except HomeLocked:
            assert time.monotonic() < deadline


def test_kills_at_random_moments_lose_no_write_and_leave_none_in_half(
    tmp_path: Path, own: Server
) -> None:
    home = own.keep(Home(tmp_path / "home").create())
    Record.open(home, write=True).close()
    for seed in range(4):
        kill_at_random(home, own, seed)


@pytest.mark.long
def test_many_kills_at_random_moments_lose_no_write_and_leave_none_in_half(
    tmp_path: Path, own: Server
) -> None:
    home = own.keep(Home(tmp_path / "home").create())
    Record.open(home, write=True).close()
    for seed in range(4, 80):
        kill_at_random(home, own, seed)


def test_a_connection_that_is_lost_in_the_middle_is_told_and_the_next_run_goes_on(
    home: Home, postgresql: Server
) -> None:
    with Record.open(home, write=True) as record:
        record.begin_run("refresh", at(1))

        def cut_off() -> None:
            with record.transaction() as c:
                c.exec_driver_sql("UPDATE run SET verb = 'half'")
                pid = c.exec_driver_sql("SELECT pg_backend_pid()").scalar()
                with postgresql.connect() as other:
                    other.execute("SELECT pg_terminate_backend(%s, 10000)", (pid,))
                c.exec_driver_sql("UPDATE run SET status = 'half'")

        with pytest.raises(
            RecordServerError, match=r"is lost .*run the same command again"
        ) as told:
            cut_off()
        assert PASSWORD not in str(told.value)
        record.begin_run("rebuild", at(2))
        assert [one.verb for one in record.runs()] == ["rebuild", "refresh"]


# ---- withdrawn


NAME = "Quendaline Marrowfold"


def privileged(server: Server) -> None:
    with server.connect() as c:
        c.execute("GRANT pg_monitor, pg_checkpoint TO casereviews")
        c.execute("GRANT EXECUTE ON FUNCTION pg_switch_wal() TO casereviews")


def write_and_delete(record: Record) -> None:
    for number in range(20):
        record.end_run(
            record.begin_run("refresh", at(1)), at(2), "ok", {"said": f"{NAME} {number}"}
        )
    with record.transaction() as c:
        c.exec_driver_sql("DELETE FROM run")


def look(home: Home) -> dict[str, tuple[str, ...]]:
    """Where the name still is, as the server's superuser on its machine sees it."""
    server = Stores.of(home).record
    assert server is not None
    all_seeing = dataclasses.replace(server, url=server.url.replace(USER, SUPERUSER))
    found = postgresql_purging.seek(all_seeing, [NAME])
    return {one.place: one.found for one in found if not one.unread}


def test_what_was_deleted_is_gone_from_every_file_of_the_server(
    tmp_path: Path, own: Server
) -> None:
    privileged(own)
    home = own.keep(Home(tmp_path / "home").create())
    with Record.open(home, write=True) as record, Derived.open(home, write=True) as stores:
        write_and_delete(record)
        with own.connect() as c:
            c.execute("CHECKPOINT")
        before = look(home)
        assert [place for place, found in before.items() if found] == [
            "the write-ahead log (pg_wal)",
            "files of the database",
        ]
        left = scrub(record.engine, stores.engine)
    assert [one.place for one in left] == ["dumps, base backups and snapshots of its disk"]
    assert len(look(home)) == 4
    assert not any(look(home).values())


def test_without_the_rights_to_it_the_log_is_told_as_left(tmp_path: Path, own: Server) -> None:
    home = own.keep(Home(tmp_path / "home").create())
    with Record.open(home, write=True) as record:
        write_and_delete(record)
        left = {one.place: one for one in scrub(record.engine)}
    log = left["the write-ahead log (pg_wal)"]
    assert log.until is None
    assert "GRANT pg_monitor, pg_checkpoint" in log.what_to_do
    assert look(home)["the write-ahead log (pg_wal)"] == (NAME,)
    server = Stores.of(home).record
    assert server is not None
    unread = {one.place for one in postgresql_purging.seek(server, [NAME]) if one.unread}
    assert {"the write-ahead log (pg_wal)", "files of the database"} < unread


def test_who_still_sees_deleted_rows_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql_purging, "WAIT_SECONDS", 0.2)
    with Record.open(home, write=True) as record:
        Nights(record).first("a")
        with Record.open(home) as reader, reader.transaction() as c:
            c.exec_driver_sql("SELECT count(*) FROM source")
            write_and_delete_elsewhere(record)
            monkeypatch.setattr(server_side, "WAIT_SECONDS", 1)
            left = [one.place for one in scrub(record.engine)]
        assert any("may still see" in one for one in left)
        assert any(".source, which others read for too long" in one for one in left)
        assert not any("may still see" in one.place for one in scrub(record.engine))


def write_and_delete_elsewhere(record: Record) -> None:
    with record.transaction() as c:
        c.exec_driver_sql("INSERT INTO meta (key, value) VALUES ('x', %s)", (NAME,))
    with record.transaction() as c:
        c.exec_driver_sql("DELETE FROM meta WHERE key = 'x'")


def test_no_samples_of_texts_are_kept(home: Home, postgresql: Server) -> None:
    with Record.open(home, write=True) as record:
        Nights(record).first("abcdefgh")
        schema = record.engine.get_execution_options()["schema"]
        with record.transaction() as c:
            for table in metadata.sorted_tables:
                c.exec_driver_sql(f'ANALYZE "{table.name}"')
    with postgresql.connect() as c:
        sampled = c.execute(
            "SELECT tablename, attname FROM pg_stats JOIN information_schema.columns ON table_schema = schemaname AND table_name = tablename "
            "AND column_name = attname WHERE schemaname = %s AND data_type = 'text' AND tablename <> 'home'",
            (schema,),
        ).fetchall()
        assert sampled == []
        assert c.execute("SELECT count(*) FROM pg_stats WHERE schemaname = %s", (schema,)).fetchone() != (0,)  # fmt: skip
