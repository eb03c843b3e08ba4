"""A whole collection whose config.toml names a cluster: what `Collection` gives is what it gives of the index in the folder."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from casereviews import Collection
from casereviews.collection import collection as door
from casereviews.index.errors import IndexChanged, IndexUnavailable
from casereviews.repository.home import Home
from casereviews.repository.stores import IndexServer
from tests.search_cli import small_home

pytest.importorskip("opensearchpy", reason="the extra [opensearch] is not installed")

from casereviews.index.opensearch.engine import ClusterEngine

pytestmark = pytest.mark.live
CASE = "a baby died on a sofa beside a parent, and neglect was known"


@dataclass
class Both:
    """The same home twice: its index in the folder, and on a cluster."""

    folder: Collection
    cluster: Collection

    def give(self, ask: Callable[[Collection], Any]) -> Any:
        """What both give, which is the same."""
        one, other = ask(self.folder), ask(self.cluster)
        assert other == one
        return one


def on_cluster(home: Path, server: IndexServer) -> None:
    """Have a home keep its index on a cluster from now on."""
    nodes = ", ".join(f'"{node}"' for node in server.nodes)
    with (home / "config.toml").open("a", encoding="utf-8") as config:
        config.write(f'\n[stores]\nindex = [{nodes}]\nindex_prefix = "{server.prefix}"\n')
        config.write("index_replicas = 0\nindex_timeout = 30\n")


@pytest.fixture
def both(
    built: Home, server: IndexServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Both]:
    monkeypatch.setenv("CASEREVIEWS_NOW", small_home.NOW)
    shutil.copytree(built.root, tmp_path / "home")
    on_cluster(tmp_path / "home", server)
    with Collection(built) as folder, Collection(tmp_path / "home") as cluster:
        cluster.rebuild(index=True)
        yield Both(folder, cluster)


def test_what_a_collection_gives_is_the_same(both: Both) -> None:
    def hits(found: Any) -> object:
        return found.total, found.documents, found.facets, {hit.review_id for hit in found.hits}

    for query in ("", "sofa", "neglect OR sofa", '"the baby"', "baby NEAR/5 sofa", "nation:Wales"):
        both.give(lambda at, query=query: hits(at.search(query, limit=None)))
    both.give(lambda at: hits(at.search("sofa neglect zebra", most=True)))
    both.give(lambda at: list(at.concordance("the")))
    both.give(lambda at: {hit.review_id for hit in at.similar(CASE).results.hits})
    report = both.give(lambda at: at.search("sofa").hits[0].document_id)
    both.give(lambda at: at.reader_page(report, 2, "sofa"))


def test_no_words_stay_in_the_folder_of_a_home_whose_index_is_on_a_cluster(both: Both) -> None:
    index = both.cluster.home.index
    assert {path.name for path in index.iterdir()} == {"beside"}
    assert {path.name for path in (index / "beside").iterdir()} <= {
        "index.json", "similar.db", "vectors",
    }  # fmt: skip


def test_what_was_asked_while_a_writer_came_between_is_asked_again(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "CHANGE_SECONDS", 0)
    before = both.cluster.search("sofa").index
    asked: list[int] = []
    ranked = ClusterEngine.ranked

    def changed_meanwhile(self: ClusterEngine, *given: Any) -> Any:
        asked.append(1)
        if len(asked) == 1:
            both.cluster.rebuild(index=True)
        return ranked(self, *given)

    monkeypatch.setattr(ClusterEngine, "ranked", changed_meanwhile)
    found = both.cluster.search("sofa")
    assert len(asked) == 2
    assert found.total == both.folder.search("sofa").total
    assert found.index.generation != before.generation


def test_a_state_that_is_no_more_is_told(both: Both) -> None:
    old = both.cluster.searcher
    both.cluster.rebuild(index=True)
    with pytest.raises(IndexChanged, match="search again"):
        old.unchanged()


def test_servers_that_cannot_be_reached_are_told_and_nothing_is_answered(
    built: Home, tmp_path: Path
) -> None:
    shutil.copytree(built.root, tmp_path / "home")
    on_cluster(tmp_path / "home", IndexServer(("http://127.0.0.2:9",)))
    with Collection(tmp_path / "home") as collection:
        for ask in (collection.search, lambda: list(collection.concordance("sofa"))):
            with pytest.raises(IndexUnavailable, match="cannot be reached"):
                ask()
        assert collection.state() is None
