"""The whole job of a home whose record, archive and index are on servers: at each point it answers as one in its folder does."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from casereviews import Collection
from casereviews.crawler.options import CrawlOptions
from casereviews.demo import sites as demo_sites
from casereviews.demo.server import DemoServer, serve
from casereviews.repository import withdrawals
from casereviews.repository.home import Home
from casereviews.repository.places import Places
from casereviews.repository.stores import INDEX_PASSWORD, RECORD_PASSWORD, Stores
from tests import opensearch_nodes, postgresql_server, s3_server
from tests.collection.test_migrating import Killed, Killing
from tests.search_cli import small_home
from tests.search_cli.verbs.conftest import Runner

pytestmark = pytest.mark.live

# By night; of the first two files move and go missing, the third is new.
NIGHTS = {
    "2026-03-01T02:00:00Z": ("marlsea", "eastermere"),
    "2026-03-02T02:00:00Z": ("marlsea", "eastermere", "lantern"),
}
FIRST, SECOND = NIGHTS
QUERIES = (
    ("neglect",),
    ('"unsafe sleep" OR burns',),
    ("school NEAR/8 exclusion",),
    ("safeguard*", "--nation", "England"),
    ("what do reports say about fathers who were never seen?",),
    ("*", "--scope", "all"),
)
DESCRIBED = "A boy of two months died after sleeping on a sofa with his mother, who used alcohol.\n"
BUCKET = "reviews"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    with serve(demo_sites.build(tmp_path_factory.mktemp("sites"))) as running:
        yield running


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The table [stores] of three servers, which run until the tests are done."""
    for lacking in (postgresql_server.missing(), s3_server.missing(), opensearch_nodes.missing()):
        if lacking:
            pytest.skip(lacking)
    folder = tmp_path_factory.mktemp("servers")
    with (
        postgresql_server.running(folder / "postgresql") as record,
        s3_server.serving() as archive,
        opensearch_nodes.nodes(1) as cluster,
        pytest.MonkeyPatch.context() as patched,
    ):
        with record.connect() as c:  # as docs/BEYOND-ONE-MACHINE.md recommends
            c.execute("GRANT pg_monitor, pg_checkpoint TO casereviews")
            c.execute("GRANT EXECUTE ON FUNCTION pg_switch_wal() TO casereviews")
        patched.setenv(RECORD_PASSWORD, postgresql_server.PASSWORD)
        patched.delenv(INDEX_PASSWORD, raising=False)
        for name, value in archive.environment().items():
            patched.setenv(name, value)
        archive.make_bucket(BUCKET)
        path = folder / "servers.toml"
        path.write_text(
            "[stores]\n"
            f'record = "{record.url}"\n'
            "record_keeps_deleted = 7\n"
            f'archive = "s3://{BUCKET}/kept"\n'
            f'archive_endpoint = "{archive.endpoint}"\n'
            "archive_keeps_deleted = 7\n"
            f"index = {json.dumps(cluster.urls)}\n"
            "index_replicas = 0\n",
            encoding="utf-8",
        )
        yield path


def night(home: Home, demo: DemoServer, now: str, *, workers: int = 1) -> dict[str, Any]:
    """One night at a fixed time; what became of each source."""
    os.environ["CASEREVIEWS_NOW"] = now
    sources = [source for source in demo.sources() if source.id in NIGHTS[now]]
    options = CrawlOptions(resolve=demo.resolve, delay=0.01, now=now, workers=workers)
    with Collection(home) as collection:
        done = collection.refresh_from(sources, options)
    return {one.source_id: (one.result, one.events) for one in done.report.sources}


def answers(run: Runner) -> dict[str, Any]:
    """What a home answers, but for times, scores and the names of its files."""
    said: dict[str, Any] = {}
    for words in QUERIES:
        done = run("search", *words, "--all", "--json")
        found = json.loads(done.stdout)
        assert done.exit_code == (
            0 if found["hits"] else 1
        )  # nothing is found of what was withdrawn
        said[" ".join(words)] = (
            found["total"],
            found["documents"],
            found["facets"],
            {hit["review_id"]: hit["other_documents"] for hit in found["hits"]},
        )
    reviews = sorted(json.loads(line)["review_id"] for line in run.ok("export", "--jsonl", "--scope", "all").splitlines())  # fmt: skip
    said["reviews"] = reviews
    said["export"] = sorted(run.ok("export", "--jsonl", "--names").splitlines())
    said["show"] = [run.json("show", review) for review in reviews[:3]]
    said["pages"] = [run.ok("show", review, "--page", "1") for review in reviews[:2]]
    said["stats"] = run.json("stats", "--by", "year")
    said["kwic"] = sorted(run.ok("kwic", "neglect", "--csv").splitlines())
    said["similar"] = {hit["review_id"] for hit in run.json("similar", stdin=DESCRIBED)["hits"]}
    said["held"] = run("held", "--json").stdout
    said["new"] = run.json("new", "--since", "2026-01-01")
    totals = run.json("status")["totals"]
    said["status"] = {name: totals[name] for name in sorted(totals) if name not in ("index_built", "elsewhere")}  # fmt: skip
    return said


def own_words(run: Runner, review: str) -> list[str]:
    """Runs of words that no other report has."""
    found: list[str] = []
    for line in run.ok("show", review, "--page", "3").splitlines():
        for words in re.findall(r"\b(?:[A-Za-z]{3,} ){3}[A-Za-z]{3,}\b", line):
            asked = ("search", f'"{words}"', "--scope", "all", "--json")
            if len(found) < 3 and json.loads(run(*asked).stdout)["total"] == 1:
                found.append(words)
    assert found
    return found


def wrong(run: Runner, *more: str) -> list[str]:
    looked = json.loads(run("doctor", "--json", *more).stdout)
    return [f"{one['check']}: {one['detail']}" for one in looked if one["state"] == "wrong"]


def test_a_home_on_servers_answers_as_one_in_its_folder_from_first_to_last(
    servers: Path, demo: DemoServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEREVIEWS_NOW", FIRST)
    folder = Runner(Home(tmp_path / "folder"))
    night(folder.home, demo, FIRST)
    shutil.copytree(folder.home.root, tmp_path / "moved")
    moved = Runner(Home(tmp_path / "moved"))

    # There: the same answers, from servers alone.
    brought = json.loads(moved.ok("migrate", "--to", str(servers), "--json"))
    assert brought["moved"] == ["record", "archive", "index"]
    moved.ok("migrate", "--remove-old", "--yes")
    assert not list(moved.home.root.glob("*.db")) or [
        path.name for path in moved.home.root.glob("*.db")
    ] == [moved.home.crawl_memory.name]
    assert not any(moved.home.archive.rglob("*"))
    expected = answers(folder)
    assert answers(moved) == expected
    stores = {one["store"]: one for one in moved.json("status")["stores"]}
    assert {name: one["state"] for name, one in stores.items()} == dict.fromkeys(
        ("record", "archive", "index"), "well"
    )
    assert wrong(moved, "--deep") == []

    # Another machine that only reads: who the home is, and where its stores are.
    reader = Runner(Home(tmp_path / "reader"))
    reader.home.root.mkdir()
    for name in ("home.json", "config.toml"):
        shutil.copy(moved.home.root / name, reader.home.root / name)
    for words in QUERIES:
        assert reader.json("search", *words)["facets"] == folder.json("search", *words)["facets"]
    some = expected["reviews"][0]
    assert reader.json("show", some) == folder.json("show", some)
    assert reader("similar", stdin=DESCRIBED).exit_code == 0, "by facts and words alone"
    shutil.copytree(moved.home.index / "beside", reader.home.index / "beside")
    alike = {hit["review_id"] for hit in reader.json("similar", stdin=DESCRIBED)["hits"]}
    assert alike == expected["similar"]

    # A night of changes, with workers there.
    changed = demo_sites.build(tmp_path / "sites", changes=demo_sites.Changes.every())
    original = demo.sites
    demo.change_to(changed)
    try:
        here = night(folder.home, demo, SECOND)
        there = night(moved.home, demo, SECOND, workers=2)
    finally:
        demo.change_to(original)
    assert there == here
    assert {kind for _, events in here.values() for kind in events} >= {"new", "moved", "missing"}
    expected = answers(folder)
    assert answers(moved) == expected
    assert reader.json("search", "neglect")["total"] == folder.json("search", "neglect")["total"]

    # A withdrawal goes through all of them.
    shown = [folder.json("show", one) for one in expected["reviews"]]
    several = [one for one in shown if len(one["documents"]) > 1]
    review = min(several, key=lambda one: sorted(each["title"] for each in one["documents"]))
    words = tmp_path / "words.txt"
    words.write_text("\n".join(own_words(folder, review["review_id"])), encoding="utf-8")
    assert any("record: rows of" in one for one in wrong(moved, "--for", str(words)))
    withdrawn = ("withdraw", review["review_id"], "--reason", "it identifies a child", "--yes")
    assert folder(*withdrawn).exit_code == 0
    done = moved(*withdrawn, "--json")
    said = json.loads(done.stdout)
    assert said["remains"] == []
    assert done.exit_code == 0, said["left_behind"]
    assert {one["store"] for one in said["left_behind"]} >= {"archive"}
    assert all(one["until"] for one in said["left_behind"])
    expected = answers(folder)
    assert answers(moved) == expected
    assert reader("show", review["review_id"]).exit_code == 2
    assert wrong(moved, "--deep") == []
    assert wrong(moved, "--for", str(words)) == []

    # And back.
    moved.ok("migrate", "--to", "folder")
    moved.ok("migrate", "--remove-old", "--yes")
    assert Stores.of(moved.home) == Stores()
    assert answers(moved) == expected
    assert wrong(moved, "--deep") == []


def found(run: Runner) -> list[Any]:
    hits = run.json("search", "child", "--scope", "all")
    alike = run.json("similar", stdin=DESCRIBED)["hits"]
    return [hits["total"], hits["facets"], {one["review_id"] for one in alike}]


def index_alone(servers: Path, folder: Path, prefix: str) -> str:
    """A table that names a server for the index and for nothing else."""
    lines = [line for line in servers.read_text("utf-8").splitlines() if line.startswith("index")]
    path = folder / f"{prefix}.toml"
    path.write_text("\n".join(["[stores]", *lines, f'index_prefix = "{prefix}"']), "utf-8")
    return str(path)


class Dying:
    """Kills at the n-th writing of places.json, before or after it."""

    def __init__(self, write: int, when: str) -> None:
        self.left, self.when, self.real = write, when, Places.write

    def __call__(self, places: Places, home: Home) -> None:
        self.left -= 1
        if not self.left and self.when == "before":
            raise Killed
        self.real(places, home)
        if not self.left:
            raise Killed


def test_an_index_that_is_stopped_on_its_way_is_searched_where_it_was(
    servers: Path, built: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEREVIEWS_NOW", small_home.NOW)
    shutil.copytree(built.root, tmp_path / "home")
    run = Runner(Home(tmp_path / "home"))
    before = found(run)
    long = Collection(run.home)  # as `serve` has it
    counted = long.search("child").total
    to = index_alone(servers, tmp_path, "alone")
    for way in (to, "folder"):
        for progress in (1, 4, 9):
            with Collection(run.home) as collection, suppress(Killed):
                collection.migrate(way, progress=Killing(progress))
            assert found(run) == before
        for write in (1, 2, 3):
            for when in ("before", "after"):
                with monkeypatch.context() as patched, Collection(run.home) as collection:
                    dying = Dying(write, when)
                    patched.setattr(Places, "write", lambda *all_of_it: dying(*all_of_it))  # noqa: B023
                    with suppress(Killed):
                        collection.migrate(way)
                assert found(run) == before
        run.ok("migrate", "--to", way)
        assert found(run) == before
        assert long.search("child").total == counted
        run.ok("migrate", "--remove-old", "--yes")
        assert found(run) == before
        run.ok("rebuild")
        assert found(run) == before
        assert wrong(run, "--deep") == []
    long.close()
    assert not (run.home.root / "index-arriving").exists()


@pytest.mark.long
def test_a_withdrawal_that_the_index_interrupts_is_finished_when_it_is_back(
    servers: Path, built: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEREVIEWS_NOW", small_home.NOW)
    shutil.copytree(built.root, tmp_path / "home")
    run = Runner(Home(tmp_path / "home"))
    run.ok("migrate", "--to", index_alone(servers, tmp_path, "broken_off"))
    review = run.review("Child Q (March 2021)")
    here = run.home.config_toml.read_text("utf-8")
    with closing(socket.create_server(("127.0.0.1", 0))) as nobody:
        port = nobody.getsockname()[1]
    away = re.sub(r"http://127\.0\.0\.1:\d+", f"http://127.0.0.1:{port}", here)
    real = withdrawals.Record.take_out

    def taken_out(*of: Any) -> None:
        real(*of)
        run.home.config_toml.write_text(away, "utf-8")

    with monkeypatch.context() as patched:
        patched.setattr(withdrawals.Record, "take_out", taken_out)
        done = run("withdraw", review, "--reason", "x", "--yes")
    assert done.exit_code == 3
    assert "cannot be reached" in done.stderr
    assert "the withdrawal is begun and not finished" in done.stderr
    run.home.config_toml.write_text(here, "utf-8")
    refused = run("search", "child")
    assert refused.exit_code == 3, "who reads would see what was withdrawn"
    finished = run("doctor", "--repair")
    assert finished.exit_code == 0, finished.output
    assert review not in {one["review_id"] for one in run.json("search", "*")["hits"]}
    assert wrong(run, "--deep") == []
