"""How well a described case finds the right ones: ours beside stock Whoosh and SQLite FTS5, in the same run.

    python -m benchmarks.relevance --queries FILE --cases FILE [--distractors 1000] [--k 10] [--model DIR] [--e5] [--nodes URL...] [--json OUT]
    python -m benchmarks.relevance --queries FILE... --home DIR [--fold dev] [--k 10] [--json OUT]

The cases' facts are short documents (they name nobody) among fictional ones of the same length. `--model` is a folder with model.onnx and
tokenizer.json, `--e5` asks the multilingual model too. Prints nDCG, recall and MRR at K by kind of query, and the difference to stock. `relevance_files` says what the files
must hold. `similar_made/` has fictional cases and queries of that form.
With `--nodes` ours is asked of an index on that cluster too, made for it and removed.
With `--home` the documents are the whole reports of that home, and `search` typed plainly is asked too (`relevance_home`), of the engine that the home's config.toml names;
`whole_reports/` has queries judged over the demo. Of queries that nothing answers it says how many of K reviews come all the same.
"""

from __future__ import annotations

import argparse
import json
import math
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.fictional_cases import fictional_cases
from benchmarks.relevance_files import NotReadable, Query, cases_of, judged_of, queries_of
from benchmarks.relevance_home import by_review, reports_of, similar, typed_plainly
from casereviews.collection.asking.described_case import described
from casereviews.collection.collection import Collection
from casereviews.index.build import build
from casereviews.index.folder import describe_beside
from casereviews.index.search import Searcher, open_index
from casereviews.index.similar.encoders import (
    E5Encoder,
    Encoder,
    OnnxEncoder,
    WordLlamaEncoder,
    has_wordllama,
)
from casereviews.index.similar.finding import find_similar
from casereviews.index.similar.upkeep import keep_up
from casereviews.repository.model import Page, PublishedDocument
from casereviews.repository.sentence_encoder import E5_SMALL
from casereviews.repository.stores import IndexServer
from casereviews.repository.vocabulary import PACKAGED

HOME = "benchmark"
Ranker = Callable[[str], list[str]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run every system over every query and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--queries", type=Path, required=True, nargs="+")
    documents = parser.add_mutually_exclusive_group(required=True)
    documents.add_argument("--cases", type=Path)
    documents.add_argument("--home", type=Path, help="judge over the whole reports of a home")
    folds = ("dev", "final", "third", "fourth", "fifth", "sixth", "all")
    parser.add_argument("--fold", choices=folds, default="dev", help="with --home")
    parser.add_argument("--distractors", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20260301)
    parser.add_argument("--model", type=Path, help="folder of a sentence model (MiniLM)")
    parser.add_argument("--e5", action="store_true", help="multilingual E5 small too")
    parser.add_argument("--nodes", nargs="+", default=(), help="OpenSearch nodes, with --cases")
    parser.add_argument("--k", type=int, default=10, help="depth of the measures")
    parser.add_argument("--json", type=Path, help="write the table there; - prints it instead")
    given = parser.parse_args(arguments)
    if given.k < 1 or given.distractors < 0:
        parser.error("--k is 1 or more, --distractors 0 or more")
    try:
        if given.home:
            told, notes = over_home(given.queries, given.home, given.fold, given.k)
        else:
            told, notes = over_cases(given)
    except (NotReadable, OSError) as error:
        parser.error(str(error))
    if given.json != Path("-"):
        show(told["systems"], told["documents"], given.k)
        for name, count in told.get("given where nothing answers", {}).items():
            print(f"{name:20}{'nothing':10}{count:13.1f} of {given.k} given where nothing answers")
    for count, what in notes:
        if count:
            print(f"{count} {what}", file=sys.stderr)
    if given.json:
        written = json.dumps(told, indent=1)
        print(written) if given.json == Path("-") else given.json.write_text(written, "utf-8")


def over_cases(given: argparse.Namespace) -> tuple[dict[str, Any], list[tuple[int, str]]]:
    """The table over short documents, and what was left out or not found."""
    queries: list[Query] = []
    without = 0
    for file in given.queries:
        found, left_out = queries_of(file)
        queries, without = queries + found, without + left_out
    texts = texts_of(given.cases, given.distractors, given.seed)
    with tempfile.TemporaryDirectory() as folder:
        systems = rankers(texts, Path(folder), given.model, given.k, given.e5, given.nodes)
        table = {name: measured(rank, queries, given.k) for name, rank in systems}
    return told_of(table, texts, queries, given.k), [
        (without, "queries left out: nothing relevant is named"),
        (
            len(unknown(queries, texts)),
            "relevant cases are not among the cases; they count as not found",
        ),
    ]


def over_home(
    files: Sequence[Path], home: Path, fold: str, k: int
) -> tuple[dict[str, Any], list[tuple[int, str]]]:
    """The table over the whole reports of a home, and what was not found."""
    texts = reports_of(home)
    with (
        Collection(home) as collection,
        tempfile.TemporaryDirectory() as folder,
        closing(sqlite3.connect(":memory:")) as database,
    ):
        judged = by_review(judged_of(files, fold), collection)
        queries = [query for query in judged if query.relevant]
        nothing = [query for query in judged if not query.relevant]
        systems = {
            "stock Whoosh (OR)": stock_whoosh(texts, Path(folder, "whoosh"), k),
            "SQLite FTS5 (OR)": fts5(texts, database, k),
            "search, plainly": typed_plainly(collection, k),
            "similar": similar(collection, k),
        }
        table = {name: measured(rank, queries, k) for name, rank in systems.items()}
        told = told_of(table, texts, queries, k)
        told["fold"] = fold
        if nothing:
            told["given where nothing answers"] = {
                name: sum(len(rank(query.text)[:k]) for query in nothing) / len(nothing)
                for name, rank in systems.items()
            }
    return told, [
        (
            len(unknown(queries, texts)),
            "judged reviews are not in the home; they count as not found",
        )
    ]


def told_of(
    table: Mapping[str, Any], texts: Mapping[str, str], queries: Sequence[Query], k: int
) -> dict[str, Any]:
    """What is written as JSON."""
    return {"documents": len(texts), "k": k, "queries": counted(queries), "systems": dict(table)}


def unknown(queries: Sequence[Query], texts: Mapping[str, str]) -> set[str]:
    """Ids that are graded and are not there."""
    return {key for query in queries for key in query.relevant} - texts.keys()


def texts_of(cases: Path, distractors: int, seed: int) -> dict[str, str]:
    """Text of every document by id: the cases, then the crowd."""
    return dict(fictional_cases(distractors, seed)) | cases_of(cases)


def counted(queries: Sequence[Query]) -> dict[str, int]:
    """Queries by kind."""
    return dict(Counter(query.kind for query in queries))


def rankers(
    texts: Mapping[str, str],
    folder: Path,
    model: Path | None,
    k: int,
    with_e5: bool = False,
    nodes: Sequence[str] = (),
) -> Iterator[tuple[str, Ranker]]:
    """The systems by name, each made when it is asked for."""
    yield "stock Whoosh (OR)", stock_whoosh(texts, folder / "whoosh", k)
    with closing(sqlite3.connect(":memory:")) as database:
        yield "SQLite FTS5 (OR)", fts5(texts, database, k)
    documents = [as_document(key, text) for key, text in texts.items()]
    build(folder / "index", HOME, documents, revision=1)
    encoders: list[tuple[str, Encoder | None]] = [("no extras", None)]
    if has_wordllama():
        encoders.append(("wordllama", WordLlamaEncoder()))
    if with_e5:
        encoders.append((E5_SMALL, E5Encoder()))
    if model is not None:
        encoders.append(("MiniLM", OnnxEncoder(model, threads=2)))
    for name, encoder in encoders:
        keep_up(folder / "index", HOME, documents, (), encoder=encoder)
        with open_index(folder / "index", HOME) as searcher:
            yield f"ours, {name}", ours(searcher, encoder, k)
    if nodes:
        with on_cluster(documents, folder / "cluster", nodes) as searcher:
            for name, encoder in encoders:
                keep_up(folder / "cluster", HOME, documents, (), encoder=encoder)
                yield f"cluster, {name}", ours(searcher, encoder, k)


@contextmanager
def on_cluster(
    documents: Sequence[PublishedDocument], folder: Path, nodes: Sequence[str]
) -> Iterator[Searcher]:
    """The documents in an index on a cluster, opened; what compares cases is in the folder."""
    from casereviews.index.opensearch import building, state
    from casereviews.index.opensearch.connection import connect
    from casereviews.index.opensearch.searcher import open_state

    server = IndexServer(tuple(nodes), prefix="relevance", replicas=0, timeout=60.0)
    with closing(connect(server)) as servers:
        built = building.build(servers, HOME, documents, revision=1)
        beside = describe_beside(folder, built)
        try:
            yield open_state(servers, state.current(servers, HOME), beside)
        finally:
            building.remove(servers, HOME)


def as_document(key: str, text: str) -> PublishedDocument:
    """A case as the index takes it: its coded facts are what our own rules read in the text."""
    fields: dict[str, Any] = {
        "title": "Case",
        "source": "benchmark",
        "publisher": "Benchmark",
        "scope": "child",
    }
    fields |= described(text, PACKAGED).facts
    for name in ("outcome", "sex"):
        if name in fields:
            fields[name] = fields[name][0]
    return PublishedDocument(key, key, fields, (Page(1, text),))


def ours(searcher: Searcher, encoder: Encoder | None, k: int) -> Ranker:
    """`similar`, as the command line asks it."""

    def rank(text: str) -> list[str]:
        found = find_similar(
            searcher,
            described(text, PACKAGED),
            encoder=encoder,
            filters={"scope": ["all"]},
            limit=k,
        )
        return [hit.review_id for hit in found.hits]

    return rank


def stock_whoosh(texts: Mapping[str, str], folder: Path, k: int) -> Ranker:
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
        return [hit["id"] for hit in searcher.search(parser.parse(plain), limit=k)]

    return rank


def fts5(texts: Mapping[str, str], database: sqlite3.Connection, k: int) -> Ranker:
    """SQLite's FTS5 with its Porter stemmer, OR, bm25."""
    database.execute(
        "CREATE VIRTUAL TABLE cases USING fts5(id UNINDEXED, text, tokenize='porter unicode61')"
    )
    database.executemany("INSERT INTO cases VALUES (?, ?)", texts.items())

    def rank(text: str) -> list[str]:
        words = "".join(letter if letter.isalnum() else " " for letter in text).split()
        if not words:
            return []
        query = " OR ".join(f'"{word}"' for word in words)
        found = database.execute(
            "SELECT id FROM cases WHERE cases MATCH ? ORDER BY bm25(cases) LIMIT ?", (query, k)
        )
        return [row[0] for row in found]

    return rank


def measured(rank: Ranker, queries: Sequence[Query], k: int) -> dict[str, dict[str, float]]:
    """Means of the measures by kind of query."""
    sums: dict[str, list[tuple[float, float, float]]] = {}
    for query in queries:
        found, relevant = rank(query.text)[:k], query.relevant
        sums.setdefault(query.kind, []).append(
            (ndcg(found, relevant, k), recall(found, relevant), reciprocal(found, relevant))
        )
    names = (f"ndcg@{k}", f"recall@{k}", "mrr")
    return {
        kind: {name: sum(row[at] for row in rows) / len(rows) for at, name in enumerate(names)}
        for kind, rows in sums.items()
    }


def ndcg(found: Sequence[str], relevant: Mapping[str, float], k: int = 10) -> float:
    """Normalised discounted cumulative gain with gains 2^grade - 1."""
    grades = sorted(relevant.values(), reverse=True)[:k]
    return _gain([relevant.get(key, 0) for key in found[:k]]) / _gain(grades)


def _gain(grades: Sequence[float]) -> float:
    total: float = sum((2**grade - 1) / math.log2(at + 2) for at, grade in enumerate(grades))
    return total


def recall(found: Sequence[str], relevant: Mapping[str, float]) -> float:
    """The share of the relevant documents that was found."""
    return len(set(found) & set(relevant)) / len(relevant)


def reciprocal(found: Sequence[str], relevant: Mapping[str, float]) -> float:
    """One over the rank of the first relevant document, 0 when there is none."""
    return next((1 / at for at, key in enumerate(found, 1) if key in relevant), 0.0)


def show(
    table: Mapping[str, Mapping[str, Mapping[str, float]]], documents: int, k: int = 10
) -> None:
    """The table, with differences to stock Whoosh."""
    stock = next(iter(table.values()))
    print(f"{documents} documents")
    heads = (f"nDCG@{k}", f"recall@{k}", "MRR", "nDCG - stock")
    print(f"{'system':20}{'kind':10}" + "".join(f"{head:>13}" for head in heads))
    for name, kinds in table.items():
        for kind, values in kinds.items():
            over = values[f"ndcg@{k}"] - stock[kind][f"ndcg@{k}"]
            figures = "".join(f"{value:13.3f}" for value in values.values())
            print(f"{name:20}{kind:10}{figures}{over:+13.3f}")


if __name__ == "__main__":
    main()
