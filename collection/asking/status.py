"""How every source is doing, what was kept and read, and what to do about what is wrong."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casereviews.index.errors import SearchError
from casereviews.index.folder import current
from casereviews.repository.file_trouble import (
    CLOSED,
    OFF_SITE,
    files_not_had,
    troubles_counted,
    troubles_joined,
)
from casereviews.repository.home import Home
from casereviews.repository.json_record import JsonRecord
from casereviews.repository.model import Document
from casereviews.repository.published_documents import newest_by_source
from casereviews.repository.reading.covered import covered_pages
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
from casereviews.repository.record.outcome import SourceState
from casereviews.repository.sealed_databases import is_described
from casereviews.repository.vocabulary import wrong_themes

ADVICE = {
    "ok": "",
    "unchanged": "",
    "empty": "the list is there and empty; nothing to do unless the board publishes elsewhere",
    "files": "some files could not be had: search '*' --source {id} --availability not_had shows those that never were; the next refresh asks again",
    "files_elsewhere": "files stand on a host that is not allowed: casereviews sources fix {id} adds it",
    "files_closed": "the host of files asks not to be read (robots, a login, a bot wall, 403): ask the board for them, then add them",
    "partial": "not all of the list was read; the next refresh goes on. If it stays so: sources check {id}",
    "never_yielded": "nothing was ever found: sources check {id} says why, sources fix {id} mends what it can",
    "needs_javascript": "the list is filled by JavaScript: add its reports by hand (add FILE --publisher ...)",
    "blocked": "the site asks not to be read (robots or a bot wall; sources check {id} says which): ask the board for its reports, then add them",
    "moved": "the list has moved: sources fix {id} finds its new address",
    "broken": "something was there and is not: sources check {id}",
}


ABSENT = ("missing", "unlisted", "removed")
"""Availabilities of what is no longer on its list; they count what is held, too."""


@dataclass(frozen=True, slots=True)
class SourceStatus(JsonRecord):
    """How a source ended its last run, against its own history, and what to do about it.

    `documents` counts its last list, `usual` is the median of its earlier ones, `newest` the date of its newest document.
    `file_troubles` counts the listed files that could not be had: name of the trouble -> host -> number.
    """

    source: str
    result: str
    documents: int
    usual: int | None
    newest: str | None
    last_success: str | None
    failing_since: str | None
    reason: str
    advice: str
    left_alone: Mapping[str, int]
    file_troubles: Mapping[str, Mapping[str, int]]

    @property
    def needs_a_look(self) -> bool:
        """True when there is something to do about it."""
        return bool(self.advice) and self.result != "empty"


@dataclass(frozen=True, slots=True)
class Status:
    """A collection's state. `totals` counts documents by visibility, those that are no longer listed, and all by how their file was read; the
    index (its day, or why there is none), and what is wrong with the home's own themes. `run_goes_on` says that the last run did not end:
    it goes on, or was killed."""

    home: str
    totals: Mapping[str, int | str]
    sources: tuple[SourceStatus, ...]
    run_goes_on: bool

    def to_json(self) -> dict[str, Any]:
        """The status as the contract of `status --json` has it."""
        sources = [source.to_json() for source in self.sources]
        return {"home": self.home, "totals": dict(self.totals), "sources": sources}


def status_of(home: Home, *, failing: bool = False) -> Status:
    """The state of a home with a record; `failing` leaves only sources that need a look."""
    newest = newest_by_source(home)
    with Record.open(home) as record:
        sources = [
            _source(state, record.yields(state.source_id), newest.get(state.source_id))
            for state in record.source_states().values()
        ]
        runs = record.runs(limit=1)
        troubles = troubles_joined(state.file_troubles for state in record.source_states().values())
        documents = record.documents()
    return Status(
        str(home.root),
        _totals(home, documents, troubles),
        tuple(one for one in sources if one.needs_a_look or not failing),
        bool(runs) and runs[0].status is None,
    )


def _source(
    state: SourceState, yields: Sequence[tuple[str, str, int]], newest: str | None
) -> SourceStatus:
    earlier = [count for _, _, count in yields[1:]]
    return SourceStatus(
        source=state.source_id,
        result=state.result,
        documents=state.documents,
        usual=int(statistics.median(earlier)) if earlier else None,
        newest=newest or state.newest,
        last_success=state.last_success,
        failing_since=state.failing_since,
        reason=state.reason,
        advice=ADVICE.get(_advice_on(state), "").format(id=state.source_id),
        left_alone=dict(state.left_alone),
        file_troubles=state.file_troubles,
    )


def _advice_on(state: SourceState) -> str:
    """What is to be advised on: the result, or the files where only they kept the run from being whole."""
    if state.result != "partial" or not state.list_read:
        return state.result
    if OFF_SITE in state.file_troubles:
        return "files_elsewhere"
    return "files_closed" if set(state.file_troubles) <= CLOSED else "files"


def _totals(
    home: Home, documents: Sequence[Document], troubles: Mapping[str, Mapping[str, int]]
) -> dict[str, int | str]:
    totals: dict[str, int | str] = {"documents": len(documents)}
    for states in (
        Counter(one.visibility for one in documents if one.visibility != "shown"),
        Counter(one.availability for one in documents if one.availability in ABSENT),
    ):
        totals |= dict(sorted(states.items()))
    if troubles:
        totals["files_not_had"] = f"{files_not_had(troubles)} ({troubles_counted(troubles)})"
    if is_described(home):
        with Derived.open(home) as derived:
            shown = {one.sha256 for one in documents if one.visibility == "shown"}
            says = {one.sha256 for one in documents}
            readings = [one for one in derived.readings() if one.sha256 in says]
            statuses = Counter(reading.status for reading in readings)
            totals |= {f"read_{status}": count for status, count in sorted(statuses.items())}
            totals["not_described"] = len(derived.failures())
            details = (one.detail for one in readings if one.sha256 in shown)
            if covering := sum(covered_pages(detail) is not None for detail in details):
                files = f"{covering} file{'s'[: covering != 1]}"
                totals["covering_text"] = f"{files} (`casereviews doctor` names them)"
    if wrong := wrong_themes(home):
        totals["themes"] = wrong
    try:
        _, built = current(home.index, home.id)
        totals |= {"indexed": built.documents, "index_built": built.built}
    except SearchError as error:
        totals["index"] = str(error)
    return totals
