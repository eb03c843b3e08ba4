"""A reproducible record of a search, as systematic reviews must report it.

The items follow PRISMA-S (Rethlefsen et al. 2021, an extension to PRISMA for reporting literature searches): database and
platform (1), full strategy as run (8), limits (9), date of the search (13), number of records (14)... The ids of the reviews found are in it
too, so that a flow diagram can tell what a second search found again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from casereviews.collection.clock import now
from casereviews.collection.errors import RequestError
from casereviews.collection.keeping.prisma import Identified
from casereviews.collection.keeping.saved_searches import GRAMMAR
from casereviews.repository.home import Home

if TYPE_CHECKING:
    from casereviews.index.results import Results

READ_WHOLE = ("ok", "unchanged", "empty")


@dataclass(frozen=True, slots=True)
class CoverageGap:
    """A source that was not read whole in its last run, and when it last was (ISO 8601, UTC)."""

    source: str
    publisher: str
    result: str
    last_success: str | None


@dataclass(frozen=True, slots=True)
class Collected:
    """What was collected, and what a search could not have found.

    `sources_by_result` counts sources by the result of their last run, `sources_never_asked` are the registry's entries that no
    run asked.
    """

    sources_by_result: Mapping[str, int]
    coverage_gaps: tuple[CoverageGap, ...] = ()
    sources_never_asked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """One search: what was asked, how it was understood, of what, when, and what was missing."""

    results: Results
    filters: Mapping[str, tuple[str, ...]]
    sort: str
    exact: bool
    all_words: bool
    searched_at: str
    collected: Collected
    review_ids: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The record as a line of `search --log`."""
        results = self.results
        return {
            "searched_at": self.searched_at,
            "program": f"casereviews {version('casereviews')}",
            "query_language": GRAMMAR,
            "query": results.query,
            "understood": results.understood,
            "filters": {name: list(values) for name, values in self.filters.items()},
            "exact": self.exact,
            "all_words": self.all_words,
            "sort": self.sort,
            "reviews_found": results.total,
            "reviews_with_most": results.most,
            "documents_found": results.documents,
            "reviews_listed": len(results.hits),
            "index": {"built": results.index.built, "documents": results.index.documents},
            **asdict(self.collected),
            "review_ids": list(self.review_ids),
        }


@dataclass(frozen=True, slots=True)
class LoggedSearch:
    """A line (from 1) of a log of searches. `review_ids` are None where a casereviews of before did not write them."""

    line: int
    searched_at: str
    program: str
    query: str
    understood: str
    filters: Mapping[str, tuple[str, ...]]
    exact: bool
    reviews_found: int
    documents_found: int
    index_built: str
    index_documents: int
    not_read_whole: tuple[str, ...]
    review_ids: frozenset[str] | None

    @property
    def limits(self) -> str:
        """The filters as the query language writes them."""
        said = [f"{name}:{value}" for name, values in self.filters.items() for value in values]
        return ", ".join([*said, *(["exact words"] if self.exact else [])])

    def identified(self) -> Identified:
        """The search as the flow diagram counts it."""
        name = ", ".join(filter(None, (self.query, self.limits))) or "everything"
        return Identified(f"search {self.line}: {name}", self.reviews_found, self.review_ids)

    def to_json(self) -> dict[str, Any]:
        """The search as a row of an appendix."""
        said = asdict(self)
        del said["review_ids"]
        filters = {name: list(values) for name, values in self.filters.items()}
        return {**said, "filters": filters, "limits": self.limits}


def logged_searches(lines: Iterable[str], where: str = "the log") -> tuple[LoggedSearch, ...]:
    """The searches of a log (`search --log`), in its order. Raises RequestError naming the line that is none."""
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip("\ufeff \t\r\n"):
            continue
        try:
            found.append(_logged(number, json.loads(line.removeprefix("\ufeff"))))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise RequestError(
                f"{where}: line {number} is no search of `search --log`: take it out or mend it"
            ) from None
    return tuple(found)


def _logged(number: int, said: Mapping[str, Any]) -> LoggedSearch:
    ids = said.get("review_ids")
    return LoggedSearch(
        line=number,
        searched_at=str(said["searched_at"]),
        program=str(said["program"]),
        query=str(said["query"]),
        understood=str(said["understood"]),
        filters={str(k): tuple(map(str, v)) for k, v in said.get("filters", {}).items()},
        exact=bool(said.get("exact")),
        reviews_found=int(said["reviews_found"]),
        documents_found=int(said["documents_found"]),
        index_built=str(said["index"]["built"]),
        index_documents=int(said["index"]["documents"]),
        not_read_whole=tuple(str(one["publisher"]) for one in said.get("coverage_gaps", ())),
        review_ids=None if ids is None else frozenset(map(str, ids)),
    )


def search_record(
    home: Home,
    results: Results,
    filters: Mapping[str, Sequence[str]],
    *,
    sort: str,
    exact: bool,
    all_words: bool = False,
    review_ids: Iterable[str] = (),
) -> SearchRecord:
    """The record of a search that was made now; `review_ids` are those of all that it found."""
    kept = {name: tuple(values) for name, values in filters.items()}
    ids = tuple(sorted(review_ids))
    return SearchRecord(results, kept, sort, exact, all_words, now(), collected(home), ids)


def collected(home: Home) -> Collected:
    """What the last runs collected, and what they did not."""
    from casereviews.crawler.sources import sources_of_home
    from casereviews.repository.record import Record
    from casereviews.repository.sealed_databases import has_record

    if not has_record(home):
        return Collected({})
    with Record.open(home) as record:
        states = record.source_states()
        publishers = {key: info.publisher for key, info in record.sources().items()}
    gaps = tuple(
        CoverageGap(key, publishers.get(key, key), state.result, state.last_success)
        for key, state in sorted(states.items())
        if state.result not in READ_WHOLE
    )
    never = sorted(set(sources_of_home(home)) - set(states))
    counts = dict(Counter(state.result for state in states.values()))
    return Collected(counts, gaps, tuple(never))
