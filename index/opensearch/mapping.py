"""What a cluster keeps of a home: four indexes, their fields, and a digest that tells whether they are of this version.

    documents   one a document, by its number: words to find and to weigh, the values of its columns, its row
    pages       one a page, `NUMBER-AT`: its number, label and text
    words       one a word of the collection: the lexicon
    columns     one a column and version: what filters, facets, sorting and grouping read, as `casereviews.index.storage.columns` makes it

Words come cut, folded and weighed (`casereviews.index.positions`) and are only split at blanks there: no second analysis has to be
kept equal to ours. Numbers are never used twice, and a document counts while the `live` column of the state that is searched has
its number: what was added for a later state, or is still to be deleted, is not seen.
"""

from __future__ import annotations

from typing import Any

from casereviews.index.fields import COLUMNS, SECTIONS, TABLE
from casereviews.index.positions import GAP, WEIGHT_UNIT, WINDOWS
from casereviews.index.query.engine import K1, B
from casereviews.repository.fields import digest_of

ENGINE = "opensearch"
SCHEMA = 1
DOCUMENTS, PAGES, WORDS, COLUMNS_KEPT = "documents", "pages", "words", "columns"

WEIGHTS, FAMILIES, PLACES = "w", "k", "p"
"""Of documents: each term with what it weighs, each family of forms with what they weigh together, all words in their places."""
BUCKETS = 32
"""Stored fields over which the places of a document's words are spread, so that those of a few words are read without the others."""

AS_ONE = "as_one"
"""The analyzer of several words of a question that count as one."""
MOST = 1_000_000
"""Documents that one question may give: all there are, and many more than one machine holds."""
LONGEST = 1_000
"""Letters of the longest word that is sent as it is; Lucene refuses terms of more than 32,766 bytes."""


def zone_field(zone: str) -> str:
    """The field that has the words of a title, a section..."""
    return f"z_{zone}"


def column_field(name: str) -> str:
    """The field that has the values of a column, by its name in queries."""
    return f"c_{name}"


def bucket_field(bucket: int) -> str:
    """A stored field of places (`casereviews.index.opensearch.places`)."""
    return f"b{bucket:02}"


ZONES = (*WINDOWS, *SECTIONS)
_WEIGHED = {
    "type": "text",
    "analyzer": "weighed",
    "search_analyzer": "blanks",
    "index_options": "freqs",
    "similarity": "weighed",
}
_PLACED = {"type": "text", "analyzer": "blanks", "position_increment_gap": GAP}


def _documents() -> dict[str, Any]:
    searched: dict[str, Any] = {
        WEIGHTS: _WEIGHED,
        FAMILIES: _WEIGHED,
        PLACES: {**_PLACED, "similarity": "placed"},
        **{zone_field(zone): {**_PLACED, "similarity": "of_zones"} for zone in ZONES},
        **{column_field(column.query): {"type": "keyword"} for column in COLUMNS},
        **{bucket_field(at): {"type": "binary", "store": True} for at in range(BUCKETS)},
    }
    return {
        "dynamic": False,
        "_source": {"excludes": list(searched)},
        "properties": {
            "n": {"type": "integer"},
            "id": {"type": "keyword"},
            "review": {"type": "keyword"},
            **searched,
        },
    }


_PAGES = {"dynamic": False, "properties": {"n": {"type": "integer"}, "at": {"type": "integer"}}}
_WORDS = {
    "dynamic": False,
    "_source": {"includes": ["form"]},
    "properties": {name: {"type": "keyword"} for name in ("begins", "kin", "tail")},
}
_COLUMNS = {"enabled": False}

# Weights are whole quarters (`casereviews.index.positions`), so that saturation begins as much later.
_ANALYSIS = {
    "analysis": {
        "tokenizer": {"blanks": {"type": "whitespace", "max_token_length": 2 * LONGEST}},
        "filter": {
            "weights": {"type": "delimited_term_freq", "delimiter": "|"},
            "each": {
                "type": "pattern_capture",
                "patterns": ["([^ ]+)"],
                "preserve_original": False,
            },
        },
        "analyzer": {
            "blanks": {"type": "custom", "tokenizer": "blanks"},
            "weighed": {"type": "custom", "tokenizer": "blanks", "filter": ["weights"]},
            # Of a question: all its words in one place, which the cluster takes as one word.
            AS_ONE: {"type": "custom", "tokenizer": "keyword", "filter": ["each"]},
        },
    },
    "similarity": {
        "weighed": {"type": "BM25", "k1": K1 * WEIGHT_UNIT, "b": B},
        "placed": {"type": "BM25", "k1": K1, "b": B},
        "of_zones": {"type": "BM25", "k1": K1, "b": 0.0},
    },
}
_EACH: dict[str, Any] = {
    "max_result_window": MOST,
    "max_terms_count": MOST,
    "refresh_interval": -1,  # a night's changes are seen when the state says so
}


def indexes(*, shards: int = 1, replicas: int = 1) -> dict[str, dict[str, Any]]:
    """What to create each index with, by its name without prefix. `shards` are those of documents and pages, which are routed by review."""
    settings = {**_EACH, "number_of_replicas": replicas}
    parted = {**settings, "number_of_shards": shards}
    whole = {**settings, "number_of_shards": 1}
    return {
        DOCUMENTS: {"settings": {**parted, **_ANALYSIS}, "mappings": _documents()},
        PAGES: {"settings": parted, "mappings": _PAGES},
        WORDS: {"settings": whole, "mappings": _WORDS},
        COLUMNS_KEPT: {"settings": whole, "mappings": _COLUMNS},
    }


def made_with() -> str:
    """A digest of what a cluster's indexes are made of beside their documents: another one must be built anew."""
    made = indexes()
    return digest_of(
        (SCHEMA, TABLE, [(name, made[name]["mappings"]) for name in sorted(made)], _ANALYSIS)
    )
