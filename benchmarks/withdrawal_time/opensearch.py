"""The index on OpenSearch: seconds from a withdrawal until no file of any node has its words.

`python -m benchmarks.withdrawal_time.opensearch [--documents 300] [--patience 600] [--nodes 2]` prints a table; the nodes come from Maven. With
each setting one document is withdrawn from an index of made-up ones: left to the cluster (nobody merges), or driven by our purge. Another is
withdrawn while a node is away, which comes back after a while: what it then has is waited for, too. What is still there when the patience
ends is said so.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

from benchmarks.corpus import Corpus
from casereviews.index.opensearch import building, purging
from casereviews.index.opensearch.connection import Servers, connect
from casereviews.repository.model import Page, PublishedDocument
from casereviews.repository.stores import IndexServer
from tests.opensearch_nodes import Cluster, nodes

HOME, FIRST, SECOND = "made-up", "zzquokkaburrow", "yywombatwarren"
AS_IT_COMES: Mapping[str, Any] = {}
SETTINGS: Sequence[tuple[str, Mapping[str, Any], bool]] = (
    ("as it comes, nothing purged", AS_IT_COMES, False),
    ("as it comes, purged", AS_IT_COMES, True),
    ("as casereviews sets it (recommended), purged", dict(building.KEEPING), True),
)


def told(word: str) -> PublishedDocument:
    """A document with a word of its own, which is its id too."""
    said = {"title": f"Review of the {word}", "source": "s", "scope": "child"}
    return PublishedDocument(word, f"r-{word}", said, (Page(1, f"a {word} was seen", None),))


def holding(cluster: Cluster, word: str) -> list[str]:
    """The nodes that have a word in some file, as it is spelt or backwards."""
    spelt = (word.encode(), word[::-1].encode())
    return [node.name for node in cluster.nodes if any(_has(path, spelt) for path in node.data.rglob("*"))]  # fmt: skip


def _has(path: Any, spelt: Sequence[bytes]) -> bool:
    try:
        return path.is_file() and any(one in path.read_bytes() for one in spelt)
    except FileNotFoundError:  # a merge took it
        return False


@contextmanager
def _with(settings: Mapping[str, Any]) -> Iterator[None]:
    """Indexes are made with these settings in the block."""
    kept = dict(building.KEEPING)
    building.KEEPING.clear()
    building.KEEPING.update(settings)
    try:
        yield
    finally:
        building.KEEPING.update(kept)


def measure(cluster: Cluster, servers: Servers, documents: int, patience: float, purged: bool) -> list[str]:  # fmt: skip
    """How long one update took, and after how long no file had the word; the same when a node was away."""
    corpus = Corpus(0, documents)
    made = [*corpus.documents(), told(FIRST), told(SECOND)]
    building.build(servers, HOME, made, revision=1)
    cluster.wait()
    begun = time.perf_counter()
    building.update(servers, HOME, [], [FIRST], revision=2)
    cells = [f"{time.perf_counter() - begun:.1f}", _gone(cluster, servers, FIRST, patience, purged)]
    away = next(node for node in cluster.nodes[:2] if node is not cluster.manager())
    away.kill()
    cluster.wait(status="yellow")
    building.update(servers, HOME, [], [SECOND], revision=3)
    away.start()
    cluster.wait()
    return [*cells, _gone(cluster, servers, SECOND, patience, purged)]


def _gone(cluster: Cluster, servers: Servers, word: str, patience: float, purged: bool) -> str:
    begun = time.perf_counter()
    left = purging.purge(servers, HOME, patience=patience) if purged else ()
    while there := holding(cluster, word):
        if time.perf_counter() - begun > patience:
            return f"still there after {patience:.0f} ({', '.join(there)})"
        time.sleep(0.5)
    return f"{time.perf_counter() - begun:.1f}" + (f", told {len(left)} left" if left else "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--patience", type=float, default=600.0)
    parser.add_argument("--heap", default="400m")
    args = parser.parse_args()
    print("| settings of the index | update (s) | no file has the words (s) | the same, of a node that was away, once it is back (s) |")  # fmt: skip
    print("|---|---|---|---|")
    for name, settings, purged in SETTINGS:
        with _with(settings), nodes(2, voters=1, heap=args.heap) as cluster:
            server = IndexServer(cluster.urls[:2], replicas=1, timeout=60.0)
            with closing(connect(server)) as servers:
                cells = measure(cluster, servers, args.documents, args.patience, purged)
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
