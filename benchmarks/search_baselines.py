"""What the search benchmark stands beside: stock Whoosh, SQLite FTS5, and tantivy where it is installed."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from casereviews.repository.model import PublishedDocument

Search = Callable[[str], int]


def text_of(document: PublishedDocument) -> str:
    """All pages of a document."""
    return "\n".join(page.text for page in document.pages)


def stock_whoosh(documents: Sequence[PublishedDocument], folder: Path) -> Search:
    """Whoosh with its stemming analyser, stored text and its own highlights."""
    from whoosh import analysis, fields, index, qparser

    folder.mkdir(parents=True)
    schema = fields.Schema(
        id=fields.ID(stored=True), text=fields.TEXT(analysis.StemmingAnalyzer(), stored=True)
    )
    made = index.create_in(str(folder), schema)
    writer = made.writer(limitmb=256)
    for document in documents:
        writer.add_document(id=document.document_id, text=text_of(document))
    writer.commit()
    searcher = made.searcher()
    parser = qparser.QueryParser("text", schema)

    def search(query: str) -> int:
        found = searcher.search(parser.parse(query), limit=10)
        for hit in found:
            hit.highlights("text", top=1)
        return len(found)

    return search


def fts5(documents: Sequence[PublishedDocument], folder: Path) -> Search:
    """SQLite FTS5 with its Porter stemmer, bm25, snippets and a count."""
    folder.mkdir(parents=True)
    database = sqlite3.connect(folder / "fts.db")
    database.execute(
        "CREATE VIRTUAL TABLE t USING fts5(id UNINDEXED, text, tokenize='porter unicode61')"
    )
    database.executemany(
        "INSERT INTO t VALUES (?, ?)", ((each.document_id, text_of(each)) for each in documents)
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
