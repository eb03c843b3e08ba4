"""How every source is doing, what was kept and read, and what to do about what is wrong."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from casereviews.collection.asking.server_health import healths
from casereviews.collection.keepers import standing_index
from casereviews.index.errors import ForeignIndex, IndexDamaged, SearchError
from casereviews.repository.errors import RepositoryError
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
from casereviews.repository.places import Places
from casereviews.repository.published_documents import newest_by_source
from casereviews.repository.reading.covered import covered_pages
from casereviews.repository.record import Record
from casereviews.repository.record.absence import EMPTY, VANISH
from casereviews.repository.record.derived import Derived
from casereviews.repository.record.outcome import SourceState
from casereviews.repository.record.reconcile import PAGE_GONE
from casereviews.repository.record.sightings import READ_IN_FULL
from casereviews.repository.sealed_databases import is_described
from casereviews.repository.servers.store_health import StoreHealth
from casereviews.repository.vocabulary import wrong_themes

_LIST_READ = (*READ_IN_FULL, "empty", "never_yielded")

ADVICE = {
    "ok": "",
    "unchanged": "",
    "empty": "the list is there and empty; nothing to do unless the board publishes elsewhere",
    "list": "not all of the list was read; the next refresh goes on. If it stays so: sources check {id}",
    "pages": "a page that is still linked is gone: look at it; where it was taken down for good, the board may say why",
    "unchecked": "{unchecked} of its documents not checked for absence since {since}",
    "files": "some files could not be had: search '*' --source {id} --availability not_had shows those that never were; the next refresh asks again",
    "files_elsewhere": "files stand on a host that is not allowed: casereviews sources fix {id} adds it",
    "files_nowhere": "the addresses of files name no host that can be on the web (a mistake of the page): ask the board for them, then add them",
    "files_closed": "the host of files asks not to be read (robots, a login, a bot wall, 403): ask the board for them, then add them",
    "never_yielded": "nothing was ever found: sources check {id} says why, sources fix {id} mends what it can",
    "needs_javascript": "the list is filled by JavaScript: add its reports by hand (add FILE --publisher ...)",
    "blocked": "the site asks not to be read (robots or a bot wall; sources check {id} says which): ask the board for its reports, then add them",
    "moved": "the list has moved: sources fix {id} finds its new address",
    "broken": "something was there and is not: sources check {id}",
    "shrunk": "so much is missing at once that nothing of it was counted: sources check {id}; where the list has truly shrunk: refresh --source {id} --accept-shrink",
}


ABSENT = ("missing", "unlisted", "removed")
"""Availabilities of what is no longer on its list; they count what is held, too."""


@dataclass(frozen=True, slots=True)
class SourceStatus(JsonRecord):
    """How a source ended its last run, against its own history, and what to do about it.

    `documents` counts its last list, `usual` is the median of those that earlier nights read, `newest` the date of its newest document.
    `file_troubles` counts the listed files that could not be had: name of the trouble -> host -> number. `unchecked` documents were
    not sighted, and nothing could be said of their absence, without a break since `unchecked_since`.
    """

    source: str
    publisher: str
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
    unchecked: int = 0
    unchecked_since: str | None = None

    @property
    def needs_a_look(self) -> bool:
        """True when there is something to do about it."""
        return bool(self.advice) and self.result != "empty"


@dataclass(frozen=True, slots=True)
class UncheckedSource:
    """A source of whose documents some (`documents`) were not sighted and could not be checked for absence, without a break `since`."""

    source: str
    documents: int
    since: str

    def __str__(self) -> str:
        return (
            f"not checked for absence: {self.documents} of {self.source} since {self.since[:10]}"
            " (`casereviews status` says why)"
        )


@dataclass(frozen=True, slots=True)
class SourceStanding:
    """How many sources were `asked` so far, and how many of them `need_a_look` since their last run."""

    asked: int
    need_a_look: int


@dataclass(frozen=True, slots=True)
class Status:
    """A collection's state. `totals` counts documents by visibility, those that are no longer listed, and all by how their file was read; the
    index (its day, or why there is none), and what is wrong with the home's own themes. `run_goes_on` says that the last run did not end:
    it goes on, or was killed. `damage` names what of the index is damaged, or that it is another home's, with the remedy. `stores` tells of
    the servers of the home, where it has any and they were asked for."""

    home: str
    totals: Mapping[str, int | str]
    sources: tuple[SourceStatus, ...]
    run_goes_on: bool
    damage: str = ""
    stores: tuple[StoreHealth, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The status as the contract of `status --json` has it; `stores` is there when the home is on servers."""
        sources = [source.to_json() for source in self.sources]
        said = {"home": self.home, "totals": dict(self.totals), "sources": sources}
        return said | ({"stores": [one.to_json() for one in self.stores]} if self.stores else {})


def status_of(home: Home, *, failing: bool = False) -> Status:
    """The state of a home with a record; `failing` leaves only sources that need a look."""
    newest = newest_by_source(home)
    with Record.open(home) as record:
        known = record.sources()
        sources = [
            _source(
                state,
                known[state.source_id].publisher if state.source_id in known else "",
                record.yields(state.source_id),
                newest.get(state.source_id),
            )
            for state in record.source_states().values()
        ]
        runs = record.runs(limit=1)
        troubles = troubles_joined(state.file_troubles for state in record.source_states().values())
        documents = record.documents()
        back = sum(one.listed_again is not None for one in record.held())
    index, damage = _index(home)
    return Status(
        str(home.root),
        _totals(home, documents, troubles, back) | index,
        tuple(one for one in sources if one.needs_a_look or not failing),
        bool(runs) and runs[0].status is None,
        damage,
    )


def status_with_servers(
    home: Home, collected: Callable[[], None], *, failing: bool = False
) -> Status:
    """The same with how the servers are. Where one that is needed for the rest cannot be used, its trouble and how the others are is all.

    `collected` raises when there is nothing to tell of.
    """
    stores = healths(home)
    try:
        collected()
        return replace(status_of(home, failing=failing), stores=stores)
    except (RepositoryError, SearchError):
        if all(one.state != "wrong" for one in stores):
            raise
        return Status(str(home.root), {}, (), False, stores=stores)


def _source(
    state: SourceState, publisher: str, yields: Sequence[tuple[str, str, int]], newest: str | None
) -> SourceStatus:
    earlier = [count for _, result, count in yields[1:] if result in _LIST_READ]
    return SourceStatus(
        source=state.source_id,
        publisher=publisher or state.source_id,
        result=state.result,
        documents=state.documents,
        usual=int(statistics.median(earlier)) if earlier else None,
        newest=newest or state.newest,
        last_success=state.last_success,
        failing_since=state.failing_since,
        reason=state.reason,
        advice="; ".join(
            ADVICE.get(one, "").format(
                id=state.source_id,
                unchecked=state.unchecked,
                since=(state.unchecked_since or "")[:10],
            )
            for one in _advised_on(state)
        ),
        left_alone=dict(state.left_alone),
        file_troubles=state.file_troubles,
        unchecked=state.unchecked,
        unchecked_since=state.unchecked_since,
    )


def _advised_on(state: SourceState) -> list[str]:
    """What is to be advised on, one for each reason: the list, a page that is gone, files that could not be had, what was not checked."""
    return [*_reasons(state), *(["unchecked"] if state.unchecked else [])]


def _reasons(state: SourceState) -> list[str]:
    if state.result == "broken" and (VANISH in state.reason or EMPTY in state.reason):
        return ["shrunk"]
    if state.result != "partial":
        return [state.result] if ADVICE.get(state.result) else []
    troubles = dict(state.file_troubles)
    elsewhere = set(troubles.pop(OFF_SITE, {}))
    found = {
        "list": not state.list_read,
        "pages": state.list_read and PAGE_GONE in state.reason,
        "files_elsewhere": any("." in host for host in elsewhere),
        "files_nowhere": any("." not in host for host in elsewhere),
        "files_closed": bool(CLOSED & troubles.keys()),
        "files": bool(troubles.keys() - CLOSED),
    }
    return [name for name, applies in found.items() if applies]


def standing_of(home: Home) -> SourceStanding:
    """The number of sources that `status` lists, and of those that it lists with `failing`: quick, for what says it beside every search."""
    with Record.open(home) as record:
        states = record.source_states().values()
    failing = sum(state.result != "empty" and _is_advised_on(state) for state in states)
    return SourceStanding(len(states), failing)


def _is_advised_on(state: SourceState) -> bool:
    return any(ADVICE.get(one) for one in _advised_on(state))


def unchecked_sources(home: Home) -> tuple[UncheckedSource, ...]:
    """Sources of whose documents some were not checked for absence in their last run."""
    with Record.open(home) as record:
        return tuple(
            UncheckedSource(state.source_id, state.unchecked, state.unchecked_since)
            for state in record.source_states().values()
            if state.unchecked and state.unchecked_since
        )


def _totals(
    home: Home,
    documents: Sequence[Document],
    troubles: Mapping[str, Mapping[str, int]],
    back: int,
) -> dict[str, int | str]:
    totals: dict[str, int | str] = {"documents": len(documents)}
    for states in (
        Counter(one.visibility for one in documents if one.visibility != "shown"),
        Counter(one.availability for one in documents if one.availability in ABSENT),
    ):
        totals |= dict(sorted(states.items()))
    if back:
        totals["held_listed_again"] = f"{back} (`casereviews held` shows them)"
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
    if elsewhere := len(list(Places.of(home).elsewhere(home))):
        totals["elsewhere"] = f"{elsewhere} copies of before (`casereviews doctor` names them)"
    if wrong := wrong_themes(home):
        totals["themes"] = wrong
    return totals


def _index(home: Home) -> tuple[dict[str, int | str], str]:
    """What is said of the index, and its damage ("" when it has none, or when there is no index yet)."""
    try:
        built = standing_index(home)
    except SearchError as error:
        said = str(error)
        return {"index": said}, said if isinstance(error, IndexDamaged | ForeignIndex) else ""
    return {"indexed": built.documents, "index_built": built.built}, ""
