"""What is read back from a cluster: rows and pages of documents, and columns; what will be asked for is fetched together."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from casereviews.index.errors import IndexChanged
from casereviews.index.opensearch.connection import Answer, Servers
from casereviews.index.opensearch.documents import DOCUMENTS_COLUMN, column_id, page_id
from casereviews.index.opensearch.mapping import COLUMNS_KEPT, DOCUMENTS, MOST, PAGES
from casereviews.index.storage.store import StoredDocument
from casereviews.repository.model import Page, PublishedDocument, Recommendation, Section

_AT_ONCE = 500  # documents whose rows are fetched by one request
_KEPT = 5_000  # rows, and pages, that are kept of those that were read


@dataclass(frozen=True, slots=True)
class View:
    """One state of the index on a cluster: the real `names` of its indexes, the `version` of its columns."""

    servers: Servers
    names: Mapping[str, str]
    version: str
    # Asks the same copies each time, so that equal questions are ranked alike; each view others, so that all copies work.
    preference: str = field(default_factory=lambda: secrets.token_hex(8))

    def search(self, index: str, body: Mapping[str, object], *, only: str = "") -> Answer:
        """The whole answer of a search; `only` names the parts of it that are sent."""
        wanted: dict[str, object] = {"preference": self.preference}
        if only:
            wanted["filter_path"] = f"took,timed_out,_shards,{only}"
        return self.servers.search(self.names[index], body, wait=None, **wanted)

    def numbers(self, query: Mapping[str, object]) -> dict[int, float]:
        """The numbers of the documents that a query finds, each with its score."""
        body = {**_BARE, "query": query, "sort": ["_score", "n"]}
        params = {
            "preference": self.preference,
            "search_type": "dfs_query_then_fetch",  # how rare a word is, over all parts of the index
            "filter_path": "took,timed_out,_shards,hits.hits.sort",
        }
        return _scores(self.servers.search(self.names[DOCUMENTS], body, wait=None, **params))

    def having(self, query: Mapping[str, object]) -> frozenset[int]:
        """The numbers of the documents that a query finds."""
        return next(self.having_each([query]))

    def having_each(self, queries: Iterable[Mapping[str, object]]) -> Iterator[frozenset[int]]:
        """The numbers of the documents that each query finds, all asked at once."""
        lines: list[Mapping[str, object]] = []
        within = {"timeout": f"{int(self.servers.server.timeout * 900)}ms"}
        for query in queries:
            lines.append({"preference": self.preference, "allow_partial_search_results": False})
            lines.append({**_BARE, **within, "query": _filter(query), "sort": ["n"]})
        if not lines:
            return
        said = self.servers.ask(
            "POST",
            f"/{self.names[DOCUMENTS]}/_msearch",
            lines,
            params={
                "filter_path": "took,responses.timed_out,responses._shards,responses.error,responses.hits.hits.sort"
            },
        )
        for one in said["responses"]:
            yield frozenset(hit["sort"][0] for hit in one.get("hits", {}).get("hits", ()))

    def sources(
        self, index: str, ids: Iterable[tuple[str, str | None]], *parts: str
    ) -> dict[str, dict[str, Any]]:
        """The sources of what is there of these ids (each with its routing), or those `parts` of them."""
        docs = [
            {"_id": one, **({"routing": routing} if routing is not None else {})}
            for one, routing in ids
        ]
        if not docs:
            return {}
        params: dict[str, object] = {"realtime": False, "preference": self.preference}
        if parts:
            params["_source_includes"] = ",".join(parts)
        said = self.servers.ask(
            "POST", f"/{self.names[index]}/_mget", {"docs": docs}, params=params
        )
        for one in said["docs"]:
            if "error" in one:
                raise IndexChanged("the index was changed while it was read: ask again")
        return {one["_id"]: one["_source"] for one in said["docs"] if one.get("found")}


_BARE = {"size": MOST, "_source": False, "stored_fields": "_none_", "track_total_hits": False}


def _filter(query: Mapping[str, object]) -> dict[str, object]:
    return {"bool": {"filter": [query]}}


def _scores(said: Answer) -> dict[int, float]:
    return {
        number: score
        for score, number in (one["sort"] for one in said.get("hits", {}).get("hits", ()))
    }


class ClusterStore:
    """What a store has, of one state of a cluster. `expect` and `expect_pages` say what is asked for next."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._rows: dict[int, StoredDocument | None] = {}
        self._read: dict[tuple[int, int], Page | None] = {}

    # ---------------------------------------------------------------- columns

    def column(self, name: str) -> tuple[Any, bytes] | None:
        """A column's dictionary and data; None when the index has none of this name."""
        one = column_id(self.view.version, name)
        found = self.view.sources(COLUMNS_KEPT, [(one, None)]).get(one)
        if found is None:
            return None
        return json.loads(found["dictionary"]), base64.b64decode(found["data"])

    @cached_property
    def _documents(self) -> dict[int, tuple[str, str]]:
        """Id and review of every document, by number."""
        found = self.column(DOCUMENTS_COLUMN)
        if found is None:
            raise IndexChanged("the index was changed while it was opened: search again")
        return {int(n): (one, review) for n, (one, review) in sorted(found[0].items(), key=_number)}

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {document_id: number for number, document_id in self.ids()}

    @cached_property
    def _of_review(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for document_id, review_id in self._documents.values():
            found.setdefault(review_id, []).append(document_id)
        return found

    def ids(self) -> Iterator[tuple[int, str]]:
        """Number and id of every document, in order of number."""
        for number, (document_id, _) in self._documents.items():
            yield number, document_id

    def shown_ids(self) -> set[str]:
        """Ids of all reviews and documents."""
        return {one for both in self._documents.values() for one in both}

    def number_of(self, document_id: str) -> int | None:
        """A document's number, None when it is not here."""
        return self._numbers.get(document_id)

    def documents_of(self, review_id: str) -> list[str]:
        """Ids of a review's documents, in order of number."""
        return list(self._of_review.get(review_id, ()))

    def count(self) -> int:
        """How many documents there are."""
        return len(self._documents)

    # ---------------------------------------------------------------- rows

    def expect(self, numbers: Iterable[int]) -> None:
        """Fetch the rows of documents that will be asked for."""
        wanted = [n for n in dict.fromkeys(numbers) if n not in self._rows]
        if len(self._rows) + len(wanted) > _KEPT:
            self._rows.clear()
        for first in range(0, len(wanted), _AT_ONCE):
            some = wanted[first : first + _AT_ONCE]
            ids = [(str(n), self._documents[n][1]) for n in some if n in self._documents]
            found = self.view.sources(DOCUMENTS, ids, "row")
            for n in some:
                row = found.get(str(n))
                self._rows[n] = None if row is None else stored(n, row["row"])

    def document(self, number: int) -> StoredDocument | None:
        """A document's row, None when it is not here any more."""
        self.expect([number])
        return self._rows[number]

    def documents(self) -> Iterator[StoredDocument]:
        """Every document, in order of number."""
        numbers = list(self._documents)
        for first in range(0, len(numbers), _AT_ONCE):
            some = numbers[first : first + _AT_ONCE]
            self.expect(some)
            yield from (row for n in some if (row := self._rows[n]) is not None)

    def indexed_document(self, number: int) -> PublishedDocument | None:
        """The document as it was given to the index; of its pages number, label and text."""
        row = self.document(number)
        if row is None:
            return None
        found = self.view.sources(DOCUMENTS, [(str(number), row.review_id)], "parts")
        if str(number) not in found:
            return None
        parts = json.loads(found[str(number)]["parts"])
        fields = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in row.fields.items()
        }
        return PublishedDocument(
            row.document_id,
            row.review_id,
            fields,
            self.pages(number),
            tuple(Section(**section) for section in parts["sections"]),
            tuple(Recommendation(**advice) for advice in parts["recommendations"]),
        )

    # ---------------------------------------------------------------- pages

    def expect_pages(self, wanted: Iterable[tuple[int, int]]) -> None:
        """Fetch pages (number of the document, index of the page) that will be asked for."""
        missing = [one for one in dict.fromkeys(wanted) if one not in self._read]
        if len(self._read) + len(missing) > _KEPT:
            self._read.clear()
        ids = [(page_id(n, at), self._documents[n][1]) for n, at in missing if n in self._documents]
        found = self.view.sources(PAGES, ids, "page")
        for n, at in missing:
            page = found.get(page_id(n, at))
            self._read[n, at] = None if page is None else _page(page["page"])

    def page(self, number: int, at: int) -> Page | None:
        """The page at index `at` of a document."""
        self.expect_pages([(number, at)])
        return self._read[number, at]

    def pages(self, number: int) -> tuple[Page, ...]:
        """All pages of a document."""
        row = self.document(number)
        if row is None:
            return ()
        self.expect_pages((number, at) for at in range(len(row.starts)))
        found = (self._read[number, at] for at in range(len(row.starts)))
        return tuple(page for page in found if page is not None)


def _number(item: tuple[str, Any]) -> int:
    return int(item[0])


def stored(number: int, row: str) -> StoredDocument:
    """A document's row as it was kept."""
    return StoredDocument(number, *json.loads(row))


def _page(kept: str) -> Page:
    number, label, text = json.loads(kept)
    return Page(number, text, label)
