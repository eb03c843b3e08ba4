"""Index build, searches by kind of query, nightly increments, cold start; stock Whoosh, SQLite FTS5 and tantivy in the same run.

    python -m benchmarks.search [--long 300] [--short 0] [--runs 3] [--nights 60] [--baselines 300] [--json OUT]

The corpus is written to a file first, and the build reads it from there, as it reads the repository. `--baselines` is the number of
documents that the others are built on (stock Whoosh takes its time); ours is measured on the same number beside them.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import pickle
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psutil

from benchmarks.corpus import Corpus
from benchmarks.search_baselines import fts5, stock_whoosh, tantivy
from benchmarks.search_made import recorded_home, spooled
from benchmarks.search_queries import queries
from benchmarks.search_times import percentile, spent
from casereviews.index.build import build, update
from casereviews.index.search import Searcher, open_index
from casereviews.repository.home import Home
from casereviews.repository.model import PublishedDocument

HOME = "benchmark"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", type=int, default=300)
    parser.add_argument("--short", type=int, default=0)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--nights", type=int, default=60)
    parser.add_argument("--baselines", type=int, default=300)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    table: dict[str, Any] = {"load_before": os.getloadavg()}
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus(given.long, given.short)
        home = recorded_home(Path(folder) / "home")
        table["build"] = measure_build(corpus, home, Path(folder) / "corpus")
        show_build(table["build"])
        searcher = open_index(home.index, home.id)
        table["search"] = measure_searches(ours(searcher), queries(corpus), given.runs)
        searcher.close()
        show_searches(table["search"])
        table["cold"] = measure_cold(home, given.runs)
        table["nights"] = measure_nights(corpus, home, given.nights)
        show_cold_and_nights(table)
        small = Corpus(given.baselines)
        table["baselines"] = measure_baselines(small, Path(folder), given.runs)
        show_baselines(table["baselines"])
    if given.json:
        given.json.write_text(json.dumps(table, indent=1), "utf-8")


# ---------------------------------------------------------------- ours


def measure_build(corpus: Corpus, home: Home, spool: Path) -> dict[str, float]:
    """Words a second with reading the corpus from its file; peak memory of all processes together; size on disk."""
    with spool.open("wb") as out:
        for document in corpus.documents():
            pickle.dump(document, out, protocol=pickle.HIGHEST_PROTOCOL)
    with PeakMemory() as memory:
        started = time.perf_counter()
        built = build(home.index, home.id, spooled(spool), revision=1)
        seconds = time.perf_counter() - started
    spool.unlink()
    size = sum(file.stat().st_size for file in home.index.rglob("*") if file.is_file())
    return {
        "documents": built.documents,
        "words": built.words,
        "seconds": seconds,
        "words_a_second": built.words / seconds,
        "peak_mb": memory.peak / 1e6,
        "size_mb": size / 1e6,
        "segments": built.segments,
    }


class PeakMemory:
    """Samples the resident memory of this process and its children, ten times a second; shared pages count in each."""

    def __init__(self) -> None:
        self.peak = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _sample(self) -> None:
        own = psutil.Process()
        while not self._ended.wait(0.1):
            total = own.memory_info().rss
            for child in own.children(recursive=True):
                try:
                    total += child.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.peak = max(self.peak, total)


def ours(searcher: Searcher) -> Callable[[str], int]:
    """A search with facets and ten hits with their page snippets (up to three a hit)."""
    return lambda query: searcher.search(query, limit=10).total


def measure_searches(
    search: Callable[[str], int], asked: dict[str, list[str]], runs: int
) -> dict[str, dict[str, float]]:
    """Milliseconds by kind: of the first time a query is asked in a process, and of `runs` rounds over all of them afterwards."""
    table = {}
    for kind, some in asked.items():
        first = [timed(search, query) for query in some]
        again = [timed(search, query) for _ in range(runs) for query in some]
        table[kind] = {
            "queries": len(some),
            "hits": statistics.median(search(query) for query in some),
            "first_p95": percentile(first, 95),
            "p50": statistics.median(again),
            "p95": percentile(again, 95),
            "max": max(again),
        }
    return table


def timed(search: Callable[[str], int], query: str) -> float:
    """Milliseconds of one search."""
    started = time.perf_counter()
    search(query)
    return (time.perf_counter() - started) * 1000


def measure_cold(home: Home, runs: int) -> dict[str, float]:
    """Seconds of a whole `casereviews search` in a new process, and of Python doing nothing beside it: medians; `_cpu`: of the processor."""
    ask = [sys.executable, "-m", "casereviews.search_cli.main", "--home", str(home.root), "search"]
    nothing = [sys.executable, "-c", "pass"]
    spent([*ask, "neglect infant", "--json"])
    times = max(runs, 7)
    rows = {
        "search": [spent([*ask, "neglect infant", "--json"]) for _ in range(times)],
        "python": [spent(nothing) for _ in range(times)],
    }
    medians = {name: statistics.median(wall for wall, _ in row) for name, row in rows.items()}
    return medians | {
        f"{name}_cpu": statistics.median(cpu for _, cpu in row) for name, row in rows.items()
    }


def measure_nights(corpus: Corpus, home: Home, nights: int) -> dict[str, float]:
    """Seconds to add ten documents a night; nothing but their number where there are none."""
    if not nights:
        return {"nights": 0}
    times, segments = [], 0
    first = corpus.long + corpus.short
    for night in range(nights):
        fresh = list(corpus.documents(first + night * 10, 10))
        started = time.perf_counter()
        built = update(home.index, home.id, fresh, [], revision=night + 2)
        times.append(time.perf_counter() - started)
        segments = max(segments, built.segments)
    return {
        "nights": nights,
        "p50": statistics.median(times),
        "p95": percentile(times, 95),
        "max": max(times),
        "segments": segments,
    }


# ---------------------------------------------------------------- beside it


def measure_baselines(corpus: Corpus, folder: Path, runs: int) -> dict[str, Any]:
    """Each on one small corpus: build, and warm words and phrases with ten snippets."""
    documents = list(corpus.documents())
    words = sum(len(page.text.split()) for document in documents for page in document.pages)
    table: dict[str, Any] = {"documents": len(documents), "words": words, "rows": {}}
    systems = [("stock Whoosh", stock_whoosh), ("SQLite FTS5", fts5), ("ours", _small_ours)]
    if importlib.util.find_spec("tantivy"):
        systems.append(("tantivy", tantivy))
    asked = {kind: queries(corpus)[kind] for kind in ("words", "phrases")}
    for name, made in systems:
        started = time.perf_counter()
        search = made(documents, folder / name.replace(" ", "-"))
        seconds = time.perf_counter() - started
        table["rows"][name] = {
            "words_a_second": words / seconds,
            **measure_searches(search, asked, runs),
        }
    return table


def _small_ours(documents: Sequence[PublishedDocument], folder: Path) -> Callable[[str], int]:
    build(folder, HOME, documents, revision=1)
    return ours(open_index(folder, HOME))


# ---------------------------------------------------------------- the tables


def show_build(made: dict[str, float]) -> None:
    """One line."""
    print(
        f"build: {made['documents']:.0f} documents, {made['words'] / 1e6:.1f} M words in {made['seconds']:.0f} s"
        f" = {made['words_a_second']:,.0f} words/s; peak {made['peak_mb']:.0f} MB; {made['size_mb']:.0f} MB; {made['segments']} segments",
        flush=True,
    )


def show_searches(table: dict[str, dict[str, float]]) -> None:
    """A row a kind."""
    print(f"{'ms':10}{'first p95':>11}{'p50':>9}{'p95':>9}{'max':>9}{'hits':>8}")
    for kind, row in table.items():
        print(
            f"{kind:10}{row['first_p95']:11.1f}{row['p50']:9.1f}{row['p95']:9.1f}{row['max']:9.1f}{row['hits']:8.0f}",
            flush=True,
        )


def show_cold_and_nights(table: dict[str, Any]) -> None:
    """Two lines."""
    cold, nights = table["cold"], table["nights"]
    print(
        f"cold: casereviews search {cold['search']:.3f} s, {cold['search_cpu']:.3f} s of processor"
        f" (python alone {cold['python']:.3f} s)"
    )
    if not nights["nights"]:
        return
    print(
        f"{nights['nights']} nights of 10: p50 {nights['p50']:.2f} s, p95 {nights['p95']:.2f} s,"
        f" max {nights['max']:.2f} s, at most {nights['segments']} segments",
        flush=True,
    )


def show_baselines(base: dict[str, Any]) -> None:
    """A row a system."""
    print(f"on {base['documents']} documents, {base['words'] / 1e6:.1f} M words:")
    for name, row in base["rows"].items():
        print(
            f"  {name:14}{row['words_a_second']:12,.0f} words/s"
            f"   words p50 {row['words']['p50']:7.1f} p95 {row['words']['p95']:7.1f} ms"
            f"   phrases p50 {row['phrases']['p50']:7.1f} p95 {row['phrases']['p95']:7.1f} ms"
        )


if __name__ == "__main__":
    main()
