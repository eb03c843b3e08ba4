"""Both engines in one run over the same documents: build, size, a night's update, and searches of every kind.

    python -m benchmarks.engines --kept DIR [--scale 3000:0 --scale 5000:10000] [--nodes 1 --nodes 2] [--heap 2g] [--rounds 2]
        [--queries 30] [--night 20] [--json OUT]

A scale is a number of long reports and of short documents (`search_made`; the documents stay in DIR and are not made again). Ours is built anew
beside the cluster's in every run. Nodes run on this machine, with their files in DIR, and as their makers have them run; the second has a copy
of all, and takes its share of searches. Beside the time that passes stands the processor's: ours, and that of all nodes. Of each kind of query
the answers are compared: how many reviews and documents both engines found.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psutil

from benchmarks import search_made
from benchmarks.corpus import Corpus
from benchmarks.search_made import spooled
from benchmarks.search_queries import KINDS, queries
from benchmarks.search_times import percentile
from casereviews.index.build import build, update
from casereviews.index.opensearch import building, state
from casereviews.index.opensearch.connection import Servers, connect
from casereviews.index.opensearch.searcher import open_state
from casereviews.index.search import Searcher, open_index
from casereviews.repository.model import PublishedDocument
from casereviews.repository.stores import IndexServer
from tests.opensearch_nodes import MEASURED, Cluster, nodes

Table = dict[str, Any]
HOME = "made-up"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--scale", action="append")
    parser.add_argument("--nodes", type=int, action="append")
    parser.add_argument("--heap", default="2g")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--queries", type=int, default=30)
    parser.add_argument("--night", type=int, default=20)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    tables = []
    for scale in given.scale or ["3000:0", "5000:10000"]:
        corpus = Corpus(*map(int, scale.split(":")))
        spool = search_made.spool_of(given.kept, corpus)
        asked = {kind: some[: given.queries] for kind, some in queries(corpus).items()}
        measured = Measured(corpus, spool, given.kept, asked, given.rounds, given.night)
        print(f"{scale}: load {os.getloadavg()[0]:.1f}", flush=True)
        table: Table = {"scale": scale, "load": os.getloadavg()}
        table["folder"] = measured.folder()
        for count in given.nodes or [1, 2]:
            table[f"{count} nodes"] = measured.cluster(count, given.heap)
        measured.compare(table)
        tables.append(table)
    if given.json:
        given.json.write_text(json.dumps(tables, indent=1), "utf-8")


class Measured:
    """One scale, measured on one engine after the other."""

    def __init__(
        self,
        corpus: Corpus,
        spool: Path,
        kept: Path,
        asked: Mapping[str, Sequence[str]],
        rounds: int,
        night: int,
    ) -> None:
        self.corpus, self.spool, self.kept = corpus, spool, kept
        self.asked, self.rounds, self.night = asked, rounds, night

    def folder(self) -> Table:
        """Ours, in a folder."""
        place = self.kept / "index"
        shutil.rmtree(place, ignore_errors=True)
        row: Table = {}
        with clocked(row, "build"):
            build(place, HOME, spooled(self.spool), revision=1)
        row["megabytes"] = size_of(place)
        with clocked(row, "night"):
            update(place, HOME, self.changed(), self.gone(), revision=2)
        with clocked(row, "quiet night"):
            update(place, HOME, self.changed(), (), revision=3)
        with open_index(place, HOME) as searcher:
            row["searches"] = self.searched("folder", lambda: searcher)
        told("folder", row)
        return row

    def cluster(self, count: int, heap: str) -> Table:
        """The same on so many nodes; of two one is a copy of the other."""
        place = self.kept / "nodes"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        with nodes(count, heap=heap, options=MEASURED, place=place) as cluster:
            server = IndexServer(cluster.urls, replicas=count - 1, timeout=60.0)
            with closing(connect(server)) as servers:
                row = self.on(servers, cluster)
        shutil.rmtree(place)
        told(f"{count} nodes", row)
        return row

    def on(self, servers: Servers, cluster: Cluster) -> Table:
        row: Table = {}
        with clocked(row, "build", cluster):
            building.build(servers, HOME, spooled(self.spool), revision=1)
        servers.ask("POST", f"/{servers.server.prefix}-*/_flush", timeout=600)
        row["megabytes"] = store_of(servers)
        with clocked(row, "night", cluster):
            building.update(servers, HOME, self.changed(), self.gone(), revision=2)
        with clocked(row, "quiet night", cluster):
            building.update(servers, HOME, self.changed(), (), revision=3)

        def opened() -> Searcher:
            return open_state(servers, state.current(servers, HOME), self.kept / "nothing")

        with clocked(row, "open", cluster):
            searcher = opened()
        row["searches"] = self.searched("cluster", lambda: searcher, cluster)
        return row

    def changed(self) -> Iterator[PublishedDocument]:
        """What a night brings: as many new documents as are said otherwise."""
        size = self.corpus.long + self.corpus.short
        yield from self.corpus.documents(size, self.night // 2)
        for document in self.corpus.documents(self.night, self.night - self.night // 2):
            fields = {**document.fields, "year": 2031}
            yield PublishedDocument(
                document.document_id,
                document.review_id,
                fields,
                document.pages,
                document.sections,
            )

    def gone(self) -> list[str]:
        return [f"d{number}" for number in range(3)]

    def searched(
        self, name: str, opened: Callable[[], Searcher], cluster: Cluster | None = None
    ) -> Table:
        """By kind: p50 and p95 in milliseconds over some rounds of its queries, and what they found."""
        table: Table = {}
        for kind in KINDS:
            some = self.asked[kind]
            found = [opened().search(text) for text in some]
            times = []
            used = spent(cluster)
            for _ in range(self.rounds):
                for text in some:
                    started = time.perf_counter()
                    opened().search(text)
                    times.append((time.perf_counter() - started) * 1000)
            processor = (spent(cluster) - used) * 1000 / len(times)
            table[kind] = {
                "p50": statistics.median(times),
                "p95": percentile(times, 95),
                "processor": processor,
                "found": [(one.total, one.documents) for one in found],
            }
        return table

    def compare(self, table: Table) -> None:
        """Say of how many queries a cluster found something else than the folder."""
        for name, row in table.items():
            if not name.endswith("nodes"):
                continue
            other = sum(
                mine != its
                for kind in KINDS
                for mine, its in zip(
                    table["folder"]["searches"][kind]["found"],
                    row["searches"][kind]["found"],
                    strict=True,
                )
            )
            count = sum(len(self.asked[kind]) for kind in KINDS)
            row["other answers"] = other
            print(f"{name}: {other} of {count} queries found another number of reviews or documents")  # fmt: skip


@contextmanager
def clocked(row: Table, name: str, cluster: Cluster | None = None) -> Iterator[None]:
    """Seconds that pass in the block, and of the processor: this process with its children, and the nodes."""
    started, used = time.perf_counter(), spent(cluster)
    yield
    row[name] = {"s": time.perf_counter() - started, "processor": spent(cluster) - used}


def spent(cluster: Cluster | None) -> float:
    """Seconds of the processor so far."""
    own = sum(os.times()[:4])
    running = cluster.nodes if cluster else []
    each = [psutil.Process(node.pid).cpu_times() for node in running if node.process]
    return own + sum(one.user + one.system for one in each)


def size_of(place: Path) -> float:
    return sum(file.stat().st_size for file in place.rglob("*") if file.is_file()) / 1e6


def store_of(servers: Servers) -> float:
    """Megabytes of all copies."""
    said = servers.ask("GET", f"/{servers.server.prefix}-*/_stats/store", timeout=60)
    return float(said["_all"]["total"]["store"]["size_in_bytes"]) / 1e6


def told(name: str, row: Table) -> None:
    """A line for building and updating, and one for each kind of search."""
    steps = "  ".join(
        f"{step} {one['s']:.1f} s ({one['processor']:.1f})"
        for step, one in row.items()
        if isinstance(one, dict) and "s" in one
    )
    print(f"{name}: {row['megabytes']:.0f} MB  {steps}", flush=True)
    for kind, one in row["searches"].items():
        print(
            f"  {kind:10}{one['p50']:9.1f}{one['p95']:9.1f} ms, processor {one['processor']:7.1f} ms each",
            flush=True,
        )


if __name__ == "__main__":
    main()
