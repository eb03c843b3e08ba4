"""Index build, searches by kind of query, nightly increments, cold start; stock Whoosh and SQLite FTS5 in the same run.

    python -m benchmarks.search [--long 300] [--short 0] [--runs 3] [--nights 20] [--baselines 300] [--json OUT]

`--baselines` is the number of documents that stock Whoosh and FTS5 are built on (they take their time); ours is measured on the same number beside it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.corpus import Corpus
from index.build import build, update
from index.search import Searcher, open_index
from repository.home import Home

HOME = "benchmark"
QUERIES: dict[str, list[str]] = {
    "words": [
        "neglect infant",
        "domestic abuse police",
        "supervision",
        "mother father child",
        "fractures",
    ],
    "filters": [
        "neglect nation:wales",
        "theme:harm_neglect year:2015..2020",
        "age:under_1 outcome:death injury",
        "type:lcspr school",
    ],
    "prefix": ["bruis*", "neglect* nation:england", "assess*", "sib*"],
    "phrases": [
        '"domestic abuse"',
        '"child protection plan"',
        '"professional curiosity" neglect',
        '"was not brought"',
        '"of the"',
    ],
    "near": [
        "neglect NEAR/5 school",
        '"domestic abuse" NEAR/10 police',
        "(infant OR baby) NEAR/8 injury",
    ],
    "sections": [
        "in:recommendations (training OR supervision)",
        'in:findings "professional curiosity"',
    ],
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", type=int, default=300)
    parser.add_argument("--short", type=int, default=0)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--nights", type=int, default=20)
    parser.add_argument("--baselines", type=int, default=300)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    table: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus(given.long, given.short)
        home = Home(Path(folder) / "home").create()
        table["build"] = measure_build(corpus, home)
        searcher = open_index(home.index, home.id)
        table["search"] = measure_searches(ours(searcher), given.runs)
        searcher.close()
        table["cold"] = measure_cold(home, given.runs)
        table["nights"] = measure_nights(corpus, home, given.nights)
        small = Corpus(given.baselines)
        table["baselines"] = measure_baselines(small, Path(folder), given.runs)
    show(table)
    if given.json:
        given.json.write_text(json.dumps(table, indent=1), "utf-8")


def measure_build(corpus: Corpus, home: Home) -> dict[str, float]:
    """Words a second without the time to make the corpus, peak memory, size on disk."""
    made = 0.0

    def timed() -> Any:
        nonlocal made
        documents = corpus.documents()
        while True:
            started = time.perf_counter()
            document = next(documents, None)
            made += time.perf_counter() - started
            if document is None:
                return
            yield document

    started = time.perf_counter()
    built = build(home.index, home.id, timed(), revision=1)
    seconds = time.perf_counter() - started - made
    size = sum(file.stat().st_size for file in home.index.rglob("*") if file.is_file())
    return {
        "documents": built.documents,
        "words": built.words,
        "seconds": seconds,
        "words_a_second": built.words / seconds,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "size_mb": size / 1e6,
        "segments": built.segments,
    }


def ours(searcher: Searcher) -> Callable[[str], int]:
    """A search with facets and ten hits with their page snippets."""
    return lambda query: searcher.search(query, limit=10).total


def measure_searches(search: Callable[[str], int], runs: int) -> dict[str, dict[str, float]]:
    """Warm milliseconds by kind of query: every query once unmeasured, then `runs` times."""
    table = {}
    for kind, queries in QUERIES.items():
        times = []
        hits = 0
        for query in queries:
            hits += search(query)
            for _ in range(runs):
                started = time.perf_counter()
                search(query)
                times.append((time.perf_counter() - started) * 1000)
        table[kind] = {"p50": statistics.median(times), "p95": percentile(times, 95), "hits": hits}
    return table


def percentile(values: Sequence[float], share: int) -> float:
    """The value below which `share` per cent of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share / 100 * (len(ordered) - 1)))]


def measure_cold(home: Home, runs: int) -> dict[str, float]:
    """Seconds of a whole `casereviews search` in a new process, and of Python doing nothing beside it."""
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }

    def seconds(*command: str) -> float:
        started = time.perf_counter()
        subprocess.run(command, env=environment, check=False, capture_output=True)
        return time.perf_counter() - started

    ask = (
        sys.executable,
        "-m",
        "search_cli.main",
        "--home",
        str(home.root),
        "search",
        "neglect infant",
        "--json",
    )
    seconds(*ask)
    return {
        "search": statistics.median(seconds(*ask) for _ in range(max(runs, 5))),
        "python": statistics.median(
            seconds(sys.executable, "-c", "pass") for _ in range(max(runs, 5))
        ),
    }


def measure_nights(corpus: Corpus, home: Home, nights: int) -> dict[str, float]:
    """Seconds to add ten documents a night."""
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
        "segments": segments,
    }


def measure_baselines(corpus: Corpus, folder: Path, runs: int) -> dict[str, Any]:
    """Stock Whoosh, FTS5 and ours on one small corpus: build, and warm words and phrases with ten snippets."""
    documents = list(corpus.documents())
    words = sum(len(page.text.split()) for document in documents for page in document.pages)
    table: dict[str, Any] = {"documents": len(documents), "words": words}
    for name, made in (("stock Whoosh", stock_whoosh), ("SQLite FTS5", fts5), ("ours", small_ours)):
        started = time.perf_counter()
        search = made(documents, folder / name.replace(" ", "-"))
        row: dict[str, Any] = {"words_a_second": words / (time.perf_counter() - started)}
        for kind in ("words", "phrases"):
            times = []
            for query in QUERIES[kind]:
                search(query)
                for _ in range(runs):
                    begun = time.perf_counter()
                    search(query)
                    times.append((time.perf_counter() - begun) * 1000)
            row[kind] = {"p50": statistics.median(times), "p95": percentile(times, 95)}
        table[name] = row
    return table


def small_ours(documents: Sequence[Any], folder: Path) -> Callable[[str], int]:
    """Ours on the baselines' documents."""
    build(folder, HOME, documents, revision=1)
    return ours(open_index(folder, HOME))


def stock_whoosh(documents: Sequence[Any], folder: Path) -> Callable[[str], int]:
    """Whoosh with its stemming analyser, stored text and its own highlights."""
    from whoosh import analysis, fields, index, qparser

    folder.mkdir(parents=True)
    schema = fields.Schema(
        id=fields.ID(stored=True), text=fields.TEXT(analysis.StemmingAnalyzer(), stored=True)
    )
    made = index.create_in(str(folder), schema)
    writer = made.writer(limitmb=256)
    for document in documents:
        writer.add_document(
            id=document.document_id, text="\n".join(page.text for page in document.pages)
        )
    writer.commit()
    searcher = made.searcher()
    parser = qparser.QueryParser("text", schema)

    def search(query: str) -> int:
        found = searcher.search(parser.parse(query), limit=10)
        for hit in found:
            hit.highlights("text", top=1)
        return len(found)

    return search


def fts5(documents: Sequence[Any], folder: Path) -> Callable[[str], int]:
    """SQLite FTS5 with its Porter stemmer and snippets."""
    folder.mkdir(parents=True)
    database = sqlite3.connect(folder / "fts.db")
    database.execute(
        "CREATE VIRTUAL TABLE t USING fts5(id UNINDEXED, text, tokenize='porter unicode61')"
    )
    database.executemany(
        "INSERT INTO t VALUES (?, ?)",
        ((d.document_id, "\n".join(page.text for page in d.pages)) for d in documents),
    )
    database.commit()

    def search(query: str) -> int:
        rows = database.execute(
            "SELECT id, snippet(t, 1, '[', ']', '…', 24) FROM t WHERE t MATCH ? ORDER BY bm25(t) LIMIT 10",
            (query,),
        ).fetchall()
        database.execute("SELECT COUNT(*) FROM t WHERE t MATCH ?", (query,)).fetchone()
        return len(rows)

    return search


def show(table: dict[str, Any]) -> None:
    """The tables."""
    made = table["build"]
    print(
        f"build: {made['documents']:.0f} documents, {made['words'] / 1e6:.1f} M words in {made['seconds']:.0f} s"
        f" = {made['words_a_second']:,.0f} words/s; peak {made['peak_mb']:.0f} MB; {made['size_mb']:.0f} MB; {made['segments']} segments"
    )
    print(f"{'warm, ms':12}{'p50':>9}{'p95':>9}{'hits':>8}")
    for kind, row in table["search"].items():
        print(f"{kind:12}{row['p50']:9.1f}{row['p95']:9.1f}{row['hits']:8}")
    print(
        f"cold: casereviews search {table['cold']['search']:.3f} s (python alone {table['cold']['python']:.3f} s)"
    )
    nights = table["nights"]
    print(
        f"{nights['nights']} nights of 10: p50 {nights['p50']:.2f} s, p95 {nights['p95']:.2f} s, at most {nights['segments']} segments"
    )
    base = table["baselines"]
    print(f"baselines on {base['documents']} documents, {base['words'] / 1e6:.1f} M words:")
    for name in ("stock Whoosh", "SQLite FTS5", "ours"):
        row = base[name]
        print(
            f"  {name:14}{row['words_a_second']:12,.0f} words/s   words p50 {row['words']['p50']:7.1f} p95 {row['words']['p95']:7.1f} ms"
            f"   phrases p50 {row['phrases']['p50']:7.1f} p95 {row['phrases']['p95']:7.1f} ms"
        )


if __name__ == "__main__":
    main()
