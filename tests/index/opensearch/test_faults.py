"""Nodes that die, stall, lose their files or run full: no wrong answer, no lost write, and what cannot be answered is said."""

from __future__ import annotations

import dataclasses
import itertools
import os
import random
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from casereviews.index.errors import IndexChanged, IndexUnavailable
from casereviews.repository.model import Page, PublishedDocument
from casereviews.repository.stores import IndexServer
from tests.opensearch_nodes import Cluster, missing, nodes, open_to_all

pytest.importorskip("opensearchpy", reason="the extra [opensearch] is not installed")

from casereviews.index.opensearch import building, bulk, mapping, state
from casereviews.index.opensearch.connection import Servers, connect
from casereviews.index.opensearch.searcher import open_state

pytestmark = pytest.mark.live
HOME = "a-home"
QUERY = "neglect"
_PREFIXES = (f"faults{number}" for number in itertools.count(1))
SOON = {
    # A node that says nothing is given up after some two seconds, not after half a minute.
    "cluster.fault_detection.follower_check.timeout": "1s",
    "cluster.fault_detection.follower_check.interval": "200ms",
    "cluster.fault_detection.follower_check.retry_count": 2,
    "cluster.fault_detection.leader_check.timeout": "1s",
    "cluster.fault_detection.leader_check.interval": "200ms",
    "cluster.fault_detection.leader_check.retry_count": 2,
}


@pytest.fixture(scope="module")
def three() -> Iterator[Cluster]:
    """Two nodes with documents, and one that only votes: the least that outlives its manager."""
    if lacks := missing():
        pytest.skip(lacks)
    with nodes(2, voters=1, heap="320m", settings=SOON) as started:
        yield started


@pytest.fixture
def servers(three: Cluster) -> Iterator[Servers]:
    server = IndexServer(three.urls[:2], prefix=next(_PREFIXES), replicas=1, timeout=4.0)
    with closing(connect(server)) as asked:
        yield asked
        for node in three.nodes:
            if node.process is None:
                node.start()
        three.wait()
        building.remove(asked, HOME)


def made(name: str, *pages: str) -> PublishedDocument:
    said = {"title": f"Review {name}", "source": "s", "scope": "child"}
    leaves = tuple(Page(number, text, None) for number, text in enumerate(pages, 1))
    return PublishedDocument(name, f"r-{name}", said, leaves)


def reports(count: int, first: int = 0, said: str = "") -> list[PublishedDocument]:
    """A third of them say the word of QUERY."""
    return [
        made(f"d{n}", f"page of word{n} {said} {QUERY if n % 3 == 0 else ''}", f"and shared{n % 7}")
        for n in range(first, first + count)
    ]


def answer(servers: Servers, tmp_path: Path) -> set[str]:
    """The reviews that are found, as `search` finds them."""
    searcher = open_state(servers, state.current(servers, HOME), tmp_path)
    found = searcher.search(QUERY, limit=1_000)
    assert found.total == len(found.hits)
    return {hit.document_id for hit in found.hits}


def expected(documents: Sequence[PublishedDocument]) -> set[str]:
    return {one.document_id for one in documents if QUERY in one.pages[0].text}


def same_on_all_nodes(
    servers: Servers, cluster: Cluster, documents: Sequence[PublishedDocument]
) -> None:
    """Every copy on every node has these documents, their pages and nothing else."""
    cluster.wait()
    standing = state.current(servers, HOME)
    wanted = {one.document_id for one in documents}
    pages = sorted(page.text for one in documents for page in one.pages)
    asked = {"size": 9_000, "query": {"match_all": {}}}
    for node in state.data_nodes(servers):
        only = {"preference": f"_only_nodes:{node}"}
        there: dict[str, list[dict[str, str]]] = {}
        for kind in (mapping.DOCUMENTS, mapping.PAGES):
            index = state.names(servers).index(kind, standing.generation)
            hits = servers.search(index, asked, **only)["hits"]["hits"]
            there[kind] = [hit["_source"] for hit in hits]
        assert {one["id"] for one in there[mapping.DOCUMENTS]} == wanted
        assert len(there[mapping.DOCUMENTS]) == len(wanted)
        assert sorted(mapping_text(one["page"]) for one in there[mapping.PAGES]) == pages


def mapping_text(page: str) -> str:
    import json

    return str(json.loads(page)[2])


def again_until_done(work: Callable[[], object], within: float = 60) -> int:
    """Run it until it raises no IndexUnavailable; how often it did. What it raises otherwise is a fault."""
    deadline = time.monotonic() + within
    for refused in itertools.count():
        try:
            work()
            return refused
        except (IndexUnavailable, IndexChanged):
            assert time.monotonic() < deadline, "it never was done"
            time.sleep(0.2)
    raise AssertionError


@contextmanager
def asked_all_the_time(servers: Servers, place: Path, right: Sequence[set[str]]) -> Iterator[dict[str, float]]:  # fmt: skip
    """Searches in another thread, all through the block: each gives one of the right answers, or says that it cannot."""
    told: dict[str, float] = {"answers": 0, "refusals": 0, "longest silence": 0.0}
    wrong: list[object] = []
    ended = threading.Event()

    def ask() -> None:
        last = time.monotonic()
        while not ended.is_set():
            try:
                found = answer(servers, place)
            except (IndexUnavailable, IndexChanged):
                told["refusals"] += 1
                continue
            except BaseException as error:  # noqa: BLE001 - told by the test
                wrong.append(error)
                return
            now = time.monotonic()
            told["longest silence"] = max(told["longest silence"], now - last)
            last = now
            told["answers"] += 1
            if found not in right:
                wrong.append(found)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield told
        before = told["answers"]
        deadline = time.monotonic() + 60
        while told["answers"] < before + 3 and thread.is_alive():
            assert time.monotonic() < deadline, told
            time.sleep(0.05)
    finally:
        ended.set()
        thread.join()
    assert wrong == []


def test_the_manager_dies_while_searches_go_on_and_comes_back(
    servers: Servers, three: Cluster, tmp_path: Path
) -> None:
    documents = reports(30)
    building.build(servers, HOME, documents, revision=1)
    three.wait()
    with asked_all_the_time(servers, tmp_path, [expected(documents)]) as told:
        dead = three.manager()
        dead.kill()
        three.wait(2, "yellow")
        settled = told["answers"]
        deadline = time.monotonic() + 60
        while told["answers"] < settled + 3:
            assert time.monotonic() < deadline, told
            time.sleep(0.05)
        dead.start()
        three.wait()
    same_on_all_nodes(servers, three, documents)


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.long) for n in range(2, 12))])  # fmt: skip
def test_a_node_dies_in_the_middle_of_writing_and_nothing_is_lost(
    servers: Servers,
    three: Cluster,
    tmp_path: Path,
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bulk, "MOST_BYTES", 400)
    chance = random.Random(seed)
    before = reports(40)
    building.build(servers, HOME, before, revision=1)
    three.wait()
    after = [*before[5:], *reports(5, said="now otherwise"), *reports(20, 100)]
    dying = chance.choice([three.manager(), three.nodes[0], three.nodes[1]])
    moment = chance.randrange(8)
    sent = 0
    send = bulk.send

    def send_and_kill(*args: object) -> int:
        nonlocal sent
        sent += 1
        if sent == moment:
            threading.Thread(target=dying.kill).start()
        return send(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk, "send", send_and_kill)
    with asked_all_the_time(servers, tmp_path, [expected(before), expected(after)]):
        again_until_done(lambda: building.update(servers, HOME, after, (), revision=2))
        if dying.process is None:
            three.wait(2, "yellow")
            dying.start()
        three.wait()
    assert answer(servers, tmp_path) == expected(after)
    same_on_all_nodes(servers, three, after)


def test_a_copy_that_lost_its_files_is_filled_again(
    servers: Servers, three: Cluster, tmp_path: Path
) -> None:
    documents = reports(30)
    building.build(servers, HOME, documents, revision=1)
    three.wait()
    # Else the cluster waits a minute for the files to come back.
    soon = {"index.unassigned.node_left.delayed_timeout": "0"}
    three.ask("PUT", f"/{servers.server.prefix}-*/_settings", soon)
    node = three.nodes[1]
    node.kill()
    for folder in node.data.rglob("indices"):
        shutil.rmtree(folder, ignore_errors=True)
    three.wait(2, "yellow")
    assert answer(servers, tmp_path) == expected(documents)
    node.start()
    same_on_all_nodes(servers, three, documents)


def test_a_stalled_node_delays_and_never_falsifies(
    servers: Servers, three: Cluster, tmp_path: Path
) -> None:
    before = reports(30)
    building.build(servers, HOME, before, revision=1)
    three.wait()
    after = [*before, *reports(6, 100)]
    stalled = three.nodes[1] if three.manager() is not three.nodes[1] else three.nodes[0]
    with asked_all_the_time(servers, tmp_path, [expected(before), expected(after)]):
        stalled.pause()
        try:
            again_until_done(lambda: building.update(servers, HOME, after, (), revision=2))
            assert answer(servers, tmp_path) == expected(after)
        finally:
            stalled.resume()
        three.wait()
    same_on_all_nodes(servers, three, after)


@pytest.mark.long
def test_without_most_of_its_nodes_a_cluster_says_that_it_cannot(
    servers: Servers, three: Cluster, tmp_path: Path
) -> None:
    documents = reports(6)
    building.build(servers, HOME, documents, revision=1)
    three.wait()
    for node in three.nodes[1:]:
        node.kill()
    quick = dataclasses.replace(servers.server, timeout=1.0)
    deadline = time.monotonic() + 60
    with closing(connect(quick)) as few:
        while True:  # the one that is left may take a moment to see that it is alone
            try:
                assert answer(few, tmp_path) == expected(documents)
            except IndexUnavailable:
                break
            assert time.monotonic() < deadline
        for attempt in (
            lambda: answer(few, tmp_path),
            lambda: building.indexed_ids(few, HOME),
            lambda: building.update(few, HOME, documents, (), revision=2),
        ):
            with pytest.raises(IndexUnavailable):
                attempt()
    for node in three.nodes[1:]:
        node.start()
    three.wait()
    assert answer(servers, tmp_path) == expected(documents)


# ---------------------------------------------------------------- room


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 64 megabytes in memory, which nodes may write to."""
    place = open_to_all() / f"casereviews-small-disk-{os.getpid()}"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m,mode=0777", "tmpfs", str(place)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        place.rmdir()
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)
        place.rmdir()


def test_a_full_disk_is_told_and_what_was_kept_stays(
    small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "ATTEMPTS", 3)
    if lacks := missing():
        pytest.skip(lacks)
    chance = random.Random(3)
    letters = "abcdefghijklmnopqrstuvwxyz"

    def long(name: str) -> PublishedDocument:
        words = ("".join(chance.choices(letters, k=9)) for _ in range(9_000))
        return made(name, " ".join(words), QUERY)

    before = reports(9)
    after = [*before, *(long(f"long{n}") for n in range(5))]
    with nodes(1, heap="320m", place=small_disk) as cluster:
        server = IndexServer(cluster.urls, replicas=0, timeout=20.0)
        with closing(connect(server)) as servers:
            building.build(servers, HOME, before, revision=1)
            other = small_disk / "of-somebody-else"
            other.write_bytes(bytes(shutil.disk_usage(small_disk).free - 300_000))
            with pytest.raises(IndexUnavailable, match=r"run the same again|try again"):
                building.update(servers, HOME, after, (), revision=2)
            other.unlink()
            cluster.ask("POST", "/_cluster/reroute?retry_failed=true")
            # The night before is what is searched, whole, once the parts that failed are open again.
            found: list[set[str]] = []
            again_until_done(lambda: found.append(answer(servers, tmp_path)))
            assert found == [expected(before)]
            again_until_done(lambda: building.update(servers, HOME, after, (), revision=2))
            assert building.indexed_ids(servers, HOME) == {one.document_id for one in after}
            same_on_all_nodes(servers, cluster, after)


@pytest.mark.parametrize("room", ["block", pytest.param("watermark", marks=pytest.mark.long)])
def test_a_cluster_that_takes_no_writes_for_want_of_room_says_so(
    servers: Servers, three: Cluster, tmp_path: Path, room: str
) -> None:
    before = reports(9)
    building.build(servers, HOME, before, revision=1)
    settings = {
        "cluster.routing.allocation.disk.threshold_enabled": True,
        "cluster.info.update.interval": "10s",
        **{
            f"cluster.routing.allocation.disk.watermark.{mark}": "9000tb"
            for mark in ("low", "high", "flood_stage")
        },
    }
    listed = f"/{servers.server.prefix}-*/_settings"
    if room == "watermark":
        three.ask("PUT", "/_cluster/settings", {"transient": settings})
    else:  # what the cluster does itself when it sees that
        three.ask("PUT", listed, {"index.blocks.read_only_allow_delete": True})
    try:
        deadline = time.monotonic() + 90
        while "read_only_allow_delete" not in str(three.ask("GET", listed)):
            assert time.monotonic() < deadline
            time.sleep(0.5)
        with pytest.raises(IndexUnavailable, match="no room left"):
            building.update(servers, HOME, [*before, made("new", QUERY)], (), revision=2)
        assert answer(servers, tmp_path) == expected(before)
    finally:
        three.ask("PUT", "/_cluster/settings", {"transient": dict.fromkeys(settings)})
        three.ask("PUT", listed, {"index.blocks.read_only_allow_delete": None})
    building.update(servers, HOME, [*before, made("new", QUERY)], (), revision=2)
    assert answer(servers, tmp_path) == {*expected(before), "new"}
