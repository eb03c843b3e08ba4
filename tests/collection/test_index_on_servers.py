"""A home whose index is on a cluster is changed as any other: corrected, built anew, mended, withdrawn from; and what has no server has none of its modules."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from casereviews import Collection
from casereviews.collection.changing import indexing
from casereviews.collection.keepers import InFolder, keeper
from casereviews.index.errors import IndexUnavailable
from casereviews.repository.errors import WithdrawalUnfinished
from casereviews.repository.home import Home
from casereviews.repository.stores import IndexServer
from tests.opensearch_nodes import Cluster, missing, nodes
from tests.search_cli import small_home


def configured(home: Path, server: IndexServer) -> Home:
    named = ", ".join(f'"{node}"' for node in server.nodes)
    with (home / "config.toml").open("a", encoding="utf-8") as config:
        config.write(f'\n[stores]\nindex = [{named}]\nindex_prefix = "{server.prefix}"\n')
        config.write(f"index_replicas = 0\nindex_timeout = {server.timeout}\n")
    return Home(home)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    pytest.importorskip("opensearchpy", reason="the extra [opensearch] is not installed")
    if lacks := missing():
        pytest.skip(lacks)
    with nodes() as started:
        yield started


@pytest.fixture
def server(cluster: Cluster, request: pytest.FixtureRequest) -> IndexServer:
    prefix = request.node.name.removeprefix("test_")[:30]
    return IndexServer(cluster.urls, prefix=prefix, replicas=0, timeout=30.0)


@pytest.fixture
def home(built: Home, server: IndexServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The small home, with its index on the cluster."""
    monkeypatch.setenv("CASEREVIEWS_NOW", small_home.NOW)
    monkeypatch.setattr(indexing, "encoder_of", lambda _: None)
    shutil.copytree(built.root, tmp_path / "home")
    moved = configured(tmp_path / "home", server)
    with Collection(moved.root) as collection:
        collection.rebuild(index=True)
    return moved


def words_of(server: IndexServer) -> set[str]:
    """All words that the lexicon and the pages at the cluster have, counted or not."""
    from casereviews.index.opensearch.connection import connect

    with closing(connect(server)) as servers:
        servers.ask("POST", f"/{server.prefix}-*/_refresh")
        every = {"size": 9_000, "query": {"match_all": {}}}
        hits = servers.search(f"{server.prefix}-*", every)["hits"]["hits"]
    return {word for hit in hits for word in str(hit["_source"]).lower().split()}


def own_words(collection: Collection, review_id: str) -> set[str]:
    """The words that only a review's documents have."""
    store = collection.searcher.store
    by: dict[bool, set[str]] = {True: set(), False: set()}
    for number, _ in store.ids():
        document = store.indexed_document(number)
        assert document is not None
        words = (word for page in document.pages for word in page.text.lower().split())
        by[document.review_id == review_id].update(word for word in words if word.isalpha())
    return by[True] - by[False]


@pytest.mark.live
def test_a_change_is_searched_and_nothing_of_the_index_is_in_the_folder(
    home: Home, built: Home, server: IndexServer
) -> None:
    with Collection(home.root) as collection, Collection(built.root) as in_folder:
        assert collection.search("").total == in_folder.search("").total
        review = collection.search("").hits[0].review_id
        before = collection.state()
        collection.correct(review, "nation", "Scotland", note="as the cover says")
        assert collection.state() != before
        assert review in {hit.review_id for hit in collection.search("nation:scotland").hits}
        found = {one.check: one.state for one in collection.doctor()}
        assert found["index"] == "well"
        totals = collection.status().totals
        assert totals["indexed"] == in_folder.status().totals["indexed"]
    assert {one.name for one in home.index.iterdir()} == {"beside"}


@pytest.mark.live
def test_doctor_mends_what_the_cluster_lost(home: Home, server: IndexServer, cluster: Cluster) -> None:  # fmt: skip
    cluster.ask("DELETE", f"/{server.prefix}-*")
    with Collection(home.root) as collection:
        assert {one.check: one.state for one in collection.doctor()}["index"] == "wrong"
        collection.doctor(repair=True)
        assert collection.search("").total > 0
        assert {one.check: one.state for one in collection.doctor()}["index"] == "well"


@pytest.mark.live
def test_a_withdrawal_goes_through_the_cluster_and_is_finished_when_it_was_away(
    home: Home, built: Home, server: IndexServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casereviews.index.opensearch.purging.PATIENCE", 0.0)
    with Collection(home.root) as collection:
        hit = collection.search("sofa").hits[0]
        ours = own_words(collection, hit.review_id)
        [other, *_] = {one.review_id for one in collection.search("").hits} - {hit.review_id}
    assert "sofa" in ours & words_of(server)
    at = home.config_toml.read_text("utf-8")
    away = replace(server, nodes=("http://127.0.0.2:9",), timeout=1.0)
    home.config_toml.write_text("", "utf-8")
    configured(home.root, away)
    with Collection(home.root) as collection:
        with (
            pytest.warns(UserWarning, match="begun and not finished"),
            pytest.raises(IndexUnavailable, match="cannot be reached"),
        ):
            collection.withdraw(hit.review_id, reason="asked")
        # What is not finished is not read.
        with pytest.raises((WithdrawalUnfinished, IndexUnavailable)):
            collection.search("")
    home.config_toml.write_text(at, "utf-8")
    told: list[str] = []
    with Collection(home.root, warn=told.append) as collection:
        with pytest.raises(WithdrawalUnfinished):
            collection.search("")
        collection.correct(other, "nation", "Wales", note="as the cover says")
        assert "finished the withdrawal of" in told[0]
        # The cluster was given no time to let go of the bytes: that is told, too.
        assert any("STILL THERE: index: the node n1" in line for line in told)
        assert hit.review_id not in {one.review_id for one in collection.search("").hits}
    with keeper(home) as index:
        assert hit.document_id not in index.ids()
    assert not ours & words_of(server)


def test_a_home_in_its_folder_loads_nothing_of_servers(built: Home, tmp_path: Path) -> None:
    shutil.copytree(built.root, tmp_path / "home")
    with keeper(Home(tmp_path / "home")) as index:
        assert isinstance(index, InFolder)
        assert (index.left(), index.sought(["x"], ())) == ((), ())
    program = (
        "import sys\n"
        "from casereviews.collection.changing.indexing import bring_up_to_date, build_anew\n"
        "from casereviews.repository.home import Home\n"
        f"home = Home(__import__('pathlib').Path({str(tmp_path / 'home')!r}))\n"
        "bring_up_to_date(home), build_anew(home)\n"
        "print([one for one in sys.modules if one.split('.')[0] in ('opensearchpy', 'psycopg', 'boto3') "
        "or one.startswith('casereviews.index.opensearch')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)  # fmt: skip
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr
