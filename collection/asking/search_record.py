"""A reproducible record of a search, as systematic reviews must report it.

The items follow PRISMA-S (Rethlefsen et al. 2021, an extension to PRISMA for reporting literature searches): database and
platform (1), full strategy as run (8), limits (9), date of the search (13), number of records (14)...
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from casereviews.collection.clock import now
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
        }


def search_record(
    home: Home,
    results: Results,
    filters: Mapping[str, Sequence[str]],
    *,
    sort: str,
    exact: bool,
    all_words: bool = False,
) -> SearchRecord:
    """The record of a search that was made now."""
    kept = {name: tuple(values) for name, values in filters.items()}
    return SearchRecord(results, kept, sort, exact, all_words, now(), collected(home))


def collected(home: Home) -> Collected:
    """What the last runs collected, and what they did not."""
    from casereviews.crawler.sources import sources_of_home
    from casereviews.repository.record import Record

    if not home.record_db.exists():
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
