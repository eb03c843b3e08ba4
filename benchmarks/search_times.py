"""Warm and cold times of every kind of question in one run, beside stock Whoosh and SQLite FTS5 over the same texts.

    python -m benchmarks.search_times --kept DIR [--scale 3000:0 --scale 5000:10000] [--rounds 3] [--others 8] [--cold 5]
        [--beside fts5 whoosh] [--json OUT]

A scale is a number of long reports and of short documents. What is made for it stays in DIR and is not made again (`search_made`). Beside the
time that passes stands the processor's, which others on the machine change less. The others are asked the first `--others` queries of a kind, any
word of questions and described cases; the ratios are of medians over these queries.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import search_baselines as others
from benchmarks.corpus import Corpus
from benchmarks.search_made import made, recorded_home
from benchmarks.search_queries import EACH, queries
from casereviews.collection.collection import Collection

Table = dict[str, Any]
SYSTEMS: Mapping[str, tuple[Callable[[Path], Callable[[str], int]], Callable[[str], str]]] = {
    "fts5": (others.open_fts5, others.for_fts5),
    "whoosh": (others.open_whoosh, others.for_whoosh),
}
PASSAGES = "similar with passages"
EXACT = ("words", "filters", "prefix", "phrases", "near")
QUESTIONS = Path(__file__).parent / "similar_made" / "queries.jsonl"
# As where no sentence model is installed.
WITHOUT = "import sys; sys.modules['wordllama'] = None; from casereviews.search_cli.program import run; run()"
WITH = "from casereviews.search_cli.program import run; run()"
COLD = str(Path(__file__).parent / "search_cold.py")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--scale", action="append")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--others", type=int, default=8)
    parser.add_argument("--cold", type=int, default=5)
    parser.add_argument("--beside", nargs="*", choices=SYSTEMS, default=list(SYSTEMS))
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    tables = []
    for scale in given.scale or ["3000:0", "5000:10000"]:
        corpus = Corpus(*map(int, scale.split(":")))
        place = made(given.kept, corpus, given.beside)
        print(f"{scale}: load {os.getloadavg()[0]:.1f}", flush=True)
        asked = asked_of(corpus)
        table = {"scale": scale, "load": os.getloadavg()}
        table["warm"] = warm(place, asked, given.beside, given.rounds, given.others)
        show(table["warm"], "warm, ms", 1)
        table["cold"] = cold(place, asked, given.beside, given.cold)
        show(table["cold"], "cold, s", 3)
        tables.append(table)
    if given.json:
        given.json.write_text(json.dumps(tables, indent=1), "utf-8")


def asked_of(corpus: Corpus) -> dict[str, list[str]]:
    """The questions by kind: exact ones, questions of the corpus's phrases as people type them, cases as practitioners tell them."""
    chance = random.Random(3)
    exact = {kind: some for kind, some in queries(corpus).items() if kind in EXACT}
    plain = [
        f"what do reviews say about {chance.choice(corpus.phrases)} and {chance.choice(corpus.phrases)}"
        for _ in range(EACH)
    ]
    rows = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    cases = [row["text"] for row in rows if row["kind"] == "case"][:EACH]
    return {**exact, "plain": plain, "similar": cases, PASSAGES: cases}


# ---------------------------------------------------------------- warm


def warm(
    place: Path, asked: Mapping[str, Sequence[str]], beside: Sequence[str], rounds: int, few: int
) -> list[Table]:
    """A row a kind and system: the first time that each query is asked, and `rounds` over all of them afterwards.

    The others have no passages: with and without them they are asked the same, once.
    """
    searches = {name: SYSTEMS[name][0](place / name) for name in beside}
    rows: list[Table] = []
    theirs: dict[str, Table] = {}
    for kind, some in asked.items():
        with Collection(recorded_home(place / "home").root) as collection:
            collection.search("neglect")
            row = measured(asking(collection, kind), some, rounds)
        small = medians(row.pop("each"), few)
        rows.append({"kind": kind, "system": "ours", **row})
        for name, search in searches.items():
            if kind != PASSAGES:
                words = [in_words_of(name, kind, one) for one in some[:few]]
                theirs[name] = measured(search, words, 1)
            row = dict(theirs[name])
            their = medians(row.pop("each"), few)
            ratios = {key: small[key] / their[key] for key in small}
            rows.append({"kind": kind, "system": name, **row, "ratio": ratios})
    return rows


def in_words_of(name: str, kind: str, text: str) -> str:
    """A question as another system is asked it: exact ones translated, any word of the others."""
    return SYSTEMS[name][1](text) if kind in EXACT else others.any_word(text)


def asking(collection: Collection, kind: str) -> Callable[[str], object]:
    """How ours is asked: exact kinds with facets and pages, the others as their verbs ask."""
    if kind in EXACT:
        return lambda text: collection.search(text, limit=10)
    if kind == "plain":
        return lambda text: collection.search(text, limit=10, most=True)
    if kind == "similar":
        return lambda text: without_passages(collection, text)
    return lambda text: collection.similar(text, limit=10)


def without_passages(collection: Collection, text: str) -> object:
    """`similar` as where no sentence model is installed."""
    from casereviews.collection.asking import described_case
    from casereviews.index.similar.finding import find_similar

    case = described_case.described(described_case.plain(text), collection.vocabulary)
    return find_similar(collection.searcher, case, encoder=None, limit=10)


def measured(search: Callable[[str], object], some: Sequence[str], rounds: int) -> Table:
    """Milliseconds that passed and of the processor; `each` has the latest times of every query."""
    first = [timed(search, query) for query in some]
    turns = [[timed(search, query) for query in some] for _ in range(rounds)]
    again = [one for turn in turns for one in turn]
    row: Table = {"queries": len(some), "each": list(zip(*turns, strict=True))}
    for at, name in enumerate(("wall", "cpu")):
        times = [one[at] for one in again]
        row[name] = {
            "p50": statistics.median(times),
            "p95": percentile(times, 95),
            "max": max(times),
            "first p95": percentile([one[at] for one in first], 95),
        }
    row["first question"] = {"wall": first[0][0], "cpu": first[0][1]}
    return row


def medians(each: Sequence[Sequence[tuple[float, float]]], few: int) -> dict[str, float]:
    """The median over the first queries, of what passed and of the processor."""
    times = [one for turns in each[:few] for one in turns]
    return {
        name: statistics.median(one[at] for one in times) for at, name in enumerate(("wall", "cpu"))
    }


def timed(search: Callable[[str], object], query: str) -> tuple[float, float]:
    """Milliseconds of one search: what passed, and of the processor."""
    started, used = time.perf_counter(), time.process_time()
    search(query)
    return (time.perf_counter() - started) * 1000, (time.process_time() - used) * 1000


def percentile(values: Sequence[float], share: int) -> float:
    """The value below which `share` per cent of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share / 100 * (len(ordered) - 1)))]


# ---------------------------------------------------------------- cold


def cold(
    place: Path, asked: Mapping[str, Sequence[str]], beside: Sequence[str], times: int
) -> list[Table]:
    """A row a kind and system: seconds of whole new processes, each with another question, by turns."""
    rows: list[Table] = []
    for kind, some in asked.items():
        turns = [
            {name: spent(command(place, name, kind, text)) for name in ("ours", *beside)}
            for text in some[:times]
        ]
        rows += [{"kind": kind, "system": name, **_cold_row(turns, name)} for name in turns[0]]
    nothing = [{"Python": spent([sys.executable, "-c", "pass"])} for _ in range(times)]
    return [*rows, {"kind": "-", "system": "Python", **_cold_row(nothing, "Python")}]


def command(place: Path, name: str, kind: str, text: str) -> list[str]:
    """The command that asks one question."""
    if name != "ours":
        return [sys.executable, COLD, name, str(place / name), in_words_of(name, kind, text)]
    verb = ["similar", "--text", text] if kind.startswith("similar") else ["search", "--", text]
    program = WITHOUT if kind == "similar" else WITH
    return [sys.executable, "-c", program, "--home", str(place / "home"), *verb]


def _cold_row(turns: Sequence[Mapping[str, tuple[float, float]]], name: str) -> Table:
    row: Table = {"queries": len(turns)}
    ratios = {}
    for at, of in enumerate(("wall", "cpu")):
        times = [turn[name][at] for turn in turns]
        row[of] = {
            "p50": statistics.median(times),
            "p95": percentile(times, 95),
            "max": max(times),
        }
        if "ours" in turns[0] and name != "ours":
            ours = statistics.median(turn["ours"][at] for turn in turns)
            ratios[of] = ours / statistics.median(times)
    return {**row, "ratio": ratios} if ratios else row


def spent(command: Sequence[str]) -> tuple[float, float]:
    """Seconds of a new process: what passed, and of the processor. Raises RuntimeError when it gives no answer."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    with subprocess.Popen(
        command, env=kept, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = code = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if code not in (0, 1) or b"Traceback" in said:  # 1: nothing was found
        raise RuntimeError(f"{' '.join(command)}: {said.decode()}")
    return seconds, used.ru_utime + used.ru_stime


# ---------------------------------------------------------------- the table


def show(rows: Sequence[Mapping[str, Any]], title: str, digits: int) -> None:
    """A row a kind and system; the ratio is ours over theirs."""
    print(
        f"{title:24}{'':8}{'p50':>9}{'p95':>9}{'max':>9}{'cpu p50':>9}{'cpu p95':>9}{'first p95':>11}{'ratio':>8}{'cpu':>8}"
    )
    for row in rows:
        wall, cpu, ratio = row["wall"], row["cpu"], row.get("ratio")
        numbers = (wall["p50"], wall["p95"], wall["max"], cpu["p50"], cpu["p95"])
        line = "".join(f"{one:9.{digits}f}" for one in numbers)
        first = f"{wall['first p95']:11.{digits}f}" if "first p95" in wall else " " * 11
        beside = f"{ratio['wall']:8.2f}{ratio['cpu']:8.2f}" if ratio else ""
        print(f"{row['kind']:24}{row['system']:8}{line}{first}{beside}", flush=True)


if __name__ == "__main__":
    main()
