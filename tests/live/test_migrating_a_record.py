"""The record of a home on PostgreSQL and back: every row, wherever the copy was stopped or killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from casereviews import Collection
from casereviews.collection.changing.migrating import lines_in
from casereviews.repository.errors import HomeLocked
from casereviews.repository.home import Home
from casereviews.repository.places import Places
from casereviews.repository.record import Record, derived_tables, tables
from casereviews.repository.record.copying import rows_of
from casereviews.repository.record.derived import Derived
from casereviews.repository.servers.postgresql import WriterLock
from casereviews.repository.stores import Stores
from tests.collection.test_migrating import Killed, Killing
from tests.postgresql_server import PASSWORD, Server
from tests.search_cli import small_home
from tests.search_cli.verbs.conftest import Runner

pytestmark = pytest.mark.live


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEREVIEWS_NOW", small_home.NOW)


@pytest.fixture
def change(built: Home, tmp_path: Path) -> Runner:
    shutil.copytree(built.root, tmp_path / "home")
    return Runner(Home(tmp_path / "home"))


@pytest.fixture
def servers(postgresql: Server, tmp_path: Path) -> Path:
    postgresql.keep(Home(tmp_path))  # writes a config.toml, with a schema of its own
    return tmp_path / "config.toml"


def answers(run: Runner) -> list[object]:
    """What a home says of its record."""
    return [
        run.ok("export", "--jsonl", "--names"),
        run.json("new"),
        run.json("held"),
        run.json("stats", "--by", "year"),
        run.ok("show", run.review("Child Q (March 2021)")),
        {**run.json("status"), "home": None, "stores": None, "totals": None},
    ]


def rows(home: Home) -> dict[str, int]:
    with Record.open(home) as record, Derived.open(home) as derived:
        return rows_of(record.engine, tables.metadata) | {
            f"derived {name}": count
            for name, count in rows_of(derived.engine, derived_tables.metadata).items()
        }


def schemas(server: Server) -> list[str]:
    with server.connect() as c:
        found = c.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'h%' ORDER BY 1")
        return [name for (name,) in found]


def test_a_record_goes_there_and_back_and_says_the_same(change: Runner, servers: Path) -> None:
    before, counted = answers(change), rows(change.home)
    there = json.loads(change.ok("migrate", "--to", str(servers), "--json"))
    assert there["moved"] == ["record"]
    assert there["rows"] == sum(counted.values())
    assert Stores.of(change.home).record is not None
    assert (answers(change), rows(change.home)) == (before, counted)
    (store,) = change.json("status")["stores"]
    assert (store["store"], store["state"]) == ("record", "well")
    assert store["size"] > 100_000
    assert PASSWORD not in json.dumps(store)
    change.ok("migrate", "--remove-old", "--yes")
    assert not [*change.home.root.glob("record.db*"), *change.home.root.glob("derived.db*")]
    assert answers(change) == before
    change.ok("correct", change.review("Child R (2019)"), "outcome=serious_harm", "--note", "p. 4")
    corrected = answers(change)
    assert corrected != before
    change.ok("migrate", "--to", "folder")
    assert Stores.of(change.home).record is None
    assert answers(change) == corrected
    assert all(one["state"] != "wrong" for one in change.json("doctor", "--deep"))
    change.ok("migrate", "--remove-old", "--yes")
    assert answers(change) == corrected
    change.ok("rebuild", "--everything")
    assert answers(change) == corrected


def test_new_rows_go_on_after_those_that_were_brought(change: Runner, servers: Path) -> None:
    change.ok("migrate", "--to", str(servers))
    change.ok("rebuild")
    with Record.open(change.home) as record:
        runs = record.runs(limit=2)
    assert runs[0].id == runs[1].id + 1
    assert runs[0].status == "done"


def test_what_a_copy_of_before_holds_goes_when_the_home_comes_back(
    change: Runner, servers: Path
) -> None:
    """The old record stands in the folder while its home lives on the server: what was withdrawn there is in neither afterwards."""
    change.ok("migrate", "--to", str(servers))
    done = change("withdraw", change.review("Child Q (March 2021)"), "--reason", "x", "--yes")
    assert done.exit_code == 3, "it is still in the folder"
    assert f"a copy of before, {change.home.root / 'record.db'}" in done.stderr
    after = answers_without_q(change)
    change.ok("migrate", "--to", "folder")
    assert answers_without_q(change) == after
    assert b"sofa beside a parent" not in change.home.derived_db.read_bytes()
    assert all(one["state"] != "wrong" for one in json.loads(change("doctor", "--json").stdout) if one["check"] != "places")  # fmt: skip


def answers_without_q(run: Runner) -> list[object]:
    return [run.ok("export", "--jsonl", "--names"), run.json("held"), run.json("new")]


@pytest.mark.parametrize(("way", "moment"), [("there", 1), ("there", 14), ("back", 5)])
def test_a_copy_that_is_stopped_goes_on(
    change: Runner, servers: Path, way: str, moment: int
) -> None:
    before = answers(change)
    if way == "back":
        change.ok("migrate", "--to", str(servers))
        change.ok("migrate", "--remove-old", "--yes")
    to = str(servers) if way == "there" else "folder"
    standing = Stores.of(change.home)
    with Collection(change.home) as collection, pytest.raises(Killed):
        collection.migrate(to, progress=Killing(moment))
    assert Stores.of(change.home) == standing
    assert Places.of(change.home).to is not None
    assert answers(change) == before
    change.ok("migrate", "--to", to)
    assert answers(change) == before
    change.ok("migrate", "--remove-old", "--yes")
    assert answers(change) == before


def test_a_copy_that_was_begun_is_taken_away(
    change: Runner, servers: Path, postgresql: Server
) -> None:
    known = schemas(postgresql)
    with Collection(change.home) as collection, pytest.raises(Killed):
        collection.migrate(str(servers), progress=Killing(9))
    assert len(schemas(postgresql)) == len(known) + 2
    change.ok("migrate", "--remove-old", "--yes")
    assert schemas(postgresql) == known
    assert Places.of(change.home) == Places()


def test_a_process_that_is_killed_at_any_moment_leaves_one_whole_home(
    change: Runner, servers: Path
) -> None:
    """SIGKILL after ever longer times, until one run comes through; each next command reads the home where config.toml says it is."""
    before = answers(change)
    words = ("-m", "casereviews.search_cli.main", "--home", str(change.home.root), "migrate")
    killed, seconds = 0, 0.3
    while True:
        child = subprocess.Popen(
            [sys.executable, *words, "--to", str(servers)], stderr=subprocess.PIPE, env=os.environ
        )
        try:
            _, said = child.communicate(timeout=seconds)
            assert child.returncode == 0, said
            break
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.communicate()
            killed += 1
            seconds *= 1.5
        assert answers(change) == before
        _wait_for_its_lock(change.home, servers)
    assert killed
    assert answers(change) == before
    assert Stores.of(change.home).record is not None


def _wait_for_its_lock(home: Home, servers: Path) -> None:
    """The server lets go of a dead process's lock as soon as it sees the connection closed."""
    server = Stores.said(servers, lines_in(servers)).record
    assert server is not None
    deadline = time.monotonic() + 30
    while True:
        lock = WriterLock(server, "test")
        try:
            lock.acquire(home.id, "test")
            return
        except HomeLocked:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        finally:
            lock.release()


def test_a_server_that_is_away_or_refuses_is_told_before_anything_is_begun(
    change: Runner, servers: Path, postgresql: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEREVIEWS_RECORD_PASSWORD", "wrong")
    refused = change("migrate", "--to", str(servers))
    assert refused.exit_code == 3
    assert "give the password of its user by CASEREVIEWS_RECORD_PASSWORD" in refused.stderr
    assert not change.home.places_json.exists()
    monkeypatch.setenv("CASEREVIEWS_RECORD_PASSWORD", PASSWORD)
    change.ok("migrate", "--to", str(servers))
    change.ok("migrate", "--remove-old", "--yes")
    postgresql.stop()
    try:
        told = change("status", "--json")
        assert told.exit_code == 3
        (store,) = json.loads(told.stdout)["stores"]
        assert (store["state"], "cannot be used" in store["trouble"]) == ("wrong", True)
    finally:
        postgresql.start()
    assert change("status").exit_code == 0


def test_the_schema_of_another_home_is_refused(
    change: Runner, servers: Path, built: Home, tmp_path: Path
) -> None:
    other = Runner(small_home.make(Home(tmp_path / "other")))
    other.ok("migrate", "--to", str(servers))
    refused = change("migrate", "--to", str(servers))
    assert refused.exit_code == 3
    assert "belongs to another home" in refused.stderr
    assert not change.home.places_json.exists()
    assert answers(change) == answers(Runner(built))
