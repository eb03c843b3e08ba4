"""A reproducible record of a search, as systematic reviews must report it.

The items follow PRISMA-S (Rethlefsen et al. 2021, an extension to PRISMA for reporting literature searches): database and
platform (1), full strategy as run (8), limits (9), date of the search (13), number of records (14)...
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from casereviews.repository.home import Home
from casereviews.search_cli.saved_searches import GRAMMAR
from casereviews.search_cli.user_files import append_line

READ_WHOLE = ("ok", "unchanged", "empty")


def entry(
    payload: Mapping[str, Any],
    *,
    filters: Mapping[str, Sequence[str]],
    sort: str,
    exact: bool,
    at: str,
    sources: Mapping[str, Any],
) -> dict[str, Any]:
    """One search as a record: what was asked, how it was understood, of what, when, and what was missing.

    `payload` is the JSON contract of `search`; `sources` is `sources_of` a home.
    """
    return {
        "searched_at": at,
        "program": f"casereviews {version('casereviews')}",
        "query_language": GRAMMAR,
        "query": payload["query"],
        "understood": payload["understood"],
        "filters": {name: list(values) for name, values in filters.items()},
        "exact": exact,
        "sort": sort,
        "reviews_found": payload["total"],
        "documents_found": payload["documents"],
        "reviews_listed": len(payload["hits"]),
        "index": dict(payload["index"]),
        **sources,
    }


def append(
    path: Path,
    payload: Mapping[str, Any],
    *,
    filters: Mapping[str, Sequence[str]],
    sort: str,
    exact: bool,
    at: str,
    home: Home,
) -> None:
    """Append the record to a file of JSON lines; the file is made when it is not there."""
    record = entry(
        payload, filters=filters, sort=sort, exact=exact, at=at, sources=sources_of(home)
    )
    append_line(path, json.dumps(record, ensure_ascii=False))


def sources_of(home: Home) -> dict[str, Any]:
    """What was collected, and what a search could not have found.

    `sources_by_result` counts sources by the result of their last run, `coverage_gaps` names those that were not read whole and
    when they last were, `sources_never_asked` are the registry's entries that no run asked.
    """
    from casereviews.crawler.sources import load_sources
    from casereviews.repository.record import Record

    if not home.record_db.exists():
        return {"sources_by_result": {}, "coverage_gaps": [], "sources_never_asked": []}
    with Record.open(home) as record:
        states = record.source_states()
        publishers = {key: info.publisher for key, info in record.sources().items()}
    gaps = [
        {
            "source": key,
            "publisher": publishers.get(key, key),
            "result": state.result,
            "last_success": state.last_success,
        }
        for key, state in sorted(states.items())
        if state.result not in READ_WHOLE
    ]
    return {
        "sources_by_result": dict(Counter(state.result for state in states.values())),
        "coverage_gaps": gaps,
        "sources_never_asked": sorted(set(load_sources(home.sources_toml)) - set(states)),
    }
