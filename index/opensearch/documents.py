"""Documents as a cluster keeps them: made here once, from what our analysis and positions say of them.

What is only read back (rows, pages) is kept as JSON in a text of plain letters: it comes back letter by letter, whatever is between
here and there.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from casereviews.index.analysis import BEGINNING, CASED, kin
from casereviews.index.fields import COLUMNS
from casereviews.index.opensearch.mapping import (
    COLUMNS_KEPT,
    DOCUMENTS,
    FAMILIES,
    LONGEST,
    PAGES,
    PLACES,
    WEIGHTS,
    WORDS,
    bucket_field,
    column_field,
    zone_field,
)
from casereviews.index.opensearch.places import packed
from casereviews.index.positions import BODY, WINDOWS, Positioned, position
from casereviews.index.storage.columns import make_columns, values_of
from casereviews.index.storage.segment_builder import digest_of, layout_of
from casereviews.index.storage.store import StoredDocument
from casereviews.repository.model import PublishedDocument

DOCUMENTS_COLUMN = "document"
_SECTION = "section:"
_NO_WORDS = (CASED, BEGINNING)
_kin = lru_cache(maxsize=500_000)(kin)
_LONGEST_ID = 500  # bytes; a cluster takes 512


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing to keep: in which index (by its name without prefix), by which id, routed by what, and its source."""

    index: str
    id: str
    routing: str | None
    source: dict[str, Any]

    def action(self, name: str) -> dict[str, Any]:
        """It, for `opensearchpy.helpers.bulk`; `name` is the index's."""
        action = {"_op_type": "index", "_index": name, "_id": self.id, "_source": self.source}
        return action if self.routing is None else {**action, "routing": self.routing}


@dataclass(frozen=True, slots=True)
class Taken:
    """A document taken to what is kept of it: `row` is what columns are made of, `words` what the lexicon must have."""

    row: StoredDocument
    words: frozenset[str]
    kept: tuple[Kept, ...]


def taken(number: int, document: PublishedDocument) -> Taken:
    """A document and its pages under a number that was never used."""
    positioned = position(document)
    layout = layout_of(positioned)
    row = StoredDocument(
        number, document.document_id, document.review_id, dict(document.fields), layout
    )
    words = frozenset(filter(_is_word, positioned.terms))
    return Taken(row, words, (_document(row, document, positioned), *_pages(number, document)))


def words_of(document: PublishedDocument) -> frozenset[str]:
    """The words of a document that the lexicon has."""
    return frozenset(filter(_is_word, position(document).terms))


def _is_word(term: str) -> bool:
    return not term.startswith(_NO_WORDS) and " " not in term


def key(term: str) -> str:
    """A term as it is sent: common words side by side joined by a stroke that no word has, a monstrous one by its digest."""
    if len(term) > LONGEST:
        return "_" + hashlib.blake2b(term.encode("utf-8", "surrogatepass")).hexdigest()
    return term.replace(" ", "_")


# ---------------------------------------------------------------- documents and pages


def _document(row: StoredDocument, document: PublishedDocument, positioned: Positioned) -> Kept:
    weights = positioned.weights
    families: defaultdict[str, int] = defaultdict(int)
    placed: dict[str, Sequence[int]] = {}
    for term, places in positioned.terms.items():
        if _is_word(term):
            families[_kin(term)] += weights[term]
            placed[key(term)] = places
    line = _Line(placed)
    source: dict[str, Any] = {
        "n": row.n,
        "id": row.document_id,
        "review": row.review_id,
        "digest": digest_of(document).hex(),
        "row": json.dumps([row.document_id, row.review_id, row.fields, row.layout]),
        "parts": json.dumps(
            {
                "sections": [asdict(section) for section in document.sections],
                "recommendations": [asdict(advice) for advice in document.recommendations],
            }
        ),
        WEIGHTS: _weighed(weights),
        FAMILIES: _weighed(families),
        PLACES: line.all(),
    }
    for zone, (start, end) in WINDOWS.items():
        source[zone_field(zone)] = line.within([(start, end)])
    for zone, ranges in positioned.sections.items():
        source[zone_field(zone)] = line.within(ranges)
    for column in COLUMNS:
        source[column_field(column.query)] = list(values_of(row.fields.get(column.published)))
    with_places = {term: places for term, places in positioned.terms.items() if _has_places(term)}
    for at, data in packed(with_places).items():
        source[bucket_field(at)] = base64.b64encode(data).decode("ascii")
    return Kept(DOCUMENTS, str(row.n), row.review_id, {k: v for k, v in source.items() if v != []})


def _has_places(term: str) -> bool:
    return " " not in term and not term.startswith(BEGINNING)


def _weighed(weights: Mapping[str, int]) -> str:
    return " ".join(f"{key(term)}|{weight}" for term, weight in weights.items())


class _Line:
    """The words of a document by their places, cut into values wherever the next one is not side by side."""

    def __init__(self, placed: Mapping[str, Sequence[int]]) -> None:
        end = max((places[-1] + 1 for places in placed.values()), default=0)
        self._words: list[str | None] = [None] * end
        for word, places in placed.items():
            for place in places:
                self._words[place] = word

    def all(self) -> list[str]:
        """The values of the whole line."""
        return self.within([(0, BODY), (BODY, len(self._words))])

    def within(self, ranges: Iterable[tuple[int, int]]) -> list[str]:
        """The values of each range. Between two the cluster puts as wide a gap as stands between them here, or a wider one."""
        values: list[str] = []
        for start, end in ranges:
            for there, words in groupby(self._words[start:end], key=bool):
                if there:
                    values.append(" ".join(filter(None, words)))
        return values


def _pages(number: int, document: PublishedDocument) -> Iterator[Kept]:
    for at, page in enumerate(document.pages):
        source = {"n": number, "at": at, "page": json.dumps([page.number, page.label, page.text])}
        yield Kept(PAGES, page_id(number, at), document.review_id, source)


def page_id(number: int, at: int) -> str:
    """The id of a page, by its document's number and its index there."""
    return f"{number}-{at}"


# ---------------------------------------------------------------- words and columns


def word(form: str) -> Kept:
    """A word of the lexicon."""
    source = {
        "form": form,
        "begins": form[:LONGEST],
        "kin": kin(form)[:LONGEST],
        "tail": form[::-1][:LONGEST],
    }
    return Kept(WORDS, word_id(form), None, source)


def word_id(form: str) -> str:
    """The id of a word of the lexicon: itself, where it is not too long."""
    data = form.encode("utf-8", "surrogatepass")
    return form if len(data) <= _LONGEST_ID else f"_{hashlib.blake2b(data).hexdigest()}"


def columns(
    rows: Iterable[StoredDocument],
    version: str,
    before: Mapping[str, tuple[Any, bytes]] | None = None,
) -> Iterator[Kept]:
    """The columns of a state, named by its version. With those from `before`, the rows are added to them; without, they are all.

    Beside those of a folder there is one of all documents, with the id and the review of each by its number. Ranges of sections are not
    among them: a document's row has its own.
    """
    rows = list(rows)
    known = dict(before[DOCUMENTS_COLUMN][0]) if before else {}
    known |= {str(row.n): (row.document_id, row.review_id) for row in rows}
    yield _column(version, DOCUMENTS_COLUMN, json.dumps(known), b"")
    for name, dictionary, data in make_columns(rows, before):
        if not name.startswith(_SECTION):
            yield _column(version, name, dictionary, data)


def _column(version: str, name: str, dictionary: str, data: bytes) -> Kept:
    source = {"dictionary": dictionary, "data": base64.b64encode(data).decode("ascii")}
    return Kept(COLUMNS_KEPT, column_id(version, name), None, source)


def column_id(version: str, name: str) -> str:
    """The id of a column of a state."""
    return f"{version}.{name}"
