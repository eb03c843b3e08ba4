"""A reproducible record of a search, as systematic reviews must report it.

The items follow PRISMA-S (Rethlefsen et al. 2021, an extension to PRISMA for reporting literature searches): database and
platform (1), full strategy as run (8), limits (9), date of the search (13), number of records (14)...
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from repository.home import Home


def entry(
    payload: Mapping[str, Any],
    *,
    filters: Mapping[str, Sequence[str]],
    sort: str,
    exact: bool,
    at: str,
    gaps: Mapping[str, int],
) -> dict[str, Any]:
    """One search as a record: what was asked, how it was understood, of what, when, and what was missing.

    `payload` is the JSON contract of `search`; `gaps` counts registry entries by the result of their last run.
    """
    return {
        "searched_at": at,
        "program": f"casereviews {version('casereviews')}",
        "query": payload["query"],
        "understood": payload["understood"],
        "filters": {name: list(values) for name, values in filters.items()},
        "exact": exact,
        "sort": sort,
        "reviews_found": payload["total"],
        "documents_found": payload["documents"],
        "index": dict(payload["index"]),
        "sources_by_result": dict(gaps),
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
        payload, filters=filters, sort=sort, exact=exact, at=at, gaps=sources_by_result(home)
    )
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(record, ensure_ascii=False) + "\n")


def sources_by_result(home: Home) -> dict[str, int]:
    """How many sources ended their last run how: what a search could not have found."""
    from collections import Counter

    from repository.record import Record

    if not home.record_db.exists():
        return {}
    with Record.open(home) as record:
        return dict(Counter(state.result for state in record.source_states().values()))
