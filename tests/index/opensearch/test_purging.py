"""What was withdrawn is gone from every copy and every file, or it is said where it still is."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from casereviews.repository.left_behind import LeftBehind
from casereviews.repository.model import Page, PublishedDocument
from casereviews.repository.stores import IndexServer
from tests.opensearch_nodes import Cluster, missing, nodes, open_to_all

pytest.importorskip("opensearchpy", reason="the extra [opensearch] is not installed")

from casereviews.index.opensearch import building, mapping, purging, state
from casereviews.index.opensearch.connection import Servers, connect

pytestmark = pytest.mark.live
HOME = "a-home"
_PREFIXES = (f"purged{number}" for number in itertools.count(1))
WORD = "zzquokkaburrow"


def made(name: str, text: str) -> PublishedDocument:
    said = {"title": f"Review {name}", "source": "s", "scope": "child"}
    return PublishedDocument(name, f"r-{name}", said, (Page(1, text, None),))


TOLD = made("told", f"the {WORD} was found by a {WORD}")
OTHERS = [made(f"d{number}", f"page of word{number} and more") for number in range(30)]


@pytest.fixture(scope="module")
def snapshots() -> Iterator[Path]:
    """Where others keep copies, for nodes to write to."""
    with tempfile.TemporaryDirectory(dir=open_to_all(), ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


@pytest.fixture(scope="module")
def two(snapshots: Path) -> Iterator[Cluster]:
    if lacks := missing():
        pytest.skip(lacks)
    with nodes(2, voters=1, heap="320m", settings={"path.repo": str(snapshots)}) as started:
        yield started


@pytest.fixture
def servers(two: Cluster) -> Iterator[Servers]:
    server = IndexServer(two.urls[:2], prefix=next(_PREFIXES), timeout=30.0)
    with closing(connect(server)) as asked:
        yield asked
        building.remove(asked, HOME)


def holding(cluster: Cluster, *words: str) -> dict[str, list[str]]:
    """By node the files that have one of these words, as they are spelt, backwards too."""
    spelt = [one for word in words for one in (word.encode(), word[::-1].encode())]
    return {
        node.name: files
        for node in cluster.nodes
        if (
            files := [
                path.name
                for path in node.data.rglob("*")
                if path.is_file() and any(one in path.read_bytes() for one in spelt)
            ]
        )
    }


def test_what_was_withdrawn_is_gone_from_every_file_of_every_copy(
    servers: Servers, two: Cluster
) -> None:
    building.build(servers, HOME, [*OTHERS, TOLD], revision=1)
    two.wait()
    assert set(holding(two, WORD)) == {"n1", "n2"}
    away = two.nodes[1] if two.manager() is not two.nodes[1] else two.nodes[0]
    away.kill()
    two.wait(2, "yellow")
    building.update(servers, HOME, [], ["told"], revision=2)
    # Nobody finds it any more, and its bytes are still there: on the node that is away, too.
    assert set(holding(two, WORD)) == {"n1", "n2"}
    place = f"the data folder of the node {away.name}, which is away"
    left = [one.place for one in purging.left(servers, HOME)]
    assert place in left
    assert {one.partition(",")[0] for one in left if one != place} == {
        f"{servers.server.prefix}-{kind}-g001" for kind in state.KINDS
    }
    looked = purging.sought(servers, HOME, [WORD, "never-there"])
    assert [(one.found, bool(one.unread)) for one in looked] == [((WORD,), True), ((), True)]
    assert (looked[1].place, looked[1].unread) == (place, "it is away")

    away.start()
    two.wait()
    assert purging.purge(servers, HOME) == ()
    assert holding(two, WORD) == {}
    looked = purging.sought(servers, HOME, [WORD, "word7"])
    assert [(one.store, one.found, one.unread) for one in looked] == [
        ("index", ("word7",), "")
    ] * 2  # fmt: skip
    assert all(one.clean for one in purging.copies(servers, "g001"))
    assert len(building.indexed_ids(servers, HOME)) == len(OTHERS)
    # A purge that has nothing to do costs one look.
    assert purging.purge(servers, HOME, patience=0) == ()


def test_a_purge_takes_older_generations_away(servers: Servers, two: Cluster) -> None:
    building.build(servers, HOME, [*OTHERS[:3], TOLD], revision=1)
    body = mapping.indexes(replicas=0)[mapping.PAGES]
    index = state.names(servers).index(mapping.PAGES, "g000")
    servers.ask("PUT", f"/{index}", body)
    servers.ask("POST", f"/{index}/_close")
    purging.purge(servers, HOME, patience=0)
    assert set(state.generations(servers, HOME)) == {"g001"}


def test_what_others_keep_is_named(servers: Servers, two: Cluster, snapshots: Path) -> None:
    building.build(servers, HOME, [TOLD], revision=1)
    prefix = servers.server.prefix
    place = {"location": str(snapshots / prefix)}
    two.ask("PUT", f"/_snapshot/{prefix}", {"type": "fs", "settings": place})
    try:
        path = f"/_snapshot/{prefix}/before?wait_for_completion=true"
        two.ask("PUT", path, {"indices": f"{prefix}-*"})
        two.ask("PUT", f"/{prefix}-pages-g001/_settings", {"index.blocks.write": True})
        clone = {"settings": {"index.number_of_replicas": 0, "index.blocks.write": None}}
        two.ask("PUT", f"/{prefix}-pages-g001/_clone/copy-of-{prefix}", clone)
        two.ask("PUT", f"/{prefix}-pages-g001/_settings", {"index.blocks.write": None})
        building.update(servers, HOME, [], ["told"], revision=2)
        left = [one for one in purging.left(servers, HOME) if "g001, part" not in one.place]
        assert [(one.until, one.what_to_do) for one in left] == [
            (None, f"delete it: DELETE /copy-of-{prefix}"),
            (None, f"make a new one and delete it: DELETE /_snapshot/{prefix}/before"),
        ]
        assert "snapshot before of 20" in left[1].place
        two.ask("DELETE", f"/copy-of-{prefix}")
        two.ask("DELETE", f"/_snapshot/{prefix}/before")
        assert not [one for one in purging.left(servers, HOME) if "g001, part" not in one.place]
    finally:
        two.ask("DELETE", f"/_snapshot/{prefix}")


def test_what_is_left_is_told_in_words() -> None:
    one = LeftBehind("index", "a place", None, "do this")
    assert str(one) == "index: a place, for how long is not known: do this"
