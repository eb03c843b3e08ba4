"""What the search benchmark stands beside: stock Whoosh, SQLite FTS5, and tantivy where it is installed."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from casereviews.repository.model import PublishedDocument

Search = Callable[[str], int]


FIELDS = {
    "nation": "nation",
    "type": "review_type",
    "theme": "themes",
    "age": "age_bands",
    "outcome": "outcome",
    "year": "year",
}
NEAR = re.compile(r"(.+) NEAR/(\d+) (.+)")
TOKEN = re.compile(r'"[^"]*"|\S+')
CODED = ("nation", "review_type", "themes", "age_bands", "outcome")


def coded_of(document: PublishedDocument) -> dict[str, Any]:
    """The coded facts that filters ask for, several as words of a line, and the year."""
    fields = document.fields
    coded = {
        name: " ".join(value) if isinstance(value, tuple) else str(value or "")
        for name in CODED
        for value in (fields.get(name),)
    }
    return {**coded, "year": fields["year"]}


def text_of(document: PublishedDocument) -> str:
    """All pages of a document."""
    return "\n".join(page.text for page in document.pages)


def stock_whoosh(documents: Sequence[PublishedDocument], folder: Path) -> Search:
    """Whoosh with its stemming analyser, stored text and its own highlights."""
    make_whoosh(documents, folder)
    return open_whoosh(folder)


def make_whoosh(documents: Iterable[PublishedDocument], folder: Path) -> None:
    """An index of Whoosh's own in a folder."""
    from whoosh import analysis, fields, index

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    coded = {name: fields.KEYWORD() for name in CODED}
    schema = fields.Schema(
        id=fields.ID(stored=True),
        text=fields.TEXT(analysis.StemmingAnalyzer(), stored=True),
        year=fields.NUMERIC(),
        **coded,
    )
    writer = index.create_in(str(folder), schema).writer(limitmb=256)
    for document in documents:
        writer.add_document(id=document.document_id, text=text_of(document), **coded_of(document))
    writer.commit()


def open_whoosh(folder: Path) -> Search:
    """A search of that index with ten highlights; `ONE NEAR/5 OTHER` is read as ours."""
    from whoosh import index, qparser
    from whoosh.query.spans import SpanNear2

    made = index.open_dir(str(folder))
    searcher = made.searcher()
    parser = qparser.QueryParser("text", made.schema)

    def parsed(query: str) -> Any:
        near = NEAR.fullmatch(query)
        if near is None:
            return parser.parse(query)
        sides = [parser.parse(near[1]), parser.parse(near[3])]
        return SpanNear2(sides, slop=int(near[2]), ordered=False)

    def search(query: str) -> int:
        found = searcher.search(parsed(query), limit=10)
        for hit in found:
            hit.highlights("text", top=1)
        return len(found)

    return search


def for_whoosh(query: str) -> str:
    """One of our queries in its words: names of fields, ranges."""
    words = []
    for token in TOKEN.findall(query):
        name, colon, value = token.partition(":")
        if colon and name in FIELDS:
            token = f"{FIELDS[name]}:{value}"
            if name == "year":
                token = "year:[{} TO {}]".format(*value.split(".."))
        words.append(token)
    return " ".join(words)


def for_fts5(query: str) -> str:
    """One of our queries in its words: NEAR before its words, once for each of the alternatives; filters as conditions, after a bar."""
    near = NEAR.fullmatch(query)
    if near is not None:
        sides = [side.strip("()").split(" OR ") for side in (near[1], near[3])]
        return " OR ".join(
            f"NEAR({one} {other}, {near[2]})" for one in sides[0] for other in sides[1]
        )
    words, conditions = [], []
    for token in TOKEN.findall(query):
        name, colon, value = token.partition(":")
        if not colon or name not in FIELDS:
            words.append(token)
        elif name == "year":
            conditions.append("year BETWEEN {} AND {}".format(*value.split("..")))
        else:
            conditions.append(f"' ' || {FIELDS[name]} || ' ' LIKE '% {value} %'")
    return " ".join(words) + (f" | {' AND '.join(conditions)}" if conditions else "")


def any_word(text: str) -> str:
    """A question or a described case as both take it: any of its words."""
    words = dict.fromkeys(re.findall(r"[a-z0-9]+", text.lower()))
    return " OR ".join(f'"{word}"' for word in words)


def fts5(documents: Sequence[PublishedDocument], folder: Path) -> Search:
    """SQLite FTS5 with its Porter stemmer, bm25, snippets and a count."""
    make_fts5(documents, folder)
    return open_fts5(folder)


def make_fts5(documents: Iterable[PublishedDocument], folder: Path) -> None:
    """A database of FTS5 in a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with closing(sqlite3.connect(folder / "fts.db")) as database:
        columns = ("id", "year", *CODED)
        database.execute(
            f"CREATE VIRTUAL TABLE t USING fts5({', '.join(f'{one} UNINDEXED' for one in columns)}, text,"
            " tokenize='porter unicode61')"
        )
        for document in documents:
            coded = coded_of(document)
            values = (document.document_id, *(coded[one] for one in columns[1:]), text_of(document))
            database.execute(f"INSERT INTO t VALUES ({', '.join('?' * len(values))})", values)
        database.commit()


def open_fts5(folder: Path) -> Search:
    """A search of that database; what follows a bar in the query is a condition on its columns."""
    database = sqlite3.connect(folder / "fts.db")
    snippet = f"snippet(t, {2 + len(CODED)}, '[', ']', '…', 24)"

    def search(query: str) -> int:
        match, _, where = query.partition(" | ")
        asked = "t MATCH ?" + (f" AND {where}" if where else "")
        rows = database.execute(
            f"SELECT id, {snippet} FROM t WHERE {asked} ORDER BY bm25(t) LIMIT 10", (match,)
        ).fetchall()
        database.execute(f"SELECT COUNT(*) FROM t WHERE {asked}", (match,)).fetchone()
        return len(rows)

    return search


def tantivy(documents: Sequence[PublishedDocument], folder: Path) -> Search:
    """Tantivy (Rust) with its English stemmer and snippets: about the limit of what a machine gives."""
    import tantivy

    folder.mkdir(parents=True)
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("text", stored=True, tokenizer_name="en_stem")
    schema = builder.build()
    made = tantivy.Index(schema, path=str(folder))
    writer = made.writer(256_000_000, 2)
    for document in documents:
        writer.add_document(tantivy.Document(id=document.document_id, text=text_of(document)))
    writer.commit()
    writer.wait_merging_threads()
    made.reload()
    searcher = made.searcher()

    def search(query: str) -> int:
        parsed = made.parse_query(query, ["text"], conjunction_by_default=True)
        found = searcher.search(parsed, 10, count=True)
        snippets = tantivy.SnippetGenerator.create(searcher, parsed, schema, "text")
        for _, address in found.hits:
            snippets.snippet_from_doc(searcher.doc(address)).to_html()
        return int(found.count)

    return search
