"""How well a described case finds the right ones: ours beside stock Whoosh and SQLite FTS5, in the same run.

    python -m benchmarks.relevance --queries FILE --cases FILE [--distractors 1000] [--model DIR] [--json OUT]

The cases' facts are short documents (they name nobody) among fictional ones of the same length. `--model` is a folder with model.onnx and
tokenizer.json. Prints nDCG@10, recall@10 and MRR by kind of query, and the difference to stock.
"""

from __future__ import annotations

import argparse
import json
import math
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.fictional_cases import fictional_cases
from index.build import build
from index.search import open_index
from index.similar.agreement import facts_of
from index.similar.encoders import Encoder, OnnxEncoder, WordLlamaEncoder, has_wordllama
from index.similar.finding import find_similar
from index.similar.upkeep import keep_up
from repository.model import Page, PublishedDocument
from search_cli.commands.similar import described

HOME = "benchmark"
Ranker = Callable[[str], list[str]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run every system over every query and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=Path, required=True)
    parser.add_argument("--cases", type=Path, required=True)
    parser.add_argument("--distractors", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20260301)
    parser.add_argument("--model", type=Path, help="folder of a sentence model (MiniLM)")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args(arguments)
    queries = [json.loads(line) for line in given.queries.read_text("utf-8").splitlines() if line]
    texts = dict(texts_of(given.cases, given.distractors, given.seed))
    with tempfile.TemporaryDirectory() as folder:
        systems = dict(rankers(texts, Path(folder), given.model))
        table = {name: measured(rank, queries) for name, rank in systems.items()}
    show(table, len(texts))
    if given.json:
        given.json.write_text(json.dumps(table, indent=1), "utf-8")


def texts_of(cases: Path, distractors: int, seed: int) -> Iterator[tuple[str, str]]:
    """(id, text) of every document: the cases, then the crowd."""
    for line in cases.read_text("utf-8").splitlines():
        if line:
            case = json.loads(line)
            yield case["case_id"], case["facts"]
    yield from fictional_cases(distractors, seed)


def rankers(
    texts: Mapping[str, str], folder: Path, model: Path | None
) -> Iterator[tuple[str, Ranker]]:
    """The systems by name."""
    yield "stock Whoosh (OR)", stock_whoosh(texts, folder / "whoosh")
    yield "SQLite FTS5 (OR)", fts5(texts)
    documents = [as_document(key, text) for key, text in texts.items()]
    build(folder / "index", HOME, documents, revision=1)
    yield "ours, no extras", ours(folder / "index", documents, None)
    if has_wordllama():
        yield "ours, wordllama", ours(folder / "index", documents, WordLlamaEncoder())
    if model is not None:
        yield "ours, MiniLM", ours(folder / "index", documents, OnnxEncoder(model, threads=2))


def as_document(key: str, text: str) -> PublishedDocument:
    """A case as the index takes it: its coded facts are what our own rules read in the text."""
    fields: dict[str, Any] = {
        "title": "Case",
        "source": "benchmark",
        "publisher": "Benchmark",
        "scope": "child",
    }
    fields |= described(text).facts
    for name in ("outcome", "sex"):
        if name in fields:
            fields[name] = fields[name][0]
    return PublishedDocument(key, key, fields, (Page(1, text),))


def ours(index: Path, documents: Sequence[PublishedDocument], encoder: Encoder | None) -> Ranker:
    """`similar`, as the command line asks it."""
    keep_up(index, HOME, documents, (), encoder=encoder)
    searcher = open_index(index, HOME)

    def rank(text: str) -> list[str]:
        found = find_similar(searcher, described(text), encoder=encoder, filters={"scope": ["all"]})
        return [hit.review_id for hit in found.hits]

    assert facts_of({}) == {}
    return rank


def stock_whoosh(texts: Mapping[str, str], folder: Path) -> Ranker:
    """Whoosh as its documentation shows it: stemming analyser, OR group, BM25F."""
    from whoosh import analysis, fields, index, qparser

    folder.mkdir(parents=True)
    schema = fields.Schema(id=fields.ID(stored=True), text=fields.TEXT(analysis.StemmingAnalyzer()))
    made = index.create_in(str(folder), schema)
    writer = made.writer()
    for key, text in texts.items():
        writer.add_document(id=key, text=text)
    writer.commit()
    searcher = made.searcher()
    parser = qparser.QueryParser("text", schema, group=qparser.OrGroup)

    def rank(text: str) -> list[str]:
        plain = "".join(letter if letter.isalnum() else " " for letter in text)
        return [hit["id"] for hit in searcher.search(parser.parse(plain), limit=10)]

    return rank


def fts5(texts: Mapping[str, str]) -> Ranker:
    """SQLite's FTS5 with its Porter stemmer, OR, bm25."""
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE cases USING fts5(id UNINDEXED, text, tokenize='porter unicode61')"
    )
    database.executemany("INSERT INTO cases VALUES (?, ?)", texts.items())

    def rank(text: str) -> list[str]:
        words = "".join(letter if letter.isalnum() else " " for letter in text).split()
        query = " OR ".join(f'"{word}"' for word in words)
        found = database.execute(
            "SELECT id FROM cases WHERE cases MATCH ? ORDER BY bm25(cases) LIMIT 10", (query,)
        )
        return [row[0] for row in found]

    return rank


def measured(rank: Ranker, queries: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """Means of the measures by kind of query."""
    sums: dict[str, list[tuple[float, float, float]]] = {}
    for query in queries:
        found = rank(query["text"])
        relevant = query["relevant"]
        sums.setdefault(query["kind"], []).append(
            (ndcg(found, relevant), recall(found, relevant), reciprocal(found, relevant))
        )
    names = ("ndcg@10", "recall@10", "mrr")
    return {
        kind: {name: sum(row[at] for row in rows) / len(rows) for at, name in enumerate(names)}
        for kind, rows in sums.items()
    }


def ndcg(found: Sequence[str], relevant: Mapping[str, int], depth: int = 10) -> float:
    """Normalised discounted cumulative gain with gains 2^grade - 1."""
    gained = sum(
        (2 ** relevant.get(key, 0) - 1) / math.log2(at + 2) for at, key in enumerate(found[:depth])
    )
    grades = sorted(relevant.values(), reverse=True)[:depth]
    return gained / sum((2**grade - 1) / math.log2(at + 2) for at, grade in enumerate(grades))


def recall(found: Sequence[str], relevant: Mapping[str, int]) -> float:
    """The share of the relevant documents among the first ten."""
    return len(set(found[:10]) & set(relevant)) / len(relevant)


def reciprocal(found: Sequence[str], relevant: Mapping[str, int]) -> float:
    """One over the rank of the first relevant document, 0 when there is none."""
    return next((1 / at for at, key in enumerate(found, 1) if key in relevant), 0.0)


def show(table: Mapping[str, Mapping[str, Mapping[str, float]]], documents: int) -> None:
    """The table, with differences to stock Whoosh."""
    stock = next(iter(table.values()))
    print(f"{documents} documents")
    print(f"{'system':22}{'kind':8}{'nDCG@10':>9}{'recall@10':>11}{'MRR':>7}{'nDCG - stock':>14}")
    for name, kinds in table.items():
        for kind, values in kinds.items():
            over = values["ndcg@10"] - stock[kind]["ndcg@10"]
            print(
                f"{name:22}{kind:8}{values['ndcg@10']:9.3f}{values['recall@10']:11.3f}{values['mrr']:7.3f}{over:+14.3f}"
            )


if __name__ == "__main__":
    main()
